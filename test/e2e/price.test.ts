import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_BOUNDS } from "../../src/graphql/operation/bounds.js";
import type { Provider } from "../../src/providers/contract/contract.js";
import { providers } from "../../src/providers/index.js";
import { ProviderRegistry } from "../../src/providers/registry.js";
import { SCOPES } from "../../src/connections/access/principal.js";
import { DEMO_KEY, Ground, type AnsweredError, type QueryOptions, type TestServer } from "../support/test-server.js";

interface Price {
  calls: number;
  records: number;
  connections: { provider: string; connectionId: string | null; calls: number }[];
}
type Priced = Price & { refused: AnsweredError | null; errors?: AnsweredError[] };

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

/** The answer of `POST /graphql/price`. */
async function priced(document: string, options: QueryOptions = {}, at = server) {
  const { variables, key = DEMO_KEY, endUserId = "demo", headers = {} } = options;
  const answer = await at.fetch("/graphql/price", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(endUserId === null ? {} : { "x-end-user-id": endUserId }),
      ...headers,
    },
    body: JSON.stringify({ query: document, variables }),
  });
  return { ...answer, body: JSON.parse(answer.text) as Priced };
}

/** The answer of an operation with its price and its calls. */
async function shown(document: string, options: QueryOptions = {}, at = server) {
  const headers = { ...options.headers, "x-crmesh-price": "show", "x-crmesh-trace": "calls" };
  const { status, body } = await at.query(document, { ...options, headers });
  const { price, calls = [] } = (body.extensions ?? {}) as { price?: Price; calls?: { attempt: number }[] };
  return { status, ...body, price, calls: calls.filter(({ attempt }) => attempt === 1) };
}

const upstreamCalls = (at: TestServer) => at.logs.filter((line) => line.includes("Upstream call")).length;
const bounded = (calls: number) => ground.serve({ config: { bounds: { ...DEFAULT_BOUNDS, calls } } });

const MEETINGS = `query ($first: Int = 10, $provider: String!) {
  meetings(provider: $provider, first: $first) { nodes { title attendees { contact { fullName } } } }
}`;

describe("the price of an operation", () => {
  test("is shown with the header only, and no operation makes more calls", async () => {
    const { data, price, calls } = await shown(MEETINGS, { variables: { provider: "hubspot" } });
    expect(data).toBeTruthy();
    expect(price!.connections).toEqual([
      { provider: "hubspot", connectionId: expect.stringMatching(/^con_/), calls: price!.calls },
    ]);
    expect(calls.length).toBeGreaterThan(1);
    expect(price!.calls).toBeGreaterThanOrEqual(calls.length);
    const { body } = await server.query(MEETINGS, { variables: { provider: "hubspot" } });
    expect(body.extensions).toBeUndefined();
  });

  test("follows the variables", async () => {
    const callsFor = async (first: number) =>
      (await priced(MEETINGS, { variables: { provider: "hubspot", first } })).body.calls;
    expect(await callsFor(100)).toBeGreaterThan(await callsFor(2));
    expect((await priced(MEETINGS, { variables: { provider: "twenty" } })).body.connections).toMatchObject([
      { provider: "twenty" },
    ]);
  });

  test("is answered as plain JSON, without a call to a CRM or a use of the connection", async () => {
    const endUserId = "priced-only";
    const ids = await ground.connectAll(endUserId);
    const document = `{ connections { id contacts(first: 50) { nodes { fullName } } } }`;
    const before = upstreamCalls(server);
    const { status, headers, body } = await priced(document, { endUserId });
    expect([status, headers.get("content-type"), headers.get("cache-control")]).toEqual([
      200,
      "application/json; charset=utf-8",
      "no-store",
    ]);
    expect(Object.keys(body)).toEqual(["calls", "records", "connections", "refused"]);
    expect(body.refused).toBeNull();
    expect(body.connections.map(({ connectionId }) => connectionId).sort()).toEqual(Object.values(ids).sort());
    expect(body.calls).toBe(body.connections.reduce((sum, { calls }) => sum + calls, 0));
    expect(upstreamCalls(server)).toBe(before);
    const { connections } = await server.data<{ connections: { lastUsedAt: string | null }[] }>(
      "{ connections { lastUsedAt } }",
      { endUserId },
    );
    expect(connections.map(({ lastUsedAt }) => lastUsedAt)).toEqual(connections.map(() => null));
    expect((await shown(document, { endUserId })).price).toEqual({
      calls: body.calls,
      records: body.records,
      connections: expect.arrayContaining(body.connections),
    });
  });

  test("counts what is not there as nothing, and the execution refuses it", async () => {
    for (const [document, code] of [
      ['{ contacts(provider: "hubspot", endUserId: "nobody") { nodes { id } } }', "END_USER_NOT_FOUND"],
      ['{ contacts(provider: "nothing") { nodes { id } } }', "PROVIDER_NOT_FOUND"],
      ["{ contacts { nodes { id } } }", "MISSING_PROVIDER"],
      ['{ connection(id: "con_nothing") { contacts { nodes { id } } } }', "CONNECTION_NOT_FOUND"],
      ['{ node(id: "nonsense") { id } }', "INVALID_INPUT"],
    ] as const) {
      expect((await priced(document)).body).toMatchObject({ calls: 0, connections: [], refused: null });
      expect((await shown(document)).errors!.map(({ extensions }) => extensions.code)).toEqual([code]);
    }
  });

  test("counts records of one connection that are named in several places together", async () => {
    const page = await server.data<{ contacts: { nodes: { id: string; nativeId: string }[] } }>(
      '{ contacts(provider: "hubspot", first: 20) { nodes { id nativeId } } }',
    );
    const fields = page.contacts.nodes
      .map(({ nativeId }, index) => `c${index}: contact(provider: "hubspot", id: "${nativeId}") { title }`)
      .join(" ");
    // One batch, and a search for those that it does not answer, because they may have been merged.
    expect((await priced(`{ ${fields} }`)).body.calls).toBe(2);
    const ids = page.contacts.nodes.map(({ id }) => id);
    const nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contact { title } } }";
    expect((await priced(nodes, { variables: { ids } })).body.calls).toBe(2);
  });

  test("of a mutation counts each of its fields, also equal ones", async () => {
    const create = 'createContact(provider: "hubspot", input: { lastName: "Priced" }) { id fullName }';
    const { body: one } = await priced(`mutation { a: ${create} }`);
    const { body: two } = await priced(`mutation { a: ${create} b: ${create} }`);
    expect(two.calls).toBe(2 * one.calls);
    const { price, calls, errors } = await shown(`mutation { a: ${create} b: ${create} }`);
    expect(errors).toBeUndefined();
    expect(price!.calls).toBe(two.calls);
    expect(calls.length).toBeLessThanOrEqual(two.calls);
  });

  test("of a connection that the operation creates stands under no id", async () => {
    const endUserId = "creating";
    await ground.endUser(endUserId);
    const credentials = ground.sandbox.credentials("close", "demo");
    const document = `mutation ($credentials: JSON!) {
      createConnection(input: { endUserId: "${endUserId}", provider: "close", credentials: $credentials }) {
        contacts(first: 5) { nodes { fullName } }
      }
      createContact(provider: "close", endUserId: "${endUserId}", input: { lastName: "New", emails: [{ address: "new@example.com" }] }) { id }
    }`;
    const names = providers.get("close").credentialFields.map(({ name }) => name);
    const given = Object.fromEntries(
      names.filter((name) => name in credentials).map((name) => [name, credentials[name]]),
    );
    const { data, price, calls } = await shown(document, { variables: { credentials: given }, endUserId });
    expect(data).toMatchObject({ createConnection: { contacts: { nodes: expect.any(Array) } } });
    expect(price!.connections).toMatchObject([{ provider: "close", connectionId: null }]);
    expect(calls.length).toBeLessThanOrEqual(price!.calls);
  });
});

describe("an operation that is too dear", () => {
  test("is refused before its first call, with its price", async () => {
    const cheap = await bounded(1);
    const { status, data, errors, price } = await shown(MEETINGS, { variables: { provider: "hubspot" } }, cheap);
    expect([status, data ?? null, upstreamCalls(cheap)]).toEqual([400, null, 0]);
    expect(errors![0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      errors: {
        query: expect.stringContaining(
          `up to ${price!.calls} upstream calls; at most 1 are allowed (CRMESH_MAX_CALLS)`,
        ),
      },
      bound: { name: "calls", limit: 1, actual: price!.calls, variable: "CRMESH_MAX_CALLS" },
    });
    const { status: ok, body } = await priced(MEETINGS, { variables: { provider: "hubspot" } }, cheap);
    expect([ok, body.calls]).toEqual([200, price!.calls]);
    expect(body.refused!.extensions).toMatchObject({ code: "INVALID_INPUT", bound: { name: "calls" } });
  });

  test("writes nothing if it is a mutation", async () => {
    const cheap = await bounded(1);
    const create = 'createContact(provider: "hubspot", input: { lastName: "TooDear" }) { id }';
    const { data } = await shown(`mutation { a: ${create} b: ${create} }`, {}, cheap);
    expect([data ?? null, upstreamCalls(cheap)]).toEqual([null, 0]);
  });

  test("is refused by the limit of its API key", async () => {
    const { id: workspaceId } = await ground.store.workspaces.ensure("demo");
    const made = { workspaceId, environment: "test", name: "Cheap", scopes: SCOPES } as const;
    const { secret: key } = await ground.store.apiKeys.create({ ...made, maxCalls: 1 });
    const variables = { provider: "hubspot" };
    const { status, errors } = await shown(MEETINGS, { key, variables });
    expect(status).toBe(400);
    expect(errors![0]!.extensions).toMatchObject({
      bound: { name: "calls", limit: 1, variable: "--max-calls of this API key" },
    });
    expect((await priced(MEETINGS, { key, variables })).body.refused).not.toBeNull();
    const one = '{ contacts(provider: "hubspot", first: 1) { nodes { fullName } } }';
    expect((await shown(one, { key })).errors).toBeUndefined();
    // The operator's limit stays the highest.
    const { secret: rich } = await ground.store.apiKeys.create({ ...made, maxCalls: 1_000_000 });
    expect((await shown(MEETINGS, { key: rich, variables }, await bounded(1))).status).toBe(400);
  });
});

describe("an operation is held to its price", () => {
  /** A CRM whose contacts are thought to cost nothing. */
  function underpriced(): ProviderRegistry {
    const { resources, ...hubspot } = providers.get("hubspot");
    const { contact, meeting } = resources;
    const cost = { ...contact!.cost, get: () => ({ calls: 0, assumption: "No contact is linked." }) };
    const changed: Provider = {
      ...hubspot,
      resources: {
        ...resources,
        contact: { ...contact!, cost },
        // A price with nothing to spare.
        meeting: { ...meeting!, cost: { ...meeting!.cost, edges: {} } },
      },
    };
    return new ProviderRegistry(providers.all.map((provider) => (provider.slug === "hubspot" ? changed : provider)));
  }

  test("the call that would exceed it is not made, and only its fields fail", async () => {
    const held = await ground.serve({ providers: underpriced() });
    const { data, errors, price, calls } = await shown(MEETINGS, { variables: { provider: "hubspot" } }, held);
    const { meetings } = data as { meetings: { nodes: { title: string }[] } };
    expect(meetings.nodes.map(({ title }) => typeof title)).toEqual(Array(10).fill("string"));
    expect(calls).toHaveLength(price!.calls);
    expect(errors!.length).toBeGreaterThan(1);
    for (const { path, extensions } of errors!) {
      expect(path).toEqual(["meetings", "nodes", expect.any(Number), "attendees", expect.any(Number), "contact"]);
      expect(extensions).toMatchObject({
        code: "INVALID_INPUT",
        provider: "hubspot",
        errors: { "meetings.attendees": expect.stringContaining("No contact is linked.") },
      });
    }
  });

  test("loads of definitions do not count against it", async () => {
    const held = await ground.serve({ providers: underpriced() });
    const document = '{ contacts(provider: "hubspot", first: 3) { nodes { customFields { key } owner { name } } } }';
    const { errors } = await shown(document, { endUserId: "demo" }, held);
    expect(errors).toBeUndefined();
  });
});

describe("POST /graphql/price", () => {
  test("is under the rate limit of the key, and needs a key", async () => {
    const limited = await ground.serve({ config: { rateLimit: 2 } });
    const first = await priced("{ providers { slug } }", {}, limited);
    expect([first.status, first.headers.get("x-ratelimit-remaining")]).toEqual([200, "1"]);
    expect(first.body).toEqual({ calls: 0, records: 0, connections: [], refused: null });
    await priced("{ providers { slug } }", {}, limited);
    expect((await priced("{ providers { slug } }", {}, limited)).status).toBe(429);
    expect((await priced("{ providers { slug } }", { key: null })).status).toBe(401);
  });

  test("answers the errors of a document as POST /graphql does", async () => {
    for (const [document, code] of [
      ["{", "GRAPHQL_PARSE_FAILED"],
      ["{ nothing }", "GRAPHQL_VALIDATION_FAILED"],
      ["query ($id: ID!) { node(id: $id) { id } }", "MISSING_REQUIRED"],
      ["", "INVALID_INPUT"],
    ] as const) {
      const { status, body } = await priced(document);
      expect([status, body.errors![0]!.extensions.code]).toEqual([400, code]);
      expect(body.errors![0]!.extensions.requestId).toBeDefined();
    }
    const get = await server.fetch("/graphql/price", { headers: { authorization: `Bearer ${DEMO_KEY}` } });
    expect(get.status).toBe(405);
  });

  test("refuses a body that is no request", async () => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${DEMO_KEY}` };
    for (const body of ["[]", '{"query": 1}', '{"query": "{ a }", "variables": []}']) {
      const { status, text } = await server.fetch("/graphql/price", { method: "POST", headers, body });
      expect([status, JSON.parse(text)]).toMatchObject([400, { errors: [{ extensions: { code: "INVALID_INPUT" } }] }]);
    }
  });
});
