import type { NativeRecord } from "../../contract/field-map.js";
import { timesInput, type MeetingTimes } from "../../mapping/meeting-times.js";
import { PROVIDER_NAME, readDateTime, readText, writeDateTime } from "./dialect.js";

/**
 * When a meeting is. Odoo keeps all-day meetings as two dates, both inclusive; their `start` and `stop` say 08:00 and
 * 18:00 of those dates and mean no time of day (calendar_event.py, `_inverse_dates`). No zone is involved anywhere.
 */
export const TIME_FIELDS = ["allday", "start", "stop", "start_date", "stop_date"] as const;

const DAY_MS = 24 * 60 * 60 * 1000;

export function isAllDay(native: NativeRecord): boolean {
  return native["allday"] === true;
}

export function startOf(native: NativeRecord): string {
  return isAllDay(native) ? midnight(native, "start_date", "start").toISOString() : readDateTime(native["start"])!;
}

export function endOf(native: NativeRecord): string | null {
  if (!isAllDay(native)) return readDateTime(native["stop"]);
  return new Date(midnight(native, "stop_date", "stop").getTime() + DAY_MS).toISOString();
}

function midnight(native: NativeRecord, date: string, instant: string): Date {
  return new Date(`${(readText(native[date]) ?? readText(native[instant])!).slice(0, 10)}T00:00:00.000Z`);
}

export const times = timesInput({
  providerName: PROVIDER_NAME,
  native: ["start", "stop", "allday"],
  allDay: true,
  needsEnd: "UNLESS_ALL_DAY",
  write: nativeTimes,
});

/** Everything that Odoo keeps of a meeting's time: what it is not told it makes up, an end that moves with the start. */
function nativeTimes({ startAt, endAt, isAllDay }: MeetingTimes): NativeRecord {
  if (!isAllDay) return { allday: false, start: writeDateTime(startAt), stop: writeDateTime(endAt!) };
  const first = dateOf(startAt);
  const last = endAt && endAt > startAt ? dateOf(new Date(endAt.getTime() - 1)) : first;
  return { allday: true, start_date: first, stop_date: last, start: `${first} 08:00:00`, stop: `${last} 18:00:00` };
}

function dateOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
