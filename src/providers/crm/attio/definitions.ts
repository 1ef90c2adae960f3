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
const STANDARD =
  /^(record_id|name|email_addresses|phone_numbers|description|job_title|company|primary_location|avatar_url|created_\w+|(first|last|next)_\w+_interaction)$/;
const readValue = customValueReader(dialect);

/** Attributes that the workspace added to Attio's own ones. */
export const customFieldRule: CustomFieldRule = {
  isCustom: (key) => /^[a-z][\w-]*$/i.test(key) && !STANDARD.test(key),
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
    const own = [...found.values()].filter(
      ({ is_system_attribute: isAttios, is_archived: isArchived = false }) => !isAttios && !isArchived,
    );
    return own.map(({ api_slug: key, title, type, is_multiselect: isMulti }) => ({
      key,
      label: title,
      type: isMulti ? "MULTI_SELECT" : (typeOf(type) ?? "OTHER"),
    }));
  });
}
