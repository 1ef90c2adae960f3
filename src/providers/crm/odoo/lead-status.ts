import { FieldProblem, type CompositeInput, type FieldEntry, type NativeRecord } from "../../contract/field-map.js";
import type { LeadInput } from "../../contract/input.js";
import type { LeadStatus } from "../../contract/model.js";
import { kit } from "./dialect.js";
import { anyOf, type Domain } from "./query.js";

/** The stages of a fresh database. Stages are the customer's to rename: others read as OTHER, with `rawStatus`. */
const STAGES: readonly (readonly [LeadStatus, string])[] = [
  ["NEW", "New"],
  ["QUALIFIED", "Qualified"],
  ["WORKING", "Proposition"],
  ["CONVERTED", "Won"],
];

/**
 * Converting turns the lead itself into an opportunity: as a lead it has reached its end, whatever becomes of the
 * opportunity. A lead that is lost is archived.
 */
function statusOf(native: NativeRecord): LeadStatus | null {
  if (native["type"] === "opportunity") return "CONVERTED";
  if (native["active"] === false) return "UNQUALIFIED";
  const stage = kit.readText(native["stage_id"]);
  if (stage === null) return null;
  return STAGES.find(([, name]) => name === stage)?.[0] ?? "OTHER";
}

export const status: FieldEntry<LeadStatus | null> = {
  reads: ["type", "active", "stage_id"],
  read: statusOf,
  note: "Opportunities are CONVERTED, archived leads UNQUALIFIED; for the others the name of the stage decides.",
};

const IS_LEAD: Domain = [["type", "=", "lead"]];

/** Opportunities that were leads once, as opposed to those that began as such. */
const WAS_LEAD: Domain = [
  ["type", "=", "opportunity"],
  ["date_conversion", "!=", false],
];

export const IS_OR_WAS_LEAD: Domain = anyOf(IS_LEAD, WAS_LEAD);

/**
 * Opportunities share the model, so listings keep to leads. Only asking for converted ones, which are opportunities by
 * then, says itself of which type they are.
 */
export function listedLeads(conditions: Domain): Domain {
  return conditions.some(([field]) => field === "type") ? [] : IS_LEAD;
}

/** The leads that `statusOf` gives that status. */
export function hasStatus(wanted: LeadStatus): Domain {
  if (wanted === "UNQUALIFIED") return [["active", "=", false]];
  const names = STAGES.filter(([ours]) => wanted === "OTHER" || ours === wanted).map(([, name]) => name);
  const inStage: Domain = [
    ["active", "=", true],
    ["stage_id.name", wanted === "OTHER" ? "not in" : "in", names],
  ];
  return wanted === "CONVERTED" ? anyOf(WAS_LEAD, [...IS_LEAD, ...inStage]) : inStage;
}

/** Leaves the stage by its name, to be looked up. */
export const statusInput: CompositeInput<Pick<LeadInput, "status" | "rawStatus">> = {
  inputs: ["status", "rawStatus"],
  native: ["stage_id", "active", "probability"],
  toNative({ status: wanted, rawStatus }, mode) {
    if (wanted && rawStatus) throw new FieldProblem("Give either status or rawStatus.", "", "rawStatus");
    // What Odoo's own "lost" does (crm_lead.py, action_set_lost).
    if (wanted === "UNQUALIFIED") return { active: false, probability: 0 };
    const stage = rawStatus || (wanted ? stageNamed(wanted) : false);
    // A new lead without one gets the first stage.
    if (mode === "create") return stage === false ? {} : { stage_id: stage };
    // A lost lead that is given a stage is taken up again.
    return { stage_id: stage, active: true };
  },
};

function stageNamed(wanted: LeadStatus): string {
  const name = STAGES.find(([ours]) => ours === wanted)?.[1];
  if (name !== undefined) return name;
  const statuses = [...STAGES.map(([ours]) => ours), "UNQUALIFIED"].join(", ");
  throw new FieldProblem(`Odoo has no such value; it has ${statuses}.`, "", "status");
}
