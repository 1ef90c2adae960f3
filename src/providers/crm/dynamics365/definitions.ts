import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type CustomFieldDefinition, type NativeRecord } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { readText } from "../../mapping/json-dialect.js";
import { queryPath, type QueryOptions } from "./api.js";
import { custom, PROVIDER_NAME } from "./dialect.js";
import { unchecked } from "../../kit/unchecked.js";

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

interface Option {
  Value: number;
  /** Only for status reasons: the state that the reason belongs to. */
  State?: number;
  Label: { UserLocalizedLabel?: { Label?: string } | null };
}

const labelOf = (label: unknown) => readText((label as Option["Label"] | null)?.UserLocalizedLabel?.Label);
const valueOf = (value: unknown) => String((value as { Value?: string } | null)?.Value);

/** Source: learn.microsoft.com, "Query table definitions using the Web API". */
async function define<Answer>(
  context: ProviderContext,
  table: string,
  rest: string,
  options: QueryOptions,
): Promise<Answer> {
  const path = queryPath(`EntityDefinitions(LogicalName='${table}')/Attributes${rest}`, options);
  return (await context.send({ method: "GET", path, safe: true })).body.decode(unchecked) as Answer;
}

export function customFields(caller: ProviderContext, table: string): Promise<CustomFieldDefinition[]> {
  return caller.memo(`columns ${table}`, async (context) => {
    const columns = async (rest: string, $select: string) =>
      (await define<{ value: NativeRecord[] }>(context, table, rest, { $select: `LogicalName,${$select}` })).value;
    const all = await columns("", "AttributeTypeName,DisplayName,AttributeOf,IsCustomAttribute,IsValidForRead");
    const own = all.flatMap((column): CustomFieldDefinition[] => {
      const key = String(column["LogicalName"]);
      const type = typeOf(valueOf(column["AttributeTypeName"]).replace(/Type$/, ""));
      const isOwn = column["IsCustomAttribute"] === true && column["IsValidForRead"] !== false;
      if (!type || !isOwn || column["AttributeOf"] || !custom.isCustom(key)) return [];
      return [{ key, type, label: labelOf(column["DisplayName"]) ?? key }];
    });
    if (!own.some(({ type }) => type === "DATE_TIME")) return own;
    const dates = await columns("/Microsoft.Dynamics.CRM.DateTimeAttributeMetadata", "DateTimeBehavior");
    const days = dates.filter((column) => valueOf(column["DateTimeBehavior"]) === "DateOnly");
    const names = new Set(days.map((column) => column["LogicalName"]));
    return own.map((field) => (names.has(field.key) ? { ...field, type: "DATE" } : field));
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
    return (await define<{ OptionSet?: { Options: Option[] } }>(context, table, rest, query)).OptionSet?.Options ?? [];
  });
  const names = (option: Option) => [labelOf(option.Label) ?? "", String(option.Value)];
  const found = options.find((option) => names(option).some((name) => name.toLowerCase() === text.toLowerCase()));
  if (found) return found;
  const labels = options.map((option) => names(option)[0]).join(", ");
  throw new FieldProblem(`${PROVIDER_NAME} does not have this value here. Use one of: ${labels}.`, "", input);
}
