import { htmlToText } from "../../../src/providers/mapping/html-text.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { meetingSample, written } from "../samples.js";
import { same, since, textOf, until } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  CUSTOM_FIELDS,
  instant,
  labelled,
  MALFORMED_IDS,
  MISSING_IDS,
  ownFieldsOf,
  sharedFilters,
  sharedOrders,
  words,
} from "./shared.js";

const DAY_MS = 86_400_000;
const STATES = ["SCHEDULED", "COMPLETED", "CANCELLED", "SCHEDULED"];

/** An all-day meeting begins on the day whose midnight in UTC is nearest to its start. */
function startOf(native: NativeRecord): string {
  const start = instant(native["scheduledstart"])!;
  if (native["isalldayevent"] !== true) return start;
  const hours = Number(start.slice(11, 13));
  const day = Date.parse(`${start.slice(0, 10)}T00:00:00.000Z`);
  return new Date(hours >= 12 ? day + DAY_MS : day).toISOString();
}

function endOf(native: NativeRecord): string {
  if (native["isalldayevent"] !== true) return instant(native["scheduledend"])!;
  const days = Math.round(Number(native["scheduleddurationminutes"]) / (24 * 60));
  return new Date(Date.parse(startOf(native)) + Math.max(1, days) * DAY_MS).toISOString();
}

const startInstant = (native: NativeRecord) => Date.parse(startOf(native));

/** All parties with the mask of a participant, each once. */
function attendeesOf(native: NativeRecord): Record<string, unknown>[] {
  const parties = (native["appointment_activity_parties"] as NativeRecord[]).filter(({ participationtypemask: mask }) =>
    [5, 6, 7].includes(mask as number),
  );
  const organizers = new Set(
    parties.filter((party) => party["participationtypemask"] === 7).map((party) => party["_partyid_value"]),
  );
  const seen = new Set<unknown>();
  return parties.flatMap((party) => {
    const id = textOf(party["_partyid_value"]);
    if (id !== null && seen.has(id)) return [];
    seen.add(id);
    const table = party["_partyid_value_LogicalName"];
    const looksUp = table === "contact" || table === "systemuser";
    const [name, email] = [textOf(party["_partyid_value_Formatted"]), textOf(party["addressused"])];
    return {
      ...(name === null && looksUp ? {} : { name }),
      ...(email === null && looksUp ? {} : { email }),
      contactId: table === "contact" ? id : null,
      ownerId: table === "systemuser" ? id : null,
      isOrganizer: id !== null && organizers.has(id),
      response: null,
    };
  });
}

export const meeting: ResourceSubject = {
  fields: {
    title: same("subject"),
    description: {
      native: ["description"],
      of({ description }) {
        const text = textOf(description);
        return text?.startsWith("<") ? htmlToText(text) : text;
      },
    },
    startAt: { native: ["scheduledstart", "isalldayevent"], of: startOf },
    endAt: { native: ["scheduledstart", "scheduledend", "isalldayevent"], of: endOf },
    isAllDay: { native: ["isalldayevent"], of: ({ isalldayevent: flag }) => flag },
    location: same("location"),
    status: { native: ["statecode"], of: ({ statecode }) => STATES[Number(statecode)] },
    rawStatus: labelled("statuscode"),
    organizer: {
      native: ["$parties"],
      of(native) {
        const organizer = (native["appointment_activity_parties"] as NativeRecord[]).find(
          (party) => party["participationtypemask"] === 7,
        );
        return organizer ? { id: organizer["_partyid_value"], name: organizer["_partyid_value_Formatted"] } : null;
      },
    },
    attendees: { native: ["$parties"], of: attendeesOf },
    ...ownFieldsOf("appointment", "activityid"),
  },
  filters: {
    name: words(["subject"], "demo", "review quart"),
    search: words(["subject", "location"], "demo", "hauptstraße", "demo room"),
    startsSince: since("meeting", startInstant),
    startsUntil: until("meeting", startInstant),
    ...sharedFilters("meeting"),
  },
  orders: { ...sharedOrders, STARTS_AT: (native) => Date.parse(String(native["scheduledstart"])) },
  edges: ["contacts", "leads"],
  narrow: {
    columns: { subject: true, location: false },
    refusedFilters: [],
    writes: () => [],
    refusedWrites: () => [],
  },
  required: ["input.startAt", "input.endAt"],
  minimal: ({ unique }) => ({
    title: `Meeting ${unique()}`,
    startAt: new Date("2026-06-10T09:00:00.000Z"),
    endAt: new Date("2026-06-10T10:00:00.000Z"),
  }),
  full,
  variants,
  createOnly: [],
  notCleared: {
    isAllDay: { isAllDay: false },
    startAt: "REFUSED",
    endAt: "REFUSED",
    status: "REFUSED",
    ownerId: "REFUSED",
  },
  refused: () => [
    { input: { status: "RESCHEDULED" }, errors: ["input.status"] },
    { input: { status: "SCHEDULED", rawStatus: "Busy" }, errors: ["input.rawStatus"] },
    {
      input: {
        isAllDay: true,
        startAt: new Date("2026-06-10T09:00:00.000Z"),
        endAt: new Date("2026-06-11T00:00:00.000Z"),
      },
      errors: ["input.startAt"],
    },
    { input: { videoUrl: "https://x.example", internalNotes: "x" }, errors: ["input.videoUrl", "input.internalNotes"] },
  ],
  textInputs: ["title", "description", "location"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["subject", "activityid", "scheduledstart"],
  standard: {
    fields: [
      { key: "category", label: "Category", type: "TEXT", value: "Renewal", native: "Renewal" },
      { key: "prioritycode", label: "Priority", type: "SELECT", value: "2", native: 2, optionLabels: ["High"] },
      {
        key: "actualstart",
        label: "actualstart",
        type: "DATE_TIME",
        value: "2026-06-10T09:05:00.000Z",
        native: "2026-06-10T09:05:00Z",
      },
    ],
    readOnly: ["instancetypecode"],
    inModel: { subject: "title", scheduleddurationminutes: "endAt", isalldayevent: "startAt", statecode: "status" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, contacts, leads, owners }: Fresh): WriteCase {
  const sample = meetingSample(unique());
  return written({
    input: {
      ...sample,
      isAllDay: false,
      location: "Room 4, Hauptstraße 1",
      status: "SCHEDULED",
      ownerId: owners[1],
      contactIds: [contacts[0], contacts[1]],
      leadIds: [leads[0]],
    },
    reads: {
      attendees: [{ contactId: contacts[0] }, { contactId: contacts[1] }, { contactId: null, ownerId: null }],
    },
    native: {
      subject: sample.title,
      scheduledstart: "2026-09-01T13:30:00Z",
      scheduledend: "2026-09-01T15:00:00Z",
      scheduleddurationminutes: 90,
      isalldayevent: false,
      location: "Room 4, Hauptstraße 1",
      _ownerid_value: owners[1],
      _regardingobjectid_value: leads[0],
    },
  });
}

function variants({ contacts, leads }: Fresh): WriteCase[] {
  return [
    {
      input: {
        isAllDay: true,
        startAt: new Date("2026-09-07T00:00:00.000Z"),
        endAt: new Date("2026-09-09T00:00:00.000Z"),
      },
      reads: { isAllDay: true, startAt: "2026-09-07T00:00:00.000Z", endAt: "2026-09-09T00:00:00.000Z" },
      native: { isalldayevent: true, scheduledstart: "2026-09-07T00:00:00Z", scheduledend: "2026-09-09T00:00:00Z" },
    },
    {
      input: { status: "COMPLETED" },
      reads: { status: "COMPLETED", rawStatus: "Completed" },
      native: { statecode: 1, statuscode: 3 },
    },
    {
      input: { status: "CANCELLED", location: "Nowhere" },
      reads: { status: "CANCELLED", rawStatus: "Canceled", location: "Nowhere" },
      native: { statecode: 2, statuscode: 4 },
    },
    {
      input: { rawStatus: "Out of Office" },
      reads: { status: "SCHEDULED", rawStatus: "Out of Office" },
      native: { statecode: 3, statuscode: 6 },
    },
    {
      input: { contactIds: [contacts[2]!, contacts[1]!, contacts[2]!] },
      reads: {},
      native: {},
      links: { contacts: [contacts[1]!, contacts[2]!] },
    },
    { input: { contactIds: [] }, reads: {}, native: {}, links: { contacts: [] } },
    {
      input: { contactIds: [], leadIds: [leads[1]!, leads[0]!] },
      reads: {},
      native: {},
      links: { contacts: [], leads: [leads[0]!, leads[1]!] },
    },
    {
      input: { leadIds: [] },
      reads: {},
      native: { _regardingobjectid_value: null },
      links: { leads: [] },
    },
  ];
}
