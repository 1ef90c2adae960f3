import { UUID } from "../../kit/adapter-kit.js";
import { fieldKit } from "../../mapping/field-kit.js";
import type { FieldEntry, InputEntry, NativeRecord } from "../../contract/field-map.js";
import { jsonDialect, readText } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "Microsoft Dynamics 365 Sales";
export const dialect = jsonDialect(PROVIDER_NAME);
export const kit = fieldKit(dialect);

export const isGuid = (text: string) => UUID.test(text);

/** What Dataverse shows for a value: the label of an option, the name of a referenced record. */
export const shown = (native: NativeRecord, property: string) =>
  readText(native[`${property}@OData.Community.Display.V1.FormattedValue`]);

/** The table that a reference leads to. */
export const tableOf = (native: NativeRecord, property: string) =>
  readText(native[`${property}@Microsoft.Dynamics.CRM.lookuplogicalname`]);

/** A reference by its id, with the name that came along. */
export function named(native: NativeRecord, property: string): { id: string; name?: string } | null {
  const [id, name] = [readText(native[property]), shown(native, property)];
  return id === null ? null : { id, ...(name === null ? {} : { name }) };
}

/** Labels are in the language of the connected user: they are shown, and nothing is decided by them. */
export const label = (native: string): FieldEntry<string | null> => ({
  reads: [native],
  read: (record) => shown(record, native) ?? readText(record[native]),
});

/** An input that refers to a record; it is written by the navigation property of its column. */
export const reference = (navigation: string, set: string): InputEntry => ({
  native: [`${navigation}@odata.bind`, navigation],
  toNative: (id: string | null) =>
    id === null ? { [navigation]: null } : { [`${navigation}@odata.bind`]: `/${set}(${id})` },
});
