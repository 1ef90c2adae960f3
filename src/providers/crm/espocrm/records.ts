import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext, ResourceAdapter } from "../../contract/contract.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { orFailure } from "../../kit/adapter-kit.js";
import { anchoredPage } from "../../kit/anchored-page.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import type { NativePage, NativeQuery, ResourceRules } from "../../kit/resource-rules.js";
import { restWrites } from "../../kit/rest.js";
import { nativeFields } from "../../mapping/read-record.js";
import { withUnread } from "../../mapping/unread.js";
import { deleted, written } from "./answers.js";
import { listAll, listPage, live, PAGE_MAX, readOne } from "./api.js";
import { isId, readDateTime } from "./dialect.js";
import { customFieldsOf } from "./definitions.js";
import { columnsOf } from "./owners.js";
import { anyOf, by, since, until, type Where } from "./query.js";
import { answers } from "./write-answers.js";

/** The most ids in a condition. An id takes up to 75 bytes of the URL. */
const IDS_MAX = 40;

/** The most records of one of our pages: a page is read with up to 20 records that the one before had. */
const LIMIT_MAX = PAGE_MAX - 20;

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

/**
 * EspoCRM adds the id to every order, so that records that are equal in it stay in place, and answers the field of the
 * order without being asked for it.
 */
function ordered(context: ProviderContext, entity: string, query: NativeQuery<Where>): Promise<NativePage> {
  const { conditions, reading } = query;
  const { field, direction } = query.order ?? { field: "createdAt", direction: "ASC" as const };
  const isTime = field !== "name";
  const order = direction === "ASC" ? "asc" : "desc";
  return anchoredPage(
    { ...query, limit: Math.min(query.limit, LIMIT_MAX) },
    {
      idOf: ({ id }) => String(id),
      valueOf: ({ [field]: time }) => (isTime ? readDateTime(time) : null),
      read({ from, offset, size: maxSize }) {
        const where = [...conditions, ...(from === null ? [] : [beginning(field, direction, new Date(from))])];
        return listPage(context, entity, { where, select: reading.fields, orderBy: field, order, maxSize, offset });
      },
    },
  );
}

/** Where an order goes on that has come to a time. Records without a time are the last ones of a descending order. */
function beginning(field: string, direction: "ASC" | "DESC", time: Date): Where {
  if (direction === "ASC") return since(field, time);
  return anyOf(until(field, new Date(time.getTime() + 1_000)), { type: "isNull", attribute: field });
}

/** An entity of EspoCRM as one of crmesh's resources. */
export function entityAdapter<Resource extends ResourceName>(
  map: FieldMap<Resource>,
  rules: Pick<ResourceRules<Resource, Where>, "cost" | "edges" | "references" | "current" | "lookups">,
): ResourceAdapter<Resource> {
  const entity = map.nativeName;
  const path = `/api/v1/${entity}`;
  return resourceAdapter<Resource, Where>({
    map,
    calls: {
      batchSize: (select) => (nativeFields(map, select).some(isData) ? 1 : IDS_MAX),
      isId,
      async list(context, query) {
        const { fields } = query.reading;
        const page = await ordered(context, entity, query);
        return { ...page, records: await whole(context, entity, live(page.records), fields) };
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
        created: { status: [200, 201], body: written },
        updated: { status: 200, body: written },
        deleted: { status: 200, body: deleted },
      }),
    },
    furtherFields: nativeFields(map, new Set(["raw"])).filter(
      (name) => isData(name) || isLink(name) || name === "description",
    ),
    answers,
    customFields: (context) => customFieldsOf(context, entity),
    columns: columnsOf(entity),
    ...rules,
  });
}
