import { RpcError } from "./rpc-error.js";

type Token = { kind: "any" } | { kind: "one" } | { kind: "char"; char: string };

/** SQL's LIKE: `%` is any text, `_` any character, and a backslash takes the next character literally. */
export function likeMatcher(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const tokens = parsePattern(ignoreCase ? pattern.toLowerCase() : pattern);
  return (text) => matches(Array.from(ignoreCase ? text.toLowerCase() : text), tokens);
}

function parsePattern(pattern: string): Token[] {
  const tokens: Token[] = [];
  const chars = Array.from(pattern);
  for (let index = 0; index < chars.length; index += 1) {
    const char = chars[index] ?? "";
    if (char === "%") tokens.push({ kind: "any" });
    else if (char === "_") tokens.push({ kind: "one" });
    else if (char === "\\") tokens.push({ kind: "char", char: escaped(chars[(index += 1)]) });
    else tokens.push({ kind: "char", char });
  }
  return tokens;
}

function escaped(char: string | undefined): string {
  if (char !== undefined) return char;
  throw new RpcError("psycopg2.errors.InvalidEscapeSequence", "LIKE pattern must not end with escape character\n");
}

/** Goes back to the last `%` only, so that no pattern takes exponential time. */
function matches(text: readonly string[], tokens: readonly Token[]): boolean {
  let at = 0;
  let token = 0;
  let afterAny = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const current = tokens[token];
    if (current?.kind === "any") {
      afterAny = token += 1;
      resumeAt = at;
    } else if (current !== undefined && (current.kind === "one" || current.char === text[at])) {
      token += 1;
      at += 1;
    } else if (afterAny >= 0) {
      token = afterAny;
      at = resumeAt += 1;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every(({ kind }) => kind === "any");
}
