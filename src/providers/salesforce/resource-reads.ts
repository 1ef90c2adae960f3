import { invalidInput } from "../../errors/crm-error.js";
import { filterConditions, orderField } from "../adapter-kit.js";
import type { EdgeLoader, ListQuery, Page, ProviderContext, ResourceAdapter } from "../contract.js";
import type { FieldMap, NativeRecord } from "../field-map.js";
import type { EdgeName, ResourceName, UnifiedRecord } from "../model.js";
import { nativeFields, readRecord } from "../read-record.js";
import type { Selection } from "../selection.js";
import type { Condition } from "./conditions.js";
import { describeObject } from "./describe.js";
import { AskedIds } from "./ids.js";
import { after, BY_ID, cursorAt, merge, orderBy } from "./keyset.js";
import { OBJECTS } from "./objects.js";
import { COLUMNS_MAX, listRows, needsQuery, rowsByIds, selectFrom } from "./read-rows.js";
import { idsPerQuery, RETRIEVE_MAX } from "./rest.js";
import { allOf, encodedLength, inList } from "./soql.js";

/** The part of a query's length that the caller's own filters may take. */
const FILTERS_MAX = 3_000;

/** The reads of one Salesforce object: the calls are the same for all of them. */
export function resourceReads<Resource extends ResourceName>(
  map: FieldMap<Resource>,
): Pick<ResourceAdapter<Resource>, "batchSize" | "list" | "get"> {
  const object = OBJECTS[map.resource];

  async function list(context: ProviderContext, query: ListQuery<Resource>): Promise<Page<Resource>> {
    const order = query.orderBy
      ? { column: orderField(map, query.orderBy.field), direction: query.orderBy.direction }
      : BY_ID;
    const filters = filterConditions<Condition>(map, query.filter);
    const plain = filters.filter((condition) => typeof condition === "string");
    if (encodedLength(plain.join(" AND ")) > FILTERS_MAX) {
      throw invalidInput({ filter: "These filters are longer than one Salesforce query can be." });
    }
    const place = query.cursor === null ? null : after(query.cursor, order);
    const alternatives = await alternativesOf(context, filters);
    if (alternatives.length === 0) return { records: [], next: null, cap: null };
    const { columns, read } = await readingOf(context, query.select);
    const listings = await Promise.all(
      alternatives.map((alternative) =>
        listRows(context, object, columns, {
          conditions: [...plain, ...alternative, place],
          orderBy: orderBy(order),
          orderColumn: order.column,
          // One more than wanted says whether there is a next page.
          limit: query.limit + 1,
        }),
      ),
    );
    const rows = merge(listings, order);
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      records: page.map(read),
      next: rows.length > page.length && last ? cursorAt(last, order) : null,
      cap: null,
    };
  }

  async function get(context: ProviderContext, nativeIds: readonly string[], select: Selection) {
    const asked = new AskedIds(nativeIds, object.keyPrefix);
    const records = new Map<string, UnifiedRecord<Resource>>();
    if (asked.long.length === 0) return records;
    const { columns, read } = await readingOf(context, select);
    for (const row of await rowsByIds(context, object, columns, asked.long)) {
      const record = read(row);
      for (const id of asked.forms(row["Id"])) records.set(id, record);
    }
    return records;
  }

  async function readingOf(context: ProviderContext, select: Selection) {
    const customFields = select.has("customFields") ? (await describeObject(context, object.name)).customFields : [];
    const columns = [...new Set([...nativeFields(map, select), ...customFields.map(({ key }) => key)])];
    const readContext = { origin: context.origin, customFields };
    const read = (row: NativeRecord) => readRecord(map, String(row["Id"]), row, select, readContext);
    return { columns, read };
  }

  return {
    batchSize(select) {
      const columns = nativeFields(map, select);
      if (!needsQuery(columns)) return RETRIEVE_MAX;
      const rest = `${selectFrom(object, columns)}${allOf([inList("Id", []), object.existing])}`;
      // How many custom fields there are is not known here, only how much room columns get.
      return idsPerQuery(encodedLength(rest) + (select.has("customFields") ? COLUMNS_MAX : 0));
    },
    list,
    get,
  };
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

/** An edge that every record carries itself. */
export function ownEdge<Resource extends ResourceName>(
  { get }: Pick<ResourceAdapter<Resource>, "get">,
  edge: EdgeName<Resource>,
  batchSize: number,
): EdgeLoader {
  return {
    batchSize,
    async load(context, nativeIds) {
      const records = await get(context, nativeIds, new Set([edge]));
      return new Map([...records].map(([id, { links }]) => [id, { ids: links[edge] ?? [], complete: true }]));
    },
  };
}
