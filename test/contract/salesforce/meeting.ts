import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import * as standardFields from "./standard-fields.js";
import { meetingSample, written } from "../samples.js";
import { same, since, textOf, until } from "../stage/truth.js";
import type { FilterTruth, Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  CUSTOM_FIELDS,
  hasWords,
  instant,
  isAnyOf,
  malformedIds,
  missingIds,
  owner,
  ownFieldsOf,
  sharedFilters,
  sharedOrders,
} from "./shared.js";

const MINUTE_MS = 60_000;
const START_COLUMNS = ["IsAllDayEvent", "StartDateTime", "ActivityDateTime", "ActivityDate"];
const RESPONSES: Readonly<Record<string, string>> = { New: "NEEDS_ACTION", Accepted: "ACCEPTED", Declined: "DECLINED" };

const startOf = (native: NativeRecord) =>
  native["IsAllDayEvent"] ? `${String(native["ActivityDate"])}T00:00:00.000Z` : instant(native["StartDateTime"])!;
const startInstant = (native: NativeRecord) => Date.parse(startOf(native));

interface Person {
  id: string;
  name: string | null;
  email: string | null;
  response: string | null;
}

/** The event's Who, if it is not one of the relations, and then the relations. */
function peopleOf(native: NativeRecord): Person[] {
  const related = (native["$relations"] as NativeRecord[]).map((relation) => {
    const person = relation["Relation"] as NativeRecord | null;
    return {
      id: String(relation["RelationId"]),
      name: textOf(person?.["Name"]),
      email: textOf(person?.["Email"]),
      response: relation["IsInvitee"] === true ? RESPONSES[relation["Status"] as string]! : null,
    };
  });
  const who = textOf(native["WhoId"]);
  if (who === null || related.some(({ id }) => id === who)) return related;
  return [
    { id: who, name: textOf(native["Who.Name"]), email: textOf(native["Who.Email"]), response: null },
    ...related,
  ];
}

const attendeeEmail: FilterTruth = {
  values(world) {
    const people = [...world.records.meeting.values()].flatMap(peopleOf);
    const addressOf = (prefix: string) =>
      people.find(({ id, email }) => id.startsWith(prefix) && email !== null)!.email!;
    const [contact, lead, user] = ["003", "00Q", "005"].map(addressOf);
    return [contact, contact!.toUpperCase(), lead, user, contact!.replace(".", "_"), "%", "nobody@example.com"];
  },
  passes: (native, value: string) =>
    isAnyOf(
      peopleOf(native).map(({ email }) => email),
      value,
    ),
};

export const meeting: ResourceSubject = {
  fields: {
    title: same("Subject"),
    description: same("Description"),
    startAt: { native: START_COLUMNS, of: startOf },
    endAt: {
      native: [...START_COLUMNS, "EndDateTime", "DurationInMinutes"],
      of: (native) =>
        native["IsAllDayEvent"]
          ? new Date(startInstant(native) + Number(native["DurationInMinutes"]) * MINUTE_MS).toISOString()
          : instant(native["EndDateTime"]),
    },
    isAllDay: { native: ["IsAllDayEvent"], of: ({ IsAllDayEvent }) => IsAllDayEvent },
    location: same("Location"),
    organizer: owner,
    attendees: {
      native: ["OwnerId", "Who.Name", "Who.Email", "WhoId", "EventRelations"],
      of: (native) =>
        peopleOf(native).map(({ id, name, email, response }) => ({
          // If a relation lacks a value of a contact or user, the value comes from that record.
          ...(name === null && !id.startsWith("00Q") ? {} : { name }),
          ...(email === null && !id.startsWith("00Q") ? {} : { email }),
          contactId: id.startsWith("003") ? id : null,
          ownerId: id.startsWith("005") ? id : null,
          isOrganizer: id === native["OwnerId"],
          response,
        })),
    },
    ...ownFieldsOf(),
  },
  filters: {
    name: {
      values: () => ["demo", "review quart", "%", "no such meeting"],
      passes: ({ Subject }, value: string) => hasWords([Subject], value),
    },
    search: {
      values: () => ["demo", "hauptstraße", "demo room", "no such thing"],
      passes: ({ Subject, Location }, value: string) => hasWords([Subject, Location], value),
    },
    startsSince: since("meeting", startInstant),
    startsUntil: until("meeting", startInstant),
    attendeeEmail,
    ...sharedFilters("meeting"),
  },
  orders: { ...sharedOrders, STARTS_AT: startInstant },
  edges: ["contacts", "leads"],
  narrow: {
    columns: { Subject: true, Location: false },
    refusedFilters: [],
    writes: () => [{ input: { title: "Talk", location: null }, reads: { title: "Talk", location: null } }],
    refusedWrites: () => [{ input: { location: "Hall 1" }, errors: ["input.location"] }],
  },
  required: ["input.startAt", "input.endAt", "input.isAllDay"],
  minimal: ({ unique }) => ({
    title: `Meeting ${unique()}`,
    startAt: new Date("2026-06-10T09:00:00.000Z"),
    endAt: new Date("2026-06-10T10:00:00.000Z"),
  }),
  full,
  variants,
  createOnly: [],
  notCleared: { startAt: "REFUSED", endAt: "REFUSED", ownerId: "REFUSED" },
  refused: ({ contacts, leads }) => [
    { input: { contactIds: ["x"] }, errors: ["input.contactIds.0"] },
    { input: { leadIds: ["003zzzzz0000001"] }, errors: ["input.leadIds.0"] },
    {
      input: { contactIds: [validId("003", contacts[0])], leadIds: [validId("00Q", leads[0])] },
      errors: ["input.leadIds"],
    },
    { input: { leadIds: [validId("00Q", leads[0]), "00Qzzzzz0000001"] }, errors: ["input.leadIds.1"] },
    {
      input: {
        isAllDay: true,
        startAt: new Date("2026-06-10T09:00:00.000Z"),
        endAt: new Date("2026-06-11T00:00:00.000Z"),
      },
      errors: ["input.startAt"],
    },
    { input: { status: "SCHEDULED", videoUrl: "https://x.example" }, errors: ["input.status", "input.videoUrl"] },
  ],
  textInputs: ["title", "description", "location"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["Id", "Subject", "StartDateTime"],
  standard: {
    fields: [
      standardFields.picklist("ShowAs", "Show Time As", "OutOfOffice"),
      { key: "IsReminderSet", label: "Reminder Set", type: "BOOLEAN", value: true, native: true },
      {
        key: "ReminderDateTime",
        label: "Reminder Date/Time",
        type: "DATE_TIME",
        value: "2026-06-10T08:45:00.000Z",
        native: "2026-06-10T08:45:00.000+0000",
      },
    ],
    readOnly: ["IsChild"],
    inModel: { Subject: "title", DurationInMinutes: "startAt", WhoId: "contactIds", EndDate: "endAt" },
  },
  missingIds: missingIds("meeting"),
  malformedIds: malformedIds("meeting"),
  columnsReadApart: true,
};

/** The id, unless it is only a placeholder. */
function validId(prefix: string, id: string | undefined): string {
  return id?.startsWith(prefix) ? id : `${prefix}zzzzz0000002`;
}

function full({ unique, contacts, owners }: Fresh): WriteCase {
  const sample = meetingSample(unique());
  return written({
    input: {
      ...sample,
      location: "Room 4, Hauptstraße 1",
      ownerId: owners[1],
      contactIds: [contacts[0], contacts[1]],
    },
    reads: {
      organizer: { id: owners[1] },
    },
    native: {
      Subject: sample.title,
      Description: 'Agenda:\n1. "hello" & <welcome>\n2. numbers',
      StartDateTime: "2026-09-01T13:30:00.000+0000",
      EndDateTime: "2026-09-01T15:00:00.000+0000",
      DurationInMinutes: 90,
      IsAllDayEvent: false,
      Location: "Room 4, Hauptstraße 1",
      OwnerId: owners[1],
      WhoId: contacts[0],
    },
    links: { leads: [] },
  });
}

function variants({ contacts, leads, owners }: Fresh): WriteCase[] {
  return [
    {
      input: {
        isAllDay: true,
        startAt: new Date("2026-09-07T00:00:00.000Z"),
        endAt: new Date("2026-09-09T00:00:00.000Z"),
      },
      reads: { isAllDay: true, startAt: "2026-09-07T00:00:00.000Z", endAt: "2026-09-09T00:00:00.000Z" },
      native: { IsAllDayEvent: true, ActivityDate: "2026-09-07", DurationInMinutes: 2880 },
    },
    {
      // Without an end, the meeting lasts one day.
      input: { isAllDay: true, startAt: new Date("2026-09-07T00:00:00.000Z"), endAt: null },
      reads: { isAllDay: true, startAt: "2026-09-07T00:00:00.000Z", endAt: "2026-09-08T00:00:00.000Z" },
      native: { IsAllDayEvent: true, ActivityDate: "2026-09-07", DurationInMinutes: 1440 },
    },
    {
      input: { contactIds: [contacts[2]!, contacts[1]!] },
      reads: {},
      native: { WhoId: contacts[2] },
      links: { contacts: [contacts[1]!, contacts[2]!] },
    },
    {
      // The short form of an id means the same contact.
      input: { contactIds: [contacts[2]!.slice(0, 15)] },
      reads: {},
      native: { WhoId: contacts[2] },
      links: { contacts: [contacts[2]!] },
    },
    { input: { contactIds: [] }, reads: {}, native: { WhoId: null }, links: { contacts: [] } },
    {
      input: { contactIds: [], leadIds: [leads[0]!] },
      reads: {},
      native: { WhoId: leads[0] },
      links: { contacts: [], leads: [leads[0]!] },
    },
    {
      input: { ownerId: owners[0] },
      reads: { owner: { id: owners[0] }, organizer: { id: owners[0] } },
      native: { OwnerId: owners[0] },
    },
  ];
}
