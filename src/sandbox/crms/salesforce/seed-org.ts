import { seedAccount, type SeedLead, type SeedMeeting, type SeedOwner, type SeedPerson } from "../../kit/seed.js";
import { formatDate, MINUTE } from "./dates.js";
import type { Org, Row, Value } from "./org.js";
import { addChildEvent, refreshLastActivity } from "./records/event-people.js";
import { settleEventTimes } from "./records/event-times.js";
import { insertRow } from "./records/insert.js";
import { Event, EventRelation } from "./schema/activities.js";
import { Account, Group, LeadStatus, RECORD_TYPES, RecordType, User } from "./schema/company.js";
import { Contact, Lead, LEAD_STATUSES } from "./schema/people.js";

const API_USER = {
  firstName: "Integration",
  lastName: "User",
  fullName: "Integration User",
  email: "integration@example.com",
};
const TIME_ZONES = ["Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Tokyo"];

const STATUS_NAMES: Readonly<Record<SeedLead["status"], string>> = {
  new: "Open - Not Contacted",
  working: "Working - Contacted",
  qualified: "Working - Contacted",
  unqualified: "Closed - Not Converted",
  converted: "Closed - Converted",
};

/** In one of this many meetings, a second user is invited and gets a child event. */
const INVITATION_EVERY = 10;
const RESPONSES = ["Accepted", "New", "Declined"];

/** The ids of seeded records to which other records refer, by the seed's indexes. */
interface SeededIds {
  users: string[];
  queue: string;
  contacts: Row[];
  leads: Row[];
}

/** Fills a new org with the data of its account. */
export function seedOrg(org: Org): void {
  const seed = seedAccount(org.name);
  const begin = Math.min(...seed.people.map((person) => person.createdAt));
  // API calls act as this user, who owns the records that have no other owner.
  seedUser(org, API_USER, begin, {
    Id: org.userId,
    Username: `integration@${org.name}.example`,
    TimeZoneSidKey: "America/Los_Angeles",
  });
  const ids: SeededIds = {
    users: seed.owners.map((owner, index) =>
      seedUser(org, owner, begin, { TimeZoneSidKey: TIME_ZONES[index % TIME_ZONES.length]! }),
    ),
    queue: String(insertRow(org, Group, { Name: "Unassigned leads", Type: "Queue" }, by(org, begin)).Id),
    contacts: [],
    leads: [],
  };
  seedLeadStatuses(org, begin);
  for (const type of RECORD_TYPES) insertRow(org, RecordType, { ...type, IsActive: true }, by(org, begin));
  const accountIds = new Map<string, string>();
  for (const company of seed.companies) {
    accountIds.set(company, String(insertRow(org, Account, { Name: company }, by(org, begin)).Id));
  }
  for (const person of seed.people) {
    ids.contacts.push(seedContact(org, person, accountIds.get(person.company)!, ids));
  }
  for (const lead of seed.leads) ids.leads.push(seedLead(org, lead, seed.people[lead.person]!, ids));
  seed.meetings.forEach((meeting, index) => seedEvent(org, meeting, index, ids));
  refreshLastActivity(org, new Set([...ids.contacts, ...ids.leads].map((row) => String(row.Id))));
}

function seedUser(org: Org, { firstName, lastName, email }: SeedOwner, at: number, values: Record<string, Value>) {
  const names = { Username: email, FirstName: firstName, LastName: lastName, Email: email };
  return String(insertRow(org, User, { ...names, IsActive: true, ...values }, by(org, at)).Id);
}

function seedLeadStatuses(org: Org, at: number): void {
  LEAD_STATUSES.forEach((status, index) => {
    const { name, isDefault, isConverted } = status;
    const values = { ApiName: name, MasterLabel: name, SortOrder: index + 1 };
    insertRow(org, LeadStatus, { ...values, IsDefault: isDefault, IsConverted: isConverted }, by(org, at));
  });
}

function seedContact(org: Org, person: SeedPerson, accountId: string, ids: SeededIds): Row {
  const values = {
    ...nameOf(person),
    AccountId: accountId,
    Email: person.emails[0] ?? null,
    Phone: person.phone,
    MobilePhone: person.mobile,
    Title: person.title,
    Department: person.department,
    MailingStreet: person.street,
    MailingCity: person.city,
    MailingState: person.state,
    MailingPostalCode: person.postalCode,
    MailingCountry: person.country,
    LeadSource: person.source,
    Description: person.description,
    DoNotCall: person.doNotContact,
    HasOptedOutOfEmail: person.doNotContact,
    OwnerId: person.owner === null ? org.userId : ids.users[person.owner]!,
  };
  return touched(org, Contact, insertRow(org, Contact, values, by(org, person.createdAt)), person.updatedAt);
}

function seedLead(org: Org, lead: SeedLead, person: SeedPerson, ids: SeededIds): Row {
  const contact = ids.contacts[lead.person]!;
  const converted = lead.status === "converted";
  const values = {
    ...nameOf(person),
    Company: person.company,
    Title: person.title,
    Email: person.emails[0] ?? null,
    Phone: person.phone,
    MobilePhone: person.mobile,
    Website: person.website,
    Street: person.street,
    City: person.city,
    State: person.state,
    PostalCode: person.postalCode,
    Country: person.country,
    LeadSource: lead.source,
    Status: STATUS_NAMES[lead.status],
    Rating: lead.rating === null ? null : lead.rating[0]!.toUpperCase() + lead.rating.slice(1),
    AnnualRevenue: lead.value,
    Description: lead.description,
    DoNotCall: person.doNotContact,
    OwnerId: lead.owner === null ? ids.queue : ids.users[lead.owner]!,
    IsConverted: converted,
    ConvertedDate: converted ? formatDate(lead.updatedAt) : null,
    ConvertedContactId: converted ? contact.Id! : null,
    ConvertedAccountId: converted ? contact.AccountId! : null,
  };
  return touched(org, Lead, insertRow(org, Lead, values, by(org, lead.createdAt)), lead.updatedAt);
}

function seedEvent(org: Org, meeting: SeedMeeting, index: number, ids: SeededIds): void {
  const people =
    meeting.lead === null ? meeting.people.map((person) => ids.contacts[person]!) : [ids.leads[meeting.lead]!];
  const [who] = people;
  const values = {
    Subject: meeting.title,
    Description: meeting.description,
    Location: meeting.location,
    OwnerId: ids.users[meeting.owner]!,
    WhoId: who?.Id ?? null,
    AccountId: who?.AccountId ?? null,
    EventSubtype: "Event",
    ShowAs: "Busy",
    ...settleEventTimes(
      {},
      {
        IsAllDayEvent: meeting.allDay,
        StartDateTime: meeting.start,
        DurationInMinutes: (meeting.end - meeting.start) / MINUTE,
      },
    ),
  };
  const stamp = by(org, meeting.createdAt);
  const event = touched(org, Event, insertRow(org, Event, values, stamp), meeting.updatedAt);
  const eventId = String(event.Id);
  people.forEach((person, position) => {
    const isShown = org.sharedActivities || position > 0;
    if (!isShown) return;
    const status = RESPONSES[(index + position) % RESPONSES.length]!;
    const relation = { EventId: eventId, RelationId: person.Id!, IsParent: org.sharedActivities, IsInvitee: true };
    insertRow(org, EventRelation, { ...relation, Status: status }, stamp);
  });
  if (index % INVITATION_EVERY === 0) {
    const userId = ids.users[(meeting.owner + 1) % ids.users.length]!;
    insertRow(org, EventRelation, { EventId: eventId, RelationId: userId, IsInvitee: true, Status: "Accepted" }, stamp);
    addChildEvent(org, event, userId);
  }
}

/** Makes the names of a person. In Salesforce, every person has a last name, so a single name becomes the last name. */
function nameOf(person: SeedPerson): { FirstName: string | null; LastName: string } {
  if (person.lastName !== null) return { FirstName: person.firstName, LastName: person.lastName };
  return { FirstName: null, LastName: person.firstName ?? "Unknown" };
}

function by(org: Org, at: number): { at: number; userId: string } {
  return { at, userId: org.userId };
}

function touched(org: Org, schema: typeof Contact, row: Row, at: number): Row {
  const changed: Record<string, Value> = { ...row, LastModifiedDate: at, SystemModstamp: at };
  org.put(schema, changed);
  return changed;
}
