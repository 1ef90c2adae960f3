import { edgesOfMany } from "../../kit/edges.js";
import { searchRead } from "./api.js";
import { isManyToOne, readReference, readReferences, recordId } from "./dialect.js";
import { LEAD_MODEL } from "./lead-map.js";
import { MEETING_MODEL } from "./meeting-map.js";
import { IS_OR_WAS_LEAD, NOT_ARCHIVED, type Domain } from "./query.js";

/** Odoo has no limit. A contact may have many records, so one call takes fewer contacts than a read takes ids. */
const BATCH_MAX = 200;

/** Builds the edge to the records of a model that refer to a contact, in a many2one or an x2many. */
function recordsNaming(model: string, field: string, condition: Domain) {
  return edgesOfMany({ batchSize: BATCH_MAX, isId: (id) => recordId(id) !== null }, async (context, ids) => {
    const domain: Domain = [[field, "in", ids.map(Number)], ...condition];
    const options = { fields: [field], order: "id asc" };
    const records = await searchRead(context, model, domain, options, { relation: field });
    const namedIn = (value: unknown) => (isManyToOne(value) ? [readReference(value)!] : readReferences(value));
    return records.flatMap((record) => namedIn(record[field]).map((id) => [id, String(record.id)] as const));
  });
}

export const contactMeetings = recordsNaming(MEETING_MODEL, "partner_ids", NOT_ARCHIVED);
export const contactLeads = recordsNaming(LEAD_MODEL, "partner_id", IS_OR_WAS_LEAD);
