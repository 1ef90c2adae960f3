import { expect } from "@jest/globals";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { meetingSample, written } from "../samples.js";
import { same, since, textOf, until } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  CUSTOM_FIELDS,
  hasText,
  instant,
  MALFORMED_IDS,
  MISSING_IDS,
  owner,
  ownFieldsOf,
  sharedFilters,
  sharedOrders,
  STANDARD_KEYS,
} from "./shared.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const STATUSES: Readonly<Record<string, string>> = { Planned: "SCHEDULED", Held: "COMPLETED", "Not Held": "CANCELLED" };
const RESPONSES: Readonly<Record<string, string>> = {
  None: "NEEDS_ACTION",
  Accepted: "ACCEPTED",
  Declined: "DECLINED",
  Tentative: "TENTATIVE",
};
const PEOPLE = ["contacts", "leads", "users"];

function startOf({ dateStart, dateStartDate }: NativeRecord): string {
  return dateStartDate ? `${String(dateStartDate)}T00:00:00.000Z` : instant(dateStart)!;
}
const startInstant = (native: NativeRecord) => Date.parse(startOf(native));

function attendeesOf(native: NativeRecord): object[] {
  return PEOPLE.flatMap((link) =>
    (native[`${link}Ids`] as string[]).map((id) => ({
      name: textOf((native[`${link}Names`] as NativeRecord)[id]),
      ...(link === "leads" ? { email: null } : {}),
      contactId: link === "contacts" ? id : null,
      ownerId: link === "users" ? id : null,
      isOrganizer: id === native["assignedUserId"],
      response: RESPONSES[(native[`${link}Columns`] as Record<string, { status: string }>)[id]!.status],
    })),
  );
}

export const meeting: ResourceSubject = {
  fields: {
    ...ownFieldsOf("Meeting"),
    title: same("name"),
    startAt: { native: ["dateStart", "dateStartDate"], of: startOf },
    endAt: {
      native: ["dateEnd", "dateEndDate"],
      of: ({ dateEnd, dateEndDate }) =>
        // EspoCRM's end is the last day. The unified end is the day after.
        dateEndDate
          ? new Date(Date.parse(`${String(dateEndDate)}T00:00:00Z`) + DAY_MS).toISOString()
          : instant(dateEnd),
    },
    isAllDay: { native: ["dateStartDate"], of: ({ isAllDay }) => isAllDay },
    videoUrl: same("joinUrl"),
    status: { native: ["status"], of: ({ status }) => STATUSES[String(status)] ?? null },
    rawStatus: same("status"),
    organizer: owner,
    attendees: {
      native: ["assignedUserId", ...PEOPLE.flatMap((link) => [`${link}Ids`, `${link}Names`, `${link}Columns`])],
      of: attendeesOf,
    },
  },
  filters: {
    ...sharedFilters("meeting"),
    name: {
      values: () => ["demo", "KICK", "%", "no such meeting"],
      passes: ({ name }, value: string) => hasText([name], value),
    },
    search: {
      values: () => ["demo", "numbers", "%", "no such thing"],
      passes: ({ name, description }, value: string) => hasText([name, description], value),
    },
    startsSince: since("meeting", startInstant),
    startsUntil: until("meeting", startInstant),
  },
  orders: { ...sharedOrders, STARTS_AT: startInstant },
  edges: ["contacts", "leads"],
  // Lists of current servers have the ids of linked records.
  rarelyFurther: ["description", "attendees", "contacts", "leads"],
  required: ["input.title", "input.startAt", "input.endAt"],
  minimal: ({ unique }) => ({
    title: `Meeting ${unique()}`,
    startAt: new Date("2026-06-10T09:00:00.000Z"),
    endAt: new Date("2026-06-10T10:00:00.000Z"),
  }),
  full,
  variants,
  createOnly: [],
  notCleared: { title: "REFUSED", startAt: "REFUSED", endAt: "REFUSED", ownerId: "REFUSED", status: "REFUSED" },
  refused: () => [
    { input: { contactIds: ["1", "x/y"] }, errors: ["input.contactIds.1"] },
    { input: { leadIds: ["../1"] }, errors: ["input.leadIds.0"] },
    { input: { status: "NO_SHOW" }, errors: ["input.status"] },
    { input: { status: "SCHEDULED", rawStatus: "Planned" }, errors: ["input.rawStatus"] },
    { input: { location: "Room 4", videoUrl: "https://x.example" }, errors: ["input.location", "input.videoUrl"] },
    {
      input: {
        isAllDay: true,
        startAt: new Date("2026-06-10T09:00:00.000Z"),
        endAt: new Date("2026-06-11T00:00:00.000Z"),
      },
      errors: ["input.startAt"],
    },
  ],
  textInputs: ["title", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: STANDARD_KEYS,
  // EspoCRM writes the others of its meetings itself.
  standard: {
    fields: [],
    readOnly: ["uid"],
    inModel: { name: "title", dateStart: "startAt", contactsIds: "contactIds", assignedUserId: "ownerId" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, contacts, leads, owners }: Fresh): WriteCase {
  const sample = meetingSample(unique());
  return written({
    input: {
      ...sample,
      status: "COMPLETED",
      ownerId: owners[1],
      contactIds: [contacts[0], contacts[1]],
      leadIds: [leads[0]],
    },
    reads: {
      rawStatus: "Held",
      organizer: { id: owners[1] },
    },
    native: {
      name: sample.title,
      description: 'Agenda:\n1. "hello" & <welcome>\n2. numbers',
      dateStart: "2026-09-01 13:30:00",
      dateEnd: "2026-09-01 15:00:00",
      isAllDay: false,
      status: "Held",
      assignedUserId: owners[1],
      contactsIds: expect.arrayContaining([contacts[0], contacts[1]]),
      leadsIds: [leads[0]],
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
      native: { isAllDay: true, dateStartDate: "2026-09-07", dateEndDate: "2026-09-08" },
    },
    {
      input: { contactIds: [contacts[2]!, contacts[1]!] },
      reads: {},
      // EspoCRM shows them by their names.
      native: { contactsIds: expect.arrayContaining([contacts[2], contacts[1]]) },
      links: { contacts: [contacts[1]!, contacts[2]!] },
    },
    { input: { contactIds: [] }, reads: {}, native: { contactsIds: [] }, links: { contacts: [] } },
    { input: { leadIds: [leads[1]!] }, reads: {}, native: { leadsIds: [leads[1]] }, links: { leads: [leads[1]!] } },
    { input: { status: "CANCELLED" }, reads: { status: "CANCELLED" }, native: { status: "Not Held" } },
    { input: { rawStatus: "Planned" }, reads: { status: "SCHEDULED" }, native: { status: "Planned" } },
    {
      input: { ownerId: owners[0] },
      reads: { owner: { id: owners[0] }, organizer: { id: owners[0] } },
      native: { assignedUserId: owners[0] },
    },
  ];
}
