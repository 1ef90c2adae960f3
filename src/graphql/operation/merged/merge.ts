import type { MergeStream, StreamRecord } from "./merge-stream.js";
import { isBefore, type Place, type Rank } from "./rank.js";

/** A record of the merged page. */
export interface Merged<Item extends StreamRecord> {
  stream: MergeStream<Item>;
  item: Item;
  /**
   * Whether a record behind it in the order was given on an earlier page: its connection was missing then, or its CRM did
   * not list it yet.
   */
  late: boolean;
}

/**
 * Takes records in their order, as long as the next record of every open stream is known, until `merged` has `size`.
 * @param shown the last place, in the order, of the records of earlier pages; null on the first page
 */
export function merge<Item extends StreamRecord>(
  streams: readonly MergeStream<Item>[],
  merged: Merged<Item>[],
  size: number,
  shown: Place | null,
): void {
  while (merged.length < size && !streams.some(({ isBlocked }) => isBlocked)) {
    const first = firstOf(streams);
    if (!first) return;
    const { item, ownRank } = first.head!;
    const late = shown !== null && isBefore({ rank: ownRank, connectionId: first.id }, shown);
    first.taken += 1;
    merged.push({ stream: first, item, late });
  }
}

/** The stream with the first record of all. */
function firstOf<Item extends StreamRecord>(streams: readonly MergeStream<Item>[]): MergeStream<Item> | null {
  let first: MergeStream<Item> | null = null;
  for (const stream of streams) {
    if (!stream.head) continue;
    if (!first || isBefore(placeOf(stream), placeOf(first))) first = stream;
  }
  return first;
}

function placeOf({ id, head }: { id: string; head: { rank: Rank } | undefined }): Place {
  return { rank: head!.rank, connectionId: id };
}
