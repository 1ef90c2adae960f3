import type { Org, Row } from "../org.js";
import { Event, EventRelation } from "../schema/activities.js";
import type { ObjectSchema } from "../schema/object.js";
import { isChildOf, refreshLastActivity, relationsOf, relateWhoIds, whoIdsOf } from "./event-people.js";
import { changeRow } from "./insert.js";

/** Moves a record to the recycle bin, with the records that depend on it. */
export function deleteWithRelated(org: Org, schema: ObjectSchema, row: Row): void {
  changeRow(org, schema, row, { IsDeleted: true });
  if (schema === Event) return deleteEventParts(org, row);
  if (schema === EventRelation) return forgetRelation(org, row);
  leaveEvents(org, String(row.Id));
}

function deleteEventParts(org: Org, event: Row): void {
  const people = new Set(whoIdsOf(org, event));
  for (const relation of relationsOf(org, String(event.Id))) {
    people.add(String(relation.RelationId));
    changeRow(org, EventRelation, relation, { IsDeleted: true });
  }
  for (const child of [...org.rows(Event)]) {
    if (isChildOf(child, event)) changeRow(org, Event, child, { IsDeleted: true });
  }
  refreshLastActivity(org, people);
}

/** If the first person of an event leaves, the next person becomes its WhoId. */
function forgetRelation(org: Org, relation: Row): void {
  const event = org.row(Event, String(relation.EventId));
  if (event && event.WhoId === relation.RelationId) {
    const [next = null] = whoIdsOf(org, { ...event, WhoId: null });
    changeRow(org, Event, event, { WhoId: next });
  }
  refreshLastActivity(org, new Set([String(relation.RelationId)]));
}

/** Removes a deleted contact or lead from its events, which stay. */
function leaveEvents(org: Org, personId: string): void {
  const eventIds = new Set<string>();
  for (const event of org.rows(Event)) if (event.WhoId === personId) eventIds.add(String(event.Id));
  for (const relation of org.rows(EventRelation)) {
    if (relation.RelationId === personId) eventIds.add(String(relation.EventId));
  }
  for (const eventId of eventIds) {
    const event = org.row(Event, eventId)!;
    if (event.IsDeleted === true) continue;
    const others = whoIdsOf(org, event).filter((id) => id !== personId);
    changeRow(org, Event, event, { WhoId: others[0] ?? null });
    relateWhoIds(org, eventId, others);
    for (const relation of relationsOf(org, eventId)) {
      if (relation.RelationId === personId) changeRow(org, EventRelation, relation, { IsDeleted: true });
    }
  }
}
