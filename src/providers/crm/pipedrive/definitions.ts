import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, NativeRecord } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { readAll } from "./api.js";

export type Names = ReadonlyMap<string, string>;

export interface Definition extends CustomFieldDefinition {
  /** Id → label; empty for a field without options. */
  options: Names;
}

const typeOf = customTypes({
  TEXT: "varchar text varchar_auto phone",
  NUMBER: "int double monetary",
  BOOLEAN: "boolean",
  DATE: "date",
  SELECT: "enum",
  MULTI_SELECT: "set",
});

/** Reads the fields of people (v2) or leads (v1). The members of a field have different names in the two versions. */
export async function fields(context: ProviderContext, path: string): Promise<Definition[]> {
  const found = await context.memo(path, (shared) => readAll(shared, path));
  return found.map((field) => ({
    key: String(field["field_code"] ?? field["key"]),
    label: String(field["field_name"] ?? field["name"]),
    type: typeOf(field["field_type"]) ?? "OTHER",
    options: namesIn((field["options"] ?? []) as NativeRecord[], "label"),
  }));
}

export function namesIn(entries: readonly NativeRecord[], name: string): Names {
  return new Map(entries.map((entry) => [String(entry["id"]), String(entry[name])]));
}
