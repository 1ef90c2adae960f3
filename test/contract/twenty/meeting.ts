import { expect } from "@jest/globals";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { meetingSample, written } from "../samples.js";
import { instantOf, same, since, textOf, until } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  CUSTOM_FIELDS,
  MALFORMED_IDS,
  MISSING_IDS,
  ownFieldsOf,
  sharedFilters,
  sharedOrders,
  words,
} from "./shared.js";

const startInstant = ({ startsAt }: NativeRecord) => instantOf(startsAt);
/** The organizer first. */
const participants = ({ $participants }: NativeRecord) =>
  ($participants as NativeRecord[]).toSorted(
    (one, other) =>
      Number(other["isOrganizer"]) - Number(one["isOrganizer"]) || (String(one["id"]) < String(other["id"]) ? -1 : 1),
  );

export const meeting: ResourceSubject = {
  fields: {
    title: same("title"),
    description: same("description"),
    startAt: same("startsAt"),
    endAt: same("endsAt"),
    isAllDay: { native: ["isFullDay"], of: ({ isFullDay }) => isFullDay },
    location: same("location"),
    videoUrl: same("conferenceLink.primaryLinkUrl"),
    status: { native: ["isCanceled"], of: ({ isCanceled }) => (isCanceled ? "CANCELLED" : "SCHEDULED") },
    organizer: {
      native: [],
      of(native) {
        const own = participants(native).find((one) => one["isOrganizer"] && one["workspaceMemberId"]);
        return own ? { id: own["workspaceMemberId"] } : null;
      },
    },
    attendees: {
      native: [],
      of: (native) =>
        participants(native).map((one) => ({
          name: textOf(one["displayName"]),
          email: textOf(one["handle"]),
          contactId: one["personId"],
          ownerId: one["workspaceMemberId"],
          isOrganizer: one["isOrganizer"],
          response: one["responseStatus"],
        })),
    },
    ...ownFieldsOf("calendarEvent"),
  },
  filters: {
    name: words(["title"], ["demo", "call 1", "kick-off", "%", "_", "no such meeting"]),
    search: words(["title", "description", "location"], ["demo", "hauptstraße", "agenda: room", "no such thing"]),
    startsSince: since("meeting", startInstant),
    startsUntil: until("meeting", startInstant),
    ...sharedFilters("meeting"),
  },
  orders: { ...sharedOrders, STARTS_AT: startInstant },
  edges: ["contacts"],
  // Only meetings with twenty participants or more.
  rarelyFurther: ["organizer", "attendees", "contacts"],
  required: ["input.startAt"],
  minimal: ({ unique }) => ({
    title: `Meeting ${unique()}`,
    startAt: new Date("2026-06-10T09:00:00.000Z"),
    endAt: new Date("2026-06-10T10:00:00.000Z"),
  }),
  full,
  variants,
  createOnly: [],
  notCleared: { startAt: "REFUSED", status: { status: "SCHEDULED" } },
  refused: () => [
    { input: { status: "COMPLETED" }, errors: ["input.status"] },
    { input: { contactIds: [MISSING_IDS[0], "x"] }, errors: ["input.contactIds.1"] },
    { input: { status: "NO_SHOW", internalNotes: "text" }, errors: ["input.status", "input.internalNotes"] },
    {
      input: {
        isAllDay: true,
        startAt: new Date("2026-06-10T09:00:00.000Z"),
        endAt: new Date("2026-06-11T00:00:00.000Z"),
      },
      errors: ["input.startAt"],
    },
  ],
  textInputs: ["title", "description", "location", "videoUrl"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["id", "title", "startsAt", "conferenceLink"],
  standard: {
    fields: [
      { key: "conferenceSolution", label: "Conference Solution", type: "TEXT", value: "Zoom", native: "Zoom" },
      { key: "iCalUID", label: "I Cal U I D", type: "TEXT", value: "7@a.example", native: "7@a.example" },
    ],
    readOnly: ["deletedAt"],
    inModel: { title: "title", startsAt: "startAt", conferenceLink: "videoUrl" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, contacts }: Fresh): WriteCase {
  const sample = meetingSample(unique());
  return written({
    input: {
      ...sample,
      location: "Room 4, Hauptstraße 1",
      videoUrl: "https://meet.example.com/a-b?c=d",
      status: "CANCELLED",
      contactIds: [contacts[0], contacts[1]],
    },
    reads: {
      organizer: null,
      attendees: expect.arrayContaining([
        expect.objectContaining({ contactId: contacts[0], isOrganizer: false, response: "NEEDS_ACTION" }),
        expect.objectContaining({ contactId: contacts[1] }),
      ]),
    },
    native: {
      title: sample.title,
      startsAt: "2026-09-01T13:30:00.000Z",
      endsAt: "2026-09-01T15:00:00.000Z",
      isFullDay: false,
      isCanceled: true,
      location: "Room 4, Hauptstraße 1",
      "conferenceLink.primaryLinkUrl": "https://meet.example.com/a-b?c=d",
      $participants: expect.arrayContaining([
        expect.objectContaining({ personId: contacts[0] }),
        expect.objectContaining({ personId: contacts[1] }),
      ]),
    },
  });
}

function variants({ contacts }: Fresh): WriteCase[] {
  const first = new Date("2026-09-07T00:00:00.000Z");
  return [
    {
      input: { isAllDay: true, startAt: first, endAt: new Date("2026-09-09T00:00:00.000Z") },
      reads: { isAllDay: true, startAt: "2026-09-07T00:00:00.000Z", endAt: "2026-09-09T00:00:00.000Z" },
      native: { isFullDay: true, startsAt: "2026-09-07T00:00:00.000Z", endsAt: "2026-09-09T00:00:00.000Z" },
    },
    {
      input: { isAllDay: true, startAt: first, endAt: null },
      reads: { isAllDay: true, startAt: "2026-09-07T00:00:00.000Z", endAt: null },
      native: { isFullDay: true, endsAt: null },
    },
    { input: { status: "SCHEDULED" }, reads: { status: "SCHEDULED" }, native: { isCanceled: false } },
    {
      input: { contactIds: [contacts[2]!, contacts[1]!, contacts[1]!] },
      reads: {},
      native: {},
      links: { contacts: [contacts[1]!, contacts[2]!] },
    },
    { input: { contactIds: [] }, reads: { attendees: [] }, native: { $participants: [] }, links: { contacts: [] } },
  ];
}

/** A meeting of Twenty 2.21. */
export const recentMeeting: ResourceSubject = {
  ...meeting,
  // They may be meetings that lists leave out.
  absentReadSingly: true,
  standard: {
    ...meeting.standard!,
    fields: meeting.standard!.fields.map((field) =>
      field.key === "iCalUID" ? { ...field, key: "iCalUid", label: "iCal UID" } : field,
    ),
  },
};
