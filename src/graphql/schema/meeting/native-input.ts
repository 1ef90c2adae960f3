import { invalidInput } from "../../../errors/crm-error.js";
import type { MeetingInput } from "../../../providers/contract/input.js";
import { DAY_MS } from "../../../providers/mapping/all-day.js";
import { assertMeetingRange } from "../../../providers/mapping/meeting-range.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import { nativeIdWithin } from "../../operation/global-id.js";

/**
 * Checks the times of a meeting, and replaces the global ids of its contacts and leads with the CRM's own ids.
 * @throws CrmError INVALID_DATE_RANGE; INVALID_INPUT if an all-day meeting does not begin and end at midnight, or if an id
 * belongs to another resource or connection
 */
export function nativeInput(input: MeetingInput, { id }: ConnectionRecord): MeetingInput {
  const native = { ...input };
  if (input.contactIds) native.contactIds = nativeIds(input.contactIds, "contact", id, "input.contactIds");
  if (input.leadIds) native.leadIds = nativeIds(input.leadIds, "lead", id, "input.leadIds");
  assertTimes(native);
  return native;
}

function nativeIds(ids: readonly string[], resource: "contact" | "lead", connectionId: string, path: string): string[] {
  return [...new Set(ids.map((id, index) => nativeIdWithin(id, resource, connectionId, `${path}.${index}`)))];
}

/** Checks the times that the input contains. If it contains only one, the adapters compare it with the stored one. */
function assertTimes({ startAt, endAt, isAllDay }: MeetingInput): void {
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
