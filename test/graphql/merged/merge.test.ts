import { describe, expect, test } from "@jest/globals";
import { MAX_ROUNDS } from "../../../src/graphql/operation/merged/planned-reads.js";
import { Random } from "../../../src/sandbox/kit/random.js";
import { FakeListing, type Manners, type Row } from "./fake-listing.js";
import { walk, type WalkedPage } from "./walk.js";

const ten = (rowsOf: (crm: number) => Row[], manners?: Manners) =>
  Array.from({ length: 10 }, (_, crm) => new FakeListing(`con_${crm}`, rowsOf(crm), manners));
const rows = (crm: number, times: readonly (number | null)[]): Row[] =>
  times.map((time, index) => ({ nativeId: `${crm}-${String(index).padStart(4, "0")}`, time }));
const idsIn = (pages: readonly WalkedPage[]) => pages.flatMap(({ entries }) => entries.map(({ nativeId }) => nativeId));
const union = (listings: readonly FakeListing[]) =>
  listings.flatMap((listing) => listing.rows.map(({ nativeId }) => nativeId)).sort();

/** Every record once, in order, where nothing failed and nothing changed. */
function expectExact(pages: readonly WalkedPage[], listings: readonly FakeListing[]): void {
  expect(idsIn(pages).sort()).toEqual(union(listings));
  const entries = pages.flatMap((page) => page.entries);
  const places = entries.map(({ rank, connectionId, nativeId }) => ({ rank, connectionId, nativeId }));
  expect(places).toEqual(
    [...places].sort(
      (one, other) =>
        (one.rank === other.rank ? 0 : one.rank < other.rank ? -1 : 1) ||
        (one.connectionId < other.connectionId ? -1 : one.connectionId > other.connectionId ? 1 : 0) ||
        (one.nativeId < other.nativeId ? -1 : 1),
    ),
  );
  expect(entries.some(({ late }) => late)).toBe(false);
}

describe("records that are spread evenly", () => {
  test("fill pages of 50 with one read of each CRM", async () => {
    const listings = ten((crm) =>
      rows(
        crm,
        Array.from({ length: 40 }, (_, index) => index * 10_000 + crm * 1_000),
      ),
    );
    const pages = await walk(listings, { sizeOf: () => 50 });
    expectExact(pages, listings);
    expect(pages.map(({ entries }) => entries.length)).toEqual(Array.from({ length: 8 }, () => 50));
    expect(pages.map(({ rounds }) => rounds)).toEqual(Array.from({ length: 8 }, () => 1));
    expect(pages.every(({ read }) => read <= 60)).toBe(true);
    expect(listings.map(({ reads }) => reads.length)).toEqual(listings.map(() => 8));
  });
});

/** The times of 2,000 records of ten CRMs. */
const SPREADS: Record<string, (random: Random) => number[][]> = {
  "at random": (random) => spread(random, () => random.integer(0, 9)),
  "with many in few CRMs": (random) => spread(random, () => Math.floor(10 * (random.integer(0, 999) / 1_000) ** 3)),
  "nearly all in one CRM": (random) => spread(random, () => (random.chance(0.95) ? 0 : random.integer(1, 9))),
};

function spread(random: Random, crmOf: () => number): number[][] {
  const times: number[][] = Array.from({ length: 10 }, () => []);
  for (let index = 0; index < 2_000; index += 1) times[crmOf()]!.push(index * 60_000 + random.integer(0, 59_999));
  return times;
}

describe.each(Object.keys(SPREADS))("records that are spread %s", (name) => {
  test("take at most three rounds, and at most twice the records shown", async () => {
    let [shown, read, full] = [0, 0, 0];
    const all: WalkedPage[] = [];
    for (let seed = 0; seed < 10; seed += 1) {
      const times = SPREADS[name]!(new Random(`${name} ${seed}`));
      const listings = ten((crm) => rows(crm, times[crm]!));
      const pages = await walk(listings, { sizeOf: () => 50 });
      expectExact(pages, listings);
      all.push(...pages.filter(({ hasMore }) => hasMore));
    }
    for (const page of all) {
      expect(page.rounds).toBeLessThanOrEqual(MAX_ROUNDS);
      expect(page.read).toBeLessThanOrEqual(2 * 50 + 10);
      shown += page.entries.length;
      read += page.read;
      full += Number(page.entries.length === 50);
    }
    expect(read).toBeLessThanOrEqual(2 * shown);
    expect(full / all.length).toBeGreaterThan(0.9);
  });
});

test("records in long runs of one CRM make short pages, and no more rounds", async () => {
  const random = new Random("runs");
  const times: number[][] = Array.from({ length: 10 }, () => []);
  for (let time = 0; time < 100_000_000;) {
    const crm = random.integer(0, 9);
    for (let run = random.integer(1, 60); run > 0; run -= 1) times[crm]!.push((time += 60_000));
  }
  const listings = ten((crm) => rows(crm, times[crm]!));
  const pages = await walk(listings, { sizeOf: () => 50 });
  expectExact(pages, listings);
  expect(Math.max(...pages.map(({ rounds }) => rounds))).toBe(MAX_ROUNDS);
  expect(pages.every(({ entries, read, isOver }) => (isOver || entries.length > 0) && read <= 110)).toBe(true);
});

test("equal times are ordered by connection and id, whatever the page size", async () => {
  for (const size of [1, 7, 50]) {
    for (const after of ["ALL", "TIMES", "NONE"] as const) {
      const listings = ten(
        (crm) =>
          rows(
            crm,
            Array.from({ length: 30 }, (_, index) => Math.floor(index / 12)),
          ),
        { after },
      );
      const pages = await walk(listings, { sizeOf: () => size });
      expectExact(pages, listings);
    }
  }
});

test.each([
  ["first", true],
  ["last", false],
])(
  "records without a time stay where their CRM has them if they come first, and else come last: %s",
  async (_name, emptyFirst) => {
    const odd = new FakeListing("con_0", rows(0, [null, null, 1, 3, 5]), { after: "ALL", emptyFirst });
    const other = new FakeListing("con_1", rows(1, [2, 4, 6]));
    const pages = await walk([odd, other], { sizeOf: () => 3 });
    const times = pages.flatMap(({ entries }) => entries.map(({ rank }) => rank));
    const empty = [Infinity, Infinity];
    expect(times).toEqual(emptyFirst ? [...empty, 1, 2, 3, 4, 5, 6] : [1, 2, 3, 4, 5, 6, ...empty]);
  },
);

describe("a CRM that fails", () => {
  const listings = () => [
    new FakeListing("con_a", rows(0, [1, 3, 5, 7, 9, 11, 13, 15])),
    new FakeListing("con_b", rows(1, [2, 4, 6, 8, 10, 12, 14, 16])),
  ];
  const timesOf = ({ entries }: WalkedPage) => entries.map(({ rank, late }) => (late ? `${rank} late` : String(rank)));

  test("is missing, and its records come first and marked late when it is back", async () => {
    const [a, b] = listings() as [FakeListing, FakeListing];
    const pages = await walk([a, b], { sizeOf: () => 4, before: (page) => void (b.failing = page === 1) });
    expect(pages.map(timesOf)).toEqual([
      ["1", "2", "3", "4"],
      ["5", "7", "9", "11"],
      ["6 late", "8 late", "10 late", "12"],
      ["13", "14", "15", "16"],
    ]);
    expect(pages.map(({ missing }) => missing)).toEqual([[], ["con_b"], [], []]);
  });

  test("is still brought after all others are at their end", async () => {
    const [a, b] = listings() as [FakeListing, FakeListing];
    const pages = await walk([a, b], { sizeOf: () => 10, before: (page) => void (b.failing = page < 3) });
    expect(pages.map(({ hasMore }) => hasMore)).toEqual([false, false, false, false]);
    expect(pages.map(timesOf)).toEqual([
      ["1", "3", "5", "7", "9", "11", "13", "15"],
      [],
      [],
      ["2 late", "4 late", "6 late", "8 late", "10 late", "12 late", "14 late", "16"],
    ]);
    // What is at its end is not read again: both reads are those of the first page.
    expect(a.reads.map(({ limit }) => limit)).toEqual([6, 4]);
  });
});

test("a connection that the cursor does not know brings its records as late ones", async () => {
  const a = new FakeListing("con_a", rows(0, [1, 2, 3, 4, 5, 6]));
  const b = new FakeListing("con_b", []);
  const pages = await walk([a, b], {
    sizeOf: () => 2,
    // Its listing was at its end: a later record is not read.
    before: (page) => void (page === 1 && b.add({ nativeId: "new", time: 0 })),
  });
  expect(idsIn(pages)).not.toContain("new");
  expect(idsIn(pages)).toHaveLength(6);
});

const MANNERS: readonly Manners[] = [
  { after: "ALL" },
  { after: "NONE" },
  { after: "TIMES" },
  { after: "NONE", largest: 3 },
  { after: "ALL", gaps: true },
  { after: "NONE", gaps: true, largest: 2 },
];

/** `npm run test:walks` walks them all. */
const WALKS = process.env["WALKS"] === "all" ? 500 : 60;

test("random walks: every record once and in order, whatever fails, comes and goes", async () => {
  for (let seed = 0; seed < WALKS; seed += 1) {
    const random = new Random(`walk ${seed}`);
    const descending = random.chance(0.5);
    const finest = random.pick([1, 50, 5_000]);
    const listings = Array.from({ length: random.integer(1, 10) }, (_, crm) => {
      const times = Array.from({ length: random.integer(0, 80) }, () => random.integer(0, 10_000 / finest) * finest);
      return new FakeListing(`con_${crm}`, rows(crm, times), { ...random.pick(MANNERS), descending });
    });
    const changed = new Set<string>();
    const pages = await walk(listings, {
      descending,
      sizeOf: () => random.pick([1, 7, 25, 50]),
      before: (page) => {
        for (const listing of listings) listing.failing = page < 30 && random.chance(0.1);
        for (const [index, listing] of listings.entries()) {
          for (const id of listing.hidden) if (random.chance(0.5)) listing.hidden.delete(id);
          if (page < 30 && random.chance(0.2)) {
            const nativeId = `${index}-new-${page}`;
            changed.add(nativeId);
            listing.add({ nativeId, time: random.integer(0, 10_000) });
            if (random.chance(0.5)) listing.hidden.add(nativeId);
          }
          const victim = page < 30 && random.chance(0.2) ? listing.rows[random.integer(0, 80)] : undefined;
          if (victim) {
            changed.add(victim.nativeId);
            listing.remove(victim.nativeId);
          }
        }
      },
    });
    const seen = idsIn(pages);
    expect(new Set(seen).size).toBe(seen.length);
    // Only what was made or deleted in between may differ.
    expect(seen.filter((id) => !changed.has(id)).sort()).toEqual(union(listings).filter((id) => !changed.has(id)));
    const inTime = pages.flatMap(({ entries }) => entries.filter(({ late }) => !late));
    for (const [index, entry] of inTime.entries())
      expect(entry.rank >= (inTime[index - 1]?.rank ?? -Infinity)).toBe(true);
    for (const { entries, rounds, shown } of pages) {
      expect(rounds).toBeLessThanOrEqual(MAX_ROUNDS);
      // Late records come before all that are behind the records of earlier pages.
      const firstNew = entries.findIndex(({ rank }) => shown !== null && rank > shown.rank);
      expect(entries.slice(firstNew < 0 ? entries.length : firstNew).some(({ late }) => late)).toBe(false);
    }
  }
});
