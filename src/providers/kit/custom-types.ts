import { CUSTOM_FIELD_TYPES, type CustomFieldType } from "../contract/model.js";

/**
 * Makes a table of a CRM's types of custom fields.
 * @param names the CRM's own names of each unified type, separated by spaces
 * @returns the unified type of a name; undefined for a name that the table lacks
 */
export function customTypes(names: Readonly<Partial<Record<CustomFieldType, string>>>) {
  const types = new Map(
    CUSTOM_FIELD_TYPES.flatMap((type) => (names[type]?.split(" ") ?? []).map((name) => [name, type] as const)),
  );
  return (name: unknown): CustomFieldType | undefined => types.get(String(name));
}
