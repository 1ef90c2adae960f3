import type { SandboxCrmOptions } from "../../kit/crm.js";
import { seedAccount, type Seed, type SeedLead, type SeedMeeting, type SeedPerson } from "../../kit/seed.js";
import { HubSpotAccount } from "./account.js";
import {
  associationType,
  CONTACT_TO_PRIMARY_COMPANY,
  LEAD_TO_PRIMARY_CONTACT,
  plainAssociation,
} from "./association-types.js";
import { LEAD_PIPELINE } from "./lead-properties.js";
import { COMPANY, CONTACT, LEAD, MEETING, type ObjectType } from "./object-types.js";
import { type Owner, ownersOf } from "./owner.js";

const TRAFFIC_SOURCE_OF: Readonly<Record<string, string>> = {
  Web: "DIRECT_TRAFFIC",
  Referral: "REFERRALS",
  "Trade Show": "OFFLINE",
  Partner: "OTHER_CAMPAIGNS",
};

/** HubSpot does not convert leads, so a converted lead of the seed is qualified here. */
const STAGE_OF: Readonly<Record<SeedLead["status"], string>> = {
  new: "new-stage-id",
  working: "attempting-stage-id",
  qualified: "qualified-stage-id",
  unqualified: "unqualified-stage-id",
  converted: "qualified-stage-id",
};

const OUTCOME_OF: Readonly<Record<SeedMeeting["status"], string>> = {
  scheduled: "SCHEDULED",
  completed: "COMPLETED",
  cancelled: "CANCELED",
  no_show: "NO_SHOW",
  rescheduled: "RESCHEDULED",
};

type SeedValues = Record<string, string | null | undefined>;

export function seededAccount(name: string, options: Pick<SandboxCrmOptions, "now" | "indexLagMs">): HubSpotAccount {
  const seed = seedAccount(name);
  const account = new HubSpotAccount(name, ownersOf(seed.owners, name), options);
  const contacts = seed.people.map((person) => put(account, CONTACT, person, contactValues(person, account.owners)));
  const leads = seed.leads.map((lead) => put(account, LEAD, lead, leadValues(lead, account.owners)));
  const meetings = seed.meetings.map((meeting) =>
    put(account, MEETING, meeting, meetingValues(meeting, account.owners)),
  );
  associate(account, seed, { contacts, leads, meetings });
  employ(account, seed, contacts);
  return account;
}

/** Of this many people, the first is at two companies, and the last has no company record but only a text. */
const KINDS_OF_EMPLOYMENT = 4;

function hasOnlyText(person: number): boolean {
  return person % KINDS_OF_EMPLOYMENT === KINDS_OF_EMPLOYMENT - 1;
}

/** Associates people with companies. A contact's text stays as it was written, whatever the company is called. */
function employ(account: HubSpotAccount, seed: Seed, contacts: readonly string[]): void {
  const companies = seed.companies.map((name, index) => {
    const at = Math.min(...seed.people.map(({ createdAt }) => createdAt));
    const domain = `${name.toLowerCase().replace(/[^a-z0-9]+/g, "")}${index}.example`;
    return { type: COMPANY, id: put(account, COMPANY, { createdAt: at, updatedAt: at }, { name, domain }) };
  });
  seed.people.forEach(({ company }, index) => {
    const contact = { type: CONTACT, id: contacts[index]! };
    const place = seed.companies.indexOf(company);
    if (hasOnlyText(index)) return;
    const other = companies[(place + 1) % companies.length]!;
    // The primary company is not the first one.
    if (index % KINDS_OF_EMPLOYMENT === 0)
      account.associations.link(contact, other, plainAssociation(CONTACT, COMPANY));
    account.associations.link(contact, companies[place]!, associationType(CONTACT_TO_PRIMARY_COMPANY));
  });
}

function put(
  account: HubSpotAccount,
  type: ObjectType,
  { createdAt, updatedAt }: { createdAt: number; updatedAt: number },
  values: SeedValues,
): string {
  const id = account.takeId(type);
  const present: Record<string, string> = {};
  for (const [property, value] of Object.entries(values)) {
    if (value) present[property] = value;
  }
  account.seed({ type, id, values: present, createdAt, updatedAt, archivedAt: null });
  return id;
}

function contactValues(person: SeedPerson, owners: readonly Owner[]): SeedValues {
  return {
    firstname: person.firstName,
    lastname: person.lastName,
    email: person.emails[0],
    hs_additional_emails: person.emails.slice(1).join(";"),
    phone: person.phone,
    mobilephone: person.mobile,
    jobtitle: person.title,
    company: person.company,
    website: person.website,
    address: person.street,
    city: person.city,
    state: person.state,
    zip: person.postalCode,
    country: person.country,
    lifecyclestage: person.lifecycle,
    hs_analytics_source: trafficSource(person.source),
    hubspot_owner_id: ownerId(owners, person.owner),
  };
}

function leadValues(lead: SeedLead, owners: readonly Owner[]): SeedValues {
  return {
    hs_lead_name: lead.subject,
    hs_lead_type: "NEW BUSINESS",
    hs_lead_label: lead.rating?.toUpperCase(),
    hs_lead_source: trafficSource(lead.source),
    hs_pipeline: LEAD_PIPELINE.id,
    hs_pipeline_stage: STAGE_OF[lead.status],
    hubspot_owner_id: ownerId(owners, lead.owner),
  };
}

/** Makes the values of a meeting. HubSpot has no all-day meetings, so they last from UTC midnight to UTC midnight. */
function meetingValues(meeting: SeedMeeting, owners: readonly Owner[]): SeedValues {
  const owner = ownerId(owners, meeting.owner);
  return {
    hs_timestamp: new Date(meeting.start).toISOString(),
    hs_meeting_title: meeting.title,
    hs_meeting_body: meeting.description && html(meeting.description),
    hs_internal_meeting_notes: meeting.notes && html(meeting.notes),
    hs_meeting_start_time: new Date(meeting.start).toISOString(),
    hs_meeting_end_time: new Date(meeting.end).toISOString(),
    hs_meeting_location: meeting.location,
    hs_meeting_external_url: meeting.videoUrl,
    hs_meeting_outcome: OUTCOME_OF[meeting.status],
    hs_attendee_owner_ids: owner,
    hubspot_owner_id: owner,
  };
}

function associate(
  { associations }: HubSpotAccount,
  seed: Seed,
  { contacts, leads, meetings }: Record<"contacts" | "leads" | "meetings", string[]>,
): void {
  const contact = (index: number) => ({ type: CONTACT, id: contacts[index]! });
  const lead = (index: number) => ({ type: LEAD, id: leads[index]! });
  seed.leads.forEach(({ person }, index) => {
    associations.link(lead(index), contact(person), associationType(LEAD_TO_PRIMARY_CONTACT));
  });
  seed.meetings.forEach((meeting, index) => {
    const from = { type: MEETING, id: meetings[index]! };
    for (const person of meeting.people) associations.link(from, contact(person), plainAssociation(MEETING, CONTACT));
    if (meeting.lead !== null) associations.link(from, lead(meeting.lead), plainAssociation(MEETING, LEAD));
  });
}

function trafficSource(source: string | null): string | undefined {
  return source === null ? undefined : TRAFFIC_SOURCE_OF[source];
}

function ownerId(owners: readonly Owner[], index: number | null): string | undefined {
  return index === null ? undefined : owners[index]?.id;
}

function html(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<p>${escaped.replaceAll("\n", "<br>")}</p>`;
}
