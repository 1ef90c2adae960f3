import { fieldKit } from "../../mapping/field-kit.js";
import { FieldProblem } from "../../contract/field-map.js";
import { jsonDialect } from "../../mapping/json-dialect.js";

export const SLUG = "odoo";
export const PROVIDER_NAME = "Odoo";

/** Odoo's values: `false` is "none" for everything but booleans, and a many2one is `[id, name]`. */
export const dialect = jsonDialect(PROVIDER_NAME, { cleared: false, readText, readDateTime, writeDateTime });

export const kit = fieldKit(dialect);

export function readText(value: unknown): string | null {
  const text: unknown = Array.isArray(value) ? value[1] : value;
  return text === false || text === null || text === undefined || text === "" ? null : String(text);
}

/** Odoo writes date-times in UTC and without a zone, which JavaScript would take for local time. */
export function readDateTime(value: unknown): string | null {
  const text = readText(value);
  if (text === null) return null;
  const date = new Date(`${text.slice(0, 19).replace(" ", "T")}Z`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** ISO 8601 is refused. */
export function writeDateTime(value: Date): string {
  return value.toISOString().slice(0, 19).replace("T", " ");
}

/** The id of a many2one's record. */
export function readReference(value: unknown): string | null {
  const id: unknown = Array.isArray(value) ? value[0] : value;
  return typeof id === "number" && id > 0 ? String(id) : null;
}

/** A many2one is `[id, name]`; an x2many is a list of ids alone. */
export function isManyToOne(value: unknown): boolean {
  return Array.isArray(value) && typeof value[1] === "string";
}

/** The ids of an x2many's records. */
export function readReferences(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The largest id that PostgreSQL's integers hold; a larger one fails the whole query it stands in. */
const MAX_ID = 2 ** 31 - 1;

/** The number of a native id; null when no Odoo record can have it. */
export function recordId(id: string): number | null {
  return /^[1-9]\d{0,9}$/.test(id) && Number(id) <= MAX_ID ? Number(id) : null;
}

/** @throws FieldProblem where no record can have the id */
export function writeReference(id: string | null, path = ""): number | false {
  if (id === null) return false;
  const number = recordId(id);
  if (number === null) throw new FieldProblem("No Odoo record has such an id.", path);
  return number;
}

/** The command that makes an x2many exactly these records. */
export function writeReferences(ids: readonly (number | false)[]) {
  return [[6, 0, ids]];
}
