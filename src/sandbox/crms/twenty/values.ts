import { textOf } from "../../kit/json.js";
import { fieldNamed, type Field, type FieldType, type ObjectDefinition } from "./objects.js";
import type { Row } from "./workspace.js";

/** The type of a part of a composite field, which is one column of the database. */
export type PartType = "TEXT" | "NUMERIC" | "JSON";

/** The parts of the field types that have several columns. */
export const COMPOSITES: Readonly<Partial<Record<FieldType, Readonly<Record<string, PartType>>>>> = {
  FULL_NAME: { firstName: "TEXT", lastName: "TEXT" },
  EMAILS: { primaryEmail: "TEXT", additionalEmails: "JSON" },
  PHONES: {
    primaryPhoneNumber: "TEXT",
    primaryPhoneCountryCode: "TEXT",
    primaryPhoneCallingCode: "TEXT",
    additionalPhones: "JSON",
  },
  LINKS: { primaryLinkLabel: "TEXT", primaryLinkUrl: "TEXT", secondaryLinks: "JSON" },
  CURRENCY: { amountMicros: "NUMERIC", currencyCode: "TEXT" },
  ACTOR: { source: "TEXT", workspaceMemberId: "TEXT", name: "TEXT" },
  ADDRESS: {
    addressStreet1: "TEXT",
    addressStreet2: "TEXT",
    addressCity: "TEXT",
    addressPostcode: "TEXT",
    addressState: "TEXT",
    addressCountry: "TEXT",
    addressLat: "NUMERIC",
    addressLng: "NUMERIC",
  },
};

export type Composite = Record<string, unknown>;

/** Makes the value of a composite field without content. Every record has a value for its composite fields. */
export function emptyComposite(type: FieldType): Composite {
  const parts = Object.entries(COMPOSITES[type] ?? {});
  return Object.fromEntries(parts.map(([name, part]) => [name, part === "TEXT" ? "" : null]));
}

/** Writes JSON as the database does. LIKE is applied to this text. */
function databaseJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(databaseJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => one.length - other.length || (one < other ? -1 : 1));
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}: ${databaseJson(item)}`).join(", ")}}`;
}

const TIMES = ["createdAt", "updatedAt", "deletedAt"] as const;

/** Reads a row by the names that filters and orders use. */
export function valueOf(row: Row, name: string): unknown {
  if (name === "id") return row.id;
  const time = TIMES.find((one) => one === name);
  return time ? row[time] : row.values[name];
}

/** The column at a path such as `name.firstName`. */
export interface Column {
  field: Field;
  part: string | null;
  read: (row: Row) => unknown;
}

/** Null if the object has no such column. */
export function columnAt(object: ObjectDefinition, path: readonly string[]): Column | null {
  const [name = "", part, ...rest] = path;
  const field = fieldNamed(object, name);
  if (!field || rest.length > 0) return null;
  const parts = COMPOSITES[field.type];
  if (!parts) return part === undefined ? { field, part: null, read: (row) => valueOf(row, name) } : null;
  if (part === undefined || !(part in parts)) return null;
  return { field, part, read: (row) => (valueOf(row, name) as Composite | undefined)?.[part] ?? null };
}

/** Returns the text to which LIKE is applied. */
export function columnText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? databaseJson(value) : textOf(value);
}

/** Makes the initial values of a record that is created. */
export function emptyValues({ fields }: ObjectDefinition): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name: field, type, relation } of fields) {
    if (field === "id" || TIMES.some((time) => time === field)) continue;
    if (relation) {
      if (relation.kind === "MANY_TO_ONE") values[`${field}Id`] = null;
    } else if (COMPOSITES[type]) values[field] = emptyComposite(type);
    else if (type === "POSITION") values[field] = 0;
    else values[field] = type === "TEXT" || type === "TS_VECTOR" ? "" : type === "BOOLEAN" ? false : null;
  }
  return values;
}
