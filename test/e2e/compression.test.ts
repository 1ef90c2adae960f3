import { subscribe, unsubscribe } from "node:diagnostics_channel";
import http from "node:http";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_BOUNDS } from "../../src/graphql/operation/bounds.js";
import { linesFrom } from "../support/log-lines.js";
import { eventually } from "../support/eventually.js";
import { DEMO_KEY, Ground, type TestServer } from "../support/test-server.js";

const PAGE = '{ contacts(provider: "hubspot", first: 100) { nodes { id fullName raw } } }';
const LARGE_ERROR = `{ ${Array.from({ length: 20 }, (_, index) => `nosuch${index}`).join(" ")} }`;

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

interface Encoded {
  status: number;
  headers: http.IncomingHttpHeaders;
  bytes: Buffer;
}

function request(at: TestServer, document: string, headers: http.OutgoingHttpHeaders): http.ClientRequest {
  const sent = http.request(at.url, {
    method: "POST",
    agent: false,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${DEMO_KEY}`,
      "x-end-user-id": "demo",
      ...headers,
    },
  });
  sent.end(JSON.stringify({ query: document }));
  return sent;
}

/** The answer as it came: Node's `http` does not decompress. */
function ask(document: string, headers: http.OutgoingHttpHeaders, at = server): Promise<Encoded> {
  return new Promise((resolve, reject) => {
    request(at, document, headers)
      .on("error", reject)
      .on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(chunks) });
        });
      });
  });
}

describe("an answer above 1 KB", () => {
  test.each([
    ["gzip", "gzip", gunzipSync],
    ["gzip, deflate", "gzip", gunzipSync],
    ["br", "br", brotliDecompressSync],
    ["gzip, deflate, br, zstd", "gzip", gunzipSync],
    ["gzip;q=0.5, br;q=1.0", "br", brotliDecompressSync],
    ["*", "gzip", gunzipSync],
  ])("with Accept-Encoding: %s is compressed by %s", async (accepted, encoding, decompress) => {
    const plain = await ask(PAGE, {});
    const { status, headers, bytes } = await ask(PAGE, { "accept-encoding": accepted });
    expect([status, headers["content-encoding"]]).toEqual([200, encoding]);
    expect(headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      vary: "Origin, accept-encoding",
    });
    expect(JSON.parse(decompress(bytes).toString())).toEqual(JSON.parse(plain.bytes.toString()));
    expect(bytes.length).toBeLessThan(plain.bytes.length / 5);
  });

  test.each([undefined, "identity", "gzip;q=0", "deflate", "zstd", "compress"])(
    "with Accept-Encoding: %s is sent as it is",
    async (accepted) => {
      const { headers, bytes } = await ask(PAGE, accepted === undefined ? {} : { "accept-encoding": accepted });
      expect(headers["content-encoding"]).toBeUndefined();
      expect(Number(headers["content-length"])).toBe(bytes.length);
      expect(JSON.parse(bytes.toString())).toMatchObject({ data: { contacts: { nodes: expect.any(Array) } } });
    },
  );

  test("is compressed if it is an error, too, and its request id is in it", async () => {
    const answer = await ask(LARGE_ERROR, { "accept-encoding": "gzip", "x-request-id": "packed-1" });
    expect([answer.status, answer.headers["content-encoding"]]).toEqual([400, "gzip"]);
    const { errors } = JSON.parse(gunzipSync(answer.bytes).toString()) as { errors: object[] };
    expect(errors).toHaveLength(20);
    for (const error of errors) expect(error).toMatchObject({ extensions: { requestId: "packed-1" } });
  });

  test("counts against the bound of its bytes before it is compressed", async () => {
    const plain = await ask(PAGE, {});
    const packed = await ask(PAGE, { "accept-encoding": "gzip" });
    const answerBytes = Math.round((plain.bytes.length + packed.bytes.length) / 2);
    const bounded = await ground.serve({ config: { bounds: { ...DEFAULT_BOUNDS, answerBytes } } });
    const { status, bytes } = await ask(PAGE, { "accept-encoding": "gzip" }, bounded);
    expect(status).toBe(400);
    expect(JSON.parse(bytes.toString())).toMatchObject({
      errors: [{ extensions: { bound: { name: "answerBytes" } } }],
    });
  });
});

test("a small answer is sent as it is", async () => {
  const { headers, bytes } = await ask("{ __typename }", { "accept-encoding": "gzip, br" });
  expect(headers["content-encoding"]).toBeUndefined();
  expect(bytes.toString()).toBe('{"data":{"__typename":"Query"}}\n');
});

test("the body of a request is not decompressed, so that a small one cannot become large", async () => {
  const { status, text } = await server.fetch("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-encoding": "gzip",
      authorization: `Bearer ${DEMO_KEY}`,
    },
    body: gzipSync('{"query":"{ __typename }"}'),
  });
  expect(status).toBe(415);
  expect(JSON.parse(text)).toMatchObject({
    errors: [{ extensions: { code: "INVALID_INPUT", errors: { "Content-Encoding": expect.any(String) } } }],
  });
});

describe("a caller who leaves in the middle of a compressed answer", () => {
  interface Piping {
    response: http.ServerResponse;
    source: NodeJS.ReadableStream & { destroyed: boolean };
  }

  /** Resolves when the server begins to send the answer to the request with this id. */
  function sending(id: string): Promise<Piping> {
    return new Promise((resolve) => {
      const onStart = (message: unknown) => {
        const { request: received, response } = message as Record<"request", http.IncomingMessage> & Piping;
        if (received.headers["x-request-id"] !== id) return;
        unsubscribe("http.server.request.start", onStart);
        response.once("pipe", (source) => resolve({ response, source: source as Piping["source"] }));
      };
      subscribe("http.server.request.start", onStart);
    });
  }

  test.each(["gzip", "br"])("%s: ends the compression, and harms nobody", async (encoding) => {
    for (let caller = 1; caller <= 20; caller += 1) {
      const id = `leaving-${encoding}-${caller}`;
      const begun = sending(id);
      const sent = request(server, PAGE, { "accept-encoding": encoding, "x-request-id": id });
      sent.on("error", () => undefined);
      const { response, source } = await begun;
      expect(response.getHeader("content-encoding")).toBe(encoding);
      const closed = new Promise((resolve) => response.once("close", resolve));
      // The one half of the callers hang up, and the connection of the other half breaks under the server.
      if (caller % 2 === 0) sent.destroy();
      else response.socket!.destroy();
      await closed;
      await eventually(() => source.destroyed || undefined);
    }
    const { text } = await server.fetch("/healthz");
    expect(JSON.parse(text)).toEqual({ status: "ok", unhandledRejections: 0 });
    expect(linesFrom("warn", server.logs).map(({ msg }) => msg)).toEqual([]);
    expect((await ask(PAGE, { "accept-encoding": encoding })).status).toBe(200);
  });

  test("does not hold up a stop", async () => {
    const stopping = await ground.serve();
    const begun = sending("leaving-at-stop");
    const sent = request(stopping, PAGE, { "accept-encoding": "gzip", "x-request-id": "leaving-at-stop" });
    sent.on("error", () => undefined);
    await begun;
    const stopped = stopping.crmesh.close();
    sent.destroy();
    await stopped;
  });

  test("does not cut the answers of others when the server stops", async () => {
    const stopping = await ground.serve();
    const begun = sending("staying-at-stop");
    const answered = ask(PAGE, { "accept-encoding": "gzip", "x-request-id": "staying-at-stop" }, stopping);
    await begun;
    const stopped = stopping.crmesh.close();
    const { status, bytes } = await answered;
    expect([status, JSON.parse(gunzipSync(bytes).toString())]).toMatchObject([200, { data: expect.anything() }]);
    await stopped;
  });
});
