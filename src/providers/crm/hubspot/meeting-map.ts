import type { FieldMap, InputEntry } from "../../contract/field-map.js";
import type { MeetingStatus, ResourceName } from "../../contract/model.js";
import type { ChoiceTable } from "../../mapping/choice-table.js";
import { needed } from "../../mapping/members.js";
import { idOf, searchObjects } from "./api.js";
import {
  ADDRESS_PROPERTIES,
  base,
  customFieldRule,
  kit,
  OBJECT_TYPES,
  owner,
  ownerInput,
  readDateTime,
  recordFields,
  STAMP_ALIASES,
} from "./dialect.js";
import { associationFault, inlineIds } from "./edges.js";
import {
  atLeast,
  before,
  containsWords,
  equals,
  hasAddress,
  sharedFilters,
  withAddress,
  type SearchCondition,
  type SearchFilter,
} from "./query.js";

const STATUSES: ChoiceTable<MeetingStatus> = {
  SCHEDULED: "SCHEDULED",
  COMPLETED: "COMPLETED",
  CANCELED: "CANCELLED",
  NO_SHOW: "NO_SHOW",
  RESCHEDULED: "RESCHEDULED",
};

/** Builds an input that is written as associations and not as a property. */
function associated(target: ResourceName): InputEntry {
  return { native: [associationFault(target)], toNative: () => ({}) };
}

/**
 * A meeting that another app logged may have no start. Its time on the timeline (`hs_timestamp`) is then its only time.
 */
function byStart(bound: (property: string) => SearchFilter): SearchFilter[][] {
  const withoutStart: SearchFilter = { propertyName: "hs_meeting_start_time", operator: "NOT_HAS_PROPERTY" };
  return [[bound("hs_meeting_start_time")], [withoutStart, bound("hs_timestamp")]];
}

/** Meetings (object type 0-47). Source: developers.hubspot.com, "CRM API | Meetings". */
export const meetingMap: FieldMap<"meeting", SearchCondition> = {
  ...base,
  resource: "meeting",
  nativeName: "meetings",
  fields: {
    title: kit.text("hs_meeting_title"),
    description: kit.html("hs_meeting_body"),
    internalNotes: kit.html("hs_internal_meeting_notes"),
    startAt: {
      reads: ["hs_meeting_start_time", "hs_timestamp"],
      read: (native) =>
        needed(
          readDateTime(native["hs_meeting_start_time"]) ??
            readDateTime(native["hs_timestamp"]) ??
            readDateTime(native["$createdAt"]),
          "hs_meeting_start_time",
          "a time",
        ),
    },
    endAt: kit.readOnlyDateTime("hs_meeting_end_time"),
    isAllDay: { reads: [], read: () => false, note: "HubSpot has no all-day meetings." },
    location: kit.text("hs_meeting_location"),
    videoUrl: kit.text("hs_meeting_external_url"),
    status: kit.choice("hs_meeting_outcome", STATUSES),
    rawStatus: kit.readOnlyText("hs_meeting_outcome"),
    organizer: owner,
    attendees: {
      reads: ["hs_attendee_owner_ids", "$contacts"],
      read: (native) =>
        (kit.readText(native["hs_attendee_owner_ids"]) ?? "")
          .split(";")
          .filter((id) => id !== "")
          .map((ownerId) => ({ contactId: null, ownerId, isOrganizer: false, response: null })),
      note: "The associated contacts, and the HubSpot users in hs_attendee_owner_ids.",
    },
    ...recordFields,
  },
  inputs: { ownerId: ownerInput, contactIds: associated("contact"), leadIds: associated("lead") },
  composites: [
    kit.times({
      native: ["hs_meeting_start_time", "hs_timestamp", "hs_meeting_end_time"],
      allDay: false,
      write: ({ startAt, endAt }) => ({
        hs_meeting_start_time: startAt.toISOString(),
        // HubSpot's timeline shows the meeting at this time, so it is the start and not the time of the write.
        hs_timestamp: startAt.toISOString(),
        hs_meeting_end_time: endAt?.toISOString() ?? "",
      }),
    }),
    kit.choiceInput("status", "rawStatus", "hs_meeting_outcome", STATUSES),
  ],
  required: ["startAt"],
  edges: {
    contacts: { reads: ["$contacts"], read: (native) => inlineIds(native, "contact") },
    leads: { reads: ["$leads"], read: (native) => inlineIds(native, "lead") },
  },
  filters: {
    ...sharedFilters("hs_createdate", "hs_lastmodifieddate"),
    name: (value) => ({ anyOf: containsWords("hs_meeting_title", value) }),
    startsSince: (value) => ({ anyOf: byStart((property) => atLeast(property, value)) }),
    startsUntil: (value) => ({ anyOf: byStart((property) => before(property, value)) }),
    attendeeEmail: withAttendee,
  },
  orders: { CREATED_AT: "hs_createdate", UPDATED_AT: "hs_lastmodifieddate", STARTS_AT: "hs_timestamp" },
  custom: customFieldRule(STAMP_ALIASES),
  attendeesAreContacts: true,
};

/**
 * Maximum number of contacts to read for the words of an address. The contact with exactly this address is among the
 * first.
 */
const CANDIDATES = 100;

/** A meeting refers to contacts and not to addresses, so crmesh finds the contact with the address first. */
function withAttendee(address: string): SearchCondition {
  return {
    async resolve(context) {
      const search = { filterGroups: withAddress(address).map((filters) => ({ filters })), limit: CANDIDATES };
      const { results } = await searchObjects(context, OBJECT_TYPES.contact, search, ADDRESS_PROPERTIES);
      // An address belongs to one contact.
      const contact = results.find(({ properties }) => hasAddress(properties, address));
      return contact ? [[equals("associations.contact", idOf(contact))]] : [];
    },
  };
}
