import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { MARK_BYTES, type CursorCodec } from "../cursor.js";
import { BEFORE_ALL, type Place } from "./rank.js";
import type { StreamState } from "./merge-stream.js";

/** A part of the signed text, so that no other cursor is taken for a merged one. */
const FORM = "merged\0";
/** The most bytes of a cursor when it is unpacked. */
const MAX_BYTES = 256 * 1024;

export const START: StreamState = { position: { page: null, given: [] }, rank: BEFORE_ALL };

/** The states of streams by the ids of their connections. */
export type StreamStates = ReadonlyMap<string, StreamState>;

/** Connection, rank, and, unless the listing is at its end, the CRM's cursor and the marks of the records given of its page. */
type Entry = [ref: string, rank: number | "last" | "none", page?: string | null, given?: string];

/**
 * Makes the cursor of a merged listing.
 * @param listing everything that makes the listing: end user, resource, filter, order, providers
 */
export function encodeMerged(cursors: CursorCodec, states: StreamStates, listing: string): string {
  const entries = [...states].filter(([, state]) => !isStart(state)).map(entryOf);
  return cursors.seal(FORM, deflateRawSync(JSON.stringify(entries), { level: 9 }), listing);
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
  const entries = unpacked(cursors.open(FORM, cursor, listing));
  const byRef = new Map(entries.map((entry) => [entry[0], stateOf(entry)]));
  return new Map(connectionIds.map((id) => [id, byRef.get(refOf(id)) ?? START]));
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
    for (const entry of cursor === null ? [] : unpacked(cursors.payloadOf(cursor))) {
      const { position } = stateOf(entry);
      byRef.set(entry[0], { given: position?.given.length ?? 0, isOver: position === null });
    }
  } catch {
    // The execution refuses such a cursor before its first call.
  }
  return (connectionId) => byRef.get(refOf(connectionId)) ?? { given: 0, isOver: false };
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

function unpacked(payload: Uint8Array): Entry[] {
  return JSON.parse(inflateRawSync(payload, { maxOutputLength: MAX_BYTES }).toString()) as Entry[];
}

function stateOf([, rank, page, given]: Entry): StreamState {
  const number = rank === "last" ? Infinity : rank === "none" ? BEFORE_ALL : rank;
  if (page === undefined) return { position: null, rank: number };
  const bytes = Buffer.from(given ?? "", "base64url");
  const marks = Array.from({ length: bytes.length / MARK_BYTES }, (_, index) =>
    bytes.subarray(index * MARK_BYTES, (index + 1) * MARK_BYTES).toString("base64url"),
  );
  return { position: { page, given: marks }, rank: number };
}

function entryOf([connectionId, { position, rank }]: readonly [string, StreamState]): Entry {
  const ref = refOf(connectionId);
  const number = rank === Infinity ? "last" : rank === BEFORE_ALL ? "none" : rank;
  if (position === null) return [ref, number];
  if (position.given.length === 0) return [ref, number, position.page];
  const marks = Buffer.concat(position.given.map((mark) => Buffer.from(mark, "base64url")));
  return [ref, number, position.page, marks.toString("base64url")];
}

/** A connection that is not in the cursor begins at its start. */
function isStart({ position, rank }: StreamState): boolean {
  return rank === BEFORE_ALL && position !== null && position.page === null && position.given.length === 0;
}

/** A short name of a connection. Two of the connections of one end user have the same one once in a billion end users. */
function refOf(connectionId: string): string {
  return createHash("sha256").update(connectionId).digest().subarray(0, 6).toString("base64url");
}
