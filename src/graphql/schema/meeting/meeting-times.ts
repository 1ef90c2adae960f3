import { invalidInput } from "../../../errors/crm-error.js";
import type { MeetingInput } from "../../../providers/contract/input.js";
import { DAY_MS } from "../../../providers/mapping/all-day.js";
import { assertMeetingRange } from "../../../providers/mapping/meeting-range.js";

/**
 * Checks the times that the input contains. If it contains only one, the adapters compare it with the stored one.
 * @throws CrmError INVALID_DATE_RANGE; INVALID_INPUT if an all-day meeting does not begin and end at midnight
 */
export function assertTimes({ startAt, endAt, isAllDay }: MeetingInput): void {
  if (isAllDay) {
    const errors: Record<string, string> = {};
    for (const [name, time] of Object.entries({ startAt, endAt })) {
      if (time && time.getTime() % DAY_MS !== 0) {
        errors[`input.${name}`] = "An all-day meeting must begin and end at midnight UTC (T00:00:00Z).";
      }
    }
    if (Object.keys(errors).length > 0) throw invalidInput(errors);
  }
  if (startAt && endAt) assertMeetingRange(startAt, endAt);
}
