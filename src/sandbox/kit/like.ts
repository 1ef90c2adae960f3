/** Stands for any text, also the empty text. */
export const ANY_TEXT = Symbol("any text");

/** One place of a pattern: a character, a test of a character, or any text. */
export type LikePart = string | ((char: string) => boolean) | typeof ANY_TEXT;

export const ANY_CHARACTER: LikePart = () => true;

/**
 * Reads the pattern of an SQL LIKE. `%` is any text, `_` is any character, and the character after a backslash is
 * itself.
 * @param dangling replaces a backslash at the end. by default, the backslash is itself
 */
export function sqlPattern(pattern: string, dangling: () => string = () => "\\"): LikePart[] {
  const parts = Array.from(pattern.matchAll(/\\([^])?|[^]/gu), ([whole, escaped]): LikePart => {
    if (whole === "%") return ANY_TEXT;
    if (whole === "_") return ANY_CHARACTER;
    return whole.startsWith("\\") ? (escaped ?? dangling()) : whole;
  });
  return parts;
}

/**
 * Whether the whole text matches the pattern. Goes back to the last `%` only, so the time stays short for every
 * pattern.
 */
export function matchesLike(text: string, pattern: readonly LikePart[]): boolean {
  const chars = Array.from(text);
  let at = 0;
  let part = 0;
  let afterAny = -1;
  let resumeAt = 0;
  while (at < chars.length) {
    const wanted = pattern[part];
    if (wanted === ANY_TEXT) {
      afterAny = part += 1;
      resumeAt = at;
    } else if (wanted !== undefined && isAt(wanted, chars[at]!)) {
      part += 1;
      at += 1;
    } else if (afterAny >= 0) {
      part = afterAny;
      at = resumeAt += 1;
    } else {
      return false;
    }
  }
  return pattern.slice(part).every((rest) => rest === ANY_TEXT);
}

function isAt(wanted: Exclude<LikePart, typeof ANY_TEXT>, char: string): boolean {
  return typeof wanted === "string" ? wanted === char : wanted(char);
}
