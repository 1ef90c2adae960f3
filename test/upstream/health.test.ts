import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import { CIRCUIT_DEFAULTS } from "../../src/upstream/circuit.js";
import type { UpstreamTraits } from "../../src/upstream/request.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { failure, plainTraits, readOf, scopeOf, StillClock, writeTo, type ScopeChanges } from "./harness.js";
import { json, startLocalServer, type LocalServer } from "./local-server.js";

const WINDOW_MS = 10_000;

const stating: UpstreamTraits = {
  ...plainTraits,
  rateLimit: ({ headers }) =>
    headers["x-limit"] === undefined
      ? undefined
      : { limit: Number(headers["x-limit"]), remaining: Number(headers["x-remaining"]), windowMs: WINDOW_MS },
};

describe("the health of a connection", () => {
  let server: LocalServer;
  let client: UpstreamClient;
  let clock: StillClock;
  beforeAll(async () => (server = await startLocalServer()));
  afterAll(() => server.close());
  beforeEach(() => {
    clock = new StillClock();
    client = new UpstreamClient({ clock });
  });
  afterEach(() => client.close());

  const scope = (changes: ScopeChanges = {}) =>
    scopeOf({ deadline: clock.now() + 60_000, now: () => clock.now(), ...changes });
  const read = (changes: ScopeChanges = {}, traits: UpstreamTraits = stating) =>
    client.send(readOf(`${server.origin}/read`), scope(changes), traits);

  test("health is empty before the first call, and reading it changes nothing", () => {
    const unknown = { circuit: "CLOSED", providerCircuit: "CLOSED", retryAfterMs: 0, rateLimit: null, lastError: null };
    expect(client.health(scope())).toEqual(unknown);
    expect(client.health(scope())).toEqual(unknown);
  });

  describe("the rate limit", () => {
    test("is the last limit that the CRM stated for that account", async () => {
      server.answer(
        json(200, {}, { "x-limit": "100", "x-remaining": "42" }),
        json(200, {}, { "x-limit": "100", "x-remaining": "41" }),
      );
      await read();
      clock.leap(1_000);
      await read();
      const rateLimit = { limit: 100, remaining: 41, resetsAt: clock.now() + WINDOW_MS };
      expect(client.health(scope()).rateLimit).toEqual(rateLimit);
      expect(client.health(scope({ paceKey: "other" })).rateLimit).toBeNull();
    });

    test("stays if an answer states no limit", async () => {
      server.answer(json(200, {}, { "x-limit": "100", "x-remaining": "42" }), json(200, {}));
      await read();
      await read();
      expect(client.health(scope()).rateLimit?.remaining).toBe(42);
    });

    test("has no remaining count after its window", async () => {
      server.answer(json(200, {}, { "x-limit": "100", "x-remaining": "0" }));
      await read();
      clock.leap(WINDOW_MS);
      expect(client.health(scope()).rateLimit).toEqual({ limit: 100, remaining: null, resetsAt: null });
    });

    test("of a daily allowance has no reset time", async () => {
      server.answer(json(200, {}));
      await read({}, { ...plainTraits, rateLimit: () => ({ limit: 15_000, remaining: 14_982, windowMs: null }) });
      clock.leap(3_600_000);
      expect(client.health(scope()).rateLimit).toEqual({ limit: 15_000, remaining: 14_982, resetsAt: null });
    });

    test("is read from error answers, too", async () => {
      server.answer(json(404, {}, { "x-limit": "100", "x-remaining": "7" }));
      await failure(read());
      expect(client.health(scope()).rateLimit?.remaining).toBe(7);
    });

    test.each([-2, 2])("and the last error keep their times if the clock is set by %d hours", async (hours) => {
      server.answer(json(400, {}, { "x-limit": "100", "x-remaining": "7" }), json(500, {}));
      await failure(read());
      await failure(client.send(writeTo(`${server.origin}/write`), scope(), plainTraits));
      clock.leap(1_000);
      clock.set(hours * 3_600_000);
      const health = client.health(scope());
      expect(health.rateLimit).toEqual({ limit: 100, remaining: 7, resetsAt: clock.now() + WINDOW_MS - 1_000 });
      expect(health.lastError).toEqual({ code: "PROVIDER_ERROR", at: clock.now() - 1_000 });
      clock.leap(WINDOW_MS - 1_000);
      expect(client.health(scope()).rateLimit?.resetsAt).toBeNull();
    });

    const most = 2 ** 31 - 1;
    test.each<[limit: number, remaining: number, windowMs: number, told: unknown]>([
      [1e12, 1e12, WINDOW_MS, { limit: most, remaining: most, windowMs: WINDOW_MS }],
      [Infinity, 2.9, 1e15, { limit: most, remaining: 2, windowMs: 86_400_000 }],
      [100.7, -1, 0, { limit: 100, remaining: null, windowMs: null }],
      [100, NaN, -1, { limit: 100, remaining: null, windowMs: null }],
      [100, Infinity, NaN, { limit: 100, remaining: most, windowMs: null }],
      [0, 0, WINDOW_MS, null],
      [0.5, 0, WINDOW_MS, null],
      [-1, 0, WINDOW_MS, null],
      [NaN, 0, WINDOW_MS, null],
    ])(
      "of %p with %p left in %p ms is told within the bounds of an Int and a day",
      async (limit, remaining, windowMs, told) => {
        server.answer(json(200, {}));
        await read({}, { ...plainTraits, rateLimit: () => ({ limit, remaining, windowMs }) });
        const seen = client.health(scope()).rateLimit;
        const shown = seen && {
          limit: seen.limit,
          remaining: seen.remaining,
          windowMs: seen.resetsAt === null ? null : seen.resetsAt - clock.now(),
        };
        expect(shown).toEqual(told);
      },
    );

    test("of an injected fault is ignored", async () => {
      server.answer(json(200, {}, { "x-limit": "100", "x-remaining": "42" }));
      await read({ remember: false });
      expect(client.health(scope()).rateLimit).toBeNull();
    });
  });

  describe("the last error", () => {
    const lastError = (changes: ScopeChanges = {}) => client.health(scope(changes)).lastError;

    test.each([
      [401, "PROVIDER_AUTH_FAILED"],
      [429, "PROVIDER_RATE_LIMITED"],
      [500, "PROVIDER_ERROR"],
      [503, "PROVIDER_UNAVAILABLE"],
      [403, "PROVIDER_ERROR"],
    ])("%d is remembered for that connection only", async (status, code) => {
      server.answer(json(status, {}, { "retry-after": "60" }));
      await failure(read());
      expect(lastError()).toEqual({ code, at: clock.now() });
      expect(lastError({ connectionId: "other", paceKey: "other" })).toBeNull();
      expect(lastError({ connectionId: null })).toBeNull();
    });

    test("stays with its time after a success", async () => {
      server.answer(json(500, {}), json(500, {}), json(500, {}), json(200, {}));
      await failure(read());
      const at = clock.now();
      clock.leap(5_000);
      await read();
      expect(lastError()).toEqual({ code: "PROVIDER_ERROR", at });
    });

    test("is not set by a failure that a retry resolved", async () => {
      server.answer(json(503, {}), json(200, {}));
      await read();
      expect(lastError()).toBeNull();
    });

    test.each([
      ["a record that is not there", 404],
      ["a fault of the caller", 400],
    ])("is not set by %s", async (_what, status) => {
      server.answer(json(status, {}));
      await failure(read());
      expect(lastError()).toBeNull();
    });

    test("is not set by an internal error", async () => {
      server.answer(json(200, {}));
      await failure(read({ deadline: clock.now() }));
      const bug: UpstreamTraits = {
        ...plainTraits,
        classify: () => {
          throw new TypeError("undefined is not a function");
        },
      };
      await expect(read({}, bug)).rejects.toBeInstanceOf(TypeError);
      expect(lastError()).toBeNull();
    });

    test("is not set by an injected fault or a call without a connection", async () => {
      server.answer(json(500, {}));
      await failure(read({ remember: false }));
      await failure(read({ connectionId: null }));
      expect(lastError()).toBeNull();
    });

    test("has a code and a time, and no text of the CRM", async () => {
      const traits: UpstreamTraits = {
        ...plainTraits,
        classify: () => new CrmError("NEEDS_REAUTH", { detail: "secret", upstream: { status: 400, code: "secret" } }),
      };
      server.answer(json(400, { error: "secret" }));
      await failure(read({}, traits));
      expect(JSON.stringify(client.health(scope()))).not.toContain("secret");
      expect(lastError()?.code).toBe("NEEDS_REAUTH");
    });
  });

  describe("the circuit", () => {
    const { failures, halfOpenAfterMs } = CIRCUIT_DEFAULTS;
    const write = () => client.send(writeTo(`${server.origin}/write`), scope(), plainTraits);

    test("has the time until the next probe", async () => {
      server.answer(json(503, {}));
      for (let count = 0; count < failures; count += 1) await failure(write());
      clock.leap(4_000);
      const health = client.health(scope());
      expect([health.circuit, health.retryAfterMs]).toEqual(["OPEN", halfOpenAfterMs - 4_000]);
      expect(client.health(scope({ circuitKey: "plain elsewhere" })).circuit).toBe("CLOSED");
      await failure(write());
      expect(client.health(scope()).lastError?.code).toBe("CIRCUIT_OPEN");

      clock.leap(halfOpenAfterMs);
      const waiting = client.health(scope());
      expect([waiting.circuit, waiting.retryAfterMs]).toEqual(["HALF_OPEN", 0]);
      server.answer(json(200, {}));
      await write();
      expect(client.health(scope()).circuit).toBe("CLOSED");
    });
  });
});
