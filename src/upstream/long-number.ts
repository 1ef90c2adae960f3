/** ECMAScript's proposal "JSON.parse source text access", which Node has and TypeScript's library does not declare yet. */
interface SourceTextJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  /** A value that JSON.stringify writes as this text. @throws SyntaxError if it is no JSON of a simple value */
  rawJSON(text: string): unknown;
}
const json = JSON as unknown as SourceTextJson;

/**
 * A number whose digits a double does not give back, such as 9007199254740993. JSON.stringify writes it as a number with
 * all its digits. Its text is private, so that counts of an input's values do not count it twice.
 */
export class LongNumber {
  readonly #text: string;

  /** @param text a number as JSON spells it */
  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  toJSON(): unknown {
    return json.rawJSON(this.#text);
  }
}

/** A double gives all digits of a number back if there are at most 15. */
const LONG = 16;

/**
 * Whether a text of JSON may hold numbers that a double does not give back: 16 digits and points in a row, outside of
 * strings. A text inside a string can look like such a number. A run that long covers every 16th character at least once,
 * so this reads only a small part of the text: a regular expression takes as long as JSON.parse.
 */
export function mayHoldLongNumbers(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isOfNumber(text.charCodeAt(at))) continue;
    let [start, end] = [at, at + 1];
    while (isOfNumber(text.charCodeAt(start - 1))) start -= 1;
    while (isOfNumber(text.charCodeAt(end))) end += 1;
    if (end - start >= LONG && (start === 0 || "[:,- \t\r\n".includes(text[start - 1]!))) return true;
    at = end;
  }
  return false;
}

/** Whether a character code is a digit or a point. Past the ends of a text it is NaN. */
function isOfNumber(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 46;
}

/**
 * Reads JSON. Only bodies that may hold long numbers cost more than JSON.parse.
 * @param keep makes the value for a number that a double does not give back, from its digits
 * @throws SyntaxError, RangeError for deep nesting around a long number
 */
export function parseJson(text: string, keep: (digits: string) => unknown): unknown {
  if (!mayHoldLongNumbers(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && !isExact(source) ? keep(source) : value,
  );
}

/** How a decimal number is spelled in JSON, and in texts that some CRMs use for numbers. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The number that a text spells: a double if that gives its digits back. Undefined for a text that is no decimal number. */
export function numberFrom(text: string): number | LongNumber | undefined {
  if (!NUMBER.test(text)) return undefined;
  if (isExact(text)) return Number(text);
  // JSON allows no zeros in front.
  return new LongNumber(text.replace(/^(-?)0+(?=\d)/, "$1"));
}

/** Whether a double gives the digits of a decimal number back. */
export function isExact(text: string): boolean {
  // Most numbers are short. 1e400 is short, too.
  if (text.length <= 15 && !/e/i.test(text)) return true;
  const [sign, digits, power] = partsOf(text);
  const [keptSign, keptDigits, keptPower] = partsOf(String(Number(text)));
  return digits === keptDigits && (digits === "" || (sign === keptSign && power === keptPower));
}

/**
 * Sign, digits without the zeros around them, and power of ten of the last digit. A loop strips the zeros: a regular
 * expression takes quadratic time for long runs of them.
 */
function partsOf(number: string): [sign: string, digits: string, power: number] {
  const sign = number.startsWith("-") ? "-" : "";
  const [mantissa = "", exponent = "0"] = number.slice(sign.length).toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const all = whole + fraction;
  let [start, end] = [0, all.length];
  while (all[start] === "0") start += 1;
  while (end > start && all[end - 1] === "0") end -= 1;
  return [sign, all.slice(start, end), Number(exponent) - fraction.length + all.length - end];
}
