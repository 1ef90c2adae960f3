import { ExactNumber, isKept } from "./exact-number.js";

/** The third argument of a reviver, which TypeScript's library does not declare yet. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** A double keeps 15 digits of every number. */
const MAY_BE_LONG = /[\d.]{16}/;

/**
 * Reads JSON: request bodies, and what cursors contain. Numbers that a double does not hold are `ExactNumber`s, because
 * some CRMs hold them and others do not.
 * @throws SyntaxError
 */
export function readJson(text: string): unknown {
  if (!MAY_BE_LONG.test(text)) return JSON.parse(text);
  return parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && !isKept(source) ? new ExactNumber(source) : value,
  );
}

/** Writes JSON: the bodies of answers, and what cursors contain. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value);
}

/** A JSON value as the text that JavaScript makes of it, but an object as its JSON. */
export function textOf(value: unknown): string {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return writeJson(value);
  const plain = value as string | number | boolean | null | undefined | unknown[];
  return String(plain);
}
