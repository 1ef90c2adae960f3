import type { ProviderContext } from "../../contract/contract.js";
import {
  FieldProblem,
  type CustomFieldDefinition,
  type CustomFieldRule,
  type NativeRecord,
} from "../../contract/field-map.js";
import type { ColumnRules } from "../../kit/columns.js";
import { customTypes } from "../../kit/custom-types.js";
import { assertWhole, customValueReader, numberToWrite } from "../../mapping/custom-value.js";
import { LongNumber } from "../../../upstream/long-number.js";
import { readText as readJsonText } from "../../mapping/json-dialect.js";
import { decoding } from "../../../upstream/answer-body.js";
import { choices, modelFields as modelFieldsAnswer } from "./answers.js";
import { callRead } from "./api.js";
import { dialect, isManyToOne, readReference, readText, recordId, writeDateTime } from "./dialect.js";
import { mayBeField } from "./errors.js";
import { NEVER, type Domain } from "./query.js";

/** The requested attributes of a field, as `fields_get` returns them. */
interface ModelField {
  type: string;
  string: string;
  /** Pairs of a value and its label. */
  selection?: readonly unknown[] | null | undefined;
  /** The model at the other end of a relation. */
  relation?: string | null | undefined;
  readonly?: boolean | undefined;
  store?: boolean | undefined;
}

type ModelFields = Readonly<Record<string, ModelField>>;

/**
 * Mapped fields that not every database has: `mobile` is gone in recent versions, `opportunity_id` comes with the CRM
 * app, `videocall_location` with Odoo 15.
 */
export const OPTIONAL: ReadonlySet<string> = new Set(["mobile", "opportunity_id", "videocall_location"]);

/** Reads the fields of a model that the user may see: those that the customer added, and Odoo's own. */
export function modelFields(caller: ProviderContext, model: string): Promise<ModelFields> {
  return caller.memo(`odoo fields ${model}`, async (context) => {
    const args = { attributes: ["type", "string", "selection", "relation", "readonly", "store"] };
    return callRead(context, { model, method: "fields_get", args }, modelFieldsAnswer);
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

/** The groups of its user decide which fields of a model a connection has, and so do the version and the apps. */
export const columnsOf = (model: string): ColumnRules => ({
  definition: `odoo fields ${model}`,
  async load(context) {
    const fields = await modelFields(context, model);
    const has = (name: string) => name.split(".")[0]! in fields;
    return { has, isWritable: has };
  },
  isRefusal: mayBeField,
});

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

/**
 * Types that crmesh does not read: every response would contain the whole file, or every record of the other side, or their
 * form depends on another record.
 */
const NOT_READ = new Set(["binary", "image", "one2many", "many2one_reference", "reference", "properties", "json"]);

/**
 * Odoo's own fields that crmesh does not write. A company and its people share the values of the first ones, so that a write
 * changes other records. The others decide what kind of record this is, and whether it has the address of its company.
 * Source: addons/base/models/res_partner.py of odoo/odoo (`_commercial_fields`, `_fields_sync`).
 */
const NOT_WRITTEN =
  /^(vat|company_registry|industry_id|credit_limit|property_\w+|type|is_company|company_type|message_\w+|activity_\w+)$/;

/** The fields that the customer added, by hand or with Odoo Studio, and Odoo's own that are stored. */
export async function customFieldDefinitions(
  context: ProviderContext,
  model: string,
): Promise<CustomFieldDefinition[]> {
  return Object.entries(await modelFields(context, model)).flatMap(([key, field]) => {
    const isOwn = isCustom(key);
    if (NOT_READ.has(field.type) || (!isOwn && field.store === false)) return [];
    const selection = field.type === "selection" ? decoding(() => choices(field.selection ?? [])) : [];
    return [
      {
        key,
        label: field.string,
        type: typeOf(field.type) ?? "OTHER",
        ...(!isOwn && { isStandard: true as const }),
        ...(!isWritten(key, field) && { isReadOnly: true as const }),
        ...(selection.length > 0 && { optionLabels: new Map(selection) }),
      },
    ];
  });
}

/** Of the written fields, those that the customer added or that have no place in the model, and that refer to a record. */
export async function customReferences(
  context: ProviderContext,
  model: string,
  native: NativeRecord,
): Promise<readonly string[]> {
  // Only a number can be a reference. The maps' own references were looked up before.
  const names = Object.keys(native).filter((name) => typeof native[name] === "number" && !MAPPED_REFERENCES.has(name));
  if (names.length === 0) return [];
  const fields = await modelFields(context, model);
  return names.filter((name) => fields[name]?.type === "many2one");
}

const MAPPED_REFERENCES: ReadonlySet<string> = new Set([
  ...["user_id", "parent_id", "partner_id", "opportunity_id"],
  ...["country_id", "state_id", "source_id", "stage_id", "company_id"],
]);

export function isWritten(key: string, field: ModelField): boolean {
  return field.readonly !== true && (isCustom(key) || !NOT_WRITTEN.test(key));
}

function isCustom(name: string): boolean {
  return /^x_\w+$/.test(name);
}

const readValue = customValueReader(dialect);

/** Other names of what the maps hold: what Odoo makes of it, and the parts of a meeting's times. */
const ALIASES = {
  ...{ display_name: "fullName", complete_name: "fullName", commercial_company_name: "company" },
  ...{ email_normalized: "emails", phone_sanitized: "phones", contact_address: "addresses" },
  ...{ start_date: "startAt", stop_date: "endAt", duration: "endAt" },
};

/**
 * `write` does not convert values. Only the database knows the type of a field, so the look-up `customValues` converts
 * them later.
 */
export const customFieldRule: CustomFieldRule = {
  isKey: (key) => /^[a-z]\w*$/.test(key),
  aliases: ALIASES,
  read(value, type) {
    if (type === "DATE") return readText(value);
    // A record that the field refers to has its id, which can be written, and its name as the label.
    if (type === "OTHER") return isManyToOne(value) ? readReference(value) : value === false ? null : value;
    return readValue(value, type);
  },
  labelOf: (value) => (isManyToOne(value) ? readText(value) : null),
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
    case "many2one":
      return idFrom(value);
    case "many2many":
      // The list replaces the linked records.
      return [[6, 0, idsFrom(value)]];
    default:
      throw new FieldProblem(`Fields of Odoo’s type ${type} cannot be written.`);
  }
}

/** The id of a linked record, as crmesh reads it. */
function idFrom(value: unknown): number {
  const id = recordId(readJsonText(value) ?? "");
  if (id === null) throw new FieldProblem("Expected the id of a record for this field, such as 7.");
  return id;
}

/** The ids of linked records, as crmesh reads them. */
function idsFrom(value: unknown): number[] {
  const ids = Array.isArray(value) ? value.map((id) => Number(readJsonText(id) ?? NaN)) : [];
  if (!Array.isArray(value) || !ids.every((id) => Number.isSafeInteger(id) && id > 0))
    throw new FieldProblem("Expected a list of ids for this field, such as [7, 9].");
  return [...new Set(ids)];
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
