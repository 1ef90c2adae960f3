import type { FastifyRequest } from "fastify";
import { readCursor, writeCursor } from "../../kit/cursor.js";
import { compareAll, inOrder } from "../../kit/order.js";
import { queryText } from "../../kit/request.js";
import type { Row } from "./account.js";
import { badRequest } from "./errors.js";
import { queryInteger } from "./request.js";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;

/** @throws Refusal 400 */
export function limitOf(request: FastifyRequest): number {
  const limit = queryInteger(request, "limit") ?? LIMIT_DEFAULT;
  if (limit < 1 || limit > LIMIT_MAX) throw badRequest(`Validation failed: limit: Must be between 1 and ${LIMIT_MAX}`);
  return limit;
}

interface Position {
  /** The sort value and the id of the last record of the previous page. */
  key: string | number;
  id: number;
}

/**
 * Returns a page of v2. A cursor continues after the last record, even if the record's place in the order has changed.
 */
export function cursorPage(
  request: FastifyRequest,
  rows: readonly Row[],
  sortBy: string,
  direction: "asc" | "desc",
): { data: Row[]; next_cursor: string | null } {
  const limit = limitOf(request);
  const after = positionOf(queryText(request, "cursor"));
  const descending = direction === "desc";
  const terms = [sortBy, "id"].map((field) => ({
    keyOf: (row: Row) => row[field] as string | number,
    descending,
    emptyLast: descending,
  }));
  const keysOf = (row: Row) => terms.map(({ keyOf }) => keyOf(row));
  const sorted = inOrder(rows, terms);
  const rest =
    after === null ? sorted : sorted.filter((row) => compareAll(terms, keysOf(row), [after.key, after.id]) > 0);
  const data = rest.slice(0, limit);
  if (rest.length <= limit) return { data, next_cursor: null };
  const [key, id] = keysOf(data.at(-1)!);
  return { data, next_cursor: writeCursor({ key, id }) };
}

/** Returns a page of search results. A search has a fixed order. */
export function resultPage<Result>(
  request: FastifyRequest,
  results: readonly Result[],
): { items: Result[]; next_cursor: string | null } {
  const limit = limitOf(request);
  const start = positionOf(queryText(request, "cursor"))?.id ?? 0;
  const end = start + limit;
  return {
    items: results.slice(start, end),
    next_cursor: end < results.length ? writeCursor({ key: "", id: end }) : null,
  };
}

function positionOf(text: string | undefined): Position | null {
  if (text === undefined || text === "") return null;
  const { key, id } = (readCursor(text) ?? {}) as Partial<Position>;
  if ((typeof key === "string" || typeof key === "number") && typeof id === "number") return { key, id };
  throw badRequest("Validation failed: cursor: Invalid cursor");
}
