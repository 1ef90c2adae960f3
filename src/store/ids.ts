import { randomBytes } from "node:crypto";

/** Crockford's base32 in lower case: its order is the order of the bits, so ids sort by time. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** `ws` workspace, `key` API key, `eu` end user, `con` connection. */
export type IdPrefix = "ws" | "key" | "eu" | "con";

/**
 * A new opaque id such as `con_01k3…`: the prefix, `_`, and 26 characters holding 48 bits of time and 80 random bits.
 * Ids sort by `timeMs` (milliseconds since 1970) and are url-safe, without colons or dots.
 */
export function newId(prefix: IdPrefix, timeMs: number): string {
  let bits = (BigInt(Math.trunc(timeMs)) << 80n) | BigInt(`0x${randomBytes(10).toString("hex")}`);
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return `${prefix}_${text}`;
}
