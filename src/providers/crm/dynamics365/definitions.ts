import type { Decoder } from "../../../upstream/answer-body.js";
import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type CustomFieldDefinition } from "../../contract/field-map.js";
import type { ColumnRules } from "../../kit/columns.js";
import { customTypes } from "../../kit/custom-types.js";
import { getDecoded } from "../../kit/rest.js";
import { readText } from "../../mapping/json-dialect.js";
import { columns, optionSet, optionSets, type Column, type Label, type Option } from "./answers.js";
import { queryPath, type QueryOptions } from "./api.js";
import { PROVIDER_NAME } from "./dialect.js";
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

const OPTIONS = "OptionSet($select=Options),GlobalOptionSet($select=Options)";

/** Column → the labels of its options, by their numbers. Source: learn.microsoft.com, "Query table definitions". */
async function optionLabels(context: ProviderContext, table: string): Promise<ReadonlyMap<string, Labels>> {
  const kinds = ["Picklist", "MultiSelectPicklist"].map((kind) =>
    define(
      context,
      table,
      `/Microsoft.Dynamics.CRM.${kind}AttributeMetadata`,
      { $select: "LogicalName", $expand: OPTIONS },
      optionSets,
    ),
  );
  return new Map(
    (await Promise.all(kinds)).flat().map(({ LogicalName, OptionSet, GlobalOptionSet }) => {
      const options = (OptionSet ?? GlobalOptionSet)?.Options ?? [];
      return [LogicalName, new Map(options.map((one) => [String(one.Value), labelOf(one.Label) ?? String(one.Value)]))];
    }),
  );
}

type Labels = ReadonlyMap<string, string>;

/** The columns of dates that are days without a time. */
async function dayColumns(context: ProviderContext, table: string): Promise<ReadonlySet<string>> {
  const query = { $select: "LogicalName,DateTimeBehavior" };
  const dates = await define(context, table, "/Microsoft.Dynamics.CRM.DateTimeAttributeMetadata", query, columns);
  const days = dates.filter(({ DateTimeBehavior }) => DateTimeBehavior?.Value === "DateOnly");
  return new Set(days.map(({ LogicalName }) => LogicalName));
}

/** The members of a column's definition that crmesh reads. */
const DEFINED =
  "LogicalName,AttributeTypeName,DisplayName,AttributeOf,IsCustomAttribute,IsValidForRead,IsValidForCreate,IsValidForUpdate";

function describe(caller: ProviderContext, table: string): Promise<TableColumns> {
  return caller.memo(`columns ${table}`, async (context) => {
    const [all, days, labels] = await Promise.all([
      define(context, table, "", { $select: DEFINED }, columns),
      dayColumns(context, table),
      optionLabels(context, table),
    ]);
    const readable = all.filter(({ IsValidForRead }) => IsValidForRead !== false);
    return {
      names: new Set(readable.map(({ LogicalName }) => LogicalName)),
      customFields: readable.flatMap((column) => definitionOf(column, days, labels) ?? []),
    };
  });
}

/** Null for columns that repeat another one, and for those that are no value of the record itself. */
function definitionOf(
  column: Column,
  days: ReadonlySet<string>,
  labels: ReadonlyMap<string, Labels>,
): CustomFieldDefinition | null {
  const { LogicalName: key, DisplayName, AttributeOf, IsCustomAttribute } = column;
  const type = typeOf(column.AttributeTypeName?.Value.replace(/Type$/, ""));
  if (!type || AttributeOf) return null;
  const own = labels.get(key);
  return {
    key,
    type: days.has(key) ? "DATE" : type,
    label: labelOf(DisplayName) ?? key,
    ...(IsCustomAttribute !== true && { isStandard: true }),
    ...(column.IsValidForCreate === false && column.IsValidForUpdate === false && { isReadOnly: true }),
    ...(own && own.size > 0 && { optionLabels: own }),
  };
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
    const query = { $select: "LogicalName", $expand: column === "statuscode" ? "OptionSet($select=Options)" : OPTIONS };
    const rest = `(LogicalName='${column}')/Microsoft.Dynamics.CRM.${type}`;
    const { OptionSet, GlobalOptionSet } = await define(context, table, rest, query, optionSet);
    return (OptionSet ?? GlobalOptionSet)?.Options ?? [];
  });
  const names = (option: Option) => [labelOf(option.Label) ?? "", String(option.Value)];
  const found = options.find((option) => names(option).some((name) => name.toLowerCase() === text.toLowerCase()));
  if (found) return found;
  const labels = options.map((option) => names(option)[0]).join(", ");
  throw new FieldProblem(`${PROVIDER_NAME} does not have this value here. Use one of: ${labels}.`, "", input);
}
