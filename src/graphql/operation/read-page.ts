import type { Page } from "../../providers/contract/contract.js";
import type { ResourceName } from "../../providers/contract/model.js";
import type { CursorCodec, Position } from "./cursor.js";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, pageSize } from "./page-size.js";

export interface PageArgs {
  first?: number | null;
  after?: string | null;
}

/** Signed when it is selected, which most cursors never are; graphql-js calls it. */
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
  /** Records after which the CRM stops. */
  cap: number | null;
  reason: string | null;
}

const noCursor: LazyCursor<null> = () => null;

const COMPLETE: CompletenessValue = { isComplete: true, cap: null, reason: null };

/** Calls after which a page is handed out short: a CRM that filters after paging may answer many empty pages. */
const MAX_CALLS = 5;

/** The same for two requests of the same page. */
export function pageKey(listing: string, { first, after }: PageArgs): string {
  return JSON.stringify([listing, first ?? DEFAULT_PAGE_SIZE, after ?? null]);
}

/**
 * Reads one page of a listing, in as many calls as the CRM's own pages take.
 * Every edge gets a cursor: the CRM's page it stands on, and how many records of that page are behind it.
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

/** Records to leave out of the next page, when this one was too short to hold all that were to be left out. */
function skipOver(start: Position, records: number): number {
  return Math.max(0, start.skip - records);
}

/** Pages a list of ids that is there as a whole; cursors count positions in it. */
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
