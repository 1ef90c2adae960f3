import { searchRead } from "./api.js";
import { readReference } from "./dialect.js";
import type { RelatedRecords } from "./lookups.js";

/** The attendees of meetings with their responses. */
export const attendees: RelatedRecords = {
  as: "$attendees",
  async load(context, records) {
    const ids = records.map(({ id }) => Number(id));
    const fields = ["event_id", "partner_id", "email", "common_name", "state"];
    const options = { fields, order: "id" };
    const events = [["event_id", "in", ids]] as const;
    const found = await searchRead(context, "calendar.attendee", events, options, { relation: "event_id" });
    const byEvent = Map.groupBy(found, (attendee) => readReference(attendee["event_id"]));
    return ({ id }) => byEvent.get(String(id)) ?? [];
  },
};
