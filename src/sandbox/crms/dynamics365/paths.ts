import { ExactNumber } from "../../kit/exact-number.js";
import { columnOfNavigation, entityNamed, type Entity } from "./entities.js";
import { type Column, isLookup } from "./column.js";
import { noSuchProperty } from "./errors.js";
import { isReference, type Org, type Row, type Value } from "./org.js";

/** Reads one property of a row. The value of a lookup is an id. */
export type Property = (row: Row) => Exclude<Value, object>;

/** Finds the column of a property name. The property of a lookup is `_<column>_value`. */
export function columnOfProperty(entity: Entity, name: string): Column | undefined {
  const lookupName = /^_(\w+)_value$/.exec(name)?.[1];
  const column = entity.columns[lookupName ?? name];
  return column && isLookup(column) === (lookupName !== undefined) ? column : undefined;
}

/**
 * Finds a property of the row, or of the row at the other end of a single-valued navigation:
 * `parentcustomerid_account/name`.
 * @throws DataverseError for an unknown name
 */
export function propertyOf(org: Org, entity: Entity, path: readonly string[]): Property {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    const column = columnOfProperty(entity, name);
    if (!column) throw noSuchProperty(name, entity.name);
    return (row) => plain(row[column.name]);
  }
  const column = columnOfNavigation(entity, name);
  if (!column) throw noSuchProperty(name, entity.name);
  const inner = propertyOf(org, entityNamed(column.navigation![name]!.split("|")[0]!), rest);
  return (row) => {
    const related = relatedRow(org, row, column, name);
    return related ? inner(related.row) : null;
  };
}

/** Finds the row at the other end of a navigation property. Null if the lookup is empty or refers to another table. */
export function relatedRow(org: Org, row: Row, column: Column, navigation: string) {
  const reference = row[column.name] ?? null;
  const targets = column.navigation![navigation]!.split("|");
  if (!isReference(reference) || !targets.includes(reference.entity)) return null;
  const related = org.get(reference.entity, reference.id);
  return related ? { entity: entityNamed(reference.entity), row: related } : null;
}

/** Reads a column by its own name, which the query functions use. */
export function attributeOf(entity: Entity, name: string): Property {
  const column = entity.columns[name];
  if (!column) throw noSuchProperty(name, entity.name);
  return (row) => plain(row[column.name]);
}

function plain(value: Value = null): Exclude<Value, object> {
  if (isReference(value)) return value.id;
  return value instanceof ExactNumber ? Number(value) : value;
}
