export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$/;

/** Writes a date-time as Salesforce does: in UTC, with an offset without a colon. */
export function formatDateTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+0000");
}

/** Writes the UTC day of an instant. */
export function formatDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Reads a date-time with an offset as milliseconds. Null for any other text. */
export function parseDateTime(text: string): number | null {
  const match = DATE_TIME.exec(text);
  if (!match || parseDate(match[1]!) === null) return null;
  const [, date, time, fraction = "", offset] = match;
  const zone = offset === "Z" ? "Z" : `${offset!.slice(0, 3)}:${offset!.slice(-2)}`;
  const ms = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(ms) ? null : ms;
}

/** Reads a day as the milliseconds of its UTC midnight. Null if the text is not a calendar day. */
export function parseDate(text: string): number | null {
  if (!DATE.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  // Date.parse accepts some days that do not exist, such as 30 February, and moves them to the next month.
  return Number.isNaN(ms) || formatDate(ms) !== text ? null : ms;
}

export function startOfDay(ms: number): number {
  return Math.floor(ms / DAY) * DAY;
}
