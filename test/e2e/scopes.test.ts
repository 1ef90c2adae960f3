import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { getNamedType, isObjectType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from "graphql";
import { crmeshSchema } from "../../src/graphql/schema/index.js";
import { SCOPES, type Scope } from "../../src/connections/access/principal.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
const ids: Record<string, string> = {};
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
  await ground.connect("holder", "hubspot");
  const data = await server.data<{
    connections: { id: string; endUser: { id: string } }[];
    connectionEvents: { nodes: { id: string }[] };
    contacts: { nodes: { id: string }[] };
    leads: { nodes: { id: string }[] };
    meetings: { nodes: { id: string; contacts: { id: string }[] }[] };
  }>(
    `{ connections { id endUser { id } } connectionEvents(first: 1) { nodes { id } } contacts(first: 1) { nodes { id } } leads(first: 1) { nodes { id } }
       meetings(first: 1) { nodes { id contacts { id } } } }`,
    { provider: "hubspot", endUserId: "holder" },
  );
  ids["connection"] = data.connections[0]!.id;
  ids["endUser"] = data.connections[0]!.endUser.id;
  ids["event"] = data.connectionEvents.nodes[0]!.id;
  ids["contact"] = data.contacts.nodes[0]!.id;
  ids["lead"] = data.leads.nodes[0]!.id;
  ids["meeting"] = data.meetings.nodes[0]!.id;
});
afterAll(() => ground.close());

/** The scopes that each field of the schema needs, beyond those that its parent needed. Fields that are not listed need none. */
const NEEDS: Record<string, readonly Scope[]> = {
  "Query.contact": ["contacts:read"],
  "Query.contacts": ["contacts:read"],
  "Query.lead": ["leads:read"],
  "Query.leads": ["leads:read"],
  "Query.meeting": ["meetings:read"],
  "Query.meetings": ["meetings:read"],
  "Query.connection": ["connections:read"],
  "Query.connections": ["connections:read"],
  "Query.connectionEvents": ["connections:read"],
  "Query.endUser": ["endusers:read"],
  "Contact.raw": ["raw:read"],
  "Contact.leads": ["leads:read"],
  "Contact.meetings": ["meetings:read"],
  "Lead.raw": ["raw:read"],
  "Lead.contact": ["contacts:read"],
  "Lead.convertedContact": ["contacts:read"],
  "Meeting.raw": ["raw:read"],
  "Meeting.contacts": ["contacts:read"],
  "Meeting.leads": ["leads:read"],
  "Attendee.contact": ["contacts:read"],
  "Attendee.person": ["contacts:read"],
  "Contact.person": ["contacts:read"],
  "Lead.person": ["contacts:read"],
  "EndUser.people": ["contacts:read"],
  "EndUser.person": ["contacts:read"],
  "Person.leads": ["leads:read"],
  "Person.meetings": ["meetings:read"],
  "Connection.accountName": ["connections:read"],
  "Connection.scopes": ["connections:read"],
  "Connection.lastUsedAt": ["connections:read"],
  "Connection.tokenExpiresAt": ["connections:read"],
  "Connection.health": ["connections:read"],
  "Connection.capabilities": ["connections:read"],
  "Connection.customFieldDefinitions": ["connections:read"],
  "Connection.endUserId": ["connections:read"],
  "Connection.endUser": ["connections:read", "endusers:read"],
  "Connection.contacts": ["connections:read", "contacts:read"],
  "Connection.leads": ["connections:read", "leads:read"],
  "Connection.meetings": ["connections:read", "meetings:read"],
  "EndUser.displayName": ["endusers:read"],
  "EndUser.email": ["endusers:read"],
  "EndUser.createdAt": ["endusers:read"],
  "EndUser.updatedAt": ["endusers:read"],
  "EndUser.connections": ["connections:read"],
  "EndUser.contacts": ["contacts:read"],
  "EndUser.leads": ["leads:read"],
  "EndUser.meetings": ["meetings:read"],
  "Mutation.createContact": ["contacts:write"],
  "Mutation.updateContact": ["contacts:write"],
  "Mutation.deleteContact": ["contacts:write"],
  "Mutation.createLead": ["leads:write"],
  "Mutation.updateLead": ["leads:write"],
  "Mutation.deleteLead": ["leads:write"],
  "Mutation.createMeeting": ["meetings:write"],
  "Mutation.updateMeeting": ["meetings:write"],
  "Mutation.deleteMeeting": ["meetings:write"],
  "Mutation.createConnection": ["connections:write"],
  "Mutation.deleteConnection": ["connections:write"],
  "Mutation.reconnectConnection": ["connections:write"],
  "Mutation.createConnectToken": ["connections:write"],
  "Mutation.upsertEndUser": ["endusers:write"],
};

/** One query for each type that others lead to; each selects all fields of that type. */
const QUERIES: Record<string, string> = {
  contact: "contact(id: $contact)",
  contacts: 'contacts(provider: "hubspot", first: 1)',
  lead: "lead(id: $lead)",
  leads: 'leads(provider: "hubspot", first: 1)',
  meeting: "meeting(id: $meeting)",
  meetings: 'meetings(provider: "hubspot", first: 1)',
  connection: "connection(id: $connection)",
  connections: "connections",
  connectionEvents: "connectionEvents(first: 1)",
  endUser: 'endUser(endUserId: "holder")',
  provider: 'provider(slug: "hubspot")',
  providers: "providers",
  errorCodes: "errorCodes",
};
/** `node` and `nodes` need the scopes of the type that an id leads to. */
const NODES: Record<string, Scope> = {
  contact: "contacts:read",
  lead: "leads:read",
  meeting: "meetings:read",
  connection: "connections:read",
  event: "connections:read",
  endUser: "endusers:read",
};
const MUTATIONS: Record<string, string> = {
  createContact: 'createContact(input: { lastName: "x" }) { id }',
  updateContact: 'updateContact(id: $contact, input: { lastName: "x" }) { id }',
  deleteContact: 'deleteContact(id: "1") { id }',
  createLead: 'createLead(input: { subject: "x", contactId: $contact }) { id }',
  updateLead: 'updateLead(id: $lead, input: { subject: "x" }) { id }',
  deleteLead: 'deleteLead(id: "1") { id }',
  createMeeting: 'createMeeting(input: { startAt: "2026-01-01T00:00:00Z" }) { id }',
  updateMeeting: 'updateMeeting(id: $meeting, input: { title: "x" }) { id }',
  deleteMeeting: 'deleteMeeting(id: "1") { id }',
  createConnection:
    'createConnection(input: { endUserId: "demo", provider: "hubspot", credentials: {} }) { id status createdAt updatedAt provider { slug } }',
  deleteConnection: 'deleteConnection(id: "con_none") { id }',
  reconnectConnection: "reconnectConnection(id: $connection) { url }",
  createConnectToken: 'createConnectToken(input: { endUserId: "demo" }) { token }',
  upsertEndUser: 'upsertEndUser(input: { endUserId: "x" }) { id endUserId }',
};

const withIds = (document: string) => document.replaceAll(/\$(\w+)/g, (_, name: string) => JSON.stringify(ids[name]));

const RECORDS = new Set(["Contact", "Lead", "Meeting"]);
/** Types that have a query of their own: elsewhere it is enough to reach them. */
const MAIN = new Set([...RECORDS, "EndUser", "Provider", "Connection"]);

/** Arguments that fields are given, by their names. */
const ARGUMENTS: Record<string, string> = {
  first: "first: 1",
  email: 'email: "nobody@example.com"',
  resource: "resource: CONTACT",
};

function withArguments({ name, args }: Pick<GraphQLField<unknown, unknown>, "name" | "args">): string {
  const argument = args.map((arg) => ARGUMENTS[arg.name]).find((text) => text !== undefined);
  return argument === undefined ? name : `${name}(${argument})`;
}

/** Selects every field of a type. Of a record's connection all plain fields are selected, since reaching it needs no scope. */
function selectionOf(type: GraphQLObjectType, path: readonly string[], covered: Set<string>): string {
  const fields = Object.values(type.getFields()).map(({ name, type: fieldType, args }) => {
    covered.add(`${type.name}.${name}`);
    const named = getNamedType(fieldType);
    const given = withArguments({ name, args });
    if (!isObjectType(named)) return given;
    const reached = MAIN.has(named.name) && !(named.name === "Connection" && RECORDS.has(type.name));
    if (path.includes(named.name) || reached) return `${given} { __typename }`;
    return `${given} { ${selectionOf(named, [...path, named.name], covered)} }`;
  });
  return fields.join(" ");
}

/** The field of the schema at the path of an error. */
function fieldAt(schema: GraphQLSchema, path: readonly (string | number)[]): string {
  let type = schema.getQueryType()!;
  let field = "";
  for (const name of path) {
    if (typeof name === "number") continue;
    field = `${type.name}.${name}`;
    const named = getNamedType(type.getFields()[name]!.type);
    if (isObjectType(named)) type = named;
  }
  return field;
}

describe("the table of scopes", () => {
  let schema: GraphQLSchema;
  const covered = new Set<string>();
  /** Query → its document, and the fields that it selects. */
  const documents: Record<string, { document: string; fields: Set<string> }> = {};
  const keys = new Map<Scope | null, string>();

  beforeAll(async () => {
    schema = await crmeshSchema();
    for (const [name, query] of Object.entries(QUERIES)) {
      const type = getNamedType(schema.getQueryType()!.getFields()[name]!.type) as GraphQLObjectType;
      const fields = new Set([`Query.${name}`]);
      documents[name] = { document: withIds(`{ ${query} { ${selectionOf(type, [type.name], fields)} } }`), fields };
      for (const field of fields) covered.add(field);
    }
    for (const scope of [null, ...SCOPES]) {
      keys.set(scope, await ground.key({ scopes: SCOPES.filter((other) => other !== scope) }));
    }
  });

  test("has every field of the schema: it is selected by a query, or belongs to a mutation", () => {
    const all = Object.values(schema.getTypeMap())
      .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith("__"))
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
    const ofMutations = all.filter((field) => /^(Mutation|DeletedRecord|ConnectToken)\./.test(field));
    expect(new Set([...covered, ...ofMutations, "Query.node", "Query.nodes"])).toEqual(new Set(all));
    expect(Object.keys(NEEDS).filter((field) => !all.includes(field))).toEqual([]);
    expect(ofMutations.filter((field) => field.startsWith("Mutation.")).sort()).toEqual(
      Object.keys(MUTATIONS)
        .map((name) => `Mutation.${name}`)
        .sort(),
    );
  });

  test.each([null, ...SCOPES])("without %s exactly the fields that need it are FORBIDDEN", async (scope) => {
    for (const [name, { document, fields }] of Object.entries(documents)) {
      const { body } = await server.query(document, { key: keys.get(scope)!, endUserId: "holder" });
      const forbidden = (body.errors ?? []).map(({ path, extensions }) => {
        expect(extensions).toMatchObject({ code: "FORBIDDEN", detail: expect.stringContaining(String(scope)) });
        return fieldAt(schema, path!);
      });
      const needing = [...fields].filter((field) => scope !== null && NEEDS[field]?.includes(scope));
      const root = `Query.${name}`;
      expect([name, new Set(forbidden)]).toEqual([name, new Set(needing.includes(root) ? [root] : needing)]);
    }
  });

  test.each(Object.keys(NODES))("node and nodes need the scope of the %s that the id leads to", async (name) => {
    const scope = NODES[name]!;
    for (const document of ["{ node(id: $ID) { id } }", "{ nodes(ids: [$ID]) { id } }"]) {
      const text = withIds(document.replace("$ID", `$${name}`));
      const { body } = await server.query(text, { key: keys.get(scope)!, endUserId: null });
      expect(body.errors!.map(({ extensions }) => [extensions.code, extensions.detail])).toEqual([
        ["FORBIDDEN", expect.stringContaining(scope)],
      ]);
      const { body: allowed } = await server.query(text, {
        key: await ground.key({ scopes: [scope] }),
        endUserId: null,
      });
      expect(allowed.errors).toBeUndefined();
    }
  });

  test.each(Object.keys(MUTATIONS))("%s needs its scopes, and no other", async (name) => {
    const document = withIds(`mutation { ${MUTATIONS[name]!} }`);
    const options = { provider: "hubspot", endUserId: "holder" };
    const needed = NEEDS[`Mutation.${name}`]!;
    for (const scope of needed) {
      const { body } = await server.query(document, { ...options, key: keys.get(scope)! });
      expect(body.errors!.map(({ extensions }) => [extensions.code, extensions.detail])).toEqual([
        ["FORBIDDEN", expect.stringContaining(scope)],
      ]);
    }
    const { body } = await server.query(document, { ...options, key: await ground.key({ scopes: needed }) });
    expect((body.errors ?? []).map(({ extensions }) => extensions.code)).not.toContain("FORBIDDEN");
  });

  test.each([
    ["upsertEndUser", 'upsertEndUser(input: { endUserId: "unwritten" })', "EndUser"],
    ["createContact", 'createContact(provider: "hubspot", input: { lastName: "Unwritten" })', "Contact"],
    [
      "createConnection",
      'createConnection(input: { endUserId: "unconnected", provider: "hubspot", credentials: { accessToken: "pat-sandbox-demo" } })',
      "Connection",
    ],
  ])("%s writes nothing for a key that must not read what it selects", async (_name, mutation, typeName) => {
    await ground.endUser("unconnected");
    const key = await ground.key({
      scopes: ["endusers:write", "connections:write", "contacts:write"],
    });
    const type = schema.getType(typeName) as GraphQLObjectType;
    const restricted = Object.values(type.getFields()).filter(({ name }) => NEEDS[`${typeName}.${name}`]);
    expect(restricted.length).toBeGreaterThan(2);
    for (const field of restricted) {
      const below = isObjectType(getNamedType(field.type)) ? " { __typename }" : "";
      const { body } = await server.query(
        `mutation { ${mutation} { id ...More } } fragment More on ${typeName} { ${withArguments(field)}${below} }`,
        { key, headers: { "x-crmesh-trace": "calls" } },
      );
      expect(body.extensions!.calls).toEqual([]);
      expect(body.errors!.map(({ extensions }) => [extensions.code, extensions.detail])).toEqual([
        ["FORBIDDEN", expect.stringContaining(NEEDS[`${typeName}.${field.name}`]![0]!)],
      ]);
    }
    const { body: unwritten } = await server.query('{ endUser(endUserId: "unwritten") { id } }', { endUserId: null });
    expect(unwritten.errors![0]!.extensions.code).toBe("END_USER_NOT_FOUND");
    expect(await server.data('{ connections(endUserId: "unconnected") { id } }')).toEqual({ connections: [] });
  });
});

test("raw needs the scope raw:read", async () => {
  const { contact } = await server.data<{ contact: { raw: Record<string, unknown> } }>(
    withIds("{ contact(id: $contact) { fullName raw } }"),
    { endUserId: "holder" },
  );
  expect(JSON.stringify(contact.raw)).toMatch(/firstname/);
});

describe("a key that may only write", () => {
  let key: string;
  beforeAll(async () => {
    key = await ground.key({ scopes: ["contacts:write"] });
  });

  test("gets ids of written records", async () => {
    const { body } = await server.query('mutation { createContact(input: { lastName: "Blind" }) { id nativeId } }', {
      key,
      provider: "hubspot",
    });
    expect(body).toEqual({
      data: { createContact: { id: expect.any(String), nativeId: expect.any(String) } },
      extensions: { http: { status: 201 } },
    });
  });

  test.each([
    'mutation { createContact(input: { lastName: "Peek" }) { id fullName } }',
    'mutation { updateContact(id: $contact, input: { title: "Peek" }) { emails { address } } }',
  ])("cannot read through %s, and nothing is written", async (document) => {
    const { body } = await server.query(withIds(document), {
      key,
      endUserId: "holder",
      provider: "hubspot",
      headers: { "x-crmesh-trace": "calls" },
    });
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "FORBIDDEN",
      detail: expect.stringContaining("contacts:read"),
    });
    expect(body.extensions!.calls).toEqual([]);
  });
});

test("Connect links need only connections:write, although they create the end user", async () => {
  const key = await ground.key({ scopes: ["connections:write"] });
  const { body } = await server.query(
    withIds(`mutation {
      createConnectToken(input: { endUserId: "linked", displayName: "Linda", email: "linda@example.com" }) { token }
      reconnectConnection(id: $connection) { url }
    }`),
    { key, endUserId: "holder" },
  );
  expect(body.errors).toBeUndefined();
  const { endUser } = await server.data<Record<string, unknown>>(
    '{ endUser(endUserId: "linked") { displayName email } }',
  );
  expect(endUser).toEqual({ displayName: "Linda", email: "linda@example.com" });
});

test("fields without a scope are open to every key", async () => {
  const key = await ground.key({ scopes: [] });
  const { body } = await server.query("{ providers { slug configured } errorCodes { code } }", { key });
  expect(body.errors).toBeUndefined();
});
