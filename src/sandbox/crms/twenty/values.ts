import { COMPOSITES, databaseJson, emptyComposite, type Composite } from "./composites.js";
import { fieldNamed, objectNamed, type Field, type ObjectDefinition, type ObjectName } from "./objects.js";
import type { Row } from "./workspace.js";

/** Reads a row by the names that filters and orders use. */

const TIMES = ["createdAt", "updatedAt", "deletedAt"] as const;

export function valueOf(row: Row, name: string): unknown {
  if (name === "id") return row.id;
  const time = TIMES.find((one) => one === name);
  return time ? row[time] : row.values[name];
}

/** The column that a path such as `name.firstName` names. */
export interface Column {
  field: Field;
  part: string | null;
  read(row: Row): unknown;
}

/** null where the object has no such column. */
export function columnAt(object: ObjectDefinition, path: readonly string[]): Column | null {
  const [name = "", part, ...rest] = path;
  const field = fieldNamed(object, name);
  if (!field || rest.length > 0) return null;
  const parts = COMPOSITES[field.type];
  if (!parts) return part === undefined ? { field, part: null, read: (row) => valueOf(row, name) } : null;
  if (part === undefined || !(part in parts)) return null;
  return { field, part, read: (row) => (valueOf(row, name) as Composite | undefined)?.[part] ?? null };
}

/** What LIKE looks at. */
export function columnText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? databaseJson(value) : String(value);
}

/** A record without values, as a create begins. */
export function emptyValues(name: ObjectName): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name: field, type, relation } of objectNamed(name).fields) {
    if (field === "id" || TIMES.some((time) => time === field)) continue;
    if (relation) {
      if (relation.kind === "MANY_TO_ONE") values[`${field}Id`] = null;
    } else if (COMPOSITES[type]) values[field] = emptyComposite(type);
    else values[field] = type === "TEXT" ? "" : type === "BOOLEAN" ? false : null;
  }
  return values;
}
