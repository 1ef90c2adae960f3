import type { ProviderContext } from "../../contract/contract.js";
import { objectsIn } from "../../kit/answer.js";
import { customValueReader } from "../../mapping/custom-value.js";
import type { CustomFieldDefinition, CustomFieldRule } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { dialect, scalar } from "./dialect.js";
import { getDecoded } from "../../kit/rest.js";
import { attributeList } from "./answers.js";

const typeOf = customTypes({
  TEXT: "text domain email-address phone-number",
  NUMBER: "number rating currency",
  BOOLEAN: "checkbox",
  DATE: "date",
  DATE_TIME: "timestamp interaction",
  SELECT: "select status",
});
const readValue = customValueReader(dialect);

/** Attributes, Attio's own among them. Values of choices are read and written by their titles. */
export const customFieldRule: CustomFieldRule = {
  isKey: (key) => /^[a-z][\w-]*$/i.test(key),
  aliases: { record_id: "id" },
  read(value, type) {
    const all = objectsIn(value).map(scalar);
    return readValue(type === "MULTI_SELECT" ? all : all[0], type);
  },
  write: (value) => value ?? [],
};

/** Source: docs.attio.com, REST API, "List attributes". */
export function customFields(caller: ProviderContext): Promise<readonly CustomFieldDefinition[]> {
  return caller.memo("attributes", async (context) => {
    const found = new Map<string, ReturnType<typeof attributeList>["data"][number]>();
    // Attio does not document the size of a page, so the list ends with a page that has no new attribute.
    for (let offset = -1; found.size > offset;) {
      offset = found.size;
      const { data } = await getDecoded(context, "/v2/objects/people/attributes", { offset }, attributeList);
      for (const attribute of data) found.set(attribute.api_slug, attribute);
    }
    return [...found.values()].flatMap((attribute): CustomFieldDefinition[] => {
      const { api_slug: key, title: label, type, is_multiselect: isMulti } = attribute;
      if (attribute.is_archived) return [];
      return [
        {
          key,
          label,
          type: isMulti ? "MULTI_SELECT" : (typeOf(type) ?? "OTHER"),
          ...(attribute.is_system_attribute && { isStandard: true }),
          ...(attribute.is_writable === false && { isReadOnly: true }),
        },
      ];
    });
  });
}
