import type { RecordTableOptions } from "../../kit/record-table.js";
import { seedAccount, type Seed, type SeedMeeting, type SeedPerson } from "../../kit/seed.js";
import { fixedUuid } from "../../kit/uuid.js";
import { attributeOf, systemValues, Workspace } from "./workspace.js";
import type { LinkedRecord, Meeting, Participant, StoredRecord } from "./workspace.js";
import type { ObjectType } from "./attributes.js";
import { stamp } from "./times.js";
import { writtenValues, type StoredValue } from "./values.js";

const LIFECYCLES = {
  subscriber: "Subscriber",
  lead: "Lead",
  marketingqualifiedlead: "Marketing qualified",
  salesqualifiedlead: "Sales qualified",
  opportunity: "Opportunity",
  customer: "Customer",
};
const STATUSES = ["accepted", "tentative", "declined", "pending"] as const;
/** Most meetings have no time zone. */
const ZONES = [null, "America/New_York", null, "Europe/Berlin", null];
const DAY = 86_400_000;

/** Creates the account with this name and its data. */
export function seededWorkspace(name: string, options: RecordTableOptions): Workspace {
  const workspace = new Workspace(name, options);
  const seed = seedAccount(name);
  for (const [index, { firstName, lastName, email }] of seed.owners.entries()) {
    workspace.members.push({
      id: fixedUuid(name, "member", index),
      firstName,
      lastName,
      email,
      createdAt: stamp(Date.UTC(2025, 11, 1)),
      // A member who left remains the author of records.
      accessLevel: index === 0 ? "admin" : index === seed.owners.length - 1 ? "suspended" : "member",
    });
  }
  const companies = addCompanies(workspace, seed);
  for (const [index, person] of seed.people.entries()) addPerson(workspace, person, index, companies);
  for (const [index, meeting] of seed.meetings.entries()) {
    const made = meetingOf(workspace, seed, meeting, index);
    workspace.meetings.seed(made.id, made);
  }
  return workspace;
}

function addCompanies(workspace: Workspace, { companies }: Seed): ReadonlyMap<string, string> {
  const object = workspace.object("companies")!;
  return new Map(
    companies.map((company, index) => {
      const domain = `${company
        .normalize("NFD")
        .replace(/[^a-z]/gi, "")
        .toLowerCase()}.example`;
      const createdAt = stamp(Date.UTC(2025, 11, 2) + index * DAY, 1_000 + index);
      const id = addRecord(workspace, object, ["company", index], createdAt, { name: company, domains: [domain] });
      return [company, id];
    }),
  );
}

function addPerson(
  workspace: Workspace,
  person: SeedPerson,
  index: number,
  companies: ReadonlyMap<string, string>,
): void {
  const { firstName, lastName, fullName, emails, phone, mobile, title, createdAt, updatedAt } = person;
  const written = {
    name: { first_name: firstName ?? "", last_name: lastName ?? "", full_name: fullName },
    email_addresses: emails,
    phone_numbers: [phone, mobile].filter((number) => number !== null).map((n) => ({ original_phone_number: n })),
    job_title: title,
    company: { target_object: "companies", target_record_id: companies.get(person.company) },
    primary_location: person.city === null ? null : locationOf(person),
    description: person.description,
    department: person.department,
    website: person.website,
    lead_source: person.source,
    lifecycle: person.lifecycle && LIFECYCLES[person.lifecycle],
    do_not_contact: person.doNotContact || null,
    account_manager: person.owner === null ? null : workspace.members[person.owner]!.email,
    interests: index % 3 === 0 ? ["Golf", "Opera; classical"] : [],
    score: index % 4 === 0 ? index / 4 : null,
    budget: index % 5 === 0 ? index * 10 : null,
    birthday: index % 6 === 0 ? "1980-02-29" : null,
    next_call: index % 6 === 1 ? stamp(updatedAt + 30 * DAY) : null,
  };
  const interacted = (type: string, at: number): StoredValue[] => [
    {
      activeFrom: stamp(at),
      activeUntil: null,
      body: {
        interaction_type: type,
        interacted_at: stamp(at, 250_000),
        owner_actor: { type: "workspace-member", id: workspace.members[0]!.id },
      },
    },
  ];
  const more: Record<string, readonly StoredValue[]> = {
    ...(index % 7 === 2 ? { last_email_interaction: interacted("email", updatedAt) } : {}),
    ...(index % 7 < 3 ? { last_calendar_interaction: interacted("meeting", updatedAt - DAY * (index % 7)) } : {}),
  };
  const stamped = stamp(createdAt, (index * 7919) % 1_000_000);
  const past =
    index % 10 === 6 && title !== null
      ? { job_title: { value: "Trainee" }, email_addresses: { email_address: "old@former.example" } }
      : {};
  addRecord(workspace, workspace.object("people")!, ["person", index], stamped, written, more, past);
}

function locationOf({ street, city, state, postalCode, countryCode }: SeedPerson): object {
  return {
    line_1: street,
    line_2: null,
    line_3: null,
    line_4: null,
    locality: city,
    region: state,
    postcode: postalCode,
    country_code: countryCode,
    latitude: null,
    longitude: null,
  };
}

/** @param past former values, which come before the current values */
function addRecord(
  workspace: Workspace,
  object: ObjectType,
  key: readonly (string | number)[],
  createdAt: string,
  written: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, readonly StoredValue[]>> = {},
  past: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): string {
  const id = fixedUuid(workspace.name, ...key);
  const values: Record<string, readonly StoredValue[]> = { ...systemValues(workspace, id, createdAt), ...more };
  for (const [slug, given] of Object.entries(written)) {
    const bodies = writtenValues(attributeOf(object, slug), given, workspace, object);
    const former = past[slug] && writtenValues(attributeOf(object, slug), [past[slug]], workspace, object);
    values[slug] = [
      ...(former ?? []).map((body) => ({ activeFrom: createdAt, activeUntil: createdAt, body })),
      ...bodies.map((body) => ({ activeFrom: createdAt, activeUntil: null, body })),
    ];
  }
  const record: StoredRecord = { id, object, createdAt, values };
  workspace.table(object).seed(id, record);
  return id;
}

function meetingOf(workspace: Workspace, seed: Seed, meeting: SeedMeeting, index: number): Meeting {
  const people = meeting.lead === null ? meeting.people : [seed.leads[meeting.lead]!.person];
  const organizer: Participant = {
    status: "accepted",
    is_organizer: true,
    email_address: workspace.members[meeting.owner]!.email,
  };
  const guests = people.map((person, place): Participant => ({
    status: STATUSES[(index + place) % STATUSES.length]!,
    is_organizer: false,
    email_address: seed.people[person]!.emails[0] ?? null,
  }));
  const personObject = workspace.object("people")!;
  const companyObject = workspace.object("companies")!;
  const link = (object: ObjectType, kind: string, place: number): LinkedRecord => ({
    object_slug: object.slug,
    object_id: object.id,
    record_id: fixedUuid(workspace.name, kind, place),
  });
  return {
    id: fixedUuid(workspace.name, "meeting", index),
    title: meeting.title,
    description: meeting.description ?? "",
    start: meeting.start,
    end: meeting.end,
    isAllDay: meeting.allDay,
    timeZone: meeting.allDay ? null : ZONES[index % ZONES.length]!,
    participants: [organizer, ...guests],
    links: [
      ...people.map((person) => link(personObject, "person", person)),
      // Attio also links the companies of participants.
      link(companyObject, "company", seed.companies.indexOf(seed.people[people[0]!]!.company)),
    ],
    createdAt: stamp(meeting.createdAt, (index * 31) % 1_000_000),
  };
}
