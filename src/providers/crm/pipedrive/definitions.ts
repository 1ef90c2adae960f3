import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { fieldOfV1, fieldOfV2 } from "./answers.js";
import { readAll, V1 } from "./api.js";

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
  const found = await context.memo(path, async (shared) => {
    if (path.startsWith(V1)) {
      const fieldsOfV1 = await readAll(shared, path, {}, fieldOfV1);
      return fieldsOfV1.map(({ key, name: label, field_type: type, options }) => ({ key, label, type, options }));
    }
    const fieldsOfV2 = await readAll(shared, path, {}, fieldOfV2);
    return fieldsOfV2.map(({ field_code: key, field_name: label, field_type: type, options }) => ({
      key,
      label,
      type,
      options,
    }));
  });
  return found.map(({ key, label, type, options }) => ({
    key,
    label,
    type: typeOf(type) ?? "OTHER",
    options: new Map((options ?? []).map((option) => [String(option.id), option.label])),
  }));
}

export function namesIn(entries: readonly { id: string | number; name: string }[]): Names {
  return new Map(entries.map(({ id, name }) => [String(id), name]));
}
