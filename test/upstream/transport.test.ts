import net from "node:net";
import { gzipSync } from "node:zlib";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import { LongNumber } from "../../src/upstream/long-number.js";
import {
  Transport,
  TRANSPORT_DEFAULTS,
  TransportFailure,
  type TransportOptions,
} from "../../src/upstream/transport.js";
import { sendable } from "../../src/upstream/sendable.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { failure, LeapingClock, plainTraits, readOf, scopeOf, writeTo } from "./harness.js";
import { deadOrigin, drop, json, silence, startLocalServer, type LocalServer } from "./local-server.js";
import { anything, text } from "../../src/upstream/decode.js";

const BOUNDS = { remainingMs: 10_000, allowPrivateHosts: true };

describe("the transport", () => {
  let server: LocalServer;
  const transports: Transport[] = [];

  beforeAll(async () => (server = await startLocalServer()));
  afterAll(() => server.close());
  beforeEach(() => {
    server.received.length = 0;
  });
  afterEach(() => {
    for (const transport of transports.splice(0)) transport.close();
  });

  function transportWith(options: Partial<TransportOptions> = {}): Transport {
    const transport = new Transport({ ...TRANSPORT_DEFAULTS, ...options });
    transports.push(transport);
    return transport;
  }

  async function failed(promise: Promise<unknown>): Promise<TransportFailure> {
    const error = await promise.then(
      () => new Error("The call was expected to fail."),
      (reason: unknown) => reason,
    );
    if (error instanceof TransportFailure) return error;
    throw error;
  }

  const said = ({ error, sent }: TransportFailure) => [error.code, error.details.detail, sent];

  describe("answers", () => {
    test.each<[string, string, string | undefined, unknown, boolean]>([
      ["JSON", '{"a":1}', "application/json", { a: 1 }, true],
      ["JSON of a vendor's type", "[1]", "application/vnd.api+json; charset=utf-8", [1], true],
      ["JSON without a type", ' {"a":1}', undefined, { a: 1 }, true],
      ["JSON that says it is text", "[]", "text/html", [], true],
      ["long numbers", '{"a":9007199254740993,"b":1.5}', "application/json", { a: "9007199254740993", b: 1.5 }, true],
      ["a page", "<html></html>", "text/html", "<html></html>", false],
      ["a page that says it is JSON", "<html></html>", "application/json", "<html></html>", false],
      ["broken JSON", '{"a":', "application/json", '{"a":', false],
      ["nothing", "", "application/json", "", false],
    ])("%s", async (_kind, text, type, body, isJson) => {
      server.answer((response) => response.writeHead(200, type ? { "content-type": type } : {}).end(text));
      const response = await transportWith().send(readOf(server.origin), BOUNDS);
      expect(response).toMatchObject({ status: 200, isJson });
      expect(response.body.decode(anything)).toEqual(body);
    });

    test.each([204, 302, 404, 429, 500])("status %i is an answer, not an error", async (status) => {
      server.answer((response) => response.writeHead(status, { location: "/elsewhere", "retry-after": "3" }).end());
      const response = await transportWith().send(readOf(server.origin), BOUNDS);
      expect([response.status, response.headers["retry-after"]]).toEqual([status, "3"]);
      // Nothing is repeated here, and no redirect is followed: it would carry the credential along.
      expect(server.received).toHaveLength(1);
    });

    test("bodies are sent as JSON or as a form", async () => {
      server.answer(json(200, {}));
      const transport = transportWith();
      await transport.send(sendable({ ...writeTo(server.origin), json: { name: "Zoë ✅" } }), BOUNDS);
      const long = { score: new LongNumber("9007199254740993") };
      await transport.send(sendable({ ...writeTo(server.origin), json: long }), BOUNDS);
      const form = { grant_type: "refresh_token", token: "a b&c" };
      await transport.send(sendable({ method: "POST", url: server.origin, form, safe: false }), BOUNDS);
      expect(server.received.map(({ body, headers }) => [headers["content-type"], body])).toEqual([
        ["application/json", '{"name":"Zoë ✅"}'],
        ["application/json", '{"score":9007199254740993}'],
        ["application/x-www-form-urlencoded", "grant_type=refresh_token&token=a+b%26c"],
      ]);
    });

    test("connections are kept alive and reused", async () => {
      const sockets = new Set<unknown>();
      server.answer((response, request) => {
        sockets.add(response.socket);
        json(200, {})(response, request);
      });
      const transport = transportWith();
      for (let count = 0; count < 3; count += 1) await transport.send(readOf(server.origin), BOUNDS);
      expect(sockets.size).toBe(1);
    });
  });

  describe("too large an answer", () => {
    test.each([
      ["whole", (response: { end(text: string): unknown }) => response.end("x".repeat(3_000))],
      [
        "in pieces without a length",
        (response: { write(text: string): unknown }) => {
          for (let count = 0; count < 10; count += 1) response.write("x".repeat(500));
        },
      ],
    ])("is refused: %s", async (_kind, send) => {
      server.answer((response) => void send(response));
      const error = await failed(transportWith({ maxResponseBytes: 2_000 }).send(readOf(server.origin), BOUNDS));
      expect(said(error)).toEqual(["PROVIDER_ERROR", "The CRM’s response is larger than 2000 bytes.", true]);
    });

    test("is refused by its decompressed size", async () => {
      const packed = gzipSync("x".repeat(5_000_000));
      expect(packed.length).toBeLessThan(10_000);
      server.answer((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(packed));
      const error = await failed(transportWith({ maxResponseBytes: 100_000 }).send(readOf(server.origin), BOUNDS));
      expect(said(error)).toEqual(["PROVIDER_ERROR", "The CRM’s response is larger than 100000 bytes.", true]);
    });

    test("an answer of exactly the limit is accepted", async () => {
      server.answer((response) => response.end("x".repeat(2_000)));
      const { body } = await transportWith({ maxResponseBytes: 2_000 }).send(readOf(server.origin), BOUNDS);
      expect(body.decode(text)).toHaveLength(2_000);
    });
  });

  describe("time-outs and broken connections", () => {
    test("no answer", async () => {
      server.answer(silence);
      const error = await failed(transportWith({ timeoutMs: 80 }).send(readOf(server.origin), BOUNDS));
      expect(said(error)).toEqual(["PROVIDER_UNAVAILABLE", "The CRM did not answer in time.", true]);
    });

    test("a body that never ends", async () => {
      server.answer((response) => void response.writeHead(200).write('{"a":'));
      const error = await failed(transportWith({ timeoutMs: 80 }).send(readOf(server.origin), BOUNDS));
      expect(said(error)).toEqual(["PROVIDER_UNAVAILABLE", "The CRM did not answer in time.", true]);
    });

    test("the caller's remaining time limits a request", async () => {
      server.answer(silence);
      const error = await failed(transportWith().send(readOf(server.origin), { ...BOUNDS, remainingMs: 60 }));
      expect(said(error)).toEqual(["PROVIDER_UNAVAILABLE", "The CRM did not answer in time.", true]);
    });

    test("a connection that breaks after the request was sent", async () => {
      server.answer(drop);
      const error = await failed(transportWith().send(writeTo(server.origin), BOUNDS));
      expect(said(error)).toEqual(["PROVIDER_UNAVAILABLE", "The CRM could not be reached.", true]);
    });

    test("a body that breaks off", async () => {
      server.answer((response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("{", () => response.destroy());
      });
      const error = await failed(transportWith().send(readOf(server.origin), BOUNDS));
      expect(said(error)).toEqual(["PROVIDER_UNAVAILABLE", "The CRM could not be reached.", true]);
    });

    test("a connection that is refused: nothing was sent", async () => {
      const error = await failed(transportWith().send(writeTo(await deadOrigin()), BOUNDS));
      expect(said(error)).toEqual(["PROVIDER_UNAVAILABLE", "The CRM could not be reached.", false]);
    });

    test("a name that does not exist: nothing was sent", async () => {
      const error = await failed(transportWith().send(writeTo("http://no-such-host.invalid/"), BOUNDS));
      expect([error.error.code, error.sent]).toEqual(["PROVIDER_UNAVAILABLE", false]);
    });

    test("a server that accepts the connection and never completes TLS: nothing was sent", async () => {
      const mute = net.createServer();
      await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
      const url = `https://127.0.0.1:${(mute.address() as net.AddressInfo).port}/`;
      const sockets: net.Socket[] = [];
      mute.on("connection", (socket) => sockets.push(socket));
      const error = await failed(transportWith({ connectTimeoutMs: 80 }).send(writeTo(url), BOUNDS));
      expect(said(error)).toEqual(["PROVIDER_UNAVAILABLE", "The CRM did not answer in time.", false]);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => mute.close(resolve));
    });

    test("TLS with a server that speaks plain HTTP", async () => {
      const error = await failed(transportWith().send(writeTo(server.origin.replace("http:", "https:")), BOUNDS));
      expect(error.error.code).toBe("PROVIDER_UNAVAILABLE");
      expect(server.received).toHaveLength(0);
    });
  });

  describe("a caller that leaves", () => {
    test("stops a read", async () => {
      const closed = new Promise<void>((resolve) => {
        server.answer((response) => void response.on("close", resolve));
      });
      const leaving = new AbortController();
      const pending = failed(transportWith().send(readOf(server.origin), { ...BOUNDS, signal: leaving.signal }));
      await expectReceived(1);
      leaving.abort();
      expect(said(await pending)).toEqual([
        "SERVICE_UNAVAILABLE",
        "The caller closed the connection before its response was ready.",
        true,
      ]);
      await closed;
    });

    test("does not stop a write", async () => {
      let finish!: () => void;
      server.answer((response, request) => void (finish = () => json(201, { id: 7 })(response, request)));
      const leaving = new AbortController();
      const pending = transportWith().send(writeTo(server.origin), { ...BOUNDS, signal: leaving.signal });
      await expectReceived(1);
      leaving.abort();
      finish();
      const { status, body } = await pending;
      expect([status, body.decode(anything)]).toEqual([201, { id: 7 }]);
    });

    test("starts no read", async () => {
      const signal = AbortSignal.abort();
      const error = await failed(transportWith().send(readOf(server.origin), { ...BOUNDS, signal }));
      expect(error.error.code).toBe("SERVICE_UNAVAILABLE");
      expect(server.received).toHaveLength(0);
    });

    async function expectReceived(count: number): Promise<void> {
      while (server.received.length < count) await new Promise(setImmediate);
    }
  });

  describe("an error", () => {
    const SECRET = "sk-very-secret-0123456789";

    test.each<[string, () => Promise<string>]>([
      ["a refused connection", deadOrigin],
      ["a broken connection", async () => (server.answer(drop), server.origin)],
      ["a time-out", async () => (server.answer(silence), server.origin)],
      ["an answer that is too large", async () => (server.answer(json(200, SECRET.repeat(1000))), server.origin)],
      ["500 with a body", async () => (server.answer(json(500, { debug: SECRET })), server.origin)],
      ["an impossible address", async () => "http://no-such-host.invalid"],
    ])("%s contains no URL, header or body", async (_kind, prepare) => {
      const origin = await prepare();
      const client = new UpstreamClient({
        clock: new LeapingClock(),
        transport: { timeoutMs: 80, maxResponseBytes: 10_000 },
      });
      const request = {
        ...writeTo(`${origin}/path-of-mine?email=ann%40private.example`),
        headers: { authorization: `Bearer ${SECRET}` },
        json: { password: SECRET },
      };
      const error = await failure(client.send(request, scopeOf(), plainTraits));
      client.close();
      const told = [
        error.message,
        error.stack,
        JSON.stringify(error),
        inspect(error, { depth: 20, showHidden: true }),
      ].join();
      for (const leak of [SECRET, "ann%40private.example", "path-of-mine", "authorization", "no-such-host"]) {
        expect(told).not.toContain(leak);
      }
      expect(error).toBeInstanceOf(CrmError);
      expect(error.cause).toBeUndefined();
    });
  });
});
