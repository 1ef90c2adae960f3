import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { request as httpRequest } from "node:http";
import { APOLLO_STUDIO } from "../../src/http/cors.js";
import { Ground, type TestServer } from "../support/test-server.js";

const APP = "https://app.example.com";
const QUERY = JSON.stringify({ query: "{ providers { slug } }" });
const KEY = { "content-type": "application/json", authorization: "Bearer sk_test_demo" };

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve({ config: { corsOrigins: [APOLLO_STUDIO, APP] } });
});
afterAll(() => ground.close());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** `fetch` may neither send nor show all headers of CORS. */
function send(
  { method, headers, body, path = "/graphql" }: { method: string; headers?: object; body?: string; path?: string },
  at = server,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${at.crmesh.origin}${path}`, { method, headers: { ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({ status: answer.statusCode!, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
      );
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const preflight = (origin: string, headers: Record<string, string> = {}): Parameters<typeof send>[0] => ({
  method: "OPTIONS",
  headers: { origin, "access-control-request-method": "POST", ...headers },
});

/** The names of all headers of CORS, which an origin that is not allowed must not get. */
const corsOf = ({ headers }: Answer) => Object.keys(headers).filter((name) => name.startsWith("access-control-"));

describe("a preflight", () => {
  test.each([APOLLO_STUDIO, APP])("of %s is answered without a key", async (origin) => {
    const asked = "authorization,content-type,x-crmesh-trace,x-end-user-id,x-sandbox-fault";
    const { status, headers, text } = await send(preflight(origin, { "access-control-request-headers": asked }));
    expect([status, text]).toEqual([204, ""]);
    expect(headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": asked,
      "access-control-max-age": "600",
      vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Private-Network",
    });
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
    expect(headers).not.toHaveProperty("access-control-allow-private-network");
  });

  test("that asks for a private network gets it", async () => {
    const asked = { "access-control-request-private-network": "true" };
    const { headers } = await send(preflight(APOLLO_STUDIO, asked));
    expect(headers["access-control-allow-private-network"]).toBe("true");
  });

  test.each([
    "https://evil.example.com",
    "https://studio.apollographql.com.evil.example.com",
    "http://studio.apollographql.com",
    "https://studio.apollographql.com:8443",
    "null",
  ])("of %s is refused, and the refusal names the variable", async (origin) => {
    const asked = { "access-control-request-private-network": "true" };
    const answer = await send(preflight(origin, asked));
    expect([answer.status, corsOf(answer)]).toEqual([405, []]);
    expect(answer.text).toContain("CRMESH_CORS_ORIGINS");
    expect(answer.text).not.toContain(origin);
  });

  test("of another path does not exist", async () => {
    for (const path of ["/subgraph", "/graphql/price", "/connect.js", "/healthz"]) {
      const answer = await send({ ...preflight(APOLLO_STUDIO), path });
      expect([path, answer.status, corsOf(answer)]).toEqual([path, 405, []]);
    }
  });

  test("is answered during maintenance too, so that the page can read why the request is refused", async () => {
    const shut = await ground.serve({ config: { maintenance: true, corsOrigins: [APP] } });
    expect((await send(preflight(APP), shut)).status).toBe(204);
    const refused = await send({ method: "POST", headers: { ...KEY, origin: APP }, body: QUERY }, shut);
    expect([refused.status, refused.headers["access-control-allow-origin"]]).toEqual([503, APP]);
  });
});

describe("a request", () => {
  test("of an allowed origin can be read, with what crmesh says in headers", async () => {
    const { status, headers, text } = await send({ method: "POST", headers: { ...KEY, origin: APP }, body: QUERY });
    expect([status, JSON.parse(text)]).toMatchObject([200, { data: { providers: expect.any(Array) } }]);
    expect(headers["access-control-allow-origin"]).toBe(APP);
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
    const readable = String(headers["access-control-expose-headers"]).split(", ");
    expect(readable).toEqual(expect.arrayContaining(["retry-after", "x-request-id"]));
    // Each header of the rate limit that crmesh sends.
    for (const name of Object.keys(headers).filter((each) => each.startsWith("x-"))) {
      if (name !== "x-content-type-options") expect(readable).toContain(name);
    }
  });

  test.each<[name: string, status: number, headers: object, body: string]>([
    ["without a key", 401, { "content-type": "application/json" }, QUERY],
    ["that is not JSON", 400, KEY, "{"],
    ["of another type", 415, { ...KEY, "content-type": "application/xml" }, "<a/>"],
    ["with an unknown fault", 400, { ...KEY, "x-sandbox-fault": "hubspot=NOSUCH" }, QUERY],
  ])("%s: the page can read the refusal", async (_name, status, headers, body) => {
    const answer = await send({ method: "POST", headers: { ...headers, origin: APOLLO_STUDIO }, body });
    expect([answer.status, answer.headers["access-control-allow-origin"]]).toEqual([status, APOLLO_STUDIO]);
  });

  test("varies with the origin and the encoding, whoever asks", async () => {
    const long = JSON.stringify({ query: "{ __schema { types { name description } } }" });
    for (const origin of [{}, { origin: APP }, { origin: "https://evil.example.com" }]) {
      const headers = { ...KEY, ...origin, "accept-encoding": "gzip" };
      const answer = await send({ method: "POST", headers, body: long });
      expect(answer.headers["content-encoding"]).toBe("gzip");
      const varies = String(answer.headers["vary"]).toLowerCase().split(/, */);
      expect(varies).toEqual(expect.arrayContaining(["origin", "accept-encoding"]));
    }
  });

  test("of an origin that is not allowed cannot be read", async () => {
    const headers = { ...KEY, origin: "https://evil.example.com" };
    expect(corsOf(await send({ method: "POST", headers, body: QUERY }))).toEqual([]);
  });

  test("to another path cannot be read", async () => {
    for (const path of ["/subgraph", "/graphql/price"]) {
      const answer = await send({ method: "POST", headers: { ...KEY, origin: APP }, body: QUERY, path });
      expect([path, answer.status, corsOf(answer)]).toEqual([path, 200, []]);
    }
  });
});

test("a server without origins, as in production, knows no preflight and says nothing about origins", async () => {
  const closed = await ground.serve({ config: { corsOrigins: [] } });
  const refused = await send(preflight(APOLLO_STUDIO), closed);
  expect([refused.status, refused.headers["allow"], corsOf(refused)]).toEqual([405, "GET, POST", []]);
  const answer = await send({ method: "POST", headers: { ...KEY, origin: APOLLO_STUDIO }, body: QUERY }, closed);
  expect([answer.status, corsOf(answer), answer.headers["vary"]]).toEqual([200, [], undefined]);
});
