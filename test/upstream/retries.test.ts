import http from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../src/upstream/clock.js";
import type { UpstreamCall } from "../../src/upstream/request.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { failure, LeapingClock, plainTraits, readOf, scopeOf, StillClock, writeTo } from "./harness.js";
import { passTimeouts } from "../support/time-outs.js";
import { deadOrigin, drop, json, startLocalServer, type LocalServer } from "./local-server.js";
import { anything } from "../../src/upstream/decode.js";

/** Within the deadline of `scopeOf`; nobody waits for it. */
const TIMEOUT_MS = 30_000;

describe("retries", () => {
  let server: LocalServer;
  let clock: LeapingClock;
  let client: UpstreamClient;
  let calls: UpstreamCall[];

  beforeAll(async () => (server = await startLocalServer()));
  afterAll(() => server.close());
  beforeEach(() => {
    server.received.length = 0;
    calls = [];
    clock = new LeapingClock();
    client = new UpstreamClient({ clock, random: () => 0.5, transport: { timeoutMs: TIMEOUT_MS } });
  });
  afterEach(() => client.close());

  const read = (path = "/read") =>
    client.send(readOf(server.origin + path), scopeOf({ onCall: (call) => calls.push(call) }), plainTraits);
  const write = (path = "/write") =>
    client.send(writeTo(server.origin + path), scopeOf({ onCall: (call) => calls.push(call) }), plainTraits);

  test("a read with status 503 is repeated, with growing waits", async () => {
    server.answer(json(503, {}), json(503, {}), json(200, [1, 2]));
    expect((await read()).body.decode(anything)).toEqual([1, 2]);
    expect(clock.slept).toEqual([100, 200]);
    expect(calls.map(({ attempt, status, records }) => [attempt, status, records])).toEqual([
      [1, 503, null],
      [2, 503, null],
      [3, 200, 2],
    ]);
  });

  test("a read is given up after three attempts", async () => {
    server.answer(json(503, {}));
    expect((await failure(read())).code).toBe("PROVIDER_UNAVAILABLE");
    expect(server.received).toHaveLength(3);
  });

  test("a read whose connection breaks is repeated", async () => {
    server.answer(drop, json(200, { ok: true }));
    expect((await read()).body.decode(anything)).toEqual({ ok: true });
    expect(calls.map(({ status }) => status)).toEqual([null, 200]);
  });

  test("a read that times out is repeated", async () => {
    const { status } = await passTimeouts(TIMEOUT_MS, (pass) => {
      server.answer(pass, json(200, {}));
      return read();
    });
    expect(status).toBe(200);
    expect(server.received).toHaveLength(2);
  });

  test("a POST marked as safe is repeated, too", async () => {
    server.answer(json(502, {}), json(200, {}));
    const request = { ...writeTo(`${server.origin}/search`), safe: true };
    expect((await client.send(request, scopeOf(), plainTraits)).status).toBe(200);
    expect(server.received.map(({ body }) => body)).toEqual(['{"name":"Ann"}', '{"name":"Ann"}']);
  });

  test.each([
    ["503", json(503, {}), "PROVIDER_UNAVAILABLE"],
    ["500", json(500, {}), "PROVIDER_ERROR"],
    ["a broken connection", drop, "PROVIDER_UNAVAILABLE"],
    ["silence", null, "PROVIDER_UNAVAILABLE"],
  ])("a write that was sent is never repeated: %s gives the outcome UNKNOWN", async (_kind, answer, code) => {
    const error = await passTimeouts(TIMEOUT_MS, (pass) => {
      server.answer(answer ?? pass);
      return failure(write());
    });
    expect([error.code, error.details.outcome]).toEqual([code, "UNKNOWN"]);
    expect(server.received).toHaveLength(1);
  });

  test("a write with an unreadable answer has the outcome UNKNOWN", async () => {
    server.answer((response) => response.writeHead(302, { location: "/elsewhere" }).end());
    const error = await failure(write());
    expect([error.code, error.details.outcome]).toEqual(["PROVIDER_ERROR", "UNKNOWN"]);
    expect(server.received).toHaveLength(1);
  });

  test.each([400, 401, 404, 409, 422])("a write refused with %i has no outcome", async (status) => {
    server.answer(json(status, {}));
    const error = await failure(write());
    expect(error.details.outcome).toBeUndefined();
    expect(server.received).toHaveLength(1);
  });

  test("a write whose connection is refused is repeated, then has the outcome NOT_SENT", async () => {
    const error = await failure(
      client.send(writeTo(`${await deadOrigin()}/write`), scopeOf({ onCall: (call) => calls.push(call) }), plainTraits),
    );
    expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", "NOT_SENT"]);
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  test("a write whose connection was refused at first goes through when the CRM is back", async () => {
    const dead = await deadOrigin();
    const late = http.createServer((_request, response) => response.writeHead(201).end("{}"));
    const listen = () => new Promise<void>((resolve) => late.listen(Number(new URL(dead).port), "127.0.0.1", resolve));
    const patient = new UpstreamClient({ clock: { ...systemClock, sleep: listen } });
    expect((await patient.send(writeTo(`${dead}/write`), scopeOf(), plainTraits)).status).toBe(201);
    patient.close();
    late.closeAllConnections();
    await new Promise((resolve) => late.close(resolve));
  });

  test("a write with a short rate limit is repeated", async () => {
    server.answer(json(429, {}, { "retry-after": "1" }), json(201, { id: 1 }));
    expect((await write()).status).toBe(201);
    expect(clock.slept).toEqual([1_000]);
  });

  test("a short Retry-After is waited for", async () => {
    server.answer(json(503, {}, { "retry-after": "2" }), json(200, {}));
    await read();
    expect(clock.slept).toEqual([2_000]);
  });

  test("a long Retry-After is reported at once", async () => {
    server.answer(json(429, {}, { "retry-after": "9" }));
    const error = await failure(read());
    expect([error.code, error.details.retryAfter]).toEqual(["PROVIDER_RATE_LIMITED", 9]);
    expect(clock.slept).toEqual([]);
    expect(server.received).toHaveLength(1);
  });

  test("no wait exceeds the caller's deadline", async () => {
    server.answer(json(429, {}, { "retry-after": "3" }));
    // No time goes by before the answer is there, however long it takes.
    const still = new StillClock();
    const hasty = new UpstreamClient({ clock: still, random: () => 0.5 });
    const error = await passTimeouts(0, () =>
      failure(
        hasty.send(
          readOf(server.origin),
          scopeOf({ deadline: still.now() + 2_900, now: () => still.now() }),
          plainTraits,
        ),
      ),
    );
    hasty.close();
    expect(error.code).toBe("PROVIDER_RATE_LIMITED");
    expect(still.slept).toEqual([]);
  });

  test("after the deadline nothing is sent", async () => {
    const error = await failure(
      client.send(writeTo(server.origin), scopeOf({ deadline: performance.now() - 1 }), plainTraits),
    );
    expect([error.code, error.details.outcome]).toEqual(["SERVICE_UNAVAILABLE", "NOT_SENT"]);
    expect(server.received).toHaveLength(0);
  });

  test("every error names the provider and the connection", async () => {
    server.answer(json(404, {}));
    expect((await failure(read())).details).toMatchObject({ provider: "plain", connectionId: "connection-1" });
    const before = await failure(client.send(readOf(server.origin), scopeOf({ connectionId: null }), plainTraits));
    expect(before.details).not.toHaveProperty("connectionId");
  });

  test("a call record has no query string, which may contain personal data", async () => {
    server.answer(json(200, []));
    await read("/people?email=ann%40example.com");
    expect(calls).toEqual([
      {
        provider: "plain",
        connectionId: "connection-1",
        method: "GET",
        path: "/people",
        status: 200,
        attempt: 1,
        durationMs: expect.any(Number),
        records: 0,
      },
    ]);
  });

  test("headers of the scope are sent together with the credential", async () => {
    server.answer(json(200, {}));
    const request = { ...readOf(server.origin), headers: { authorization: "Bearer t" } };
    await client.send(request, scopeOf({ headers: { "x-sandbox-fault": "SLOW" } }), plainTraits);
    expect(server.received[0]!.headers).toMatchObject({
      authorization: "Bearer t",
      "x-sandbox-fault": "SLOW",
      "user-agent": "crmesh",
      accept: "application/json",
    });
  });
});
