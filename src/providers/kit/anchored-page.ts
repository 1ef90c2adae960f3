import type { NativeRecord } from "../contract/field-map.js";
import type { NativePage, NativeQuery } from "./resource-rules.js";

/** A part of an ordered listing, as the CRM is asked for it. */
export interface ListingWindow {
  /** The listing begins with the records of this value (`AnchoredListing.valueOf`); null: with the first record. */
  from: string | null;
  /** The number of records to leave out from there. */
  offset: number;
  /** The most records to answer; at least 1, at most 120 if the caller's limit is at most 100. */
  size: number;
}

export interface WindowAnswer {
  records: readonly NativeRecord[];
  /** Whether the listing goes on after these records. */
  hasMore: boolean;
  /** The offset at which the CRM itself says that it goes on; defaults to the offset and the number of the records. */
  end?: number;
  cap?: NativePage["cap"];
}

export interface AnchoredListing {
  idOf: (record: NativeRecord) => string;
  /**
   * The value that the listing is ordered by, in the precision that the CRM shows. Null if the listing cannot begin at
   * the record: the CRM has no condition for its order, or the record has no value.
   */
  valueOf: (record: NativeRecord) => string | null;
  read(window: ListingWindow): Promise<WindowAnswer>;
}

/** The position of a listing: after the last of the records `seen`. */
interface Anchor {
  from: string | null;
  /** The number of records from there to the position. It is a guess as soon as records come and go. */
  skip: number;
  /** The ends of the ids of the last records before the position, the last one last. */
  seen: readonly string[];
}

/** A caller loses or repeats records only if more of them than this are deleted or created just before the position. */
const SEEN_MAX = 20;

/**
 * Reads a page of an ordered listing of a CRM whose only way to go on is a number of records.
 *
 * A number alone is wrong if a record before the position is deleted or created, so two things go with it. The listing
 * begins anew at the value of the last record (`where created_at >= …`) if the CRM's query language can say that: what
 * happens to earlier records then does not matter, and the few given records of that value are left out by their ids.
 * Otherwise, and if more than a few have that value, a page is read from one record before the position: if this is not
 * the last record that was given, then records have come or gone, and a second call reads the surroundings of the
 * position, from which the records that were given are left out by their ids.
 */
export async function anchoredPage(
  { limit, cursor }: Pick<NativeQuery<unknown>, "limit" | "cursor">,
  listing: AnchoredListing,
): Promise<NativePage> {
  const anchor = cursor === null ? null : (JSON.parse(cursor) as Anchor);
  const { rows, offset, hasMore, cap, ...answer } = await following(listing, anchor, limit);
  const records = rows.slice(0, limit);
  const after = (id: string): string | null => {
    const count = records.findIndex((record) => listing.idOf(record) === id) + 1;
    if (count === 0) return null;
    return JSON.stringify(anchorAt(listing, anchor, records.slice(0, count), offset + count));
  };
  if (records.length === rows.length && !hasMore) return { records, next: null, after, ...(cap && { cap }) };
  const counted = offset + records.length;
  const end = records.length === rows.length ? (answer.end ?? counted) : counted;
  const next = records.length === 0 ? { ...(anchor ?? START), skip: end } : anchorAt(listing, anchor, records, end);
  return { records, next: JSON.stringify(next), after };
}

const START: Anchor = { from: null, skip: 0, seen: [] };

/** What follows the position: records, and the number of the first one, counted from the anchor's value. */
interface Following extends Omit<WindowAnswer, "records"> {
  rows: readonly NativeRecord[];
  offset: number;
}

async function following(listing: AnchoredListing, anchor: Anchor | null, limit: number): Promise<Following> {
  if (!anchor || anchor.seen.length === 0) {
    const { from, skip } = anchor ?? START;
    const { records: rows, ...more } = await listing.read({ from, offset: skip, size: limit });
    return { rows, offset: skip, ...more };
  }
  const { from, skip, seen } = anchor;
  const tail = (record: NativeRecord) => tailOf(listing.idOf(record));
  // All given records from the value on are known by id: their number and their order do not matter.
  const knowsAll = from !== null && seen.length < SEEN_MAX;
  const begin = knowsAll ? 0 : Math.max(0, skip - seen.length);
  const size = limit + seen.length;
  const before = Math.max(0, skip - 1);
  let answer = knowsAll ? null : await listing.read({ from, offset: before, size: limit + 1 });
  if (answer) {
    const [first, ...rows] = answer.records;
    if (first && tail(first) === seen.at(-1)) return { ...answer, rows, offset: before + 1 };
  }
  // Records have come or gone: all that is known of the position is which records stood before it.
  if (!answer || begin < before) answer = await listing.read({ from, offset: begin, size });
  const known = new Set(seen);
  // A record that has another value by now is at a new place in the order, and belongs there.
  const isStill = (value: string | null) => from === null || value === null || value === from;
  const isKnown = answer.records.map((record) => known.has(tail(record)) && isStill(listing.valueOf(record)));
  // If records were created, earlier ones have moved into the window. Known records stand behind them.
  const start = knowsAll ? 0 : Math.max(0, isKnown.indexOf(true));
  const rows = answer.records.filter((_, index) => index >= start && !isKnown[index]);
  return { ...answer, rows, offset: begin + answer.records.length - rows.length };
}

function anchorAt(
  { idOf, valueOf }: AnchoredListing,
  before: Anchor | null,
  records: readonly NativeRecord[],
  end: number,
): Anchor {
  const from = before?.from ?? null;
  const values = records.map(valueOf);
  // Records without a value that stand last are counted from the last value that there is.
  const last = values.findLast((value) => value !== null) ?? from;
  const isNew = last !== from;
  const same = isNew ? records.slice(values.indexOf(last)) : records;
  const seen = [...(isNew ? [] : (before?.seen ?? [])), ...same.map((record) => tailOf(idOf(record)))];
  return { from: last, skip: isNew ? same.length : end, seen: seen.slice(-SEEN_MAX) };
}

/** Enough of an id to tell it from its neighbours. */
function tailOf(id: string): string {
  return id.slice(-8);
}
