import { badRequest } from "../errors.js";
import type { Org, Row, Value } from "../org.js";
import { Event, EventRelation } from "../schema/activities.js";
import { objectOfId } from "../schema/index.js";
import { checkRecord } from "./checks.js";
import { addChildEvent, relationsOf } from "./event-people.js";
import { changeRow, insertRow } from "./insert.js";
import { refreshLastActivity } from "./last-activity.js";

/** Saves a new or a changed relation of an event with a person; returns its id. */
export function saveEventRelation(org: Org, before: Row | null, values: Record<string, Value>): string {
  checkRecord(org, EventRelation, { ...before, ...values }, Object.keys(values));
  if (before) return String(changeRow(org, EventRelation, before, values).Id);

  const event = org.row(Event, String(values.EventId))!;
  if (event.IsChild === true) {
    throw badRequest("FIELD_INTEGRITY_EXCEPTION", "A child event cannot have relations of its own", ["EventId"]);
  }
  const personId = String(values.RelationId);
  const existing = relationsOf(org, String(event.Id)).find((relation) => relation.RelationId === personId);
  // Inviting somebody whom the event is about already makes one record of the two.
  if (existing) return String(changeRow(org, EventRelation, existing, values).Id);

  const relation = insertRow(org, EventRelation, { Status: "New", ...values });
  if (objectOfId(personId)?.name === "User") addChildEvent(org, event, personId);
  else refreshLastActivity(org, new Set([personId]));
  return String(relation.Id);
}
