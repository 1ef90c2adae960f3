import type { MeetingInput } from "../input.js";
import { assertMeetingRange } from "../meeting-range.js";
import type { MeetingFields } from "../model.js";

const TIMES = new Set(["startAt", "endAt"]);

/** HubSpot takes a meeting that ends before it starts, so a new start is held against the end that stays, and the reverse. */
export async function assertRangeWithCurrent(
  { startAt, endAt }: MeetingInput,
  current: (select: ReadonlySet<string>) => Promise<Partial<MeetingFields>>,
): Promise<void> {
  if (startAt && endAt === undefined) {
    const kept = (await current(TIMES)).endAt;
    if (kept) assertMeetingRange(startAt, new Date(kept), "startAt");
  }
  if (endAt && startAt === undefined) assertMeetingRange(new Date((await current(TIMES)).startAt!), endAt);
}
