import { describe, expect, test } from "@jest/globals";
import { MemoryLedger } from "../../src/upstream/memory-ledger.js";
import { DividedLedger, type PaceLedger, type PlaceRequest } from "../../src/upstream/pace-ledger.js";
import { SharedLedger } from "../../src/upstream/shared-ledger.js";
import { StillClock } from "./harness.js";

const RULE = { requests: 3, perMs: 1_000 };
const place = (id: string, change: Partial<PlaceRequest> = {}): PlaceRequest => ({
  window: "w",
  place: id,
  process: "p",
  hasWaited: false,
  rule: RULE,
  maxWaitMs: 3_000,
  leaseMs: 10_000,
  ...change,
});

function memory() {
  const clock = new StillClock();
  return { clock, ledger: new MemoryLedger(() => clock.monotonic()) };
}

test("processes that count alone take equal shares, and at least one call each", () => {
  const { ledger } = memory();
  const third = new DividedLedger(ledger, 3);
  const rule = { requests: 8, perMs: 1_000 };
  expect(["a", "b", "c"].map((id) => third.take(place(id, { rule })))).toEqual([0, 0, 1_000]);
  const many = new DividedLedger(ledger, 50);
  expect(["a", "b"].map((id) => many.take(place(id, { window: "v" })))).toEqual([0, 1_000]);
});

describe("a ledger that is shared, and away at times", () => {
  function shared() {
    const { clock, ledger: own } = memory();
    const common = new MemoryLedger(() => clock.monotonic());
    const state: { since: number | null } = { since: -Infinity };
    const away = () => Promise.reject(new Error("away"));
    const whileThere = <Result>(work: () => Result) => (state.since === null ? away() : Promise.resolve(work()));
    const remote: PaceLedger = {
      take: (request) => whileThere(() => common.take(request)),
      end: (request) => whileThere(() => common.end(request)),
      note: (request) => whileThere(() => common.note(request)),
      giveBack: (request) => whileThere(() => common.giveBack(request)),
      block: (window, forMs) => whileThere(() => common.block(window, forMs)),
    };
    const thereSince = () => state.since;
    const options = { shared: remote, own: new DividedLedger(own, 3), monotonic: () => clock.monotonic() };
    return { clock, common, state, ledger: new SharedLedger({ ...options, thereSince }) };
  }

  test("counts with others while it is there, and takes its share while it is not", async () => {
    const { state, ledger } = shared();
    expect(await ledger.take(place("a"))).toBe(0);
    expect(await ledger.take(place("b"))).toBe(0);
    state.since = null;
    expect(await ledger.take(place("c", { window: "other" }))).toBe(0);
    expect(await ledger.take(place("d", { window: "other" }))).toBe(1_000);
  });

  test("knows its own calls when the shared one goes away", async () => {
    const { state, ledger } = shared();
    const sent = place("a");
    await ledger.take(sent);
    await ledger.end(sent);
    state.since = null;
    // Its share of one call is used.
    expect(await ledger.take(place("b"))).toBe(1_000);
  });

  test("notices in the middle of a command that the other one is away", async () => {
    const { clock, state, ledger } = shared();
    const sent = place("a");
    await ledger.take(sent);
    const since = state.since;
    state.since = null;
    await ledger.end(sent);
    await ledger.giveBack(place("x"));
    await ledger.block("w", 200);
    state.since = since;
    clock.leap(1_000);
    expect(await ledger.take(place("b"))).toBe(0);
  });

  test("tells the shared one its calls for a whole window before that one decides again", async () => {
    const { clock, common, state, ledger } = shared();
    state.since = clock.monotonic();
    const sent = place("a");
    expect(await ledger.take(sent)).toBe(0);
    await ledger.end(sent);
    expect(await ledger.take(place("b"))).toBe(1_000);
    // The shared one, which came back empty, has heard of the call. The one that waits is asked for again.
    expect(["c", "d", "e"].map((id) => common.take(place(id)))).toEqual([0, 0, 1_000]);
    for (const id of ["c", "d"]) common.end(place(id));
    clock.leap(2_000);
    // Its own share would be one call.
    expect([await ledger.take(place("f")), await ledger.take(place("g"))]).toEqual([0, 0]);
  });
});
