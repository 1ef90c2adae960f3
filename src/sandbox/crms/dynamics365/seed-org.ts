import { seedAccount, type Seed, type SeedMeeting, type SeedPerson } from "../../kit/seed.js";
import { moment, Org, type Reference, type Row } from "./org.js";

const HOUR = 60 * 60 * 1000;
/** UTC offsets of the owners in hours. Their all-day meetings begin at midnight of their zone. */
const OFFSETS = [0, 2, -5, 9];
const SOURCES: Readonly<Record<string, number>> = { Web: 8, Referral: 2, "Trade Show": 7, Partner: 4 };
const RATINGS = { hot: 1, warm: 2, cold: 3 };
const LEAD_STATES = {
  new: [0, 1],
  working: [0, 2],
  qualified: [0, 100000000],
  unqualified: [2, 5],
  converted: [1, 3],
} as const;
const MEETING_STATES = {
  scheduled: [3, 5],
  completed: [1, 3],
  cancelled: [2, 4],
  no_show: [1, 3],
  rescheduled: [0, 2],
} as const;

interface SeededOrg {
  org: Org;
  seed: Seed;
  users: Reference[];
  team: Reference;
  contacts: Reference[];
  leads: Reference[];
}

/** Creates the environment of an account with its data. */
export function seededOrg(name: string, now: () => number): Org {
  const org = new Org(name, now);
  const seed = seedAccount(name);
  const add = (entity: string, row: Row): Reference => {
    const id = org.newId();
    org.put(entity, { [`${entity === "appointment" ? "activity" : entity}id`]: id, ...row });
    return { entity, id };
  };
  org.put("systemuser", {
    systemuserid: org.userId,
    fullname: "# crmesh",
    internalemailaddress: "integration@example.com",
    isdisabled: false,
  });
  const users = seed.owners.map(({ firstName, lastName, fullName, email }, index) =>
    add("systemuser", {
      fullname: fullName,
      firstname: firstName,
      lastname: lastName,
      internalemailaddress: email,
      // One user has left.
      isdisabled: index === 3,
    }),
  );
  const team = add("team", { name: "Sales team" });
  const dollar = add("transactioncurrency", { currencyname: "US Dollar", isocurrencycode: "USD" });
  add("transactioncurrency", { currencyname: "Euro", isocurrencycode: "EUR" });
  const seeded: SeededOrg = { org, seed, users, team, contacts: [], leads: [] };

  const accounts = new Map(
    seed.companies.map((company) => [company, add("account", { name: company, ...stamps(seeded, null, 0, 0) })]),
  );
  seeded.contacts = seed.people.map((person, index) =>
    add("contact", {
      ...personal(person),
      department: person.department,
      company: index % 50 === 1 ? "+1 800 555 0100" : null,
      donotemail: person.doNotContact,
      donotphone: person.doNotContact || index % 40 === 2,
      leadsourcecode: person.source === null ? null : SOURCES[person.source]!,
      // A few contacts belong to another contact instead of a company.
      parentcustomerid: index % 30 === 5 ? null : accounts.get(person.company)!,
      statecode: 0,
      statuscode: 1,
      ...stamps(seeded, person.owner, person.createdAt, person.updatedAt, index % 50 === 0),
    }),
  );
  seeded.leads = seed.leads.map((lead, index) => {
    const [statecode, statuscode] = LEAD_STATES[lead.status];
    const isKnown = lead.status === "converted" ? index % 4 === 0 : index % 3 === 0;
    return add("lead", {
      ...personal(seed.people[lead.person]!),
      companyname: seed.people[lead.person]!.company,
      subject: lead.subject,
      description: lead.description,
      leadsourcecode: lead.source === null ? null : SOURCES[lead.source]!,
      leadqualitycode: lead.rating === null ? null : RATINGS[lead.rating],
      estimatedamount: lead.value,
      transactioncurrencyid: lead.value === null ? null : dollar,
      parentcontactid: isKnown ? seeded.contacts[lead.person]! : null,
      statecode,
      statuscode,
      ...stamps(seeded, lead.owner, lead.createdAt, lead.updatedAt),
    });
  });
  // Qualification creates a contact, which refers to its lead. One in four leads was qualified into an existing contact
  // instead. Then only the lead refers to the contact.
  seed.leads.forEach((lead, index) => {
    if (lead.status !== "converted" || index % 4 === 0) return;
    const row = org.get("contact", seeded.contacts[lead.person]!.id)!;
    org.put("contact", { ...row, originatingleadid: seeded.leads[index]! });
  });
  seed.meetings.forEach((meeting, index) => {
    const { id } = add("appointment", appointment(seeded, meeting));
    org.setParties(id, parties(seeded, meeting, index, id));
  });
  return org;
}

function appointment(seeded: SeededOrg, meeting: SeedMeeting): Row {
  const [statecode, statuscode] = MEETING_STATES[meeting.status];
  const shift = meeting.allDay ? OFFSETS[meeting.owner]! * HOUR : 0;
  const description =
    meeting.description === null ? null : `<div class="ck-content"><p>${meeting.description}</p></div>`;
  return {
    subject: meeting.title,
    description: meeting.status === "completed" ? description : meeting.description,
    scheduledstart: moment(meeting.start - shift),
    scheduledend: moment(meeting.end - shift),
    scheduleddurationminutes: (meeting.end - meeting.start) / 60_000,
    isalldayevent: meeting.allDay,
    location: meeting.location,
    instancetypecode: 0,
    statecode,
    statuscode,
    regardingobjectid: meeting.lead === null ? null : seeded.leads[meeting.lead]!,
    ...stamps(seeded, meeting.owner, meeting.createdAt, meeting.updatedAt),
  };
}

function parties(seeded: SeededOrg, meeting: SeedMeeting, index: number, activityId: string): Row[] {
  const owner = seeded.users[meeting.owner]!;
  const party = (mask: number, partyid: Reference | null, addressused: string | null = null): Row => ({
    activitypartyid: seeded.org.newId(),
    activityid: { entity: "appointment", id: activityId },
    participationtypemask: mask,
    partyid,
    addressused,
  });
  const guests = meeting.people.map((person, place) =>
    // Some parties show their address, and others do not.
    party(
      5 + place,
      seeded.contacts[person]!,
      index % 2 === 0 ? (seeded.seed.people[person]!.emails[0] ?? null) : null,
    ),
  );
  const lead = meeting.lead === null ? null : seeded.leads[meeting.lead]!;
  return [
    ...guests,
    ...(lead && index % 16 === 5 ? [party(5, lead)] : []),
    ...(lead ? [party(8, lead)] : []),
    ...(index % 10 === 0 ? [party(6, null, `guest${index}@outside.example`)] : []),
    ...(index % 3 === 0 ? [party(7, owner)] : []),
    // Some organizers are also required attendees.
    ...(index % 6 === 0 ? [party(5, owner)] : []),
    party(9, owner),
  ];
}

function personal(person: SeedPerson): Row {
  return {
    firstname: person.firstName,
    lastname: person.lastName,
    fullname: person.fullName,
    jobtitle: person.title,
    emailaddress1: person.emails[0] ?? null,
    emailaddress2: person.emails[1] ?? null,
    emailaddress3: person.emails[2] ?? null,
    telephone1: person.phone,
    mobilephone: person.mobile,
    websiteurl: person.website,
    description: person.description,
    address1_line1: person.street,
    address1_city: person.city,
    address1_stateorprovince: person.state,
    address1_postalcode: person.postalCode,
    address1_country: person.country,
  };
}

/** Every record has an owner: a user, a team, or the app's user that created it. */
function stamps(seeded: SeededOrg, owner: number | null, createdAt: number, updatedAt: number, ofTeam = false): Row {
  const user = owner === null ? { entity: "systemuser", id: seeded.org.userId } : seeded.users[owner]!;
  return { ownerid: ofTeam ? seeded.team : user, createdon: moment(createdAt), modifiedon: moment(updatedAt) };
}
