import { CrmError } from "../../errors/crm-error.js";
import { FieldProblem, type CompositeInput, type NativeRecord } from "../contract/field-map.js";
import type { MeetingInput } from "../contract/input.js";
import { assertMeetingRange } from "./meeting-range.js";
import { inputPath } from "./write-record.js";
import type { MeetingFields } from "../contract/model.js";

type TimesInput = Pick<MeetingInput, "startAt" | "endAt" | "isAllDay">;

/** When a meeting is, as a whole: CRMs that are told only a part make up the rest in ways of their own. */
export interface MeetingTimes {
  startAt: Date;
  /** Exclusive; null where the CRM keeps none. */
  endAt: Date | null;
  isAllDay: boolean;
}

export function touchesTimes({ startAt, endAt, isAllDay }: TimesInput): boolean {
  return startAt !== undefined || endAt !== undefined || isAllDay !== undefined;
}

/** Whether an update says all there is to know, so that the meeting need not be read before. */
export function saysAllTimes({ startAt, endAt, isAllDay }: TimesInput): boolean {
  return startAt !== undefined && endAt !== undefined && isAllDay !== undefined;
}

/**
 * The times of a meeting after an update: what the update leaves out stays as it is.
 * @param kept the meeting's own, as they are when it is (or becomes) all-day or not
 * @throws CrmError INVALID_DATE_RANGE when a given time does not go with the one that stays
 */
function mergeMeetingTimes(
  input: TimesInput,
  wasAllDay: boolean,
  kept: (isAllDay: boolean) => Omit<MeetingTimes, "isAllDay">,
): MeetingTimes {
  const isAllDay = input.isAllDay === undefined ? wasAllDay : input.isAllDay === true;
  const current = kept(isAllDay);
  const times = {
    startAt: input.startAt ?? current.startAt,
    endAt: input.endAt === undefined ? current.endAt : input.endAt,
    isAllDay,
  };
  if (times.endAt) assertMeetingRange(times.startAt, times.endAt, input.endAt ? "endAt" : "startAt");
  return times;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The same for a meeting as the unified model has it; one that becomes all-day takes all the days that it touches. */
export function withMergedTimes(
  input: TimesInput,
  current: Pick<MeetingFields, "startAt" | "endAt" | "isAllDay">,
): MeetingTimes {
  const startAt = new Date(current.startAt);
  const endAt = current.endAt === null ? null : new Date(current.endAt);
  return mergeMeetingTimes(input, current.isAllDay, (isAllDay) => {
    if (!isAllDay || current.isAllDay) return { startAt, endAt };
    const whole = (date: Date, round: (days: number) => number) => new Date(round(date.getTime() / DAY_MS) * DAY_MS);
    return { startAt: whole(startAt, Math.floor), endAt: endAt && whole(endAt, Math.ceil) };
  });
}

export interface TimesRules {
  providerName: string;
  native: readonly string[];
  /** Whether the CRM has all-day meetings. */
  allDay: boolean;
  /** Which meetings must have an end at the CRM. */
  needsEnd: boolean | "UNLESS_ALL_DAY";
  /** The whole of a meeting's time in the CRM's fields. */
  write(times: MeetingTimes): NativeRecord;
}

/**
 * The times of a meeting, written as a whole. Of an update that gives only a part of them nothing is written here: it
 * comes again, merged with what the meeting has.
 */
export function timesInput(rules: TimesRules): CompositeInput<TimesInput> {
  const { providerName, native, allDay, needsEnd, write } = rules;
  return {
    inputs: ["startAt", "endAt", "isAllDay"],
    native,
    toNative(input, mode) {
      const { startAt, endAt, isAllDay } = input;
      if (isAllDay && !allDay) throw new FieldProblem(`${providerName} has no all-day meetings.`, "", "isAllDay");
      if (startAt === null) throw new FieldProblem("A meeting needs its start.", "", "startAt");
      if (endAt === null && needsEnd === true) {
        throw new FieldProblem(`${providerName} needs the end of every meeting.`, "", "endAt");
      }
      if (isAllDay) assertWholeDays({ startAt, endAt });
      if (!startAt || (mode === "update" && !saysAllTimes(input))) return {};
      if (needsEnd === "UNLESS_ALL_DAY" && !endAt && !isAllDay) {
        const problem = `${providerName} needs the end of a meeting that is not all-day.`;
        throw new CrmError("MISSING_REQUIRED", { errors: { [inputPath("endAt")]: problem } });
      }
      return write({ startAt, endAt: endAt ?? null, isAllDay: isAllDay === true });
    },
  };
}

function assertWholeDays(days: Pick<TimesInput, "startAt" | "endAt">): void {
  for (const [name, day] of Object.entries(days)) {
    if (day && day.getTime() % DAY_MS !== 0) {
      throw new FieldProblem("An all-day meeting begins and ends at UTC midnight.", "", name);
    }
  }
}
