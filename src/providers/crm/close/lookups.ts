import type { LeadStatus } from "../../contract/model.js";
import type { Lookup } from "../../kit/resource-rules.js";
import { meaningOf, type ChoiceTable } from "../../mapping/choice-table.js";
import { leadStatuses } from "./definitions.js";
import { where, type Query } from "./query.js";

/**
 * Labels of the statuses of a new organization. Other statuses read as OTHER, with `rawStatus`. The status Customer
 * also reads as OTHER, because CONVERTED would mean that the lead has become another record.
 */
export const STATUSES: ChoiceTable<LeadStatus> = {
  Potential: "NEW",
  Interested: "WORKING",
  Qualified: "QUALIFIED",
  "Bad Fit": "UNQUALIFIED",
  "Not Interested": "UNQUALIFIED",
};

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const unifiedOf = (label: string) => meaningOf(STATUSES, label) ?? "OTHER";

/** Matches the organization's statuses that read as this unified status, by their ids. */
export function inStatus(status: LeadStatus): Query {
  return async (context) => {
    const ids = (await leadStatuses(context)).filter(({ label }) => unifiedOf(label) === status).map(({ id }) => id);
    const condition = { type: "reference", reference_type: "status.lead", object_ids: ids };
    return ids.length === 0 ? null : where("lead", "status_id", condition);
  };
}

/** Replaces the label of a status with its id. */
export const statusById: Lookup<"lead"> = async (context, { native, input, refuse }) => {
  const { status_label: label } = native;
  if (label === undefined) return;
  if (typeof label !== "string") return refuse("status", "A Close lead always has a status, so it cannot be cleared.");
  delete native["status_label"];
  const statuses = await leadStatuses(context);
  // Several labels have the same meaning, and the organization may have a different one of these labels.
  const found =
    statuses.find((own) => same(own.label, label)) ??
    statuses.find((own) => !input.rawStatus && unifiedOf(own.label) === input.status);
  native["status_id"] = found?.id;
  if (found) return;
  const labels = statuses.map((own) => own.label).join(", ");
  const problem = `This Close organization does not have this lead status. Use one of: ${labels}.`;
  refuse(input.rawStatus ? "rawStatus" : "status", problem);
};
