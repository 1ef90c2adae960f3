import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_BOUNDS } from "../../src/graphql/operation/bounds.js";
import { Ground, type Answer, type QueryOptions, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve({ config: { introspection: false } });
  await ground.connectAll("ann", { account: "ann" });
});
afterAll(() => ground.close());

const NAMES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename ... on Contact { nativeId } ... on EndUser { endUserId } ... on Provider { slug }
} }`;

interface Entities {
  _entities: (Record<string, unknown> | null)[];
}

function ask<Data = Entities>(document: string, options: QueryOptions = {}): Promise<Answer<Data>> {
  return server.query<Data>(document, { path: "/subgraph", endUserId: null, ...options });
}

const entities = (representations: unknown, options: QueryOptions = {}) =>
  ask(NAMES, { ...options, variables: { representations } });

describe("hostile representations", () => {
  const slug = { __typename: "Provider", slug: "zoho" };
  const contact = { __typename: "Contact", endUserId: "ann", providerSlug: "hubspot" };
  const nested = (depth: number): unknown => Array.from({ length: depth }).reduce((inner) => ({ inner }), {});

  test.each([
    ["a number", 7],
    ["a list", [slug]],
    ["an empty object", {}],
    ["the name of a prototype's member", { __typename: "constructor", id: "x" }],
    ["the name of the prototype", { __typename: "__proto__", id: "x" }],
    ["the type of the service", { __typename: "_Service", id: "x" }],
    ["the union", { __typename: "_Entity", id: "x" }],
    ["the type of a record's page", { __typename: "ContactConnection", id: "x" }],
    ["the root type", { __typename: "Query", id: "x" }],
    ["a list of type names", { __typename: ["Contact"], id: "x" }],
    ["an object for an id", { __typename: "Contact", id: { toString: "x" } }],
    ["a list of ids", { __typename: "Contact", id: ["x"] }],
    ["a number that is no integer", { __typename: "EndUser", endUserId: 1.5 }],
    ["a number beyond a double", { __typename: "EndUser", endUserId: 1e300 }],
    ["true for an id", { __typename: "EndUser", endUserId: true }],
    ["the id of another kind of record", { __typename: "Contact", id: "con_1" }],
    ["an id of 100,000 characters", { __typename: "Contact", id: "x".repeat(100_000) }],
    ["control characters", { __typename: "EndUser", endUserId: "\u0000\u202e\u0007" }],
  ])("%s: an error with a code, and the others are answered", async (_name, representation) => {
    const { status, body, text } = await entities([representation, slug]);
    expect(status).toBe(200);
    expect(body.data!._entities[1]).toEqual(slug);
    for (const { extensions } of body.errors ?? []) expect(extensions.code).not.toBe("INTERNAL_ERROR");
    if (body.errors === undefined) expect(body.data!._entities[0]).toMatchObject({ __typename: "EndUser" });
    expect(text.length).toBeLessThan(10_000);
  });

  test.each([
    ["null, which the list must not have", null],
    ["text that is no Unicode", { __typename: "EndUser", endUserId: "\ud800" }],
  ])("%s: the operation is refused, as at /graphql", async (_name, representation) => {
    const { status, body } = await entities([representation, slug]);
    expect([status, body.data ?? null]).toEqual([200, null]);
    expect(body.errors).toMatchObject([
      { extensions: { code: expect.stringMatching(/^(INVALID_INPUT|MISSING_REQUIRED)$/), status: 400 } },
    ]);
  });

  test.each([
    ["a native id", { ...contact, nativeId: "x".repeat(50_000) }],
    ["an end user", { __typename: "EndUser", endUserId: "x".repeat(50_000) }],
    ["a provider", { __typename: "Provider", slug: "x".repeat(50_000) }],
  ])("%s of 50,000 characters makes no long error", async (_name, representation) => {
    const { body } = await entities([representation, slug]);
    expect(body.data!._entities[1]).toEqual(slug);
    expect(JSON.stringify(body.errors ?? []).length).toBeLessThan(5_000);
  });

  test("fields that are no key are ignored, however deep they are", async () => {
    const { body } = await entities([{ ...slug, other: nested(3_000), __proto__: { id: "x" }, slugs: ["x"] }]);
    expect(body).toEqual({ data: { _entities: [slug] } });
  });

  test("of another workspace find nothing, with the codes of /graphql", async () => {
    const { body: listed } = await ask<{ contacts: { nodes: { id: string }[] } }>(
      '{ contacts(first: 2, provider: "hubspot", endUserId: "ann") { nodes { id } } }',
    );
    const ids = listed.data!.contacts.nodes.map(({ id }) => id);
    const key = await ground.key({ workspace: "other" });
    const { body } = await entities([...ids.map((id) => ({ __typename: "Contact", id })), slug], { key });
    expect(body.data!._entities).toEqual([null, null, slug]);
    const direct = await server.query("query ($id: ID!) { contact(id: $id) { nativeId } }", {
      variables: { id: ids[0] },
      endUserId: null,
      key,
    });
    const { code } = direct.body.errors![0]!.extensions;
    expect(code).toMatch(/_NOT_FOUND$/);
    expect(body.errors!.map(({ extensions }) => extensions.code)).toEqual([code, code]);
  });
});

describe("limits are those of /graphql", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ __typename: "Contact", id: `x${index}` }));

  test("the records of an operation", async () => {
    const { status, body } = await entities(many(3_001));
    expect(status).toBe(200);
    expect(body.data ?? null).toBeNull();
    expect(body.errors).toMatchObject([
      { extensions: { code: "INVALID_INPUT", status: 400, bound: { name: "records", limit: 3_000, actual: 3_001 } } },
    ]);
    const direct = await server.query("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {
      variables: { ids: many(3_001).map(({ id }) => id) },
      endUserId: null,
    });
    expect(direct.body.errors).toMatchObject([{ extensions: { bound: { name: "records", actual: 3_001 } } }]);
  });

  test("10,000 representations are refused before any of them is read", async () => {
    const { body } = await entities(many(10_000), { headers: { "x-crmesh-trace": "calls" } });
    expect(body.data ?? null).toBeNull();
    expect(body.errors).toMatchObject([{ extensions: { code: "INVALID_INPUT", bound: { name: expect.any(String) } } }]);
    expect(body.extensions?.calls ?? []).toEqual([]);
  });

  test("the records of all aliases of _entities together", async () => {
    const fields = Array.from(
      { length: 4 },
      (_, index) => `e${index}: _entities(representations: $r${index}) { __typename }`,
    );
    const variables = Object.fromEntries(fields.map((_, index) => [`r${index}`, many(800)]));
    const document = `query (${Object.keys(variables)
      .map((name) => `$${name}: [_Any!]!`)
      .join(", ")}) { ${fields.join(" ")} }`;
    const { body } = await ask(document, { variables });
    expect(body.errors).toMatchObject([{ extensions: { bound: { name: "records", limit: 3_000, actual: 3_200 } } }]);
  });

  test("the size of the response, also of the SDL under many aliases", async () => {
    const fields = Array.from({ length: 250 }, (_, index) => `s${index}: _service { sdl }`);
    const { status, body, text } = await ask(`{ ${fields.join(" ")} }`);
    expect([status, body.data ?? null]).toEqual([200, null]);
    expect(body.errors).toMatchObject([
      { extensions: { code: "INVALID_INPUT", bound: { name: "answerBytes", limit: 10_000_000 } } },
    ]);
    expect(text.length).toBeLessThan(10_000);
  });

  test("the size of the response, also of names of types under many aliases", async () => {
    const names = Array.from({ length: 280 }, (_, index) => `aliasOfTypename${index}: __typename`).join(" ");
    const { body, text } = await ask(`query ($r: [_Any!]!) { _entities(representations: $r) { ${names} } }`, {
      variables: { r: Array.from({ length: 2_000 }, () => ({ __typename: "Provider", slug: "zoho" })) },
    });
    expect(body.errors).toMatchObject([
      { extensions: { code: "INVALID_INPUT", bound: { name: expect.stringMatching(/^(fields|answerBytes)$/) } } },
    ]);
    expect(text.length).toBeLessThan(10_000);
  });

  test("representations in the document count as those in variables do", async () => {
    const written = many(3_001).map(({ id }) => `{__typename: "Contact", id: "${id}"}`);
    const { body } = await ask(`{ _entities(representations: [${written.join(" ")}]) { __typename } }`);
    expect(body.errors).toMatchObject([
      { extensions: { code: expect.stringMatching(/INVALID_INPUT|GRAPHQL_PARSE_FAILED/) } },
    ]);
    expect(body.data ?? null).toBeNull();
  });

  test("values that are nested deeper than the bound of input values", async () => {
    const deep = `${'{"inner":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    const payload = `{"query":${JSON.stringify(NAMES)},"variables":{"representations":[{"__typename":"Provider","slug":"zoho","other":${deep}}]}}`;
    const { status, text } = await server.fetch("/subgraph", {
      method: "POST",
      headers: { authorization: "Bearer sk_test_demo", "content-type": "application/json" },
      body: payload,
    });
    const body = JSON.parse(text) as Answer<Entities>["body"];
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([200, "INVALID_INPUT"]);
  });
});

describe("requests are treated as at /graphql", () => {
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    server.fetch(path, {
      method: "POST",
      headers: { authorization: "Bearer sk_test_demo", "content-type": "application/json", ...headers },
      body,
    });
  const contacts = (after: string) =>
    `{ contacts(first: 2, provider: "hubspot", endUserId: "ann"${after}) { nodes { id } pageInfo { endCursor } } }`;

  test.each([
    ["a batch of operations", JSON.stringify([{ query: "{ __typename }" }, { query: "{ __typename }" }])],
    ["an empty batch", "[]"],
    ["no operation", "{}"],
    ["a text", '"{ __typename }"'],
    ["null", "null"],
    ["two fields of one name", '{"query":"{ __typename }","query":7}'],
    ["an unknown persisted query", '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}'],
  ])("%s has the code and the status of /graphql", async (_name, body) => {
    const [own, direct] = [await post("/subgraph", body), await post("/graphql", body)];
    const [error, expected] = [own, direct].map(
      ({ text }) => (JSON.parse(text) as Answer<object>["body"]).errors![0]!.extensions,
    );
    expect(error!.code).toBe(expected!.code);
    expect(error).not.toHaveProperty("http");
    expect(own.status === 200 ? error!.status : own.status).toBe(direct.status);
  });

  test("GET has no operation, also with the query in the URL", async () => {
    const query = encodeURIComponent("{ _service { sdl } }");
    const { status, text } = await server.fetch(`/subgraph?query=${query}`, {
      headers: { authorization: "Bearer sk_test_demo", "apollo-require-preflight": "true" },
    });
    expect(status).toBe(405);
    expect(text).not.toContain("sdl");
  });

  test("a request without a key from another site is refused before its operation", async () => {
    const { status, text } = await server.fetch("/subgraph", {
      method: "POST",
      headers: { "content-type": "text/plain", origin: "https://other.example" },
      body: JSON.stringify({ query: "{ _service { sdl } }" }),
    });
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: "INVALID_API_KEY" } }] });
    expect([status, text.includes("@link")]).toEqual([200, false]);
  });

  test("a cursor of one endpoint continues the list at the other", async () => {
    type Page = { contacts: { nodes: { id: string }[]; pageInfo: { endCursor: string } } };
    const first = (await ask<Page>(contacts(""))).body.data!.contacts;
    const after = `, after: "${first.pageInfo.endCursor}"`;
    const next = (await server.query<Page>(contacts(after), { endUserId: null })).body.data!.contacts;
    const same = (await ask<Page>(contacts(after))).body.data!.contacts;
    expect(next.nodes).toEqual(same.nodes);
    expect(next.nodes).not.toEqual(first.nodes);
  });

  test("answers are compressed if the gateway accepts it", async () => {
    const body = JSON.stringify({ query: "{ _service { sdl } }" });
    const { headers } = await post("/subgraph", body, { "accept-encoding": "gzip" });
    expect(headers.get("content-encoding")).toBe("gzip");
  });

  test("the price is shown, and limits the operation", async () => {
    const shown = await ask<object>(contacts(""), { headers: { "x-crmesh-price": "show" } });
    expect(shown.body.extensions).toMatchObject({ price: { calls: 1, records: 2 } });
    const limited = await ground.serve({ config: { bounds: { ...DEFAULT_BOUNDS, calls: 1 } } });
    const two = `{ ${["hubspot", "odoo"].map((slug) => `${slug}: contacts(first: 2, provider: "${slug}", endUserId: "ann") { nodes { id } }`).join(" ")} }`;
    const { body } = await limited.query(two, { path: "/subgraph", endUserId: null });
    expect(body.errors).toMatchObject([{ extensions: { bound: { name: "calls", limit: 1, actual: 2 } } }]);
  });

  test("RATE_LIMITED has the status 200 and the time to wait", async () => {
    const strict = await ground.serve({ config: { rateLimit: 1 } });
    const ask = () => strict.query("{ __typename }", { path: "/subgraph", endUserId: null });
    await ask();
    const { status, body, headers } = await ask();
    expect([status, headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
    expect(body.errors).toMatchObject([
      { extensions: { code: "RATE_LIMITED", status: 429, retryAfter: expect.any(Number) } },
    ]);
  });
});
