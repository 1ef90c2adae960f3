import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { linesFrom } from "../support/log-lines.js";
import { eventually } from "../support/eventually.js";
import { nextCall } from "../support/next-call.js";
import { RawConnections, type RawConnection } from "../support/raw-connection.js";
import { DEMO_KEY, Ground, type AnsweredError, type TestServer } from "../support/test-server.js";

const SLOW_MS = 1_500;
const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
const SLOW = { provider: "hubspot", headers: { "x-sandbox-fault": "hubspot=SLOW" } };
const HEAD = ["host: crmesh", "content-type: application/json"];
const WITH_KEY = [...HEAD, `authorization: Bearer ${DEMO_KEY}`];

/** Incomplete requests whose sender then stops. */
const HALF_SENT: Record<string, string[]> = {
  "nothing at all": [],
  "half the headers": ["POST /graphql HTTP/1.1", "host: crmesh", "content-ty"],
  "half a body": ["POST /graphql HTTP/1.1", ...WITH_KEY, "content-length: 1000", "", '{"query":'],
  "half a chunked body": ["POST /graphql HTTP/1.1", ...WITH_KEY, "transfer-encoding: chunked", "", "3e8", "{"],
};

const connections = new RawConnections();
let ground: Ground;
beforeAll(async () => {
  ground = await Ground.open({ slowMs: SLOW_MS });
});
afterAll(async () => {
  connections.end();
  await ground.close();
});

async function sent(server: TestServer, lines: string[]): Promise<RawConnection> {
  const connection = await connections.open(server.crmesh.origin);
  if (lines.length > 0) connection.send(...lines);
  return connection;
}

describe("with time-outs", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await ground.serve({ config: { headersTimeoutMs: 200, receiveTimeoutMs: 400, keepAliveTimeoutMs: 100 } });
  });

  test.each(Object.entries(HALF_SENT))("%s is answered and closed at its time-out", async (_name, lines) => {
    const connection = await sent(server, lines);
    const { status, headers, body } = await connection.answer();
    expect(status).toBe(408);
    const { errors } = JSON.parse(body) as { errors: AnsweredError[] };
    expect(errors).toMatchObject([
      {
        message: "Validation failed",
        extensions: {
          code: "INVALID_INPUT",
          http: { status: 408 },
          origin: "CALLER",
          errors: { request: "The request was not received completely in time. Send it again." },
          requestId: headers["x-request-id"],
        },
      },
    ]);
    await connection.closed;
    expect(connection.rest).toBe("");
  });

  test("the error has the caller's request id if it was sent", async () => {
    const connection = await sent(server, [
      "POST /graphql HTTP/1.1",
      ...WITH_KEY,
      "x-request-id: half-1",
      "content-length: 9",
      "",
      "{",
    ]);
    expect((await connection.answer()).headers["x-request-id"]).toBe("half-1");
    const line = await eventually(() => server.logs.find((text) => text.includes('"half-1"')));
    expect(JSON.parse(line)).toMatchObject({ level: "info", status: 408 });
  });

  test("a refused request with half a body gets no second answer and is closed", async () => {
    const connection = await sent(server, ["POST /graphql HTTP/1.1", ...HEAD, "content-length: 1000", "", "{"]);
    expect((await connection.answer()).status).toBe(401);
    await connection.closed;
    expect(connection.rest).toBe("");
  });

  test("an idle keep-alive connection is closed", async () => {
    const connection = await sent(server, ["GET /healthz HTTP/1.1", "host: crmesh", "", ""]);
    expect(await connection.answer()).toMatchObject({ status: 200, headers: { connection: "keep-alive" } });
    await connection.closed;
  });

  test("the receive time-out does not limit the operation", async () => {
    const { status, body } = await server.query(CONTACTS, SLOW);
    expect([status, body.errors]).toEqual([200, undefined]);
  });

  test.each([
    ["bytes that are not HTTP", "secretword\r\n\r\n", 400],
    ["headers that are too large", `GET / HTTP/1.1\r\nsecretword: ${"x".repeat(20_000)}\r\n\r\n`, 431],
  ])("%s are refused with a documented error", async (_name, text, expected) => {
    const connection = await sent(server, [text]);
    const { status, body } = await connection.answer();
    expect(status).toBe(expected);
    expect(JSON.parse(body)).toMatchObject({
      errors: [{ extensions: { code: "INVALID_INPUT", http: { status: expected } } }],
    });
    expect(body + server.logs.join("")).not.toContain("secretword");
    await connection.closed;
  });

  test("no refusal is logged as an error", () => {
    expect(linesFrom("warn", server.logs)).toEqual([]);
  });
});

describe("a stop", () => {
  test("closes half-sent requests and idle connections and finishes running requests", async () => {
    // The default time-outs, none of which expires in this test.
    const server = await ground.serve();
    const halfSent = await Promise.all(Object.values(HALF_SENT).map((lines) => sent(server, lines)));
    const refused = await sent(server, ["POST /graphql HTTP/1.1", ...HEAD, "content-length: 1000", "", "{"]);
    expect((await refused.answer()).status).toBe(401);
    const idle = await sent(server, ["GET /healthz HTTP/1.1", "host: crmesh", "", ""]);
    expect((await idle.answer()).status).toBe(200);

    // The operation looks up the end user, so the request has arrived in full.
    const begun = nextCall(ground.store.endUsers, "findConnected");
    const running = server.query(CONTACTS, SLOW);
    await begun;
    const stopping = server.crmesh.close();
    await Promise.all([...halfSent, refused, idle].map(({ closed }) => closed));
    const { status, body } = await running;
    expect([status, body.errors]).toEqual([200, undefined]);
    await stopping;
  });

  test("receives the rest of a request that arrives in time", async () => {
    const server = await ground.serve();
    const body = JSON.stringify({ query: "{ providers { slug } }" });
    const head = [...WITH_KEY, `content-length: ${body.length}`];
    const headersCame = nextCall(ground.store.apiKeys, "findByHash");
    const connection = await sent(server, ["POST /graphql HTTP/1.1", ...head, "", body.slice(0, 10)]);
    await headersCame;
    const stopping = server.crmesh.close();
    connection.send(body.slice(10));
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status: 200, headers: { connection: "close" } });
    await stopping;
  });
});
