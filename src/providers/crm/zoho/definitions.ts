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

/** Types whose values Zoho counts or computes. */
const COMPUTED: ReadonlySet<string> = new Set(["autonumber", "formula"]);

/** Reads the fields of a module that have values: the org's own, and Zoho's. Lookups and files are omitted. */
export const customFields = (module: Module) => async (context: ProviderContext) =>
  (await describe(context, module)).flatMap((field) => definitionOf(field) ?? []);

function definitionOf(field: Field): CustomFieldDefinition | null {
  const { api_name: key, field_label: label, data_type: native, custom_field: isCustom, json_type: json } = field;
  const type = typeOf(native);
  if (!type) return null;
  const options = (field.pick_list_values ?? []).map(
    (one) => [one.actual_value, one.display_value ?? one.actual_value] as const,
  );
  const isReadOnly = field.read_only === true || field.field_read_only === true || COMPUTED.has(native);
  return {
    key,
    label,
    type,
    ...(type === "NUMBER" && json === "string" && { numbersAreTexts: true as const }),
    ...(isCustom !== true && { isStandard: true }),
    ...(isReadOnly && { isReadOnly }),
    ...(options.length > 0 && { optionLabels: new Map(options) }),
  };
}
