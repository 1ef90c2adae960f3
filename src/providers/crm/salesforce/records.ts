import { invalidInput } from "../../../errors/crm-error.js";
import type { ProviderContext, ResourceAdapter } from "../../contract/contract.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import type { Selection } from "../../contract/selection.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import type { NativePage, NativeQuery, ResourceCalls, ResourceRules } from "../../kit/resource-rules.js";
import { nativeFields } from "../../mapping/read-record.js";
import {
  COLUMNS_MAX,
  idsPerQuery,
  insert,
  isRelated,
  needsQuery,
  patch,
  query,
  queryByIds,
  remove,
  retrieve,
  RETRIEVE_MAX,
} from "./api.js";
import { orderedBy, row } from "./answers.js";
import { costOf } from "./cost.js";
import { describeObject, withVisibleColumns } from "./definitions.js";
import { AskedIds, longId, OBJECTS, type SalesforceObject } from "./dialect.js";
import { after, BY_ID, cursorAt, merge, orderBy } from "./paging.js";
import { allOf, encodedLength, inList, type Condition } from "./query.js";

/** The most bytes of a query that the caller's filters may take. */
const FILTERS_MAX = 3_000;

/**
 * One Salesforce object: the calls are the same for all of them.
 * Source: developer.salesforce.com, REST API, "sObject Basic Information" and "sObject Rows".
 */
export function objectAdapter<Resource extends ResourceName>(
  map: FieldMap<Resource>,
  rules: Pick<ResourceRules<Resource, Condition>, "edges" | "current" | "lookups"> = {},
  writes: Pick<ResourceCalls<Resource, Condition>, "create" | "update"> = {},
): ResourceAdapter<Resource> {
  const object = OBJECTS[map.resource];

  function batchSize(select: Selection): number {
    const columns = nativeFields(map, select);
    if (!needsQuery(columns)) return RETRIEVE_MAX;
    const rest = `${selectFrom(object, columns)}${allOf([inList("Id", []), object.existing])}`;
    // The number of custom fields is not known yet, so the whole room for columns is reserved.
    return idsPerQuery(encodedLength(rest) + (select.has("customFields") ? COLUMNS_MAX : 0));
  }

  async function list(context: ProviderContext, query: NativeQuery<Condition>): Promise<NativePage> {
    const { conditions, limit, cursor, reading } = query;
    const order = query.order ? { column: query.order.field, direction: query.order.direction } : BY_ID;
    const plain = conditions.filter((condition) => typeof condition === "string");
    if (encodedLength(plain.join(" AND ")) > FILTERS_MAX) {
      throw invalidInput({
        filter: "These filters are too long for one Salesforce query. Remove or shorten some of them.",
      });
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
          // One row more shows whether there is a next page.
          limit: limit + 1,
        }),
      ),
    );
    const rows = merge(listings, order);
    const records = rows.slice(0, limit);
    const last = records.at(-1);
    const at = (record: NativeRecord | undefined) => (record ? cursorAt(record, order) : null);
    return {
      records,
      next: rows.length > records.length ? at(last) : null,
      after: (id) => at(records.find((record) => String(record["Id"]) === id)),
    };
  }

  return resourceAdapter<Resource, Condition>({
    map,
    cost: costOf(map.resource),
    ...rules,
    customFields: async (context) => (await describeObject(context, object.name)).customFields,
    // Salesforce's refusal names unknown fields, and a check would cost one of the day's calls.
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
        await remove(context, map.resource, id);
      },
      ...writes,
    },
  });
}

/**
 * Resolves the filters that need another call. Each alternative is a list of conditions; no alternative means that
 * nothing matches.
 */
async function alternativesOf(context: ProviderContext, filters: readonly Condition[]): Promise<string[][]> {
  let ways: string[][] = [[]];
  for (const filter of filters) {
    if (typeof filter === "string") continue;
    const conditions = await filter(context);
    ways = ways.flatMap((way) => conditions.map((condition) => [...way, condition]));
  }
  return ways;
}

function selectFrom(object: SalesforceObject, columns: readonly string[]): string {
  return `SELECT ${columns.join(",")} FROM ${object.name}`;
}

interface Listing {
  conditions: readonly (string | null)[];
  orderBy: string;
  /** The column of the order, which the query must select. */
  orderColumn: string;
  limit: number;
}

/** Rows that meet the conditions, in order. */
function listRows(
  context: ProviderContext,
  object: SalesforceObject,
  columns: readonly string[],
  { conditions, orderBy, orderColumn, limit }: Listing,
): Promise<NativeRecord[]> {
  const rest = `${allOf([object.listed, ...conditions])}${orderBy} LIMIT ${limit}`;
  const wanted = [...new Set([...columns, orderColumn])];
  return readRows(context, object, wanted, ["Id", orderColumn], (visible) =>
    query(context, `${selectFrom(object, visible)}${rest}`, orderedBy(orderColumn), object.resource),
  );
}

/** Records by 18-character id, in no order; what is missing or deleted is left out. */
async function rowsByIds(
  context: ProviderContext,
  object: SalesforceObject,
  columns: readonly string[],
  ids: readonly string[],
): Promise<NativeRecord[]> {
  if (!needsQuery(columns)) {
    const found = await withVisibleColumns(context, object.name, columns, (visible) =>
      retrieve(context, object.name, ids, visible),
    );
    return [...found.values()];
  }
  return readRows(context, object, columns, ["Id"], (visible) =>
    queryByIds(context, {
      select: selectFrom(object, visible),
      row,
      column: "Id",
      ids,
      where: object.existing,
      resource: object.resource,
    }),
  );
}

/**
 * If the columns are too long for a URI, the query selects those that only it can read, and a collections read adds the
 * others.
 */
function readRows(
  context: ProviderContext,
  object: SalesforceObject,
  columns: readonly string[],
  keys: readonly string[],
  run: (columns: readonly string[]) => Promise<NativeRecord[]>,
): Promise<NativeRecord[]> {
  return withVisibleColumns(context, object.name, columns, async (visible) => {
    if (encodedLength(visible.join(",")) <= COLUMNS_MAX) return run(visible);
    const rows = await run([...new Set([...keys, ...visible.filter(isRelated)])]);
    const own = ["Id", ...visible.filter((column) => !keys.includes(column) && !isRelated(column))];
    const ids = rows.map((row) => String(row["Id"]));
    const others = ids.length === 0 ? new Map<string, NativeRecord>() : await retrieve(context, object.name, ids, own);
    // A row that only the query answered was deleted between the two calls.
    return rows.flatMap((row) => {
      const other = others.get(String(row["Id"]));
      return other ? [{ ...other, ...row }] : [];
    });
  });
}
