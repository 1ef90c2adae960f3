import type { NativeRecord } from "../../contract/field-map.js";
import { addDays, dateOf, dayIn } from "../../mapping/all-day.js";
import { needed } from "../../mapping/members.js";
import type { MeetingTimes } from "../../mapping/meeting-times.js";
import { kit, readDateTime, readText, writeDateTime } from "./dialect.js";

/**
 * The times of a meeting. Odoo stores an all-day meeting as two inclusive dates. Its `start` and `stop` are 08:00 and
 * 18:00 of these dates, and mean no time of day (calendar_event.py, `_inverse_dates`). Time zones do not matter.
 */
export const TIME_FIELDS = ["allday", "start", "stop", "start_date", "stop_date"] as const;

export function isAllDay(native: NativeRecord): boolean {
  return native["allday"] === true;
}

/** @throws Mismatch if the start is no time */
export function startOf(native: NativeRecord): string {
  const start = isAllDay(native) ? day(native, "start_date", "start")?.toISOString() : readDateTime(native["start"]);
  return needed(start, "start", "a date-time");
}

export function endOf(native: NativeRecord): string | null {
  if (!isAllDay(native)) return readDateTime(native["stop"]);
  const last = day(native, "stop_date", "stop");
  return last && addDays(last, 1).toISOString();
}

function day(native: NativeRecord, date: string, instant: string): Date | null {
  const text = readText(native[date]) ?? readText(native[instant]);
  const found = text === null ? null : dayIn(text);
  return found && !Number.isNaN(found.getTime()) ? found : null;
}

export const times = kit.times({
  native: ["start", "stop", "allday"],
  needsEnd: "UNLESS_ALL_DAY",
  write: nativeTimes,
});

/** Returns all time fields of a meeting. Odoo would derive omitted fields, e.g. it moves the end with the start. */
function nativeTimes({ startAt, endAt, isAllDay }: MeetingTimes): NativeRecord {
  if (!isAllDay) return { allday: false, start: writeDateTime(startAt), stop: writeDateTime(endAt!) };
  const first = dateOf(startAt);
  const last = endAt && endAt > startAt ? dateOf(addDays(endAt, -1)) : first;
  return { allday: true, start_date: first, stop_date: last, start: `${first} 08:00:00`, stop: `${last} 18:00:00` };
}
