import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import type { ProviderContext, ResourceAdapter } from "../../contract/contract.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { nativeFields } from "../../mapping/read-record.js";
import { resourceAdapter, type NativePage, type NativeQuery } from "../../kit/resource-kit.js";
import type { Selection } from "../../contract/selection.js";
import type { Condition } from "./query.js";
import { describeObject } from "./describe.js";
import { AskedIds, longId } from "./ids.js";
import { after, BY_ID, cursorAt, merge, orderBy } from "./paging.js";
import { OBJECTS } from "./objects.js";
import { COLUMNS_MAX, listRows, needsQuery, rowsByIds, selectFrom } from "./read-rows.js";
import { DATA_PATH, idsPerQuery, RETRIEVE_MAX } from "./api.js";
import { allOf, encodedLength, inList } from "./soql.js";

/** The part of a query's length that the caller's own filters may take. */
const FILTERS_MAX = 3_000;

/**
 * One Salesforce object: the calls are the same for all of them.
 * Source: developer.salesforce.com, REST API, "sObject Basic Information" and "sObject Rows".
 */
export function objectAdapter<Resource extends ResourceName>(
  map: FieldMap<Resource>,
  edges: ResourceAdapter<Resource>["edges"] = {},
): ResourceAdapter<Resource> {
  const object = OBJECTS[map.resource];

  function batchSize(select: Selection): number {
    const columns = nativeFields(map, select);
    if (!needsQuery(columns)) return RETRIEVE_MAX;
    const rest = `${selectFrom(object, columns)}${allOf([inList("Id", []), object.existing])}`;
    // How many custom fields there are is not known here, only how much room columns get.
    return idsPerQuery(encodedLength(rest) + (select.has("customFields") ? COLUMNS_MAX : 0));
  }

  async function list(context: ProviderContext, query: NativeQuery<Condition>): Promise<NativePage> {
    const { conditions, limit, cursor, reading } = query;
    const order = query.order ? { column: query.order.field, direction: query.order.direction } : BY_ID;
    const plain = conditions.filter((condition) => typeof condition === "string");
    if (encodedLength(plain.join(" AND ")) > FILTERS_MAX) {
      throw invalidInput({ filter: "These filters are longer than one Salesforce query can be." });
    }
    const place = cursor === null ? null : after(cursor, order);
    const alternatives = await alternativesOf(context, conditions);
    if (alternatives.length === 0) return { records: [], next: null };
    const listings = await Promise.all(
      alternatives.map((alternative) =>
        listRows(context, object, reading.fields, {
          conditions: [...plain, ...alternative, place],
          orderBy: orderBy(order),
          orderColumn: order.column,
          // One more than wanted says whether there is a next page.
          limit: limit + 1,
        }),
      ),
    );
    const rows = merge(listings, order);
    const records = rows.slice(0, limit);
    const last = records.at(-1);
    return { records, next: rows.length > records.length && last ? cursorAt(last, order) : null };
  }

  return resourceAdapter<Resource, Condition>({
    map,
    edges,
    customFields: async (context) => (await describeObject(context, object.name)).customFields,
    // Salesforce names them itself, and calls are counted by the day.
    unknownKeysRefused: true,
    byAskedId(rows, ids) {
      const asked = new AskedIds(ids, object.keyPrefix);
      return new Map(rows.flatMap((row) => asked.forms(row["Id"]).map((id) => [id, row] as const)));
    },
    calls: {
      batchSize,
      isId: (text) => longId(text, object.keyPrefix) !== null,
      idOf: (native) => String(native["Id"]),
      list,
      read: (context, ids, { fields }) => rowsByIds(context, object, fields, new AskedIds(ids, object.keyPrefix).long),
      create: (context, native) => insert(context, map.resource, native),
      update: (context, id, native) => patch(context, map.resource, id, native),
      async delete(context, id) {
        await context.send({ method: "DELETE", path: rowPath(map.resource, id), safe: false });
      },
    },
  });
}

/** Ways to meet the filters that another call must resolve: of each way, all conditions; none when nothing can. */
async function alternativesOf(context: ProviderContext, filters: readonly Condition[]): Promise<string[][]> {
  let ways: string[][] = [[]];
  for (const filter of filters) {
    if (typeof filter === "string") continue;
    const conditions = await filter(context);
    ways = ways.flatMap((way) => conditions.map((condition) => [...way, condition]));
  }
  return ways;
}

/** Resolves to the new record's id; the answer has nothing else of the record. */
export async function insert(context: ProviderContext, resource: ResourceName, native: NativeRecord): Promise<string> {
  const { body } = await context.send({
    method: "POST",
    path: `${DATA_PATH}/sobjects/${OBJECTS[resource].name}`,
    // A new record has nothing to clear, and a null would keep Salesforce from filling in its defaults.
    json: Object.fromEntries(Object.entries(native).filter(([, value]) => value !== null)),
    safe: false,
  });
  const { id } = (body ?? {}) as { id?: unknown };
  if (typeof id === "string") return id;
  throw new CrmError("PROVIDER_ERROR", { detail: "Salesforce did not name the new record.", outcome: "UNKNOWN" });
}

export async function patch(
  context: ProviderContext,
  resource: ResourceName,
  id: string,
  native: NativeRecord,
): Promise<void> {
  await context.send({ method: "PATCH", path: rowPath(resource, id), json: native, safe: false });
}

function rowPath(resource: ResourceName, id: string): string {
  return `${DATA_PATH}/sobjects/${OBJECTS[resource].name}/${longId(id)!}`;
}
