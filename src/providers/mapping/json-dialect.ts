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
    readDateTime,
    writeDateTime: (value) => value.toISOString(),
    readBoolean: (value) => (typeof value === "boolean" ? value : null),
    writeBoolean: (value) => value,
    ...own,
  };
}

export function readText(value: unknown): string | null {
  return value === null || value === undefined || value === "" ? null : String(value);
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
