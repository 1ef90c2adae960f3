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

/**
 * Fields of Pipedrive's own that a person or a lead takes in a request. The definitions do not tell.
 * Source: developers.pipedrive.com, “Add a person” (v2) and “Add a lead” (v1).
 */
const WRITABLE: ReadonlySet<string> = new Set([
  ...["visible_to", "marketing_status", "birthday"],
  ...["expected_close_date", "was_seen", "channel", "channel_id"],
]);

/** Keys of the company's own fields are 40 hexadecimal digits. */
export const isOwn = (key: string) => /^[0-9a-f]{40}$/.test(key);

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
  return found.map(({ key, label, type: native, options: list }) => {
    const options = new Map((list ?? []).map((option) => [String(option.id), option.label]));
    const type = typeOf(native) ?? (options.size > 0 ? "SELECT" : "OTHER");
    const isChoice = type === "SELECT" || type === "MULTI_SELECT";
    return {
      key,
      label,
      type,
      options,
      // Values are read and written by their labels.
      ...(isChoice && options.size > 0 && { optionLabels: new Map([...options.values()].map((one) => [one, one])) }),
      ...(!isOwn(key) && { isStandard: true as const }),
      ...(!isOwn(key) && !WRITABLE.has(key) && { isReadOnly: true as const }),
    };
  });
}

export function namesIn(entries: readonly { id: string | number; name: string }[]): Names {
  return new Map(entries.map(({ id, name }) => [String(id), name]));
}
