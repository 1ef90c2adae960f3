import type { Page } from "../../providers/contract/contract.js";
import type { ResourceName } from "../../providers/contract/model.js";
import type { CursorCodec, Position } from "./cursor.js";
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

/** The most calls for one page, which is then returned short: a CRM that filters after paging can send many empty pages. */
const MAX_CALLS = 5;

/** Makes a key that is equal for two requests of the same page. */
export function pageKey(listing: string, { first, after }: PageArgs): string {
  return JSON.stringify([listing, first ?? DEFAULT_PAGE_SIZE, after ?? null]);
}

/**
 * Reads one page of a list. It calls the CRM until the page is full, the list ends, or the limit of calls is reached.
 * The cursor of an edge contains the CRM's page, and the number of that page's records up to and including the edge.
 */
export async function readPage<Resource extends ResourceName>(
  cursors: CursorCodec,
  listing: string,
  args: PageArgs,
  read: (cursor: string | null, limit: number) => Promise<Page<Resource>>,
): Promise<PageOf<Page<Resource>["records"][number]>> {
  const size = pageSize(args.first);
  let position: Position | null = args.after ? cursors.decode(args.after, listing) : { page: null, skip: 0 };
  const edges: PageOf<Page<Resource>["records"][number]>["edges"] = [];
  let cap: Page["cap"] = null;

  for (let call = 1; position && edges.length < size && call <= MAX_CALLS; call += 1) {
    const start: Position = position;
    const wanted = start.skip + size - edges.length;
    const page = await read(start.page, Math.min(wanted, MAX_PAGE_SIZE));
    const { records } = page;
    cap = page.cap;
    const taken = records.slice(start.skip, wanted);
    for (const [index, node] of taken.entries()) {
      const behind = start.skip + index + 1;
      const last = behind === records.length && page.next !== null;
      const at = last ? { page: page.next, skip: 0 } : { page: start.page, skip: behind };
      edges.push({ cursor: () => cursors.encode(at, listing), node });
    }
    const rest = records.length > wanted;
    position = rest
      ? { page: start.page, skip: wanted }
      : page.next === null
        ? null
        : { page: page.next, skip: skipOver(start, records.length) };
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
    completeness: cap ? { isComplete: false, cap: cap.records, reason: cap.reason } : COMPLETE,
  };
}

/** Returns how many records the next page must skip, if this page had fewer records than had to be skipped. */
function skipOver(start: Position, records: number): number {
  return Math.max(0, start.skip - records);
}

/** Makes a page of a complete list of ids. The cursors are positions in the list. */
export function slicePage(
  cursors: CursorCodec,
  listing: string,
  args: PageArgs,
  ids: readonly string[],
  complete: boolean,
): PageOf<string> {
  const size = pageSize(args.first);
  const start = args.after ? cursors.decode(args.after, listing).skip : 0;
  const edges = ids
    .slice(start, start + size)
    .map((node, index) => ({ cursor: () => cursors.encode({ page: null, skip: start + index + 1 }, listing), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: start + size < ids.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? noCursor,
      endCursor: edges.at(-1)?.cursor ?? noCursor,
    },
    completeness: complete
      ? COMPLETE
      : { isComplete: false, cap: ids.length, reason: "The CRM returns only the first linked records." },
  };
}
