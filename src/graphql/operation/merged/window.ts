import type { Page } from "../../../providers/contract/contract.js";
import type { ResourceName, UnifiedRecord } from "../../../providers/contract/model.js";
import { MAX_PAGE_SIZE } from "../page-size.js";
import type { StreamPage } from "./merge-stream.js";
import type { Rank } from "./rank.js";
import type { TimeFilter } from "./support.js";
import { UnsupportedListing } from "./unsupported.js";

/** The most calls of a list that read a window of this many records. */
export function windowReads(max: number): number {
  return Math.ceil(max / MAX_PAGE_SIZE);
}

/**
 * Reads a whole listing.
 * @param max the most records
 * @param what names the listing in the reason, e.g. "Pipedrive’s meetings"
 * @throws UnsupportedListing if the listing has more records, or if the CRM does not list all of them
 */
export async function readWindow<Resource extends ResourceName>(
  list: (cursor: string | null, limit: number) => Promise<Page<Resource>>,
  max: number,
  what: string,
): Promise<UnifiedRecord<Resource>[]> {
  const records = new Map<string, UnifiedRecord<Resource>>();
  let cursor: string | null = null;
  for (let read = 0; read < windowReads(max); read += 1) {
    const page: Page<Resource> = await list(cursor, Math.min(MAX_PAGE_SIZE, max - records.size));
    for (const record of page.records) records.set(record.nativeId, record);
    if (page.cap) throw new UnsupportedListing(page.cap.reason);
    cursor = page.next;
    if (cursor === null) return [...records.values()];
    if (records.size >= max) break;
  }
  throw new UnsupportedListing(
    `${what} come in another order, and they are more than crmesh reads to sort them: ${max} (CRMESH_MAX_WINDOW). ` +
      "Choose another order, or a filter that the CRM applies.",
  );
}

/** Whether a record passes the filters that the CRM does not apply. A record without the time passes none. */
export function passes(
  { fields }: Pick<UnifiedRecord, "fields">,
  judged: readonly TimeFilter[],
  filter: Readonly<Record<string, unknown>>,
): boolean {
  return judged.every(({ name, field, bound }) => {
    const value = (fields as Readonly<Record<string, unknown>>)[field];
    const limit = filter[name];
    if (typeof value !== "string" || !(limit instanceof Date)) return false;
    const time = Date.parse(value);
    return bound === "since" ? time >= limit.getTime() : time < limit.getTime();
  });
}

/** Sorts the records of a window. The cursors of its pages contain the rank and the id of a record. */
export class SortedWindow<Record extends { nativeId: string }> {
  readonly #records: readonly { record: Record; rank: Rank }[];

  constructor(records: readonly Record[], rankOf: (record: Record) => Rank) {
    this.#records = records.map((record) => ({ record, rank: rankOf(record) })).sort(inOrder);
  }

  page(cursor: string | null, limit: number): StreamPage<Record> {
    const place = cursor === null ? null : (JSON.parse(cursor) as { rank: Rank | null; id: string });
    const after = place && { rank: place.rank ?? Infinity, record: { nativeId: place.id } };
    const following = after ? this.#records.filter((entry) => inOrder(after, entry) < 0) : this.#records;
    const part = following.slice(0, limit);
    const cursorOf = (entry: { record: Record; rank: Rank } | undefined) =>
      // JSON has no Infinity: null stands for it.
      entry ? JSON.stringify({ rank: entry.rank, id: entry.record.nativeId }) : null;
    return {
      records: part.map(({ record }) => record),
      next: part.length < following.length ? cursorOf(part.at(-1)) : null,
      after: (id) => cursorOf(part.find(({ record }) => record.nativeId === id)),
    };
  }
}

interface Ranked {
  rank: Rank;
  record: { nativeId: string };
}

function inOrder(one: Ranked, other: Ranked): number {
  if (one.rank !== other.rank) return one.rank < other.rank ? -1 : 1;
  const [first, second] = [one.record.nativeId, other.record.nativeId];
  return first === second ? 0 : first < second ? -1 : 1;
}
