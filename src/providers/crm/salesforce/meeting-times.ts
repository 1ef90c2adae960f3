import { FieldProblem, type FieldEntry, type NativeRecord } from "../../contract/field-map.js";
import { readDateTime } from "../../mapping/json-dialect.js";
import { timesInput, type MeetingTimes } from "../../mapping/meeting-times.js";
import { PROVIDER_NAME } from "./dialect.js";

/**
 * When an event is. An all-day event has a day, not a moment: Salesforce keeps it as UTC midnight, which no time zone
 * may shift. Its length is read and written in minutes, because of its end date alone one cannot tell whether that day
 * belongs to it.
 * Source: developer.salesforce.com, Object Reference, "Event".
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

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
  if (!isOfDays(native)) return new Date((moment ?? day)!);
  return new Date(Math.floor(Date.parse((day ?? moment)!) / DAY_MS) * DAY_MS);
}

function endOf(native: NativeRecord): Date | null {
  const start = startOf(native).getTime();
  const minutes = Number(native["DurationInMinutes"] ?? NaN);
  if (isOfDays(native)) {
    const days = Math.max(1, Math.ceil((minutes * MINUTE_MS) / DAY_MS || 1));
    return new Date(start + days * DAY_MS);
  }
  const end = readDateTime(native["EndDateTime"]);
  if (end !== null) return new Date(end);
  return Number.isNaN(minutes) ? null : new Date(start + minutes * MINUTE_MS);
}

export const times = timesInput({
  providerName: PROVIDER_NAME,
  native: ["StartDateTime", "ActivityDateTime", "ActivityDate", "EndDateTime", "DurationInMinutes", "IsAllDayEvent"],
  allDay: true,
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
    throw new FieldProblem("An all-day meeting ends at the midnight after its last day.", "", "endAt");
  }
  return {
    IsAllDayEvent: true,
    ActivityDate: first.toISOString().slice(0, 10),
    // An event that was not all-day has a start of its own, and the two must agree.
    StartDateTime: first.toISOString(),
    DurationInMinutes: length / MINUTE_MS,
  };
}
