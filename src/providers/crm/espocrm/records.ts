import type { ProviderContext, ResourceAdapter } from "../../contract/contract.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { membersOf } from "../../kit/answer.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import type { ResourceRules } from "../../kit/resource-rules.js";
import { restWrites } from "../../kit/rest.js";
import { nativeFields } from "../../mapping/read-record.js";
import { listAll, listPage, PAGE_MAX, readOne } from "./api.js";
import { isId } from "./dialect.js";
import { customFieldsOf } from "./definitions.js";
import { by, type Where } from "./query.js";

/** The most ids in a condition: a URL has to fit into the 8 KB that web servers read. */
const IDS_MAX = 100;

/** Lists cut texts after this many characters (`maxSelectTextAttributeLengthForList`). */
const LIST_TEXT_MAX = 10_000;
/** Whether a field has all addresses or numbers of a person. Lists show the primary one only. */
const isData = (name: string) => name.endsWith("Data");

/** Reads the records again, one by one, that a list shows only in part. */
export async function whole(
  context: ProviderContext,
  entity: string,
  records: NativeRecord[],
  fields: readonly string[],
) {
  const isPartial = (record: NativeRecord) =>
    fields.some((name) => {
      const value = record[name];
      if (isData(name)) return value === undefined && Boolean(record[name.slice(0, -"Data".length)]);
      return name.endsWith("sIds") ? value === undefined : typeof value === "string" && value.length >= LIST_TEXT_MAX;
    });
  const read = async (record: NativeRecord) =>
    isPartial(record) ? readOne(context, entity, String(record["id"])) : record;
  return (await Promise.all(records.map(read))).filter((record) => record !== null);
}

/** An entity of EspoCRM as one of crmesh's resources. */
export function entityAdapter<Resource extends ResourceName>(
  map: FieldMap<Resource>,
  rules: Pick<ResourceRules<Resource, Where>, "edges" | "references" | "current" | "lookups">,
): ResourceAdapter<Resource> {
  const entity = map.nativeName;
  const path = `/api/v1/${entity}`;
  return resourceAdapter<Resource, Where>({
    map,
    calls: {
      batchSize: (select) => (nativeFields(map, select).some(isData) ? 1 : IDS_MAX),
      isId,
      async list(context, { conditions: where, order: wanted, limit, cursor, reading: { fields: select } }) {
        const order = wanted?.direction === "DESC" ? "desc" : "asc";
        const page = { maxSize: Math.min(limit, PAGE_MAX), offset: Number(cursor ?? 0) };
        const listing = { where, select, orderBy: wanted?.field, order, ...page } as const;
        const { records, next } = await listPage(context, entity, listing);
        return { records: await whole(context, entity, records, select), next };
      },
      async read(context, ids, { fields: select }) {
        // Placeholders that make `whole` read every record: each may have addresses and numbers.
        const unread = ids.map((id) => ({ id, emailAddress: true, phoneNumber: true }));
        if (select.some(isData)) return whole(context, entity, unread, select);
        const found = await listAll(context, entity, { where: [by("in", "id")(ids)], select });
        return whole(context, entity, found, select);
      },
      ...restWrites({
        path: (id) => (id === undefined ? path : `${path}/${id}`),
        update: "PUT",
        idIn: (answer) => membersOf(answer)["id"],
      }),
    },
    customFields: (context) => customFieldsOf(context, entity),
    ...rules,
  });
}
