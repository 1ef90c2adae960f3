import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, CustomFieldRule } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { getDecoded } from "../../kit/rest.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { description } from "./answers.js";
import { DATA_PATH } from "./api.js";
import { dialect, kit } from "./dialect.js";

const readValue = customValueReader(dialect);

/** Salesforce marks an org’s own fields with the suffix `__c`. */
export const customFieldRule: CustomFieldRule = {
  isCustom: (key) => /^[A-Za-z]\w*__c$/.test(key),
  read: (value, type) => (kit.readText(value) === null ? null : readValue(value, type)),
  write: (value) => (Array.isArray(value) ? value.join(";") : value),
};

interface ObjectDescription {
  customFields: CustomFieldDefinition[];
  /** Fields, relations and lists of related records that this connection may see. */
  names: ReadonlySet<string>;
}

const typeOf = customTypes({
  TEXT: "string textarea encryptedstring email phone url",
  NUMBER: "int long double currency percent",
  BOOLEAN: "boolean",
  DATE: "date",
  DATE_TIME: "datetime",
  SELECT: "picklist combobox",
  MULTI_SELECT: "multipicklist",
});
/** Types that crmesh does not read: compound values, whose parts are separate fields, and files. */
const WITHOUT_A_VALUE = new Set(["location", "address", "base64"]);

/** The fields and relations of an object that this connection may see. Source: developer.salesforce.com, REST API, "sObject Describe". */
export function describeObject(caller: ProviderContext, object: string): Promise<ObjectDescription> {
  return caller.memo(`describe ${object}`, async (context) => {
    const path = `${DATA_PATH}/sobjects/${object}/describe`;
    const { fields, childRelationships = [] } = await getDecoded(context, path, {}, description);
    const related = [...fields, ...childRelationships].map(({ relationshipName }) => relationshipName);
    return {
      customFields: fields
        .filter(({ name, type }) => customFieldRule.isCustom(name) && !WITHOUT_A_VALUE.has(type))
        .map(({ name, label, type }) => ({ key: name, label, type: typeOf(type) ?? "OTHER" })),
      names: new Set([...fields.map(({ name }) => name), ...related.filter((name) => typeof name === "string")]),
    };
  });
}

/**
 * Runs a read with the columns that this connection may see. Editions, features and field-level security hide columns,
 * and a hidden column fails the whole read. Most connections see all columns, so the description of the object is
 * requested only after such a failure. The hidden columns are then cached.
 */
export async function withVisibleColumns<Answer>(
  context: ProviderContext,
  object: string,
  columns: readonly string[],
  read: (columns: readonly string[]) => Promise<Answer>,
): Promise<Answer> {
  const hidden = await context.memo(`hidden columns ${object}`, () => Promise.resolve(new Set<string>()));
  const asked = columns.filter((column) => !hidden.has(column));
  try {
    return await read(asked);
  } catch (error) {
    if (!isUnknownColumn(error)) throw error;
    const { names } = await describeObject(context, object);
    const missing = asked.filter((column) => !names.has(headOf(column)));
    if (missing.length === 0) throw faultOfOurs(error);
    for (const column of missing) hidden.add(column);
    return read(asked.filter((column) => !hidden.has(column)));
  }
}

/** Whether the error means that Salesforce has no such column. The error does not always name the column. */
export function isUnknownColumn(error: unknown, column?: string): error is CrmError {
  if (!(error instanceof CrmError) || error.details.upstream?.code !== "INVALID_FIELD") return false;
  const named = Object.keys(error.details.errors ?? {});
  return column === undefined || named.length === 0 || named.includes(column);
}

/** The name of the field, relation (`Owner.Name`) or list (`(SELECT …)`) that a column needs. */
function headOf(column: string): string {
  return /\bFROM (\w+)/.exec(column)?.[1] ?? column.split(".")[0]!;
}

/** In a read the column was not the caller's choice, so the refusal is not about an input. */
function faultOfOurs({ details: { upstream } }: CrmError): CrmError {
  return new CrmError("PROVIDER_ERROR", {
    ...(upstream ? { upstream } : {}),
    detail: "The Salesforce user of this connection cannot see a field that this read needs.",
  });
}
