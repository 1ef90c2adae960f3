import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type CustomFieldDefinition, type CustomFieldRule } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { callMethod } from "./api.js";
import { dialect, isManyToOne, readText, writeDateTime } from "./dialect.js";
import { NEVER, type Domain } from "./query.js";

/** The requested attributes of a field, as `fields_get` answers them. */
interface ModelField {
  type: string;
  string: string;
  selection?: (readonly [value: string, label: string])[];
}

type ModelFields = Readonly<Record<string, ModelField>>;

/**
 * Mapped fields that not every database has: `mobile` is gone in recent versions, `opportunity_id` comes with the CRM
 * app, `videocall_location` with Odoo 15.
 */
export const OPTIONAL: ReadonlySet<string> = new Set(["mobile", "opportunity_id", "videocall_location"]);

/** The custom fields of a model in this database, and those of the optional ones that it has; the others are known. */
export function modelFields(caller: ProviderContext, model: string): Promise<ModelFields> {
  return caller.memo(`odoo fields ${model}`, async (context) => {
    const kwargs = { attributes: ["type", "string", "selection"] };
    const all = await callMethod<ModelFields>(context, { model, method: "fields_get", args: [], kwargs }, true);
    return Object.fromEntries(Object.entries(all).filter(([name]) => isCustom(name) || OPTIONAL.has(name)));
  });
}

/** Whether a mapped field is there; asks the database only about those that may be missing. */
export async function fieldCheck(
  context: ProviderContext,
  model: string,
  names: readonly string[],
): Promise<(name: string) => boolean> {
  if (!names.some((name) => OPTIONAL.has(name))) return () => true;
  const fields = await modelFields(context, model);
  return (name) => !OPTIONAL.has(name) || name in fields;
}

/** The domain for a database that lacks some of its fields: such a field equals nothing. */
export function withoutMissing(domain: Domain, exists: (name: string) => boolean): Domain {
  return domain.map((part) => (typeof part !== "string" && !exists(String(part[0])) ? NEVER : part));
}

const typeOf = customTypes({
  TEXT: "char text html",
  NUMBER: "integer float monetary",
  BOOLEAN: "boolean",
  DATE: "date",
  DATE_TIME: "datetime",
  SELECT: "selection",
});

/** Files would be read whole into every answer. */
const NOT_READ = new Set(["binary", "image"]);

/** The fields that the customer added, by hand or with Odoo Studio. */
export async function customFieldDefinitions(
  context: ProviderContext,
  model: string,
): Promise<CustomFieldDefinition[]> {
  return Object.entries(await modelFields(context, model))
    .filter(([name, { type }]) => isCustom(name) && !NOT_READ.has(type))
    .map(([key, { string: label, type }]) => ({ key, label, type: typeOf(type) ?? "OTHER" }));
}

export function isCustom(name: string): boolean {
  return /^x_\w+$/.test(name);
}

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
      if (typeof value !== "boolean") throw new FieldProblem("Expected true or false for this field.");
      return value;
    case "date":
      if (Number.isNaN(timeOf(value))) throw new FieldProblem("Expected a date for this field, such as 2026-11-23.");
      return String(value).slice(0, 10);
    case "datetime":
      if (Number.isNaN(timeOf(value))) throw new FieldProblem("Expected an ISO 8601 date-time for this field.");
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
  if (!Number.isFinite(number)) throw new FieldProblem("Expected a number for this field.");
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
  throw new FieldProblem(
    `Expected one of these values for this field: ${choices.map(([choice]) => choice).join(", ")}.`,
  );
}
