import { CrmError, invalidInput } from "../../errors/crm-error.js";
import type { MeetingInput } from "../../providers/input.js";
import { meetingService } from "../operation/resource-service.js";
import type { OpenConnection } from "../operation/open-connection.js";

const TIMES = new Set(["startAt", "endAt", "isAllDay"]);
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Checks a meeting's times as far as the input says them.
 * @throws CrmError INVALID_DATE_RANGE; INVALID_INPUT for an all-day meeting that does not begin and end at midnight
 */
export function assertTimes({ startAt, endAt, isAllDay }: MeetingInput): void {
  if (isAllDay) {
    const errors: Record<string, string> = {};
    for (const [name, time] of Object.entries({ startAt, endAt })) {
      if (time && time.getTime() % DAY_MS !== 0)
        errors[`input.${name}`] = "An all-day meeting begins and ends at midnight UTC (T00:00:00Z).";
    }
    if (Object.keys(errors).length > 0) throw invalidInput(errors);
  }
  if (startAt && endAt && endAt <= startAt) {
    throw new CrmError("INVALID_DATE_RANGE", { errors: { "input.endAt": "This must be after startAt." } });
  }
}

/**
 * An update that names only some of start, end and all-day takes the others from the record as it is: CRMs differ in what
 * they make of half a time, and the range can only be checked as a whole.
 */
export async function completeTimes(
  link: OpenConnection,
  nativeId: string,
  input: MeetingInput,
): Promise<MeetingInput> {
  const given = [...TIMES].filter((name) => input[name as keyof MeetingInput] !== undefined);
  if (given.length === 0 || given.length === TIMES.size) return input;
  const { fields } = await meetingService.read(link, nativeId, TIMES);
  const completed: MeetingInput = {
    ...input,
    startAt: input.startAt === undefined ? dateOf(fields.startAt) : input.startAt,
    endAt: input.endAt === undefined ? dateOf(fields.endAt) : input.endAt,
    isAllDay: input.isAllDay === undefined ? fields.isAllDay : input.isAllDay,
  };
  assertTimes(completed);
  return completed;
}

function dateOf(text: string | null | undefined): Date | undefined {
  return text ? new Date(text) : undefined;
}
