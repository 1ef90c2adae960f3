import { describe, expect, test } from "@jest/globals";
import { CursorCodec } from "../../src/graphql/operation/cursor.js";
import { readPage, slicePage, type PageOf } from "../../src/graphql/operation/read-page.js";
import type { Page } from "../../src/providers/contract/contract.js";

const cursors = new CursorCodec([new Uint8Array(32).fill(1)]);
const LISTING = "contacts";

type Records = Page<"contact">["records"];

/**
 * A CRM that pages over `kept.length` places and hands out those that are kept: a filter that it applies after paging.
 * Its cursor is the place where the next page begins.
 */
function crm(kept: readonly boolean[], largest = 100) {
  const calls: number[] = [];
  const read = async (cursor: string | null, limit: number): Promise<Page<"contact">> => {
    expect(limit).toBeGreaterThanOrEqual(1);
    expect(limit).toBeLessThanOrEqual(100);
    calls.push(limit);
    const from = Number(cursor ?? 0);
    const to = Math.min(from + Math.min(limit, largest), kept.length);
    const places = Array.from({ length: to - from }, (_, index) => from + index).filter((place) => kept[place]);
    const records = places.map((place) => ({ nativeId: String(place), fields: {}, links: {}, raw: {} })) as Records;
    return { records, next: to < kept.length ? String(to) : null, cap: null };
  };
  return { calls, read };
}

async function readAll(kept: readonly boolean[], first: number, largest?: number): Promise<string[]> {
  const { read } = crm(kept, largest);
  const ids: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 1_000; page += 1) {
    const { edges, pageInfo }: PageOf<Records[number]> = await readPage(
      cursors,
      LISTING,
      { first, after },
      read,
      fiveReads,
    );
    expect(edges.length).toBeLessThanOrEqual(first);
    ids.push(...edges.map(({ node }) => node.nativeId));
    if (!pageInfo.hasNextPage) return ids;
    after = pageInfo.endCursor();
  }
  throw new Error("The listing has no end.");
}

const every = (count: number, keep: (place: number) => boolean = () => true) =>
  Array.from({ length: count }, (_, place) => keep(place));
const idsOf = (kept: readonly boolean[]) => kept.flatMap((isKept, place) => (isKept ? [String(place)] : []));

const fiveReads = () => 5;

describe.each([
  ["whole pages", every(230), 100],
  ["pages shorter than asked for", every(230), 17],
  ["a record here and there", every(230, (place) => place % 7 === 3), 10],
  ["long gaps", every(900, (place) => place < 3 || place > 880), 20],
  ["nothing at all", every(300, () => false), 25],
  ["no places", [], 100],
])("%s", (_name, kept, largest) => {
  test.each([1, 2, 10, 37, 100])("returns every record once in pages of %i", async (first) => {
    expect(await readAll(kept, first, largest)).toEqual(idsOf(kept));
  });

  test("continues from every cursor of a page", async () => {
    const { read } = crm(kept, largest);
    const { edges } = await readPage(cursors, LISTING, { first: 40 }, read, fiveReads);
    const ids = idsOf(kept);
    for (const [index, { cursor }] of edges.entries()) {
      const next = await readPage(cursors, LISTING, { first: 5, after: cursor() }, read, fiveReads);
      const found = next.edges.map(({ node }) => node.nativeId);
      expect(found).toEqual(ids.slice(index + 1, index + 1 + found.length));
      if (found.length < 5) expect(next.pageInfo.hasNextPage || index + 1 + found.length === ids.length).toBe(true);
    }
  });
});

test("a sparse list is not read to its end for one page", async () => {
  const { calls, read } = crm(every(10_000, () => false));
  const { edges, pageInfo } = await readPage(cursors, LISTING, { first: 10 }, read, fiveReads);
  expect([edges.length, pageInfo.hasNextPage, calls.length]).toEqual([0, true, 5]);
  expect(pageInfo.endCursor()).not.toBeNull();
});

test("a page takes no more reads than its price has, and is then short", async () => {
  const { calls, read } = crm(every(230), 10);
  const given: number[] = [];
  const reads = (count: number) => (given.push(count), 2);
  const { edges, pageInfo } = await readPage(cursors, LISTING, { first: 25 }, read, reads);
  expect([edges.length, pageInfo.hasNextPage, calls, given]).toEqual([20, true, [25, 15], [0]]);
  const after = edges[4]!.cursor();
  const next = await readPage(cursors, LISTING, { first: 25, after }, read, reads);
  expect([next.edges[0]!.node.nativeId, next.edges.length, given]).toEqual(["5", 15, [0, 5]]);
});

test("a cap of the adapter is passed on", async () => {
  const { read } = crm(every(3));
  const capped = async (cursor: string | null, limit: number) => ({
    ...(await read(cursor, limit)),
    cap: { records: 3, reason: "It stops there." },
  });
  const { completeness } = await readPage(cursors, LISTING, { first: 2 }, capped, fiveReads);
  expect(completeness).toEqual({ isComplete: false, cap: 3, reason: "It stops there." });
});

describe("records that are deleted or created between two pages", () => {
  /** A CRM that pages by key, in pages of 10 at most: its cursor is the last record of the page before. */
  function keyset(records: number[]) {
    return async (cursor: string | null, limit: number): Promise<Page<"contact">> => {
      const after = records.filter((record) => cursor === null || record > Number(cursor)).sort((a, b) => a - b);
      const shown = after.slice(0, Math.min(limit, 10));
      const nodes = shown.map((id) => ({ nativeId: String(id), fields: {}, links: {}, raw: {} })) as unknown as Records;
      return { records: nodes, next: after.length > shown.length ? String(shown.at(-1)) : null, cap: null };
    };
  }
  const TENS = Array.from({ length: 30 }, (_, index) => (index + 1) * 10);

  /** Reads everything from a cursor in the middle of the CRM's first page, whose records change before the rest is read. */
  async function readAround(given: number, first: number, change: (records: number[]) => number[]) {
    const before = await readPage(cursors, LISTING, { first: 9 }, keyset(TENS), fiveReads);
    const seen = before.edges.slice(0, given).map(({ node }) => Number(node.nativeId));
    const read = keyset(change(TENS));
    const rest: number[] = [];
    let after: string | null = before.edges[given - 1]!.cursor();
    for (let page = 0; after !== null; page += 1) {
      if (page > 50) throw new Error("The listing has no end.");
      const { edges, pageInfo }: PageOf<Records[number]> = await readPage(
        cursors,
        LISTING,
        { first, after },
        read,
        fiveReads,
      );
      rest.push(...edges.map(({ node }) => Number(node.nativeId)));
      after = pageInfo.hasNextPage ? pageInfo.endCursor() : null;
    }
    return { seen, rest };
  }

  test.each([
    [1, 1],
    [4, 2],
    [8, 3],
    [8, 100],
  ])("a seen record that is deleted after %i were given loses nothing, in pages of %i", async (given, first) => {
    for (const gone of TENS.slice(0, given)) {
      const { seen, rest } = await readAround(given, first, (records) => records.filter((record) => record !== gone));
      expect(rest).toEqual(TENS.filter((record) => !seen.includes(record)));
    }
  });

  test("so do all seen ones", async () => {
    const { seen, rest } = await readAround(8, 3, (records) => records.slice(8));
    expect([...seen, ...rest]).toEqual(TENS);
  });

  test("a record that is created before the position repeats nothing", async () => {
    const { seen, rest } = await readAround(8, 3, (records) => [5, ...records]);
    expect(rest.filter((record) => seen.includes(record))).toEqual([]);
    expect(rest).toEqual(expect.arrayContaining(TENS.slice(8)));
    expect(new Set(rest).size).toBe(rest.length);
  });

  test("the linked records of a record, too", () => {
    const ids = Array.from({ length: 12 }, (_, index) => String(index + 1));
    const page = (list: readonly string[], after: string | null) =>
      slicePage(cursors, LISTING, { first: 4, after }, list, true);
    for (const unlinked of ids.slice(0, 4)) {
      const first = page(ids, null);
      const left = ids.filter((id) => id !== unlinked).reverse();
      const second = page(["0", ...left], first.pageInfo.endCursor());
      const third = page(left, second.pageInfo.endCursor());
      expect([first, second, third].flatMap(({ edges }) => edges.map(({ node }) => node))).toEqual(ids);
      expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false]);
    }
  });
});

test("the longest cursor of a page fits into a URL", async () => {
  const { read } = crm(every(300));
  const { edges } = await readPage(cursors, LISTING, { first: 100 }, read, fiveReads);
  const longest = Math.max(...edges.map(({ cursor }) => cursor().length));
  // 99 marks of 6 bytes, and the signature; as base64.
  expect(longest).toBeGreaterThan(800);
  expect(longest).toBeLessThan(1_000);
});
