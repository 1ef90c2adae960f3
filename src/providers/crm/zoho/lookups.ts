import type { Lookup } from "../../kit/resource-rules.js";
import { wordsFor } from "../../mapping/choice-table.js";
import { describe } from "./definitions.js";
import { STATUSES } from "./lead-map.js";

/** A status must be one of the org's own. If several statuses have the same meaning, the org's first one is written. */
export const orgStatus: Lookup<"lead"> = async (context, { input, native, refuse }) => {
  const written = native["Lead_Status"];
  if (typeof written !== "string") return;
  const field = (await describe(context, "Leads")).find(({ api_name: name }) => name === "Lead_Status");
  const values = (field?.pick_list_values ?? []).map(({ actual_value: value }) => value);
  const wanted = input.status ? wordsFor(STATUSES, input.status) : [written];
  const found = values.length === 0 ? written : wanted.find((value) => values.includes(value));
  if (found !== undefined) native["Lead_Status"] = found;
  else {
    const problem = `This Zoho org does not have this lead status. Use one of: ${values.join(", ")}.`;
    refuse(input.status ? "status" : "rawStatus", problem);
  }
};
