import { FieldProblem, type FieldEntry, type NativeRecord } from "../field-map.js";
import type { MeetingInput } from "../input.js";
import { mergeMeetingTimes, type MeetingTimes } from "../meeting-times.js";
import { readDateTime } from "./dialect.js";

/**
 * When an event is. An all-day event has a day, not a moment: Salesforce keeps it as UTC midnight, which no time zone
 * may shift. Its length is read and written in minutes, because of its end date alone one cannot tell whether that day
 * belongs to it.
 * Source: developer.salesforce.com, Object Reference, "Event".
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const TIME_COLUMNS = [
  "IsAllDayEvent",
  "StartDateTime",
  "ActivityDateTime",
  "ActivityDate",
  "EndDateTime",
  "DurationInMinutes",
];

export const isAllDay: FieldEntry<boolean> = {
  reads: ["IsAllDayEvent"],
  read: (native) => native["IsAllDayEvent"] === true,
};

export const startAt: FieldEntry<string> = {
  reads: ["IsAllDayEvent", "StartDateTime", "ActivityDateTime", "ActivityDate"],
  read: (native) => startOf(native).toISOString(),
};

export const endAt: FieldEntry<string | null> = {
  reads: TIME_COLUMNS,
  read: (native) => endOf(native)?.toISOString() ?? null,
};

function startOf(native: NativeRecord): Date {
  const moment = readDateTime(native["StartDateTime"]) ?? readDateTime(native["ActivityDateTime"]);
  const day = readDateTime(native["ActivityDate"]);
  return native["IsAllDayEvent"] === true ? dayOf(new Date((day ?? moment)!)) : new Date((moment ?? day)!);
}

function endOf(native: NativeRecord): Date | null {
  const start = startOf(native).getTime();
  const minutes = Number(native["DurationInMinutes"] ?? NaN);
  if (native["IsAllDayEvent"] === true) {
    const days = Math.max(1, Math.ceil((minutes * MINUTE_MS) / DAY_MS || 1));
    return new Date(start + days * DAY_MS);
  }
  const end = readDateTime(native["EndDateTime"]);
  if (end !== null) return new Date(end);
  return Number.isNaN(minutes) ? null : new Date(start + minutes * MINUTE_MS);
}

function dayOf(date: Date): Date {
  return new Date(Math.floor(date.getTime() / DAY_MS) * DAY_MS);
}

type Times = Pick<MeetingInput, "startAt" | "endAt" | "isAllDay">;

/**
 * What an update leaves out stays as it is. Salesforce has no such rule: there, an event that starts later also ends
 * later. So the update must say it all.
 */
export function completeTimes(input: Times, current: NativeRecord): MeetingTimes {
  const end = endOf(current);
  return mergeMeetingTimes(input, current["IsAllDayEvent"] === true, (allDay) =>
    allDay
      ? { startAt: dayOf(startOf(current)), endAt: end && dayOf(new Date(end.getTime() + DAY_MS - 1)) }
      : { startAt: startOf(current), endAt: end },
  );
}

/** The native times of an input; of a partial one, those that it gives. @throws FieldProblem */
export function writeTimes(input: Times): NativeRecord {
  if (input.isAllDay) return writeDays(input);
  return {
    IsAllDayEvent: false,
    ...(input.startAt ? { StartDateTime: input.startAt.toISOString() } : {}),
    ...(input.endAt ? { EndDateTime: input.endAt.toISOString() } : {}),
  };
}

function writeDays({ startAt: first, endAt: afterLast }: Times): NativeRecord {
  for (const [name, day] of Object.entries({ startAt: first, endAt: afterLast })) {
    if (day && day.getTime() % DAY_MS !== 0) {
      throw new FieldProblem("An all-day meeting begins and ends at UTC midnight.", "", name);
    }
  }
  if (!first) return { IsAllDayEvent: true };
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
