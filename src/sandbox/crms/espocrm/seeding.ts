import { seedAccount, type SeedLead, type SeedMeeting, type SeedOwner, type SeedPerson } from "../../kit/seed.js";
import { Database, systemDateTime, type Row } from "./database.js";
import { ENTITY_DEFS, type EntityType } from "./entity-defs.js";
import { dataEntry } from "./writes.js";
import type { EspoVersion } from "./version.js";

/** The user of the API key in the sandbox's credentials. */
export const API_USER_NAME = "crmesh";

const SOURCES: Readonly<Record<string, string>> = {
  Web: "Web Site",
  Referral: "Existing Customer",
  "Trade Show": "Campaign",
  Partner: "Partner",
};

/** EspoCRM has two statuses for some statuses of the seed. */
const LEAD_STATUSES: Readonly<Record<SeedLead["status"], readonly string[]>> = {
  new: ["New"],
  working: ["In Process", "Assigned"],
  qualified: ["In Process"],
  unqualified: ["Dead", "Recycled"],
  converted: ["Converted"],
};

const MEETING_STATUSES: Readonly<Record<SeedMeeting["status"], string>> = {
  scheduled: "Planned",
  rescheduled: "Planned",
  completed: "Held",
  cancelled: "Not Held",
  no_show: "Not Held",
};

const RESPONSES = ["None", "Accepted", "Declined", "Tentative"];
const DAY_MS = 24 * 60 * 60 * 1000;

interface SeededIds {
  users: string[];
  accounts: Map<string, string>;
  contacts: string[];
  leads: string[];
}

/** Creates an account with the data of its seed, at a server of this version. */
export function seededDatabase(name: string, version: EspoVersion): Database {
  const database = new Database(name, version);
  const seed = seedAccount(name);
  const begin = systemDateTime(Math.min(...seed.people.map(({ createdAt }) => createdAt)));
  const put = (entity: EntityType, values: Record<string, unknown>) => {
    const row: Row = { createdAt: begin, modifiedAt: begin, ...values, id: database.newId(), deleted: false };
    return database.put(entity, row).id;
  };
  const user = (values: Record<string, unknown>) => put("User", { isActive: true, ...values });
  user({ userName: API_USER_NAME, name: "crmesh", type: "api", ...emails(["crmesh@example.com"]) });
  user({ userName: "admin", name: "Admin", type: "admin", ...emails(["admin@example.com"]) });
  const ids: SeededIds = {
    users: seed.owners.map((owner) => user(ownerValues(owner))),
    accounts: new Map(),
    contacts: [],
    leads: [],
  };
  user({ userName: "left", name: "Larry Left", type: "regular", isActive: false, ...emails(["left@example.com"]) });
  for (const name of seed.companies) ids.accounts.set(name, put("Account", { name }));
  seed.people.forEach((person, index) => ids.contacts.push(put("Contact", contactValues(person, index, ids))));
  seed.leads.forEach((lead, index) =>
    ids.leads.push(put("Lead", leadValues(lead, seed.people[lead.person]!, index, ids))),
  );
  seed.meetings.forEach((meeting, index) => put("Meeting", meetingValues(meeting, index, ids)));
  return database;
}

function ownerValues({ fullName, email }: SeedOwner): Record<string, unknown> {
  return { userName: email, name: fullName, type: "regular", ...emails([email]) };
}

function stamps({ createdAt, updatedAt }: { createdAt: number; updatedAt: number }): Record<string, unknown> {
  return { createdAt: systemDateTime(createdAt), modifiedAt: systemDateTime(updatedAt) };
}

function emails(addresses: readonly string[]): Record<string, unknown> {
  return {
    emailAddressData: addresses.map((emailAddress, index) =>
      // Some addresses have opted out.
      dataEntry("emailAddress", { emailAddress, optOut: emailAddress.includes("@old.") }, index === 0),
    ),
  };
}

function phones({ phone, mobile }: SeedPerson): Record<string, unknown> {
  const numbers = [
    { phoneNumber: phone, type: "Office" },
    { phoneNumber: mobile, type: "Mobile" },
  ].filter(({ phoneNumber }) => phoneNumber !== null);
  return { phoneNumberData: numbers.map((entry, index) => dataEntry("phoneNumber", entry, index === 0)) };
}

function personValues(person: SeedPerson): Record<string, unknown> {
  return {
    firstName: person.firstName,
    lastName: person.lastName,
    title: person.title,
    addressStreet: person.street,
    addressCity: person.city,
    addressState: person.state,
    addressPostalCode: person.postalCode,
    addressCountry: person.country,
    doNotCall: person.doNotContact,
    ...emails(person.emails),
    ...phones(person),
  };
}

/** Every 50th contact belongs to no account, and therefore has no title. */
function contactValues(person: SeedPerson, index: number, ids: SeededIds): Record<string, unknown> {
  const isAlone = index % 50 === 11;
  return {
    ...personValues(person),
    ...stamps(person),
    ...(isAlone ? { title: null } : { accountId: ids.accounts.get(person.company) }),
    description: person.description,
    assignedUserId: person.owner === null ? null : ids.users[person.owner],
    cNote: index % 5 === 2 ? "Prefers mail" : null,
    cScore: index % 3 === 0 ? index / 2 : null,
    cInterests: index % 4 === 1 ? ENTITY_DEFS.Contact["cInterests"]!.options!.slice(0, 2) : null,
  };
}

function leadValues(lead: SeedLead, person: SeedPerson, index: number, ids: SeededIds): Record<string, unknown> {
  const words = LEAD_STATUSES[lead.status];
  const isConverted = lead.status === "converted";
  return {
    ...personValues(person),
    ...stamps(lead),
    accountName: person.company,
    website: person.website,
    status: words[index % words.length],
    source: lead.source === null ? null : SOURCES[lead.source],
    opportunityAmount: lead.value,
    opportunityAmountCurrency: lead.value === null ? null : lead.currency,
    description: lead.description,
    assignedUserId: lead.owner === null ? null : ids.users[lead.owner],
    convertedAt: isConverted ? systemDateTime(lead.updatedAt) : null,
    createdContactId: isConverted ? ids.contacts[lead.person] : null,
  };
}

function meetingValues(meeting: SeedMeeting, index: number, ids: SeededIds): Record<string, unknown> {
  const owner = ids.users[meeting.owner]!;
  const contactsIds = meeting.people.map((person) => ids.contacts[person]!);
  const leadsIds = meeting.lead === null ? [] : [ids.leads[meeting.lead]!];
  const response = (id: string, at: number) => [id, { status: RESPONSES[(index + at) % RESPONSES.length] }];
  return {
    ...stamps(meeting),
    ...parentOf(index, ids),
    name: meeting.title,
    description: meeting.description,
    joinUrl: meeting.videoUrl,
    status: MEETING_STATUSES[meeting.status],
    isAllDay: meeting.allDay,
    dateStart: systemDateTime(meeting.start),
    dateEnd: systemDateTime(meeting.end),
    ...(meeting.allDay && { dateStartDate: dayOf(meeting.start), dateEndDate: dayOf(meeting.end - DAY_MS) }),
    assignedUserId: owner,
    usersIds: [owner],
    usersColumns: { [owner]: { status: "Accepted" } },
    contactsIds,
    contactsColumns: Object.fromEntries(contactsIds.map(response)) as object,
    leadsIds,
    leadsColumns: Object.fromEntries(leadsIds.map(response)) as object,
  };
}

/** Some meetings also have a parent record. */
function parentOf(index: number, ids: SeededIds): Record<string, unknown> {
  if (index % 10 === 3) return { parentType: "Contact", parentId: ids.contacts[(index * 3) % ids.contacts.length] };
  if (index % 10 === 6) return { parentType: "Lead", parentId: ids.leads[(index * 5) % ids.leads.length] };
  if (index % 10 === 8) return { parentType: "Account", parentId: [...ids.accounts.values()][0] };
  return {};
}

function dayOf(milliseconds: number): string {
  return systemDateTime(milliseconds).slice(0, 10);
}
