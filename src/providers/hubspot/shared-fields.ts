import type { CustomFieldRule, FieldEntry } from "../field-map.js";
import type { CustomFieldType, OwnerRef } from "../model.js";
import { kit, readDateTime } from "./dialect.js";

/** Names that begin with `$` are parts of HubSpot's record beside its properties. */
export function isProperty(native: string): boolean {
  return !native.startsWith("$");
}

export const owner: FieldEntry<OwnerRef | null> = {
  reads: ["hubspot_owner_id"],
  read(native) {
    const id = kit.readText(native["hubspot_owner_id"]);
    return id === null ? null : { id };
  },
};

export const createdAt: FieldEntry<string | null> = {
  reads: ["$createdAt"],
  read: (native) => readDateTime(native["$createdAt"]),
};
export const updatedAt: FieldEntry<string | null> = {
  reads: ["$updatedAt"],
  read: (native) => readDateTime(native["$updatedAt"]),
};
export const url: FieldEntry<string | null> = kit.readOnlyText("$url");

export const ownerInput = kit.input<string>("hubspot_owner_id");

/** HubSpot's own properties carry no mark in their name; what it prefixes with `hs_` is surely its own. */
export function customFieldRule(mapped: ReadonlySet<string>): CustomFieldRule {
  return {
    isCustom: (key) => /^[a-z][a-z0-9_]*$/.test(key) && !/^(hs_|hubspot_)/.test(key) && !mapped.has(key),
    read: readCustomValue,
    write: (value) => (value === null ? "" : Array.isArray(value) ? value.join(";") : String(value)),
  };
}

function readCustomValue(value: unknown, type: CustomFieldType): unknown {
  if (value === null || value === undefined || value === "") return null;
  const text = String(value);
  switch (type) {
    case "NUMBER":
      return Number(text);
    case "BOOLEAN":
      return text === "true";
    case "DATE":
      return readDateTime(text)?.slice(0, 10) ?? null;
    case "DATE_TIME":
      return readDateTime(text);
    case "MULTI_SELECT":
      return text.split(";").filter((part) => part !== "");
    case "TEXT":
    case "SELECT":
    case "OTHER":
      return text;
  }
}
