/** A piece of a LIKE pattern: one literal character, `_`, or `%`. */
export type LikePart = { char: string } | "any-one" | "any-run";

/** Matches without backtracking more than one run, so that no pattern can take the server down. */
export function matchesLike(text: string, pattern: readonly LikePart[]): boolean {
  const chars = [...text.toLowerCase()];
  let at = 0;
  let part = 0;
  let runPart = -1;
  let runAt = 0;
  while (at < chars.length) {
    const wanted = pattern[part];
    if (wanted === "any-run") {
      runPart = part++;
      runAt = at;
    } else if (wanted !== undefined && (wanted === "any-one" || wanted.char.toLowerCase() === chars[at])) {
      part++;
      at++;
    } else if (runPart >= 0) {
      part = runPart + 1;
      at = ++runAt;
    } else {
      return false;
    }
  }
  return pattern.slice(part).every((rest) => rest === "any-run");
}
