import { badRequest } from "../errors.js";
import type { Org, Row, Value } from "../org.js";
import { Event, EventRelation } from "../schema/activities.js";
import { objectOfId } from "../schema/index.js";
import type { Changes } from "./changes.js";
import { checkRecord } from "./checks.js";
import * as people from "./event-people.js";
import { settleEventTimes } from "./event-times.js";
import { changeRow, insertRow } from "./insert.js";

/** Saves a new or a changed event with its relations and child events. Returns the event's id. */
export function saveEvent(org: Org, before: Row | null, changes: Changes): string {
  const times = settleEventTimes(before ?? {}, changes.values);
  const whoIdsBefore = before ? people.whoIdsOf(org, before) : [];
  const whoIds = people.wantedWhoIds(whoIdsBefore, changes.values.WhoId, changes.eventWhoIds);
  const whoId = whoIds[0] ?? null;
  const whatId = changes.values.WhatId === undefined ? (before?.WhatId ?? null) : changes.values.WhatId;
  const values = {
    ...changes.values,
    ...times,
    WhoId: whoId,
    AccountId: people.accountOf(org, whatId, whoId),
  };
  checkRecord(org, Event, { ...before, ...values }, [...Object.keys(changes.values), "WhoId"]);
  people.checkWhoIds(org, whoIds);

  const event = before
    ? changeRow(org, Event, before, values)
    : insertRow(org, Event, { EventSubtype: "Event", ...values });
  const id = String(event.Id);
  people.relateWhoIds(org, id, whoIds);
  people.updateChildEvents(org, event);
  people.refreshLastActivity(org, new Set([...whoIdsBefore, ...whoIds]));
  return id;
}

/** Saves a new or a changed relation of an event with a person. Returns the relation's id. */
export function saveEventRelation(org: Org, before: Row | null, values: Record<string, Value>): string {
  checkRecord(org, EventRelation, { ...before, ...values }, Object.keys(values));
  if (before) return String(changeRow(org, EventRelation, before, values).Id);

  const event = org.row(Event, String(values.EventId))!;
  if (event.IsChild === true) {
    throw badRequest("FIELD_INTEGRITY_EXCEPTION", "A child event cannot have relations of its own", ["EventId"]);
  }
  const personId = String(values.RelationId);
  const existing = people.relationsOf(org, String(event.Id)).find((relation) => relation.RelationId === personId);
  // A person of the event already has a relation record, which the invitation changes.
  if (existing) return String(changeRow(org, EventRelation, existing, values).Id);

  const relation = insertRow(org, EventRelation, { Status: "New", ...values });
  if (objectOfId(personId)?.name === "User") people.addChildEvent(org, event, personId);
  else people.refreshLastActivity(org, new Set([personId]));
  return String(relation.Id);
}
