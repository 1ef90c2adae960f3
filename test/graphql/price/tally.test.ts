import { expect, test } from "@jest/globals";
import { addLoad, newTally } from "../../../src/graphql/operation/price/tally.js";

/** All ways to split a number of things into parts of at least one. */
function* splits(count: number, parts: number, least = 1): Generator<number[]> {
  if (parts === 1) {
    if (count >= least) yield [count];
    return;
  }
  for (let first = least; first * parts <= count; first += 1) {
    for (const rest of splits(count - first, parts - 1, first)) yield [first, ...rest];
  }
}

const COSTS: readonly (readonly [string, (count: number) => number])[] = [
  ["one call a batch", () => 1],
  ["one call a thing", (count) => count],
  ["a call for every two things", (count) => Math.ceil(count / 2)],
  ["a second call if there are several", (count) => (count > 1 ? 2 : 1)],
];

test.each(COSTS)("%s: the price of a load is the most that any arrival of its things costs", (_name, callsOf) => {
  for (const batchSize of [1, 3, 4]) {
    for (let count = 1; count <= 14; count += 1) {
      for (let moments = 1; moments <= count; moments += 1) {
        const worst = { calls: 0, batches: 0 };
        for (let used = 1; used <= moments; used += 1) {
          for (const split of splits(count, used)) {
            const batches = split.flatMap((part) => [
              ...Array.from({ length: Math.floor(part / batchSize) }, () => batchSize),
              ...(part % batchSize > 0 ? [part % batchSize] : []),
            ]);
            worst.calls = Math.max(
              worst.calls,
              batches.reduce((sum, batch) => sum + callsOf(batch), 0),
            );
            worst.batches = Math.max(worst.batches, batches.length);
          }
        }
        const tally = newTally();
        const cost = (things: number) => ({ calls: callsOf(things) });
        const batches = addLoad(tally, { count, moments, batchSize, cost, path: "" });
        const where = `${count} things at ${moments} moments in batches of ${batchSize}`;
        expect([where, batches]).toEqual([where, worst.batches]);
        expect([where, tally.calls >= worst.calls]).toEqual([where, true]);
        // The usual costs are exact.
        if (_name === "one call a batch" || _name === "one call a thing")
          expect([where, tally.calls]).toEqual([where, worst.calls]);
      }
    }
  }
});

test("nothing costs nothing, and terms are kept", () => {
  const tally = newTally();
  const load = { moments: 3, batchSize: 10, path: "meetings.attendees" };
  const cost = () => ({ calls: 1, definitions: ["owners"], assumption: "The price assumes few." });
  expect(addLoad(tally, { ...load, count: 0, cost })).toBe(0);
  expect(tally).toEqual(newTally());
  expect(addLoad(tally, { ...load, count: 2, cost })).toBe(2);
  expect(tally).toEqual({
    calls: 2,
    definitions: new Set(["owners"]),
    assumptions: new Map([["meetings.attendees", "The price assumes few."]]),
    people: [],
  });
});
