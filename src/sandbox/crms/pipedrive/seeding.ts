import { seedAccount, type SeedLead, type SeedPerson } from "../../kit/seed.js";
import { fixedUuid } from "../../kit/uuid.js";
import { type AccountOptions, PipedriveAccount, type Row, stamp } from "./account.js";
import { addOtherActivities, meetingRow } from "./activity-rows.js";
import {
  LEAD_COLORS,
  LEAD_FIELDS,
  NOTE,
  PERSON_FIELDS,
  PERSON_LABELS,
  SCORE,
  SEGMENT,
  TOPICS,
} from "./company-fields.js";
import { EMPTY } from "./leads.js";
import { emptyPerson } from "./persons.js";

/** Makes an account with the data of `seedAccount` that Pipedrive can store. */
export function seededAccount(name: string, options: AccountOptions): PipedriveAccount {
  const account = new PipedriveAccount(name, options);
  const { owners, companies, people, leads, meetings } = seedAccount(name);
  account.personFields = PERSON_FIELDS;
  account.leadFields = LEAD_FIELDS;
  for (const [index, { fullName, email }] of owners.entries()) {
    account.users.push({ id: 21_840_001 + index, name: fullName, email, active_flag: true });
  }
  account.users.push({ id: 21_840_099, name: "Gone Again", email: "gone@example.com", active_flag: false });
  for (const [label, color] of Object.entries(LEAD_COLORS)) {
    account.leadLabels.push({ id: fixedUuid(name, label), name: label, color });
  }

  const organizations = new Map<string, number>();
  for (const company of companies) {
    const { createdAt } = people.find((person) => person.company === company)!;
    const id = account.newId();
    organizations.set(company, id);
    const row = { id, name: company, owner_id: account.me.id, add_time: stamp(createdAt), is_deleted: false };
    account.organizations.seed(String(id), { ...row, update_time: stamp(createdAt) });
  }
  const personIds = people.map((person, index) => {
    const id = account.newId();
    account.persons.seed(String(id), personRow(account, id, person, index, organizations.get(person.company)!));
    return id;
  });
  const leadIds = leads.map((lead, index) => {
    const id = fixedUuid(name, "lead", index);
    const organization = organizations.get(people[lead.person]!.company)!;
    account.leads.seed(id, leadRow(account, id, lead, index, { person: personIds[lead.person]!, organization }));
    return id;
  });
  for (const [index, meeting] of meetings.entries()) {
    if (index % 20 === 0) addOtherActivities(account, index, meeting);
    const id = account.newId();
    account.activities.seed(String(id), meetingRow(account, id, meeting, { index, people, personIds, leadIds }));
  }
  return account;
}

function personRow(
  account: PipedriveAccount,
  id: number,
  person: SeedPerson,
  index: number,
  organization: number,
): Row {
  const { firstName, lastName, emails, phone, mobile, street, city } = person;
  const numbers = [
    { value: phone, label: "work" },
    { value: mobile, label: "mobile" },
  ].filter(({ value }) => value !== null);
  const synced = {
    job_title: person.title,
    postal_address: city === null ? null : address(person, [street, city, person.country]),
    notes: person.description,
  };
  return {
    ...emptyPerson(account, id),
    name: person.fullName,
    first_name: firstName,
    last_name: lastName,
    owner_id: account.users[person.owner ?? 0]!.id,
    org_id: index % 9 === 8 ? null : organization,
    add_time: stamp(person.createdAt),
    update_time: stamp(person.updatedAt),
    emails: emails.map((value, place) => ({
      value,
      primary: place === 0,
      label: ["work", "home", "other"][place] ?? "other",
    })),
    phones: numbers.map((number, place) => ({ ...number, primary: place === 0 })),
    label_ids: index % 3 === 0 ? [PERSON_LABELS[index % 2]!.id, 7] : [],
    ...(account.contactSync ? synced : {}),
    custom_fields: {
      [NOTE.code]: index % 4 === 0 ? `Note ${index}` : null,
      [SCORE.code]: index % 5 === 0 ? index / 2 : null,
      [SEGMENT.code]: index % 6 === 0 ? 31 : null,
      [TOPICS.code]: index % 7 === 0 ? [41, 43] : null,
    },
  };
}

function address({ street, city, state, postalCode, country }: SeedPerson, parts: (string | null)[]): Row {
  return {
    value: parts.filter(Boolean).join(", "),
    country,
    admin_area_level_1: state,
    admin_area_level_2: null,
    locality: city,
    sublocality: null,
    // Pipedrive's geocoding splits a street.
    route: street?.replace(/^\d+ /, "") ?? null,
    street_number: street?.match(/^\d+/)?.[0] ?? null,
    subpremise: null,
    postal_code: postalCode,
  };
}

function leadRow(
  account: PipedriveAccount,
  id: string,
  lead: SeedLead,
  index: number,
  of: { person: number; organization: number },
): Row {
  const label = account.leadLabels.find(({ name }) => name.toLowerCase() === lead.rating);
  return {
    ...EMPTY,
    id,
    title: lead.subject,
    owner_id: account.users[lead.owner ?? 0]!.id,
    creator_id: account.me.id,
    label_ids: label ? [label.id] : [],
    // A lead can belong to an organization without a person.
    person_id: index % 60 === 59 ? null : of.person,
    organization_id: index % 4 === 3 && index % 60 !== 59 ? null : of.organization,
    source_name: lead.source ?? "Manually created",
    origin: "ManuallyCreated",
    is_archived: lead.status === "unqualified",
    was_seen: true,
    value: lead.value === null ? null : { amount: lead.value, currency: lead.currency },
    add_time: new Date(lead.createdAt).toISOString(),
    update_time: new Date(lead.updatedAt).toISOString(),
    cc_email: `${account.name}+1+lead${index}@pipedrivemail.com`,
    // Leads omit fields without a value.
    ...(index % 3 === 0 ? { [NOTE.code]: `Lead note ${index}`, [SCORE.code]: index } : {}),
    ...(index % 5 === 0 ? { [SEGMENT.code]: "32", [TOPICS.code]: "42,43" } : {}),
  };
}
