import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { meetingSample, written } from "../samples.js";
import { same, since, textOf, until } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import * as shared from "./shared.js";

const DAY_MS = 86_400_000;
const RESPONSES: Readonly<Record<string, string>> = {
  accepted: "ACCEPTED",
  declined: "DECLINED",
  tentative: "TENTATIVE",
  needsAction: "NEEDS_ACTION",
};

interface Guest {
  email: string;
  name: string;
  status: string;
  is_organizer: boolean;
  person_id: number | null;
  user_id: number | null;
}

interface Participant {
  person_id: number;
  status: string | null;
  is_organizer: boolean;
}

function start({ due_date: date, due_time: time }: NativeRecord): number {
  return Date.parse(`${String(date)}T${textOf(time) ?? "00:00:00"}Z`);
}

function end(native: NativeRecord): string | null {
  const duration = textOf(native["duration"]);
  if (duration === null) return native["due_time"] === null ? new Date(start(native) + DAY_MS).toISOString() : null;
  const [hours, minutes, seconds] = duration.split(":").map(Number);
  return new Date(start(native) + ((hours! * 60 + minutes!) * 60 + seconds!) * 1000).toISOString();
}

export const meeting: ResourceSubject = {
  fields: {
    title: same("subject"),
    description: same("public_description"),
    internalNotes: { native: ["note"], of: ({ note }) => textOf(note)?.replace(/^<p>|<\/p>$/g, "") ?? null },
    startAt: {
      native: ["due_date", "due_time"],
      of: (native) => new Date(start(native)).toISOString(),
    },
    endAt: { native: ["duration"], of: end },
    isAllDay: { native: ["due_time"], of: ({ due_time: time }) => time === null },
    location: { native: ["location"], of: ({ location }) => (location as NativeRecord | null)?.["value"] ?? null },
    videoUrl: same("conference_meeting_url"),
    status: { native: [], of: ({ done }) => (done === true ? "COMPLETED" : "SCHEDULED") },
    organizer: {
      native: ["attendees"],
      of({ attendees }) {
        const organizer = (attendees as Guest[]).find((guest) => guest.is_organizer);
        return organizer ? { id: String(organizer.user_id) } : null;
      },
    },
    attendees: {
      native: ["attendees", "participants"],
      // The participants come last. Their replies stand beside them, or among the guests of the calendar.
      of({ attendees, participants }) {
        const people = participants as Participant[];
        const guests = attendees as Guest[];
        const others = guests
          .filter((guest) => !people.some(({ person_id: id }) => id === guest.person_id))
          .map(({ email, name, status, is_organizer: isOrganizer, user_id: user }) => ({
            name,
            email,
            contactId: null,
            ownerId: user === null ? null : String(user),
            isOrganizer,
            response: RESPONSES[status],
          }));
        const own = people.map((one) => {
          const guest = guests.find(({ person_id: id }) => id === one.person_id);
          return {
            contactId: String(one.person_id),
            ownerId: null,
            isOrganizer: one.is_organizer || (guest?.is_organizer ?? false),
            response: RESPONSES[one.status ?? guest?.status ?? ""] ?? null,
          };
        });
        return [...others, ...own];
      },
    },
    ...shared.ownFieldsOf(),
  },
  filters: {
    ownerId: shared.ownedBy("meeting"),
    updatedSince: since("meeting", shared.updated),
    updatedUntil: until("meeting", shared.updated),
  },
  orders: { CREATED_AT: shared.created, UPDATED_AT: shared.updated },
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
  notCleared: { title: "REFUSED", startAt: "REFUSED", ownerId: "REFUSED", status: { status: "SCHEDULED" } },
  refused: () => [
    { input: { status: "CANCELLED" }, errors: ["input.status"] },
    { input: { leadIds: [shared.MISSING_LEADS[0]!, shared.MISSING_LEADS[1]!] }, errors: ["input.leadIds.1"] },
    { input: { videoUrl: "https://meet.example.com/1" }, errors: ["input.videoUrl"] },
    { input: { rawStatus: "done", tags: ["x"] }, errors: ["input.rawStatus", "input.tags"] },
    {
      input: {
        isAllDay: true,
        startAt: new Date("2026-06-10T09:00:00.000Z"),
        endAt: new Date("2026-06-11T00:00:00.000Z"),
      },
      errors: ["input.startAt"],
    },
  ],
  textInputs: ["title", "description", "internalNotes", "location"],
  custom: [],
  standardKeys: [],
  missingIds: shared.MISSING_IDS,
  malformedIds: shared.MALFORMED_IDS,
};

function full({ unique, contacts, leads, owners }: Fresh): WriteCase {
  const sample = meetingSample(unique());
  return written({
    input: {
      ...sample,
      internalNotes: "Bring <slides> & coffee.\nNo phones.",
      location: "Room 4, Hauptstraße 1",
      status: "COMPLETED",
      ownerId: owners[1],
      contactIds: [contacts[1], contacts[0]],
      leadIds: [leads[0]],
    },
    native: {
      type: "meeting",
      subject: sample.title,
      public_description: 'Agenda:\n1. "hello" & <welcome>\n2. numbers',
      note: "Bring &lt;slides&gt; &amp; coffee.<br>No phones.",
      due_date: "2026-09-01",
      due_time: "13:30:00",
      duration: "01:30:00",
      location: { value: "Room 4, Hauptstraße 1" },
      done: true,
      owner_id: Number(owners[1]),
      person_id: Number(contacts[1]),
      participants: [
        { person_id: Number(contacts[1]), primary: true },
        { person_id: Number(contacts[0]), primary: false },
      ],
      lead_id: leads[0],
    },
  });
}

function variants({ contacts, leads, owners }: Fresh): WriteCase[] {
  return [
    { input: { status: "SCHEDULED" }, reads: { status: "SCHEDULED" }, native: { done: false } },
    { input: { isAllDay: false }, reads: { isAllDay: false }, native: {} },
    { input: { endAt: null }, reads: { endAt: null }, native: { duration: null } },
    {
      input: { contactIds: [contacts[2]!, contacts[1]!] },
      reads: {},
      native: { person_id: Number(contacts[2]) },
      links: { contacts: [contacts[1]!, contacts[2]!] },
    },
    { input: { leadIds: [leads[1]!] }, reads: {}, native: { lead_id: leads[1] }, links: { leads: [leads[1]!] } },
    {
      input: { contactIds: [], leadIds: [] },
      reads: {},
      native: { participants: [], person_id: null, lead_id: null },
      links: { contacts: [], leads: [] },
    },
    { input: { ownerId: owners[2] }, reads: { owner: { id: owners[2] } }, native: { owner_id: Number(owners[2]) } },
  ];
}
