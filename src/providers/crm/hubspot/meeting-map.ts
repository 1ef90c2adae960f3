import type { FieldMap, Filters, InputEntry } from "../../contract/field-map.js";
import type { MeetingStatus, ResourceName } from "../../contract/model.js";
import type { ChoiceTable } from "../../mapping/field-kit.js";
import { timesInput } from "../../mapping/meeting-times.js";
import { searchObjects } from "./api.js";
import {
  ADDRESS_PROPERTIES,
  createdAt,
  customFieldRule,
  kit,
  OBJECT_TYPES,
  owner,
  ownerInput,
  PROVIDER_NAME,
  readDateTime,
  updatedAt,
  url,
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

const STATUSES: ChoiceTable<MeetingStatus> = [
  ["SCHEDULED", "SCHEDULED"],
  ["COMPLETED", "COMPLETED"],
  ["CANCELLED", "CANCELED"],
  ["NO_SHOW", "NO_SHOW"],
  ["RESCHEDULED", "RESCHEDULED"],
];

/** Written as associations beside the properties. */
function associated(target: ResourceName): InputEntry {
  return { native: [associationFault(target)], toNative: () => ({}) };
}

/** Contacts that may have an address by its words; the one that does is among the first. */
const CANDIDATES = 100;

/** A meeting that others have logged may have its place on the timeline as its only time. */
function byStart(bound: (property: string) => SearchFilter): SearchFilter[][] {
  const withoutStart: SearchFilter = { propertyName: "hs_meeting_start_time", operator: "NOT_HAS_PROPERTY" };
  return [[bound("hs_meeting_start_time")], [withoutStart, bound("hs_timestamp")]];
}

const filters: Filters<"meeting", SearchCondition> = {
  ...sharedFilters("hs_createdate", "hs_lastmodifieddate"),
  name: (value) => ({ anyOf: containsWords("hs_meeting_title", value) }),
  startsSince: (value) => ({ anyOf: byStart((property) => atLeast(property, value)) }),
  startsUntil: (value) => ({ anyOf: byStart((property) => before(property, value)) }),
  attendeeEmail: (value) => ({
    // Meetings know their contacts, not their addresses: the contact is found first.
    async resolve(context) {
      const search = { filterGroups: withAddress(value).map((filters) => ({ filters })), limit: CANDIDATES };
      const { results } = await searchObjects(context, OBJECT_TYPES.contact, search, ADDRESS_PROPERTIES);
      // An address belongs to one contact.
      const contact = results.find(({ properties }) => hasAddress(properties, value));
      return contact ? [[equals("associations.contact", contact.id)]] : [];
    },
  }),
};

/** Meetings (object type 0-47). Source: developers.hubspot.com, "CRM API | Meetings". */
export const meetingMap: FieldMap<"meeting"> = {
  resource: "meeting",
  providerName: PROVIDER_NAME,
  nativeName: "meetings",
  identity: ["hs_object_id"],
  fields: {
    title: kit.text("hs_meeting_title"),
    description: kit.html("hs_meeting_body"),
    internalNotes: kit.html("hs_internal_meeting_notes"),
    startAt: {
      reads: ["hs_meeting_start_time", "hs_timestamp"],
      read: (native) =>
        readDateTime(native["hs_meeting_start_time"]) ??
        readDateTime(native["hs_timestamp"]) ??
        readDateTime(native["$createdAt"])!,
    },
    endAt: kit.readOnlyDateTime("hs_meeting_end_time"),
    isAllDay: { reads: [], read: () => false, note: "HubSpot has no all-day meetings." },
    location: kit.text("hs_meeting_location"),
    videoUrl: kit.text("hs_meeting_external_url"),
    status: kit.choice("hs_meeting_outcome", STATUSES, "OTHER"),
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
    owner,
    createdAt,
    updatedAt,
    url,
  },
  inputs: { ownerId: ownerInput, contactIds: associated("contact"), leadIds: associated("lead") },
  composites: [
    timesInput({
      providerName: PROVIDER_NAME,
      native: ["hs_meeting_start_time", "hs_timestamp", "hs_meeting_end_time"],
      allDay: false,
      needsEnd: false,
      write: ({ startAt, endAt }) => ({
        hs_meeting_start_time: startAt.toISOString(),
        // The meeting's place on the timeline is its start, not the moment of writing.
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
  filters,
  orders: { CREATED_AT: "hs_createdate", UPDATED_AT: "hs_lastmodifieddate", STARTS_AT: "hs_timestamp" },
  custom: customFieldRule(new Set()),
  attendeesAreContacts: true,
};
