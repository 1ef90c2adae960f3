import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext, ResourceAdapter } from "../../contract/contract.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { orFailure } from "../../kit/adapter-kit.js";
import { membersOf } from "../../kit/answer.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import type { ResourceRules } from "../../kit/resource-rules.js";
import { restWrites } from "../../kit/rest.js";
import { nativeFields } from "../../mapping/read-record.js";
import { withUnread } from "../../mapping/unread.js";
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

/** Whether a field has the ids of linked records. Lists of old servers leave it out. */
const isLink = (name: string) => name.endsWith("sIds");

/** Whether a list shows less of a field than the record has. */
function isPartial(record: NativeRecord, name: string): boolean {
  const value = record[name];
  if (isData(name)) return value === undefined && Boolean(record[name.slice(0, -"Data".length)]);
  return isLink(name) ? value === undefined : typeof value === "string" && value.length >= LIST_TEXT_MAX;
}

/** Reads the records again, one by one, that a list shows only in part. What then fails is marked as unread. */
export async function whole(
  context: ProviderContext,
  entity: string,
  records: readonly NativeRecord[],
  fields: readonly string[],
): Promise<NativeRecord[]> {
  const read = async (record: NativeRecord) => {
    const names = fields.filter((name) => isPartial(record, name));
    if (names.length === 0) return record;
    const found = await orFailure(() => readOne(context, entity, String(record["id"])));
    return found instanceof CrmError ? withUnread(record, names, found) : found;
  };
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
        if (select.some(isData)) {
          // Each may have addresses and numbers, which no list shows.
          const records = await Promise.all(ids.map((id) => readOne(context, entity, id)));
          return records.filter((record) => record !== null);
        }
        const found = await listAll(context, entity, { where: [by("in", "id")(ids)], select });
        return whole(context, entity, found, select);
      },
      ...restWrites({
        path: (id) => (id === undefined ? path : `${path}/${id}`),
        update: "PUT",
        idIn: (answer) => membersOf(answer)["id"],
      }),
    },
    furtherFields: nativeFields(map, new Set(["raw"])).filter(
      (name) => isData(name) || isLink(name) || name === "description",
    ),
    customFields: (context) => customFieldsOf(context, entity),
    ...rules,
  });
}
