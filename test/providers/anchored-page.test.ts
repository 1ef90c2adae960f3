import { describe, expect, test } from "@jest/globals";
import type { NativeRecord } from "../../src/providers/contract/field-map.js";
import { anchoredPage, type ListingWindow } from "../../src/providers/kit/anchored-page.js";
import type { NativePage } from "../../src/providers/kit/resource-rules.js";

interface Row extends NativeRecord {
  id: number;
  /** The time, finer than the CRM shows it. */
  time: number | null;
  /** Orders records of the same time; the id if it is absent. */
  rank?: number;
}

/** A CRM that orders by time and id, empty times last, and shows tens of a time. */
class Table {
  readonly windows: ListingWindow[] = [];
  rows: Row[];

  constructor(
    rows: readonly Row[],
    readonly canBegin: boolean,
  ) {
    this.rows = [...rows];
  }

  remove(...ids: readonly number[]): void {
    this.rows = this.rows.filter(({ id }) => !ids.includes(id));
  }

  async page(limit: number, cursor: string | null): Promise<NativePage> {
    const shown = (time: number) => Math.floor(time / 10) * 10;
    return anchoredPage(
      { limit, cursor },
      {
        idOf: ({ id }) => String(id),
        valueOf: ({ time }) => (this.canBegin && time !== null ? String(shown(time as number)) : null),
        read: async (window) => {
          this.windows.push(window);
          const sorted = [...this.rows].sort(
            (one, other) =>
              (one.time ?? Infinity) - (other.time ?? Infinity) || (one.rank ?? one.id) - (other.rank ?? other.id),
          );
          const from = window.from === null ? -Infinity : Number(window.from);
          const rest = sorted.filter(({ time }) => (time ?? Infinity) >= from).slice(window.offset);
          return { records: rest.slice(0, window.size), hasMore: rest.length > window.size };
        },
      },
    );
  }

  /** Reads the rest of the listing, and resolves to the ids. */
  async rest(limit: number, cursor: string | null): Promise<number[]> {
    const ids: number[] = [];
    for (let page = 0; cursor !== null; page += 1) {
      if (page > 1_000) throw new Error("The listing has no end.");
      const { records, next }: NativePage = await this.page(limit, cursor);
      ids.push(...records.map(({ id }) => Number(id)));
      cursor = next;
    }
    return ids;
  }
}

const idsOf = ({ records }: NativePage) => records.map(({ id }) => Number(id));
const rowsOf = (count: number, timeOf: (id: number) => number | null) =>
  Array.from({ length: count }, (_, index): Row => ({ id: index + 1, time: timeOf(index + 1) }));

const TIMES: readonly [string, (id: number) => number | null][] = [
  ["times that all differ", (id) => id * 10],
  ["times of which some look the same", (id) => Math.floor(id / 7) * 10 + (id % 7)],
  ["one time for all", () => 500],
  ["no time for the last half", (id) => (id <= 60 ? id * 10 : null)],
];

describe.each([true, false])("a listing that can begin at a value: %s", (canBegin) => {
  describe.each(TIMES)("with %s", (_name, timeOf) => {
    const rows = rowsOf(120, timeOf);
    const all = rows.map(({ id }) => id);

    test.each([1, 7, 50, 100])("is read to its end in pages of %i, with one call for each", async (limit) => {
      const table = new Table(rows, canBegin);
      const first = await table.page(limit, null);
      expect([...idsOf(first), ...(await table.rest(limit, first.next))]).toEqual(all);
      expect(table.windows).toHaveLength(Math.ceil(120 / limit));
      for (const { size } of table.windows) expect(size).toBeLessThanOrEqual(limit + 20);
    });

    test.each([1, 2, 5, 19, 20])(
      "loses nothing if %i seen records are deleted, the last ones or earlier ones",
      async (count) => {
        for (const victims of [all.slice(40 - count, 40), all.slice(0, count), all.slice(20, 20 + count)]) {
          const table = new Table(rows, canBegin);
          const first = await table.page(33, null);
          const second = await table.page(7, first.next);
          table.remove(...victims);
          expect(await table.rest(7, second.next)).toEqual(all.slice(40));
          expect(table.windows.every(({ size }) => size <= 33 + 20)).toBe(true);
        }
      },
    );

    test("neither loses nor repeats anything if records are deleted and created before each page", async () => {
      const table = new Table(rows, canBegin);
      let [cursor, given]: [string | null, number[]] = [null, []];
      for (let page = 0; page === 0 || cursor !== null; page += 1) {
        const read: NativePage = await table.page(5, cursor);
        given.push(...idsOf(read));
        cursor = read.next;
        const early = { id: 1_000 + page, time: -10 };
        table.remove(given.at(-1)!, ...given.slice(page % 3, (page % 3) + 1));
        if (page % 2 === 0) table.rows.push(early);
      }
      given = given.filter((id) => id < 1_000);
      expect(given).toEqual(all);
    });

    test("has a short cursor, however many records have the same time", async () => {
      const table = new Table(rows, canBegin);
      const { next } = await table.page(100, null);
      expect(next!.length).toBeLessThan(500);
    });
  });
});

test("records of the same time may stand in another order in every answer", async () => {
  const rows = rowsOf(60, (id) => Math.floor(id / 6) * 10);
  const table = new Table(rows, true);
  let [cursor, given]: [string | null, number[]] = [null, []];
  for (let page = 0; page === 0 || cursor !== null; page += 1) {
    const read: NativePage = await table.page(4, cursor);
    given.push(...idsOf(read));
    cursor = read.next;
    table.rows = table.rows.map((row) => ({ ...row, rank: (Number(row.id) * 7 + page * 3) % 11 }));
  }
  given = given.sort((one, other) => one - other);
  expect(given).toEqual(rows.map(({ id }) => id));
});

test("a record that gets a later time between two pages comes again at its new place", async () => {
  const table = new Table(
    rowsOf(12, (id) => id * 10),
    true,
  );
  const { next } = await table.page(4, null);
  table.rows = table.rows.map((row) => (row.id === 4 ? { ...row, time: 65 } : row));
  expect(await table.rest(3, next)).toEqual([5, 6, 4, 7, 8, 9, 10, 11, 12]);
});

test("a listing whose first page is empty, and one that ends at a cap, have no next page", async () => {
  const nothing = { idOf: String, valueOf: () => null };
  const empty = { ...nothing, read: async () => ({ records: [], hasMore: false }) };
  expect(await anchoredPage({ limit: 10, cursor: null }, empty)).toMatchObject({ records: [], next: null });
  const cap = { records: 1, reason: "It stops there." };
  const capped = { ...nothing, read: async () => ({ records: [{ id: 1 }], hasMore: false, cap }) };
  expect(await anchoredPage({ limit: 10, cursor: null }, capped)).toMatchObject({
    records: [{ id: 1 }],
    next: null,
    cap,
  });
});

test("more deletions than the cursor remembers lose no more than the ones beyond", async () => {
  const rows = rowsOf(200, (id) => id * 10);
  const begins = new Table(rows, true);
  const second = await begins.page(50, (await begins.page(50, null)).next);
  begins.remove(...rows.slice(0, 100).map(({ id }) => id));
  expect(await begins.rest(50, second.next)).toEqual(rows.slice(100).map(({ id }) => id));
});
