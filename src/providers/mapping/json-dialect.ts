import { id, nullable, optional } from "../../upstream/decode.js";
import type { ValueDialect } from "./value-dialect.js";

/**
 * Builds the dialect of most CRMs' JSON: typed values, null or "" for an empty field, ISO 8601 date-times. `own`
 * replaces single parts.
 */
export function jsonDialect(providerName: string, own: Partial<ValueDialect> = {}): ValueDialect {
  return {
    providerName,
    cleared: null,
    isId: () => true,
    readText,
    // Values that are no plain texts have ids that are none, either.
    readId: own.readText ?? readId,
    readDateTime,
    writeDateTime: (value) => value.toISOString(),
    readBoolean: (value) => (typeof value === "boolean" ? value : null),
    writeBoolean: (value) => value,
    ...own,
  };
}

const anId = optional(nullable(id));

/** The id of another record. Some CRMs have an empty text in the place of null. @throws Mismatch for any other value */
function readId(value: unknown): string | null {
  return value === "" ? null : (anId(value) ?? null);
}

/** A JSON value as a text: a list as its members separated by commas, another object as JSON. */
export function readText(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "object" && !Array.isArray(value)) return JSON.stringify(value);
  const plain = value as string | number | boolean | unknown[];
  return String(plain);
}

/**
 * Reads ISO 8601, also with an offset without a colon. A date without a time is the UTC midnight of that day, in
 * whatever time zone the process runs.
 */
export function readDateTime(value: unknown): string | null {
  const text = readText(value);
  if (text === null) return null;
  const date = new Date(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
