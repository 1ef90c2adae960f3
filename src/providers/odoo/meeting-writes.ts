import { notFound } from "../adapter-kit.js";
import type { MeetingInput } from "../input.js";
import { touchesTimes } from "../meeting-times.js";
import { LEAD_MODEL } from "./lead-map.js";
import { MEETING_MODEL } from "./meeting-map.js";
import { mergedTimes, nativeTimes, TIME_FIELDS } from "./meeting-times.js";
import { searchRead } from "./queries.js";
import type { WriteStep } from "./write-steps.js";

/** What an update of a meeting's time or lead means depends on what the meeting has. */
export const mergeWithCurrent: WriteStep<MeetingInput> = async (context, { id, input, native }) => {
  const changesTime = touchesTimes(input);
  if (id === null || (!changesTime && input.leadIds === undefined)) return;
  const fields = [...TIME_FIELDS, "res_model"];
  const [current] = await searchRead(context, MEETING_MODEL, [["id", "=", id]], { fields });
  if (!current) throw notFound("meeting");
  if (changesTime) Object.assign(native, nativeTimes(mergedTimes(input, current)));
  // The lead that a meeting was made from stands there twice; a link to a record of another kind is left alone.
  if (input.leadIds !== undefined && current["res_model"] === LEAD_MODEL) {
    const lead = native["opportunity_id"];
    Object.assign(native, lead ? { res_id: lead } : { res_id: false, res_model_id: false });
  }
};
