import { badQuery } from "./errors.js";

/** A part of a `$filter`: a quoted text with its quotes, a JSON list, a sign, or anything else. */
export interface Token {
  kind: "TEXT" | "LIST" | "SIGN" | "WORD";
  text: string;
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|(\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])|([(),=])|([^\s(),='[]+))/y;

/** @throws DataverseError for an unterminated text */
export function tokensOf(filter: string): Token[] {
  const tokens: Token[] = [];
  const text = filter.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const [, quoted, list, sign, word] = TOKEN.exec(text) ?? [];
    if (quoted !== undefined) tokens.push({ kind: "TEXT", text: quoted });
    else if (list !== undefined) tokens.push({ kind: "LIST", text: list });
    else if (sign !== undefined) tokens.push({ kind: "SIGN", text: sign });
    else if (word !== undefined) tokens.push({ kind: "WORD", text: word });
    else throw badQuery(`There is an unterminated literal at position ${at} in '${text}'.`);
  }
  return tokens;
}
