import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition } from "../../contract/field-map.js";
import type { ColumnRules } from "../../kit/columns.js";
import { customTypes } from "../../kit/custom-types.js";
import { fieldList, type Field } from "./answers.js";
import { ask } from "./api.js";
import type { Module } from "./dialect.js";

const typeOf = customTypes({
  TEXT: "text textarea email phone website autonumber",
  NUMBER: "integer bigint double currency percent",
  BOOLEAN: "boolean",
  DATE: "date",
  DATE_TIME: "datetime",
  SELECT: "picklist",
  MULTI_SELECT: "multiselectpicklist",
  OTHER: "formula",
});

/** The fields of a module in this org. Source: zoho.com/crm/developer/docs/api/v8, "Fields Metadata". */
export function describe(caller: ProviderContext, module: Module): Promise<readonly Field[]> {
  return caller.memo(`fields ${module}`, async (context) => {
    return ask(context, { method: "GET", path: "/settings/fields", query: { module } }, fieldList);
  });
}

/** Parts of every record that are no fields of the layout. */
const ALWAYS_THERE = /^(\$|id$|Tag$|Participants$|Owner$)/;

/** Orgs remove fields from their modules. A query with such a field is refused, and a write leaves it out without a word. */
export const columnsOf = (module: Module): ColumnRules => ({
  definition: `fields ${module}`,
  writesSilently: true,
  async load(context) {
    const names = new Set((await describe(context, module)).map(({ api_name: name }) => name));
    const has = (column: string) => ALWAYS_THERE.test(column) || names.has(column.split(".")[0]!);
    return { has, isWritable: has };
  },
  isRefusal: ({ details }) => details.upstream?.code === "INVALID_QUERY",
});

/** Reads the org's own fields of a module that have values. Lookups and files are omitted. */
export const customFields = (module: Module) => async (context: ProviderContext) =>
  (await describe(context, module)).flatMap((field): CustomFieldDefinition[] => {
    const { api_name: key, field_label: label, data_type: type, custom_field: isCustom, json_type: json } = field;
    const known = typeOf(type);
    if (isCustom !== true || !known) return [];
    const texts = known === "NUMBER" && json === "string" ? { numbersAreTexts: true as const } : {};
    return [{ key, label, type: known, ...texts }];
  });
