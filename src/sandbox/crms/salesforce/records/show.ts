import { badRequest } from "../errors.js";
import type { Row, Value } from "../org.js";
import type { Field } from "../schema/field.js";
import type { ObjectSchema } from "../schema/object.js";
import { recordAttributes } from "./attributes.js";
import { showValue } from "./values.js";

/** The fields that a read by id asks for; it cannot follow relations as a query does. */
export function fieldsNamed(schema: ObjectSchema, names: readonly string[]): Field[] {
  return names.map((name) => {
    const field = schema.field(name);
    if (!field) throw badRequest("INVALID_FIELD", `No such column '${name}' on sobject of type ${schema.name}`);
    return field;
  });
}

export function showRecord(
  schema: ObjectSchema,
  row: Row,
  fields: readonly Field[],
  version: string,
): Record<string, unknown> {
  const shown: Record<string, Value> = {};
  for (const field of fields) shown[field.name] = showValue(field, row[field.name]);
  return { attributes: recordAttributes(schema, String(row.Id), version), ...shown };
}
