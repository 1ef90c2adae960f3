import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition } from "../../contract/field-map.js";
import type { CustomFieldType } from "../../contract/model.js";
import type { Domain } from "./query.js";
import { NEVER } from "./query.js";
import { callMethod } from "./api.js";

/** What `fields_get` says of a field, cut to what is asked for. */
export interface ModelField {
  type: string;
  string: string;
  selection?: (readonly [value: string, label: string])[];
}

export type ModelFields = Readonly<Record<string, ModelField>>;

/**
 * Mapped fields that not every database has: `mobile` is gone in recent versions, `opportunity_id` comes with the CRM
 * app, `videocall_location` with Odoo 15.
 */
const OPTIONAL = new Set(["mobile", "opportunity_id", "videocall_location"]);

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

const TYPES: Record<string, CustomFieldType> = {
  char: "TEXT",
  text: "TEXT",
  html: "TEXT",
  integer: "NUMBER",
  float: "NUMBER",
  monetary: "NUMBER",
  boolean: "BOOLEAN",
  date: "DATE",
  datetime: "DATE_TIME",
  selection: "SELECT",
};

/** Files would be read whole into every answer. */
const NOT_READ = new Set(["binary", "image"]);

/** The fields that the customer added, by hand or with Odoo Studio. */
export async function customFieldDefinitions(
  context: ProviderContext,
  model: string,
): Promise<CustomFieldDefinition[]> {
  return Object.entries(await modelFields(context, model))
    .filter(([name, { type }]) => isCustom(name) && !NOT_READ.has(type))
    .map(([key, { string: label, type }]) => ({ key, label, type: TYPES[type] ?? "OTHER" }));
}

export function isCustom(name: string): boolean {
  return /^x_\w+$/.test(name);
}
