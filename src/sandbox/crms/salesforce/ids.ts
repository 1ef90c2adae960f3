import { hashOf } from "../../kit/random.js";

const BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKSUM_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
const SHORT_ID = /^[a-zA-Z0-9]{15}$/;
const LONG_ID = /^[a-zA-Z0-9]{18}$/;

/** Makes the ids of one org. They depend on the org's name, so that an id of one account is unknown in all others. */
export class IdMaker {
  readonly #orgPart: string;
  readonly #counters = new Map<string, number>();

  constructor(orgName: string) {
    this.#orgPart = base62(hashOf(orgName), 6).slice(-5);
  }

  next(keyPrefix: string): string {
    const number = (this.#counters.get(keyPrefix) ?? 0) + 1;
    this.#counters.set(keyPrefix, number);
    const short = `${keyPrefix}${this.#orgPart}${base62(number, 7)}`;
    return short + checksum(short);
  }
}

/**
 * Returns the 18-character form of an id with 15 or 18 characters. Null for any other text and for a wrong checksum.
 */
export function toLongId(text: string): string | null {
  if (SHORT_ID.test(text)) return text + checksum(text);
  if (!LONG_ID.test(text)) return null;
  return checksum(text.slice(0, 15)) === text.slice(15) ? text : null;
}

/**
 * Computes the three characters that mark the capitals among the fifteen characters before, for programs that ignore
 * case.
 */
function checksum(short: string): string {
  return [0, 5, 10]
    .map((start) => {
      let bits = 0;
      for (let index = 0; index < 5; index++) {
        const char = short[start + index]!;
        if (char >= "A" && char <= "Z") bits |= 1 << index;
      }
      return CHECKSUM_ALPHABET[bits]!;
    })
    .join("");
}

function base62(number: number, width: number): string {
  let digits = "";
  for (let rest = number; rest > 0; rest = Math.floor(rest / 62)) digits = BASE_62[rest % 62]! + digits;
  return digits.padStart(width, "0");
}
