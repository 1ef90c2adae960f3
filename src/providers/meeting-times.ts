import type { MeetingInput } from "./input.js";
import { assertMeetingRange } from "./meeting-range.js";

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
export function mergeMeetingTimes(
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
