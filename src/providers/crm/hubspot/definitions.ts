import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, CustomFieldRule } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { getBody } from "../../kit/rest.js";

interface PropertyDefinition {
  name: string;
  label: string;
  type: string;
  fieldType?: string;
  hubspotDefined?: boolean;
  archived?: boolean;
}

const typeOf = customTypes({
  TEXT: "string",
  NUMBER: "number",
  BOOLEAN: "bool",
  DATE: "date",
  DATE_TIME: "datetime",
  SELECT: "enumeration",
});

/** The portal's own properties of an object type. Source: developers.hubspot.com, "Properties". */
export function customFieldDefinitions(
  caller: ProviderContext,
  objectType: string,
  rule: CustomFieldRule,
): Promise<CustomFieldDefinition[]> {
  return caller.memo(`properties:${objectType}`, async (context) => {
    const body = await getBody(context, `/crm/v3/properties/${objectType}`);
    return (body as { results: PropertyDefinition[] }).results
      .filter(({ name, hubspotDefined, archived }) => !hubspotDefined && !archived && rule.isCustom(name))
      .map(({ name, label, type, fieldType }) => ({
        key: name,
        label,
        type: fieldType === "checkbox" ? "MULTI_SELECT" : (typeOf(type) ?? "OTHER"),
      }));
  });
}
