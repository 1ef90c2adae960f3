import { customValueReader } from "../../mapping/custom-value.js";
import { FieldProblem, type CustomFieldRule } from "../../contract/field-map.js";
import { dialect, isManyToOne, readText, writeDateTime } from "./dialect.js";
import { isCustom, type ModelField } from "./definitions.js";

const readValue = customValueReader(dialect);

/** Values are written by the type that the database says a field has, so they are converted after the map is done. */
export const customFieldRule: CustomFieldRule = {
  isCustom,
  read(value, type) {
    if (type === "DATE") return readText(value);
    if (type === "OTHER" && !isManyToOne(value)) return value === false ? null : value;
    return readValue(value, type);
  },
  write: (value) => value,
};

/**
 * The value as the field of that type takes it: Odoo answers a wrong one with an error that names no field.
 * @throws FieldProblem
 */
export function writeCustomValue(value: unknown, { type, selection }: ModelField): unknown {
  if (value === null) return false;
  switch (type) {
    case "integer":
    case "float":
    case "monetary":
      return numberFrom(value);
    case "boolean":
      if (typeof value !== "boolean") throw new FieldProblem("This field takes true or false.");
      return value;
    case "date":
      if (Number.isNaN(timeOf(value))) throw new FieldProblem("This field takes a date, such as 2026-11-23.");
      return String(value).slice(0, 10);
    case "datetime":
      if (Number.isNaN(timeOf(value))) throw new FieldProblem("This field takes an ISO 8601 date-time.");
      return writeDateTime(new Date(timeOf(value)));
    case "selection":
      return choiceFrom(value, selection ?? []);
    case "char":
    case "text":
    case "html":
      return String(value);
    default:
      throw new FieldProblem(`Fields of Odoo’s type ${type} cannot be written.`);
  }
}

function numberFrom(value: unknown): number {
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  if (!Number.isFinite(number)) throw new FieldProblem("This field takes a number.");
  return number;
}

/** A text without a zone would be taken for the local time of this process. */
function timeOf(value: unknown): number {
  const text = String(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Date.parse(text);
  return /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
}

function choiceFrom(value: unknown, choices: NonNullable<ModelField["selection"]>): string {
  if (choices.some(([choice]) => choice === value)) return String(value);
  throw new FieldProblem(`This field takes one of: ${choices.map(([choice]) => choice).join(", ")}.`);
}
