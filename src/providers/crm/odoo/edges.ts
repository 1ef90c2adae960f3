import { decoding } from "../../../upstream/answer-body.js";
import { edgesOfMany } from "../../kit/edges.js";
import { searchRead } from "./api.js";
import { readReference, readReferences, recordId } from "./dialect.js";
import { LEAD_MODEL } from "./lead-map.js";
import { leadDomain } from "./lead-type.js";
import { isHidden, MEETING_MODEL } from "./meeting-map.js";
import { invitationsTo } from "./meeting-people.js";
import { IS_OR_WAS_LEAD, NOT_ARCHIVED, type Domain } from "./query.js";

/** Odoo has no limit. A contact may have many records, so one call takes fewer contacts than a read takes ids. */
const BATCH_MAX = 200;

const pairing = { batchSize: BATCH_MAX, isId: (id: string) => recordId(id) !== null };

/** The leads of contacts. */
export const contactLeads = edgesOfMany(pairing, async (context, ids) => {
  const domain = await leadDomain(context, [["partner_id", "in", ids.map(Number)], ...IS_OR_WAS_LEAD]);
  const options = { fields: ["partner_id"], order: "id asc" };
  const leads = await searchRead(context, LEAD_MODEL, domain, options, { relation: "partner_id" });
  return leads.map((lead) => [readReference(lead["partner_id"])!, String(lead.id)] as const);
});

/** The meetings of contacts. A meeting does not list its archived contacts, so their invitations are read as well. */
export const contactMeetings = edgesOfMany(pairing, async (context, ids) => {
  const domain: Domain = [["partner_ids", "in", ids.map(Number)], ...NOT_ARCHIVED];
  const options = { fields: ["partner_ids", "attendee_ids"], order: "id asc" };
  const meetings = await searchRead(context, MEETING_MODEL, domain, options, { relation: "partner_ids" });
  const listed = meetings.flatMap((meeting) =>
    readReferences(meeting["partner_ids"]).map((id) => [id, String(meeting.id)] as const),
  );
  const found = new Set(listed.map(([id]) => id));
  const others = ids.filter((id) => !found.has(id)).map(Number);
  const visible = decoding(() => meetings.filter((meeting) => !isHidden(meeting)).map(({ id }) => id));
  if (others.length === 0 || visible.length === 0) return listed;
  const invitations = await invitationsTo(context, visible, [["partner_id", "in", others]]);
  return [
    ...listed,
    ...invitations.map(
      ({ partner_id: partner, event_id: event }) => [readReference(partner)!, readReference(event)!] as const,
    ),
  ];
});
