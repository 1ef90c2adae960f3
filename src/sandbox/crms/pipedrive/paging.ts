import type { FastifyRequest } from "fastify";
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
  /** The value of the record that the page before ended with, and its id. */
  key: string | number;
  id: number;
}

/** A page of v2: a cursor leads behind the last record, wherever that stands by then. */
export function cursorPage(
  request: FastifyRequest,
  rows: readonly Row[],
  sortBy: string,
  direction: "asc" | "desc",
): { data: Row[]; next_cursor: string | null } {
  const limit = limitOf(request);
  const after = readCursor(queryText(request, "cursor"));
  const sign = direction === "asc" ? 1 : -1;
  const positionOf = (row: Row): Position => ({ key: row[sortBy] as string | number, id: row["id"] as number });
  const compare = (one: Position, other: Position) =>
    sign * (one.key < other.key ? -1 : one.key > other.key ? 1 : one.id - other.id);
  const sorted = rows.map((row) => ({ row, position: positionOf(row) }));
  sorted.sort((one, other) => compare(one.position, other.position));
  const rest = after === null ? sorted : sorted.filter(({ position }) => compare(position, after) > 0);
  const page = rest.slice(0, limit);
  const next = rest.length > limit ? writeCursor(page.at(-1)!.position) : null;
  return { data: page.map(({ row }) => row), next_cursor: next };
}

/** A page of search results, which have no order but their own. */
export function resultPage<Result>(
  request: FastifyRequest,
  results: readonly Result[],
): { items: Result[]; next_cursor: string | null } {
  const limit = limitOf(request);
  const start = readCursor(queryText(request, "cursor"))?.id ?? 0;
  const end = start + limit;
  return {
    items: results.slice(start, end),
    next_cursor: end < results.length ? writeCursor({ key: "", id: end }) : null,
  };
}

function writeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function readCursor(text: string | undefined): Position | null {
  if (text === undefined || text === "") return null;
  try {
    const { key, id } = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Partial<Position>;
    if ((typeof key === "string" || typeof key === "number") && typeof id === "number") return { key, id };
  } catch {
    // It is not one of ours, whatever else it may be.
  }
  throw badRequest("Validation failed: cursor: Invalid cursor");
}
