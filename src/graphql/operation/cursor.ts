import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from "node:crypto";
import { invalidInput } from "../../errors/crm-error.js";

/** Where a listing goes on: at a page of the CRM's, after so many of its records. */
export interface Position {
  page: string | null;
  skip: number;
}

const TAG_BYTES = 12;

/**
 * Opaque, signed cursors, bound to the listing they come from: a cursor used with another connection, filter or order
 * would silently give wrong pages.
 */
export class CursorCodec {
  readonly #keys: readonly KeyObject[];

  /** The first key signs; all of them are accepted, so that keys can be rotated. */
  constructor(keys: readonly Uint8Array[]) {
    // Made once: a key given as bytes is made into such an object for every signature.
    this.#keys = keys.map((key) => createSecretKey(key));
  }

  encode(position: Position, listing: string): string {
    const payload = Buffer.from(JSON.stringify([position.page, position.skip]));
    return Buffer.concat([tag(this.#keys[0]!, payload, listing), payload]).toString("base64url");
  }

  /** @throws CrmError INVALID_INPUT for a cursor that is not of this listing */
  decode(cursor: string, listing: string): Position {
    const bytes = Buffer.from(cursor, "base64url");
    const payload = bytes.subarray(TAG_BYTES);
    // Of a text that is changed, the decoder may make the same bytes.
    const isWhole = bytes.length > TAG_BYTES && bytes.toString("base64url") === cursor;
    const isGenuine = (key: KeyObject) => timingSafeEqual(tag(key, payload, listing), bytes.subarray(0, TAG_BYTES));
    if (!isWhole || !this.#keys.some(isGenuine)) {
      throw invalidInput({
        after:
          "This cursor does not belong to this list. Use it with the same connection, filter and order, or omit `after`.",
      });
    }
    const [page, skip] = JSON.parse(payload.toString()) as [string | null, number];
    return { page, skip };
  }
}

function tag(key: KeyObject, payload: Uint8Array, listing: string): Buffer {
  return createHmac("sha256", key).update(listing).update("\0").update(payload).digest().subarray(0, TAG_BYTES);
}
