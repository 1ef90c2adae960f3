import { CrmError } from "../../errors/crm-error.js";
import { FieldProblem, type NativeRecord } from "../field-map.js";
import type { MeetingInput } from "../input.js";
import { mergeMeetingTimes, type MeetingTimes } from "../meeting-times.js";
import { inputPath } from "../write-record.js";
import { PROVIDER_NAME, readDateTime, readText, writeDateTime } from "./dialect.js";

/**
 * When a meeting is. Odoo keeps all-day meetings as two dates, both inclusive; their `start` and `stop` say 08:00 and
 * 18:00 of those dates and mean no time of day (calendar_event.py, `_inverse_dates`). No zone is involved anywhere.
 */
export const TIME_FIELDS = ["allday", "start", "stop", "start_date", "stop_date"] as const;

const NEEDS_END = `${PROVIDER_NAME} needs the end of a meeting that is not all-day.`;

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

/** What an update leaves out stays as the record has it: Odoo alone would move the end along with the start. */
export function mergedTimes(input: MeetingInput, current: NativeRecord): MeetingTimes {
  const end = endOf(current);
  const kept = { startAt: new Date(startOf(current)), endAt: end === null ? null : new Date(end) };
  return mergeMeetingTimes(input, isAllDay(current), () => kept);
}

/**
 * Everything that Odoo keeps of a meeting's time, so that no part of it is left to be made up.
 * @throws FieldProblem where a meeting that is not all-day has no end
 */
export function nativeTimes({ startAt, endAt, isAllDay }: MeetingTimes): NativeRecord {
  if (!isAllDay) {
    if (!endAt) throw new FieldProblem(NEEDS_END, "", "endAt");
    return { allday: false, start: writeDateTime(startAt), stop: writeDateTime(endAt) };
  }
  const first = dateOf(startAt);
  const last = endAt && endAt > startAt ? dateOf(new Date(endAt.getTime() - 1)) : first;
  return { allday: true, start_date: first, stop_date: last, start: `${first} 08:00:00`, stop: `${last} 18:00:00` };
}

function dateOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** The times of a new meeting; those of an existing one depend on what it has, and are merged with that first. */
export function writeTimes(input: MeetingInput, mode: "create" | "update"): NativeRecord {
  const { startAt, endAt, isAllDay } = input;
  if (startAt === null) throw new FieldProblem("A meeting needs its start.", "", "startAt");
  if (mode === "update" || !startAt) return {};
  if (!endAt && !isAllDay) throw new CrmError("MISSING_REQUIRED", { errors: { [inputPath("endAt")]: NEEDS_END } });
  return nativeTimes({ startAt, endAt: endAt ?? null, isAllDay: isAllDay === true });
}
