import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { GraphQLNonNull, GraphQLID, isObjectType } from "graphql";
import { providers } from "../../src/providers/index.js";
import { crmeshSchema } from "../../src/graphql/schema/index.js";
import { Ground, type TestServer } from "../support/test-server.js";

const SLUGS = providers.all.map(({ slug }) => slug);
/** Two end users whose accounts in a CRM hold records with the same native ids. */
const END_USERS = ["ann", "bob"];

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
  for (const endUser of END_USERS) await ground.connectAll(endUser, { account: endUser });
});
afterAll(() => ground.close());

const OWNER = "owner { __typename id nativeId name }";
const CONNECTION = "connection { __typename id endUserId endUser { __typename id endUserId } }";
const OF_RECORD = `__typename id nativeId providerSlug endUserId ${OWNER} ${CONNECTION}`;
const DOCUMENT = `query ($provider: String!, $endUserId: ID!) {
  contacts(provider: $provider, endUserId: $endUserId, first: 50) {
    nodes { ${OF_RECORD} company { __typename id nativeId name } person { __typename id endUserId } }
  }
  leads(provider: $provider, endUserId: $endUserId, first: 50) { nodes { ${OF_RECORD} } }
  meetings(provider: $provider, endUserId: $endUserId, first: 50) { nodes { ${OF_RECORD} } }
  connectionEvents(endUserId: $endUserId) { nodes { __typename id connectionId } }
}`;

interface Identified {
  __typename: string;
  id: string;
  [field: string]: unknown;
}

/** Every object of an answer that has an id. */
function identified(value: unknown): Identified[] {
  if (Array.isArray(value)) return value.flatMap(identified);
  if (typeof value !== "object" || value === null) return [];
  const below = Object.values(value).flatMap(identified);
  return "id" in value ? [value as Identified, ...below] : below;
}

/** What an object is, beyond its id: objects with the same id must not differ in it. */
function essence({ __typename, nativeId, name, endUserId, providerSlug, connectionId }: Identified): string {
  return JSON.stringify({ __typename, nativeId, name, endUserId, providerSlug, connectionId });
}

test("the type name and the id of an object are its key, over all CRMs and end users", async () => {
  const seen = new Map<string, string>();
  const types = new Set<string>();
  for (const provider of SLUGS) {
    for (const endUserId of END_USERS) {
      const { body } = await server.query(DOCUMENT, { variables: { provider, endUserId } });
      for (const object of identified(body.data)) {
        types.add(object.__typename);
        const key = `${object.__typename} ${object.id}`;
        const known = seen.get(key);
        if (known !== undefined) expect([key, essence(object)]).toEqual([key, known]);
        seen.set(key, essence(object));
      }
    }
  }
  // Native ids and names repeat over the accounts, so that colliding keys would have shown.
  const nativeIds = [...seen.values()].map((text) => (JSON.parse(text) as Identified)["nativeId"]).filter(Boolean);
  expect(new Set(nativeIds).size).toBeLessThan(nativeIds.length);
  const all = Object.values((await crmeshSchema()).getTypeMap()).filter(
    (type) => isObjectType(type) && "id" in type.getFields() && type.name !== "DeletedRecord",
  );
  expect([...types].sort()).toEqual(all.map(({ name }) => name).sort());
});

test("every `id` of the schema is an ID and never null", async () => {
  for (const type of Object.values((await crmeshSchema()).getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    const { id } = type.getFields();
    if (id) expect([type.name, id.type]).toEqual([type.name, new GraphQLNonNull(GraphQLID)]);
  }
});

describe.each(SLUGS)("%s", (provider) => {
  const target = { provider, endUserId: "ann" };

  test("owners and companies are named in filters and inputs by either id", async () => {
    const { contacts } = await server.data<{
      contacts: {
        nodes: {
          owner: { id: string; nativeId: string } | null;
          company: { id: string; nativeId: string | null; name: string | null } | null;
        }[];
      };
    }>("{ contacts(first: 100) { nodes { owner { id nativeId } company { id nativeId name } } } }", target);
    const owner = contacts.nodes.find((contact) => contact.owner)?.owner;
    const company = contacts.nodes.find((contact) => contact.company)?.company;
    const { filters, writableInputs } = await capability(provider);
    if (owner && filters.includes("ownerId")) {
      const [byGlobalId, byNativeId] = await Promise.all(
        [owner.id, owner.nativeId].map((ownerId) =>
          server.data<{ contacts: { nodes: { id: string }[] } }>(
            "query ($ownerId: ID!) { contacts(first: 100, filter: { ownerId: $ownerId }) { nodes { id } } }",
            { ...target, variables: { ownerId } },
          ),
        ),
      );
      expect(byGlobalId).toEqual(byNativeId);
      expect(byGlobalId!.contacts.nodes).not.toEqual([]);
    }
    // HubSpot reads the company that is associated with a contact, and writes the contact's own text.
    const takesCompanyId = writableInputs.includes("company") && provider !== "hubspot";
    const input = {
      firstName: "Ida",
      lastName: "Global",
      emails: [{ address: `ida@${provider}.example` }],
      ...(owner && writableInputs.includes("ownerId") ? { ownerId: owner.id } : {}),
      ...(company && takesCompanyId ? { company: { id: company.id } } : {}),
    };
    const { createContact: made } = await server.data<{ createContact: Record<string, unknown> }>(
      "mutation ($input: ContactInput!) { createContact(input: $input) { owner { id } company { id } } }",
      { ...target, variables: { input } },
    );
    if ("ownerId" in input) expect(made["owner"]).toEqual({ id: owner!.id });
    if ("company" in input) expect(made["company"]).toEqual({ id: company!.id });
  });

  test("a record's provider and end user are fields of it that cost no call", async () => {
    const { data, calls } = await server.traced<{ node: Record<string, unknown> }>(
      "query ($id: ID!) { node(id: $id) { ... on Contact { providerSlug endUserId } } }",
      { variables: { id: await contactId(target) }, endUserId: null },
    );
    expect(data.node).toEqual({ providerSlug: provider, endUserId: "ann" });
    expect(calls).toHaveLength(1);
  });
});

async function contactId(target: { provider: string; endUserId: string }): Promise<string> {
  const { contacts } = await server.data<{ contacts: { nodes: { id: string }[] } }>(
    "{ contacts(first: 1) { nodes { id } } }",
    target,
  );
  return contacts.nodes[0]!.id;
}

async function capability(slug: string): Promise<{ filters: string[]; writableInputs: string[] }> {
  const { provider } = await server.data<{
    provider: { capabilities: { resource: string; filters: string[]; writableInputs: string[] }[] };
  }>("query ($slug: String!) { provider(slug: $slug) { capabilities { resource filters writableInputs } } }", {
    variables: { slug },
  });
  return provider.capabilities.find(({ resource }) => resource === "CONTACT")!;
}

describe("an id of another end user", () => {
  const asBob = { endUserId: "bob" };

  test.each([
    ["contact", "CONTACT_NOT_FOUND"],
    ["lead", "LEAD_NOT_FOUND"],
    ["meeting", "MEETING_NOT_FOUND"],
  ])("is %s’s own NOT_FOUND, in reads and writes, by argument or header", async (resource, code) => {
    const page = await server.data<Record<string, { nodes: { id: string }[] }>>(
      `{ page: ${resource}s(first: 1) { nodes { id } } }`,
      { provider: "hubspot", endUserId: "ann" },
    );
    const variables = { id: page["page"]!.nodes[0]!.id };
    const Type = resource[0]!.toUpperCase() + resource.slice(1);
    for (const document of [
      `query ($id: ID!) { ${resource}(id: $id) { id } }`,
      "query ($id: ID!) { node(id: $id) { id } }",
      `mutation ($id: ID!) { update${Type}(id: $id, input: { ownerId: null }) { id } }`,
      `mutation ($id: ID!) { delete${Type}(id: $id) { id } }`,
    ]) {
      const { body } = await server.query(document, { ...asBob, variables });
      expect(body.errors!.map(({ extensions }) => extensions.code)).toEqual([code]);
    }
    const byArgument = `query ($id: ID!) { ${resource}(id: $id, endUserId: "bob") { id } }`;
    const { body } = await server.query(byArgument, { endUserId: "ann", variables });
    expect(body.errors!.map(({ extensions }) => extensions.code)).toEqual([code]);
  });

  test("is CONNECTION_NOT_FOUND for connections and their events, END_USER_NOT_FOUND for end users", async () => {
    const { connections, connectionEvents } = await server.data<{
      connections: { id: string; endUser: { id: string } }[];
      connectionEvents: { nodes: { id: string }[] };
    }>("{ connections { id endUser { id } } connectionEvents(first: 1) { nodes { id } } }", { endUserId: "ann" });
    const connection = connections[0]!;
    const expectations: [string, string, string][] = [
      ["query ($id: ID!) { node(id: $id) { id } }", connection.id, "CONNECTION_NOT_FOUND"],
      ["query ($id: ID!) { connection(id: $id) { id } }", connection.id, "CONNECTION_NOT_FOUND"],
      ["mutation ($id: ID!) { deleteConnection(id: $id) { id } }", connection.id, "CONNECTION_NOT_FOUND"],
      ["mutation ($id: ID!) { reconnectConnection(id: $id) { expiresAt } }", connection.id, "CONNECTION_NOT_FOUND"],
      ["query ($id: ID!) { node(id: $id) { id } }", connectionEvents.nodes[0]!.id, "CONNECTION_NOT_FOUND"],
      ["query ($id: ID!) { node(id: $id) { id } }", connection.endUser.id, "END_USER_NOT_FOUND"],
    ];
    for (const [document, id, code] of expectations) {
      const { body } = await server.query(document, { ...asBob, variables: { id } });
      expect([document, body.errors?.map(({ extensions }) => extensions.code)]).toEqual([document, [code]]);
    }
    const { nodes } = await server.data<{ nodes: Identified[] }>(
      "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }",
      {
        endUserId: "ann",
        variables: { ids: [connection.id, connectionEvents.nodes[0]!.id, connection.endUser.id] },
      },
    );
    expect(nodes.map(({ __typename }) => __typename)).toEqual(["Connection", "ConnectionEvent", "EndUser"]);
  });
});

test("owners and companies are no nodes: the error says how to read them", async () => {
  const { contacts } = await server.data<{
    contacts: { nodes: { owner: { id: string } | null; company: { id: string } | null }[] };
  }>("{ contacts(first: 100) { nodes { owner { id } company { id } } } }", { provider: "hubspot" });
  const owner = contacts.nodes.find((contact) => contact.owner)!.owner!;
  const company = contacts.nodes.find((contact) => contact.company)!.company!;
  for (const { id } of [owner, company]) {
    const { status, body } = await server.query("query ($id: ID!) { node(id: $id) { id } }", { variables: { id } });
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      errors: { id: expect.stringContaining("with a record") },
    });
  }
});
