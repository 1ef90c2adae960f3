import { describe, expect, test } from "@jest/globals";
import { CursorCodec } from "../../src/graphql/operation/cursor.js";
import { readPage, type PageOf } from "../../src/graphql/operation/read-page.js";
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
    const { edges, pageInfo }: PageOf<Records[number]> = await readPage(cursors, LISTING, { first, after }, read);
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
    const { edges } = await readPage(cursors, LISTING, { first: 40 }, read);
    const ids = idsOf(kept);
    for (const [index, { cursor }] of edges.entries()) {
      const next = await readPage(cursors, LISTING, { first: 5, after: cursor() }, read);
      const found = next.edges.map(({ node }) => node.nativeId);
      expect(found).toEqual(ids.slice(index + 1, index + 1 + found.length));
      if (found.length < 5) expect(next.pageInfo.hasNextPage || index + 1 + found.length === ids.length).toBe(true);
    }
  });
});

test("a sparse list is not read to its end for one page", async () => {
  const { calls, read } = crm(every(10_000, () => false));
  const { edges, pageInfo } = await readPage(cursors, LISTING, { first: 10 }, read);
  expect([edges.length, pageInfo.hasNextPage, calls.length]).toEqual([0, true, 5]);
  expect(pageInfo.endCursor()).not.toBeNull();
});

test("a cap of the adapter is passed on", async () => {
  const { read } = crm(every(3));
  const capped = async (cursor: string | null, limit: number) => ({
    ...(await read(cursor, limit)),
    cap: { records: 3, reason: "It stops there." },
  });
  const { completeness } = await readPage(cursors, LISTING, { first: 2 }, capped);
  expect(completeness).toEqual({ isComplete: false, cap: 3, reason: "It stops there." });
});
