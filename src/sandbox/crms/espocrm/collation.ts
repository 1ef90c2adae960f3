import { matchesLike, sqlPattern } from "../../kit/like.js";

/** How MySQL's collation utf8mb4_unicode_ci sees a text, nearly: without regard to case and accents. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** A test of SQL's LIKE: `%` and `_` are wildcards, a backslash takes the next character as it is. */
export function likeTest(pattern: string): (text: string) => boolean {
  const parts = sqlPattern(folded(pattern));
  return (text) => matchesLike(folded(text), parts);
}
