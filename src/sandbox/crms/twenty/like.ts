/** What one place of a text has to be; null stands for any character. */
type Place = string | null;

/** SQL's LIKE: `%` is any text, `_` any character, line breaks included, and a backslash takes the next one literally. */
export function likeMatcher(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const fold = (text: string) => Array.from(ignoreCase ? text.toLowerCase() : text);
  const pieces = piecesOf(fold(pattern));
  return (text) => matches(fold(text), pieces);
}

/** What stands between the `%`. */
function piecesOf(chars: readonly string[]): Place[][] {
  const pieces: Place[][] = [[]];
  for (let index = 0; index < chars.length; index += 1) {
    const char = chars[index]!;
    if (char === "%") pieces.push([]);
    else if (char === "\\") pieces.at(-1)!.push(chars[(index += 1)] ?? char);
    else pieces.at(-1)!.push(char === "_" ? null : char);
  }
  return pieces;
}

/** Each piece is taken where it is found first, so that no pattern takes long. */
function matches(text: readonly string[], [first = [], ...others]: readonly Place[][]): boolean {
  const stands = (piece: readonly Place[], at: number) =>
    at + piece.length <= text.length && piece.every((place, index) => place === null || place === text[at + index]);
  if (!stands(first, 0)) return false;
  const last = others.pop();
  if (last === undefined) return first.length === text.length;
  let at = first.length;
  for (const piece of others) {
    while (!stands(piece, at)) if (++at > text.length) return false;
    at += piece.length;
  }
  const end = text.length - last.length;
  return end >= at && stands(last, end);
}
