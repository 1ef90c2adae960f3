import { createHash, createHmac, createSecretKey, timingSafeEqual, type KeyObject } from "node:crypto";
import { invalidInput } from "../../errors/crm-error.js";

/** The position where a list continues. */
export interface Position {
  /** The CRM's cursor of a page; null for its first page. */
  page: string | null;
  /** The marks (`markOf`) of the records of that page that the caller already has; at most 255. */
  given: readonly string[];
}

const TAG_BYTES = 12;
/** At 48 bits, two of the at most 200 ids that one page compares are taken for one another once in 10 billion pages. */
export const MARK_BYTES = 6;
/** A part of the signed text. A cursor that counts records instead of marking them has another one, and is refused. */
const FORM = "marks\0";

/** A short hash of a record's id. */
export function markOf(nativeId: string): string {
  return createHash("sha256").update(nativeId).digest().subarray(0, MARK_BYTES).toString("base64url");
}

/**
 * Encodes and decodes opaque, signed cursors. The signature covers the list: without that, a cursor that is used with another
 * connection, filter or order would silently return wrong pages.
 *
 * A cursor names the records that were given by their ids, never by their number: the number is wrong as soon as a record
 * is deleted or created before the position.
 */
export class CursorCodec {
  readonly #keys: readonly KeyObject[];

  /** @param keys the first key signs. Signatures of all keys are accepted, so that keys can be rotated. */
  constructor(keys: readonly Uint8Array[]) {
    // Node would convert a key that is given as bytes again for every signature.
    this.#keys = keys.map((key) => createSecretKey(key));
  }

  encode({ page, given }: Position, listing: string): string {
    const marks = given.map((mark) => Buffer.from(mark, "base64url"));
    const payload = Buffer.concat([Uint8Array.of(given.length), ...marks, Buffer.from(JSON.stringify(page))]);
    return this.seal(FORM, payload, listing);
  }

  /** The number of records that a cursor marks, without a check of its signature: for the price of a page. */
  givenIn(cursor: string): number {
    return this.payloadOf(cursor)[0] ?? 0;
  }

  /** @throws CrmError INVALID_INPUT if the cursor does not belong to this list */
  decode(cursor: string, listing: string): Position {
    const payload = this.open(FORM, cursor, listing);
    const end = 1 + payload[0]! * MARK_BYTES;
    const given = Array.from({ length: payload[0]! }, (_, index) => 1 + index * MARK_BYTES).map((start) =>
      payload.subarray(start, start + MARK_BYTES).toString("base64url"),
    );
    return { page: JSON.parse(payload.subarray(end).toString()) as string | null, given };
  }

  /**
   * Signs a payload for one list.
   * @param form a part of the signed text that tells kinds of cursors apart
   */
  seal(form: string, payload: Uint8Array, listing: string): string {
    return Buffer.concat([tag(this.#keys[0]!, form, payload, listing), payload]).toString("base64url");
  }

  /** Returns the signed payload. @throws CrmError INVALID_INPUT if the cursor does not belong to this list */
  open(form: string, cursor: string, listing: string): Buffer {
    const bytes = Buffer.from(cursor, "base64url");
    const payload = bytes.subarray(TAG_BYTES);
    // The decoder ignores some characters, so a changed text can decode to the same bytes.
    const isWhole = bytes.length > TAG_BYTES && bytes.toString("base64url") === cursor;
    const isGenuine = (key: KeyObject) =>
      timingSafeEqual(tag(key, form, payload, listing), bytes.subarray(0, TAG_BYTES));
    if (!isWhole || !this.#keys.some(isGenuine)) {
      throw invalidInput({
        after:
          "This cursor does not belong to this list. Use it with the same connection, filter and order, or omit `after`.",
      });
    }
    return payload;
  }

  /** The payload without a check of its signature: for the price of a page. */
  payloadOf(cursor: string): Buffer {
    return Buffer.from(cursor, "base64url").subarray(TAG_BYTES);
  }
}

function tag(key: KeyObject, form: string, payload: Uint8Array, listing: string): Buffer {
  return createHmac("sha256", key)
    .update(form)
    .update(listing)
    .update("\0")
    .update(payload)
    .digest()
    .subarray(0, TAG_BYTES);
}
