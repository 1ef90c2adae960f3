import type { ChoiceTable } from "../field-kit.js";
import { FieldProblem, type FieldMap, type Filters, type InputEntry } from "../field-map.js";
import { htmlToText, textToHtml } from "../html-text.js";
import type { MeetingInput } from "../input.js";
import type { MeetingStatus } from "../model.js";
import { inlineIds } from "./associations.js";
import { kit, PROVIDER_NAME, readDateTime } from "./dialect.js";
import { containsToken, equals, since, until, type SearchCondition } from "./search.js";
import { createdAt, customFieldRule, owner, ownerInput, updatedAt, url } from "./shared-fields.js";

const STATUSES: ChoiceTable<MeetingStatus> = [
  ["SCHEDULED", "SCHEDULED"],
  ["COMPLETED", "COMPLETED"],
  ["CANCELLED", "CANCELED"],
  ["NO_SHOW", "NO_SHOW"],
  ["RESCHEDULED", "RESCHEDULED"],
];

/** Written as associations beside the properties. */
const associated: InputEntry = { native: [], toNative: () => ({}) };

const filters: Filters<"meeting", SearchCondition> = {
  name: (value) => ({ anyOf: [[containsToken("hs_meeting_title", value)]] }),
  search: (value) => ({ query: value }),
  ownerId: (value) => ({ anyOf: [[equals("hubspot_owner_id", value)]] }),
  startsSince: (value) => since("hs_meeting_start_time", value),
  startsUntil: (value) => until("hs_meeting_start_time", value),
  createdSince: (value) => since("hs_createdate", value),
  createdUntil: (value) => until("hs_createdate", value),
  updatedSince: (value) => since("hs_lastmodifieddate", value),
  updatedUntil: (value) => until("hs_lastmodifieddate", value),
  attendeeEmail: (value) => ({
    // Meetings know their contacts, not their addresses: the contact is found first.
    async resolve(context) {
      const { body } = await context.send({
        method: "POST",
        path: "/crm/v3/objects/contacts/search",
        json: {
          filterGroups: [
            { filters: [equals("email", value.toLowerCase())] },
            { filters: [containsToken("hs_additional_emails", value.toLowerCase())] },
          ],
          properties: ["email"],
          limit: 1,
        },
        safe: true,
        lane: "search",
      });
      const [contact] = (body as { results: { id: string }[] }).results;
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
    description: {
      reads: ["hs_meeting_body"],
      read: (native) => htmlToText(kit.readText(native["hs_meeting_body"]) ?? ""),
      write: kit.input<string>("hs_meeting_body", (value) => (value === null ? "" : textToHtml(value))),
      note: "HubSpot keeps HTML; its text is read and written.",
    },
    internalNotes: kit.text("hs_internal_meeting_notes"),
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
      reads: ["hs_attendee_owner_ids"],
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
  inputs: { ownerId: ownerInput, contactIds: associated, leadIds: associated },
  composites: [
    {
      inputs: ["startAt", "endAt", "isAllDay"],
      native: ["hs_meeting_start_time", "hs_timestamp", "hs_meeting_end_time"],
      toNative: writeTimes,
    },
    kit.choiceInput("status", "rawStatus", "hs_meeting_outcome", STATUSES),
  ],
  required: ["startAt"],
  edges: {
    contacts: { reads: [], read: (native) => inlineIds(native, "contact") },
    leads: { reads: [], read: (native) => inlineIds(native, "lead") },
  },
  filters,
  orders: { CREATED_AT: "hs_createdate", UPDATED_AT: "hs_lastmodifieddate", STARTS_AT: "hs_meeting_start_time" },
  custom: customFieldRule(new Set()),
  attendeesAreContacts: true,
};

/** `hs_timestamp` places the meeting on the timeline: it is the start, not the moment of writing. */
function writeTimes({ startAt, endAt, isAllDay }: MeetingInput) {
  if (isAllDay) throw new FieldProblem("HubSpot has no all-day meetings.", "", "isAllDay");
  if (startAt === null) throw new FieldProblem("A meeting needs its start.", "", "startAt");
  return {
    ...(startAt ? { hs_meeting_start_time: startAt.toISOString(), hs_timestamp: startAt.toISOString() } : {}),
    ...(endAt === undefined ? {} : { hs_meeting_end_time: endAt?.toISOString() ?? "" }),
  };
}
