import type { NativeRecord } from "../contract/field-map.js";
import type { NativePage, NativeQuery } from "./resource-rules.js";

/** The position of a listing: the CRM's own cursor, and the ids of the last records before it. */
interface Place {
  cursor: string;
  seen: readonly string[];
}

/** A caller gets a record twice only if more records than this are created before the position between two pages. */
const SEEN_MAX = 20;

/**
 * Reads a page of a listing that only the CRM's own cursor can continue. If that cursor is a number of records, a record
 * that is created before the position pushes records that were already given behind it. They are left out.
 *
 * @param read answers the page at a cursor of the CRM
 */
export async function unrepeatedPage(
  { cursor }: Pick<NativeQuery<unknown>, "cursor">,
  idOf: (record: NativeRecord) => string,
  read: (cursor: string | null) => Promise<NativePage>,
): Promise<NativePage> {
  const place = cursor === null ? null : (JSON.parse(cursor) as Place);
  const seen = place?.seen ?? [];
  const { records, next, cap } = await read(place?.cursor ?? null);
  const fresh = records.filter((record) => !seen.includes(idOf(record)));
  const last = [...seen, ...fresh.map(idOf)].slice(-SEEN_MAX);
  return {
    records: fresh,
    next: next === null ? null : JSON.stringify({ cursor: next, seen: last } satisfies Place),
    ...(cap && { cap }),
  };
}
