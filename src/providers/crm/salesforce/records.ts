import type { ProviderContext, ResourceAdapter } from "../../contract/contract.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import type { Selection } from "../../contract/selection.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import type { NativePage, NativeQuery, ResourceCalls, ResourceRules } from "../../kit/resource-rules.js";
import { assertFilterFits } from "../../kit/url-length.js";
import { nativeFields } from "../../mapping/read-record.js";
import {
  fitsQuery,
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
import { columnsOf, describeObject, isUnknownColumn, reading } from "./definitions.js";
import { AskedIds, longId, OBJECTS, PROVIDER_NAME, type SalesforceObject } from "./dialect.js";
import { ALL_INVITED, RELATIONS } from "./relations.js";
import { after, BY_ID, cursorAt, merge, orderBy } from "./paging.js";
import { allOf, encodedLength, FILTERS_MAX, inList, type Condition } from "./query.js";

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
    // The number of custom fields is not known yet. If they are too many, the query reads only what nothing else can.
    const queried = select.has("customFields") ? ["Id", ...columns.filter(isRelated)] : columns;
    return idsPerQuery(encodedLength(byIds(object, queried)));
  }

  async function list(context: ProviderContext, query: NativeQuery<Condition>): Promise<NativePage> {
    const { conditions, limit, cursor } = query;
    const order = query.order ? { column: query.order.field, direction: query.order.direction } : BY_ID;
    const plain = conditions.filter((condition) => typeof condition === "string");
    assertFilterFits(PROVIDER_NAME, encodedLength(plain.join(" AND ")), FILTERS_MAX);
    const place = cursor === null ? null : after(cursor, order);
    const alternatives = await alternativesOf(context, conditions);
    if (alternatives.length === 0) return { records: [], next: null };
    const listings = await Promise.all(
      alternatives.map((alternative) =>
        listRows(context, object, query.reading.fields, {
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
    columns: columnsOf(object.name),
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
      list: (context, query) => reading(() => list(context, query)),
      read: (context, ids, { fields }) =>
        reading(() => rowsByIds(context, object, fields, new AskedIds(ids, object.keyPrefix).long)),
      // Salesforce answers a create with the id, and an update with nothing.
      create: async (context, native) => ({ id: await insert(context, map.resource, native), record: null }),
      async update(context, id, native) {
        await patch(context, map.resource, id, native);
        return null;
      },
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
  const soql = (visible: readonly string[]) => `${selectFrom(object, visible)}${rest}`;
  return readRows(context, object, wanted, {
    keys: ["Id", orderColumn],
    fits: (visible) => fitsQuery(encodedLength(soql(visible))),
    run: (visible) => query(context, soql(visible), orderedBy(orderColumn), object.resource),
  });
}

/** Records by 18-character id, in no order; what is missing or deleted is left out. */
async function rowsByIds(
  context: ProviderContext,
  object: SalesforceObject,
  columns: readonly string[],
  ids: readonly string[],
): Promise<NativeRecord[]> {
  if (!needsQuery(columns)) {
    return [...(await retrieve(context, object.name, ids, columns)).values()];
  }
  return readRows(context, object, columns, {
    keys: ["Id"],
    fits: (visible) => fitsQuery(encodedLength(byIds(object, visible)), ids.length),
    run: (visible) =>
      queryByIds(context, {
        select: selectFrom(object, visible),
        row,
        column: "Id",
        ids,
        where: object.existing,
        resource: object.resource,
      }),
  });
}

/** The query for rows by their ids, without the ids. */
function byIds(object: SalesforceObject, columns: readonly string[]): string {
  return `${selectFrom(object, columns)}${allOf([inList("Id", []), object.existing])}`;
}

interface RowQuery {
  /** Columns of the object itself that every query selects. */
  keys: readonly string[];
  /** Whether a URL has room for the query with these columns. */
  fits: (columns: readonly string[]) => boolean;
  run: (columns: readonly string[]) => Promise<NativeRecord[]>;
}

/**
 * If the columns are too long for a URL, the query selects those that only it can read, and a collections read adds the
 * others.
 */
function readRows(
  context: ProviderContext,
  object: SalesforceObject,
  columns: readonly string[],
  { keys, fits, run }: RowQuery,
): Promise<NativeRecord[]> {
  return withRelations(context, columns, async (visible) => {
    if (fits(visible)) return run(visible);
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

/**
 * Reads the people of events. Only orgs with Shared Activities have the column that tells invitees from other people: in
 * the other orgs, everybody is an invitee. The first read finds out.
 */
async function withRelations(
  context: ProviderContext,
  columns: readonly string[],
  run: (columns: readonly string[]) => Promise<NativeRecord[]>,
): Promise<NativeRecord[]> {
  if (!columns.includes(RELATIONS)) return run(columns);
  const org = await context.memo("relations of events", () => Promise.resolve({ haveInvitees: true }));
  const own = () => (org.haveInvitees ? columns : columns.map((one) => (one === RELATIONS ? ALL_INVITED : one)));
  try {
    return await run(own());
  } catch (error) {
    if (!org.haveInvitees || !isUnknownColumn(error, "IsInvitee")) throw error;
    org.haveInvitees = false;
    return run(own());
  }
}
