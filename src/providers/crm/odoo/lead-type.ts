import type { ProviderContext } from "../../contract/contract.js";
import { newLead } from "./answers.js";
import { callRead } from "./api.js";
import { LEAD_MODEL } from "./lead-map.js";
import type { RelatedRecords } from "./lookups.js";
import { withoutLeads, type Domain } from "./query.js";

/** The name of the memo. */
export const LEAD_TYPE = "odoo lead type";

export type LeadType = "lead" | "opportunity";

/**
 * The type that Odoo gives to a new record: an opportunity if the database has leads switched off, as a new database has.
 * Its menus then show no leads. Source: crm_lead.py of odoo/odoo, the default of `type`.
 */
export function newLeadType(caller: ProviderContext): Promise<LeadType> {
  return caller.memo(LEAD_TYPE, (context) =>
    callRead(context, { model: LEAD_MODEL, method: "default_get", args: { fields: ["type"] } }, newLead),
  );
}

/** Adapts a domain to a database that has leads switched off. */
export async function leadDomain(context: ProviderContext, domain: Domain): Promise<Domain> {
  return (await newLeadType(context)) === "lead" ? domain : withoutLeads(domain);
}

/** Tells the field map whether opportunities are converted leads, or the only leads that there are. */
export const usesLeads: RelatedRecords = {
  as: "$usesLeads",
  async load(context) {
    const type = await newLeadType(context);
    return () => type === "lead";
  },
};
