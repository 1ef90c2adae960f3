import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type CustomFieldDefinition, type CustomFieldRule } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { assertWhole, customValueReader, numberToWrite } from "../../mapping/custom-value.js";
import { LongNumber } from "../../../upstream/long-number.js";
import { readText as readJsonText } from "../../mapping/json-dialect.js";
import { decoding } from "../../../upstream/answer-body.js";
import { choices, modelFields as modelFieldsAnswer } from "./answers.js";
import { callRead } from "./api.js";
import { dialect, isManyToOne, readText, writeDateTime } from "./dialect.js";
import { NEVER, type Domain } from "./query.js";

/** The requested attributes of a field, as `fields_get` returns them. */
interface ModelField {
  type: string;
  string: string;
  /** Pairs of a value and its label. */
  selection?: readonly unknown[] | null | undefined;
}

type ModelFields = Readonly<Record<string, ModelField>>;

/**
 * Mapped fields that not every database has: `mobile` is gone in recent versions, `opportunity_id` comes with the CRM
 * app, `videocall_location` with Odoo 15.
 */
export const OPTIONAL: ReadonlySet<string> = new Set(["mobile", "opportunity_id", "videocall_location"]);

/**
 * Reads the custom fields of a model in this database, and the OPTIONAL fields that the model has here. Every database
 * has the other mapped fields.
 */
export function modelFields(caller: ProviderContext, model: string): Promise<ModelFields> {
  return caller.memo(`odoo fields ${model}`, async (context) => {
    const args = { attributes: ["type", "string", "selection"] };
    const all = await callRead(context, { model, method: "fields_get", args }, modelFieldsAnswer);
    return Object.fromEntries(Object.entries(all).filter(([name]) => isCustom(name) || OPTIONAL.has(name)));
  });
}

/**
 * Returns a function that says whether the model has a mapped field. Queries the database only if one of the fields may
 * be missing.
 */
export async function fieldCheck(
  context: ProviderContext,
  model: string,
  names: readonly string[],
): Promise<(name: string) => boolean> {
  if (!names.some((name) => OPTIONAL.has(name))) return () => true;
  const fields = await modelFields(context, model);
  return (name) => !OPTIONAL.has(name) || name in fields;
}

/** Adapts a domain to a database that lacks some of the fields. A condition on a missing field matches no record. */
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

/** Types that crmesh does not read, because every response would contain the whole file. */
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

/**
 * `write` does not convert values. Only the database knows the type of a field, so the look-up `customValues` converts
 * them later.
 */
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
 * Converts a value to the type of its field. Odoo's error for a wrong value does not name the field.
 * @throws FieldProblem
 */
export function writeCustomValue(value: unknown, { type, selection }: ModelField): unknown {
  if (value === null) return false;
  switch (type) {
    case "integer": {
      const number = checkedNumber(value);
      assertWhole(number, 32);
      return number;
    }
    case "float":
    case "monetary":
      return checkedNumber(value);
    case "boolean":
      if (typeof value !== "boolean") throw new FieldProblem("Expected true or false for this field.");
      return value;
    case "date":
      if (Number.isNaN(timeOf(value))) throw new FieldProblem("Expected a date for this field, such as 2026-11-23.");
      return readJsonText(value)!.slice(0, 10);
    case "datetime":
      if (Number.isNaN(timeOf(value))) throw new FieldProblem("Expected an ISO 8601 date-time for this field.");
      return writeDateTime(new Date(timeOf(value)));
    case "selection":
      return choiceFrom(
        value,
        decoding(() => choices(selection ?? [])),
      );
    case "char":
    case "text":
    case "html":
      return readJsonText(value) ?? "";
    default:
      throw new FieldProblem(`Fields of Odoo’s type ${type} cannot be written.`);
  }
}

function checkedNumber(value: unknown): number | LongNumber {
  const number = numberToWrite(value);
  if ((typeof number === "number" && Number.isFinite(number)) || number instanceof LongNumber) return number;
  throw new FieldProblem("Expected a number for this field.");
}

/** Parses a date, or a date-time with a time zone. JavaScript would read a date-time without a zone as local time. */
function timeOf(value: unknown): number {
  const text = String(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Date.parse(text);
  return /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
}

function choiceFrom(value: unknown, choices: readonly (readonly [value: string, label: string])[]): string {
  if (choices.some(([choice]) => choice === value)) return String(value);
  throw new FieldProblem(
    `Expected one of these values for this field: ${choices.map(([choice]) => choice).join(", ")}.`,
  );
}
