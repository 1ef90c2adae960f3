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

/** Four processes that each want to send a hundred calls, all at once. */
function run(rule: RateRule, delays: Delays, countings: readonly Counting[], seed: number) {
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
  for (let call = 0; call < 400; call += 1) {
    const place = { window: "w", place: String(call), hasWaited: false, rule, maxWaitMs: Infinity, leaseMs: 60_000 };
    after(next() * 200, () => ask(place, call % 4));
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

test("none of the processes starves", () => {
  const { arrivals } = run(PER_TEN_SECONDS, BUSY, [], 1);
  for (let first = 0; first < 400; first += 100) {
    const calls = arrivals.slice(first, first + 100);
    for (let process = 0; process < 4; process += 1) {
      expect(calls.filter((call) => call.process === process).length).toBeGreaterThanOrEqual(15);
    }
  }
});
