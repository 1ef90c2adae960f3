import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import { BulkheadFullError } from "../../src/upstream/bulkhead.js";
import { CallBound } from "../../src/upstream/call-bound.js";
import { FairShares } from "../../src/upstream/fair-shares.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { failure, plainTraits, readOf, scopeOf, writeTo } from "./harness.js";
import { json, startLocalServer, type Answer, type LocalServer } from "./local-server.js";

const ORIGIN = "https://crm.example";
const turn = () => new Promise(setImmediate);

describe("fair shares of an origin", () => {
  const bound = () => new CallBound({ deadline: Infinity });
  let shares: FairShares;
  let running: Record<string, number>;
  let ends: (() => void)[];
  beforeEach(() => {
    shares = new FairShares({ perOrigin: 8, waiting: 20 });
    running = {};
    ends = [];
  });

  /** Begins calls that run until `ends` are called. */
  function begin(workspace: string, count: number): Promise<void>[] {
    return Array.from({ length: count }, () =>
      shares.run(
        ORIGIN,
        workspace,
        async () => {
          running[workspace] = (running[workspace] ?? 0) + 1;
          await new Promise<void>((resolve) => ends.push(resolve));
          running[workspace] -= 1;
        },
        bound(),
      ),
    );
  }

  async function endAll(): Promise<void> {
    while (ends.length > 0) {
      for (const end of ends.splice(0)) end();
      await turn();
    }
  }

  test("one workspace alone has half of the places, two have a third, and a place is always free for the next", async () => {
    const calls = begin("a", 20);
    await turn();
    expect(running).toEqual({ a: 4 });
    calls.push(...begin("b", 20));
    await turn();
    expect(running).toEqual({ a: 4, b: 2 });
    calls.push(...begin("c", 1));
    await turn();
    expect(running).toEqual({ a: 4, b: 2, c: 1 });
    await endAll();
    await Promise.all(calls);
    expect(running).toEqual({ a: 0, b: 0, c: 0 });
  });

  test("waiting workspaces get free places in turn, and none is passed over", async () => {
    const calls = [...begin("a", 15), ...begin("b", 15), ...begin("c", 15)];
    await turn();
    for (let ended = 0; ended < 45; ended += 1) {
      await turn();
      const counts = Object.values(running);
      expect(Math.max(...counts)).toBeLessThanOrEqual(4);
      if (ended < 20) expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
      ends.shift()!();
    }
    await Promise.all(calls);
  });

  test("origins do not share their places", async () => {
    const calls = begin("a", 20);
    let began = false;
    const other = shares.run("https://other.example", "a", async () => void (began = true), bound());
    await other;
    expect(began).toBe(true);
    await endAll();
    await Promise.all(calls);
  });

  test("a caller who leaves gives its place in the queue, or its turn, to the next one", async () => {
    const calls = begin("a", 4);
    const leaving = new AbortController();
    const told = new CrmError("SERVICE_UNAVAILABLE");
    const left = shares.run(
      ORIGIN,
      "a",
      () => Promise.reject(new Error("This call must not begin.")),
      new CallBound({ deadline: Infinity, signal: leaving.signal }),
    );
    const next = begin("a", 1);
    await turn();
    leaving.abort(told);
    await expect(left).rejects.toBeInstanceOf(CrmError);
    ends.shift()!();
    await turn();
    expect(running).toEqual({ a: 4 });
    await endAll();
    await Promise.all([...calls, ...next]);
  });

  test("too many waiting calls of one workspace are refused, and those of another are not", async () => {
    const calls = begin("a", 24);
    await expect(shares.run(ORIGIN, "a", () => Promise.resolve(), bound())).rejects.toBeInstanceOf(BulkheadFullError);
    await shares.run(ORIGIN, "b", () => Promise.resolve(), bound());
    await endAll();
    await Promise.all(calls);
  });
});

describe("calls to one server", () => {
  let server: LocalServer;
  let client: UpstreamClient;
  let held: Promise<void>;
  let release: () => void;
  beforeEach(async () => {
    server = await startLocalServer();
    held = new Promise<void>((resolve) => (release = resolve));
    client = new UpstreamClient({ shares: { perOrigin: 8 }, bulkhead: { concurrent: 100, waiting: 1_000 } });
  });
  afterEach(async () => {
    release();
    client.close();
    await server.close();
  });

  /** Holds the calls of workspace A, and answers all others. */
  const hold: Answer = (response, request) => {
    if (request.url !== "/a") return json(200, {})(response, request);
    void held.then(() => json(200, {})(response, request));
  };

  test("of a workspace that keeps many under way do not delay those of another", async () => {
    server.answer(hold);
    const ofA = Array.from({ length: 80 }, (_, index) =>
      client.send(
        readOf(`${server.origin}/a`),
        scopeOf({ workspaceId: "a", connectionId: `a${index % 8}`, paceKey: `a${index % 8}` }),
        plainTraits,
      ),
    );
    while (server.received.length < 4) await turn();
    for (let call = 0; call < 20; call += 1) {
      const { status } = await client.send(
        readOf(`${server.origin}/b`),
        scopeOf({ workspaceId: "b", connectionId: "b", paceKey: "b" }),
        plainTraits,
      );
      expect(status).toBe(200);
    }
    expect(server.received.filter(({ url }) => url === "/a")).toHaveLength(4);
    release();
    await Promise.all(ofA);
  });

  test("of one account are no more at once than its vendor allows", async () => {
    server.answer(hold);
    const traits = { ...plainTraits, concurrency: 2 };
    const calls = Array.from({ length: 6 }, () => client.send(readOf(`${server.origin}/a`), scopeOf(), traits));
    while (server.received.length < 2) await turn();
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(server.received).toHaveLength(2);
    release();
    await Promise.all(calls);
    expect(server.received).toHaveLength(6);
  });

  test("a write whose time ends while it waits for a place was not sent, and does not count against the CRM", async () => {
    server.answer(hold);
    const ofA = Array.from({ length: 4 }, () => client.send(readOf(`${server.origin}/a`), scopeOf(), plainTraits));
    while (server.received.length < 4) await turn();
    const late = new CallBound({ deadline: performance.now() + 30, now: () => performance.now() });
    const error = await failure(client.send(writeTo(`${server.origin}/a`), scopeOf({ bound: late }), plainTraits));
    expect(error.details.outcome).toBe("NOT_SENT");
    expect(client.health(scopeOf())).toMatchObject({ circuit: "CLOSED", lastError: null });
    release();
    await Promise.all(ofA);
    expect(server.received).toHaveLength(4);
  });
});
