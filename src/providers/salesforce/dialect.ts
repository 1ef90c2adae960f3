import { fieldKit } from "../field-kit.js";

export const PROVIDER_NAME = "Salesforce";

/** Salesforce's JSON: typed values, and null for what is empty. */
export const kit = fieldKit({
  providerName: PROVIDER_NAME,
  cleared: null,
  readText,
  readDateTime,
  writeDateTime: (value) => value.toISOString(),
  readBoolean: (value) => (typeof value === "boolean" ? value : null),
  writeBoolean: (value) => value,
});

export function readText(value: unknown): string | null {
  return value === null || value === undefined || value === "" ? null : String(value);
}

/**
 * Date-times come as `2013-05-07T22:07:19.000+0000`, an offset without colon that ISO 8601 does not have; a date is
 * a day and not a moment, so it reads as the UTC midnight of that day, whatever zone the process is in.
 */
export function readDateTime(value: unknown): string | null {
  const text = readText(value);
  if (text === null) return null;
  const date = new Date(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** A checkbox always has a value: cleared, it is not ticked. */
export function checkbox(native: string) {
  return { ...kit.boolean(native), write: kit.input<boolean>(native, (value) => value ?? false) };
}
