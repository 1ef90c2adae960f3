/** A pattern of T-SQL's LIKE as a regular expression: `%`, `_`, `[set]` and `[^set]`; a character in brackets is itself. */
export function likePattern(pattern: string): string {
  let source = "";
  for (let index = 0; index < pattern.length; index += 1) {
    const char = pattern[index]!;
    const close = char === "[" ? pattern.indexOf("]", index + 2) : -1;
    if (char === "%") source += "[^]*";
    else if (char === "_") source += "[^]";
    else if (close > 0) {
      const set = pattern.slice(index + 1, close);
      const isNegated = set.startsWith("^") && set.length > 1;
      source += `[${isNegated ? "^" : ""}${(isNegated ? set.slice(1) : set).replace(/[\\\]^[]/g, "\\$&")}]`;
      index = close;
    } else source += char.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  }
  return source;
}
