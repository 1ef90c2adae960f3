import { holds } from "../../kit/conditions.js";
import { textOf } from "../../kit/json.js";
import type { Comparator } from "./coql-parser.js";
import { limitExceeded, ZohoError } from "./errors.js";
import type { Field } from "./fields.js";
import { readInstant } from "./times.js";

const MAX_VALUES = 100;
const collator = new Intl.Collator("en");

const COMPARATORS: Readonly<Record<"TEXT" | "ORDERED" | "LOOKUP" | "BOOLEAN", readonly Comparator[]>> = {
  TEXT: ["=", "!=", "like", "not like", "in", "not in", "is null", "is not null"],
  ORDERED: ["=", "!=", ">", ">=", "<", "<=", "between", "in", "not in", "is null", "is not null"],
  LOOKUP: ["=", "!=", "in", "not in", "is null", "is not null"],
  BOOLEAN: ["="],
};

function kindOf({ type, name }: Field): keyof typeof COMPARATORS {
  if (type === "boolean") return "BOOLEAN";
  if (name === "id" || ["datetime", "date", "integer", "double", "currency"].includes(type)) return "ORDERED";
  return type === "lookup" || type === "ownerlookup" ? "LOOKUP" : "TEXT";
}

/** Makes the test of a stored value. The case of texts does not matter. */
export function fieldTest(
  field: Field,
  comparator: Comparator,
  given: readonly string[],
): (stored: unknown) => boolean {
  if (!COMPARATORS[kindOf(field)].includes(comparator)) {
    const details = { column_name: field.name, operator: comparator };
    throw new ZohoError(400, "INVALID_QUERY", "invalid operator found", details);
  }
  if (given.length > MAX_VALUES) throw limitExceeded({ limit: MAX_VALUES });
  const wanted = given.map((text) => keyOf(field, readGiven(field, text))!);
  const [first] = wanted;
  const key = (stored: unknown) => keyOf(field, stored);
  const present = (test: (value: string | number) => boolean) => (stored: unknown) => {
    const value = key(stored);
    return value !== null && test(value);
  };
  switch (comparator) {
    case "is null":
      return (stored) => key(stored) === null;
    case "is not null":
      return (stored) => key(stored) !== null;
    case "=":
      return field.type === "boolean"
        ? (stored) => textOf(stored ?? false) === given[0]
        : present((value) => value === first);
    case "!=":
      return (stored) => key(stored) !== first;
    case "in":
      return present((value) => wanted.includes(value));
    case "not in":
      return (stored) => !wanted.includes(key(stored) ?? "");
    case ">":
    case ">=":
    case "<":
    case "<=":
      return present((value) => holds(value, comparator, first!));
    case "between":
      return present((value) => value >= first! && value <= wanted[1]!);
    case "like":
      return present(likeTest(given[0]!));
    case "not like": {
      const like = likeTest(given[0]!);
      return (stored) => !like(key(stored) ?? "");
    }
  }
}

/** Compares two values: negative, zero or positive. A missing value comes first. */
export function comparableOf(field: Field, one: unknown, other: unknown): number {
  const [left, right] = [keyOf(field, one), keyOf(field, other)];
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (typeof left === "number" && typeof right === "number") return left - right;
  return collator.compare(String(left), String(right));
}

function keyOf({ name }: Field, value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return value;
  // The ids of an org have the same length, so they can be compared as texts.
  return name === "id" ? textOf(value) : textOf(value).toLowerCase();
}

function readGiven({ type, name }: Field, text: string): unknown {
  if (type !== "datetime") return type === "integer" || type === "double" || type === "currency" ? Number(text) : text;
  const instant = readInstant(text);
  if (instant !== null) return instant;
  throw new ZohoError(400, "INVALID_QUERY", "value given seems to be invalid for the column", { column_name: name });
}

/** Makes the test of a LIKE pattern. A percent sign is a wildcard only at the beginning and the end of a pattern. */
function likeTest(pattern: string): (value: string | number) => boolean {
  const [, before, middle, after] = /^(%?)(.*?)(%?)$/s.exec(pattern.toLowerCase())!;
  return (value) => {
    const text = String(value);
    if (before && after) return text.includes(middle!);
    if (before) return text.endsWith(middle!);
    return after ? text.startsWith(middle!) : text === middle;
  };
}
