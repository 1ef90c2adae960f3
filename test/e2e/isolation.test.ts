import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ground, type QueryOptions, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
/** Of the end user `ann` of the workspace `home`, in the test environment. */
const own: Record<"contact" | "lead" | "meeting" | "connection" | "cursor", string> = {
  contact: "",
  lead: "",
  meeting: "",
  connection: "",
  cursor: "",
};
const keys: Record<string, string> = {};

beforeAll(async () => {
  ground = await Ground.open();
  // Live connections of these tests go to the sandbox, as the operator says.
  server = await ground.serve({ config: { baseUrls: ground.sandbox.origins } });
  keys["home"] = await ground.key({ workspace: "home" });
  keys["another workspace"] = await ground.key({ workspace: "abroad" });
  keys["another environment"] = await ground.key({ workspace: "home", environment: "live" });
  own.connection = await ground.connect("ann", "hubspot", { workspace: "home", account: "home" });
  await ground.connect("bob", "hubspot", { workspace: "abroad", account: "abroad" });
  await ground.connect("bob", "hubspot", { workspace: "home", environment: "live", account: "live" });

  // The rightful owner comes first, so that whatever is cached is cached.
  const ids = await server.data<Record<string, { nodes: { id: string }[]; pageInfo: { endCursor: string } }>>(
    `{ contacts(first: 1) { nodes { id fullName } pageInfo { endCursor } } leads(first: 1) { nodes { id } } meetings(first: 1) { nodes { id } } }`,
    { key: keys["home"], endUserId: "ann", provider: "hubspot" },
  );
  for (const resource of ["contact", "lead", "meeting"] as const) own[resource] = ids[`${resource}s`]!.nodes[0]!.id;
  own.cursor = ids["contacts"]!.pageInfo.endCursor;
  await server.data("query ($id: ID!) { connection(id: $id) { id endUser { id } } }", {
    key: keys["home"],
    variables: { id: own.connection },
  });
});
afterAll(() => ground.close());

/** Every field that takes an id: document, variables, and the error it must give to a stranger. */
const FIELDS: [field: string, document: string, variables: () => Record<string, unknown>, code: string][] = [
  ...(["contact", "lead", "meeting"] as const).flatMap((resource): typeof FIELDS => {
    const Type = resource[0]!.toUpperCase() + resource.slice(1);
    const id = () => ({ id: own[resource] });
    const input = resource === "meeting" ? '{ title: "stolen" }' : '{ lastName: "stolen" }';
    return [
      [resource, `query ($id: ID!) { ${resource}(id: $id) { id } }`, id, "CONNECTION_NOT_FOUND"],
      [`node (${resource})`, "query ($id: ID!) { node(id: $id) { id } }", id, "CONNECTION_NOT_FOUND"],
      [`nodes (${resource})`, "query ($id: ID!) { nodes(ids: [$id]) { id } }", id, "CONNECTION_NOT_FOUND"],
      [
        `update${Type}`,
        `mutation ($id: ID!) { update${Type}(id: $id, input: ${input}) { id } }`,
        id,
        "CONNECTION_NOT_FOUND",
      ],
      [`delete${Type}`, `mutation ($id: ID!) { delete${Type}(id: $id) { id } }`, id, "CONNECTION_NOT_FOUND"],
      [
        `${resource}s (end user)`,
        `{ ${resource}s(provider: "hubspot", endUserId: "ann") { nodes { id } } }`,
        () => ({}),
        "END_USER_NOT_FOUND",
      ],
      [
        `create${Type} (end user)`,
        `mutation { create${Type}(provider: "hubspot", endUserId: "ann", input: ${input}) { id } }`,
        () => ({}),
        "END_USER_NOT_FOUND",
      ],
    ];
  }),
  [
    "connection",
    "query ($id: ID!) { connection(id: $id) { id } }",
    () => ({ id: own.connection }),
    "CONNECTION_NOT_FOUND",
  ],
  [
    "node (connection)",
    "query ($id: ID!) { node(id: $id) { id } }",
    () => ({ id: own.connection }),
    "CONNECTION_NOT_FOUND",
  ],
  [
    "deleteConnection",
    "mutation ($id: ID!) { deleteConnection(id: $id) { id } }",
    () => ({ id: own.connection }),
    "CONNECTION_NOT_FOUND",
  ],
  ["endUser", '{ endUser(id: "ann") { id email } }', () => ({}), "END_USER_NOT_FOUND"],
  ["connections", '{ connections(endUserId: "ann") { id } }', () => ({}), "END_USER_NOT_FOUND"],
  [
    "createConnection",
    "mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }",
    () => ({ input: { endUserId: "ann", provider: "hubspot", credentials: { accessToken: "pat-sandbox-demo" } } }),
    "END_USER_NOT_FOUND",
  ],
  [
    "a link of createMeeting",
    'mutation ($id: ID!) { createMeeting(provider: "hubspot", input: { startAt: "2026-01-01T00:00:00Z", contactIds: [$id] }) { id } }',
    () => ({ id: own.contact }),
    "INVALID_INPUT",
  ],
  [
    "a link of createLead",
    'mutation ($id: ID!) { createLead(provider: "hubspot", input: { subject: "x", contactId: $id }) { id } }',
    () => ({ id: own.contact }),
    "INVALID_INPUT",
  ],
  [
    "a cursor",
    'query ($after: String) { contacts(provider: "hubspot", after: $after) { nodes { id } } }',
    () => ({ after: own.cursor }),
    "INVALID_INPUT",
  ],
];

describe.each(["another workspace", "another environment"])("from %s", (stranger) => {
  test.each(FIELDS)("%s", async (_field, document, variables, code) => {
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
    const { connection, contact } = await server.data<Record<string, unknown>>(
      "query ($connection: ID!, $contact: ID!) { connection(id: $connection) { status } contact(id: $contact) { lastName } }",
      { key: keys["home"], variables: own },
    );
    expect(connection).toEqual({ status: "ACTIVE" });
    expect(contact).not.toEqual({ lastName: "stolen" });
  });

  test("an end user of the same id is another one", async () => {
    const key = keys[stranger]!;
    await server.data('mutation { upsertEndUser(input: { id: "carl", displayName: "Stranger" }) { id } }', { key });
    await server.data('mutation { upsertEndUser(input: { id: "carl", displayName: "Own" }) { id } }', {
      key: keys["home"],
    });
    const read = async (options: QueryOptions) =>
      (await server.data<{ endUser: unknown }>('{ endUser(id: "carl") { displayName connections { id } } }', options))
        .endUser;
    expect(await read({ key })).toEqual({ displayName: "Stranger", connections: [] });
    expect(await read({ key: keys["home"] })).toEqual({ displayName: "Own", connections: [] });
  });
});

test("every field and argument that takes an id is in the table", async () => {
  const { __schema: schema } = await server.data<{
    __schema: { types: { name: string; fields: { name: string; args: { name: string }[] }[] | null }[] };
  }>("{ __schema { types { name fields { name args { name } } } } }");
  const roots = schema.types
    .filter(({ name }) => name === "Query" || name === "Mutation")
    .flatMap(({ fields }) => fields!);
  const taking = roots.filter(({ args }) =>
    args.some(({ name }) => /^(id|ids|endUserId)$/.test(name) || name === "input"),
  );
  const covered = FIELDS.map(([field]) => field.split(" ")[0]!);
  // upsertEndUser makes what it names: see the test above.
  expect(taking.map(({ name }) => name).filter((name) => !covered.includes(name))).toEqual(["upsertEndUser"]);
});

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

  test("go where CRMESH_*_BASE_URL says, for all three CRMs", async () => {
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

test("test keys reach nothing where the sandbox is off", async () => {
  const withoutSandbox = await ground.serve({ config: { sandbox: false, baseUrls: ground.sandbox.origins } });
  const { status, body } = await withoutSandbox.query("{ contacts(first: 1) { nodes { id } } }", {
    provider: "hubspot",
    headers: { "x-crmesh-trace": "calls" },
  });
  expect(status).toBe(503);
  expect(body.errors![0]!.extensions).toMatchObject({ code: "SERVICE_UNAVAILABLE", provider: "hubspot" });
  expect(body.extensions!.calls).toEqual([]);
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
      errors: { "input.credentials.url": expect.stringMatching(/not a public one/) },
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

  test("private ones are reached where the operator allows it", async () => {
    const lenient = await ground.serve({ config: { allowPrivateHosts: true } });
    const { body } = await connectOdoo(lenient, `http://127.0.0.1:${port()}`);
    expect(body).toMatchObject({ data: { createConnection: { status: "ACTIVE" } } });
  });

  let strict: Promise<TestServer> | undefined;
  function strictServer(): Promise<TestServer> {
    return (strict ??= ground.serve());
  }
});
