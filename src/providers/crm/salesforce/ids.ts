/** Key prefixes: the first three characters of an id say which object it is of. */
export const KEY_PREFIX = {
  contact: "003",
  lead: "00Q",
  event: "00U",
  user: "005",
  group: "00G",
} as const;

const SHORT = /^[a-zA-Z0-9]{15}$/;
const LONG = /^[a-zA-Z0-9]{18}$/;
const CHECKSUM_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/**
 * The 18-character form of an id; null for text that is no id, or not one of that object. One malformed id fails the
 * whole call it stands in (MALFORMED_ID), so such text must not be sent.
 * Source: developer.salesforce.com, "ID Field Type".
 */
export function longId(text: string, keyPrefix?: string): string | null {
  if (keyPrefix !== undefined && !text.startsWith(keyPrefix)) return null;
  if (SHORT.test(text)) return text + checksum(text);
  return LONG.test(text) && checksum(text.slice(0, 15)) === text.slice(15) ? text : null;
}

/** One character for every five: the bits of its number say which of them are capitals, the first one lowest. */
function checksum(short: string): string {
  let digits = "";
  for (let start = 0; start < 15; start += 5) {
    let capitals = 0;
    for (let place = 0; place < 5; place += 1) if (/[A-Z]/.test(short[start + place]!)) capitals |= 1 << place;
    digits += CHECKSUM_DIGITS[capitals]!;
  }
  return digits;
}

/** Ids in the form Salesforce answers them, and back: what was asked for keeps the form it was asked in. */
export class AskedIds {
  readonly #asked = new Map<string, string[]>();

  /** Leaves out what cannot be the id of a record with that key prefix. */
  constructor(ids: readonly string[], keyPrefix: string) {
    for (const id of ids) {
      const long = longId(id, keyPrefix);
      if (long === null) continue;
      const forms = this.#asked.get(long);
      if (forms) forms.push(id);
      else this.#asked.set(long, [id]);
    }
  }

  get long(): string[] {
    return [...this.#asked.keys()];
  }

  /** The forms in which an id was asked for. */
  forms(answered: unknown): readonly string[] {
    return this.#asked.get(longId(String(answered)) ?? "") ?? [];
  }
}
