import type { EdgeEntry, FieldEntry, NativeRecord } from "../../contract/field-map.js";
import type { MeetingInput } from "../../contract/input.js";
import { touchesPeople } from "../../kit/adapter-kit.js";
import type { Lookup } from "../../kit/resource-rules.js";
import { objectsAt } from "../../mapping/members.js";
import { readText } from "../../mapping/json-dialect.js";
import type { Attendee, OwnerRef } from "../../contract/model.js";
import { named, shown, tableOf } from "./dialect.js";

/**
 * The participants of a meeting, each with a role (`participationtypemask`). Source: learn.microsoft.com, Dataverse
 * table reference, "Activity Party".
 */
export const PARTIES = "appointment_activity_parties";
const REQUIRED = 5;
const ORGANIZER = 7;
const PARTY = "_partyid_value";
const ABOUT = "_regardingobjectid_value";

const partiesOf = (native: NativeRecord) => objectsAt(native, PARTIES);
const maskOf = (party: NativeRecord) => Number(party["participationtypemask"]);
/** The server sets parties with other masks: the record that a meeting is about, and the meeting's owner. */
const takesPart = (party: NativeRecord) => maskOf(party) >= REQUIRED && maskOf(party) <= ORGANIZER;
const isOrganizer = (party: NativeRecord) => maskOf(party) === ORGANIZER;

export const attendees: FieldEntry<Attendee[]> = {
  reads: ["$parties"],
  read(native) {
    const guests = partiesOf(native).filter(takesPart);
    const organizers = new Set(guests.filter(isOrganizer).map((party) => readText(party[PARTY])));
    // An organizer can also be a required attendee.
    const once = Map.groupBy(guests, (party) => readText(party[PARTY]) ?? party);
    return [...once.values()].map(([party = {}]): Attendee => {
      const [id, table] = [readText(party[PARTY]), tableOf(party, PARTY)];
      // If a party lacks the name or address of a contact or user, crmesh reads the value from the contact or user.
      const unknown = table === "contact" || table === "systemuser" ? undefined : null;
      const name = shown(party, PARTY) ?? readText(party["unresolvedpartyname"]) ?? unknown;
      const email = readText(party["addressused"]) ?? unknown;
      return {
        ...(name === undefined ? {} : { name }),
        ...(email === undefined ? {} : { email }),
        contactId: table === "contact" ? id : null,
        ownerId: table === "systemuser" ? id : null,
        isOrganizer: id === null ? isOrganizer(party) : organizers.has(id),
        response: null,
      };
    });
  },
};

export const organizer: FieldEntry<OwnerRef | null> = {
  reads: ["$parties"],
  read(native) {
    const party = partiesOf(native).find((one) => isOrganizer(one) && tableOf(one, PARTY) === "systemuser");
    return party ? named(party, PARTY) : null;
  },
};

/** The contacts or leads that take part, and the contact or lead that the meeting is about. */
export const people = (table: "contact" | "lead"): EdgeEntry => ({
  reads: ["$parties", ABOUT],
  read(native) {
    const all = [...partiesOf(native).map((party) => [party, PARTY] as const), [native, ABOUT] as const];
    const of = all.filter(([record, property]) => tableOf(record, property) === table);
    return [...new Set(of.map(([record, property]) => readText(record[property])).filter((id) => id !== null))];
  },
});

/** The fields of a meeting that an update of its people depends on. */
export const PEOPLE = ["$parties", ABOUT];

/** Completes the people of a meeting, because Dataverse replaces the whole list. */
export const wholePeople: Lookup<"meeting"> = (_context, { input, native, current }) => {
  if (touchesPeople(input)) Object.assign(native, writtenPeople(current ?? {}, input));
};

/**
 * Builds the people of a meeting after a write. Dataverse replaces the whole list. So the list also has, unchanged, the
 * stored people that the input does not mention, such as users and plain addresses.
 */
function writtenPeople(current: NativeRecord, { contactIds, leadIds }: MeetingInput): NativeRecord {
  const wanted: Readonly<Record<string, readonly string[] | undefined>> = {
    ...(contactIds === undefined ? {} : { contact: contactIds ?? [] }),
    ...(leadIds === undefined ? {} : { lead: leadIds ?? [] }),
  };
  const stays = (record: NativeRecord, property: string) =>
    wanted[tableOf(record, property) ?? ""]?.includes(String(record[property])) ?? true;
  const isSomebody = (party: NativeRecord) =>
    Boolean(party[PARTY] ?? party["addressused"] ?? party["unresolvedpartyname"]);
  const kept = partiesOf(current).filter((party) => takesPart(party) && isSomebody(party) && stays(party, PARTY));
  const known = new Set(kept.map((party) => party[PARTY]));
  const again = kept.map((party) => {
    const texts = ["addressused", "unresolvedpartyname"].filter((name) => party[name]);
    return {
      ...partyOf(maskOf(party), tableOf(party, PARTY), readText(party[PARTY])),
      ...Object.fromEntries(texts.map((name) => [name, party[name]])),
    };
  });
  const added = Object.entries(wanted).flatMap(([table, ids = []]) =>
    [...new Set(ids)].filter((id) => !known.has(id)).map((id) => partyOf(REQUIRED, table, id)),
  );
  // The meeting is also about its first lead, unless the user chose another record, such as an account.
  const isAbout = readText(current[ABOUT]) !== null;
  const lead = leadIds?.[0];
  const about = isAbout && stays(current, ABOUT) ? {} : aboutOf(lead, isAbout ? tableOf(current, ABOUT) : null);
  return { [PARTIES]: [...again, ...added], ...about };
}

function aboutOf(lead: string | undefined, before: string | null): NativeRecord {
  if (lead !== undefined) return { "regardingobjectid_lead_appointment@odata.bind": `/leads(${lead})` };
  return before === null ? {} : { [`regardingobjectid_${before}_appointment`]: null };
}

function partyOf(mask: number, table: string | null, id: string | null): NativeRecord {
  // `equipment` is the only table of participants whose entity set does not have a plural name.
  const set = table === "equipment" ? table : `${table}s`;
  return { participationtypemask: mask, ...(table && id ? { [`partyid_${table}@odata.bind`]: `/${set}(${id})` } : {}) };
}
