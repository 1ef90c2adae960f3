import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, CustomFieldRule } from "../../contract/field-map.js";
import type { ColumnRules } from "../../kit/columns.js";
import { customTypes } from "../../kit/custom-types.js";
import { getDecoded } from "../../kit/rest.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { description, type Column, type RecordType } from "./answers.js";
import { DATA_PATH } from "./api.js";
import { dialect, kit } from "./dialect.js";

const readValue = customValueReader(dialect);

/** Salesforce marks an org’s own fields with the suffix `__c`. */
const isOwn = (name: string) => name.endsWith("__c");

/** @param aliases other fields that hold what the map holds, such as the codes of states and countries */
export const customFieldRule = (aliases: Readonly<Record<string, string>> = {}): CustomFieldRule => ({
  // `attributes` is the type of a record in a request.
  isKey: (key) => /^[A-Za-z]\w*$/.test(key) && key !== "attributes",
  ignoresCase: true,
  // `SystemModstamp` is read in the place of the time of the last change.
  aliases: { LastModifiedDate: "updatedAt", ...aliases },
  read: (value, type) => (kit.readText(value) === null ? null : readValue(value, type)),
  write: (value) => (Array.isArray(value) ? value.join(";") : value),
});

interface ObjectDescription {
  customFields: CustomFieldDefinition[];
  /** Fields, relations and lists of related records that this connection may see. */
  names: ReadonlySet<string>;
  /** Fields that this connection may create or update. */
  writable: ReadonlySet<string>;
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
/** Values → labels of a list, without the values that an administrator has switched off. */
function labelsOf({ name, picklistValues = [] }: Column, recordTypes: readonly RecordType[]) {
  const pairs =
    name === "RecordTypeId"
      ? recordTypes.map(({ recordTypeId, name: label }) => [recordTypeId, label] as const)
      : (picklistValues ?? []).flatMap(({ value, label, active }) =>
          active === false ? [] : [[value, label ?? value] as const],
        );
  return pairs.length > 0 ? new Map(pairs) : undefined;
}

function definitionOf(column: Column, recordTypes: readonly RecordType[]): CustomFieldDefinition {
  const { name, label, type, createable, updateable } = column;
  const optionLabels = labelsOf(column, recordTypes);
  return {
    key: name,
    label,
    type: typeOf(type) ?? (optionLabels ? "SELECT" : "OTHER"),
    ...(!isOwn(name) && { isStandard: true }),
    ...(createable === false && updateable === false && { isReadOnly: true }),
    ...(optionLabels && { optionLabels }),
  };
}

/** Types that crmesh does not read: compound values, whose parts are separate fields, and files. */
const WITHOUT_A_VALUE = new Set(["location", "address", "base64"]);

/** The fields and relations of an object that this connection may see. Source: developer.salesforce.com, REST API, "sObject Describe". */
export function describeObject(caller: ProviderContext, object: string): Promise<ObjectDescription> {
  return caller.memo(`describe ${object}`, async (context) => {
    const path = `${DATA_PATH}/sobjects/${object}/describe`;
    const answer = await getDecoded(context, path, {}, description);
    const { fields, childRelationships = [], recordTypeInfos: recordTypes = [] } = answer;
    const related = [...fields, ...childRelationships].map(({ relationshipName }) => relationshipName);
    return {
      customFields: fields
        .filter(({ type }) => !WITHOUT_A_VALUE.has(type))
        .map((column) => definitionOf(column, recordTypes)),
      names: new Set([...fields.map(({ name }) => name), ...related.filter((name) => typeof name === "string")]),
      writable: new Set(
        fields.flatMap(({ name, createable, updateable }) =>
          createable === false && updateable === false ? [] : [name],
        ),
      ),
    };
  });
}

/** A list of an event's people, which Shared Activities adds. Descriptions do not always have it. */
const EVENT_WHO_IDS = "EventWhoIds";

/** Editions, features and field-level security hide columns, and a hidden column fails the whole call. */
export const columnsOf = (object: string): ColumnRules => ({
  definition: `describe ${object}`,
  async load(context) {
    const { names, writable } = await describeObject(context, object);
    return {
      has: (column) => names.has(headOf(column)),
      isWritable: (column) => column === EVENT_WHO_IDS || writable.has(column),
    };
  },
  isRefusal: ({ details }) => REFUSED_COLUMN.has(details.upstream?.code ?? ""),
});

const REFUSED_COLUMN = new Set(["INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE"]);

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

/** Runs a read. In a read a column was not the caller's choice, so the refusal is not about an input. */
export async function reading<Answer>(read: () => Promise<Answer>): Promise<Answer> {
  try {
    return await read();
  } catch (error) {
    if (!isUnknownColumn(error)) throw error;
    const { upstream } = error.details;
    throw new CrmError("PROVIDER_ERROR", {
      ...(upstream ? { upstream } : {}),
      detail: "The Salesforce user of this connection cannot see a field that this read needs.",
    });
  }
}
