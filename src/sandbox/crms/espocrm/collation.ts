import { matchesLike, sqlPattern } from "../../kit/like.js";

/** Approximates MySQL's collation utf8mb4_unicode_ci, which ignores case and accents. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Makes a test of SQL's LIKE. `%` and `_` are wildcards, and the character after a backslash is itself. */
export function likeTest(pattern: string): (text: string) => boolean {
  const parts = sqlPattern(folded(pattern));
  return (text) => matchesLike(folded(text), parts);
}
