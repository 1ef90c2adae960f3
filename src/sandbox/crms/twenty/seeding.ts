import { seedAccount, type Seed, type SeedMeeting, type SeedPerson } from "../../kit/seed.js";
import { fixedUuid } from "../../kit/uuid.js";
import type { ObjectName } from "./objects.js";
import { emptyComposite, emptyValues } from "./values.js";
import type { TwentyVersion } from "./version.js";
import { toMicros, Workspace } from "./workspace.js";

const RESPONSES = ["NEEDS_ACTION", "ACCEPTED", "TENTATIVE", "DECLINED"];
const STAGES: Readonly<Record<string, string>> = { qualified: "PROPOSAL", converted: "CUSTOMER" };
const MICROS_PER_UNIT = 1_000_000;

interface Stamps {
  createdAt: number;
  updatedAt: number;
}

export function seededWorkspace(account: string, now: () => number, version: TwentyVersion): Workspace {
  const seed = seedAccount(account);
  const workspace = new Workspace(account, now, version);
  const idOf = (object: ObjectName, index: string | number) => fixedUuid(account, object, index);
  const put = (object: ObjectName, id: string, { createdAt, updatedAt }: Stamps, values: Record<string, unknown>) => {
    workspace.insert(object, {
      id,
      createdAt: toMicros(createdAt),
      updatedAt: toMicros(updatedAt),
      values: { ...emptyValues(workspace.object(object)), ...values },
    });
  };
  const beginning = { createdAt: seed.people[0]!.createdAt, updatedAt: seed.people[0]!.createdAt };
  seed.owners.forEach(({ firstName, lastName, email }, index) => {
    const values = { name: { firstName, lastName }, userEmail: email, locale: "en" };
    put("workspaceMember", idOf("workspaceMember", index), beginning, values);
  });
  for (const name of seed.companies) {
    put("company", idOf("company", name), beginning, { name });
  }
  seed.people.forEach((person, index) => {
    const { city, phones, ...values } = personValues(person, idOf("company", person.company));
    const own = version.isRecent ? { phones: digitsOnly(phones) } : { phones, city };
    put("person", idOf("person", index), person, { ...values, ...own });
  });
  seed.leads.forEach((lead, index) => {
    // Twenty has no leads, only opportunities.
    const stage = STAGES[lead.status];
    if (stage === undefined) return;
    const amount =
      lead.value === null
        ? emptyComposite("CURRENCY")
        : { amountMicros: String(lead.value * MICROS_PER_UNIT), currencyCode: lead.currency };
    const pointOfContactId = idOf("person", lead.person);
    put("opportunity", idOf("opportunity", index), lead, { name: lead.subject, stage, amount, pointOfContactId });
  });
  seed.meetings.forEach((meeting, index) => {
    const calendarEventId = idOf("calendarEvent", index);
    put("calendarEvent", calendarEventId, meeting, eventValues(meeting));
    if (version.isRecent) {
      const association = { calendarEventId, calendarChannelId: fixedUuid(account, "calendarChannel", meeting.owner) };
      put("calendarChannelEventAssociation", fixedUuid(calendarEventId, "association"), meeting, association);
    }
    participantsOf(seed, meeting).forEach((participant, place) => {
      const { object, of, ...values } = participant;
      const id = fixedUuid(account, "calendarEventParticipant", index, place);
      put("calendarEventParticipant", id, meeting, { ...values, calendarEventId, [`${object}Id`]: idOf(object, of) });
    });
  });
  return workspace;
}

function personValues(person: SeedPerson, companyId: string) {
  const [primaryEmail = "", ...others] = person.emails;
  const [first, second] = [person.phone, person.mobile].filter((number) => number !== null).map(splitPhone);
  return {
    name: { firstName: person.firstName ?? "", lastName: person.lastName ?? "" },
    emails: { primaryEmail, additionalEmails: others.length > 0 ? others : null },
    phones: {
      primaryPhoneNumber: first?.number ?? "",
      primaryPhoneCountryCode: first?.countryCode ?? "",
      primaryPhoneCallingCode: first?.callingCode ?? "",
      additionalPhones: second ? [second] : null,
    },
    jobTitle: person.title ?? "",
    city: person.city ?? "",
    companyId,
  };
}

/** Recent versions store numbers without spaces. */
function digitsOnly({ primaryPhoneNumber, additionalPhones, ...codes }: ReturnType<typeof personValues>["phones"]) {
  const digits = (text: string) => text.replace(/\D/g, "");
  return {
    ...codes,
    primaryPhoneNumber: digits(primaryPhoneNumber),
    additionalPhones: additionalPhones?.map((phone) => ({ ...phone, number: digits(phone.number) })) ?? null,
  };
}

const COUNTRIES: Readonly<Record<string, string>> = { "+1": "US", "+49": "DE" };

/** Twenty stores the calling code separately. */
function splitPhone(text: string) {
  const [callingCode = "", ...rest] = text.split(" ");
  return { number: rest.join(" "), callingCode, countryCode: COUNTRIES[callingCode] ?? "" };
}

function eventValues(meeting: SeedMeeting): Record<string, unknown> {
  return {
    title: meeting.title,
    description: meeting.description ?? "",
    isFullDay: meeting.allDay,
    startsAt: toMicros(meeting.start),
    endsAt: toMicros(meeting.end),
    isCanceled: meeting.status === "cancelled",
    location: meeting.location ?? "",
    conferenceLink: { ...emptyComposite("LINKS"), primaryLinkUrl: meeting.videoUrl ?? "" },
  };
}

/** The participants of a meeting: the member whose calendar contains it, and the invited people. */
function participantsOf({ owners, people }: Seed, meeting: SeedMeeting) {
  const member = owners[meeting.owner]!;
  const organizer = {
    object: "workspaceMember" as const,
    of: meeting.owner,
    handle: member.email,
    displayName: member.fullName,
    isOrganizer: true,
    responseStatus: "ACCEPTED",
  };
  const invited = meeting.people.map((index, place) => {
    const { fullName, emails } = people[index]!;
    return {
      object: "person" as const,
      of: index,
      handle: emails[0] ?? "",
      displayName: fullName,
      isOrganizer: false,
      responseStatus: RESPONSES[(index + place) % RESPONSES.length],
    };
  });
  return [organizer, ...invited];
}
