import type { Org, Row, Value } from "../org.js";
import type { ObjectSchema } from "../schema/object.js";

/** The user and the time of a write. The seed gives both. The API uses the caller and the clock. */
export interface Stamp {
  at: number;
  userId: string;
}

/** Adds a new record to the org without checks, which the callers make. */
export function insertRow(
  org: Org,
  schema: ObjectSchema,
  values: Record<string, Value>,
  stamp: Stamp = { at: org.now(), userId: org.userId },
): Row {
  const row: Record<string, Value> = { Id: org.ids.next(schema.keyPrefix) };
  for (const field of schema.fields) if (field.type === "boolean") row[field.name] = false;
  if (schema.field("OwnerId")) row.OwnerId = org.userId;
  Object.assign(row, withoutNulls(values), {
    CreatedDate: stamp.at,
    CreatedById: stamp.userId,
    LastModifiedDate: stamp.at,
    LastModifiedById: stamp.userId,
    SystemModstamp: stamp.at,
  });
  const whole = withFullName(schema, row);
  org.put(schema, whole);
  return whole;
}

/** Changes some fields of a record, and sets its time of change. */
export function changeRow(org: Org, schema: ObjectSchema, row: Row, values: Record<string, Value>): Row {
  const at = org.now();
  const changed = withFullName(schema, {
    ...row,
    ...values,
    LastModifiedDate: at,
    LastModifiedById: org.userId,
    SystemModstamp: at,
  });
  org.put(schema, changed);
  return changed;
}

function withFullName(schema: ObjectSchema, row: Row): Row {
  if (!schema.field("FirstName")) return row;
  const name = [row.FirstName, row.LastName].filter((part) => typeof part === "string").join(" ");
  return { ...row, Name: name };
}

function withoutNulls(values: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
