import type { Org, Row, Value } from "../org.js";
import type { Field } from "../schema/field.js";
import { NAME, relationTarget } from "../schema/index.js";
import type { ObjectSchema } from "../schema/object.js";
import type { FoundRecord } from "../org.js";
import type { ColumnName } from "./parser.js";
import { invalidField, noSuchColumn } from "./errors.js";

/** Maximum number of relations that SOQL follows in one column. */
const MAX_RELATIONS = 5;

/** A column of a query with the fields that it means. */
export interface BoundColumn {
  /** The references that lead to the record with the field. Empty for a column of the object itself. */
  relations: Field[];
  field: Field;
  at: number;
}

export function bindColumn(soql: string, schema: ObjectSchema, column: ColumnName): BoundColumn {
  let target = schema;
  const relations: Field[] = [];
  for (const part of column.parts.slice(0, -1)) {
    const relation = target.relation(part);
    if (!relation || relations.length === MAX_RELATIONS) {
      throw invalidField(soql, column.at, `Didn't understand relationship '${part}' in field path.`);
    }
    relations.push(relation);
    target = relationTarget(relation);
  }
  const name = column.parts.at(-1)!;
  const field = target.field(name);
  if (!field) throw noSuchColumn(soql, column.at, name, target.name);
  return { relations, field, at: column.at };
}

/** Returns a column's value for one record. Null if a reference is empty. */
export function columnValue(org: Org, schema: ObjectSchema, row: Row, column: BoundColumn): Value {
  let record: FoundRecord | null = { schema, row };
  for (const relation of column.relations) record = record && relatedRecord(org, record.row, relation);
  return record ? fieldValue(record, column.field) : null;
}

export function relatedRecord(org: Org, row: Row, relation: Field): FoundRecord | null {
  const id = row[relation.name];
  return typeof id === "string" ? org.find(id) : null;
}

/**
 * Reads a field of a record. A reference to several objects leads to the columns of "Name", whose Type is the record's
 * object.
 */
export function fieldValue({ schema, row }: FoundRecord, field: Field): Value {
  const isTypeOfName = field === NAME.field("Type");
  if (isTypeOfName) return schema.name === "Group" ? (row.Type ?? null) : schema.name;
  return row[field.name] ?? null;
}
