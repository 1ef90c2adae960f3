import { matchesLike, sqlPattern } from "../../kit/like.js";

/** Approximates MySQL's collation utf8mb4_unicode_ci, which ignores case and accents. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Letters with a stroke and ligatures are letters of their own, which follow the letter that they look like. */
const OWN_LETTERS: Readonly<Record<string, string>> = { æ: "a", đ: "d", ħ: "h", ł: "l", ø: "o", œ: "o", ŧ: "t" };

/** The text by which a value is ordered: punctuation before letters. Recorded from MariaDB 10.11. */
export function sortKey(text: string): string {
  return folded(text.replace(/[‘’]/g, "'")).replace(/[æđħłøœŧ]/g, (letter) => `${OWN_LETTERS[letter]!}\uffff`);
}

/** Makes a test of SQL's LIKE. `%` and `_` are wildcards, and the character after a backslash is itself. */
export function likeTest(pattern: string): (text: string) => boolean {
  const parts = sqlPattern(folded(pattern));
  return (text) => matchesLike(folded(text), parts);
}
