import { offsetMinutes, offsetText } from "../../kit/time-zone.js";

/**
 * Attio's timestamps have nine fractional digits: `2022-11-21T13:22:49.061281000Z`. Because they all have this form,
 * they can be sorted as texts.
 */
export function stamp(milliseconds: number, nanoseconds = 0): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(nanoseconds).padStart(6, "0")}Z`;
}

/** Converts an ISO 8601 text to this form. Null for other values. */
export function stampOf(value: unknown): string | null {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d/.test(value)) return null;
  const [, head, fraction = "", zone = "Z"] = /^([^.]*?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i.exec(value) ?? [];
  if (head === undefined) return null;
  const time = Date.parse(head.includes("T") ? `${head}${zone}` : `${head}T00:00:00Z`);
  if (Number.isNaN(time)) return null;
  return `${new Date(time).toISOString().slice(0, 19)}.${fraction.padEnd(9, "0")}Z`;
}

/** Writes an instant with the offset of a zone: `2027-11-27T14:00:00.000-04:00`. Without a zone, in UTC. */
export function zoned(milliseconds: number, timeZone: string | null): string {
  const offset = timeZone === null ? 0 : offsetMinutes(milliseconds, timeZone);
  const local = new Date(milliseconds + offset * 60_000).toISOString();
  return offset === 0 ? local : `${local.slice(0, -1)}${offsetText(offset)}`;
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
