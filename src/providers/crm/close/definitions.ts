import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { getDecoded } from "../../kit/rest.js";
import { customFieldSchema, leadStatusList } from "./answers.js";
import { pathOf, type RecordType } from "./api.js";
import { CUSTOM_PREFIX } from "./dialect.js";

const typeOf = customTypes({
  TEXT: "text textarea url",
  NUMBER: "number",
  DATE: "date",
  DATE_TIME: "datetime",
  SELECT: "choices",
});

/** Reads the custom fields of contacts or leads, including fields that several record types share. */
export function customFieldsOf(type: RecordType) {
  return (caller: ProviderContext): Promise<readonly CustomFieldDefinition[]> =>
    caller.memo(`custom fields of ${type}`, async (context) => {
      const { fields } = await getDecoded(context, pathOf(`custom_field_schema/${type}`), {}, customFieldSchema);
      return fields.map((field) => ({
        key: `${CUSTOM_PREFIX}${field.id}`,
        label: field.name,
        type: field.accepts_multiple_values ? "MULTI_SELECT" : (typeOf(field.type) ?? "OTHER"),
      }));
    });
}

/** Reads the organization's own lead statuses, in the organization's order. */
export function leadStatuses(caller: ProviderContext): Promise<readonly { id: string; label: string }[]> {
  return caller.memo("lead statuses", async (context) => {
    const { data } = await getDecoded(context, pathOf("status/lead"), {}, leadStatusList);
    return data;
  });
}
