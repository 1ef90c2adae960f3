import { InvalidArgumentError } from "commander";
import { TYPE_PREFIX, TYPE_PREFIX_RULE } from "../config.js";
import { BOUNDS } from "../graphql/operation/bounds.js";
import { durationMs } from "./duration.js";

/** Parsers of arguments and options. Each throws commander's InvalidArgumentError, whose message says what was expected. */

export const MAX_NAME_LENGTH = 200;
const CONTROL_CHARACTERS = /\p{Cc}/u;

/** A name for people: not empty, without line breaks and tabs, which would break the lists. */
export function nameOf(text: string): string {
  const name = text.trim();
  if (name === "") throw new InvalidArgumentError("Expected a name, got an empty text.");
  if (name.length > MAX_NAME_LENGTH || CONTROL_CHARACTERS.test(name)) {
    throw new InvalidArgumentError(
      `Expected a name of at most ${MAX_NAME_LENGTH} characters, without line breaks and tabs.`,
    );
  }
  return name;
}

/** A name that exists already, as it was given. */
export function givenName(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("Expected a text that is not empty.");
}

export function oneOf(...values: string[]) {
  return (value: string): string => {
    if (values.includes(value)) return value;
    throw new InvalidArgumentError(`Expected ${values.join(" or ")}.`);
  };
}

export function typePrefix(text: string): string {
  if (TYPE_PREFIX.test(text)) return text;
  throw new InvalidArgumentError(`${TYPE_PREFIX_RULE}.`);
}

export function callLimit(text: string): number {
  return wholeNumber(text, 1, BOUNDS.calls.max);
}

/** A TCP port. 0 lets the system choose a free one. */
export function port(text: string): number {
  return wholeNumber(text, 0, 65_535);
}

/** Milliseconds of a duration such as 24h. */
export function duration(text: string): number {
  const ms = durationMs(text);
  if (ms !== null) return ms;
  throw new InvalidArgumentError("Expected a number with s, m, h or d, such as 24h.");
}

/** A day of the calendar, as `YYYY-MM-DD`. */
export function day(text: string): string {
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? text : NaN);
  // JavaScript reads 2027-02-30 as a day of March.
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return text;
  throw new InvalidArgumentError("Expected a day such as 2027-03-30.");
}

function wholeNumber(text: string, from: number, to: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= from && number <= to) return number;
  throw new InvalidArgumentError(`Expected a whole number from ${from} to ${to}.`);
}
