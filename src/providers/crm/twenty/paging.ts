import type { NativePage, NativeQuery } from "../../kit/resource-rules.js";
import { RECORDS_MAX } from "./dialect.js";

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
  const whole = records.slice(0, times.indexOf(times.at(-1)!));
  return {
    records: whole,
    next: goOn(whole.length > 0 ? { after: times[whole.length - 1]! } : { within: times[0]! }),
    after,
  };
}

function millisecondAfter(time: string): string {
  return new Date(Date.parse(time) + 1).toISOString();
}
