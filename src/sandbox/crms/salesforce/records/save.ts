import { badRequest, entityIsDeleted, failure, notFound } from "../errors.js";
import { toLongId } from "../ids.js";
import type { Org, Row, Value } from "../org.js";
import type { ObjectSchema } from "../schema/object.js";
import { Contact, LEAD_STATUSES } from "../schema/people.js";
import { readChanges } from "./changes.js";
import { checkDuplicates, checkRecord } from "./checks.js";
import { deleteWithRelated } from "./delete.js";
import { saveEvent, saveEventRelation } from "./save-event.js";
import { changeRow, insertRow } from "./insert.js";

export interface SaveOptions {
  /** True if the call allows a record that the duplicate rule finds. */
  allowDuplicates: boolean;
}

/** Creates a record from the JSON of a request. Returns its id. */
export function createRecord(
  org: Org,
  schema: ObjectSchema,
  record: Record<string, unknown>,
  options: SaveOptions,
): string {
  if (!schema.createable) throw notAllowed(schema, "create");
  const changes = readChanges(org, schema, record, "create");
  return org.transaction(() => {
    if (schema.name === "Event") return saveEvent(org, null, changes);
    if (schema.name === "EventRelation") return saveEventRelation(org, null, changes.values);
    const values = withDefaults(schema, changes.values);
    checkRecord(org, schema, values, Object.keys(values));
    if (schema === Contact && !options.allowDuplicates) checkDuplicates(org, values);
    return String(insertRow(org, schema, values).Id);
  });
}

export function updateRecord(
  org: Org,
  schema: ObjectSchema,
  id: string,
  record: Record<string, unknown>,
  options: SaveOptions,
): void {
  if (!schema.updateable) throw notAllowed(schema, "update");
  const before = liveRow(org, schema, id);
  const changes = readChanges(org, schema, record, "update");
  org.transaction(() => {
    if (schema.name === "Event") return saveEvent(org, before, changes);
    if (schema.name === "EventRelation") return saveEventRelation(org, before, changes.values);
    if (before.IsConverted === true)
      throw badRequest("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead");
    const after = { ...before, ...changes.values };
    checkRecord(org, schema, after, Object.keys(changes.values));
    const identityChanged = "Email" in changes.values || "LastName" in changes.values;
    if (schema === Contact && identityChanged && !options.allowDuplicates) checkDuplicates(org, after);
    return changeRow(org, schema, before, after);
  });
}

export function deleteRecord(org: Org, schema: ObjectSchema, id: string): void {
  if (!schema.deletable) throw notAllowed(schema, "delete");
  const row = liveRow(org, schema, id);
  org.transaction(() => deleteWithRelated(org, schema, row));
}

function liveRow(org: Org, schema: ObjectSchema, id: string): Row {
  const longId = toLongId(id);
  const row = longId === null ? null : org.row(schema, longId);
  if (!row) throw notFound();
  if (row.IsDeleted === true) throw entityIsDeleted();
  return row;
}

function withDefaults(schema: ObjectSchema, values: Record<string, Value>): Record<string, Value> {
  if (schema.name !== "Lead" || (values.Status ?? null) !== null) return values;
  return { ...values, Status: LEAD_STATUSES.find((status) => status.isDefault)!.name };
}

function notAllowed(schema: ObjectSchema, act: string) {
  return failure(400, "INSUFFICIENT_ACCESS_OR_READONLY", `entity type ${schema.name} does not support ${act}`);
}
