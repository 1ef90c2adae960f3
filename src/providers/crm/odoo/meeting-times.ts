import type { NativeRecord } from "../../contract/field-map.js";
import { addDays, dateOf, dayIn } from "../../mapping/all-day.js";
import type { MeetingTimes } from "../../mapping/meeting-times.js";
import { kit, readDateTime, readText, writeDateTime } from "./dialect.js";

/**
 * When a meeting is. Odoo keeps all-day meetings as two dates, both inclusive; their `start` and `stop` say 08:00 and
 * 18:00 of those dates and mean no time of day (calendar_event.py, `_inverse_dates`). No zone is involved anywhere.
 */
export const TIME_FIELDS = ["allday", "start", "stop", "start_date", "stop_date"] as const;

export function isAllDay(native: NativeRecord): boolean {
  return native["allday"] === true;
}

export function startOf(native: NativeRecord): string {
  return isAllDay(native) ? day(native, "start_date", "start").toISOString() : readDateTime(native["start"])!;
}

export function endOf(native: NativeRecord): string | null {
  if (!isAllDay(native)) return readDateTime(native["stop"]);
  return addDays(day(native, "stop_date", "stop"), 1).toISOString();
}

function day(native: NativeRecord, date: string, instant: string): Date {
  return dayIn(readText(native[date]) ?? readText(native[instant])!);
}

export const times = kit.times({
  native: ["start", "stop", "allday"],
  needsEnd: "UNLESS_ALL_DAY",
  write: nativeTimes,
});

/** All fields of a meeting's time. Odoo makes up what a write leaves out, e.g. it moves the end with the start. */
function nativeTimes({ startAt, endAt, isAllDay }: MeetingTimes): NativeRecord {
  if (!isAllDay) return { allday: false, start: writeDateTime(startAt), stop: writeDateTime(endAt!) };
  const first = dateOf(startAt);
  const last = endAt && endAt > startAt ? dateOf(addDays(endAt, -1)) : first;
  return { allday: true, start_date: first, stop_date: last, start: `${first} 08:00:00`, stop: `${last} 18:00:00` };
}
