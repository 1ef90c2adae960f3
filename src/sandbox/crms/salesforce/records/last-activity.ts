import type { Org, Row } from "../org.js";
import { Event, EventRelation } from "../schema/activities.js";
import { objectOfId } from "../schema/index.js";

/** Sets LastActivityDate of people from the events they take part in. It is no change of theirs: nothing is stamped. */
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
