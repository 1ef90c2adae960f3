import { customValueReader } from "../../mapping/custom-value.js";
import { fieldKit } from "../../mapping/field-kit.js";
import type { CustomFieldRule, NativeRecord } from "../../contract/field-map.js";
import { objectsAt } from "../../mapping/members.js";
import { jsonDialect } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "Close";

const dialect = jsonDialect(PROVIDER_NAME);
export const kit = fieldKit(dialect);
export const { readText, readDateTime } = dialect;

/**
 * Entries of every map. Every read needs the creation date, because the next page of a list begins at the date of the
 * last record.
 */
export const base = { providerName: PROVIDER_NAME, identity: ["id", "date_created"] };
export const stamps = kit.stamps("date_created", "date_updated");

/** The lead that contains the contact or meeting. */
export const leadEdge = kit.edgeById("lead_id");

export const CUSTOM_PREFIX = "custom.";
export const customFieldRule: CustomFieldRule = {
  isKey: (key) => /^(custom\.\w*cf_\w+|(?!custom$)[a-z][a-z_]*)$/.test(key),
  aliases: { status_id: "status" },
  read: customValueReader(dialect),
  write: (value) => value,
};

/** A list of objects inside a record. @throws Mismatch */
export function listIn(record: NativeRecord, name: string): NativeRecord[] {
  return objectsAt(record, name);
}
