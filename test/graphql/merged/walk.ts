import { CursorCodec } from "../../../src/graphql/operation/cursor.js";
import { decodeMerged, encodeMerged, lastPlace, START } from "../../../src/graphql/operation/merged/merged-cursor.js";
import { isBefore, type Place, type Rank } from "../../../src/graphql/operation/merged/rank.js";
import { readMerged, type MergedRead } from "../../../src/graphql/operation/merged/read-merged.js";
import type { FakeListing, Row } from "./fake-listing.js";

const cursors = new CursorCodec([new Uint8Array(32).fill(1)]);
const LISTING = "contacts of somebody";

export interface WalkedPage {
  entries: { connectionId: string; nativeId: string; rank: Rank; late: boolean }[];
  missing: string[];
  hasMore: boolean;
  isOver: boolean;
  rounds: number;
  /** Records that were read and not given before. */
  read: number;
  /** The last place of the records of earlier pages. */
  shown: Place | null;
  cursor: string;
}

export interface WalkOptions {
  sizeOf: (page: number) => number;
  descending?: boolean;
  /** Called before each page. */
  before?: (page: number) => void;
}

/** Reads a merged listing from its start to its end, with a signed cursor between the pages. */
export async function walk(listings: readonly FakeListing[], options: WalkOptions): Promise<WalkedPage[]> {
  const rankOf = ({ time }: Row) => (time === null ? Infinity : options.descending ? -time : time);
  const ids = listings.map(({ connectionId }) => connectionId);
  const pages: WalkedPage[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 2_000; page += 1) {
    options.before?.(page);
    const states: ReturnType<typeof decodeMerged> =
      cursor === null ? new Map(ids.map((id) => [id, START])) : decodeMerged(cursors, cursor, ids, LISTING);
    const sources = listings.map(({ source }) => source);
    const read: MergedRead<Row> = await readMerged(sources, states, options.sizeOf(page), rankOf);
    const taken = new Map(read.streams.map((stream) => [stream.id, stream.stateAfter(stream.taken)]));
    cursor = encodeMerged(cursors, taken, LISTING);
    const shown = lastPlace(states);
    pages.push({
      entries: read.records.map(({ stream, item, late }) => {
        const place = { rank: rankOf(item), connectionId: stream.id };
        if (late !== (shown !== null && isBefore(place, shown)))
          throw new Error(`${stream.id} ${item.nativeId} is ${late ? "" : "not "}late.`);
        return { ...place, nativeId: item.nativeId, late };
      }),
      missing: read.streams.flatMap(({ id, failure }) => (failure ? [id] : [])),
      hasMore: read.streams.some(({ failure, isOpen, left }) => failure === null && (isOpen || left > 0)),
      isOver: read.streams.every(({ failure, isOpen, left }) => failure === null && !isOpen && left === 0),
      rounds: read.rounds,
      read: read.streams.reduce((sum, stream) => sum + stream.read, 0),
      shown,
      cursor,
    });
    if (pages.at(-1)!.isOver) return pages;
  }
  throw new Error("The listing has no end.");
}
