import { edgesOfMany } from "../../kit/edges.js";
import { allRecords } from "./api.js";
import { isUuid, RECORDS_MAX } from "./dialect.js";
import { PARTICIPANTS } from "./meeting-people.js";
import { idIn } from "./query.js";

/** The events in which people take part. */
export const meetingsOfPeople = edgesOfMany({ batchSize: RECORDS_MAX, isId: isUuid }, async (context, ids) => {
  const found = await allRecords(context, PARTICIPANTS, { filters: [idIn("personId", ids)], depth: 1 });
  // At depth 1, Twenty answers a deleted event as null.
  const live = found.filter(({ calendarEvent, calendarEventId }) => calendarEvent !== null && calendarEventId);
  return live.map(({ personId, calendarEventId }) => [String(personId), String(calendarEventId)] as const);
});
