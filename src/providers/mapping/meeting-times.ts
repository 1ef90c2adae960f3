import { CrmError } from "../../errors/crm-error.js";
import { DAY_MS, dayAt, dayFrom } from "./all-day.js";
import { FieldProblem, type CompositeInput, type NativeRecord } from "../contract/field-map.js";
import type { MeetingInput } from "../contract/input.js";
import { assertMeetingRange } from "./meeting-range.js";
import { inputPath } from "./write-record.js";
import type { MeetingFields } from "../contract/model.js";
import type { ValueDialect } from "./value-dialect.js";

type TimesInput = Pick<MeetingInput, "startAt" | "endAt" | "isAllDay">;

/** All times of a meeting. They are written together, because each CRM completes a part of them in its own way. */
export interface MeetingTimes {
  startAt: Date;
  /** Exclusive. Null if the meeting has no end. */
  endAt: Date | null;
  isAllDay: boolean;
}

export function touchesTimes({ startAt, endAt, isAllDay }: TimesInput): boolean {
  return startAt !== undefined || endAt !== undefined || isAllDay !== undefined;
}

/** Whether an update has all times, so that the stored meeting need not be read. */
export function saysAllTimes({ startAt, endAt, isAllDay }: TimesInput): boolean {
  return startAt !== undefined && endAt !== undefined && isAllDay !== undefined;
}

/**
 * Merges an update with the stored times.
 * @param kept returns the stored times; its argument says whether the meeting is all-day after the update
 * @throws CrmError INVALID_DATE_RANGE if a new time contradicts a stored time
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

/** Merges an update with a meeting of the unified model. A meeting that becomes all-day takes every day it touches. */
export function withMergedTimes(
  input: TimesInput,
  current: Pick<MeetingFields, "startAt" | "endAt" | "isAllDay">,
): MeetingTimes {
  const startAt = new Date(current.startAt);
  const endAt = current.endAt === null ? null : new Date(current.endAt);
  return mergeMeetingTimes(input, current.isAllDay, (isAllDay) => {
    if (!isAllDay || current.isAllDay) return { startAt, endAt };
    return { startAt: dayAt(startAt), endAt: endAt && dayFrom(endAt) };
  });
}

export interface TimesRules {
  native: readonly string[];
  /** False if the CRM has no all-day meetings. */
  allDay?: boolean;
  /** Which meetings must have an end at the CRM. Defaults to no meeting. */
  needsEnd?: boolean | "UNLESS_ALL_DAY";
  /** Native fields of all times of a meeting. */
  write: (times: MeetingTimes) => NativeRecord;
}

/**
 * The times of a meeting, which are written together. An update that has only some of them writes nothing here: the
 * resource kit merges it with the stored times and calls again.
 */
export function timesInput(
  { providerName }: Pick<ValueDialect, "providerName">,
  rules: TimesRules,
): CompositeInput<TimesInput> {
  const { native, allDay = true, needsEnd = false, write } = rules;
  return {
    inputs: ["startAt", "endAt", "isAllDay"],
    native,
    toNative(input, mode) {
      const { startAt, endAt, isAllDay } = input;
      if (isAllDay && !allDay)
        throw new FieldProblem(`${providerName} has no all-day meetings. Omit isAllDay.`, "", "isAllDay");
      if (startAt === null) throw new FieldProblem("A meeting needs a start. Give startAt.", "", "startAt");
      if (endAt === null && needsEnd === true) {
        throw new FieldProblem(`${providerName} needs an end for every meeting. Give endAt.`, "", "endAt");
      }
      if (isAllDay) assertWholeDays({ startAt, endAt });
      if (!startAt || (mode === "update" && !saysAllTimes(input))) return {};
      if (needsEnd === "UNLESS_ALL_DAY" && !endAt && !isAllDay) {
        const problem = `${providerName} needs an end for a meeting that is not all-day. Give endAt.`;
        throw new CrmError("MISSING_REQUIRED", { errors: { [inputPath("endAt")]: problem } });
      }
      return write({ startAt, endAt: endAt ?? null, isAllDay: isAllDay === true });
    },
  };
}

function assertWholeDays(days: Pick<TimesInput, "startAt" | "endAt">): void {
  for (const [name, day] of Object.entries(days)) {
    if (day && day.getTime() % DAY_MS !== 0) {
      throw new FieldProblem(`Expected UTC midnight for an all-day meeting, got ${day.toISOString()}.`, "", name);
    }
  }
}
