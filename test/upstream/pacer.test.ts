import { beforeEach, describe, expect, test } from "@jest/globals";
import { Pacer } from "../../src/upstream/pacer.js";
import { CallBound } from "../../src/upstream/call-bound.js";
import type { RateRule } from "../../src/upstream/request.js";
import { SHORT_WAIT_MS } from "../../src/upstream/retry-decision.js";
import { failure, StillClock } from "./harness.js";

const TEN_PER_TWO_SECONDS: RateRule = { requests: 10, perMs: 2_000 };
const SEARCH: RateRule = { lane: "search", requests: 2, perMs: 1_000 };
const RULES = [TEN_PER_TWO_SECONDS, SEARCH];

describe("pacing", () => {
  let clock: StillClock;
  let pacer: Pacer;
  beforeEach(() => {
    clock = new StillClock();
    pacer = new Pacer(clock);
  });

  const until = (deadline: number) => new CallBound({ deadline, now: () => clock.now() });
  const go = (lane?: string, account = "a", deadline = Infinity) =>
    pacer.acquire(account, lane, RULES, until(deadline));

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

  test("a call that would wait too long is refused with the wait as retryAfter", async () => {
    const slow: RateRule = { requests: 1, perMs: SHORT_WAIT_MS + 1_000 };
    await pacer.acquire("a", undefined, [slow], until(Infinity));
    clock.leap(250);
    const error = await failure(pacer.acquire("a", undefined, [slow], until(Infinity)));
    expect([error.code, error.details]).toEqual([
      "PROVIDER_RATE_LIMITED",
      { retryAfter: (SHORT_WAIT_MS + 750) / 1000, outcome: "NOT_SENT" },
    ]);
    // A refused call takes no place: once the time has passed, the next one goes.
    clock.leap(SHORT_WAIT_MS + 750);
    await pacer.acquire("a", undefined, [slow], until(Infinity));
    expect(clock.slept).toEqual([]);
  });

  test("a call that would wait beyond its deadline is refused", async () => {
    await times(10);
    const error = await failure(go(undefined, "a", clock.now() + 1_999));
    expect([error.code, error.details.retryAfter]).toEqual(["PROVIDER_RATE_LIMITED", 2]);
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

  test("a shorter block does not shorten a longer one", async () => {
    pacer.block("a", undefined, RULES, 9_000);
    pacer.block("a", undefined, RULES, 1_000);
    expect((await failure(go())).details.retryAfter).toBe(9);
  });
});
