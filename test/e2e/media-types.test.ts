import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_BOUNDS } from "../../src/graphql/operation/bounds.js";
import { RawConnections } from "../support/raw-connection.js";
import { DEMO_KEY, Ground, type Answer, type TestServer } from "../support/test-server.js";

const JSON_TYPE = "application/json; charset=utf-8";
const GRAPHQL_RESPONSE = "application/graphql-response+json; charset=utf-8";
const ACCEPTS: [accept: string, type: string][] = [
  ["*/*", JSON_TYPE],
  ["application/json", JSON_TYPE],
  ["application/graphql-response+json", GRAPHQL_RESPONSE],
  ["application/graphql-response+json, application/json;q=0.9", GRAPHQL_RESPONSE],
];
const NOT_PERSISTED = JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } });
const ACCEPT_NEW = { accept: "application/graphql-response+json" };

const connections = new RawConnections();
let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve({ config: { maxBodyBytes: 10_000 } });
});
afterAll(async () => {
  connections.end();
  await ground.close();
});

describe.each(ACCEPTS)("Accept: %s", (accept, type) => {
  const send = (init: RequestInit & { path?: string } = {}) =>
    server.fetch(init.path ?? "/graphql", {
      method: "POST",
      body: '{"query":"{ __typename }"}',
      ...init,
      headers: { accept, "content-type": "application/json", authorization: `Bearer ${DEMO_KEY}`, ...init.headers },
    });

  test.each<[name: string, status: number, init: RequestInit & { path?: string }]>([
    ["an answer", 200, {}],
    ["a wrong key", 401, { headers: { authorization: "Bearer sk_test_unknown" } }],
    ["an unknown path", 404, { path: "/nosuch" }],
    ["another method", 405, { method: "DELETE" }],
    ["a body that is too large", 413, { body: "x".repeat(20_000) }],
    ["a body of another type", 415, { headers: { "content-type": "text/plain" } }],
    ["a body that is not JSON", 400, { body: "{" }],
    ["a request without a query", 400, { body: "{}" }],
    ["a document that cannot be parsed", 400, { body: '{"query":"{"}' }],
    ["a document that is not valid", 400, { body: '{"query":"{ nosuch }"}' }],
    ["a URL that cannot be read", 400, { path: "/%E0%A4%A" }],
    ["a persisted query that is not there", 400, { body: NOT_PERSISTED }],
  ])("%s", async (_name, status, init) => {
    const answer = await send(init);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, type]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("bytes that are not HTTP after the headers of a request", async () => {
    const connection = await connections.open(server.crmesh.origin);
    const head = [`accept: ${accept}`, `authorization: Bearer ${DEMO_KEY}`, "content-type: application/json"];
    connection.send("POST /graphql HTTP/1.1", "host: x", ...head, "transfer-encoding: chunked", "", "no chunk", "");
    const answer = await connection.answer();
    expect(answer).toMatchObject({
      status: 400,
      headers: { "content-type": type, "cache-control": "no-store", "x-content-type-options": "nosniff" },
    });
  });
});

test("without Accept the answer is JSON", async () => {
  const connection = await connections.open(server.crmesh.origin);
  const body = '{"query":"{ __typename }"}';
  const head = [
    `authorization: Bearer ${DEMO_KEY}`,
    "content-type: application/json",
    `content-length: ${body.length}`,
  ];
  connection.send("POST /graphql HTTP/1.1", "host: x", ...head, "", body);
  expect((await connection.answer()).headers["content-type"]).toBe(JSON_TYPE);
});

describe("the status under application/graphql-response+json", () => {
  const ask = (document: string, headers: Record<string, string> = {}): Promise<Answer<Record<string, unknown>>> =>
    server.query(document, { provider: "hubspot", headers: { ...ACCEPT_NEW, ...headers } });
  const LIMITED = { "x-sandbox-fault": "hubspot=PROVIDER_RATE_LIMITED" };

  test("is 200 when every field failed, because execution began (EE52)", async () => {
    const { status, headers, body } = await ask("{ contacts { nodes { fullName } } }", LIMITED);
    expect(status).toBe(200);
    expect(body.data).toEqual({ contacts: null });
    expect(body.errors).toMatchObject([{ extensions: { code: "PROVIDER_RATE_LIMITED", http: { status: 429 } } }]);
    // Nothing survived, so the wait stands in the header too.
    expect(headers.get("retry-after")).toBe("10");
  });

  test("is 200 when a part failed (EE52)", async () => {
    const { status, headers, body } = await ask("{ contacts { nodes { fullName } } providers { slug } }", LIMITED);
    expect([status, headers.get("retry-after")]).toEqual([200, null]);
    expect(body.data).toMatchObject({ contacts: null, providers: expect.any(Array) });
    expect(body.errors).toHaveLength(1);
  });

  test("is 200 when the data is null as a whole", async () => {
    const small = await ground.serve({ config: { bounds: { ...DEFAULT_BOUNDS, objects: 3 } } });
    const document = "{ providers { slug } }";
    const old = await small.query(document);
    const answer = await small.query(document, { headers: ACCEPT_NEW });
    expect([old.status, old.body.data]).toEqual([400, null]);
    expect([answer.status, answer.body.data]).toEqual([200, null]);
    expect(answer.body.errors).toEqual([
      { ...old.body.errors![0], extensions: { ...old.body.errors![0]!.extensions, requestId: expect.any(String) } },
    ]);
  });

  test("is the error's own when execution did not begin", async () => {
    for (const document of ["{", "{ nosuch }", "subscription { x }"]) {
      const { status, body } = await ask(document);
      expect([status, "data" in body]).toEqual([400, false]);
    }
    const variables = await server.query("query ($id: ID!) { node(id: $id) { id } }", { headers: ACCEPT_NEW });
    expect([variables.status, "data" in variables.body]).toEqual([400, false]);
  });

  test("is 401 or 403 when the request is not permitted, and no field was executed (BC58)", async () => {
    for (const key of [null, "sk_test_unknown"]) {
      const { status, body } = await server.query("{ __typename }", { key, headers: ACCEPT_NEW });
      expect([status, "data" in body]).toEqual([401, false]);
      expect(body.errors).toMatchObject([{ extensions: { code: "INVALID_API_KEY", http: { status: 401 } } }]);
    }
  });

  test("of a key that may read other fields is 200, with the refusal in the error", async () => {
    const key = await ground.key({ scopes: ["leads:read"] });
    const { status, body } = await server.query('{ contacts(provider: "hubspot") { nodes { id } } }', {
      key,
      headers: ACCEPT_NEW,
    });
    expect([status, body.data]).toEqual([200, { contacts: null }]);
    expect(body.errors).toMatchObject([{ extensions: { code: "FORBIDDEN", http: { status: 403 } } }]);
  });
});
