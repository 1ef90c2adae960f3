import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, CustomFieldRule } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { getDecoded } from "../../kit/rest.js";
import { propertyList } from "./answers.js";
import { PATHS } from "./api-versions.js";

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
    const { results } = await getDecoded(context, `${PATHS.properties}/${objectType}`, {}, propertyList);
    return results
      .filter(({ name, hubspotDefined, archived }) => !hubspotDefined && !archived && rule.isCustom(name))
      .map(({ name, label, type, fieldType }) => ({
        key: name,
        label,
        type: fieldType === "checkbox" ? "MULTI_SELECT" : (typeOf(type) ?? "OTHER"),
      }));
  });
}
