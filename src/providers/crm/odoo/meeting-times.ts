import { CrmError } from "../../../errors/crm-error.js";
import { FieldProblem, type CompositeInput, type NativeRecord } from "../../contract/field-map.js";
import type { MeetingInput } from "../../contract/input.js";
import { addDays, dateOf, dayIn } from "../../mapping/all-day.js";
import type { MeetingTimes } from "../../mapping/meeting-times.js";
import { inputPath } from "../../mapping/write-record.js";
import { kit, PROVIDER_NAME, readDateTime, readText, writeDateTime } from "./dialect.js";

/**
 * When a meeting is. Odoo keeps all-day meetings as two dates, both inclusive; their `start` and `stop` say 08:00 and
 * 18:00 of those dates and mean no time of day (calendar_event.py, `_inverse_dates`). No zone is involved anywhere.
 */
export const TIME_FIELDS = ["allday", "start", "stop", "start_date", "stop_date"] as const;

const NEEDS_END = `${PROVIDER_NAME} needs an end for a meeting that is not all-day. Give endAt.`;

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

const wholeTimes = kit.times({
  native: ["start", "stop", "allday"],
  write: nativeTimes,
});

export const times: CompositeInput<Pick<MeetingInput, "startAt" | "endAt" | "isAllDay">> = {
  ...wholeTimes,
  toNative(input, mode) {
    if (mode === "create" && !input.endAt && !input.isAllDay) {
      throw new CrmError("MISSING_REQUIRED", { errors: { [inputPath("endAt")]: NEEDS_END } });
    }
    return wholeTimes.toNative(input, mode);
  },
};

/** All fields of a meeting's time. Odoo makes up what a write leaves out, e.g. it moves the end with the start. */
function nativeTimes({ startAt, endAt, isAllDay }: MeetingTimes): NativeRecord {
  if (!isAllDay) {
    if (!endAt) throw new FieldProblem(NEEDS_END, "", "endAt");
    return { allday: false, start: writeDateTime(startAt), stop: writeDateTime(endAt) };
  }
  const first = dateOf(startAt);
  const last = endAt && endAt > startAt ? dateOf(addDays(endAt, -1)) : first;
  return { allday: true, start_date: first, stop_date: last, start: `${first} 08:00:00`, stop: `${last} 18:00:00` };
}
