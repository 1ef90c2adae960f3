import type { FieldMap, Filters } from "../../contract/field-map.js";
import { customFieldRule } from "./definitions.js";
import { kit, owner, ownerInput, PROVIDER_NAME, STAMP_ORDERS, stamps, url } from "./dialect.js";
import { withAttendee } from "./edges.js";
import { attendees, contacts, leads, writePeople } from "./meeting-people.js";
import { endAt, isAllDay, startAt, times } from "./meeting-times.js";
import { containsWords, sharedFilters, since, until, type Condition } from "./query.js";

const filters: Filters<"meeting", Condition> = {
  ...sharedFilters,
  name: (value) => containsWords(["Subject"], value),
  search: (value) => containsWords(["Subject", "Location"], value),
  startsSince: (value) => since("StartDateTime", value),
  startsUntil: (value) => until("StartDateTime", value),
  attendeeEmail: withAttendee,
};

/**
 * Events; tasks are an object of their own. A Salesforce event has no status, no address of a video call and no
 * internal notes: cancelling one is deleting it.
 * Source: developer.salesforce.com, Object Reference, "Event".
 */
export const meetingMap: FieldMap<"meeting"> = {
  resource: "meeting",
  providerName: PROVIDER_NAME,
  nativeName: "Event",
  identity: ["Id"],
  fields: {
    title: kit.text("Subject"),
    description: kit.text("Description"),
    startAt,
    endAt,
    isAllDay,
    location: kit.text("Location"),
    organizer: { ...owner, note: "The event's owner." },
    attendees,
    owner,
    ...stamps,
    url,
  },
  inputs: { ownerId: ownerInput },
  composites: [times, { inputs: ["contactIds", "leadIds"], native: ["EventWhoIds", "WhoId"], toNative: writePeople }],
  required: ["startAt", ["endAt", "isAllDay"]],
  edges: { contacts, leads },
  filters,
  orders: { ...STAMP_ORDERS, STARTS_AT: "StartDateTime" },
  custom: customFieldRule,
};
