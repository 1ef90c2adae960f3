import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { linesFrom } from "../support/log-lines.js";
import { RawConnections } from "../support/raw-connection.js";
import { DEMO_KEY, Ground, type AnsweredError, type TestServer } from "../support/test-server.js";

const connections = new RawConnections();
let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  // Long enough that no time-out answers instead of the tested refusal.
  server = await ground.serve({ config: { receiveTimeoutMs: 600_000, headersTimeoutMs: 600_000 } });
});
afterAll(async () => {
  connections.end();
  await ground.close();
});

const QUERY = JSON.stringify({ query: "{ providers { slug } }" });
const HEAD = ["host: crmesh", "content-type: application/json"];

function errorOf(body: string): AnsweredError {
  const { errors } = JSON.parse(body) as { errors: AnsweredError[] };
  expect(errors).toHaveLength(1);
  return errors[0]!;
}

describe("a request with refused headers is answered before its body arrives", () => {
  const refused = async (at: TestServer, ...headers: string[]) => {
    const connection = await connections.open(at.crmesh.origin);
    connection.send("POST /graphql HTTP/1.1", ...HEAD, ...headers, "content-length: 100000", "", "");
    const { status, body, headers: answered } = await connection.answer();
    const { code, requestId } = errorOf(body).extensions;
    expect(requestId).toBe(answered["x-request-id"]);
    return [status, code];
  };

  test.each([
    ["no key", []],
    ["an unknown key", ["authorization: Bearer sk_test_unknown"]],
    ["no key, asking as a browser", ["accept: text/html"]],
  ])("%s", async (_name, headers) => {
    expect(await refused(server, ...headers)).toEqual([401, "INVALID_API_KEY"]);
  });

  test("an unknown sandbox fault", async () => {
    const headers = [`authorization: Bearer ${DEMO_KEY}`, "x-sandbox-fault: hubspot=NO_SUCH_FAULT"];
    expect(await refused(server, ...headers)).toEqual([400, "INVALID_INPUT"]);
  });

  test("an API key over its rate limit", async () => {
    const strict = await ground.serve({ config: { rateLimit: 1 } });
    const key = await ground.key();
    await strict.query("{ __typename }", { key });
    expect(await refused(strict, `authorization: Bearer ${key}`)).toEqual([429, "RATE_LIMITED"]);
  });

  test("maintenance", async () => {
    const shut = await ground.serve({ config: { maintenance: true } });
    expect(await refused(shut, `authorization: Bearer ${DEMO_KEY}`)).toEqual([503, "SERVICE_UNAVAILABLE"]);
  });
});

describe("requests without an expected body are answered without waiting for one", () => {
  test.each([
    ["POST /nosuch", 404, /INVALID_INPUT/],
    ["POST /healthz", 405, /INVALID_INPUT/],
    ["DELETE /graphql", 405, /INVALID_INPUT/],
    ["POST /connect/no/such/page/here", 404, /There is nothing here/],
    // Forms from another site or without a session.
    ["POST /connect/AAAAAAAAAAAAAAAAAAAAAA/hubspot", 403, /did not come from this site/],
    ["POST /connect/AAAAAAAAAAAAAAAAAAAAAA/hubspot/disconnect", 403, /did not come from this site/],
  ])("%s", async (line, expected, text) => {
    const connection = await connections.open(server.crmesh.origin);
    connection.send(`${line} HTTP/1.1`, ...HEAD, "content-length: 100000", "", "");
    const { status, body } = await connection.answer();
    expect(status).toBe(expected);
    expect(body).toMatch(text);
  });

  test("a form without a session", async () => {
    const { origin } = server.crmesh;
    const connection = await connections.open(origin);
    const head = ["host: crmesh", `origin: ${origin}`, "content-type: application/x-www-form-urlencoded"];
    const path = "/connect/AAAAAAAAAAAAAAAAAAAAAA/hubspot";
    connection.send(`POST ${path} HTTP/1.1`, ...head, "content-length: 10000", "", "");
    expect(await connection.answer()).toMatchObject({ status: 410, body: expect.stringContaining("has expired") });
  });
});

describe("the rest of a refused body", () => {
  test("may still arrive, and the connection is reused", async () => {
    const connection = await connections.open(server.crmesh.origin);
    connection.send("POST /graphql HTTP/1.1", ...HEAD, "content-length: 300000", "", "x".repeat(100_000));
    expect((await connection.answer()).status).toBe(401);
    connection.send("x".repeat(200_000));
    const head = [...HEAD, `authorization: Bearer ${DEMO_KEY}`, `content-length: ${QUERY.length}`];
    connection.send("POST /graphql HTTP/1.1", ...head, "", QUERY);
    const { status, body } = await connection.answer();
    expect([status, JSON.parse(body)]).toMatchObject([200, { data: { providers: expect.any(Array) } }]);
  });

  test("does not hide the answer if the body is too large", async () => {
    const small = await ground.serve({ config: { maxBodyBytes: 10_000 } });
    const connection = await connections.open(small.crmesh.origin);
    const head = [...HEAD, `authorization: Bearer ${DEMO_KEY}`, "content-length: 4000000"];
    connection.send("POST /graphql HTTP/1.1", ...head, "", "x".repeat(4_000_000));
    const { status, body } = await connection.answer();
    expect([status, errorOf(body).extensions.errors]).toEqual([
      413,
      { body: "The request body is too large. Send less in one request." },
    ]);
  });

  test("is cut off if it is endless", async () => {
    const connection = await connections.open(server.crmesh.origin);
    connection.send("POST /graphql HTTP/1.1", ...HEAD, "transfer-encoding: chunked", "", "");
    expect((await connection.answer()).status).toBe(401);
    const chunk = Buffer.from(`10000\r\n${"x".repeat(0x10000)}\r\n`);
    expect(await connection.sendUntilClosed(chunk)).toBeGreaterThan(1024 * 1024);
  });
});

test("a browser's GET with a query in its body returns the page, not data", async () => {
  const connection = await connections.open(server.crmesh.origin);
  const head = [...HEAD, "accept: text/html", "apollo-require-preflight: 1", `content-length: ${QUERY.length}`];
  connection.send("GET /graphql HTTP/1.1", ...head, "", QUERY);
  const { status, headers, body } = await connection.answer();
  expect(headers["content-type"]).toMatch(/^text\/html/);
  // 503 says that the explorer is not built yet.
  expect([200, 503]).toContain(status);
  expect(body).not.toContain('"slug"');
});

test("no refusal is logged as an error", () => {
  expect(server.logs.length).toBeGreaterThan(10);
  expect(linesFrom("warn", server.logs)).toEqual([]);
});
