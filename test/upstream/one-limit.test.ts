import { describe, expect, test } from "@jest/globals";
import { MemoryLedger } from "../../src/upstream/memory-ledger.js";
import type { PlaceRequest } from "../../src/upstream/pace-ledger.js";
import type { RateRule } from "../../src/upstream/request.js";
import { StillClock } from "./harness.js";

/** How CRMs count the requests that arrive. Each returns whether it takes the next one. */
type Counting = (rule: RateRule) => (now: number) => boolean;

const sliding: Counting = ({ requests, perMs }) => {
  let taken: number[] = [];
  return (now) => {
    taken = taken.filter((at) => at > now - perMs);
    taken.push(now);
    return taken.length <= requests;
  };
};

/** Windows that begin at any time. */
const fixed =
  (beginsAt: number): Counting =>
  ({ requests, perMs }) => {
    const counts = new Map<number, number>();
    return (now) => {
      const window = Math.floor((now - beginsAt) / perMs);
      const count = (counts.get(window) ?? 0) + 1;
      counts.set(window, count);
      return count <= requests;
    };
  };

/** Windows that begin with their first request. */
const begun: Counting = ({ requests, perMs }) => {
  let [beganAt, count] = [-Infinity, 0];
  return (now) => {
    if (now - beganAt >= perMs) [beganAt, count] = [now, 0];
    count += 1;
    return count <= requests;
  };
};

const bucket: Counting = ({ requests, perMs }) => {
  let [tokens, at] = [requests, -Infinity];
  return (now) => {
    tokens = Math.min(requests, tokens + ((now - at) * requests) / perMs);
    at = now;
    if (tokens < 1 - 1e-6) return false;
    tokens -= 1;
    return true;
  };
};

/** Milliseconds, each between 0 and the number. */
interface Delays {
  /** Until a process that waited comes back. */
  wake: number;
  /** Until a call that may be sent reaches the CRM. */
  way: number;
  /** Until the process has the answer. */
  answer: number;
}

const QUICK: Delays = { wake: 5, way: 50, answer: 300 };
const BUSY: Delays = { wake: 900, way: 1_500, answer: 3_000 };

function numbersOf(seed: number): () => number {
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
}

interface Demand {
  process: number;
  /** Milliseconds from the start. */
  after: number;
}

/** Four processes that each want to send a hundred calls, all at once. */
const FOUR: readonly Demand[] = Array.from({ length: 400 }, (_, call) => ({ process: call % 4, after: call / 2 }));

function run(
  rule: RateRule,
  delays: Delays,
  countings: readonly Counting[],
  seed: number,
  demand: readonly Demand[] = FOUR,
) {
  const next = numbersOf(seed);
  const clock = new StillClock();
  const ledger = new MemoryLedger(() => clock.monotonic());
  const crms = countings.map((counting) => counting(rule));
  const arrivals: { at: number; process: number }[] = [];
  let refused = 0;
  let asked = 0;
  /** What happens later, by its time. */
  const later: { at: number; work: () => void }[] = [];
  const after = (ms: number, work: () => void) => later.push({ at: clock.monotonic() + ms, work });

  const ask = (request: PlaceRequest, process: number) => {
    asked += 1;
    const waitMs = ledger.take(request);
    if (waitMs > 0) {
      request.hasWaited = true;
      return void after(waitMs + next() * delays.wake, () => ask(request, process));
    }
    const [wayMs, answerMs] = [next() * delays.way, next() * delays.answer];
    after(wayMs, () => {
      const at = clock.monotonic();
      arrivals.push({ at, process });
      if (crms.map((takes) => takes(at)).includes(false)) refused += 1;
      after(answerMs, () => ledger.end(request));
    });
  };
  for (const [call, { process, after: ms }] of demand.entries()) {
    const place = { window: "w", place: `${call}`, process: `${process}`, hasWaited: false, rule };
    after(ms, () => ask({ ...place, maxWaitMs: Infinity, leaseMs: 60_000 }, process));
  }
  while (later.length > 0) {
    later.sort((one, other) => one.at - other.at);
    const { at, work } = later.shift()!;
    clock.leap(at - clock.monotonic());
    work();
  }
  return { arrivals, refused, asked };
}

const PER_TEN_SECONDS: RateRule = { requests: 100, perMs: 10_000 };

describe.each([
  ["quick", QUICK],
  ["busy", BUSY],
] as const)("four %s processes, with calls whose way takes any time", (_kind, delays) => {
  const seeds = Array.from({ length: 10 }, (_, index) => index + 1);

  test.each(seeds)("no window of the CRM gets more calls than it allows, wherever it begins (%i)", (seed) => {
    const counting = [sliding, begun, fixed(0), fixed(1_234), fixed(7_777)];
    expect(run(PER_TEN_SECONDS, delays, counting, seed).refused).toBe(0);
  });

  test.each(seeds)("no token bucket of the CRM is empty (%i)", (seed) => {
    const rule: RateRule = { requests: 100, perMs: 10_000, isBucket: true };
    expect(run(rule, delays, [bucket], seed).refused).toBe(0);
  });
});

test("quick processes use at least nine tenths of the allowance, and ask seldom", () => {
  const { arrivals, asked } = run(PER_TEN_SECONDS, QUICK, [], 1);
  const tookMs = arrivals.at(-1)!.at - arrivals[0]!.at;
  // The last window has just begun.
  expect(arrivals.length / (PER_TEN_SECONDS.requests * (1 + tookMs / PER_TEN_SECONDS.perMs))).toBeGreaterThan(0.9);
  expect(asked).toBeLessThan(4 * arrivals.length);
});

/** Numbers of calls of each process in each hundred calls, in the order in which they arrived. */
function sharesOf(arrivals: readonly { process: number }[]): number[][] {
  const hundreds = Array.from({ length: arrivals.length / 100 }, (_, at) => arrivals.slice(100 * at, 100 * at + 100));
  return hundreds.map((calls) => [0, 1, 2, 3].map((one) => calls.filter(({ process }) => process === one).length));
}

describe("none of the processes starves", () => {
  test.each([
    ["quick", QUICK],
    ["busy", BUSY],
  ])("if all are %s and begin at the same time", (_kind, delays) => {
    for (const shares of sharesOf(run(PER_TEN_SECONDS, delays, [], 1).arrivals)) {
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(15);
    }
  });

  test("if one wants many calls before the others come: all have equal shares from the next free place on", () => {
    const calls = (process: number, count: number, after: number): Demand[] =>
      Array.from({ length: count }, () => ({ process, after }));
    const demand = [...calls(0, 400, 0), ...calls(1, 50, 1_000), ...calls(2, 50, 1_001)];
    const [first, second, third] = sharesOf(run(PER_TEN_SECONDS, QUICK, [sliding], 1, demand).arrivals);
    expect(first).toEqual([100, 0, 0, 0]);
    expect(second!.slice(0, 3).map((calls) => Math.abs(calls - 33) <= 8)).toEqual([true, true, true]);
    // The rest of the others, and then the first one alone.
    expect(third![1]! + second![1]!).toBe(50);
    expect(third![2]! + second![2]!).toBe(50);
  });
});
