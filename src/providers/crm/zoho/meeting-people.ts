import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { Attendee, AttendeeResponse } from "../../contract/model.js";
import { orFailure, touchesPeople } from "../../kit/adapter-kit.js";
import type { Lookup, PartLoader } from "../../kit/resource-rules.js";
import { readText } from "../../mapping/json-dialect.js";
import { objectsAt } from "../../mapping/members.js";
import { currentUser, rows } from "./answers.js";
import { ask } from "./api.js";
import { kit, linked } from "./dialect.js";

/** Native fields of a meeting's people: its contact, the record that it is about, and its participants. */
export const PEOPLE = ["Who_Id", "What_Id", "$se_module", "Participants"];

const RESPONSES: readonly (readonly [RegExp, AttendeeResponse])[] = [
  [/declin|not_attend/i, "DECLINED"],
  [/tentative|maybe/i, "TENTATIVE"],
  [/accept|attend/i, "ACCEPTED"],
];

const participantsOf = (native: NativeRecord) => objectsAt(native, "Participants");
const invited = (native: NativeRecord, type: string) =>
  participantsOf(native).flatMap((one) => (one["type"] === type ? (kit.idIn(one, "participant") ?? []) : []));
const aboutLead = (native: NativeRecord) => (native["$se_module"] === "Leads" ? linked(native["What_Id"]) : null);

const idsOf = (first: { id: string } | null, others: readonly string[]) => [
  ...new Set([...(first ? [first.id] : []), ...others]),
];
export const contactsOf = (native: NativeRecord) => idsOf(linked(native["Who_Id"]), invited(native, "contact"));
export const leadsOf = (native: NativeRecord) => idsOf(aboutLead(native), invited(native, "lead"));

export function attendeesOf(native: NativeRecord): Attendee[] {
  const ownerId = linked(native["Owner"])?.id;
  return participantsOf(native).map(({ type, participant, name, Email, status, invited: isInvited }) => {
    const id = readText(participant);
    const response = RESPONSES.find(([words]) => words.test(String(status)))?.[1];
    return {
      name: readText(name),
      email: readText(Email) ?? (type === "email" ? id : null),
      contactId: type === "contact" ? id : null,
      ownerId: type === "user" ? id : null,
      isOrganizer: type === "user" && id === ownerId,
      response: response ?? (isInvited === true ? "NEEDS_ACTION" : null),
    };
  });
}

/** Reads the participants of meetings whose list omits them, with one call for each meeting. */
export const participants: PartLoader = async (context, records) => {
  const lacking = records.filter((native) => !("Participants" in native));
  const found = await Promise.all(lacking.map((native) => orFailure(() => participantsAt(context, native["id"]))));
  const byRecord = new Map(lacking.map((native, index) => [native, found[index]]));
  return (native) => byRecord.get(native) ?? native["Participants"];
};

async function participantsAt(context: ProviderContext, id: unknown): Promise<unknown> {
  const query = { fields: "Participants" };
  const [found] = await ask(context, { method: "GET", path: `/Events/${String(id)}`, query }, rows);
  return found?.["Participants"] ?? [];
}

/**
 * Writes all participants, because a written list replaces the stored list. The meeting's contact (`Who_Id`) is the
 * first contact. Without a contact, the meeting is about the first lead (`What_Id`), unless it is about another record.
 */
export const withPeople: Lookup<"meeting"> = (_context, { input, native, current: before }) => {
  if (!touchesPeople(input)) return;
  const current = before ?? {};
  const contacts = input.contactIds === undefined ? contactsOf(current) : [...new Set(input.contactIds ?? [])];
  const leads = input.leadIds === undefined ? leadsOf(current) : [...new Set(input.leadIds ?? [])];
  const others = participantsOf(current).filter(({ type }) => type !== "contact" && type !== "lead");
  native["Participants"] = [
    ...others.map(({ type, participant }) => ({ type, participant })),
    ...contacts.map((participant) => ({ type: "contact", participant })),
    ...leads.map((participant) => ({ type: "lead", participant })),
  ];
  native["Who_Id"] = contacts[0] === undefined ? null : { id: contacts[0] };
  if (linked(current["What_Id"]) && !aboutLead(current)) return;
  const lead = contacts.length === 0 ? leads[0] : undefined;
  if (lead !== undefined) Object.assign(native, { What_Id: { id: lead }, $se_module: "Leads" });
  else if (aboutLead(current)) native["What_Id"] = null;
};

/**
 * Writes the days of an all-day meeting in the connected user's time zone, which is the zone of all date-times at Zoho.
 */
export const daysInOwnZone: Lookup<"meeting"> = async (caller, { native }) => {
  if (native["All_day"] !== true) return;
  const zone = await caller.memo("time zone", async (context) => {
    const request = { method: "GET", path: "/users", query: { type: "CurrentUser" } } as const;
    const { time_zone: name } = await ask(context, request, currentUser);
    return isZone(name) ? name : "UTC";
  });
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const offsetAt = (time: string) => /[+-].*/.exec(format.format(Date.parse(time)))?.[0] ?? "+00:00";
  for (const name of ["Start_DateTime", "End_DateTime"]) {
    const local = String(native[name]).slice(0, 19);
    native[name] = `${local}${offsetAt(`${local}${offsetAt(`${local}Z`)}`)}`;
  }
};

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
