/** Random choices that a seed repeats: the same seed makes the same requests on every machine. */
export class Random {
  #state;

  /** @param {string} seed any text */
  constructor(seed) {
    this.#state = hash(seed);
  }

  /** A number of at least 0 and less than 1 (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `from` to `to`, both included. */
  int(from, to) {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True in `share` of the calls. */
  chance(share) {
    return this.next() < share;
  }

  pick(list) {
    return list[this.int(0, list.length - 1)];
  }

  /** A random part of a list, in its order; each member with the same chance. */
  some(list, share) {
    return list.filter(() => this.chance(share));
  }

  /** Lower-case letters. */
  word(length = this.int(1, 12)) {
    return Array.from({ length }, () => String.fromCharCode(97 + this.int(0, 25))).join("");
  }
}

/** FNV-1a. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0), 0x01000193);
  return value;
}
