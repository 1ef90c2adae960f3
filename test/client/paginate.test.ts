import { expect, test } from "@jest/globals";
import { paginate, PagingError, type Page } from "../../src/client/index.js";

/** A list of the numbers below `size`, in pages of 2; the cursor of a page is its last number. */
const pages = (size: number, loaded: (string | null)[] = []) =>
  async function load(after: string | null): Promise<Page<number>> {
    loaded.push(after);
    const from = after === null ? 0 : Number(after) + 1;
    const nodes = [from, from + 1].filter((number) => number < size);
    return { nodes, pageInfo: { hasNextPage: from + 2 < size, endCursor: String(from + 1) } };
  };

async function all<Node>(nodes: AsyncIterable<Node>): Promise<Node[]> {
  const read: Node[] = [];
  for await (const node of nodes) read.push(node);
  return read;
}

test("yields the nodes of all pages, in order", async () => {
  expect(await all(paginate(pages(5)))).toEqual([0, 1, 2, 3, 4]);
  expect(await all(paginate(pages(0)))).toEqual([]);
});

test("begins after a cursor", async () => {
  expect(await all(paginate(pages(5), { after: "1" }))).toEqual([2, 3, 4]);
});

test("reads pages by their edges too, and yields what could not be read as null", async () => {
  const load = async (): Promise<Page<number | null>> => ({
    edges: [{ node: 1 }, { node: null }],
    pageInfo: { hasNextPage: false },
  });
  expect(await all(paginate(load))).toEqual([1, null]);
});

test("loads a page only when its nodes are wanted", async () => {
  const loaded: (string | null)[] = [];
  for await (const node of paginate(pages(100, loaded))) if (node === 2) break;
  expect(loaded).toEqual([null, "1"]);
});

test("refuses more pages than it may read, after the nodes of those", async () => {
  const read: number[] = [];
  const reading = (async () => {
    for await (const node of paginate(pages(100), { maxPages: 2 })) read.push(node);
  })();
  await expect(reading).rejects.toThrow(new PagingError("There are more than 2 pages (maxPages)."));
  expect(read).toEqual([0, 1, 2, 3]);
});

test.each([
  ["the same cursor", () => "same"],
  ["cursors in a circle", (after: string | null) => (after === "a" ? "b" : "a")],
  ["no cursor", () => null],
  ["a cursor that was not selected", () => undefined],
])("refuses a next page with %s", async (_name, next) => {
  let loads = 0;
  const load = async (after: string | null): Promise<Page<number>> => {
    loads += 1;
    return { nodes: [1], pageInfo: { hasNextPage: true, endCursor: next(after) } };
  };
  await expect(all(paginate(load))).rejects.toThrow(/does not move/);
  expect(loads).toBeLessThan(4);
});

test("a page that is missing is not the end of the list", async () => {
  await expect(all(paginate(async () => null))).rejects.toThrow(PagingError);
});

test("an abort ends the reading before the next page", async () => {
  const controller = new AbortController();
  const loaded: (string | null)[] = [];
  const reading = (async () => {
    for await (const node of paginate(pages(100, loaded), { signal: controller.signal })) {
      if (node === 1) controller.abort(new Error("enough"));
    }
  })();
  await expect(reading).rejects.toThrow("enough");
  expect(loaded).toEqual([null]);
});
