import type { RecordTableOptions } from "../../kit/record-table.js";
import { seedAccount, type Seed, type SeedMeeting, type SeedPerson } from "../../kit/seed.js";
import { CloseAccount } from "./account.js";
import { customFieldsOf } from "./custom-fields.js";
import { phoneAsKept, type Address, type Attendee, type ContactRow, type LeadRow } from "./rows.js";

/** The statuses of a new organization, and one status that this organization added. */
const STATUSES = ["Potential", "Interested", "Bad Fit", "Qualified", "Customer", "Nurture"];

const STATUS_OF = {
  new: "Potential",
  working: "Interested",
  qualified: "Qualified",
  unqualified: "Bad Fit",
  converted: "Customer",
} as const;

/** A meeting that was missed or moved is declined at Close. */
const MEETING_STATUS_OF = {
  scheduled: "upcoming",
  completed: "completed",
  cancelled: "canceled",
  no_show: "declined-by-lead",
  rescheduled: "declined-by-org",
} as const;

/** Number of leads without contacts. */
const WITHOUT_CONTACTS = 5;
const RESPONSES = ["noreply", "yes", "no", "maybe"] as const;

export function seededAccount(name: string, options: RecordTableOptions): CloseAccount {
  const seed = seedAccount(name);
  const account = new CloseAccount(name, options, seed.owners, STATUSES);
  const leads = seedLeads(account, seed);
  const people = seedContacts(account, seed, leads);
  seedMeetings(account, seed, leads, people);
  return account;
}

/** Adds a company for every lead of the seed, with the address of the lead's person. */
function seedLeads(account: CloseAccount, seed: Seed): LeadRow[] {
  const statusId = (label: string) => account.statuses.find((status) => status.label === label)!.id;
  const [note, score] = customFieldsOf("lead");
  const leads = seed.leads.map((lead, index): LeadRow => {
    const person = seed.people[lead.person]!;
    return {
      id: account.newId("lead"),
      name: `${person.company} ${index}`,
      statusId: statusId(STATUS_OF[lead.status]),
      description: lead.description,
      url: person.website,
      addresses: addressesOf(person, index),
      custom: index % 10 === 3 ? { [note!.id]: lead.subject, [score!.id]: index / 2 } : {},
      created: lead.createdAt * 1000 + (index % 1000),
      updated: lead.updatedAt * 1000 + (index % 1000),
    };
  });
  const first = leads[0]!;
  const empty = Array.from({ length: WITHOUT_CONTACTS }, (_, index): LeadRow => ({
    ...first,
    id: account.newId("lead"),
    name: `Nobody known ${index}`,
    statusId: statusId("Nurture"),
    addresses: [],
    custom: {},
    created: first.created - index - 1,
    updated: first.created - index - 1,
  }));
  for (const lead of [...leads, ...empty]) account.leads.seed(lead.id, lead);
  return leads;
}

function addressesOf(person: SeedPerson, index: number): Address[] {
  if (person.city === null) return [];
  return [
    {
      label: ["business", "mailing", "other"][index % 3]!,
      address_1: person.street ?? "",
      address_2: "",
      city: person.city,
      state: person.state ?? "",
      zipcode: person.postalCode ?? "",
      country: person.countryCode ?? "",
    },
  ];
}

/** Adds the contacts. Every contact belongs to a lead: the lead of this person, or another lead of the company. */
function seedContacts(account: CloseAccount, seed: Seed, leads: readonly LeadRow[]): ContactRow[] {
  const leadOf = new Map(seed.leads.map((lead, index) => [lead.person, leads[index]!]));
  const byCompany = Map.groupBy(
    seed.leads.map((lead, index) => ({ company: seed.people[lead.person]!.company, lead: leads[index]! })),
    ({ company }) => company,
  );
  const contacts = seed.people.map((person, index): ContactRow => {
    const colleagues = byCompany.get(person.company) ?? [{ lead: leads[0]! }];
    return contactOf(account, person, index, leadOf.get(index) ?? colleagues[index % colleagues.length]!.lead);
  });
  // The person of a lead is the lead's first contact.
  const isAbout = (index: number) => Number(!leadOf.has(index));
  const order = contacts.map((_, index) => index).sort((one, other) => isAbout(one) - isAbout(other) || one - other);
  for (const index of order) account.seedContact(contacts[index]!);
  return contacts;
}

function contactOf(account: CloseAccount, person: SeedPerson, index: number, lead: LeadRow): ContactRow {
  const [note] = customFieldsOf("contact");
  const phones = [
    { phone: person.phone, type: "office" },
    { phone: person.mobile, type: "mobile" },
  ];
  return {
    id: account.newId("cont"),
    leadId: lead.id,
    name: person.fullName || null,
    title: person.title,
    emails: person.emails.map((email, place) => ({ email, type: ["office", "home", "other"][place]! })),
    phones: phones.flatMap(({ phone, type }) => (phone === null ? [] : [{ phone: phoneAsKept(phone), type }])),
    urls: person.website === null ? [] : [{ url: person.website, type: "url" }],
    custom: person.description === null ? {} : { [note!.id]: person.description },
    created: person.createdAt * 1000 + (index % 1000),
    updated: person.updatedAt * 1000 + (index % 1000),
  };
}

/** Adds a meeting to every lead of its people. Close does not copy all-day meetings from calendars. */
function seedMeetings(
  account: CloseAccount,
  seed: Seed,
  leads: readonly LeadRow[],
  people: readonly ContactRow[],
): void {
  for (const [index, meeting] of seed.meetings.entries()) {
    if (meeting.allDay) continue;
    const invited =
      meeting.lead === null
        ? meeting.people.map((person) => people[person]!)
        : account.contactsOf(leads[meeting.lead]!.id).slice(0, 1);
    for (const leadId of new Set(invited.map((contact) => contact.leadId))) {
      seedMeeting(account, meeting, index, leadId, invited);
    }
  }
}

function seedMeeting(
  account: CloseAccount,
  meeting: SeedMeeting,
  index: number,
  leadId: string,
  invited: readonly ContactRow[],
): void {
  const user = account.users[meeting.owner]!;
  const id = account.newId("acti");
  const guests = invited.map(({ name, emails, leadId: own, id: contactId }, place): Attendee => ({
    name,
    email: emails[0]?.email ?? `guest.${index}@elsewhere.example`,
    status: RESPONSES[(index + place) % RESPONSES.length]!,
    // In this lead, contacts of other leads are attendees without a contact.
    contact_id: own === leadId ? contactId : null,
    user_id: null,
    is_organizer: false,
  }));
  const organizer: Attendee = {
    name: `${user.firstName} ${user.lastName}`,
    email: user.email,
    status: "yes",
    contact_id: null,
    user_id: user.id,
    is_organizer: true,
  };
  account.meetings.seed(id, {
    id,
    leadId,
    contactId: invited.find((contact) => contact.leadId === leadId)!.id,
    userId: user.id,
    title: meeting.title,
    note: meeting.description,
    userNoteHtml: meeting.notes === null ? null : `<p>${meeting.notes}</p>`,
    outcomeId: null,
    location: meeting.location,
    conferenceUrl: meeting.videoUrl,
    startsAt: meeting.start,
    endsAt: meeting.end,
    status: index % 25 === 2 ? "in-progress" : MEETING_STATUS_OF[meeting.status],
    attendees: [...guests, organizer],
    created: meeting.createdAt * 1000 + (index % 1000),
    updated: meeting.updatedAt * 1000 + (index % 1000),
  });
}
