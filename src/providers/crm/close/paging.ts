import type { NativeRecord } from "../../contract/field-map.js";
import { unexpectedAnswer } from "../../kit/answer.js";
import type { NativePage, NativeQuery } from "../../kit/resource-rules.js";
import { readDateTime } from "./dialect.js";

/** As many records as every list of Close gives at once. */
export const PAGE_MAX = 100;
/** Where a search of Close ends, however many there are. */
const CEILING = 10_000;

/** ISO 8601, to the millisecond: `from` inclusive, `before` exclusive. */
export interface Bounds {
  from?: string;
  before?: string;
}

export interface Rows {
  rows: readonly NativeRecord[];
  /** Where Close itself would go on; null at the end. */
  resume: string | null;
}

/** Where a listing stands: at that moment, with those of its records behind it. */
interface Position {
  at: string;
  seen: string[];
}

/**
 * A page of a listing by date that goes on from where the last one ended, however long ago that was: Close's own cursors
 * last for half a minute, and neither they nor offsets reach further than some thousands of records. Records of the
 * same moment are told apart by their ids.
 */
export async function keysetPage(
  { order, limit, cursor }: Pick<NativeQuery<unknown>, "order" | "limit" | "cursor">,
  fetch: (bounds: Bounds, size: number, resume: string | null) => Promise<Rows>,
): Promise<NativePage> {
  const instant = (record: NativeRecord) => readDateTime(record[order?.field ?? "date_created"])!;
  const start = cursor === null ? null : (JSON.parse(cursor) as Position);
  const seen = new Set(start?.seen);
  const size = Math.min(PAGE_MAX, limit + seen.size);
  const fresh: NativeRecord[] = [];
  let [read, resume]: [number, string | null] = [0, null];
  do {
    const page = await fetch(boundsAt(start, order?.direction === "DESC"), size, resume);
    fresh.push(...page.rows.filter((record) => !seen.has(tailOf(record))));
    if (page.rows.length === 0 && page.resume !== null)
      throw unexpectedAnswer("Close’s response has no records, and says that there are more.");
    read += page.rows.length;
    resume = page.resume;
  } while (fresh.length === 0 && resume !== null);

  const records = fresh.slice(0, limit);
  const after = (id: string): string | null => {
    const count = records.findIndex((record) => record["id"] === id) + 1;
    return count === 0 ? null : JSON.stringify(positionAfter(start, records.slice(0, count), instant));
  };
  if (records.length === fresh.length && resume === null) {
    const reason = `${CEILING} records have the same time to the millisecond, and Close returns no more of them.`;
    return { records, next: null, after, cap: read < CEILING ? null : { records: CEILING, reason } };
  }
  return { records, next: JSON.stringify(positionAfter(start, records, instant)), after };
}

/** @param records the records between the two positions; at least one */
function positionAfter(
  start: Position | null,
  records: readonly NativeRecord[],
  instant: (record: NativeRecord) => string,
): Position {
  const at = instant(records.at(-1)!);
  const passed = records.filter((record) => instant(record) === at).map(tailOf);
  return { at, seen: at === start?.at ? [...start.seen, ...passed] : passed };
}

function boundsAt(position: Position | null, isDescending: boolean): Bounds {
  if (position === null) return {};
  // Close keeps microseconds: all of a millisecond are read again.
  return isDescending ? { before: new Date(Date.parse(position.at) + 1).toISOString() } : { from: position.at };
}

/** Enough of a random id to tell it from the others of its millisecond. */
function tailOf(record: NativeRecord): string {
  return String(record["id"]).slice(-10);
}
