import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { moveClock, startClock, stopClock } from "../support/fake-date.js";
import { Ground, type AnsweredError, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
let production: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve({ config: { maxBodyBytes: 100_000 } });
  production = await ground.serve({ config: { introspection: false, explorer: "off" } });
});
afterAll(() => ground.close());

const JSON_TYPE = { "content-type": "application/json", authorization: "Bearer sk_test_demo", "x-end-user-id": "demo" };
const QUERY = JSON.stringify({ query: "{ providers { slug } }" });

interface Refusal {
  status: number;
  headers: Headers;
  error: AnsweredError;
}

async function refusal(path: string, init: RequestInit, at = server): Promise<Refusal> {
  const { status, headers, text } = await at.fetch(path, init);
  const { errors } = JSON.parse(text) as { errors: AnsweredError[] };
  expect(errors).toHaveLength(1);
  return { status, headers, error: errors[0]! };
}

describe("malformed requests", () => {
  const CASES: [name: string, path: string, init: RequestInit][] = [
    ["a body that is not JSON", "/graphql", { method: "POST", headers: JSON_TYPE, body: '{"query": secretword' }],
    ["an empty body", "/graphql", { method: "POST", headers: JSON_TYPE, body: "" }],
    ["a body that is no object", "/graphql", { method: "POST", headers: JSON_TYPE, body: '"secretword"' }],
    ["a body without a query", "/graphql", { method: "POST", headers: JSON_TYPE, body: '{"variables":{}}' }],
    [
      "a query that is no text",
      "/graphql",
      { method: "POST", headers: JSON_TYPE, body: '{"query":{"a":"secretword"}}' },
    ],
    [
      "variables that are no object",
      "/graphql",
      { method: "POST", headers: JSON_TYPE, body: '{"query":"{ __typename }","variables":"secretword"}' },
    ],
    ["a batch of operations", "/graphql", { method: "POST", headers: JSON_TYPE, body: `[${QUERY},${QUERY}]` }],
    [
      "an operation that the document does not have",
      "/graphql",
      { method: "POST", headers: JSON_TYPE, body: '{"query":"query A { __typename }","operationName":"B"}' },
    ],
    [
      "several operations and none chosen",
      "/graphql",
      { method: "POST", headers: JSON_TYPE, body: '{"query":"query A { __typename } query B { __typename }"}' },
    ],
    ["a URL that cannot be read", "/%E0%A4%A", { headers: JSON_TYPE }],
    ["a page whose URL cannot be read", "/connect/%E0%A4%A?token=secretword", {}],
  ];

  test.each(CASES)("%s is INVALID_INPUT with 400", async (_name, path, init) => {
    await expectRefusal(400, path, init);
  });

  const post = (headers: Record<string, string>, body: string): RequestInit => ({ method: "POST", headers, body });
  const as = (type: string) => ({ ...JSON_TYPE, "content-type": type });
  const mutation = encodeURIComponent('mutation { upsertEndUser(input: { endUserId: "get" }) { id } }');
  const HTTP_CASES: [status: number, name: string, path: string, init: RequestInit][] = [
    [404, "an unknown path", "/nosuch", post(JSON_TYPE, QUERY)],
    [404, "a path below the graph's", "/graphql/secretword", post(JSON_TYPE, QUERY)],
    [405, "DELETE", "/graphql", { method: "DELETE", headers: JSON_TYPE }],
    [405, "PUT", "/graphql?provider=secretword", { ...post(JSON_TYPE, QUERY), method: "PUT" }],
    [405, "OPTIONS, the preflight of a browser", "/graphql", { method: "OPTIONS" }],
    [405, "a mutation by GET", `/graphql?query=${mutation}`, { headers: { authorization: "Bearer sk_test_demo" } }],
    [405, "POST where only GET is served", "/healthz", post(JSON_TYPE, QUERY)],
    [406, "no type that can be sent", "/graphql", post({ ...JSON_TYPE, accept: "application/xml" }, QUERY)],
    [413, "a body that is too large", "/graphql", post(JSON_TYPE, `{"query":"# ${"secretword".repeat(20_000)}"}`)],
    [415, "a body of another type", "/graphql", post(as("application/xml"), "<secretword/>")],
    [415, "a form", "/graphql", post(as("application/x-www-form-urlencoded"), "query=secretword")],
    [415, "plain text, as a page of another site could send it", "/graphql", post(as("text/plain"), QUERY)],
    [415, "a type that is none", "/graphql", post(as("secretword"), QUERY)],
  ];

  test.each(HTTP_CASES)("%i: %s", async (expected, _name, path, init) => {
    await expectRefusal(expected, path, init);
  });

  test.each([
    ["/graphql", "OPTIONS, GET, POST"],
    ["/healthz", "GET, HEAD"],
  ])("405 for %s names the methods that it has", async (path, methods) => {
    const { headers } = await server.fetch(path, { method: "DELETE" });
    expect(headers.get("allow")).toBe(methods);
  });

  test("a mutation by GET is told to use POST, and writes nothing", async () => {
    const { headers } = await server.fetch(`/graphql?query=${mutation}`, {
      headers: { authorization: "Bearer sk_test_demo" },
    });
    expect(headers.get("allow")).toBe("POST");
    const { body } = await server.query('{ endUser(endUserId: "get") { id } }');
    expect(body.errors).toMatchObject([{ extensions: { code: "END_USER_NOT_FOUND" } }]);
  });

  test("nothing is written for a caller who accepts no type that can be sent", async () => {
    const write = JSON.stringify({ query: 'mutation { upsertEndUser(input: { endUserId: "unaccepted" }) { id } }' });
    await expectRefusal(406, "/graphql", post({ ...JSON_TYPE, accept: "text/html" }, write));
    const { body } = await server.query('{ endUser(endUserId: "unaccepted") { id } }');
    expect(body.errors).toMatchObject([{ extensions: { code: "END_USER_NOT_FOUND" } }]);
  });

  async function expectRefusal(expected: number, path: string, init: RequestInit): Promise<void> {
    const { status, headers, error } = await refusal(path, init);
    expect(status).toBe(expected);
    expect(error.message).toBe("Validation failed");
    expect(error.extensions).toMatchObject({
      code: "INVALID_INPUT",
      http: { status: expected },
      origin: "CALLER",
      requestId: headers.get("x-request-id"),
    });
    expect(Object.values(error.extensions.errors!)).toEqual([expect.any(String)]);
    expect(JSON.stringify(error)).not.toContain("secretword");
  }
});

describe("GET", () => {
  const query = "/graphql?query=%7Bproviders%7Bslug%7D%7D";

  test("needs no header besides the key: a page of another site cannot send a key without a preflight", async () => {
    const { status, text } = await server.fetch(query, { headers: { authorization: "Bearer sk_test_demo" } });
    expect([status, JSON.parse(text)]).toMatchObject([200, { data: { providers: expect.any(Array) } }]);
  });

  test("is answered when a browser sends a key", async () => {
    const headers = { authorization: "Bearer sk_test_demo", accept: "text/html;q=0.5, application/json" };
    for (const at of [server, production]) expect((await at.fetch(query, { headers })).status).toBe(200);
  });
});

describe("an empty operation name counts as none", () => {
  const one = "query Only { providers { slug } }";
  const ask = (body: object) =>
    server.fetch("/graphql", { method: "POST", headers: JSON_TYPE, body: JSON.stringify(body) });

  test("in a POST", async () => {
    const { status, text } = await ask({ query: one, operationName: "" });
    expect([status, JSON.parse(text)]).toMatchObject([200, { data: { providers: expect.any(Array) } }]);
  });

  test("in a GET", async () => {
    const { status } = await server.fetch(`/graphql?query=${encodeURIComponent(one)}&operationName=`, {
      headers: { authorization: "Bearer sk_test_demo" },
    });
    expect(status).toBe(200);
  });

  test("so of several operations none is chosen", async () => {
    const { status } = await ask({ query: `${one} query Other { __typename }`, operationName: "" });
    expect(status).toBe(400);
  });
});

describe("in production", () => {
  test("introspection is off, and errors suggest no field names", async () => {
    for (const document of ["{ __schema { types { name } } }", '{ __type(name: "Query") { name } }']) {
      const { status, body } = await production.query(document);
      expect(status).toBe(400);
      expect(body.errors).toMatchObject([
        {
          message: "Introspection is off on this server. Its operator can turn it on with CRMESH_INTROSPECTION=on.",
          extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
        },
      ]);
    }
    const typo = await production.query("{ provider(slugg: 1) { nam } }");
    expect(typo.text).not.toMatch(/Did you mean/);
    const open = await server.query("{ __schema { queryType { name } } }");
    expect(open.body.data).toEqual({ __schema: { queryType: { name: "Query" } } });
  });

  test.each([
    ["development", () => server],
    ["production", () => production],
  ])("the headers of a browser do not replace the API key (%s)", async (_name, at) => {
    for (const accept of ["application/json, text/html;q=0.1", "text/html"]) {
      const { status, text } = await at().fetch("/graphql?query=%7Bproviders%7Bslug%7D%7D", {
        headers: { accept, "apollo-require-preflight": "1" },
      });
      expect(text).not.toContain('"slug"');
      if (!/<html/i.test(text)) {
        expect(status).toBe(401);
        expect(JSON.parse(text)).toMatchObject({
          errors: [
            {
              message: "Invalid or missing API key",
              extensions: { code: "INVALID_API_KEY", requestId: expect.any(String) },
            },
          ],
        });
      }
    }
  });
});

describe("the request id", () => {
  const idOf = async (id: string | undefined, path = "/graphql", body = QUERY) => {
    const headers = { ...JSON_TYPE, ...(id === undefined ? {} : { "x-request-id": id }) };
    return (await server.fetch(path, { method: "POST", headers, body })).headers.get("x-request-id")!;
  };

  test.each(["a", "req-1.2:3/4+5=6_7", "x".repeat(128)])("%s is honoured", async (id) => {
    expect(await idOf(id)).toBe(id);
  });

  test.each(["", "two words", "x".repeat(129), 'quote"', "<script>", "a,b"])("%j is replaced", async (id) => {
    expect(await idOf(id)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  });

  test("is in every answer, error and log line", async () => {
    expect(await idOf(undefined)).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf(undefined)).not.toBe(await idOf(undefined));
    expect(await idOf("on-404", "/nosuch")).toBe("on-404");
    expect(await idOf("on-400", "/graphql", "{")).toBe("on-400");
    const health = await server.fetch("/healthz", { headers: { "x-request-id": "on-health" } });
    expect(health.headers.get("x-request-id")).toBe("on-health");
    const lines = server.logs.map((line) => JSON.parse(line) as { requestId?: string });
    for (const id of ["on-404", "on-400", "on-health"])
      expect(lines.some(({ requestId }) => requestId === id)).toBe(true);
  });

  test("a wrong API key", async () => {
    for (const authorization of [
      "",
      "Bearer",
      "Bearer sk_test_",
      "Bearer sk_test_unknown",
      "Basic c2s6dGVzdA==",
      "sk_test_demo",
      "Bearer pk_test_demo",
    ]) {
      const { status, error } = await refusal("/graphql", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(authorization ? { authorization } : {}),
          "x-request-id": "auth-1",
        },
        body: QUERY,
      });
      expect([status, error.extensions.code, error.extensions.requestId]).toEqual([401, "INVALID_API_KEY", "auth-1"]);
    }
  });

  test("a key that is revoked is refused", async () => {
    const key = await ground.key({ workspace: "revoking" });
    const { id: workspaceId } = await ground.store.workspaces.ensure("revoking");
    const [record] = await ground.store.apiKeys.list(workspaceId);
    await ground.store.apiKeys.revoke(record!.id);
    expect((await server.query("{ providers { slug } }", { key })).body.errors![0]!.extensions.code).toBe(
      "INVALID_API_KEY",
    );
  });
});

describe("the rate limit", () => {
  test("counts per key, is stated in headers, and resets after a minute", async () => {
    const strict = await ground.serve({ config: { rateLimit: 2 } });
    const [one, other] = [await ground.key({ workspace: "rates" }), await ground.key({ workspace: "rates" })];
    stopClock();
    try {
      const ask = (key: string) => strict.query("{ providers { slug } }", { key });
      const limits = ({ headers }: { headers: Headers }) =>
        ["limit", "remaining", "reset"].map((name) => headers.get(`x-ratelimit-${name}`));
      expect(limits(await ask(one))).toEqual(["2", "1", "60"]);
      moveClock(15_000);
      expect(limits(await ask(one))).toEqual(["2", "0", "45"]);
      const refused = await ask(one);
      expect(refused.status).toBe(429);
      expect(limits(refused)).toEqual(["2", "0", "45"]);
      expect(refused.headers.get("retry-after")).toBe("45");
      expect(refused.body.errors![0]!.extensions).toMatchObject({ code: "RATE_LIMITED", retryAfter: 45 });
      expect(limits(await ask(other))).toEqual(["2", "1", "60"]);
      // A clock that is set back by two hours must not name a wait of two hours.
      moveClock(-7_200_000);
      const later = await ask(one);
      expect(limits(later)).toEqual(["2", "0", "60"]);
      expect(later.headers.get("retry-after")).toBe("60");
      moveClock(7_200_000);
      moveClock(45_001);
      expect((await ask(one)).status).toBe(200);
    } finally {
      startClock();
    }
  });
});

describe("health", () => {
  test("a healthy server is alive and ready", async () => {
    const [alive, ready] = [await server.fetch("/healthz"), await server.fetch("/readyz")];
    expect([alive.status, JSON.parse(alive.text)]).toEqual([200, { status: "ok", unhandledRejections: 0 }]);
    expect([ready.status, JSON.parse(ready.text)]).toEqual([200, { status: "ok" }]);
  });

  test("a server under maintenance is alive but not ready", async () => {
    const shut = await ground.serve({ config: { maintenance: true } });
    expect((await shut.fetch("/healthz")).status).toBe(200);
    const ready = await shut.fetch("/readyz");
    expect([ready.status, JSON.parse(ready.text)]).toEqual([503, { status: "unavailable", reason: "maintenance" }]);
  });

  test("a server without its store is alive but not ready", async () => {
    const store = { ...ground.store, ping: () => Promise.reject(new RangeError("secretword")) };
    const lost = await ground.serve({ store });
    expect((await lost.fetch("/healthz")).status).toBe(200);
    const ready = await lost.fetch("/readyz");
    expect([ready.status, JSON.parse(ready.text)]).toEqual([503, { status: "unavailable", reason: "store" }]);
  });
});
