import { randomBytes } from "node:crypto";

/** Crockford's base32 in lower case. It keeps the order of the bits, so that ids sort by time. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** `ws` workspace, `key` API key, `eu` end user, `con` connection, `evt` connection event. */
export type IdPrefix = "ws" | "key" | "eu" | "con" | "evt";

/**
 * Makes an opaque id such as `con_01k3…`: the prefix, `_`, and 26 characters with 48 bits of time and 80 random bits.
 * Ids sort by `timeMs` (milliseconds since 1970) and are url-safe, without colons or dots.
 */
export function newId(prefix: IdPrefix, timeMs: number): string {
  const follows = last.timeMs === timeMs && last.random < MAX_RANDOM;
  last = { timeMs, random: follows ? last.random + 1n : BigInt(`0x${randomBytes(10).toString("hex")}`) };
  return idOf(prefix, timeMs, last.random);
}

const MAX_RANDOM = (1n << 80n) - 1n;
/** The last id. Ids of the same millisecond count up, so that one process makes them in order. */
let last = { timeMs: -1, random: 0n };

/** The lower bound of all ids made at this time (milliseconds since 1970) or later. */
export function firstIdAt(prefix: IdPrefix, timeMs: number): string {
  return idOf(prefix, timeMs, 0n);
}

function idOf(prefix: IdPrefix, timeMs: number, random: bigint): string {
  let bits = (BigInt(Math.trunc(timeMs)) << 80n) | random;
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return `${prefix}_${text}`;
}
