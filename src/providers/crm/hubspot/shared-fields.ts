import { customValueReader } from "../../mapping/custom-value.js";
import type { CustomFieldRule } from "../../contract/field-map.js";
import { dialect, kit } from "./dialect.js";

export const owner = kit.ownerById("hubspot_owner_id");
export const ownerInput = kit.input<string>("hubspot_owner_id");
export const createdAt = kit.readOnlyDateTime("$createdAt");
export const updatedAt = kit.readOnlyDateTime("$updatedAt");
export const url = kit.readOnlyText("$url");

const readValue = customValueReader(dialect);

/** HubSpot's own properties carry no mark in their name; what it prefixes with `hs_` is surely its own. */
export function customFieldRule(mapped: ReadonlySet<string>): CustomFieldRule {
  return {
    isCustom: (key) => /^[a-z][a-z0-9_]*$/.test(key) && !/^(hs_|hubspot_)/.test(key) && !mapped.has(key),
    read: (value, type) => (kit.readText(value) === null ? null : readValue(value, type)),
    write: (value) => (value === null ? "" : Array.isArray(value) ? value.join(";") : String(value)),
  };
}
