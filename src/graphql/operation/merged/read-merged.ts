import { CrmError } from "../../../errors/crm-error.js";
import { merge, type Merged } from "./merge.js";
import { MergeStream, type StreamPage, type StreamRecord, type StreamState } from "./merge-stream.js";
import { lastPlace, type StreamStates } from "./merged-cursor.js";
import { firstShare, furtherReads, MAX_ROUNDS, mostRecords, type PlannedRead } from "./planned-reads.js";
import type { Rank } from "./rank.js";
import { UnsupportedListing } from "./unsupported.js";

/** The listing of one connection. */
export interface MergeSource<Item extends StreamRecord> {
  connectionId: string;
  /** @throws CrmError if the CRM fails, UnsupportedListing if the CRM cannot list in this way */
  read(cursor: string | null, limit: number): Promise<StreamPage<Item>>;
}

export interface MergedRead<Item extends StreamRecord> {
  records: readonly Merged<Item>[];
  streams: readonly MergeStream<Item>[];
  rounds: number;
}

/**
 * Reads one page of several listings that are merged into one. It makes at most three rounds of reads, and a page that is not
 * full after them, or after twice its records were read, is returned short.
 * @param states how far earlier pages have taken each listing
 * @throws Error of a bug. What a CRM fails with is in the streams
 */
export async function readMerged<Item extends StreamRecord>(
  sources: readonly MergeSource<Item>[],
  states: StreamStates,
  size: number,
  rankOf: (item: Item) => Rank,
): Promise<MergedRead<Item>> {
  const shown = lastPlace(states);
  const streams = sources.map(
    ({ connectionId }) => new MergeStream(connectionId, states.get(connectionId) as StreamState, rankOf),
  );
  const sourceOf = new Map(streams.map((stream, index) => [stream, sources[index]!]));
  const records: Merged<Item>[] = [];
  const open = streams.filter(({ isOpen }) => isOpen);
  const most = mostRecords(size, open.length);

  async function readOne({ stream, records: wanted }: PlannedRead<Item>): Promise<void> {
    const { cursor, limit } = stream.next(wanted)!;
    try {
      stream.add(await sourceOf.get(stream)!.read(cursor, limit));
    } catch (error) {
      if (!(error instanceof CrmError) && !(error instanceof UnsupportedListing)) throw error;
      stream.failure = error;
    }
  }

  const share = firstShare(size, open.length);
  let plan: readonly PlannedRead<Item>[] = open.map((stream) => ({ stream, records: share }));
  let rounds = 0;
  while (plan.length > 0) {
    await Promise.all(plan.map(readOne));
    rounds += 1;
    merge(streams, records, size, shown);
    if (records.length >= size || rounds === MAX_ROUNDS || !streams.some(({ isBlocked }) => isBlocked)) break;
    const read = streams.reduce((sum, stream) => sum + stream.read, 0);
    plan = furtherReads(streams, size - records.length, most - read, rounds + 1 === MAX_ROUNDS);
  }
  return { records, streams, rounds };
}
