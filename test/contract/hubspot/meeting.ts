import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { meetingSample, written } from "../samples.js";
import { exactly, instantOf, same, since, textOf, until } from "../stage/truth.js";
import type { FieldTruth, FilterTruth, Fresh, ResourceSubject, WriteCase } from "../subject.js";
import { CUSTOM_FIELDS, MALFORMED_IDS, MISSING_IDS, ownFieldsOf } from "./shared.js";
import { hasAllWords } from "./words.js";

const OUTCOMES: Readonly<Record<string, string>> = { CANCELED: "CANCELLED" };

/** Removes the HTML that the seed puts around HubSpot's texts. */
function plainText(html: unknown): string | null {
  const text = textOf(html);
  if (text === null) return null;
  const inner = text.replace(/^<p>|<\/p>$/g, "").replaceAll("<br>", "\n");
  return inner.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

function html(native: string): FieldTruth {
  return { native: [native], of: (record) => plainText(record[native]) };
}

const start = (native: NativeRecord) => instantOf(native["hs_meeting_start_time"]) ?? instantOf(native["hs_timestamp"]);

const attendeeEmail: FilterTruth = {
  values(world) {
    const invited = new Set([...world.links.meeting["contacts"]!.values()].flat());
    const contacts = [...world.records.contact].filter(([id]) => invited.has(id)).map(([, native]) => native);
    const plain = contacts.find((native) => textOf(native["email"]))!;
    const several = contacts.find((native) => textOf(native["hs_additional_emails"]))!;
    const second = (several["hs_additional_emails"] as string).split(";")[0]!;
    return [plain["email"], String(plain["email"]).toUpperCase(), second, second.split("@")[1], "nobody@example.com"];
  },
  passes(_native, value: string, world, id) {
    return (world.links.meeting["contacts"]!.get(id) ?? []).some((contactId) => {
      const { email, hs_additional_emails: others } = world.records.contact.get(contactId)!;
      return [textOf(email), ...(textOf(others)?.split(";") ?? [])].some(
        (address) => address?.toLowerCase() === value.toLowerCase(),
      );
    });
  },
};

export const meeting: ResourceSubject = {
  fields: {
    title: same("hs_meeting_title"),
    description: html("hs_meeting_body"),
    internalNotes: html("hs_internal_meeting_notes"),
    startAt: {
      native: ["hs_meeting_start_time", "hs_timestamp"],
      of: (native) => new Date(start(native)!).toISOString(),
    },
    endAt: same("hs_meeting_end_time"),
    isAllDay: { native: [], of: () => false },
    location: same("hs_meeting_location"),
    videoUrl: same("hs_meeting_external_url"),
    status: {
      native: ["hs_meeting_outcome"],
      of: ({ hs_meeting_outcome: outcome }) => OUTCOMES[outcome as string] ?? textOf(outcome),
    },
    rawStatus: same("hs_meeting_outcome"),
    organizer: ownFieldsOf().owner,
    attendees: {
      native: ["hs_attendee_owner_ids"],
      of: ({ hs_attendee_owner_ids: ids }) =>
        (textOf(ids)?.split(";") ?? []).map((ownerId) => ({
          contactId: null,
          ownerId,
          isOrganizer: false,
          response: null,
        })),
    },
    ...ownFieldsOf(),
  },
  filters: {
    name: {
      values: () => ["Demo", "quarterly REVIEW", "review quarterly", "Quart", "no such meeting"],
      passes: (native, value: string) => hasAllWords(native["hs_meeting_title"], value),
    },
    search: {
      values: () => ["Demo", "kick agenda", "nothing of the kind"],
      passes(native, value: string) {
        const texts = [native["hs_meeting_title"], native["hs_meeting_body"]].map((text) =>
          (textOf(text) ?? "").toLowerCase(),
        );
        const words = value
          .toLowerCase()
          .split(/\s+/)
          .filter((word) => word !== "");
        return words.every((word) => texts.some((text) => text.includes(word)));
      },
    },
    ownerId: exactly("meeting", "hubspot_owner_id", ["1"]),
    startsSince: since("meeting", start),
    startsUntil: until("meeting", start),
    createdSince: since("meeting", (native) => instantOf(native["hs_createdate"])),
    createdUntil: until("meeting", (native) => instantOf(native["hs_createdate"])),
    updatedSince: since("meeting", (native) => instantOf(native["hs_lastmodifieddate"])),
    updatedUntil: until("meeting", (native) => instantOf(native["hs_lastmodifieddate"])),
    attendeeEmail,
  },
  orders: {
    CREATED_AT: (native) => instantOf(native["hs_createdate"]),
    UPDATED_AT: (native) => instantOf(native["hs_lastmodifieddate"]),
    STARTS_AT: start,
  },
  edges: ["contacts", "leads"],
  required: ["input.startAt"],
  minimal: ({ unique }) => ({
    title: `Meeting ${unique()}`,
    startAt: new Date("2026-06-10T09:00:00.000Z"),
    endAt: new Date("2026-06-10T10:00:00.000Z"),
  }),
  full,
  variants,
  createOnly: [],
  notCleared: { startAt: "REFUSED" },
  refused: () => [
    { input: { status: "OTHER" }, errors: ["input.status"] },
    { input: { status: "SCHEDULED", rawStatus: "SCHEDULED" }, errors: ["input.rawStatus"] },
    { input: { isAllDay: true, leadSource: "Web" }, errors: ["input.isAllDay", "input.leadSource"] },
  ],
  textInputs: ["title", "description", "internalNotes", "location", "videoUrl"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["hs_meeting_title", "hs_timestamp", "hubspot_owner_id"],
  standard: {
    fields: [
      {
        key: "hs_meeting_location_type",
        label: "Meeting location type",
        type: "SELECT",
        value: "PHONE",
        native: "PHONE",
        optionLabels: ["Phone"],
      },
      { key: "hs_activity_type", label: "Call and meeting type", type: "TEXT", value: "Demo", native: "Demo" },
    ],
    readOnly: [],
    inModel: { hs_meeting_title: "title", hs_meeting_outcome: "status", hs_attendee_owner_ids: "attendees" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, contacts, leads, owners }: Fresh): WriteCase {
  const sample = meetingSample(unique());
  return written({
    input: {
      ...sample,
      internalNotes: "Bring <slides> & coffee.\nNo phones.",
      location: "Room 4, Hauptstraße 1",
      videoUrl: "https://meet.example.com/a-b?c=d",
      status: "CANCELLED",
      ownerId: owners[0],
      contactIds: [contacts[0], contacts[1]],
      leadIds: [leads[0]],
    },
    reads: {
      rawStatus: "CANCELED",
      organizer: { id: owners[0] },
    },
    native: {
      hs_meeting_title: sample.title,
      hs_meeting_body: "Agenda:<br>1. &quot;hello&quot; &amp; &lt;welcome&gt;<br>2. numbers",
      hs_internal_meeting_notes: "Bring &lt;slides&gt; &amp; coffee.<br>No phones.",
      hs_timestamp: "2026-09-01T13:30:00.000Z",
      hs_meeting_start_time: "2026-09-01T13:30:00.000Z",
      hs_meeting_end_time: "2026-09-01T15:00:00.000Z",
      hs_meeting_location: "Room 4, Hauptstraße 1",
      hs_meeting_external_url: "https://meet.example.com/a-b?c=d",
      hs_meeting_outcome: "CANCELED",
      hubspot_owner_id: owners[0],
    },
  });
}

function variants({ contacts, leads, owners }: Fresh): WriteCase[] {
  return [
    ...(["SCHEDULED", "COMPLETED", "NO_SHOW", "RESCHEDULED"] as const).map((status) => ({
      input: { status },
      reads: { status, rawStatus: status },
      native: { hs_meeting_outcome: status },
    })),
    {
      input: { rawStatus: "COMPLETED" },
      reads: { status: "COMPLETED", rawStatus: "COMPLETED" },
      native: { hs_meeting_outcome: "COMPLETED" },
    },
    { input: { isAllDay: false }, reads: { isAllDay: false }, native: {} },
    { input: { endAt: null }, reads: { endAt: null }, native: { hs_meeting_end_time: null } },
    {
      input: { contactIds: [contacts[2]!, contacts[1]!] },
      reads: {},
      native: {},
      links: { contacts: [contacts[1]!, contacts[2]!] },
    },
    { input: { leadIds: [leads[1]!, leads[2]!] }, reads: {}, native: {}, links: { leads: [leads[1]!, leads[2]!] } },
    { input: { contactIds: [], leadIds: [] }, reads: {}, native: {}, links: { contacts: [], leads: [] } },
    {
      input: { ownerId: owners[1] },
      reads: { owner: { id: owners[1] }, organizer: { id: owners[1] } },
      native: { hubspot_owner_id: owners[1] },
    },
  ];
}
