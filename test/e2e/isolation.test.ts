import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  getNamedType,
  GraphQLID,
  isInputObjectType,
  isObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
} from "graphql";
import { crmeshSchema } from "../../src/graphql/schema/index.js";
import { Ground, type QueryOptions, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
/** Ids of the end user `ann` of the workspace `home`, in the test environment. */
const own: Record<
  "contact" | "lead" | "meeting" | "owner" | "company" | "endUser" | "event" | "connection" | "cursor" | "eventCursor",
  string
> = {
  contact: "",
  lead: "",
  meeting: "",
  owner: "",
  company: "",
  endUser: "",
  event: "",
  connection: "",
  cursor: "",
  eventCursor: "",
};
const keys: Record<string, string> = {};

beforeAll(async () => {
  ground = await Ground.open();
  // CRMESH_*_BASE_URL sends the live connections of these tests to the sandbox.
  server = await ground.serve({ config: { baseUrls: ground.sandbox.origins } });
  keys["home"] = await ground.key({ workspace: "home" });
  keys["another workspace"] = await ground.key({ workspace: "abroad" });
  keys["another environment"] = await ground.key({ workspace: "home", environment: "live" });
  own.connection = await ground.connect("ann", "hubspot", { workspace: "home", account: "home" });
  await ground.connect("bob", "hubspot", { workspace: "abroad", account: "abroad" });
  await ground.connect("bob", "hubspot", { workspace: "home", environment: "live", account: "live" });

  // The owner calls first, so that caches are filled.
  const ids = await server.data<
    Record<
      string,
      {
        nodes: { id: string; owner: { id: string } | null; company: { id: string } | null }[];
        pageInfo: { endCursor: string };
      }
    >
  >(
    `{
      contacts(first: 1) { nodes { id fullName } pageInfo { endCursor } }
      people: contacts(first: 100) { nodes { owner { id } company { id } } }
      leads(first: 1) { nodes { id } }
      meetings(first: 1) { nodes { id } }
      connectionEvents { nodes { id } pageInfo { endCursor } }
    }`,
    { key: keys["home"], endUserId: "ann", provider: "hubspot" },
  );
  for (const resource of ["contact", "lead", "meeting"] as const) own[resource] = ids[`${resource}s`]!.nodes[0]!.id;
  own.owner = ids["people"]!.nodes.find(({ owner }) => owner)!.owner!.id;
  own.company = ids["people"]!.nodes.find(({ company }) => company)!.company!.id;
  own.event = ids["connectionEvents"]!.nodes[0]!.id;
  own.cursor = ids["contacts"]!.pageInfo.endCursor;
  own.eventCursor = ids["connectionEvents"]!.pageInfo.endCursor;
  const { connection } = await server.data<{ connection: { endUser: { id: string } } }>(
    "query ($id: ID!) { connection(id: $id) { id endUser { id } } }",
    { key: keys["home"], endUserId: "ann", variables: { id: own.connection } },
  );
  own.endUser = connection.endUser.id;
});
afterAll(() => ground.close());

/** An argument that takes an id: `field.argument` or `field.argument.inputField`. */
type Place = string;
type Row = [place: Place, document: string, variables: () => Record<string, unknown>, code: string];

const NONE = () => ({});
const asEndUser = (place: Place, document: string): Row => [place, document, NONE, "END_USER_NOT_FOUND"];
const asId = (place: Place, document: string, name: keyof typeof own, code = "CONNECTION_NOT_FOUND"): Row => [
  place,
  document,
  () => ({ id: own[name] }),
  code,
];

/** Every argument that takes an id: a document, its variables, and the error code for a stranger. */
const PLACES: Row[] = [
  ...(["contact", "lead", "meeting"] as const).flatMap((resource): Row[] => {
    const Type = resource[0]!.toUpperCase() + resource.slice(1);
    const input = resource === "meeting" ? '{ title: "stolen" }' : '{ lastName: "stolen" }';
    const ann = 'provider: "hubspot", endUserId: "ann"';
    return [
      asId(`${resource}.id`, `query ($id: ID!) { ${resource}(id: $id) { id } }`, resource),
      asId("node.id", "query ($id: ID!) { node(id: $id) { id } }", resource),
      asId("nodes.ids", "query ($id: ID!) { nodes(ids: [$id]) { id } }", resource),
      asId(`update${Type}.id`, `mutation ($id: ID!) { update${Type}(id: $id, input: ${input}) { id } }`, resource),
      asId(`delete${Type}.id`, `mutation ($id: ID!) { delete${Type}(id: $id) { id } }`, resource),
      asEndUser(`${resource}.endUserId`, `{ ${resource}(id: "1", ${ann}) { id } }`),
      asEndUser(`${resource}s.endUserId`, `{ ${resource}s(${ann}) { nodes { id } } }`),
      asEndUser(`create${Type}.endUserId`, `mutation { create${Type}(${ann}, input: ${input}) { id } }`),
      asEndUser(`update${Type}.endUserId`, `mutation { update${Type}(id: "1", ${ann}, input: ${input}) { id } }`),
      asEndUser(`delete${Type}.endUserId`, `mutation { delete${Type}(id: "1", ${ann}) { id } }`),
    ];
  }),
  asId("node.id", "query ($id: ID!) { node(id: $id) { id } }", "connection"),
  asId("node.id", "query ($id: ID!) { node(id: $id) { id } }", "event"),
  asId("node.id", "query ($id: ID!) { node(id: $id) { id } }", "endUser", "END_USER_NOT_FOUND"),
  asId("nodes.ids", "query ($id: ID!) { nodes(ids: [$id]) { id } }", "connection"),
  asId("connection.id", "query ($id: ID!) { connection(id: $id) { id } }", "connection"),
  asId("deleteConnection.id", "mutation ($id: ID!) { deleteConnection(id: $id) { id } }", "connection"),
  asId("reconnectConnection.id", "mutation ($id: ID!) { reconnectConnection(id: $id) { url } }", "connection"),
  asId(
    "connectionEvents.connectionId",
    "query ($id: ID!) { connectionEvents(connectionId: $id) { nodes { id } } }",
    "connection",
  ),
  asEndUser("connectionEvents.endUserId", '{ connectionEvents(endUserId: "ann") { nodes { id } } }'),
  asEndUser("endUser.endUserId", '{ endUser(endUserId: "ann") { id email } }'),
  asEndUser("connections.endUserId", '{ connections(endUserId: "ann") { id } }'),
  asEndUser(
    "createConnection.input.endUserId",
    `mutation {
      createConnection(input: { endUserId: "ann", provider: "hubspot", credentials: { accessToken: "pat-sandbox-demo" } }) { id }
    }`,
  ),
  // An owner or a company of somebody else's CRM.
  ...(["contact", "lead", "meeting"] as const).flatMap((resource): Row[] => {
    const Type = resource[0]!.toUpperCase() + resource.slice(1);
    const input = 'provider: "hubspot", input: { ownerId: $id }';
    return [
      asId(
        `${resource}s.filter.ownerId`,
        `query ($id: ID!) { ${resource}s(provider: "hubspot", filter: { ownerId: $id }) { nodes { id } } }`,
        "owner",
        "INVALID_INPUT",
      ),
      asId(
        `create${Type}.input.ownerId`,
        `mutation ($id: ID!) { create${Type}(${input}) { id } }`,
        "owner",
        "INVALID_INPUT",
      ),
      asId(
        `update${Type}.input.ownerId`,
        `mutation ($id: ID!) { update${Type}(id: "1", ${input}) { id } }`,
        "owner",
        "INVALID_INPUT",
      ),
    ];
  }),
  ...["createContact", "updateContact"].map((field) => {
    const record = field.startsWith("update") ? 'id: "1", ' : "";
    return asId(
      `${field}.input.company.id`,
      `mutation ($id: ID!) { ${field}(${record}provider: "hubspot", input: { company: { id: $id } }) { id } }`,
      "company",
      "INVALID_INPUT",
    );
  }),
  // Links from the caller's own record to a record of another connection.
  ...(
    [
      ["createLead", "contactId", "contact"],
      ["updateLead", "contactId", "contact"],
      ["createMeeting", "contactIds", "contact"],
      ["updateMeeting", "contactIds", "contact"],
      ["createMeeting", "leadIds", "lead"],
      ["updateMeeting", "leadIds", "lead"],
    ] as const
  ).map(([field, link, resource]): Row => {
    const record = field.startsWith("update") ? 'id: "1", ' : "";
    const value = link.endsWith("s") ? "[$id]" : "$id";
    return [
      `${field}.input.${link}`,
      `mutation ($id: ID!) { ${field}(${record}provider: "hubspot", input: { ${link}: ${value} }) { id } }`,
      () => ({ id: own[resource] }),
      "INVALID_INPUT",
    ];
  }),
  [
    "contacts.after",
    'query ($after: String) { contacts(provider: "hubspot", after: $after) { nodes { id } } }',
    () => ({ after: own.cursor }),
    "INVALID_INPUT",
  ],
  [
    "connectionEvents.after",
    "query ($after: String) { connectionEvents(after: $after) { nodes { id } } }",
    () => ({ after: own.eventCursor }),
    "INVALID_INPUT",
  ],
];

/** These create the named end user in the caller's own workspace and environment, which another test checks. */
const MAKING = ["createConnectToken.input.endUserId", "upsertEndUser.input.endUserId"];

describe.each(["another workspace", "another environment"])("from %s", (stranger) => {
  test.each(PLACES)("%s: %s", async (_place, document, variables, code) => {
    const { status, body } = await server.query(document, {
      key: keys[stranger]!,
      endUserId: "bob",
      variables: variables(),
    });
    expect(body.errors).toHaveLength(1);
    expect(body.errors![0]!.extensions.code).toBe(code);
    expect(status).toBe(code === "INVALID_INPUT" ? 400 : 404);
    expect(JSON.stringify(body.errors)).not.toContain(own.connection);
  });

  test("nothing was changed", async () => {
    const { connection, contact, connectionEvents } = await server.data<Record<string, unknown>>(
      `query ($connection: ID!, $contact: ID!) {
        connection(id: $connection) { status }
        contact(id: $contact) { lastName }
        connectionEvents(endUserId: "ann") { nodes { type } }
      }`,
      { key: keys["home"], endUserId: "ann", variables: own },
    );
    expect(connection).toEqual({ status: "ACTIVE" });
    expect(contact).not.toEqual({ lastName: "stolen" });
    expect(connectionEvents).toEqual({ nodes: [{ type: "CREATED" }] });
  });

  test.each([
    ["upsertEndUser", 'upsertEndUser(input: { endUserId: "carl", displayName: $name }) { id }'],
    ["createConnectToken", 'createConnectToken(input: { endUserId: "carl", displayName: $name }) { expiresAt }'],
  ])("the same endUserId elsewhere is another end user: %s", async (_field, making) => {
    const key = keys[stranger]!;
    const make = (name: string, by: QueryOptions) =>
      server.data(`mutation ($name: String) { ${making} }`, { ...by, variables: { name } });
    await make("Stranger", { key });
    await make("Own", { key: keys["home"] });
    await make("Stranger", { key });
    const read = async (options: QueryOptions) =>
      (
        await server.data<{ endUser: unknown }>(
          '{ endUser(endUserId: "carl") { displayName connections { id } } }',
          options,
        )
      ).endUser;
    expect(await read({ key })).toEqual({ displayName: "Stranger", connections: [] });
    expect(await read({ key: keys["home"] })).toEqual({ displayName: "Own", connections: [] });
  });
});

test("the table has every argument that takes an id", async () => {
  const schema = await crmeshSchema();
  const fields = [schema.getQueryType()!, schema.getMutationType()!].flatMap((type) => Object.values(type.getFields()));
  const taking = fields.flatMap(({ name, args }) => args.flatMap((arg) => placesOf(`${name}.${arg.name}`, arg.type)));
  const covered = new Set([...PLACES.map(([place]) => place), ...MAKING]);
  expect(taking.filter((place) => !covered.has(place))).toEqual([]);
  expect(taking.length).toBeGreaterThan(30);
  // Below the roots, only the listings of a connection take ids. They are the listings of the roots.
  const below = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !/^(Query|Mutation|__.*)$/.test(type.name))
    .flatMap((type) => Object.values((type as GraphQLObjectType).getFields()))
    .flatMap(({ name, args }) => args.flatMap((arg) => placesOf(`${name}.${arg.name}`, arg.type)));
  expect(below.filter((place) => !covered.has(place))).toEqual([]);
});

/** The ID types inside an argument or an input field. */
function placesOf(place: Place, type: GraphQLInputType): Place[] {
  const named = getNamedType(type);
  if (named === GraphQLID) return [place];
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((field) => placesOf(`${place}.${field.name}`, field.type));
}

describe("live keys", () => {
  const key = () => keys["another environment"]!;

  test("cannot ask for sandbox faults", async () => {
    const { status, body } = await server.query('{ contacts(provider: "hubspot") { nodes { id } } }', {
      key: key(),
      endUserId: "bob",
      headers: { "x-sandbox-fault": "hubspot=PROVIDER_ERROR" },
    });
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      errors: { "X-Sandbox-Fault": expect.any(String) },
    });
  });

  test.each(["hubspot", "hubspot=", "nosuch=TIMEOUT", "hubspot=NOSUCH", "hubspot=TIMEOUT=1", ""])(
    "test keys cannot ask for %j",
    async (fault) => {
      const { body } = await server.query("{ providers { slug } }", { headers: { "x-sandbox-fault": fault } });
      expect(body.errors![0]!.extensions).toMatchObject({
        code: "INVALID_INPUT",
        errors: { "X-Sandbox-Fault": expect.any(String) },
      });
    },
  );

  test("call the origins in CRMESH_*_BASE_URL", async () => {
    for (const slug of ["hubspot", "salesforce", "odoo"]) {
      const { url, ...rest } = ground.sandbox.credentials(slug, "live");
      const names = { hubspot: ["accessToken"], salesforce: ["accessToken"], odoo: ["database", "login", "apiKey"] }[
        slug
      ]!;
      const credentials = {
        ...Object.fromEntries(names.map((name) => [name, rest[name]])),
        ...(slug === "salesforce" ? { instanceUrl: "https://acme.my.salesforce.com" } : {}),
        ...(url === undefined ? {} : { url: "https://acme.odoo.com" }),
      };
      await ground.endUser("dora", { workspace: "home", environment: "live" });
      const { createConnection } = await server.data<{ createConnection: { contacts: { nodes: unknown[] } } }>(
        `mutation ($input: CreateConnectionInput!) {
          createConnection(input: $input) { status contacts(first: 1) { nodes { fullName } } }
        }`,
        { key: key(), variables: { input: { endUserId: "dora", provider: slug, credentials } } },
      );
      expect(createConnection).toMatchObject({ status: "ACTIVE", contacts: { nodes: [{}] } });
    }
  });
});

test("test keys reach no CRM if the sandbox is off", async () => {
  const withoutSandbox = await ground.serve({ config: { sandbox: false, baseUrls: ground.sandbox.origins } });
  const { status, body } = await withoutSandbox.query("{ contacts(first: 1) { nodes { id } } }", {
    provider: "hubspot",
    headers: { "x-crmesh-trace": "calls" },
  });
  expect(status).toBe(503);
  expect(body.errors![0]!.extensions).toMatchObject({ code: "SERVICE_UNAVAILABLE", provider: "hubspot" });
  expect(body.extensions!.calls).toEqual([]);
  const faulted = await withoutSandbox.query("{ providers { slug } }", {
    headers: { "x-sandbox-fault": "hubspot=TIMEOUT" },
  });
  expect(faulted.status).toBe(503);
  expect(faulted.body.errors![0]!.extensions).toMatchObject({ detail: expect.stringContaining("switched off") });
});

describe("hosts that end users type in", () => {
  const connectOdoo = async (through: TestServer, url: string, endUserId = "eve") => {
    await ground.endUser(endUserId, { workspace: "home", environment: "live" });
    return through.query("mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { status } }", {
      key: keys["another environment"]!,
      headers: { "x-crmesh-trace": "calls" },
      variables: {
        input: { endUserId, provider: "odoo", credentials: { ...ground.sandbox.credentials("odoo", "live"), url } },
      },
    });
  };
  const port = () => new URL(ground.sandbox.origins.get("odoo")!).port;

  test.each([
    "http://127.0.0.1:PORT",
    "http://[::1]:PORT",
    "http://[::ffff:127.0.0.1]:PORT",
    "http://169.254.169.254",
    "http://10.0.0.1",
    "http://0.0.0.0:PORT",
    "http://2130706433:PORT",
    "http://localhost:PORT",
  ])("%s is refused", async (template) => {
    const strict = await strictServer();
    const { status, body } = await connectOdoo(strict, template.replace("PORT", port()));
    expect(status).toBe(400);
    expect(body.data?.["createConnection"] ?? null).toBeNull();
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      errors: { "input.credentials.url": expect.stringMatching(/public address/) },
    });
    for (const call of body.extensions!.calls!) expect(call.status).toBeNull();
  });

  test.each(["ftp://acme.example", "acme.example", "https://user:pass@acme.example"])(
    "%s is no address",
    async (url) => {
      const { status, body } = await connectOdoo(await strictServer(), url);
      expect(status).toBe(400);
      expect(body.errors![0]!.extensions).toMatchObject({
        code: "INVALID_INPUT",
        errors: { "input.credentials.url": expect.any(String) },
      });
      expect(body.extensions!.calls).toEqual([]);
    },
  );

  test("private hosts are called if the operator allows them", async () => {
    const lenient = await ground.serve({ config: { allowPrivateHosts: true } });
    const { body } = await connectOdoo(lenient, `http://127.0.0.1:${port()}`);
    expect(body).toMatchObject({ data: { createConnection: { status: "ACTIVE" } } });
  });

  let strict: Promise<TestServer> | undefined;
  function strictServer(): Promise<TestServer> {
    return (strict ??= ground.serve());
  }
});
