import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, NativeRecord } from "../../contract/field-map.js";
import type { CustomFieldType } from "../../contract/model.js";
import { ask } from "./api.js";
import type { Module } from "./dialect.js";

const TYPES: Readonly<Record<string, CustomFieldType>> = {
  ...Object.fromEntries(["text", "textarea", "email", "phone", "website", "autonumber"].map((type) => [type, "TEXT"])),
  ...Object.fromEntries(["integer", "bigint", "double", "currency", "percent"].map((type) => [type, "NUMBER"])),
  boolean: "BOOLEAN",
  date: "DATE",
  datetime: "DATE_TIME",
  picklist: "SELECT",
  multiselectpicklist: "MULTI_SELECT",
  formula: "OTHER",
};

/** What a module consists of in this org. Source: zoho.com/crm/developer/docs/api/v8, "Fields Metadata". */
export function describe(caller: ProviderContext, module: Module): Promise<readonly NativeRecord[]> {
  return caller.memo(`fields ${module}`, async (context) => {
    const { fields = [] } = await ask(context, { method: "GET", path: "/settings/fields", query: { module } });
    return fields;
  });
}

/** Those of its own fields that hold values; lookups and files are none. */
export const customFields = (module: Module) => async (context: ProviderContext) =>
  (await describe(context, module)).flatMap((field): CustomFieldDefinition[] => {
    const { api_name: key, field_label: label, data_type: type, custom_field: isCustom, json_type: json } = field;
    const known = TYPES[String(type)];
    if (isCustom !== true || !known) return [];
    const texts = known === "NUMBER" && json === "string" ? { numbersAreTexts: true as const } : {};
    return [{ key: String(key), label: String(label), type: known, ...texts }];
  });
