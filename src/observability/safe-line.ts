/**
 * Characters that change what a terminal or a viewer shows: controls (escape sequences begin with U+001B or U+009B), format
 * characters (without a width, or against the writing direction) and separators of lines.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** JSON has escaped all line breaks in values already. The one at the end stays. */
const UNSAFE_IN_JSON = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Escapes unsafe characters of a line of JSON, which then has the same value. */
export function safeJson(line: string): string {
  return line.replace(UNSAFE_IN_JSON, escaped);
}

/** Escapes unsafe characters of a text, line breaks included, so that it cannot begin another line. */
export function safeText(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** Escapes a character as JSON does: by its one or two UTF-16 units. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
