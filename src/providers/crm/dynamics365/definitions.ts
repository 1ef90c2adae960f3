import type { Decoder } from "../../../upstream/answer-body.js";
import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type CustomFieldDefinition } from "../../contract/field-map.js";
import type { ColumnRules } from "../../kit/columns.js";
import { customTypes } from "../../kit/custom-types.js";
import { getDecoded } from "../../kit/rest.js";
import { readText } from "../../mapping/json-dialect.js";
import { columns, optionSet, type Label, type Option } from "./answers.js";
import { queryPath, type QueryOptions } from "./api.js";
import { custom, PROVIDER_NAME } from "./dialect.js";
import { isAbsentColumn } from "./errors.js";

/**
 * Types of columns that are custom fields. Columns that only refer to other records or repeat another column are
 * omitted.
 */
const typeOf = customTypes({
  TEXT: "String Memo",
  NUMBER: "Integer BigInt Decimal Double Money",
  BOOLEAN: "Boolean",
  DATE_TIME: "DateTime",
  SELECT: "Picklist",
  MULTI_SELECT: "MultiSelectPicklist",
});

const labelOf = (label: Label) => readText(label?.UserLocalizedLabel?.Label);

/** Source: learn.microsoft.com, "Query table definitions using the Web API". */
async function define<Answer>(
  context: ProviderContext,
  table: string,
  rest: string,
  options: QueryOptions,
  decoder: Decoder<Answer>,
): Promise<Answer> {
  const path = queryPath(`EntityDefinitions(LogicalName='${table}')/Attributes${rest}`, options);
  return getDecoded(context, path, {}, decoder);
}

interface TableColumns {
  names: ReadonlySet<string>;
  customFields: readonly CustomFieldDefinition[];
}

export const customFields = async (context: ProviderContext, table: string) =>
  (await describe(context, table)).customFields;

/** Editions, versions and administrators differ in the columns of a table. */
export const columnsOf = (table: string): ColumnRules => ({
  definition: `columns ${table}`,
  async load(context) {
    const { names } = await describe(context, table);
    // The property of a lookup is `_<column>_value`.
    return { has: (column) => names.has(/^_(\w+)_value$/.exec(column)?.[1] ?? column), isWritable: () => true };
  },
  isRefusal: isAbsentColumn,
});

function describe(caller: ProviderContext, table: string): Promise<TableColumns> {
  return caller.memo(`columns ${table}`, async (context) => {
    const ask = (rest: string, $select: string) =>
      define(context, table, rest, { $select: `LogicalName,${$select}` }, columns);
    const all = await ask("", "AttributeTypeName,DisplayName,AttributeOf,IsCustomAttribute,IsValidForRead");
    const own = all.flatMap((column): CustomFieldDefinition[] => {
      const { LogicalName: key, DisplayName, AttributeOf, IsCustomAttribute, IsValidForRead } = column;
      const type = typeOf(column.AttributeTypeName?.Value.replace(/Type$/, ""));
      const isOwn = IsCustomAttribute === true && IsValidForRead !== false;
      if (!type || !isOwn || AttributeOf || !custom.isCustom(key)) return [];
      return [{ key, type, label: labelOf(DisplayName) ?? key }];
    });
    const names = new Set(all.flatMap((column) => (column.IsValidForRead === false ? [] : column.LogicalName)));
    if (!own.some(({ type }) => type === "DATE_TIME")) return { names, customFields: own };
    const dates = await ask("/Microsoft.Dynamics.CRM.DateTimeAttributeMetadata", "DateTimeBehavior");
    const days = dates.filter(({ DateTimeBehavior }) => DateTimeBehavior?.Value === "DateOnly");
    const dayNames = new Set(days.map(({ LogicalName }) => LogicalName));
    const customFields = own.map((field): CustomFieldDefinition =>
      dayNames.has(field.key) ? { ...field, type: "DATE" } : field,
    );
    return { names, customFields };
  });
}

/**
 * Finds the option that a caller gave by its label or its number.
 * @throws FieldProblem for this input, with the existing labels
 */
export async function optionOf(
  caller: ProviderContext,
  table: string,
  column: string,
  input: string,
  text: string,
): Promise<Option> {
  const options = await caller.memo(`options ${table}.${column}`, async (context) => {
    const type = `${column === "statuscode" ? "Status" : "Picklist"}AttributeMetadata`;
    const query = { $select: "LogicalName", $expand: "OptionSet($select=Options)" };
    const rest = `(LogicalName='${column}')/Microsoft.Dynamics.CRM.${type}`;
    return (await define(context, table, rest, query, optionSet)).OptionSet?.Options ?? [];
  });
  const names = (option: Option) => [labelOf(option.Label) ?? "", String(option.Value)];
  const found = options.find((option) => names(option).some((name) => name.toLowerCase() === text.toLowerCase()));
  if (found) return found;
  const labels = options.map((option) => names(option)[0]).join(", ");
  throw new FieldProblem(`${PROVIDER_NAME} does not have this value here. Use one of: ${labels}.`, "", input);
}
