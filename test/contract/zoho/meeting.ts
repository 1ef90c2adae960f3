import { expect } from "@jest/globals";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { meetingSample, written } from "../samples.js";
import { same, since, until } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  contains,
  CUSTOM_FIELDS,
  lookup,
  MALFORMED_IDS,
  MISSING_IDS,
  owner,
  ownFieldsOf,
  sharedFilters,
  sharedOrders,
} from "./shared.js";

const DAY_MS = 86_400_000;
const TIMES = ["All_day", "Start_DateTime", "End_DateTime"];
const RESPONSES: Readonly<Record<string, string>> = { accepted: "ACCEPTED", declined: "DECLINED" };

const localDay = (value: unknown) => `${String(value).slice(0, 10)}T00:00:00.000Z`;
const startOf = ({ All_day: allDay, Start_DateTime: start, $start: instant }: NativeRecord) =>
  allDay === true ? localDay(start) : (instant as string);
const endOf = ({ All_day: allDay, End_DateTime: end, $end: instant }: NativeRecord) =>
  allDay === true ? new Date(Date.parse(localDay(end)) + DAY_MS).toISOString() : instant;
const startInstant = (native: NativeRecord) => Date.parse(startOf(native));

export const meeting: ResourceSubject = {
  fields: {
    title: same("Event_Title"),
    description: same("Description"),
    startAt: { native: TIMES, of: startOf },
    endAt: { native: TIMES, of: endOf },
    isAllDay: { native: ["All_day"], of: ({ All_day: allDay }) => allDay },
    location: same("Venue"),
    status: {
      native: ["$event_cancelled"],
      of: ({ $event_cancelled: cancelled }) => (cancelled === true ? "CANCELLED" : null),
    },
    organizer: owner,
    attendees: {
      native: ["Participants", "Owner"],
      of: ({ Participants: participants, Owner }) =>
        (participants as Record<string, string>[]).map(({ type, participant, name, Email, status, invited }) => ({
          name,
          email: Email ?? null,
          contactId: type === "contact" ? participant : null,
          ownerId: type === "user" ? participant : null,
          isOrganizer: type === "user" && participant === lookup(Owner)?.id,
          response: RESPONSES[status!] ?? (invited ? "NEEDS_ACTION" : null),
        })),
    },
    ...ownFieldsOf("Events"),
  },
  filters: {
    name: {
      values: () => ["demo", "quarterly rev", "%", "no such meeting"],
      passes: ({ Event_Title: title }, value: string) => contains([title], value),
    },
    search: {
      values: () => ["demo", "hauptstraße", "room 4, h", "no such thing"],
      passes: ({ Event_Title: title, Venue }, value: string) => contains([title, Venue], value),
    },
    startsSince: since("meeting", startInstant),
    startsUntil: until("meeting", startInstant),
    ...sharedFilters("meeting"),
  },
  // All-day meetings begin at midnight in the user's time zone.
  orders: { ...sharedOrders, STARTS_AT: ({ $start }) => Date.parse(String($start)) },
  edges: ["contacts", "leads"],
  // Only orgs whose lists leave out who takes part.
  rarelyFurther: ["attendees", "contacts", "leads"],
  narrow: {
    columns: { Event_Title: true, Venue: false },
    refusedFilters: [],
    writes: () => [{ input: { title: "Talk", location: null }, reads: { title: "Talk", location: null } }],
    refusedWrites: () => [{ input: { location: "Hall 1" }, errors: ["input.location"] }],
  },
  required: ["input.title", "input.startAt", "input.endAt", "input.isAllDay"],
  minimal: ({ unique }) => ({
    title: `Meeting ${unique()}`,
    startAt: new Date("2026-06-10T09:00:00.000Z"),
    endAt: new Date("2026-06-10T10:00:00.000Z"),
  }),
  full,
  variants,
  createOnly: [],
  notCleared: { title: "REFUSED", startAt: "REFUSED", endAt: "REFUSED", ownerId: "REFUSED" },
  refused: () => [
    {
      input: {
        isAllDay: true,
        startAt: new Date("2026-06-10T09:00:00.000Z"),
        endAt: new Date("2026-06-11T00:00:00.000Z"),
      },
      errors: ["input.startAt"],
    },
    { input: { status: "SCHEDULED", videoUrl: "https://x.example" }, errors: ["input.status", "input.videoUrl"] },
    { input: { internalNotes: "text" }, errors: ["input.internalNotes"] },
  ],
  textInputs: ["title", "description", "location"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["Event_Title", "Start_DateTime", "All_day"],
  standard: {
    fields: [
      { key: "Check_In_Comment", label: "Check In Comment", type: "TEXT", value: "At noon", native: "At noon" },
      {
        key: "Check_In_Status",
        label: "Check In Status",
        type: "SELECT",
        value: "VISITED",
        native: "VISITED",
        optionLabels: ["VISITED"],
      },
    ],
    readOnly: ["Check_In_City"],
    inModel: { Event_Title: "title", Participants: "contactIds", All_day: "startAt", Who_Id: "contactIds" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, contacts, leads, owners }: Fresh): WriteCase {
  const sample = meetingSample(unique());
  return written({
    input: {
      ...sample,
      location: "Room 4, Hauptstraße 1",
      tags: ["planning"],
      ownerId: owners[1],
      contactIds: [contacts[0], contacts[1]],
      leadIds: [leads[0]],
    },
    reads: {
      organizer: { id: owners[1], name: "Peter Pan" },
    },
    native: {
      Event_Title: sample.title,
      Description: 'Agenda:\n1. "hello" & <welcome>\n2. numbers',
      $start: "2026-09-01T13:30:00.000Z",
      $end: "2026-09-01T15:00:00.000Z",
      All_day: false,
      Venue: "Room 4, Hauptstraße 1",
      Owner: { id: owners[1] },
      Tag: [{ name: "planning" }],
      Who_Id: { id: contacts[0] },
      What_Id: null,
      Participants: [
        { type: "contact", participant: contacts[0] },
        { type: "contact", participant: contacts[1] },
        { type: "lead", participant: leads[0] },
      ],
    },
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
      native: {
        All_day: true,
        Start_DateTime: expect.stringMatching(/^2026-09-07T00:00:00/),
        End_DateTime: expect.stringMatching(/^2026-09-08T23:59:59/),
      },
    },
    {
      // Without an end, the meeting lasts one day.
      input: { isAllDay: true, startAt: new Date("2026-09-07T00:00:00.000Z"), endAt: null },
      reads: { isAllDay: true, startAt: "2026-09-07T00:00:00.000Z", endAt: "2026-09-08T00:00:00.000Z" },
      native: { All_day: true, End_DateTime: expect.stringMatching(/^2026-09-07T23:59:59/) },
    },
    {
      input: { contactIds: [contacts[2]!, contacts[1]!] },
      reads: {},
      native: { Who_Id: { id: contacts[2] } },
      links: { contacts: [contacts[1]!, contacts[2]!] },
    },
    {
      // Without a contact, the meeting is about the lead.
      input: { contactIds: [], leadIds: [leads[1]!] },
      reads: {},
      native: { Who_Id: null, What_Id: { id: leads[1] }, $se_module: "Leads" },
      links: { contacts: [], leads: [leads[1]!] },
    },
    {
      input: { contactIds: [], leadIds: [] },
      reads: { attendees: [] },
      native: { Participants: [], Who_Id: null, What_Id: null },
      links: { contacts: [], leads: [] },
    },
    {
      input: { ownerId: owners[0] },
      reads: { owner: { id: owners[0] }, organizer: { id: owners[0] } },
      native: { Owner: { id: owners[0] } },
    },
  ];
}
