import { ANY_CHARACTER, ANY_TEXT, type LikePart } from "../../../kit/like.js";
import { parseDate, parseDateTime } from "../dates.js";
import { malformedQuery } from "./errors.js";

export type Literal =
  | { kind: "string"; text: string; pattern: LikePart[]; at: number }
  | { kind: "number"; value: number; at: number }
  | { kind: "boolean"; value: boolean; at: number }
  | { kind: "date"; text: string; at: number }
  | { kind: "datetime"; ms: number; at: number }
  | { kind: "null"; at: number };

export type Token =
  | { kind: "name"; text: string; at: number }
  | { kind: "symbol"; text: string; at: number }
  | { kind: "literal"; literal: Literal; text: string; at: number };

const SPACE = /\s+/y;
const NAME = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y;
const DATE_LIKE = /\d{4}-\d{2}-\d{2}[^\s,)]*/y;
const NUMBER = /[+-]?\d+(?:\.\d+)?(?![\w.])/y;
const SYMBOL = /<=|>=|!=|<>|[(),=<>]/y;

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  '"': '"',
  "'": "'",
  "\\": "\\",
  "%": "%",
  _: "_",
};

export function tokenize(soql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(soql)?.[0] ?? null;
  };
  for (;;) {
    at += take(SPACE)?.length ?? 0;
    if (at >= soql.length) break;
    const token = soql[at] === "'" ? readString(soql, at) : readUnquoted(soql, at, take);
    tokens.push(token.token);
    at += token.length;
  }
  return tokens;
}

type Read = { token: Token; length: number };

function readUnquoted(soql: string, at: number, take: (pattern: RegExp) => string | null): Read {
  const date = take(DATE_LIKE);
  if (date !== null) {
    return { token: { kind: "literal", text: date, literal: dateLiteral(soql, date, at), at }, length: date.length };
  }
  const number = take(NUMBER);
  if (number !== null) {
    const literal: Literal = { kind: "number", value: Number(number), at };
    return { token: { kind: "literal", text: number, literal, at }, length: number.length };
  }
  const name = take(NAME);
  if (name !== null) return { token: { kind: "name", text: name, at }, length: name.length };
  const symbol = take(SYMBOL);
  if (symbol !== null) {
    return { token: { kind: "symbol", text: symbol === "<>" ? "!=" : symbol, at }, length: symbol.length };
  }
  throw malformedQuery(soql, at, `unexpected token: '${soql[at]}'`);
}

function dateLiteral(soql: string, text: string, at: number): Literal {
  if (parseDate(text) !== null) return { kind: "date", text, at };
  const ms = parseDateTime(text);
  if (ms === null) throw malformedQuery(soql, at, `unexpected token: '${text}'`);
  return { kind: "datetime", ms, at };
}

function readString(soql: string, start: number): Read {
  let text = "";
  const pattern: LikePart[] = [];
  let at = start + 1;
  for (;;) {
    const char = soql.codePointAt(at) === undefined ? null : String.fromCodePoint(soql.codePointAt(at)!);
    if (char === null) throw malformedQuery(soql, start, "unterminated string literal");
    at += char.length;
    if (char === "'") break;
    if (char !== "\\") {
      text += char;
      pattern.push(char === "%" ? ANY_TEXT : char === "_" ? ANY_CHARACTER : char.toLowerCase());
      continue;
    }
    const escaped = readEscape(soql, at, start);
    text += escaped.char;
    pattern.push(escaped.char.toLowerCase());
    at += escaped.length;
  }
  const literal: Literal = { kind: "string", text, pattern, at: start };
  return { token: { kind: "literal", text: soql.slice(start, at), literal, at: start }, length: at - start };
}

/** Reads the character of an escape. `at` is the position after the backslash. */
function readEscape(soql: string, at: number, stringStart: number): { char: string; length: number } {
  const unicode = /^u[0-9a-fA-F]{4}/.exec(soql.slice(at, at + 5))?.[0];
  if (unicode) return { char: String.fromCharCode(Number.parseInt(unicode.slice(1), 16)), length: 5 };
  const next = soql[at] ?? "";
  const char = Object.hasOwn(ESCAPES, next) ? ESCAPES[next] : undefined;
  if (char === undefined) {
    throw malformedQuery(soql, stringStart, `illegal character sequence '\\${next}' in string literal`);
  }
  return { char, length: 1 };
}
