import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition } from "../../contract/field-map.js";
import { membersOf } from "../../kit/answer.js";
import { customTypes } from "../../kit/custom-types.js";
import { readText } from "../../mapping/json-dialect.js";
import { getRequest } from "./api.js";
import { unchecked } from "../../kit/unchecked.js";

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

/** Source: docs.espocrm.com, "API :: Metadata" (the parameter `key` needs EspoCRM 8.2) and "API :: I18n". */
export function customFieldsOf(caller: ProviderContext, entity: string): Promise<readonly CustomFieldDefinition[]> {
  return caller.memo(`custom fields ${entity}`, async (context) => {
    const fields = await context.send(getRequest("Metadata", { key: `entityDefs.${entity}.fields` }));
    const custom = Object.entries(membersOf(fields.body.decode(unchecked))).filter(
      ([, field]) => membersOf(field)["isCustom"] === true,
    );
    if (custom.length === 0) return [];
    const texts = membersOf(membersOf((await context.send(getRequest("I18n"))).body.decode(unchecked))[entity]);
    return custom.flatMap(([key, field]) => {
      const type = typeOf(membersOf(field)["type"]);
      return type ? [{ key, label: readText(membersOf(texts["fields"])[key]) ?? key, type }] : [];
    });
  });
}
