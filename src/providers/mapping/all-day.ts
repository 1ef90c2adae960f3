/**
 * All-day meetings. They have days and no times of day. A day is the UTC midnight at which it begins, or its date as a
 * text. The unified end is exclusive: the day after the last day. Most CRMs store the last day itself.
 */

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Date of a day in ISO 8601, e.g. `2026-06-10`. */
export function dateOf(day: Date): string {
  return day.toISOString().slice(0, 10);
}

/** Reads the date at the beginning of a text, whatever time and zone follow it. */
export function dayIn(text: string): Date {
  return new Date(`${text.slice(0, 10)}T00:00:00.000Z`);
}

/** Moves a day by a number of days. `addDays(end, -1)` is the last day of a meeting, `addDays(last, 1)` its end. */
export function addDays(day: Date, count: number): Date {
  return new Date(day.getTime() + count * DAY_MS);
}

/** First day that begins at the instant or later. Bounds of filters need it if the CRM stores days as dates. */
export function dayFrom(instant: Date): Date {
  return new Date(Math.ceil(instant.getTime() / DAY_MS) * DAY_MS);
}

/** Day on which the instant lies. */
export function dayAt(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / DAY_MS) * DAY_MS);
}

/** Day whose midnight is nearest to the instant, for CRMs that store the midnight of an unknown time zone. */
export function nearestDay(instant: Date): Date {
  return new Date(Math.round(instant.getTime() / DAY_MS) * DAY_MS);
}

/** Number of days that a meeting of this length takes, at least one day. A part of a day counts as a day. */
export function daysIn(lengthMs: number): number {
  return Math.max(1, Math.ceil(lengthMs / DAY_MS) || 1);
}
