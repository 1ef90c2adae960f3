import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from "node:crypto";
import { invalidInput } from "../../errors/crm-error.js";

/** The position where a list continues: a page of the CRM, and the number of its records to skip. */
export interface Position {
  page: string | null;
  skip: number;
}

const TAG_BYTES = 12;

/**
 * Encodes and decodes opaque, signed cursors. The signature covers the list: without that, a cursor that is used with another
 * connection, filter or order would silently return wrong pages.
 */
export class CursorCodec {
  readonly #keys: readonly KeyObject[];

  /** @param keys the first key signs. Signatures of all keys are accepted, so that keys can be rotated. */
  constructor(keys: readonly Uint8Array[]) {
    // Node would convert a key that is given as bytes again for every signature.
    this.#keys = keys.map((key) => createSecretKey(key));
  }

  encode(position: Position, listing: string): string {
    const payload = Buffer.from(JSON.stringify([position.page, position.skip]));
    return Buffer.concat([tag(this.#keys[0]!, payload, listing), payload]).toString("base64url");
  }

  /** @throws CrmError INVALID_INPUT if the cursor does not belong to this list */
  decode(cursor: string, listing: string): Position {
    const bytes = Buffer.from(cursor, "base64url");
    const payload = bytes.subarray(TAG_BYTES);
    // The decoder ignores some characters, so a changed text can decode to the same bytes.
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
