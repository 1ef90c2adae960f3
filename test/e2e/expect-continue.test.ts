import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { RawConnections, type RawConnection } from "../support/raw-connection.js";
import { DEMO_KEY, Ground, type TestServer } from "../support/test-server.js";

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

const BODY = JSON.stringify({ query: "{ providers { slug } }" });
const JSON_HEAD = ["host: crmesh", "content-type: application/json", "expect: 100-continue"];

/** Sends the headers of a request alone. */
async function announced(line: string, ...headers: string[]): Promise<RawConnection> {
  const connection = await connections.open(server.crmesh.origin);
  connection.send(`${line} HTTP/1.1`, ...headers, "", "");
  return connection;
}

test("a caller with a key is told to continue, and sends the body", async () => {
  const head = [...JSON_HEAD, `authorization: Bearer ${DEMO_KEY}`, `content-length: ${BODY.length}`];
  const connection = await announced("POST /graphql", ...head);
  expect(await connection.answer()).toMatchObject({ status: 100, body: "" });
  connection.send(BODY);
  const { status, body } = await connection.answer();
  expect([status, JSON.parse(body)]).toMatchObject([200, { data: { providers: expect.any(Array) } }]);
  // The connection goes on to be used.
  connection.send("POST /graphql HTTP/1.1", ...head, "", "");
  expect((await connection.answer()).status).toBe(100);
  connection.send(BODY);
  expect((await connection.answer()).status).toBe(200);
});

describe("a request that its headers alone refuse is answered at once, without being told to continue", () => {
  test.each<[status: number, name: string, line: string, headers: string[]]>([
    [401, "no key", "POST /graphql", []],
    [401, "an unknown key", "POST /graphql", ["authorization: Bearer sk_test_unknown"]],
    [404, "an unknown path", "POST /nosuch", [`authorization: Bearer ${DEMO_KEY}`]],
    [405, "another method", "PUT /graphql", [`authorization: Bearer ${DEMO_KEY}`]],
    [406, "no type that can be sent", "POST /graphql", [`authorization: Bearer ${DEMO_KEY}`, "accept: image/png"]],
    [403, "a form of another site", "POST /connect/AAAAAAAAAAAAAAAAAAAAAA/hubspot", ["origin: http://evil.example"]],
  ])("%i: %s", async (expected, _name, line, headers) => {
    const connection = await announced(line, ...JSON_HEAD, ...headers, "content-length: 1000");
    expect((await connection.answer()).status).toBe(expected);
    expect(connection.rest).toBe("");
  });

  test("413: a body that its length shows to be too large", async () => {
    const head = [...JSON_HEAD, `authorization: Bearer ${DEMO_KEY}`, "content-length: 10001"];
    expect((await (await announced("POST /graphql", ...head)).answer()).status).toBe(413);
  });

  test("and the connection is closed, because the body may come or not", async () => {
    const connection = await announced("POST /graphql", ...JSON_HEAD, `content-length: ${BODY.length}`);
    expect(await connection.answer()).toMatchObject({ status: 401, headers: { connection: "close" } });
    await connection.closed;
    expect(connection.rest).toBe("");
  });
});
