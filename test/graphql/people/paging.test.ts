import { describe, expect, test } from "@jest/globals";
import { CursorCodec } from "../../../src/graphql/operation/cursor.js";
import { decodeMerged, encodeMerged, START } from "../../../src/graphql/operation/merged/merged-cursor.js";
import { BEFORE_ALL, type Rank } from "../../../src/graphql/operation/merged/rank.js";
import { readMerged, type MergedRead } from "../../../src/graphql/operation/merged/read-merged.js";
import { groupOf } from "../../../src/graphql/operation/people/groups.js";
import {
  decodePeople,
  encodePeople,
  type PeoplePosition,
} from "../../../src/graphql/operation/people/people-cursor.js";
import { standsAt } from "../../../src/graphql/operation/people/standing.js";
import { lastTaken, walkedPage } from "../../../src/graphql/operation/people/walked-page.js";
import { Random } from "../../../src/sandbox/kit/random.js";
import { FakeListing, type Row } from "../merged/fake-listing.js";
import { imagine, lookedUp, trueGroups, type Imagined } from "./world.js";

const cursors = new CursorCodec([new Uint8Array(32).fill(1)]);
const LISTING = "people of somebody";

interface WalkOptions {
  sizeOf: (page: number) => number;
  descending: boolean;
  /** The filter of the listing. */
  passes?: (record: Imagined) => boolean;
  /** The connections that fail on a page. */
  failingOn?: (page: number) => ReadonlySet<string>;
}

/** A record at which a person stood. */
interface Place {
  record: Imagined;
  /** The connections that failed on its page. */
  failing: ReadonlySet<string>;
}

/** Walks over the people of imagined CRMs. Returns the record at which each person stood. */
async function walk(records: readonly Imagined[], options: WalkOptions): Promise<Place[]> {
  const { descending, passes = () => true, failingOn = () => new Set<string>() } = options;
  const ids = [...new Set(records.map(({ connectionId }) => connectionId))].sort();
  const byId = new Map(records.map((record) => [`${record.connectionId} ${record.nativeId}`, record]));
  const rankOf = ({ createdAt }: Imagined): Rank =>
    createdAt === Infinity ? Infinity : descending ? -createdAt : createdAt;
  const listings = ids.map((id) => {
    const rows: Row[] = records
      .filter((record) => record.connectionId === id && passes(record))
      .map(({ nativeId, createdAt }) => ({ nativeId, time: createdAt === Infinity ? null : createdAt }));
    return new FakeListing(id, rows, { after: id.endsWith("1") ? "NONE" : "ALL", descending });
  });
  const rankOfRow = ({ time }: Row) => (time === null ? Infinity : descending ? -time : time);
  const stood: Place[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 1_000; page += 1) {
    const failing = failingOn(page);
    for (const listing of listings) listing.failing = failing.has(listing.connectionId);
    const position: PeoplePosition | null = cursor === null ? null : decodePeople(cursors, cursor, ids, LISTING);
    const start: ReturnType<typeof decodeMerged> = position
      ? decodeMerged(cursors, position.merged, ids, LISTING)
      : new Map(ids.map((id) => [id, START]));
    const last = position?.last ?? new Map<string, string[]>();
    const read: MergedRead<Row> = await readMerged(
      listings.map(({ source }) => source),
      start,
      options.sizeOf(page),
      rankOfRow,
    );
    const entries = read.records.map(({ stream, item }) => {
      const member = byId.get(`${stream.id} ${item.nativeId}`)!;
      return { member, rank: rankOf(member) };
    });
    const missing = new Set(read.streams.flatMap(({ id, failure }) => (failure ? [id] : [])));
    const walked = walkedPage({ entries, start, last, rankOf, passes, listed: new Set(ids), missing });
    const { known } = lookedUp(records, failing);
    await known.explore(entries.flatMap(({ member }) => member.addresses));
    for (const { member } of entries) {
      const { members, isClosed } = groupOf(member, known);
      if (!isClosed || standsAt(member, members, walked)) stood.push({ record: member, failing });
    }
    const after = new Map(read.streams.map((stream) => [stream.id, stream.stateAfter(stream.taken)]));
    const merged = encodeMerged(cursors, after, LISTING);
    cursor = encodePeople(cursors, { merged, last: lastTaken(last, start, after, entries) }, LISTING);
    const isOver = read.streams.every(({ failure, isOpen, left }) => failure === null && !isOpen && left === 0);
    if (isOver) return stood;
  }
  throw new Error("The walk has no end.");
}

/** For each group, the records at which it stood. */
function byGroup(records: readonly Imagined[], stood: readonly Place[]): Map<Set<Imagined>, Place[]> {
  const groups = trueGroups(records);
  const found = new Map([...new Set(groups.values())].map((group) => [group, [] as Place[]]));
  for (const place of stood) found.get(groups.get(place.record)!)!.push(place);
  return found;
}

describe("a walk over people", () => {
  test.each([1, 7, 50])("in pages of %d meets each person once, in both directions", async (size) => {
    for (let seed = 0; seed < 25; seed += 1) {
      const random = new Random(`people ${size} ${seed}`);
      const records = imagine(random, { people: 20, connections: 4, times: random.pick([3, 40, 1_000]) });
      for (const descending of [false, true]) {
        const stood = await walk(records, { sizeOf: () => size, descending });
        for (const [, places] of byGroup(records, stood)) expect(places).toHaveLength(1);
      }
    }
  });

  test("with a filter meets each person of whom a record passes it once", async () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const random = new Random(`filtered people ${seed}`);
      const records = imagine(random, { people: 20, connections: 4, times: 20 });
      const passes = ({ createdAt }: Imagined) => createdAt >= 8 && createdAt < 15;
      const sizeOf = () => random.pick([1, 7, 50]);
      const stood = await walk(records, { sizeOf, descending: random.chance(0.5), passes });
      for (const [group, places] of byGroup(records, stood)) {
        expect(places).toHaveLength([...group].some(passes) ? 1 : 0);
        expect(places.every(({ record }) => passes(record))).toBe(true);
      }
    }
  });

  test("loses nobody while connections fail and come back, and meets only those twice whom a failure hid", async () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const random = new Random(`failing people ${seed}`);
      const records = imagine(random, { people: 20, connections: 4, times: random.pick([10, 1_000]) });
      const failures = Array.from(
        { length: 12 },
        () => new Set(["con_0", "con_1", "con_2", "con_3"].filter(() => random.chance(0.25))),
      );
      const size = random.pick([1, 7, 50]);
      const stood = await walk(records, {
        sizeOf: () => size,
        descending: random.chance(0.5),
        failingOn: (page) => failures[page] ?? new Set(),
      });
      for (const [group, places] of byGroup(records, stood)) {
        expect(places.length).toBeGreaterThan(0);
        // Without the records of a connection that fails, nobody can know that the person stood already.
        const isHidden = places.some(({ failing }) => [...group].some(({ connectionId }) => failing.has(connectionId)));
        if (!isHidden) expect(places).toHaveLength(1);
      }
    }
  });

  test("meets a person once who stood while one connection failed, and whose late record comes when it is back", async () => {
    for (const size of [1, 2, 3, 50]) {
      const records: Imagined[] = ["con_0", "con_1", "con_2"].flatMap((connectionId, index) =>
        Array.from({ length: 6 }, (_, number) => ({
          person: number,
          connectionId,
          nativeId: `${index}-${number}`,
          name: `person ${number}`,
          addresses: [`${number}@example.com`],
          // Of each person, the record of the failing connection is the least.
          createdAt: 10 * Math.floor(number / 2) + index,
        })),
      );
      const stood = await walk(records, {
        sizeOf: () => size,
        descending: false,
        failingOn: (page) => new Set(page < 4 ? ["con_0"] : []),
      });
      for (const [, places] of byGroup(records, stood)) expect(places).toHaveLength(1);
    }
  });
});

describe("the cursor of people", () => {
  const state = (rank: Rank) => ({ position: { page: "x", given: [] }, rank });
  const member = (nativeId: string, createdAt: number): Imagined => ({
    person: 0,
    connectionId: "con_a",
    nativeId,
    name: "",
    addresses: [],
    createdAt,
  });

  test("marks the records of the rank at which a listing goes on", () => {
    const entries = [member("1", 5), member("2", 7), member("3", 7)].map((one) => ({
      member: one,
      rank: one.createdAt,
    }));
    const none = new Map<string, string[]>();
    const first = lastTaken(none, new Map(), new Map([["con_a", state(7)]]), entries);
    expect(first.get("con_a")).toHaveLength(2);
    const same = lastTaken(first, new Map([["con_a", state(7)]]), new Map([["con_a", state(7)]]), [
      { member: member("4", 7), rank: 7 },
    ]);
    expect(same.get("con_a")).toHaveLength(3);
    const later = lastTaken(same, new Map([["con_a", state(7)]]), new Map([["con_a", state(8)]]), [
      { member: member("5", 8), rank: 8 },
    ]);
    expect(later.get("con_a")).toHaveLength(1);
  });

  test("brings back what was taken, and is refused for another listing", () => {
    const merged = encodeMerged(cursors, new Map([["con_a", state(BEFORE_ALL + 1)]]), LISTING);
    const last = new Map([["con_a", ["AAAAAAAA", "BBBBBBBB"]]]);
    const cursor = encodePeople(cursors, { merged, last }, LISTING);
    expect(decodePeople(cursors, cursor, ["con_b", "con_a"], LISTING)).toEqual({ merged, last });
    expect(() => decodePeople(cursors, cursor, ["con_a"], "another")).toThrow("Validation failed");
    expect(() => decodePeople(cursors, merged, ["con_a"], LISTING)).toThrow("Validation failed");
  });
});
