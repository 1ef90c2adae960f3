import { overColumns } from "../../contract/columns.js";
import type { FieldMap } from "../../contract/field-map.js";
import { customFieldRule } from "./definitions.js";
import { base, kit, owner, ownerInput, recordFields, STAMP_ORDERS } from "./dialect.js";
import { withAttendee } from "./edges.js";
import { attendees, contacts, leads, writePeople } from "./meeting-people.js";
import { endAt, isAllDay, startAt, times } from "./meeting-times.js";
import { containsWords, sharedFilters, since, until, type Filter } from "./query.js";

/**
 * Events without tasks, which are another object. An event has no status, video call or internal notes. To cancel an
 * event is to delete it.
 * Source: developer.salesforce.com, Object Reference, "Event".
 */
export const meetingMap: FieldMap<"meeting", Filter> = {
  ...base,
  resource: "meeting",
  nativeName: "Event",
  fields: {
    title: kit.text("Subject"),
    description: kit.text("Description"),
    startAt,
    endAt,
    isAllDay,
    location: kit.text("Location"),
    organizer: { ...owner, note: "The event's owner." },
    attendees,
    ...recordFields,
  },
  inputs: { ownerId: ownerInput },
  composites: [times, { inputs: ["contactIds", "leadIds"], native: ["EventWhoIds", "WhoId"], toNative: writePeople }],
  required: ["startAt", ["endAt", "isAllDay"]],
  edges: { contacts, leads },
  filters: {
    ...sharedFilters,
    name: overColumns(["Subject"], containsWords),
    search: overColumns(["Subject", "Location"], containsWords),
    startsSince: (value) => since("StartDateTime", value),
    startsUntil: (value) => until("StartDateTime", value),
    attendeeEmail: withAttendee,
  },
  orders: { ...STAMP_ORDERS, STARTS_AT: "StartDateTime" },
  custom: customFieldRule({ EndDate: "endAt" }),
};
