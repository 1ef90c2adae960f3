import { seedAccount, type Seed, type SeedLead, type SeedMeeting, type SeedPerson } from "../../kit/seed.js";
import { ZohoAccount, type Participant, type Row } from "./account.js";
import type { ModuleName } from "./fields.js";

const SOURCE_OF: Readonly<Record<string, string>> = {
  Web: "Web Download",
  Referral: "Employee Referral",
  "Trade Show": "Trade Show",
  Partner: "Partner",
};
const STATUS_OF: Readonly<Record<SeedLead["status"], string>> = {
  new: "Not Contacted",
  working: "Contacted",
  qualified: "Pre-Qualified",
  unqualified: "Junk Lead",
  converted: "Contacted",
};
/** Zoho's ratings have other meanings than hot, warm and cold. */
const RATING_OF = { hot: "Active", warm: "Acquired", cold: "Market Failed" } as const;
/** Tags of the org. */
const TAGS = ["vip", "newsletter", "fair"];

type Values = Record<string, unknown>;

export function seededAccount(name: string, options: { now(): number; indexLagMs: number }): ZohoAccount {
  const seed = seedAccount(name);
  const account = new ZohoAccount(name, seed.owners, options);
  const firms = accountsOf(account, seed);
  const contacts = seed.people.map((person, index) =>
    put(account, "Contacts", person, {
      ...contactValues(account, person, index),
      Account_Name: firms.get(person.company),
    }),
  );
  const leads = seed.leads.map((lead, index) =>
    put(account, "Leads", lead, leadValues(account, seed, lead, index, { contacts, firms })),
  );
  seed.meetings.forEach((meeting, index) => {
    const related = meeting.lead === null ? {} : { What_Id: leads[meeting.lead] };
    const people = meeting.people.map((person) => contacts[person]!);
    const values = { ...eventValues(account, meeting, index, people), ...related };
    put(account, "Events", meeting, values, {
      relatedModule: meeting.lead === null ? null : "Leads",
      cancelled: meeting.status === "cancelled",
    });
  });
  return account;
}

function put(
  account: ZohoAccount,
  module: ModuleName,
  { createdAt, updatedAt: modifiedAt }: { createdAt: number; updatedAt: number },
  values: Values,
  more: Partial<Row> = {},
): string {
  const id = account.takeId();
  const present = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  const row = { id, values: Object.fromEntries(present), relatedModule: null, cancelled: false, createdAt, modifiedAt };
  account.records(module).seed(id, { ...row, ...more });
  return id;
}

function accountsOf(account: ZohoAccount, { companies, people }: Seed): Map<string, string> {
  const [stamps] = people as [SeedPerson];
  return new Map(companies.map((Account_Name) => [Account_Name, put(account, "Accounts", stamps, { Account_Name })]));
}

/**
 * Makes the values of a person. Zoho requires a last name, so a person without one gets the first name as last name.
 */
function personValues(account: ZohoAccount, person: SeedPerson, owner: number | null): Values {
  const { firstName, lastName, emails } = person;
  return {
    First_Name: lastName === null ? null : firstName,
    Last_Name: lastName ?? firstName ?? "Unknown",
    Email: emails[0],
    Secondary_Email: emails[1],
    Phone: person.phone,
    Mobile: person.mobile,
    Owner: ownerId(account, owner),
  };
}

function contactValues(account: ZohoAccount, person: SeedPerson, index: number): Values {
  return {
    ...personValues(account, person, person.owner),
    Title: person.title,
    Department: person.department,
    Mailing_Street: person.street,
    Mailing_City: person.city,
    Mailing_State: person.state,
    Mailing_Zip: person.postalCode,
    Mailing_Country: person.country,
    Lead_Source: sourceOf(person.source),
    Description: person.description,
    Email_Opt_Out: person.doNotContact,
    Tag: index % 9 === 0 ? [TAGS[index % TAGS.length]] : null,
    Last_Activity_Time: index % 4 === 0 ? person.updatedAt : null,
  };
}

function leadValues(
  account: ZohoAccount,
  { people }: Seed,
  lead: SeedLead,
  index: number,
  { contacts, firms }: { contacts: readonly string[]; firms: ReadonlyMap<string, string> },
): Values {
  const person = people[lead.person]!;
  const converted = {
    Converted__s: true,
    Converted_Date_Time: lead.updatedAt,
    Converted_Contact: contacts[lead.person],
    Converted_Account: firms.get(person.company),
  };
  return {
    ...personValues(account, person, lead.owner),
    Company: person.company,
    Designation: person.title,
    Street: person.street,
    City: person.city,
    State: person.state,
    Zip_Code: person.postalCode,
    Country: person.country,
    Website: person.website,
    Lead_Source: sourceOf(lead.source),
    Lead_Status: index % 30 === 0 ? null : STATUS_OF[lead.status],
    Rating: lead.rating && RATING_OF[lead.rating],
    Annual_Revenue: lead.value,
    Description: lead.description,
    Tag: index % 11 === 0 ? [TAGS[0]] : null,
    Last_Activity_Time: index % 4 === 1 ? lead.updatedAt : null,
    ...(lead.status === "converted" ? converted : {}),
  };
}

function eventValues(account: ZohoAccount, meeting: SeedMeeting, index: number, people: readonly string[]): Values {
  const { clock } = account;
  const dayOf = (instant: number) => new Date(instant).toISOString().slice(0, 10);
  const owner = ownerId(account, meeting.owner)!;
  // The days of all-day meetings begin and end in the user's time zone.
  const times = meeting.allDay
    ? {
        Start_DateTime: clock.at(dayOf(meeting.start), "00:00:00"),
        End_DateTime: clock.at(dayOf(meeting.end - 1), "23:59:59"),
      }
    : { Start_DateTime: meeting.start, End_DateTime: meeting.end };
  const participants = [
    ...people.map((id, place) => invite(account, "contact", id, place === 1 ? "accepted" : "not_known")),
    ...(index % 10 === 0 ? [invite(account, "user", owner, "accepted")] : []),
    ...(index % 14 === 0 ? [invite(account, "email", `guest.${index}@example.com`, "declined")] : []),
  ];
  return {
    Event_Title: meeting.title,
    ...times,
    All_day: meeting.allDay,
    Venue: meeting.location,
    Description: meeting.description,
    Owner: owner,
    Who_Id: people[0],
    Tag: index % 13 === 0 ? [TAGS[1]] : null,
    // Some meetings have only a contact (`Who_Id`) who is not invited.
    Participants: index % 6 === 1 ? null : participants,
  };
}

function invite(account: ZohoAccount, type: Participant["type"], participant: string, status: string): Participant {
  return { id: account.takeId(), type, participant, invited: true, status };
}

function sourceOf(source: string | null): string | null {
  return source === null ? null : SOURCE_OF[source]!;
}

/** A record without owner belongs to the connected user. */
function ownerId(account: ZohoAccount, owner: number | null): string | undefined {
  return owner === null ? account.currentUser.id : account.users[owner]?.id;
}
