import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition } from "../../contract/field-map.js";
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

/**
 * The properties of an object type: HubSpot's own, and the portal's. Enumerations of owners and pipelines have their
 * options elsewhere. Source: developers.hubspot.com, "Properties".
 */
export function customFieldDefinitions(
  caller: ProviderContext,
  objectType: string,
): Promise<readonly CustomFieldDefinition[]> {
  return caller.memo(`properties:${objectType}`, async (context) => {
    const { results } = await getDecoded(context, `${PATHS.properties}/${objectType}`, {}, propertyList);
    return results.filter(({ archived }) => !archived).map(definitionOf);
  });
}

function definitionOf({
  name,
  label,
  type,
  fieldType,
  hubspotDefined,
  calculated,
  modificationMetadata,
  options,
}: ReturnType<typeof propertyList>["results"][number]): CustomFieldDefinition {
  return {
    key: name,
    label,
    type: type === "enumeration" && fieldType === "checkbox" ? "MULTI_SELECT" : (typeOf(type) ?? "OTHER"),
    ...(hubspotDefined && { isStandard: true }),
    ...((calculated || modificationMetadata?.readOnlyValue) && { isReadOnly: true }),
    ...(type === "enumeration" &&
      options?.length && { optionLabels: new Map(options.map((option) => [option.value, option.label])) }),
  };
}
