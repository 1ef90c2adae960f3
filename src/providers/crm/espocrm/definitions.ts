import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, NativeRecord } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { readText } from "../../mapping/json-dialect.js";
import { entityFields, labels, labelsOfOptions, sharedLabels } from "./answers.js";
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
    const [metadata, i18n] = await Promise.all([
      context.send(getRequest("Metadata", { key: `entityDefs.${entity}.fields` })),
      context.send(getRequest("I18n")),
    ]);
    const fields = Object.entries(metadata.body.decode(entityFields));
    const { fields: texts, options: own } = i18n.body.decode(labels(entity));
    const shared = i18n.body.decode(sharedLabels);
    const optionTexts = (key: string): NativeRecord => own?.[key] ?? shared?.options?.[key] ?? {};
    const textsOfReference = (reference: string): NativeRecord => {
      const [other = "", field = ""] = reference.split(".");
      return i18n.body.decode(labelsOfOptions(other))?.options?.[field] ?? {};
    };
    return fields.flatMap(([key, { type: native = "", readOnly, isCustom, options, optionsReference, ...traits }]) => {
      const type = typeOf(native);
      // Fields without a column of their own are parts of others, or what EspoCRM adds to an answer.
      const isNoValue = traits.notStorable === true || traits.disabled === true || traits.utility === true;
      if (!type || (isNoValue && isCustom !== true)) return [];
      const optionNames = optionsReference ? textsOfReference(optionsReference) : optionTexts(key);
      const values = optionsReference ? Object.keys(optionNames) : (options ?? []);
      const optionLabels = new Map(values.map((one) => [one, readText(optionNames[one]) ?? one]));
      return [
        {
          key,
          label: readText(texts[key]) ?? readText(shared?.fields?.[key]) ?? key,
          type,
          ...traitsOf(native, readOnly),
          ...(isCustom !== true && { isStandard: true as const }),
          ...(optionLabels.size > 0 && { optionLabels }),
        },
      ];
    });
  });
}
