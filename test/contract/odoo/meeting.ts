import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { meetingSample, written } from "../samples.js";
import { same, since, textOf, until } from "../stage/truth.js";
import type { FilterTruth, Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  ANYTHING,
  contains,
  CUSTOM_FIELDS,
  html,
  idOf,
  instant,
  isSameText,
  MALFORMED_IDS,
  MISSING_IDS,
  ownFieldsOf,
  sharedFilters,
  sharedOrders,
  tags,
} from "./shared.js";

const DAY_MS = 86_400_000;
const TIMES = ["allday", "start", "stop", "start_date", "stop_date"];
const RESPONSES: Readonly<Record<string, string>> = {
  needsAction: "NEEDS_ACTION",
  accepted: "ACCEPTED",
  declined: "DECLINED",
  tentative: "TENTATIVE",
};

const startOf = ({ allday, start, start_date: date }: NativeRecord) =>
  allday ? `${String(date)}T00:00:00.000Z` : instant(start)!;
const endOf = ({ allday, stop, stop_date: date }: NativeRecord) =>
  allday ? new Date(Date.parse(`${String(date)}T00:00:00.000Z`) + DAY_MS).toISOString() : instant(stop);
const startInstant = (native: NativeRecord) => Date.parse(startOf(native));

const attendeeEmail: FilterTruth = {
  values(world) {
    const invited = [...world.links.meeting["contacts"]!.values()].flat();
    // In a real account, the API user's own contact is not one of the world.
    const address = invited
      .map((id) => textOf(world.records.contact.get(id)?.["email"]))
      .find((text) => text !== null)!;
    return [address, address.toUpperCase(), address.replace(".", "_"), address.split("@")[1], "nobody@example.com"];
  },
  passes: (_native, value: string, world, id) =>
    (world.links.meeting["contacts"]!.get(id) ?? []).some((contact) =>
      isSameText(world.records.contact.get(contact)?.["email"], value),
    ),
};

export const meeting: ResourceSubject = {
  fields: {
    title: same("name"),
    description: html("description"),
    startAt: { native: TIMES, of: startOf },
    endAt: { native: TIMES, of: endOf },
    isAllDay: { native: ["allday"], of: ({ allday }) => allday },
    location: same("location"),
    videoUrl: same("videocall_location"),
    organizer: ownFieldsOf("calendar.event").owner,
    attendees: {
      native: ["partner_id", "user_id", "attendee_ids"],
      of: ({ partner_id: organizer, user_id: user, $attendees: attendees }) =>
        (attendees as NativeRecord[]).map(({ partner_id: partner, common_name: name, email, state }) => {
          const isOrganizer = idOf(partner) === idOf(organizer);
          return {
            name: textOf(name),
            email: textOf(email),
            contactId: idOf(partner),
            ownerId: isOrganizer ? idOf(user) : null,
            isOrganizer,
            response: RESPONSES[state as string],
          };
        }),
    },
    tags: tags("categ_ids"),
    ...ownFieldsOf("calendar.event"),
  },
  filters: {
    name: {
      values: () => ["demo", "kick", "%", "no such meeting"],
      passes: ({ name }, value: string) => contains(name, value),
    },
    search: {
      values: () => ["demo", "hauptstraße", "numbers", "no such thing"],
      passes: ({ name, description, location }, value: string) =>
        [name, description, location].some((text) => contains(text, value)),
    },
    startsSince: since("meeting", startInstant),
    startsUntil: until("meeting", startInstant),
    attendeeEmail,
    ...sharedFilters("meeting"),
  },
  // Odoo sorts all-day meetings as if they began at 08:00.
  orders: { ...sharedOrders, STARTS_AT: ({ start }) => textOf(start) },
  edges: ["contacts", "leads"],
  narrow: {
    columns: { name: true, location: false },
    refusedFilters: [],
    writes: () => [
      { input: { location: null, description: "Talks" }, reads: { location: null, description: "Talks" } },
    ],
    refusedWrites: () => [{ input: { location: "Room 1" }, errors: ["input.location"] }],
  },
  rarelyFurther: ["tags"],
  required: ["input.title", "input.startAt", "input.endAt", "input.isAllDay"],
  minimal: ({ unique }) => ({
    title: `Meeting ${unique()}`,
    startAt: new Date("2026-06-10T09:00:00.000Z"),
    endAt: new Date("2026-06-10T10:00:00.000Z"),
  }),
  full,
  variants,
  createOnly: [],
  notCleared: { title: "REFUSED", startAt: "REFUSED", endAt: "REFUSED" },
  refused: () => [
    { input: { leadIds: ["1", "2"] }, errors: ["input.leadIds.1"] },
    { input: { contactIds: ["1", "x"] }, errors: ["input.contactIds.1"] },
    { input: { videoUrl: "meet.example.com/a-b" }, errors: ["input.videoUrl"] },
    { input: { leadIds: ["../1"] }, errors: ["input.leadIds.0"] },
    { input: { status: "SCHEDULED", internalNotes: "text" }, errors: ["input.status", "input.internalNotes"] },
  ],
  textInputs: ["title", "description", "location"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["id", "name", "start", "allday"],
  standard: {
    fields: [
      {
        key: "show_as",
        label: "Show as",
        type: "SELECT",
        value: "free",
        native: "free",
        optionLabels: ["Available"],
      },
    ],
    readOnly: ["create_uid"],
    inModel: { name: "title", stop_date: "startAt", duration: "endAt", partner_ids: "contactIds", allday: "startAt" },
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
      videoUrl: "https://meet.example.com/a-b?c=d",
      tags: ["Customer Meeting"],
      ownerId: owners[1],
      contactIds: [contacts[0], contacts[1]],
      leadIds: [leads[0]],
    },
    reads: {
      organizer: { id: owners[1] },
    },
    native: {
      name: sample.title,
      start: "2026-09-01 13:30:00",
      stop: "2026-09-01 15:00:00",
      allday: false,
      location: "Room 4, Hauptstraße 1",
      videocall_location: "https://meet.example.com/a-b?c=d",
      $tags: ["Customer Meeting"],
      user_id: [Number(owners[1]), ANYTHING],
      partner_ids: [Number(contacts[0]), Number(contacts[1])],
      opportunity_id: [Number(leads[0]), ANYTHING],
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
      native: { allday: true, start_date: "2026-09-07", stop_date: "2026-09-08" },
    },
    {
      // Without an end, the meeting lasts one day.
      input: { isAllDay: true, startAt: new Date("2026-09-07T00:00:00.000Z"), endAt: null },
      reads: { isAllDay: true, startAt: "2026-09-07T00:00:00.000Z", endAt: "2026-09-08T00:00:00.000Z" },
      native: { allday: true, start_date: "2026-09-07", stop_date: "2026-09-07" },
    },
    {
      input: { contactIds: [contacts[2]!, contacts[1]!] },
      reads: {},
      native: {},
      links: { contacts: [contacts[1]!, contacts[2]!] },
    },
    { input: { contactIds: [] }, reads: { attendees: [] }, native: { partner_ids: [] }, links: { contacts: [] } },
    {
      input: { leadIds: [leads[1]!] },
      reads: {},
      native: { opportunity_id: [Number(leads[1]), ANYTHING] },
      links: { leads: [leads[1]!] },
    },
    { input: { tags: [] }, reads: { tags: [] }, native: { $tags: [] } },
    {
      input: { ownerId: owners[0] },
      reads: { owner: { id: owners[0] }, organizer: { id: owners[0] } },
      native: { user_id: [Number(owners[0]), ANYTHING] },
    },
  ];
}
