import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type EdgeEntry, type FieldEntry, type NativeRecord } from "../../contract/field-map.js";
import type { MeetingInput } from "../../contract/input.js";
import type { Attendee } from "../../contract/model.js";
import { afterwards, chunks, touchesPeople } from "../../kit/adapter-kit.js";
import type { Lookup, ResourceCalls } from "../../kit/resource-rules.js";
import { responseOf } from "../../mapping/attendee.js";
import { readText } from "../../mapping/json-dialect.js";
import { DATA_PATH, insert, patch } from "./api.js";
import { isUnknownColumn } from "./definitions.js";
import { KEY_PREFIX, longId, related } from "./dialect.js";
import type { Condition } from "./query.js";
import { RELATIONS } from "./relations.js";
import { sendWrite } from "../../kit/rest.js";
import { deletions, type Row } from "./answers.js";

/**
 * The people of an event. The column WhoId has one person. Further people and invitees are EventRelation records. With
 * Shared Activities, these records include the Who. Without Shared Activities, they do not. So crmesh reads both, and
 * keeps each person once.
 * Source: developer.salesforce.com, Object Reference, "Event" and "EventRelation".
 */

export const PEOPLE_COLUMNS = ["WhoId", RELATIONS];

export const attendees: FieldEntry<Attendee[]> = {
  reads: ["OwnerId", "Who.Name", "Who.Email", ...PEOPLE_COLUMNS],
  read(native) {
    const relations = relationsOf(native);
    const who = readText(native["WhoId"]);
    const people = relations.map((relation) => attendee(native, relation));
    if (who !== null && !relations.some(({ RelationId }) => RelationId === who)) {
      people.unshift(attendee(native, { RelationId: who, Relation: related(native, "Who") }));
    }
    return people.filter((person) => person !== null);
  },
  note: "The related contacts and leads, and the invited contacts, leads and Salesforce users.",
};

/** Null if the relation is with an account or a room and not with a person. */
function attendee(native: NativeRecord, relation: NativeRecord): Attendee | null {
  const id = String(relation["RelationId"]);
  const is = (prefix: string) => id.startsWith(prefix);
  if (!is(KEY_PREFIX.contact) && !is(KEY_PREFIX.lead) && !is(KEY_PREFIX.user)) return null;
  const person = related(relation, "Relation");
  const name = readText(person?.["Name"]);
  const email = readText(person?.["Email"]);
  // The documentation contradicts itself on whether a relation has the e-mail address of everyone. For contacts and
  // users, crmesh reads a missing address from their own record.
  const isKnownElsewhere = !is(KEY_PREFIX.lead);
  return {
    ...(name === null && isKnownElsewhere ? {} : { name }),
    ...(email === null && isKnownElsewhere ? {} : { email }),
    contactId: is(KEY_PREFIX.contact) ? id : null,
    ownerId: is(KEY_PREFIX.user) ? id : null,
    isOrganizer: id === native["OwnerId"],
    // Only an invitee can answer. Without Shared Activities, everybody is an invitee.
    response: relation["IsInvitee"] !== false ? responseOf(relation["Status"], { New: "NEEDS_ACTION" }) : null,
  };
}

function relationsOf(native: NativeRecord) {
  return (native as Row).EventRelations?.records ?? [];
}

/** The people of one kind, the event's Who first. */
function peopleOf(native: NativeRecord, keyPrefix: string): string[] {
  const ids = [native["WhoId"], ...relationsOf(native).map(({ RelationId }) => RelationId)];
  return [...new Set(ids.filter((id) => typeof id === "string" && id.startsWith(keyPrefix)))] as string[];
}

export const contacts: EdgeEntry = {
  reads: PEOPLE_COLUMNS,
  read: (native) => peopleOf(native, KEY_PREFIX.contact),
};

export const leads: EdgeEntry = { reads: PEOPLE_COLUMNS, read: (native) => peopleOf(native, KEY_PREFIX.lead) };

type People = Pick<MeetingInput, "contactIds" | "leadIds">;

/**
 * A list that an update omits stays unchanged. The Who of an event is a contact or a lead. People of the other kind can
 * only be invited, and their invitations stay.
 */
function completePeople({ contactIds, leadIds }: People, current: NativeRecord): People {
  if (contactIds !== undefined && leadIds !== undefined) return { contactIds, leadIds };
  const who = readText(current["WhoId"]);
  const kept = contactIds === undefined ? KEY_PREFIX.contact : KEY_PREFIX.lead;
  if (who === null || !who.startsWith(kept)) return { contactIds: contactIds ?? [], leadIds: leadIds ?? [] };
  const given = contactIds ?? leadIds ?? [];
  if (given.length === 0) return { contactIds: undefined, leadIds: undefined };
  return contactIds === undefined ? { contactIds: [who], leadIds: given } : { contactIds: given, leadIds: [who] };
}

/** Returns the ids of the EventRelation records of people who are not in an updated list. */
function surplusRelations({ contactIds, leadIds }: People, current: NativeRecord): string[] {
  const surplus = (ids: readonly string[] | null | undefined, keyPrefix: string) => {
    if (ids === undefined) return [];
    const kept = new Set((ids ?? []).map((id) => longId(id)));
    return relationsOf(current).filter(({ RelationId }) => {
      const id = String(RelationId);
      return id.startsWith(keyPrefix) && !kept.has(id);
    });
  };
  return [...surplus(contactIds, KEY_PREFIX.contact), ...surplus(leadIds, KEY_PREFIX.lead)].map(({ Id }) => String(Id));
}

const CONTACTS_MAX = 50;

/**
 * Returns the 18-character ids of the people that the input gives. @throws FieldProblem if an event cannot have these
 * people
 */
function wantedPeople({ contactIds, leadIds }: People): string[] {
  const contactList = checked(contactIds ?? [], "contactIds", KEY_PREFIX.contact, "contact");
  const leadList = checked(leadIds ?? [], "leadIds", KEY_PREFIX.lead, "lead");
  if (contactList.length > 0 && leadList.length > 0) {
    throw new FieldProblem(
      "A Salesforce event has either contacts or one lead. Send an empty list for the other.",
      "",
      "leadIds",
    );
  }
  if (leadList.length > 1)
    throw new FieldProblem("A Salesforce event has at most one lead. Remove the others.", "1", "leadIds");
  if (contactList.length > CONTACTS_MAX) {
    throw new FieldProblem(
      `A Salesforce event has at most ${CONTACTS_MAX} contacts. Remove the others.`,
      "",
      "contactIds",
    );
  }
  return [...contactList, ...leadList];
}

function checked(ids: readonly string[], input: string, keyPrefix: string, kind: string): string[] {
  const long = ids.map((id, index) => {
    const found = longId(id, keyPrefix);
    if (found === null) throw new FieldProblem(`Expected the id of a Salesforce ${kind}.`, String(index), input);
    return found;
  });
  return [...new Set(long)];
}

/**
 * Writes a single person of a new event as its Who, which every org has. Several people, and all updates, use
 * EventWhoIds. This list replaces the former list, and exists only with Shared Activities.
 */
export function writePeople(input: People, mode: "create" | "update"): NativeRecord {
  const ids = wantedPeople(input);
  if (mode === "update" || ids.length > 1) return { EventWhoIds: ids.length === 0 ? null : ids };
  return { WhoId: ids[0] ?? null };
}

/**
 * Completes the people of an update with the event's stored people, because the written list replaces the stored list.
 */
export const wholePeople: Lookup<"meeting"> = (_context, { input, native, current }) => {
  if (!current || !touchesPeople(input)) return;
  delete native["EventWhoIds"];
  const people = completePeople(input, current);
  if (touchesPeople(people)) Object.assign(native, writePeople(people, "update"));
};

/** Creates and updates events with their people. */
export const eventWrites: Pick<ResourceCalls<"meeting", Condition>, "create" | "update"> = {
  async create(context, native) {
    return { id: await withPeople(native, (whole) => insert(context, "meeting", whole)), record: null };
  },
  async update(context, id, native, { input, current }) {
    await withPeople(native, (whole) => patch(context, "meeting", id, whole));
    const surplus = current && touchesPeople(input) ? surplusRelations(input, current) : [];
    await afterwards(() => removeRelations(context, surplus));
    return null;
  },
};

/** Sends an event. If the org does not know EventWhoIds, the event's one person is sent as its Who. */
async function withPeople<Result>(
  native: NativeRecord,
  send: (native: NativeRecord) => Promise<Result>,
): Promise<Result> {
  try {
    return await send(native);
  } catch (error) {
    if (!("EventWhoIds" in native) || !isUnknownColumn(error, "EventWhoIds")) throw error;
    const { EventWhoIds, ...rest } = native;
    const [who = null, ...others] = (EventWhoIds ?? []) as string[];
    if (others.length > 0) {
      throw invalidInput({
        EventWhoIds: "Shared Activities is switched off in this Salesforce org, so an event has at most one person.",
      });
    }
    return send({ ...rest, WhoId: who });
  }
}

/** Maximum number of records in one collections delete, whose ids stand in the URL. Salesforce accepts 200. */
const DELETE_MAX = 150;
/** Refusals to delete a relation that the update itself has already removed. */
const ALREADY_GONE = new Set(["ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"]);

/** Deletes invitations. They are separate records, and may remain after the list of an event's people was replaced. */
async function removeRelations(context: ProviderContext, relationIds: readonly string[]): Promise<void> {
  for (const ids of chunks(relationIds, DELETE_MAX)) {
    const query = { ids: ids.join(","), allOrNone: "false" };
    const path = `${DATA_PATH}/composite/sobjects`;
    // Repeating the deletion changes nothing.
    const request = { method: "DELETE", path, query, repeatable: true } as const;
    const results = await sendWrite(context, request, { status: 200, body: deletions });
    const codes = results.flatMap(({ success, errors = [] }) =>
      success ? [] : (errors[0]?.statusCode ?? "UNKNOWN_EXCEPTION"),
    );
    const code = codes.find((one) => !ALREADY_GONE.has(one));
    if (code !== undefined) throw new CrmError("PROVIDER_ERROR", { upstream: { status: 200, code } });
  }
}
