import { FieldProblem, type FieldEntry, type NativeRecord } from "../../contract/field-map.js";
import { readDateTime } from "../../mapping/json-dialect.js";
import { addDays, dateOf, DAY_MS, dayAt, daysIn } from "../../mapping/all-day.js";
import { needed } from "../../mapping/members.js";
import type { MeetingTimes } from "../../mapping/meeting-times.js";
import { kit } from "./dialect.js";

/**
 * Times of an event. Salesforce stores the day of an all-day event as UTC midnight, which no time zone may shift. Its
 * length is read and written in minutes, because an end date does not show whether that day belongs to the event.
 * Source: developer.salesforce.com, Object Reference, "Event".
 */

const MINUTE_MS = 60_000;

const TIME_COLUMNS = [
  "IsAllDayEvent",
  "StartDateTime",
  "ActivityDateTime",
  "ActivityDate",
  "EndDateTime",
  "DurationInMinutes",
];

export const isAllDay: FieldEntry<boolean> = { reads: ["IsAllDayEvent"], read: isOfDays };

export const startAt: FieldEntry<string> = {
  reads: ["IsAllDayEvent", "StartDateTime", "ActivityDateTime", "ActivityDate"],
  read: (native) => startOf(native).toISOString(),
};

export const endAt: FieldEntry<string | null> = {
  reads: TIME_COLUMNS,
  read: (native) => endOf(native)?.toISOString() ?? null,
};

function isOfDays(native: NativeRecord): boolean {
  return native["IsAllDayEvent"] === true;
}

function startOf(native: NativeRecord): Date {
  const moment = readDateTime(native["StartDateTime"]) ?? readDateTime(native["ActivityDateTime"]);
  const day = readDateTime(native["ActivityDate"]);
  if (!isOfDays(native)) return new Date(needed(moment ?? day, "StartDateTime", "a time"));
  return dayAt(new Date(needed(day ?? moment, "ActivityDate", "a date")));
}

function endOf(native: NativeRecord): Date | null {
  const start = startOf(native);
  const lengthMs = Number(native["DurationInMinutes"] ?? NaN) * MINUTE_MS;
  if (isOfDays(native)) return addDays(start, daysIn(lengthMs));
  const end = readDateTime(native["EndDateTime"]);
  if (end !== null) return new Date(end);
  return Number.isNaN(lengthMs) ? null : new Date(start.getTime() + lengthMs);
}

export const times = kit.times({
  native: ["StartDateTime", "ActivityDateTime", "ActivityDate", "EndDateTime", "DurationInMinutes", "IsAllDayEvent"],
  needsEnd: "UNLESS_ALL_DAY",
  write(whole) {
    if (whole.isAllDay) return writeDays(whole);
    const { startAt: start, endAt: end } = whole;
    return {
      IsAllDayEvent: false,
      StartDateTime: start.toISOString(),
      EndDateTime: end!.toISOString(),
    };
  },
});

function writeDays({ startAt: first, endAt: afterLast }: MeetingTimes): NativeRecord {
  const length = afterLast ? afterLast.getTime() - first.getTime() : DAY_MS;
  if (length <= 0) {
    throw new FieldProblem(
      "Expected the end of an all-day meeting to be the midnight after its last day.",
      "",
      "endAt",
    );
  }
  return {
    IsAllDayEvent: true,
    ActivityDate: dateOf(first),
    // An event that was not all-day has this field, too, and both must agree.
    StartDateTime: first.toISOString(),
    DurationInMinutes: length / MINUTE_MS,
  };
}
