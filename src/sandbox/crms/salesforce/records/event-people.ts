import { badRequest } from "../errors.js";
import type { Org, Row, Value } from "../org.js";
import { Event, EventRelation, WHO_TYPES } from "../schema/activities.js";
import { objectOfId } from "../schema/index.js";
import { Contact } from "../schema/people.js";
import { changeRow, insertRow } from "./insert.js";

const MAX_CONTACTS = 50;

/** Ties a child event to its parent. The API does not show it. */
const PARENT = "(parent)";
const CHILDS_OWN: readonly string[] = ["Id", "WhoId", "OwnerId", "IsChild", PARENT];

/** The relations of an event with contacts, leads, and invited users. */
export function relationsOf(org: Org, eventId: string): Row[] {
  return [...org.rows(EventRelation)].filter((row) => row.EventId === eventId && row.IsDeleted !== true);
}

/** The people an event is about, its WhoId first. */
export function whoIdsOf(org: Org, event: Row): string[] {
  const ids = relationsOf(org, String(event.Id))
    .filter((relation) => relation.IsParent === true)
    .map((relation) => String(relation.RelationId));
  const first = event.WhoId ?? null;
  return first === null ? ids : [String(first), ...ids.filter((id) => id !== first)];
}

/**
 * Returns the people of an event after a call: the given list, the stored people with another first person, or the
 * stored people.
 */
export function wantedWhoIds(before: string[], whoId: Value | undefined, eventWhoIds: string[] | undefined): string[] {
  if (eventWhoIds) return [...new Set(eventWhoIds)];
  if (whoId === undefined) return before;
  const others = before.slice(1).filter((id) => id !== whoId);
  return whoId === null ? others : [String(whoId), ...others];
}

/** Checks the people of an event: at most fifty contacts or one lead, and all must exist. */
export function checkWhoIds(org: Org, ids: string[]): void {
  const types = ids.map((id) => objectOfId(id)?.name ?? "");
  ids.forEach((id, index) => {
    if (!WHO_TYPES.some((type) => type === types[index])) {
      throw badRequest("MALFORMED_ID", `EventWhoIds: id value of incorrect type: ${id}`, ["EventWhoIds"]);
    }
    const found = org.find(id);
    if (!found) throw badRequest("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ["EventWhoIds"]);
    if (found.row.IsDeleted === true) throw badRequest("ENTITY_IS_DELETED", "entity is deleted", ["EventWhoIds"]);
  });
  if (ids.length > MAX_CONTACTS || (ids.length > 1 && types.includes("Lead"))) {
    throw badRequest(
      "FIELD_INTEGRITY_EXCEPTION",
      `An event can be related to up to ${MAX_CONTACTS} contacts or to one lead`,
      ["EventWhoIds"],
    );
  }
}

/** Returns the account of an event: its WhatId, or else the account of its first contact. */
export function accountOf(org: Org, whatId: Value, whoId: Value): Value {
  if (whatId !== null) return whatId;
  return typeof whoId === "string" ? (org.row(Contact, whoId)?.AccountId ?? null) : null;
}

/** Creates and deletes relation records until they match the people of the event. */
export function relateWhoIds(org: Org, eventId: string, ids: string[]): void {
  if (!org.sharedActivities) return;
  const relations = relationsOf(org, eventId);
  for (const relation of relations) {
    const wanted = relation.IsParent !== true || ids.includes(String(relation.RelationId));
    if (!wanted) changeRow(org, EventRelation, relation, { IsDeleted: true });
  }
  for (const id of ids) {
    const existing = relations.find((relation) => relation.RelationId === id);
    if (existing?.IsParent === true) continue;
    if (existing) changeRow(org, EventRelation, existing, { IsParent: true });
    else insertRow(org, EventRelation, { EventId: eventId, RelationId: id, IsParent: true, Status: "New" });
  }
}

/** Creates the event of an invited user. It is a child event, with the values of its parent. */
export function addChildEvent(org: Org, event: Row, userId: string): void {
  insertRow(
    org,
    Event,
    { ...sharedWithChildren(event), OwnerId: userId, IsChild: true, IsGroupEvent: true, [PARENT]: String(event.Id) },
    { at: Number(event.LastModifiedDate), userId: String(event.LastModifiedById) },
  );
  org.put(Event, { ...event, IsGroupEvent: true });
}

/** Copies a change of an event to the child events of its invited users. */
export function updateChildEvents(org: Org, event: Row): void {
  for (const child of [...org.rows(Event)]) {
    if (isChildOf(child, event)) org.put(Event, { ...child, ...sharedWithChildren(event) });
  }
}

export function isChildOf(child: Row, event: Row): boolean {
  return child[PARENT] === event.Id;
}

function sharedWithChildren(event: Row): Record<string, Value> {
  return Object.fromEntries(Object.entries(event).filter(([name]) => !CHILDS_OWN.includes(name)));
}

/**
 * Sets the LastActivityDate of people from their events. This does not count as a change, so no time of change is set.
 */
export function refreshLastActivity(org: Org, personIds: ReadonlySet<string>): void {
  const latest = new Map<string, string>();
  const note = (personId: unknown, event: Row | null) => {
    if (typeof personId !== "string" || !personIds.has(personId) || !event || event.IsDeleted === true) return;
    const day = String(event.ActivityDate);
    if (day > (latest.get(personId) ?? "")) latest.set(personId, day);
  };
  for (const event of org.rows(Event)) note(event.WhoId, event);
  for (const relation of org.rows(EventRelation)) {
    if (relation.IsDeleted !== true) note(relation.RelationId, org.row(Event, String(relation.EventId)));
  }
  for (const id of personIds) {
    const schema = objectOfId(id);
    const row = schema?.field("LastActivityDate") ? org.row(schema, id) : null;
    const day = latest.get(id) ?? null;
    if (schema && row && (row.LastActivityDate ?? null) !== day) org.put(schema, { ...row, LastActivityDate: day });
  }
}
