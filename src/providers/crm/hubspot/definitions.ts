import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, CustomFieldRule } from "../../contract/field-map.js";
import type { CustomFieldType } from "../../contract/model.js";

interface PropertyDefinition {
  name: string;
  label: string;
  type: string;
  fieldType?: string;
  hubspotDefined?: boolean;
  archived?: boolean;
}

const TYPES: Record<string, CustomFieldType> = {
  string: "TEXT",
  number: "NUMBER",
  bool: "BOOLEAN",
  date: "DATE",
  datetime: "DATE_TIME",
  enumeration: "SELECT",
};

/** The portal's own properties of an object type. Source: developers.hubspot.com, "Properties". */
export function customFieldDefinitions(
  caller: ProviderContext,
  objectType: string,
  rule: CustomFieldRule,
): Promise<CustomFieldDefinition[]> {
  return caller.memo(`properties:${objectType}`, async (context) => {
    const { body } = await context.send({ method: "GET", path: `/crm/v3/properties/${objectType}`, safe: true });
    return (body as { results: PropertyDefinition[] }).results
      .filter(({ name, hubspotDefined, archived }) => !hubspotDefined && !archived && rule.isCustom(name))
      .map(({ name, label, type, fieldType }) => ({
        key: name,
        label,
        type: fieldType === "checkbox" ? "MULTI_SELECT" : (TYPES[type] ?? "OTHER"),
      }));
  });
}
