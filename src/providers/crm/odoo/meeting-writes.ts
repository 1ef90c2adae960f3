import { notFound } from "../../kit/adapter-kit.js";
import type { MeetingInput } from "../../contract/input.js";
import { LEAD_MODEL } from "./lead-map.js";
import { MEETING_MODEL } from "./meeting-map.js";
import { searchRead } from "./search-read.js";
import type { WriteStep } from "./write-steps.js";

/** The lead that a meeting was made from stands there twice; a link to a record of another kind is left alone. */
export const replaceDocument: WriteStep<MeetingInput> = async (context, { id, input, native }) => {
  if (id === null || input.leadIds === undefined) return;
  const [current] = await searchRead(context, MEETING_MODEL, [["id", "=", Number(id)]], { fields: ["res_model"] });
  if (!current) throw notFound("meeting");
  if (current["res_model"] !== LEAD_MODEL) return;
  const lead = native["opportunity_id"];
  Object.assign(native, lead ? { res_id: lead } : { res_id: false, res_model_id: false });
};
