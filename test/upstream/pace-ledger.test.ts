import { describe, expect, test } from "@jest/globals";
import { DividedLedger, MemoryLedger, type PaceLedger, type PlaceRequest } from "../../src/upstream/pace-ledger.js";
import { SharedLedger } from "../../src/upstream/shared-ledger.js";
import { StillClock } from "./harness.js";

const RULE = { requests: 3, perMs: 1_000 };
const place = (id: string, change: Partial<PlaceRequest> = {}): PlaceRequest => ({
  window: "w",
  place: id,
  rule: RULE,
  maxWaitMs: 3_000,
  ...change,
});

function memory() {
  const clock = new StillClock();
  return { clock, ledger: new MemoryLedger(() => clock.monotonic()) };
}

describe("the windows in memory", () => {
  test("give as many places as the rule allows, and later ones when the first have left the window", () => {
    const { clock, ledger } = memory();
    expect(["a", "b", "c", "d"].map((id) => ledger.take(place(id)))).toEqual([0, 0, 0, 1_000]);
    clock.leap(400);
    expect(ledger.take(place("e"))).toBe(600);
  });

  test("give no place for which a caller would wait too long", () => {
    const { ledger } = memory();
    for (const id of ["a", "b", "c"]) ledger.take(place(id));
    expect(ledger.take(place("d", { maxWaitMs: 1_000 }))).toBe(-1_000);
    ledger.giveBack(place("a"));
    expect(ledger.take(place("e"))).toBe(0);
  });

  test("count a call that was sent later than planned from then on", () => {
    const { clock, ledger } = memory();
    for (const id of ["a", "b", "c"]) ledger.take(place(id));
    expect(ledger.take(place("d"))).toBe(1_000);
    // It waited elsewhere, and is sent only now.
    clock.leap(700);
    expect(ledger.confirm(place("a"))).toBe(0);
    clock.leap(300);
    expect(ledger.confirm(place("d"))).toBe(0);
    expect(["e", "f"].map((id) => ledger.take(place(id)))).toEqual([0, 700]);
  });

  test("let a call wait again if those before it were sent later than planned", () => {
    const { clock, ledger } = memory();
    for (const id of ["a", "b", "c"]) ledger.take(place(id));
    expect(ledger.take(place("d"))).toBe(1_000);
    clock.leap(700);
    for (const id of ["a", "b", "c"]) expect(ledger.confirm(place(id))).toBe(0);
    clock.leap(300);
    expect(ledger.confirm(place("d"))).toBe(700);
    clock.leap(700);
    expect(ledger.confirm(place("d"))).toBe(0);
  });

  test("count a call until a window after the last moment in which the CRM may have got it", () => {
    const { clock, ledger } = memory();
    for (const id of ["a", "b", "c"]) ledger.take(place(id));
    clock.leap(500);
    for (const id of ["a", "b", "c"]) ledger.end(place(id), 450);
    expect(ledger.take(place("d"))).toBe(550);
  });

  test("are blocked for the time that is asked for, and no shorter one ends that", () => {
    const { clock, ledger } = memory();
    ledger.block("w", 900);
    ledger.block("w", 100);
    expect([ledger.take(place("a")), ledger.take(place("b", { window: "other" }))]).toEqual([900, 0]);
    clock.leap(900);
    expect(ledger.take(place("c"))).toBe(0);
  });
});

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
      confirm: (request) => whileThere(() => common.confirm(request)),
      end: (request, agoMs) => whileThere(() => common.end(request, agoMs)),
      note: (request, waitMs) => whileThere(() => common.note(request, waitMs)),
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
    await ledger.end(sent, 0);
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
    expect(await ledger.confirm(sent)).toBe(0);
    await ledger.end(sent, 0);
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
    await ledger.end(sent, 0);
    expect(await ledger.take(place("b"))).toBe(1_000);
    // The shared one, which came back empty, has heard of the call, and of the one that waits.
    expect(["c", "d", "e"].map((id) => common.take(place(id)))).toEqual([0, 1_000, 1_000]);
    clock.leap(2_000);
    // Its own share would be one call.
    expect([await ledger.take(place("f")), await ledger.take(place("g"))]).toEqual([0, 0]);
  });
});

test("however long calls are on their way, the CRM never gets more in any window than the rule allows", () => {
  const random = (seed: number) => () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  for (let seed = 1; seed <= 50; seed += 1) {
    const next = random(seed);
    const { clock, ledger } = memory();
    const rule = { requests: 5, perMs: 1_000 };
    /** What happens later, by its time. */
    const later: { at: number; run: () => void }[] = [];
    const arrivals: number[] = [];
    const send = (id: string) => {
      const own = place(id, { rule });
      const waitMs = ledger.confirm(own);
      if (waitMs > 0) return void later.push({ at: clock.monotonic() + waitMs, run: () => send(id) });
      const sentAt = clock.monotonic();
      const arrivesAfter = next() * 50;
      const endsAfter = arrivesAfter + next() * 400;
      arrivals.push(sentAt + arrivesAfter);
      later.push({ at: sentAt + endsAfter, run: () => ledger.end(own, Math.max(0, endsAfter - 50)) });
    };
    for (let count = 0; count < 200; count += 1) {
      const waitMs = ledger.take(place(`${count}`, { rule }));
      // Calls wait elsewhere, too, before they are sent.
      if (waitMs >= 0) {
        later.push({ at: clock.monotonic() + waitMs + next() * 200, run: () => send(`${count}`) });
      }
      const until = clock.monotonic() + next() * 100;
      for (;;) {
        const due = later.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
        if (!due) break;
        later.splice(later.indexOf(due), 1);
        clock.leap(Math.max(0, due.at - clock.monotonic()));
        due.run();
      }
      clock.leap(until - clock.monotonic());
    }
    arrivals.sort((one, other) => one - other);
    for (const [index, at] of arrivals.entries()) {
      const inWindow = arrivals.filter((other) => other >= at && other < at + rule.perMs).length;
      if (inWindow > rule.requests) throw new Error(`Seed ${seed}: ${inWindow} calls from ${at} on (${index})`);
    }
    expect(arrivals.length).toBeGreaterThan(30);
  }
});
