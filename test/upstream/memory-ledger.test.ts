import { describe, expect, test } from "@jest/globals";
import { MemoryLedger } from "../../src/upstream/memory-ledger.js";
import { GRACE_MS, type PlaceRequest } from "../../src/upstream/pace-ledger.js";
import { StillClock } from "./harness.js";

const RULE = { requests: 3, perMs: 10_000 };
const LEASE_MS = 20_000;

function memory() {
  const clock = new StillClock();
  const ledger = new MemoryLedger(() => clock.monotonic());
  const place = (id: string, change: Partial<PlaceRequest> = {}): PlaceRequest => ({
    window: "w",
    place: id,
    process: "p",
    hasWaited: false,
    rule: RULE,
    maxWaitMs: 60_000,
    leaseMs: LEASE_MS,
    ...change,
  });
  const take = (id: string, change?: Partial<PlaceRequest>) => ledger.take(place(id, change));
  const again = (id: string) => take(id, { hasWaited: true });
  const end = (...ids: string[]) => ids.forEach((id) => ledger.end(place(id)));
  return { clock, ledger, place, take, again, end };
}

describe("a window", () => {
  test("has as many places as the rule allows, and others when the first have left", () => {
    const { clock, take, again, end } = memory();
    expect(["a", "b", "c"].map((id) => take(id))).toEqual([0, 0, 0]);
    end("a", "b", "c");
    expect(take("d")).toBe(10_000);
    clock.leap(4_000);
    expect(take("e")).toBe(6_000);
    clock.leap(6_000);
    expect(["d", "e"].map(again)).toEqual([0, 0]);
  });

  test("counts a call from its sending until a window after the CRM had certainly got it", () => {
    const { clock, take, again, end } = memory();
    for (const id of ["a", "b", "c"]) take(id);
    expect(take("d")).toBe(10_000);
    clock.leap(2_000);
    end("a");
    clock.leap(8_000);
    // The CRM may have got b and c just now.
    expect(again("d")).toBe(2_000);
    clock.leap(2_000);
    expect(again("d")).toBe(0);
    expect(take("e")).toBeGreaterThan(0);
  });

  test("asked again for a call that may be sent, it says so again", () => {
    const { take } = memory();
    for (const id of ["a", "b", "c", "c", "b"]) expect(take(id)).toBe(0);
  });

  test("gives places back that were not used", () => {
    const { ledger, place, take } = memory();
    for (const id of ["a", "b", "c"]) take(id);
    ledger.giveBack(place("a"));
    expect(take("d")).toBe(0);
  });

  test("keeps no place for a caller who would wait too long", () => {
    const { take, end } = memory();
    for (const id of ["a", "b", "c"]) take(id);
    end("a", "b", "c");
    expect(take("d", { maxWaitMs: 10_000 })).toBe(-10_000);
    expect(["e", "f", "g"].map((id) => take(id))).toEqual([10_000, 10_000, 10_000]);
    expect(take("h", { maxWaitMs: 20_000 })).toBe(-20_000);
  });

  test("lets those who wait go in their turn, and nobody overtake them", () => {
    const { clock, take, again, end } = memory();
    for (const id of ["a", "b", "c"]) {
      take(id);
      end(id);
      clock.leap(1_000);
    }
    expect(["d", "e", "f", "g"].map((id) => take(id))).toEqual([7_000, 8_000, 9_000, 17_000]);
    clock.leap(7_000);
    expect(take("late")).toBe(11_000);
    expect(again("d")).toBe(0);
    // It comes too early, and its turn stays what it was.
    expect(again("f")).toBe(2_000);
    expect(again("e")).toBe(1_000);
    end("d");
    clock.leap(2_000);
    expect(["e", "f"].map(again)).toEqual([0, 0]);
    expect(again("g")).toBe(8_000);
  });

  test("lets processes take turns, however many calls of one of them wait", () => {
    const { clock, take, again, end } = memory();
    for (const id of ["a", "b", "c"]) {
      take(id);
      end(id);
      clock.leap(1_000);
    }
    expect(["d", "e", "f", "g"].map((id) => take(id))).toEqual([7_000, 8_000, 9_000, 17_000]);
    const other = { process: "q" };
    expect(["x", "y"].map((id) => take(id, other))).toEqual([8_000, 17_000]);
    clock.leap(7_000);
    expect(again("d")).toBe(0);
    end("d");
    clock.leap(1_000);
    // It was told this time before the other process came, whose call goes first.
    expect(again("e")).toBe(1_000);
    expect(again("x")).toBe(0);
  });

  test("holds the turn of one that comes back late, and only for a time", () => {
    const { clock, take, again, end } = memory();
    for (const id of ["a", "b", "c"]) take(id);
    end("a", "b", "c");
    for (const id of ["d", "e", "f"]) expect(take(id)).toBe(10_000);
    clock.leap(10_000 + GRACE_MS - 1);
    // The three are expected at any moment.
    expect(take("g")).toBe(10_000);
    clock.leap(1);
    for (const id of ["h", "i"]) expect(take(id)).toBe(0);
    // Its process had much to do. It goes before those who came later.
    expect(again("d")).toBe(0);
    expect(again("e")).toBeLessThanOrEqual(10_000);
  });

  test("frees the places of a process that died", () => {
    const { clock, take, again } = memory();
    for (const id of ["a", "b", "c"]) take(id);
    expect(take("d")).toBe(10_000);
    clock.leap(10_000);
    // They may still be on their way.
    const soon = again("d");
    expect([soon > 0, soon <= 1_000]).toEqual([true, true]);
    clock.leap(LEASE_MS);
    expect(again("d")).toBe(0);
  });

  test("uses a limit that has grown at once", () => {
    const { take } = memory();
    for (const id of ["a", "b", "c"]) take(id);
    expect(take("d", { rule: { ...RULE, requests: 4 } })).toBe(0);
  });

  test("is blocked for the time that is asked for, and no shorter one ends that", () => {
    const { clock, ledger, place, take, again } = memory();
    ledger.block("w", 900);
    ledger.block("w", 100);
    expect([take("a"), ledger.take(place("b", { window: "other" }))]).toEqual([900, 0]);
    clock.leap(900);
    expect(again("a")).toBe(0);
    ledger.block("w", 9_000);
    expect(take("c")).toBe(-9_000);
  });

  test("is blocked for those who wait already, too", () => {
    const { clock, ledger, take, again, end } = memory();
    for (const id of ["a", "b", "c"]) take(id);
    end("a", "b", "c");
    take("d");
    clock.leap(10_000);
    ledger.block("w", 500);
    expect(again("d")).toBe(500);
    ledger.block("w", 5_000);
    expect(again("d")).toBe(-5_000);
  });
});

describe("a token bucket", () => {
  const rule = { requests: 3, perMs: 30_000, isBucket: true as const };

  test("is spent at once, and then a call waits for one token, counted from when the CRM had got the others", () => {
    const { clock, take, ledger, place, again } = memory();
    for (const id of ["a", "b", "c"]) expect(take(id, { rule })).toBe(0);
    clock.leap(4_000);
    for (const id of ["a", "b", "c"]) ledger.end(place(id, { rule }));
    expect([take("d", { rule }), take("e", { rule })]).toEqual([10_000, 20_000]);
    clock.leap(10_000);
    expect(ledger.take(place("d", { rule, hasWaited: true }))).toBe(0);
    expect(again("d")).toBe(0);
  });

  test("gives tokens back that were not used, and counts those of a process that died", () => {
    const { clock, take, ledger, place } = memory();
    for (const id of ["a", "b", "c"]) take(id, { rule });
    ledger.giveBack(place("a", { rule }));
    expect(take("d", { rule })).toBe(0);
    clock.leap(LEASE_MS);
    // None has been told to have ended: the CRM may have got them all by now.
    expect(take("e", { rule })).toBe(10_000);
  });
});
