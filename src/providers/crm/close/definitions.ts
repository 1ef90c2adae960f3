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

/**
 * Close's own fields that the model does not have. The API does not define them, so this list does: the fields that a
 * request may have, and plain values of answers. Source: developer.close.com, "Contacts" and "Leads".
 */
const STANDARD: Readonly<Record<RecordType, readonly CustomFieldDefinition[]>> = {
  contact: [
    ...["created_by", "updated_by", "organization_id", "timezone"].map((key) => standard(key, { isReadOnly: true })),
  ],
  lead: [
    standard("url", { label: "URL" }),
    ...["created_by", "updated_by", "organization_id"].map((key) => standard(key, { isReadOnly: true })),
  ],
};

function standard(key: string, traits: Partial<CustomFieldDefinition>): CustomFieldDefinition {
  const label = key.charAt(0).toUpperCase() + key.slice(1).replaceAll("_", " ");
  return { key, label, type: "TEXT", isStandard: true, ...traits };
}

/** Reads the custom fields of contacts or leads, including fields that several record types share. */
export function customFieldsOf(type: RecordType) {
  return (caller: ProviderContext): Promise<readonly CustomFieldDefinition[]> =>
    caller.memo(`custom fields of ${type}`, async (context) => {
      const { fields } = await getDecoded(context, pathOf(`custom_field_schema/${type}`), {}, customFieldSchema);
      const own = fields.map((field) => ({
        key: `${CUSTOM_PREFIX}${field.id}`,
        label: field.name,
        type: field.accepts_multiple_values ? ("MULTI_SELECT" as const) : (typeOf(field.type) ?? "OTHER"),
      }));
      return [...own, ...STANDARD[type]];
    });
}

/** Reads the organization's own lead statuses, in the organization's order. */
export function leadStatuses(caller: ProviderContext): Promise<readonly { id: string; label: string }[]> {
  return caller.memo("lead statuses", async (context) => {
    const { data } = await getDecoded(context, pathOf("status/lead"), {}, leadStatusList);
    return data;
  });
}
