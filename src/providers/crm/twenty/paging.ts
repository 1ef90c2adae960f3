import type { NativePage, NativeQuery } from "../../kit/resource-rules.js";
import { membersOf, unexpectedAnswer } from "../../kit/answer.js";
import { readDateTime, RECORDS_MAX } from "./dialect.js";

/** One page of an object's records, as the REST API is asked for it. */
export interface PageQuery {
  filters?: readonly string[];
  limit?: number;
  /** 1 brings related records along. */
  depth?: number;
  order?: string;
  cursor?: string | null;
  /** A member without which a record does not count: a time. */
  needed?: string | undefined;
}

/** Where an ordered listing goes on: after a millisecond, or within one, where it has more records than a page. */
type Place = { after?: string; within?: never } | { within: string; at?: string };

/**
 * Twenty's own cursors cannot be used with an order: their times are cut to milliseconds and those of the database are
 * not, so that records are shown twice or never (twentyhq/twenty #20109 and #20520). So no page ends within a
 * millisecond; one that has more records than a page is listed by their ids.
 *
 * Recent versions leave records out of pages (`OMITTED` in records.ts). How far such a page reached is only in its cursor.
 */
export async function orderedPage(
  page: (query: PageQuery) => Promise<NativePage>,
  { field, direction }: NonNullable<NativeQuery<unknown>["order"]>,
  limit: number,
  cursor: string | null,
): Promise<NativePage> {
  const place = JSON.parse(cursor ?? "{}") as Place;
  const goOn = (next: Place) => JSON.stringify(next);
  const from = (time: string) => `${field}[gte]:"${time}"`;
  const before = (time: string) => `${field}[lt]:"${time}"`;
  if (place.within !== undefined) {
    const { within, at = null } = place;
    const filters = [from(within), before(millisecondAfter(within))];
    const { records, next } = await page({ filters, limit, cursor: at });
    return { records, next: goOn(next === null ? { after: within } : { within, at: next }) };
  }
  const isAscending = direction === "ASC";
  const bound = place.after && (isAscending ? from(millisecondAfter(place.after)) : before(place.after));
  const { records, next } = await page({
    filters: bound ? [bound] : [],
    // One more than wanted, as the last millisecond is left to the next page.
    limit: Math.min(limit + 1, RECORDS_MAX),
    order: `${field}[${isAscending ? "Asc" : "Desc"}NullsLast]`,
  });
  const times = records.map((record) => String(record[field]));
  // Only behind the last record of a millisecond.
  const after = (id: string): string | null => {
    const index = records.findIndex((record) => String(record["id"]) === id);
    const isLast = index >= 0 && index + 1 < times.length && times[index] !== times[index + 1];
    return isLast ? goOn({ after: times[index]! }) : null;
  };
  if (next === null && records.length <= limit) return { records, next: null, after };
  const end = (next === null ? null : timeIn(next, field)) ?? times.at(-1);
  if (end === undefined) throw unexpectedAnswer("Twenty’s cursor does not say where its empty page ends.");
  const cut = times.indexOf(end);
  const whole = cut < 0 ? records : records.slice(0, cut);
  // The next page begins at the last millisecond. A page that began there, and came to its end, is all of it.
  const neighbour = isAscending ? millisecondBefore(end) : millisecondAfter(end);
  return { records: whole, next: goOn(place.after === neighbour ? { within: end } : { after: neighbour }), after };
}

/** The time of the last record of a page, from Twenty's cursor. It can be a record that the page leaves out. */
function timeIn(cursor: string, field: string): string | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64").toString("utf8"));
    return readDateTime(membersOf(values)[field]);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function millisecondBefore(time: string): string {
  return new Date(Date.parse(time) - 1).toISOString();
}

function millisecondAfter(time: string): string {
  return new Date(Date.parse(time) + 1).toISOString();
}
