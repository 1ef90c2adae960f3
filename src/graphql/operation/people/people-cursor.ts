import { invalidInput } from "../../../errors/crm-error.js";
import { MARK_BYTES, type CursorCodec } from "../cursor.js";
import { shortNameOf } from "../merged/merged-cursor.js";
import type { LastTaken } from "./walked-page.js";

/** A part of the signed text, so that no other cursor is taken for one of people. */
const FORM = "people\0";

/** Where a walk over people goes on. */
export interface PeoplePosition {
  /** The cursor of the merged listing of contacts. */
  merged: string;
  last: LastTaken;
}

/**
 * Makes the cursor of a page of people.
 * @param listing everything that makes the listing of contacts
 */
export function encodePeople(cursors: CursorCodec, { merged, last }: PeoplePosition, listing: string): string {
  const entries = [...last].map(([connectionId, marks]) =>
    Buffer.concat([
      Buffer.from(shortNameOf(connectionId), "base64url"),
      Uint8Array.of(marks.length),
      ...marks.map((mark) => Buffer.from(mark, "base64url")),
    ]),
  );
  const payload = Buffer.concat([Uint8Array.of(entries.length), ...entries, Buffer.from(merged, "base64url")]);
  return cursors.seal(FORM, payload, listing);
}

/** @throws CrmError INVALID_INPUT if the cursor does not belong to this listing */
export function decodePeople(
  cursors: CursorCodec,
  cursor: string,
  connectionIds: readonly string[],
  listing: string,
): PeoplePosition {
  const { merged, last } = unpacked(cursors.open(FORM, cursor, listing));
  const known = connectionIds.flatMap((id) => {
    const marks = last.get(shortNameOf(id));
    return marks ? [[id, marks] as const] : [];
  });
  return { merged, last: new Map(known) };
}

/** Reads the cursor of the merged listing out of one of people, without a check of its signature: for the price. */
export function mergedCursorIn(cursors: CursorCodec, cursor: string): string | null {
  try {
    return unpacked(cursors.payloadOf(cursor)).merged;
  } catch {
    // The execution refuses such a cursor before its first call.
    return null;
  }
}

function unpacked(payload: Buffer): { merged: string; last: Map<string, string[]> } {
  let at = 0;
  const take = (bytes: number): Buffer => {
    at += bytes;
    if (at > payload.length) throw invalidInput({ after: "This cursor is not whole." });
    return payload.subarray(at - bytes, at);
  };
  const last = new Map<string, string[]>();
  for (let rest = take(1)[0]!; rest > 0; rest -= 1) {
    const name = take(MARK_BYTES).toString("base64url");
    const count = take(1)[0]!;
    last.set(
      name,
      Array.from({ length: count }, () => take(MARK_BYTES).toString("base64url")),
    );
  }
  return { merged: payload.subarray(at).toString("base64url"), last };
}
