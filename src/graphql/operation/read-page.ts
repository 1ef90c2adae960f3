import type { Page } from "../../providers/contract/contract.js";
import type { ResourceName } from "../../providers/contract/model.js";
import { markOf, type CursorCodec, type Position } from "./cursor.js";
import { GIVEN_MAX, sortOut } from "./given-records.js";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, pageSize } from "./page-size.js";

export interface PageArgs {
  first?: number | null;
  after?: string | null;
}

/** A function that signs a cursor. graphql-js calls it only if the cursor is selected, because most cursors are not. */
export type LazyCursor<Cursor = string> = () => Cursor;

export interface EdgeValue<Node> {
  cursor: LazyCursor;
  node: Node;
}

export interface PageOf<Node> {
  edges: EdgeValue<Node>[];
  pageInfo: PageInfoValue;
  completeness: CompletenessValue;
}

export interface PageInfoValue {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: LazyCursor<string | null>;
  endCursor: LazyCursor<string | null>;
}

export interface CompletenessValue {
  isComplete: boolean;
  /** Number of records after which the CRM stops. */
  cap: number | null;
  reason: string | null;
}

const noCursor: LazyCursor<null> = () => null;

const COMPLETE: CompletenessValue = { isComplete: true, cap: null, reason: null };

/** Makes a key that is equal for two requests of the same page. */
export function pageKey(listing: string, { first, after }: PageArgs): string {
  return JSON.stringify([listing, first ?? DEFAULT_PAGE_SIZE, after ?? null]);
}

/**
 * Reads one page of a list. It calls the CRM until the page is full, the list ends, or the calls of its price are made:
 * a CRM that filters after paging can send many empty pages, and the page is then returned short.
 * The cursor of an edge contains the CRM's page, and the marks of that page's records up to and including the edge.
 * Records that are marked are left out when the page is read again, wherever they are in it by then.
 * @param maxReads returns the most calls of `read`, at least 1, from the number of records of the first page that the
 *   caller has
 */
export async function readPage<Resource extends ResourceName>(
  cursors: CursorCodec,
  listing: string,
  args: PageArgs,
  read: (cursor: string | null, limit: number) => Promise<Page<Resource>>,
  maxReads: (given: number) => number,
): Promise<PageOf<Page<Resource>["records"][number]>> {
  const size = pageSize(args.first);
  let position: Position | null = args.after ? cursors.decode(args.after, listing) : { page: null, given: [] };
  const given = position.given.length;
  // Usually the first call fills the page.
  let mostReads: number | null = null;
  const mayRead = (call: number) => call === 1 || call <= (mostReads ??= maxReads(given));
  const edges: PageOf<Page<Resource>["records"][number]>["edges"] = [];
  let cap: Page["cap"] = null;
  let omits: Page["omits"];

  for (let call = 1; position && edges.length < size && mayRead(call); call += 1) {
    const start: Position = position;
    const limit = Math.min(start.given.length + size - edges.length, MAX_PAGE_SIZE);
    const page = await read(start.page, limit);
    ({ cap, omits } = page);
    const { fresh, passed } = sortOut(page.records, start.given);
    const taken = fresh.slice(0, size - edges.length);
    const rest = fresh.length > taken.length;
    const marks: string[] = [];
    const behind = (count: number): Position => {
      // A cursor has the marks of all edges before it.
      for (const { nativeId } of taken.slice(marks.length, count)) marks.push(markOf(nativeId));
      return { page: start.page, given: [...start.given, ...marks.slice(0, count)].slice(-GIVEN_MAX) };
    };
    const nextPage = page.next === null ? null : { page: page.next, given: passed };
    for (const [index, node] of taken.entries()) {
      const isLast = index === taken.length - 1 && !rest && nextPage !== null;
      edges.push({ cursor: () => cursors.encode(isLast ? nextPage : behind(index + 1), listing), node });
    }
    position = rest ? behind(taken.length) : nextPage;
  }

  const endCursor = edges.at(-1)?.cursor ?? (() => (position ? cursors.encode(position, listing) : null));
  return {
    edges,
    pageInfo: {
      hasNextPage: position !== null,
      hasPreviousPage: Boolean(args.after),
      startCursor: edges[0]?.cursor ?? noCursor,
      endCursor,
    },
    completeness: completenessOf(cap, omits),
  };
}

function completenessOf(cap: Page["cap"], omits: Page["omits"]): CompletenessValue {
  if (cap) return { isComplete: false, cap: cap.records, reason: cap.reason };
  return omits === undefined ? COMPLETE : { isComplete: false, cap: null, reason: omits };
}

/**
 * Makes a page of a complete list of ids. The list is in the order of the ids, because most CRMs answer linked records in
 * no stated order. The cursor contains the last id that was given, so it is right whatever is linked or unlinked later.
 */
export function slicePage(
  cursors: CursorCodec,
  listing: string,
  args: PageArgs,
  ids: readonly string[],
  complete: boolean,
): PageOf<string> {
  const size = pageSize(args.first);
  const last = args.after ? cursors.decode(args.after, listing).page : null;
  const following = [...ids].sort(byId).filter((id) => last === null || byId(id, last) > 0);
  const edges = following
    .slice(0, size)
    .map((node) => ({ cursor: () => cursors.encode({ page: node, given: [] }, listing), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: size < following.length,
      hasPreviousPage: Boolean(args.after),
      startCursor: edges[0]?.cursor ?? noCursor,
      endCursor: edges.at(-1)?.cursor ?? noCursor,
    },
    completeness: complete
      ? COMPLETE
      : { isComplete: false, cap: ids.length, reason: "The CRM returns only the first linked records." },
  };
}

/** Shorter ids first, so that numbers are in their order. */
function byId(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
