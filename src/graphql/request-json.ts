import { LongNumber, mayHoldLongNumbers, parseJson } from "../upstream/long-number.js";

/**
 * The body of a request, in which numbers that a double does not give back are `LongNumber`s.
 * @param body what JSON.parse makes of the text, after all checks
 * @throws RangeError for deep nesting
 */
export function withLongNumbers(text: string, body: unknown): unknown {
  return mayHoldLongNumbers(text) ? parseJson(text, (digits) => new LongNumber(digits)) : body;
}
