import { Random } from "./random.js";
import {
  COMPANIES,
  DEPARTMENTS,
  FIRST_NAMES,
  LAST_NAMES,
  LEAD_STATUSES,
  LIFECYCLES,
  MEETING_STATUSES,
  MEETING_TITLES,
  PLACES,
  RATINGS,
  SOURCES,
  SUBJECTS,
  TITLES,
} from "./seed-words.js";

/**
 * The data of a sandbox account, in words that belong to no CRM. Each CRM turns it into its own records. It is
 * deterministic per account and has the awkward cases of real data: people without a last name or with several e-mails,
 * umlauts and compound names, all-day meetings, meetings across midnight and across a daylight-saving change.
 */
export interface Seed {
  owners: SeedOwner[];
  /** The companies of the people, in the order of the people. */
  companies: string[];
  people: SeedPerson[];
  leads: SeedLead[];
  meetings: SeedMeeting[];
}

export interface SeedOwner {
  firstName: string;
  lastName: string;
  fullName: string;
  email: string;
}

export interface SeedPerson {
  firstName: string | null;
  lastName: string | null;
  /** First and last name, or the only name that the person has. */
  fullName: string;
  /** The first one is the primary address. */
  emails: string[];
  phone: string | null;
  mobile: string | null;
  title: string | null;
  department: string | null;
  company: string;
  street: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
  /** ISO 3166-1 alpha-2. */
  countryCode: string | null;
  website: string | null;
  description: string | null;
  source: string | null;
  lifecycle: (typeof LIFECYCLES)[number];
  doNotContact: boolean;
  owner: number | null;
  /** Milliseconds since the epoch, whole seconds. */
  createdAt: number;
  updatedAt: number;
}

export interface SeedLead {
  subject: string;
  /** Index into people: the person of the lead. */
  person: number;
  source: string | null;
  status: (typeof LEAD_STATUSES)[number];
  rating: (typeof RATINGS)[number];
  /** In whole units of `currency`. */
  value: number | null;
  currency: "EUR" | "USD";
  description: string | null;
  owner: number | null;
  createdAt: number;
  updatedAt: number;
}

export interface SeedMeeting {
  title: string;
  description: string | null;
  notes: string | null;
  /** Milliseconds since the epoch; for an all-day meeting, UTC midnight of its first day. */
  start: number;
  /** Exclusive end; for an all-day meeting, UTC midnight of the day after its last. */
  end: number;
  allDay: boolean;
  location: string | null;
  videoUrl: string | null;
  status: (typeof MEETING_STATUSES)[number];
  /** Indexes into people; never empty for meetings without a lead. */
  people: number[];
  /** Index into leads. */
  lead: number | null;
  owner: number;
  createdAt: number;
  updatedAt: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The start of the accounts' history. Fixed, so that the data does not depend on today's date. */
const HISTORY_START = Date.UTC(2026, 0, 5, 8, 0, 0);

export interface SeedSize {
  people: number;
  leads: number;
  meetings: number;
  /** The number of people of a meeting without a lead. By default one or two. */
  peopleOfMeeting?: number;
}

const DEFAULT_SIZE: SeedSize = { people: 1000, leads: 300, meetings: 200 };

/**
 * In the account `dense`, every person has three leads and four or five meetings, so that pages of linked records are full.
 * The account `small` is read to its end in a few pages.
 */
const SIZES = new Map<string, SeedSize>([
  ["dense", { people: 600, leads: 1800, meetings: 600, peopleOfMeeting: 5 }],
  ["small", { people: 20, leads: 15, meetings: 20 }],
]);

export function seedAccount(account: string, size: SeedSize = SIZES.get(account) ?? DEFAULT_SIZE): Seed {
  const random = new Random(`crmesh:${account}`);
  const owners = [
    owner("Olivia", "Owner", "olivia@example.com"),
    owner("Peter", "Pan", "peter@example.com"),
    owner("Renée", "Zellweger", "renee@example.com"),
    owner("Sam", "Sales", "sam@example.com"),
  ];
  const people = Array.from({ length: size.people }, (_, index) => person(random, index, owners.length));
  const leads = Array.from({ length: size.leads }, (_, index) => lead(random, index, size.people, owners.length));
  const meetings = Array.from({ length: size.meetings }, (_, index) => meeting(random, index, size, owners.length));
  return { owners, companies: [...new Set(people.map(({ company }) => company))], people, leads, meetings };
}

function owner(firstName: string, lastName: string, email: string): SeedOwner {
  return { firstName, lastName, fullName: `${firstName} ${lastName}`, email };
}

function person(random: Random, index: number, owners: number): SeedPerson {
  // One person in 20 has no first name, and another one in 20 no last name, as in real address books.
  const firstName = index % 20 === 7 ? null : random.pick(FIRST_NAMES);
  const lastName = index % 20 === 13 ? null : random.pick(LAST_NAMES);
  const mailbox = `${ascii(firstName)}.${ascii(lastName)}.${index}`;
  const emails = index % 25 === 3 ? [] : [`${mailbox}@example.com`];
  if (emails.length > 0 && index % 10 === 4) emails.push(`${mailbox}@private.example`, `${mailbox}@old.example`);
  const place = random.chance(0.7) ? random.pick(PLACES) : null;
  const createdAt = HISTORY_START + index * 3 * HOUR + random.integer(0, 3600) * SECOND;
  return {
    firstName,
    lastName,
    fullName: [firstName, lastName].filter((part) => part !== null).join(" "),
    emails,
    phone: random.chance(0.7) ? `+1 617 555 ${String(index).padStart(4, "0")}` : null,
    mobile: random.chance(0.5) ? `+49 151 555${String(index).padStart(5, "0")}` : null,
    title: random.chance(0.8) ? random.pick(TITLES) : null,
    department: random.chance(0.5) ? random.pick(DEPARTMENTS) : null,
    company: random.pick(COMPANIES),
    street: place ? `${random.integer(1, 200)} Main St` : null,
    city: place?.city ?? null,
    state: place?.state ?? null,
    postalCode: place?.postalCode ?? null,
    country: place?.country ?? null,
    countryCode: place?.countryCode ?? null,
    website: random.chance(0.3) ? `https://www.example.com/${index}` : null,
    description: random.chance(0.3) ? `Met at the fair.\nLikes "quotes" & <angles>.` : null,
    source: random.chance(0.6) ? random.pick(SOURCES) : null,
    lifecycle: random.pick(LIFECYCLES),
    doNotContact: random.chance(0.1),
    owner: random.chance(0.9) ? random.integer(0, owners - 1) : null,
    createdAt,
    updatedAt: createdAt + random.integer(0, 20) * DAY,
  };
}

function lead(random: Random, index: number, people: number, owners: number): SeedLead {
  const createdAt = HISTORY_START + index * 10 * HOUR + random.integer(0, 3600) * SECOND;
  return {
    subject: `${random.pick(SUBJECTS)} ${index}`,
    // Some people have several leads, and many people have no lead.
    person: (index * 7) % people,
    source: random.chance(0.6) ? random.pick(SOURCES) : null,
    status: random.pick(LEAD_STATUSES),
    rating: random.pick(RATINGS),
    value: random.chance(0.6) ? random.integer(1, 500) * 100 : null,
    currency: "USD",
    description: random.chance(0.4) ? "Asked for a quote – wants «soon»." : null,
    owner: random.chance(0.9) ? random.integer(0, owners - 1) : null,
    createdAt,
    updatedAt: createdAt + random.integer(0, 20) * DAY,
  };
}

/** Starts that reveal time-zone mistakes: late evenings, and the nights of clock changes in Europe and America. */
const AWKWARD_STARTS = [
  Date.UTC(2026, 2, 8, 6, 30), // America springs forward
  Date.UTC(2026, 2, 29, 0, 30), // Europe springs forward
  Date.UTC(2026, 9, 25, 0, 30), // Europe falls back
  Date.UTC(2026, 10, 1, 5, 30), // America falls back
  Date.UTC(2026, 5, 30, 23, 30), // across midnight UTC and a month's end
];

function meeting(random: Random, index: number, size: SeedSize, owners: number): SeedMeeting {
  const allDay = index % 15 === 9;
  const day = Date.UTC(2026, 1, 2) + index * DAY;
  const start = allDay
    ? day
    : index % 20 < AWKWARD_STARTS.length
      ? AWKWARD_STARTS[index % 20]! + Math.floor(index / 20) * 7 * DAY
      : day + random.integer(7, 20) * HOUR + random.pick([0, 15, 30]) * MINUTE;
  const length = allDay ? random.integer(1, 3) * DAY : random.pick([30, 45, 60, 90]) * MINUTE;
  const withLead = index % 8 === 5;
  // At most two people per meeting, so that a page of 50 meetings has at most 100 different people.
  const step = size.peopleOfMeeting ?? 2;
  const people = withLead ? [] : [(index * step) % size.people];
  if (!withLead && (size.peopleOfMeeting !== undefined || random.chance(0.5))) {
    for (let more = 1; more < step; more += 1) people.push((index * step + more) % size.people);
  }
  const createdAt = HISTORY_START + index * 6 * HOUR;
  return {
    title: `${random.pick(MEETING_TITLES)} ${index}`,
    description: random.chance(0.6) ? "Agenda: 1. hello 2. numbers 3. next steps" : null,
    notes: random.chance(0.3) ? "Bring the slides." : null,
    start,
    end: start + length,
    allDay,
    location: random.chance(0.5) ? "Room 4, Hauptstraße 1" : null,
    videoUrl: random.chance(0.4) ? `https://meet.example.com/${index}` : null,
    status: random.pick(["scheduled", ...MEETING_STATUSES]),
    people,
    lead: withLead ? (index * 3) % size.leads : null,
    owner: random.integer(0, owners - 1),
    createdAt,
    updatedAt: createdAt + random.integer(0, 48) * HOUR,
  };
}

function ascii(name: string | null): string {
  return (name ?? "x")
    .normalize("NFD")
    .replace(/[^a-zA-Z]/g, "")
    .toLowerCase();
}
