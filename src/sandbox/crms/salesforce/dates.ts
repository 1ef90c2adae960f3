export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$/;

/** As Salesforce answers date-times: always UTC, with an offset that has no colon. */
export function formatDateTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+0000");
}

/** The UTC day of an instant. */
export function formatDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Milliseconds of a date-time that says its offset; null for anything else. */
export function parseDateTime(text: string): number | null {
  const match = DATE_TIME.exec(text);
  if (!match || parseDate(match[1]!) === null) return null;
  const [, date, time, fraction = "", offset] = match;
  const zone = offset === "Z" ? "Z" : `${offset!.slice(0, 3)}:${offset!.slice(-2)}`;
  const ms = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(ms) ? null : ms;
}

/** Milliseconds of a day's UTC midnight; null for text that is not a calendar day. */
export function parseDate(text: string): number | null {
  if (!DATE.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  // Date.parse takes some days that no month has and rolls them over.
  return Number.isNaN(ms) || formatDate(ms) !== text ? null : ms;
}

export function startOfDay(ms: number): number {
  return Math.floor(ms / DAY) * DAY;
}
