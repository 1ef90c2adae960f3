import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { meetingSample, written } from "../samples.js";
import { since, textOf, until } from "../stage/truth.js";
import type { FilterTruth, Fresh, ResourceSubject, World, WriteCase } from "../subject.js";
import { createdAt, MALFORMED_IDS, MISSING_IDS, parts, type Values } from "./shared.js";

const RESPONSES: Readonly<Record<string, string>> = {
  accepted: "ACCEPTED",
  tentative: "TENTATIVE",
  declined: "DECLINED",
  pending: "NEEDS_ACTION",
};

const timeOf = (native: NativeRecord, member: string) => {
  const { date, datetime } = parts(native[member]);
  return new Date(date === undefined ? String(datetime) : `${String(date)}T00:00:00.000Z`).toISOString();
};
const startOf = (native: NativeRecord) => Date.parse(timeOf(native, "start"));
const participantsOf = ({ participants }: NativeRecord) => (participants as Values).map(parts);
const memberOf = (world: World, email: string | null) =>
  [...world.owners.values()].find((owner) => owner.email === email) ?? null;

function contactOf(native: NativeRecord, world: World, email: string | null): string | null {
  const linked = native["$people"] as string[];
  const holds = (id: string) =>
    (world.records.contact.get(id)!["email_addresses"] as Values).some((one) => parts(one)["email_address"] === email);
  return linked.find(holds) ?? null;
}

const attendeeEmail: FilterTruth = {
  values: (world) => {
    const emails = [...world.records.meeting.values()].flatMap((native) =>
      participantsOf(native).flatMap(({ email_address: email }) => textOf(email) ?? []),
    );
    const guest = emails.find((email) => memberOf(world, email) === null)!;
    return [guest, guest.toUpperCase(), emails[0], `${guest},${emails[0]}`, guest.split("@")[1], "nobody@example.com"];
  },
  passes: (native, value: string) =>
    participantsOf(native).some(({ email_address: email }) => textOf(email) === value.trim().toLowerCase()),
};

export const meeting: ResourceSubject = {
  operations: ["CREATE", "UPDATE"],
  fields: {
    title: { native: ["title"], of: ({ title }) => textOf(title) },
    description: { native: ["description"], of: ({ description }) => textOf(description) },
    startAt: { native: ["start"], of: (native) => timeOf(native, "start") },
    endAt: { native: ["end"], of: (native) => timeOf(native, "end") },
    timeZone: { native: ["start"], of: ({ start }) => textOf(parts(start)["timezone"]) },
    isAllDay: { native: ["is_all_day"], of: ({ is_all_day: isAllDay }) => isAllDay },
    organizer: {
      native: ["participants"],
      of: (native, world) => {
        const organizer = participantsOf(native).find((one) => one["is_organizer"] === true);
        return organizer ? memberOf(world, textOf(organizer["email_address"])) : null;
      },
    },
    attendees: {
      native: ["participants", "linked_records"],
      of: (native, world) =>
        participantsOf(native).map(({ email_address: address, is_organizer: isOrganizer, status }) => {
          const email = textOf(address);
          const contactId = email === null ? null : contactOf(native, world, email);
          const ownerId = memberOf(world, email)?.id ?? null;
          // The name of a contact or member comes from that record.
          const name = contactId === null && ownerId === null ? { name: null } : {};
          return { ...name, email, contactId, ownerId, isOrganizer, response: RESPONSES[String(status)] };
        }),
    },
    createdAt,
  },
  filters: {
    startsSince: since("meeting", startOf),
    startsUntil: until("meeting", startOf),
    attendeeEmail,
  },
  orders: { STARTS_AT: startOf },
  pagedByTheCrm: "Lists of meetings page by Attio’s own cursor",
  edges: ["contacts"],
  readSingly: true,
  required: ["input.title", "input.startAt", "input.endAt"],
  minimal: ({ unique }) => ({
    title: `Meeting ${unique()}`,
    startAt: new Date("2026-06-10T09:00:00.000Z"),
    endAt: new Date("2026-06-10T10:00:00.000Z"),
  }),
  full,
  variants,
  createOnly: ["title", "description", "startAt", "endAt", "isAllDay"],
  notCleared: {},
  refused: () => [
    { input: { contactIds: ["1", "x"] }, errors: ["input.contactIds.0"] },
    { input: { leadIds: ["1"] }, errors: ["input.leadIds"] },
    { input: { status: "SCHEDULED", location: "Room 4" }, errors: ["input.status", "input.location"] },
    { input: { customFields: [{ key: "note", value: "x" }] }, errors: ["input.customFields"] },
    { input: { isAllDay: true }, errors: ["input.startAt"] },
  ],
  textInputs: ["title", "description"],
  custom: [],
  standardKeys: ["title", "start"],
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, contacts }: Fresh): WriteCase {
  const sample = meetingSample(unique());
  return written({
    input: {
      ...sample,
      isAllDay: false,
      contactIds: [contacts[1], contacts[0], contacts[1]],
    },
    reads: {
      timeZone: null,
      organizer: null,
      attendees: [],
    },
    native: {
      title: sample.title,
      description: sample.description,
      is_all_day: false,
      start: { datetime: "2026-09-01T13:30:00.000Z", timezone: null },
      end: { datetime: "2026-09-01T15:00:00.000Z", timezone: null },
      participants: [],
      $people: [contacts[0]!, contacts[1]!].sort(),
    },
  });
}

function variants({ contacts }: Fresh): WriteCase[] {
  return [
    {
      input: {
        isAllDay: true,
        startAt: new Date("2026-09-07T00:00:00.000Z"),
        endAt: new Date("2026-09-09T00:00:00.000Z"),
      },
      reads: { isAllDay: true, startAt: "2026-09-07T00:00:00.000Z", endAt: "2026-09-09T00:00:00.000Z" },
      native: { is_all_day: true, start: { date: "2026-09-07" }, end: { date: "2026-09-09" } },
    },
    {
      input: { contactIds: [contacts[2]!, contacts[1]!] },
      reads: {},
      native: { $people: [contacts[1]!, contacts[2]!].sort() },
      links: { contacts: [contacts[1]!, contacts[2]!] },
    },
    { input: { contactIds: [] }, reads: {}, native: { linked_records: [] }, links: { contacts: [] } },
  ];
}
