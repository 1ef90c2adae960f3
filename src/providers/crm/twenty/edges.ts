import type { EdgeLoader } from "../../contract/contract.js";
import { edgesFrom } from "../../kit/resource-kit.js";
import { allRecords } from "./api.js";
import { isUuid, RECORDS_MAX } from "./dialect.js";
import { PARTICIPANTS } from "./meeting-people.js";
import { idIn } from "./query.js";

/** The events in which people take part. */
export const meetingsOfPeople: EdgeLoader = {
  batchSize: RECORDS_MAX,
  async load(context, nativeIds) {
    const ids = nativeIds.filter(isUuid);
    const query = { filters: [idIn("personId", ids)], depth: 1 };
    const found = ids.length === 0 ? [] : await allRecords(context, PARTICIPANTS, query);
    // At depth 1, Twenty answers a deleted event as null.
    const live = found.filter(({ calendarEvent, calendarEventId }) => calendarEvent !== null && calendarEventId);
    return edgesFrom(live.map(({ personId, calendarEventId }) => [String(personId), String(calendarEventId)]));
  },
};
