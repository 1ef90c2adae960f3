import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { MARK_BYTES, type CursorCodec } from "../cursor.js";
import { BEFORE_ALL, type Place, type Rank } from "./rank.js";
import type { StreamState } from "./merge-stream.js";

/** A part of the signed text, so that no other cursor is taken for a merged one. */
const FORM = "merged\0";
/** The most bytes of a cursor when it is unpacked. */
const MAX_BYTES = 64 * 1024;

export const START: StreamState = { position: { page: null, given: [] }, rank: BEFORE_ALL };

/** The states of streams by the ids of their connections. */
export type StreamStates = ReadonlyMap<string, StreamState>;

/**
 * Connection, rank, and, unless the listing is at its end, the CRM's cursor and the number of records given of its page. The
 * marks of these records stand before the packed entries, because they cannot be packed.
 */
type Entry = [ref: string, rank: number | "last" | "none", page?: string | null, given?: number];

/**
 * Makes the cursor of a merged listing.
 * @param listing everything that makes the listing: end user, resource, filter, order, providers
 */
export function encodeMerged(cursors: CursorCodec, states: StreamStates, listing: string): string {
  const read = [...states].filter(([, state]) => !isStart(state));
  const marks = read.flatMap(([, { position }]) => position?.given ?? []).map((mark) => Buffer.from(mark, "base64url"));
  const count = Buffer.alloc(2);
  count.writeUInt16BE(marks.length);
  const packed = deflateRawSync(JSON.stringify(read.map(entryOf)), { level: 9 });
  return cursors.seal(FORM, Buffer.concat([count, ...marks, packed]), listing);
}

/**
 * Reads the states of the streams out of a cursor. A connection that the cursor does not know begins at its start.
 * @throws CrmError INVALID_INPUT if the cursor does not belong to this listing
 */
export function decodeMerged(
  cursors: CursorCodec,
  cursor: string,
  connectionIds: readonly string[],
  listing: string,
): StreamStates {
  const byRef = unpacked(cursors.open(FORM, cursor, listing));
  return new Map(connectionIds.map((id) => [id, byRef.get(shortNameOf(id)) ?? START]));
}

/** Where a page of one connection begins, for its price. */
export interface PricedStart {
  /** The number of marked records, which are read again. */
  given: number;
  /** Whether the listing is at its end. */
  isOver: boolean;
}

/** Reads out of a cursor where its page begins, without a check of its signature. */
export function startsInMerged(cursors: CursorCodec, cursor: string | null): (connectionId: string) => PricedStart {
  const byRef = new Map<string, PricedStart>();
  try {
    const states = cursor === null ? [] : unpacked(cursors.payloadOf(cursor));
    for (const [ref, { position }] of states)
      byRef.set(ref, { given: position?.given.length ?? 0, isOver: position === null });
  } catch {
    // The execution refuses such a cursor before its first call.
  }
  return (connectionId) => byRef.get(shortNameOf(connectionId)) ?? { given: 0, isOver: false };
}

/** The last place, in the order of the listing, of the records that were given. Null if none was. */
export function lastPlace(states: StreamStates): Place | null {
  let last: Place | null = null;
  for (const [connectionId, { rank }] of states) {
    const isLater = last === null || rank > last.rank || (rank === last.rank && connectionId > last.connectionId);
    if (rank !== BEFORE_ALL && isLater) last = { rank, connectionId };
  }
  return last;
}

/**
 * The states by the short names of their connections.
 * @throws Error if the payload is not one of a merged cursor
 */
function unpacked(payload: Buffer): Map<string, StreamState> {
  const end = 2 + payload.readUInt16BE() * MARK_BYTES;
  const text = inflateRawSync(payload.subarray(end), { maxOutputLength: MAX_BYTES }).toString();
  const states = new Map<string, StreamState>();
  let at = 2;
  for (const [ref, rank, page, count = 0] of JSON.parse(text) as Entry[]) {
    // The price reads cursors before their signature is checked, so anybody may have written them.
    if (!Number.isInteger(count) || count < 0 || at + count * MARK_BYTES > end) throw new RangeError("Too many marks");
    const given = Array.from({ length: count }, (_, index) => at + index * MARK_BYTES).map((start) =>
      payload.subarray(start, start + MARK_BYTES).toString("base64url"),
    );
    at += count * MARK_BYTES;
    states.set(ref, { position: page === undefined ? null : { page, given }, rank: rankIn(rank) });
  }
  return states;
}

function rankIn(rank: Entry[1]): Rank {
  return rank === "last" ? Infinity : rank === "none" ? BEFORE_ALL : rank;
}

function entryOf([connectionId, { position, rank }]: readonly [string, StreamState]): Entry {
  const ref = shortNameOf(connectionId);
  const number = rank === Infinity ? "last" : rank === BEFORE_ALL ? "none" : rank;
  if (position === null) return [ref, number];
  if (position.given.length === 0) return [ref, number, position.page];
  return [ref, number, position.page, position.given.length];
}

/** A connection that is not in the cursor begins at its start. */
function isStart({ position, rank }: StreamState): boolean {
  return rank === BEFORE_ALL && position !== null && position.page === null && position.given.length === 0;
}

/** A short name of a connection. Two of the connections of one end user have the same one once in a billion end users. */
export function shortNameOf(connectionId: string): string {
  return createHash("sha256").update(connectionId).digest().subarray(0, 6).toString("base64url");
}
