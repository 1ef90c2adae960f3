import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition } from "../../contract/field-map.js";
import type { CustomFieldType, Owner } from "../../contract/model.js";
import { joinName } from "../../mapping/name-fields.js";
import { ownerDirectory } from "../../kit/owner-directory.js";
import { pathOf, type RecordType } from "./api.js";
import { CUSTOM_PREFIX, readText } from "./dialect.js";
import { PAGE_MAX } from "./paging.js";

const TYPES: Readonly<Record<string, CustomFieldType>> = {
  text: "TEXT",
  textarea: "TEXT",
  url: "TEXT",
  number: "NUMBER",
  date: "DATE",
  datetime: "DATE_TIME",
  choices: "SELECT",
};

async function get<Answer>(context: ProviderContext, type: string, query = {}): Promise<Answer> {
  return (await context.send({ method: "GET", path: pathOf(type), query, safe: true })).body as Answer;
}

/** The custom fields of contacts or leads, those that are shared with others among them. */
export function customFieldsOf(type: RecordType) {
  return (caller: ProviderContext): Promise<readonly CustomFieldDefinition[]> =>
    caller.memo(`custom fields of ${type}`, async (context) => {
      type Schema = { fields: { id: string; name: string; type: string; accepts_multiple_values?: boolean }[] };
      const { fields } = await get<Schema>(context, `custom_field_schema/${type}`);
      return fields.map((field) => ({
        key: `${CUSTOM_PREFIX}${field.id}`,
        label: field.name,
        type: field.accepts_multiple_values ? "MULTI_SELECT" : (TYPES[field.type] ?? "OTHER"),
      }));
    });
}

export const owners = ownerDirectory(async (context) => {
  const everyone: Owner[] = [];
  for (let isMore = true; isMore;) {
    type Users = { data: Record<string, unknown>[]; has_more?: boolean };
    const { data, has_more } = await get<Users>(context, "user", { _limit: PAGE_MAX, _skip: everyone.length });
    for (const { id, email, first_name: first, last_name: last } of data) {
      everyone.push({ id: String(id), name: joinName(readText(first), readText(last)), email: readText(email) });
    }
    isMore = has_more === true && data.length > 0;
  }
  return everyone;
});

/** The organization's own statuses, in its order. */
export function leadStatuses(caller: ProviderContext): Promise<readonly { id: string; label: string }[]> {
  type Statuses = { data: { id: string; label: string }[] };
  return caller.memo("lead statuses", async (context) => (await get<Statuses>(context, "status/lead")).data);
}
