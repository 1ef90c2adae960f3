import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, CustomFieldRule } from "../../contract/field-map.js";
import type { ColumnRules } from "../../kit/columns.js";
import { customTypes } from "../../kit/custom-types.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { decoding } from "../../../upstream/answer-body.js";
import { unexpectedAnswer } from "../../kit/answer.js";
import { isEmptyValue } from "../../kit/same-value.js";
import { fieldList, objectGraph, type Field } from "./answers.js";
import { allObjects } from "./api.js";
import { dialect, items } from "./dialect.js";
import { NO_FIELD } from "./errors.js";

const typeOf = customTypes({
  TEXT: "TEXT UUID",
  NUMBER: "NUMBER NUMERIC",
  BOOLEAN: "BOOLEAN",
  DATE: "DATE",
  DATE_TIME: "DATE_TIME",
  SELECT: "SELECT RATING",
  MULTI_SELECT: "MULTI_SELECT ARRAY",
});
/** Fields that Twenty writes itself. A time of deletion would delete the record. */
const READ_ONLY = new Set("createdBy updatedBy deletedAt".split(" "));
/** Types of fields without a value of the record itself. */
const NOT_READ = new Set<unknown>(["RELATION", "MORPH_RELATION", "TS_VECTOR", "POSITION"]);

const TEXTS = (...parts: readonly string[]) => Object.fromEntries(parts.map((part) => [part, ""]));

/** Fields with several parts: null leaves them as they are, and every part empty clears them. Recorded from Twenty 2.21. */
const CLEARED: Readonly<Record<string, unknown>> = {
  LINKS: { ...TEXTS("primaryLinkLabel", "primaryLinkUrl"), secondaryLinks: [] },
  EMAILS: { ...TEXTS("primaryEmail"), additionalEmails: [] },
  PHONES: {
    ...TEXTS("primaryPhoneNumber", "primaryPhoneCountryCode", "primaryPhoneCallingCode"),
    additionalPhones: [],
  },
  CURRENCY: { amountMicros: null, currencyCode: "" },
  FULL_NAME: TEXTS("firstName", "lastName"),
  ADDRESS: {
    ...TEXTS("addressStreet1", "addressStreet2", "addressCity", "addressPostcode", "addressState", "addressCountry"),
    addressLat: null,
    addressLng: null,
  },
  // Older versions refuse null.
  TEXT: "",
  MULTI_SELECT: [],
  ARRAY: [],
};

const readPlain = customValueReader(dialect);

export const customFieldRule: CustomFieldRule = {
  isKey: (key) => /^[a-z][a-zA-Z0-9]*$/.test(key),
  // Values such as addresses and amounts are objects, which are read and written unchanged.
  read(value, type) {
    if (type !== "OTHER" || typeof value !== "object") return readPlain(value, type);
    return isEmptyValue(value) ? null : value;
  },
  write: (value) => value,
};

interface ObjectFields {
  names: ReadonlySet<string>;
  customFields: readonly CustomFieldDefinition[];
}

/** The fields of an object in this workspace. */
export function describe(caller: ProviderContext, object: string): Promise<ObjectFields> {
  return caller.memo(`twenty fields ${object}`, async (context) => {
    const objects = (await recentObjects(context)) ?? (await olderObjects(context));
    const fields = objects.get(object);
    if (!fields) throw unexpectedAnswer(`Twenty’s response does not define the object ${object}.`);
    return {
      names: new Set(fields.map(({ name }) => name)),
      customFields: fields
        .filter(({ isActive, type }) => isActive !== false && !NOT_READ.has(type))
        .map(({ name, label, type, isCustom, options }) => ({
          key: name,
          label,
          type: typeOf(type) ?? "OTHER",
          ...(typeof type === "string" && type in CLEARED && { cleared: CLEARED[type] }),
          ...(isCustom !== true && { isStandard: true as const }),
          ...(READ_ONLY.has(name) && { isReadOnly: true as const }),
          ...(options?.length && { optionLabels: new Map(options.map((one) => [one.value, one.label])) }),
        })),
    };
  });
}

export const customFieldsOf = (object: string) => async (context: ProviderContext) =>
  (await describe(context, object)).customFields;

/** People of workspaces that were made with version 2.10 or later have no `city` and no `xLink`. */
export const columnsOf = (object: string): ColumnRules => ({
  definition: `twenty fields ${object}`,
  async load(context) {
    const { names } = await describe(context, object);
    // A part of a composite field, or the id of a related record.
    const isThere = (head: string) => names.has(head) || names.has(head.replace(/Id$/, ""));
    const has = (column: string) => isThere(column.split(".")[0]!);
    return { has, isWritable: has };
  },
  isRefusal: ({ details }) => Object.values(details.errors ?? {}).includes(NO_FIELD),
});

const RECENT = `{ objects(paging: { first: 1000 }) { edges { node {
  nameSingular applicationId fieldsList { name type label isActive applicationId options }
} } } }`;

/**
 * The fields of all objects as versions from 2.12 on tell them to every API key: a field of another application than its
 * object is custom. Null if the server is older.
 */
async function recentObjects(context: ProviderContext): Promise<ReadonlyMap<string, readonly Field[]> | null> {
  try {
    const request = { method: "POST", path: "/metadata", json: { query: RECENT }, safe: true } as const;
    const { data } = (await context.send(request)).body.decode(objectGraph);
    if (!data) return null;
    return new Map(
      data.objects.edges.map(({ node: { nameSingular, applicationId: own, fieldsList } }) => [
        nameSingular,
        fieldsList.map(({ applicationId, ...field }) => ({ ...field, isCustom: applicationId !== own })),
      ]),
    );
  } catch (error) {
    // Refusals of the query, and of the path.
    if (error instanceof CrmError && NOT_RECENT.has(error.code) && isRefused(error)) return null;
    throw error;
  }
}

const NOT_RECENT = new Set(["INVALID_INPUT", "PROVIDER_ERROR", "UNSUPPORTED_RESOURCE"]);
/** Statuses of a refusal. Another answer may be broken, but its server has the query. */
const isRefused = ({ details }: CrmError) => /^4/.test(String(details.upstream?.status ?? ""));

/** Source: twentyhq/twenty, docs, "Metadata API". Recent versions need a permission for it that not every key has. */
async function olderObjects(context: ProviderContext): Promise<ReadonlyMap<string, readonly Field[]>> {
  const objects = await allObjects(context);
  return new Map(
    objects.map((object) => [String(object["nameSingular"]), decoding(() => fieldList(items(object, "fields")))]),
  );
}
