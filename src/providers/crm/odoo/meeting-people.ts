import type { ProviderContext } from "../../contract/contract.js";
import { searchRead } from "./api.js";
import { readReference } from "./dialect.js";
import type { RelatedRecords } from "./lookups.js";
import type { Domain } from "./query.js";

/** Reads the records of the people who are invited to meetings, archived contacts included. */
export function invitationsTo(context: ProviderContext, meetings: readonly number[], condition: Domain = []) {
  const fields = ["event_id", "partner_id", "email", "common_name", "state"];
  const domain: Domain = [["event_id", "in", meetings], ...condition];
  return searchRead(context, "calendar.attendee", domain, { fields, order: "id" }, { relation: "event_id" });
}

/** The attendees of meetings with their responses. */
export const attendees: RelatedRecords = {
  as: "$attendees",
  async load(context, records) {
    const found = await invitationsTo(
      context,
      records.map(({ id }) => Number(id)),
    );
    const byEvent = Map.groupBy(found, (attendee) => readReference(attendee["event_id"]));
    return ({ id }) => byEvent.get(String(id)) ?? [];
  },
};
