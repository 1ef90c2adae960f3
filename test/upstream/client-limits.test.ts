import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { CallBound } from "../../src/upstream/call-bound.js";
import { CIRCUIT_DEFAULTS } from "../../src/upstream/circuit.js";
import { systemClock } from "../../src/upstream/clock.js";
import { ORIGIN_CIRCUIT_DEFAULTS } from "../../src/upstream/origin-circuit.js";
import type { PaceLedger } from "../../src/upstream/pace-ledger.js";
import type { UpstreamTraits } from "../../src/upstream/request.js";
import { UpstreamClient, type UpstreamClientOptions } from "../../src/upstream/upstream-client.js";
import { MovedClock } from "../support/moved-clock.js";
import { failure, LeapingClock, plainTraits, readOf, scopeOf, writeTo } from "./harness.js";
import { json, silence, startLocalServer, type Answer, type LocalServer } from "./local-server.js";

/** Limits, bulkhead and circuit as the whole client applies them. */
describe("the client's limits", () => {
  let server: LocalServer;
  let clock: LeapingClock;
  const clients: UpstreamClient[] = [];

  beforeAll(async () => (server = await startLocalServer()));
  afterAll(() => server.close());
  beforeEach(() => {
    server.received.length = 0;
    clock = new LeapingClock();
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  function clientWith(options: UpstreamClientOptions = {}): UpstreamClient {
    const client = new UpstreamClient({ clock, random: () => 0.5, ...options });
    clients.push(client);
    return client;
  }

  const read = (client: UpstreamClient, changes: Parameters<typeof scopeOf>[0] = {}, traits = plainTraits) =>
    client.send(readOf(`${server.origin}/read`), scopeOf(changes), traits);
  const write = (client: UpstreamClient, changes: Parameters<typeof scopeOf>[0] = {}, traits = plainTraits) =>
    client.send(writeTo(`${server.origin}/write`), scopeOf(changes), traits);

  describe("pacing", () => {
    const paced: UpstreamTraits = { ...plainTraits, rateRules: [{ requests: 2, perMs: 60_000 }] };
    /** A caller who leaves before the next call may be sent. */
    const hurried = () => ({ paced: true, deadline: performance.now() + 30_000 });

    test("the client stays within the limit, so that the CRM refuses nothing", async () => {
      server.answer(json(200, {}));
      const client = clientWith();
      await read(client, { paced: true }, paced);
      await read(client, { paced: true }, paced);
      const error = await failure(write(client, hurried(), paced));
      expect([error.code, error.details.outcome]).toEqual(["PROVIDER_RATE_LIMITED", "NOT_SENT"]);
      expect(error.details.retryAfter).toBeGreaterThan(50);
      expect(server.received).toHaveLength(2);
    });

    test("the sandbox is not paced", async () => {
      server.answer(json(200, {}));
      const client = clientWith();
      for (let count = 0; count < 5; count += 1) await read(client, { paced: false }, paced);
      expect(server.received).toHaveLength(5);
    });

    test("a limit in the CRM's headers is applied", async () => {
      const stating: UpstreamTraits = {
        ...paced,
        rateLimit: ({ headers }) => ({ limit: Number(headers["x-limit"]), remaining: null, windowMs: 60_000 }),
      };
      server.answer(json(200, {}, { "x-limit": "4" }));
      const client = clientWith();
      for (let count = 0; count < 4; count += 1) await read(client, { paced: true }, stating);
      expect((await failure(read(client, hurried(), stating))).code).toBe("PROVIDER_RATE_LIMITED");
    });

    test("a limit without a time window does not delay calls", async () => {
      const stating: UpstreamTraits = {
        ...paced,
        rateRules: [],
        rateLimit: () => ({ limit: 1, remaining: 0, windowMs: null }),
      };
      server.answer(json(200, {}));
      const client = clientWith();
      for (let count = 0; count < 3; count += 1) await read(client, { paced: true }, stating);
      expect(server.received).toHaveLength(3);
    });

    test("a rate limit error delays later calls of that account only", async () => {
      server.answer(json(429, {}, { "retry-after": "30" }), json(200, {}));
      const client = clientWith();
      expect((await failure(read(client, { paced: true }, paced))).details.retryAfter).toBe(30);
      const next = await failure(read(client, { paced: true }, paced));
      expect(next.details.retryAfter).toBeGreaterThan(25);
      expect(server.received).toHaveLength(1);
      expect((await read(client, { paced: true, paceKey: "other" }, paced)).status).toBe(200);
    });

    describe("a call whose time ends before its turn", () => {
      const limit = { ms: 150, setBy: "test" };
      /** Says again and again that the turn comes soon. */
      const soon = (): PaceLedger => ({
        take: () => 20,
        end: () => undefined,
        giveBack: () => undefined,
        note: () => undefined,
        block: () => undefined,
      });

      test.each([
        ["the connection’s time limit", () => new CallBound({ deadline: Infinity, limit })],
        ["the operation’s deadline", () => new CallBound({ deadline: performance.now() + 150 })],
      ])("is told the limit, and no fault of the CRM’s: %s", async (_end, boundOf) => {
        const client = clientWith({ clock: systemClock, ledger: soon() });
        for (const call of [read, write]) {
          const error = await failure(call(client, { paced: true, bound: boundOf() }, paced));
          expect([error.code, error.details.outcome]).toEqual(["PROVIDER_RATE_LIMITED", "NOT_SENT"]);
          expect(error.details.retryAfter).toBeGreaterThan(0);
        }
        expect(server.received).toHaveLength(0);
        expect(client.health(scopeOf()).circuit).toBe("CLOSED");
      });

      test("nor if its answer does not come in the little time that is left", async () => {
        server.answer(silence);
        let asked = 0;
        const ledger = { ...soon(), take: () => ((asked += 1) === 1 ? 280 : 0) };
        const client = clientWith({ clock: systemClock, ledger });
        const bound = new CallBound({ deadline: Infinity, limit: { ...limit, ms: 400 } });
        const error = await failure(read(client, { paced: true, bound }, paced));
        expect(error.code).toBe("PROVIDER_RATE_LIMITED");
        expect(error.details.retryAfter).toBe(1);
      });

      test("but a CRM that takes the time is told", async () => {
        server.answer(silence);
        const client = clientWith({ clock: systemClock });
        const bound = new CallBound({ deadline: Infinity, limit });
        expect((await failure(read(client, { paced: true, bound }, paced))).code).toBe("PROVIDER_UNAVAILABLE");
      });
    });

    test("calls that wait for their turn keep none of the places of others", async () => {
      const traits = { ...plainTraits, rateRules: [{ lane: "search", requests: 1, perMs: 60_000 }] };
      const held = { ...systemClock, sleep: () => new Promise<void>(() => undefined) };
      const client = clientWith({ clock: held, bulkhead: { concurrent: 1, waiting: 0 }, shares: { perOrigin: 1 } });
      server.answer(json(200, {}));
      const gone = new AbortController();
      const scope = () => scopeOf({ paced: true, signal: gone.signal, deadline: Infinity });
      const search = () => client.send({ ...readOf(`${server.origin}/search`), lane: "search" }, scope(), traits);
      await search();
      const waiting = failure(search());
      await new Promise(setImmediate);
      expect((await read(client, { paced: true }, traits)).status).toBe(200);
      gone.abort();
      expect((await waiting).code).toBe("SERVICE_UNAVAILABLE");
    });

    test("each attempt of a call counts, and none is made that the limit does not allow", async () => {
      server.answer(json(503, {}));
      const client = clientWith();
      const error = await failure(read(client, { paced: true }, paced));
      // The CRM's own answer, not a wait of crmesh's.
      expect([error.code, error.details.upstream?.status]).toEqual(["PROVIDER_UNAVAILABLE", 503]);
      expect(server.received).toHaveLength(2);
    });

    test("a call that waited does not cost the circuit of its connection its probe", async () => {
      const once = { ...plainTraits, rateRules: [{ requests: CIRCUIT_DEFAULTS.failures, perMs: 60_000 }] };
      const moved = new MovedClock();
      const client = clientWith({ clock: moved });
      server.answer(json(500, {}));
      for (let count = 0; count < CIRCUIT_DEFAULTS.failures; count += 1) {
        await failure(write(client, { paced: true }, once));
      }
      expect(client.health(scopeOf()).circuit).toBe("OPEN");
      moved.move(CIRCUIT_DEFAULTS.halfOpenAfterMs);
      const deadline = performance.now() + 5_000;
      expect((await failure(write(client, { paced: true, deadline }, once))).code).toBe("PROVIDER_RATE_LIMITED");
      expect(client.health(scopeOf()).circuit).toBe("HALF_OPEN");
    });

    test("a call whose answer does not come counts from when it was handed over to its connection", async () => {
      const rule = { requests: 1, perMs: 100 };
      server.answer(silence, json(200, {}));
      const client = clientWith({ clock: systemClock });
      const gone = new AbortController();
      const hanging = failure(
        read(client, { paced: true, signal: gone.signal }, { ...plainTraits, rateRules: [rule] }),
      );
      while (server.received.length < 1) await new Promise(setImmediate);
      // Without that, it would wait until the first one ends, after ten seconds.
      const next = await read(client, { paced: true }, { ...plainTraits, rateRules: [rule] });
      expect(next.status).toBe(200);
      gone.abort();
      await hanging;
    });

    test("limits from injected faults are ignored", async () => {
      server.answer(json(429, {}, { "retry-after": "30" }), json(200, {}));
      const client = clientWith();
      await failure(read(client, { paced: true, remember: false }, paced));
      expect((await read(client, { paced: true }, paced)).status).toBe(200);
    });
  });

  describe("the bulkhead", () => {
    /** Holds every answer back until the gate opens. */
    function gate(): { answer: Answer; open: () => void } {
      const held: (() => void)[] = [];
      let isOpen = false;
      return {
        answer: (response, request) => {
          const go = () => json(200, {})(response, request);
          if (isOpen) go();
          else held.push(go);
        },
        open() {
          isOpen = true;
          for (const go of held.splice(0)) go();
        },
      };
    }

    test("calls beyond the concurrency limit wait, and calls beyond the queue limit are refused", async () => {
      const { answer, open } = gate();
      server.answer(answer);
      const client = clientWith({ bulkhead: { concurrent: 2, waiting: 1 } });
      const admitted = [read(client), read(client), read(client)];
      const error = await failure(write(client));
      expect([error.code, error.details.retryAfter, error.details.outcome]).toEqual([
        "SERVICE_UNAVAILABLE",
        1,
        "NOT_SENT",
      ]);
      expect(error.details).toMatchObject({ provider: "plain", connectionId: "connection-1" });
      expect((await failure(read(client))).details.outcome).toBeUndefined();
      // Another account is not concerned.
      const other = read(client, { paceKey: "other" });
      open();
      await Promise.all([...admitted, other]);
      expect(server.received).toHaveLength(4);
    });
  });

  describe("a wait that outlasts its caller", () => {
    /** A bound that ends when the test says so. */
    function leaving() {
      const gone = new AbortController();
      return { signal: gone.signal, leave: () => gone.abort() };
    }
    const received = async (count: number) => {
      while (server.received.length < count) await new Promise(setImmediate);
    };

    test("in the queue behind hanging calls ends, and its call is never sent", async () => {
      server.answer(silence);
      const client = clientWith({ bulkhead: { concurrent: 2, waiting: 1 } });
      const [patient, hasty] = [leaving(), leaving()];
      const hanging = [1, 2].map(() => failure(read(client, { signal: patient.signal })));
      await received(2);
      const queued = failure(write(client, { signal: hasty.signal }));
      hasty.leave();
      const { code, details } = await queued;
      expect([code, details.outcome, details.provider]).toEqual(["SERVICE_UNAVAILABLE", "NOT_SENT", "plain"]);
      // Its place is free again.
      server.answer(json(200, {}));
      const next = read(client);
      patient.leave();
      await Promise.all(hanging);
      expect((await next).status).toBe(200);
      expect(server.received.map(({ method }) => method)).toEqual(["GET", "GET", "GET"]);
    });

    test("for pacing ends", async () => {
      const never = { ...systemClock, sleep: () => new Promise<void>(() => undefined) };
      const client = clientWith({ clock: never });
      const traits: UpstreamTraits = { ...plainTraits, rateRules: [{ requests: 1, perMs: 2_000 }] };
      server.answer(json(200, {}));
      await read(client, { paced: true }, traits);
      const { signal, leave } = leaving();
      const paced = failure(read(client, { paced: true, signal }, traits));
      leave();
      expect((await paced).code).toBe("SERVICE_UNAVAILABLE");
      expect(server.received).toHaveLength(1);
    });

    test("for another attempt ends; earlier failures count against the circuit", async () => {
      const slept: AbortSignal[] = [];
      const never = {
        ...systemClock,
        sleep: (_ms: number, signal?: AbortSignal) => (slept.push(signal!), new Promise<void>(() => undefined)),
      };
      const client = clientWith({ clock: never });
      server.answer(json(503, {}));
      for (let count = 0; count < CIRCUIT_DEFAULTS.failures; count += 1) {
        const { signal, leave } = leaving();
        const waiting = failure(read(client, { signal }));
        while (slept.length <= count) await new Promise(setImmediate);
        leave();
        expect((await waiting).code).toBe("SERVICE_UNAVAILABLE");
        expect(slept[count]!.aborted).toBe(true);
      }
      expect((await failure(read(client))).code).toBe("CIRCUIT_OPEN");
    });

    const limit = { ms: 1_000, setBy: "test" };

    test.each([
      ["the connection’s time limit", () => new CallBound({ deadline: Infinity, limit: { ...limit, ms: 30 } })],
      ["the operation’s deadline", () => new CallBound({ deadline: performance.now() + 30 })],
    ])("for the answer ends at %s, which does not count against the circuit", async (_end, boundOf) => {
      server.answer(silence);
      const client = clientWith();
      for (let count = 0; count < 2 * CIRCUIT_DEFAULTS.failures; count += 1) {
        await failure(read(client, { bound: boundOf() }));
      }
      expect(client.health(scopeOf())).toMatchObject({ circuit: "CLOSED", lastError: null });
      server.answer(json(200, {}));
      expect((await read(client)).status).toBe(200);
    });

    test("for the answer to a write ends at the operation’s deadline, which does not count against the circuit", async () => {
      server.answer(silence);
      const client = clientWith();
      for (let count = 0; count < 2 * CIRCUIT_DEFAULTS.failures; count += 1) {
        const { code, details } = await failure(
          write(client, { bound: new CallBound({ deadline: performance.now() + 50 }) }),
        );
        expect([code, details.outcome]).toEqual(
          code === "SERVICE_UNAVAILABLE" ? [code, "NOT_SENT"] : ["PROVIDER_UNAVAILABLE", "UNKNOWN"],
        );
      }
      expect(client.health(scopeOf()).circuit).toBe("CLOSED");
    });

    test("for the answer ends at the transport’s own time-out, which counts against the circuit", async () => {
      server.answer(silence);
      const client = clientWith({ transport: { timeoutMs: 20 } });
      for (let count = 0; count < CIRCUIT_DEFAULTS.failures; count += 1) {
        expect((await failure(write(client))).code).toBe("PROVIDER_UNAVAILABLE");
      }
      expect((await failure(write(client))).code).toBe("CIRCUIT_OPEN");
    });

    test("a write that has begun has the full time of the transport, whatever time its caller has left", async () => {
      const { signal, leave } = leaving();
      const bound = new CallBound({ deadline: Infinity, limit, signal });
      let finish!: () => void;
      server.answer((response, request) => void (finish = () => json(201, { id: 7 })(response, request)));
      const client = clientWith();
      const written = bound.write(async () => {
        const first = await write(client, { bound });
        return [first.status, (await read(client, { bound })).status];
      });
      await received(1);
      leave();
      // Longer than the connection's time, as a call shows that is bound by the same.
      server.answer(silence);
      await failure(read(client, { bound: new CallBound({ deadline: Infinity, limit }) }));
      server.answer(json(200, {}));
      finish();
      expect(await written).toEqual([201, 200]);
      expect((await failure(read(client, { bound }))).code).toBe("SERVICE_UNAVAILABLE");
    });
  });

  describe("the circuit", () => {
    const { failures, halfOpenAfterMs } = CIRCUIT_DEFAULTS;
    let moved: MovedClock;
    const clientWith = () => {
      moved = new MovedClock();
      const client = new UpstreamClient({ clock: moved });
      clients.push(client);
      return client;
    };

    async function breakIt(client: UpstreamClient, changes: Parameters<typeof scopeOf>[0] = {}): Promise<void> {
      server.answer(json(503, {}));
      for (let count = 0; count < failures; count += 1) await failure(read(client, changes));
    }

    test("a request counts once, after its retries", async () => {
      server.answer(json(503, {}));
      const client = clientWith();
      for (let count = 1; count < failures; count += 1) await failure(read(client));
      expect(server.received).toHaveLength((failures - 1) * 3);
      server.answer(json(200, {}));
      expect((await read(client)).status).toBe(200);
    });

    test("when open, it refuses reads and writes without a call and with the remaining time", async () => {
      const client = clientWith();
      await breakIt(client);
      server.received.length = 0;
      server.answer(json(200, {}));
      moved.move(4_000);
      const reading = await failure(read(client));
      expect(reading.details).toEqual({
        retryAfter: (halfOpenAfterMs - 4_000) / 1000,
        provider: "plain",
        connectionId: "connection-1",
      });
      const writing = await failure(write(client));
      expect([writing.code, writing.details.outcome]).toEqual(["CIRCUIT_OPEN", "NOT_SENT"]);
      expect(server.received).toHaveLength(0);
      moved.move(halfOpenAfterMs);
      expect((await read(client)).status).toBe(200);
    });

    test("each connection has its own circuit at each origin", async () => {
      const client = clientWith();
      await breakIt(client);
      server.answer(json(200, {}));
      expect((await failure(read(client))).code).toBe("CIRCUIT_OPEN");
      expect((await read(client, { circuitKey: "plain connection-2", connectionId: "connection-2" })).status).toBe(200);
      expect((await read(client, { circuitKey: "elsewhere connection-1", originKey: "elsewhere" })).status).toBe(200);
    });

    const of = (workspace: string, user: string) => ({
      workspaceId: workspace,
      endUserId: user,
      connectionId: user,
      circuitKey: `plain ${user}`,
      paceKey: user,
    });

    test("three end users of two workspaces open the circuit of the origin for everybody", async () => {
      const client = clientWith();
      for (const one of [of("a", "a1"), of("a", "a2"), of("b", "b1")]) await breakIt(client, one);
      server.received.length = 0;
      server.answer(json(200, {}));
      const { code, details } = await failure(read(client, of("c", "c1")));
      expect([code, details.retryAfter]).toEqual(["CIRCUIT_OPEN", halfOpenAfterMs / 1000]);
      expect(server.received).toHaveLength(0);
      expect(client.health(scopeOf(of("c", "c1")))).toMatchObject({
        circuit: "CLOSED",
        providerCircuit: "OPEN",
        retryAfterMs: halfOpenAfterMs,
      });
      // Another origin is not concerned.
      expect((await read(client, { ...of("c", "c1"), originKey: "elsewhere" })).status).toBe(200);
    });

    test("a call that both circuits refuse is told the longer wait, and does not take the origin’s probe", async () => {
      const client = clientWith();
      for (const one of [of("a", "a1"), of("a", "a2")]) await breakIt(client, one);
      // Its first probe fails, so that it waits longer than the origin.
      moved.move(halfOpenAfterMs);
      await failure(read(client, of("a", "a1")));
      await breakIt(client, of("b", "b1"));
      expect(client.health(scopeOf(of("b", "b1"))).retryAfterMs).toBe(halfOpenAfterMs);
      expect((await failure(read(client, of("a", "a1")))).details.retryAfter).toBe((2 * halfOpenAfterMs) / 1000);
      moved.move(halfOpenAfterMs);
      server.answer(json(200, {}));
      expect((await failure(read(client, of("a", "a1")))).details.retryAfter).toBe(halfOpenAfterMs / 1000);
      expect((await read(client, of("b", "b1"))).status).toBe(200);
      expect(client.health(scopeOf(of("a", "a1")))).toMatchObject({ circuit: "OPEN", providerCircuit: "CLOSED" });
    });

    test("calls without a connection open no circuit but that of their end user", async () => {
      const client = clientWith();
      const typing = (workspace: string, user: string) => ({ ...of(workspace, user), connectionId: null });
      const all = [typing("a", "a1"), typing("a", "a2"), typing("b", "b1"), typing("b", "b2")];
      // A connection has called there before, so that the origin has a circuit.
      server.answer(json(200, {}));
      await read(client, of("c", "c1"));
      moved.move(ORIGIN_CIRCUIT_DEFAULTS.windowMs);
      for (const one of all) await breakIt(client, one);
      for (const one of all) {
        expect(client.health(scopeOf(one))).toMatchObject({ circuit: "OPEN", providerCircuit: "CLOSED" });
      }
      server.answer(json(200, {}));
      expect((await read(client, of("a", "a3"))).status).toBe(200);
    });

    test("calls without a connection respect the origin’s circuit, and their success closes it", async () => {
      const client = clientWith();
      for (const one of [of("a", "a1"), of("a", "a2"), of("b", "b1")]) await breakIt(client, one);
      const typing = { ...of("c", "c1"), connectionId: null };
      server.answer(json(200, {}));
      expect((await failure(read(client, typing))).code).toBe("CIRCUIT_OPEN");
      moved.move(halfOpenAfterMs);
      expect((await read(client, typing)).status).toBe(200);
      expect(client.health(scopeOf(of("b", "b1"))).providerCircuit).toBe("CLOSED");
    });

    test("the date, which somebody may set, does not change its time", async () => {
      const client = clientWith();
      await breakIt(client);
      const yesterday = jest.spyOn(Date, "now").mockReturnValue(Date.now() - 86_400_000);
      try {
        const bound = new CallBound({ deadline: Infinity });
        server.answer(json(200, {}));
        expect((await failure(read(client, { bound }))).details.retryAfter).toBe(halfOpenAfterMs / 1000);
        moved.move(halfOpenAfterMs);
        expect((await read(client, { bound })).status).toBe(200);
      } finally {
        yesterday.mockRestore();
      }
    });

    test("a revoked token of one customer does not open it", async () => {
      server.answer(json(401, {}));
      const client = clientWith();
      for (let count = 0; count < 3 * failures; count += 1) {
        expect((await failure(read(client, { connectionId: "revoked" }))).code).toBe("PROVIDER_AUTH_FAILED");
      }
      server.answer(json(200, {}));
      expect((await read(client, { connectionId: "healthy" })).status).toBe(200);
    });

    test("a wait for the probe of another caller ends when its caller leaves", async () => {
      const client = clientWith();
      await breakIt(client);
      moved.move(halfOpenAfterMs);
      server.received.length = 0;
      let finish!: () => void;
      server.answer((response, request) => void (finish = () => json(200, {})(response, request)));
      const probe = read(client);
      while (server.received.length < 1) await new Promise(setImmediate);
      const gone = new AbortController();
      const waiting = failure(read(client, { signal: gone.signal }));
      gone.abort();
      expect((await waiting).code).toBe("SERVICE_UNAVAILABLE");
      finish();
      expect((await probe).status).toBe(200);
      expect(server.received).toHaveLength(1);
    });

    test("a caller that leaves does not count as a failure", async () => {
      server.answer(() => undefined);
      const client = clientWith();
      for (let count = 0; count < 2 * failures; count += 1) {
        const leaving = new AbortController();
        const pending = failure(read(client, { signal: leaving.signal }));
        await new Promise(setImmediate);
        leaving.abort();
        expect((await pending).code).toBe("SERVICE_UNAVAILABLE");
      }
      server.answer(json(200, {}));
      expect((await read(client)).status).toBe(200);
    });
  });
});
