import { beforeEach, describe, expect, test } from "@jest/globals";
import { MAX_HOLD_MS } from "../../src/upstream/pace-ledger.js";
import { Pacer } from "../../src/upstream/pacer.js";
import { CallBound } from "../../src/upstream/call-bound.js";
import type { RateRule } from "../../src/upstream/request.js";
import { SHORT_WAIT_MS } from "../../src/upstream/retry-decision.js";
import { failure, StillClock } from "./harness.js";

/** Waits until the call may be sent, and has the CRM's answer at once. */
async function acquire(
  pacer: Pacer,
  key: string,
  lane: string | undefined,
  rules: readonly RateRule[],
  bound: CallBound,
) {
  const turn = pacer.turn(key, lane, rules);
  if (!turn) return;
  try {
    for (let waitMs = await turn.begin(bound); waitMs > 0; waitMs = await turn.begin(bound)) {
      await turn.wait(waitMs, bound);
    }
    turn.end(true);
  } finally {
    turn.leave();
  }
}

const TEN_PER_TWO_SECONDS: RateRule = { requests: 10, perMs: 2_000 };
const SEARCH: RateRule = { lane: "search", requests: 2, perMs: 1_000 };
const RULES = [TEN_PER_TWO_SECONDS, SEARCH];

describe("pacing", () => {
  let clock: StillClock;
  let pacer: Pacer;
  beforeEach(() => {
    clock = new StillClock();
    pacer = new Pacer({ clock });
  });

  const until = (deadline: number) => new CallBound({ deadline, now: () => clock.monotonic() });
  const go = (lane?: string, account = "a", deadline = Infinity) =>
    acquire(pacer, account, lane, RULES, until(deadline));

  async function times(count: number, lane?: string): Promise<void> {
    for (let index = 0; index < count; index += 1) await go(lane);
  }

  test("as many calls as the rule allows are sent at once", async () => {
    await times(10);
    expect(clock.slept).toEqual([]);
  });

  test("the next call waits until the first one has left the window", async () => {
    await times(4);
    clock.leap(500);
    await times(6);
    await go();
    expect(clock.slept).toEqual([1_500]);
  });

  test("a call waits as long as its deadline allows, however long that is, but for a second for the answer", async () => {
    const slow: RateRule = { requests: 1, perMs: 4 * SHORT_WAIT_MS };
    await acquire(pacer, "a", undefined, [slow], until(Infinity));
    await acquire(pacer, "a", undefined, [slow], until(clock.now() + slow.perMs + 1_001));
    expect(clock.slept).toEqual([slow.perMs]);
  });

  test("a hundred calls by twenty in two seconds take eight seconds, and none is refused", async () => {
    const rule: RateRule = { requests: 20, perMs: 2_000 };
    const deadline = clock.now() + 12_000;
    for (let count = 0; count < 100; count += 1) await acquire(pacer, "a", undefined, [rule], until(deadline));
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(8_000);
  });

  test("a call that would wait beyond its deadline is refused with the wait as retryAfter", async () => {
    await times(10);
    const error = await failure(go(undefined, "a", clock.now() + 1_999));
    expect([error.code, error.details]).toEqual(["PROVIDER_RATE_LIMITED", { retryAfter: 2, outcome: "NOT_SENT" }]);
    // A refused call takes no place: once the time has passed, the next ten go.
    clock.leap(2_000);
    await times(10);
    expect(clock.slept).toEqual([]);
  });

  describe("by a token bucket", () => {
    const BUCKET: RateRule = { requests: 100, perMs: 60_000, isBucket: true };
    const spend = async (count: number) => {
      for (let call = 0; call < count; call += 1) await acquire(pacer, "a", undefined, [BUCKET], until(Infinity));
    };

    test("a full bucket is spent at once, and each further call waits for one token, not for a full bucket", async () => {
      await spend(103);
      expect(clock.slept).toEqual([600, 600, 600]);
    });

    test("tokens come back while nobody calls, and never more than a bucket holds", async () => {
      await spend(100);
      clock.leap(6_000);
      await spend(10);
      expect(clock.slept).toEqual([]);
      clock.leap(600_000);
      await spend(101);
      expect(clock.slept).toEqual([600]);
    });

    test("a size that the CRM states changes the time of a token", async () => {
      pacer.learn("a", { requests: 50, perMs: 60_000 });
      await acquire(pacer, "a", undefined, [BUCKET], until(Infinity));
      pacer.learn("a", { requests: 50, perMs: 60_000 });
      await spend(50);
      expect(clock.slept).toHaveLength(1);
      expect(clock.slept[0]).toBeGreaterThanOrEqual(600);
      await spend(1);
      expect(clock.slept.at(-1)).toBe(1_200);
    });

    test("a caller who leaves gives its token back", async () => {
      const gone = new AbortController();
      const held = new Pacer({
        clock: {
          now: () => clock.now(),
          monotonic: () => clock.monotonic(),
          sleep: () => new Promise(() => undefined),
        },
      });
      for (let call = 0; call < 100; call += 1) await acquire(held, "a", undefined, [BUCKET], until(Infinity));
      const bound = new CallBound({ deadline: Infinity, signal: gone.signal });
      const leaving = failure(acquire(held, "a", undefined, [BUCKET], bound));
      await new Promise(setImmediate);
      gone.abort();
      await leaving;
      clock.leap(600);
      await acquire(held, "a", undefined, [BUCKET], until(clock.now() + 1));
    });
  });

  test("waiting calls are spread over time, not sent together", async () => {
    await times(10);
    const before = clock.now();
    const arrivals: number[] = [];
    for (let index = 0; index < 11; index += 1) {
      await go();
      arrivals.push(clock.now() - before);
    }
    expect(arrivals).toEqual([...Array.from({ length: 10 }, () => 2_000), 4_000]);
  });

  test("every account and lane has its own budget", async () => {
    await times(10);
    await times(2, "search");
    await go(undefined, "b");
    expect(clock.slept).toEqual([]);
    await go("search");
    expect(clock.slept).toEqual([1_000]);
  });

  test("a lane without a rule is not paced", async () => {
    await times(100, "other");
    expect(clock.slept).toEqual([]);
  });

  test("a limit that the CRM states replaces the documented limit", async () => {
    pacer.learn("a", { requests: 12, perMs: 2_000 });
    await times(12);
    expect(clock.slept).toEqual([]);
    await go();
    expect(clock.slept).toEqual([2_000]);
    pacer.learn("b", { requests: 1, perMs: 2_000 });
    await go(undefined, "b");
    await go(undefined, "b");
    expect(clock.slept).toEqual([2_000, 2_000]);
  });

  test("after a rate limit error, the lane is blocked for the time that the CRM names", async () => {
    pacer.block("a", undefined, RULES, 9_000);
    const error = await failure(go());
    expect([error.code, error.details.retryAfter]).toEqual(["PROVIDER_RATE_LIMITED", 9]);
    await go("search");
    await go(undefined, "b");
    clock.leap(8_000);
    await go();
    expect(clock.slept).toEqual([1_000]);
  });

  test.each([1.7e12, 1e15, Infinity])("a block of %p ms ends after a quarter of an hour", async (forMs) => {
    pacer.block("a", undefined, RULES, forMs);
    expect((await failure(go())).details.retryAfter).toBe(MAX_HOLD_MS / 1000);
    clock.leap(MAX_HOLD_MS);
    await go();
    expect(clock.slept).toEqual([]);
  });

  test("a stated window that is longer than a quarter of an hour is not paced by", async () => {
    const slow: RateRule = { requests: 5, perMs: MAX_HOLD_MS + 1 };
    pacer.learn("a", { ...slow, requests: 1 });
    for (let count = 0; count < 5; count += 1) await acquire(pacer, "a", undefined, [slow], until(Infinity));
    expect(clock.slept).toEqual([]);
  });

  test.each([-2, 2])("a wall clock that is set by %d hours changes no wait", async (hours) => {
    await times(10);
    clock.set(hours * 3_600_000);
    await go();
    pacer.block("a", "search", RULES, 1_500);
    clock.set(hours * 3_600_000);
    await go("search");
    expect(clock.slept).toEqual([2_000, 1_500]);
  });

  test("a caller who leaves while it waits gives its place to others", async () => {
    await times(10);
    const gone = new AbortController();
    const bound = new CallBound({ deadline: Infinity, signal: gone.signal });
    const waits: AbortSignal[] = [];
    const held = new Pacer({
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        sleep: (_ms, signal) => new Promise(() => waits.push(signal!)),
      },
    });
    for (let count = 0; count < 10; count += 1) await acquire(held, "a", undefined, RULES, until(Infinity));
    const leaving = Array.from({ length: 10 }, () => failure(acquire(held, "a", undefined, RULES, bound)));
    await new Promise(setImmediate);
    expect(waits).toHaveLength(10);
    gone.abort();
    expect(new Set((await Promise.all(leaving)).map(({ code }) => code))).toEqual(new Set(["SERVICE_UNAVAILABLE"]));
    clock.leap(2_000);
    for (let count = 0; count < 10; count += 1) await acquire(held, "a", undefined, RULES, until(Infinity));
    expect(waits).toHaveLength(10);
  });

  test("a shorter block does not shorten a longer one", async () => {
    pacer.block("a", undefined, RULES, 9_000);
    pacer.block("a", undefined, RULES, 1_000);
    expect((await failure(go())).details.retryAfter).toBe(9);
  });
});
