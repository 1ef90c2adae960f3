import { columnOfNavigation, entityNamed, type Entity } from "./entities.js";
import { type Column, isLookup } from "./column.js";
import { noSuchProperty } from "./errors.js";
import { isReference, type Org, type Row, type Value } from "./org.js";

/** Reads one property of a row: an id where it is a lookup. */
export type Property = (row: Row) => Exclude<Value, object>;

/** The column behind a name as queries have it: lookups go by `_<column>_value`. */
export function columnOfProperty(entity: Entity, name: string): Column | undefined {
  const lookupName = /^_(\w+)_value$/.exec(name)?.[1];
  const column = entity.columns[lookupName ?? name];
  return column && isLookup(column) === (lookupName !== undefined) ? column : undefined;
}

/**
 * A property, or one at the other end of a single-valued navigation: `parentcustomerid_account/name`.
 * @throws DataverseError for a name that is none
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
  const target = column.navigation![name]!;
  const inner = propertyOf(org, entityNamed(target.split("|")[0]!), rest);
  return (row) => {
    const value = row[column.name];
    const related =
      isReference(value ?? null) && target.split("|").includes((value as { entity: string }).entity)
        ? org.get((value as { entity: string }).entity, (value as { id: string }).id)
        : undefined;
    return related ? inner(related) : null;
  };
}

/** The value of a column by its own name, as the query functions know it. */
export function attributeOf(entity: Entity, name: string): Property {
  const column = entity.columns[name];
  if (!column) {
    throw noSuchProperty(name, entity.name);
  }
  return (row) => plain(row[column.name]);
}

function plain(value: Value | undefined): Exclude<Value, object> {
  return isReference(value ?? null) ? (value as { id: string }).id : ((value as Exclude<Value, object>) ?? null);
}
