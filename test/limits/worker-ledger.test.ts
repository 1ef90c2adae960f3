import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { answerFrom, WorkerLedger, type LedgerQuestion } from "../../src/limits/worker-ledger.js";
import { MemoryLedger } from "../../src/upstream/memory-ledger.js";
import type { PlaceRequest } from "../../src/upstream/pace-ledger.js";

/** Longer than a worker waits for its primary. */
const LATE_MS = 60_000;
const place = (id: string): PlaceRequest => ({
  window: "w",
  place: id,
  process: "p",
  hasWaited: false,
  rule: { requests: 1, perMs: 1_000 },
  maxWaitMs: 10_000,
  leaseMs: 10_000,
});

beforeEach(() => void jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] }));
afterEach(() => void jest.useRealTimers());

function workers() {
  const primary = new MemoryLedger(() => Date.now());
  const state = { isThere: true };
  const worker = () => {
    const ledger: WorkerLedger = new WorkerLedger(
      (id, question: LedgerQuestion) => {
        if (!state.isThere) return;
        // Messages between processes are JSON.
        const sent = JSON.parse(JSON.stringify(question)) as LedgerQuestion;
        void answerFrom(primary, sent).then((waitMs) => waitMs !== null && ledger.answer(id, waitMs));
      },
      new MemoryLedger(() => Date.now()),
    );
    return ledger;
  };
  return { state, one: worker(), other: worker() };
}

test("workers count together in their primary", async () => {
  const { one, other } = workers();
  expect(await one.take(place("a"))).toBe(0);
  expect(await other.take(place("b"))).toBe(1_000);
  await one.giveBack(place("a"));
  expect(await other.take({ ...place("b"), hasWaited: true })).toBe(0);
  await other.end(place("b"));
  one.block("w", 2_000);
  expect(await one.take(place("c"))).toBe(2_000);
});

test("a worker whose primary does not answer counts alone, and knows when its calls end", async () => {
  const { state, one } = workers();
  state.isThere = false;
  const late = async (id: string, change: Partial<PlaceRequest> = {}) => {
    const taking = one.take({ ...place(id), ...change });
    await jest.advanceTimersByTimeAsync(LATE_MS);
    return taking;
  };
  expect(await late("a")).toBe(0);
  await one.end(place("a"));
  expect(await late("b")).toBe(0);
  await one.giveBack(place("b"));
  const taking = [one.take(place("c")), one.take(place("d"))];
  await jest.advanceTimersByTimeAsync(LATE_MS);
  expect(await Promise.all(taking)).toEqual([0, 1_000]);
});
