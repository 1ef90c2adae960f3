import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { readText } from "../../mapping/json-dialect.js";
import { entityFields, labels } from "./answers.js";
import { getRequest } from "./api.js";

/** Types whose fields consist of one attribute with the field's own name. */
const typeOf = customTypes({
  TEXT: "varchar text url wysiwyg number barcode",
  NUMBER: "int float currency autoincrement enumInt enumFloat",
  BOOLEAN: "bool",
  DATE: "date",
  DATE_TIME: "datetime",
  SELECT: "enum",
  MULTI_SELECT: "multiEnum array checklist urlMultiple",
});

/** Types whose values EspoCRM counts itself. */
const COUNTED: ReadonlySet<string> = new Set(["autoincrement", "number"]);

/** What EspoCRM does with a value without a word. Recorded from EspoCRM 8.4.2. */
function traitsOf(type: string, readOnly = false): Partial<CustomFieldDefinition> {
  return {
    ...(readOnly || COUNTED.has(type) ? { isReadOnly: true } : {}),
    ...(type === "int" || type === "enumInt" ? { wholeNumber: 32 } : {}),
    // The column of a boolean is NOT NULL.
    ...(type === "bool" ? { cleared: false } : {}),
  };
}

/** Source: docs.espocrm.com, "API :: Metadata" (the parameter `key` needs EspoCRM 8.2) and "API :: I18n". */
export function customFieldsOf(caller: ProviderContext, entity: string): Promise<readonly CustomFieldDefinition[]> {
  return caller.memo(`custom fields ${entity}`, async (context) => {
    const metadata = await context.send(getRequest("Metadata", { key: `entityDefs.${entity}.fields` }));
    const custom = Object.entries(metadata.body.decode(entityFields)).filter(([, { isCustom = false }]) => isCustom);
    if (custom.length === 0) return [];
    const texts = (await context.send(getRequest("I18n"))).body.decode(labels(entity))[entity]!.fields;
    return custom.flatMap(([key, { type: native = "", readOnly }]) => {
      const type = typeOf(native);
      return type ? [{ key, label: readText(texts[key]) ?? key, type, ...traitsOf(native, readOnly) }] : [];
    });
  });
}
