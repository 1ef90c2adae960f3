import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { allPages } from "../../kit/adapter-kit.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import type { NativePage } from "../../kit/resource-rules.js";
import { getDecoded } from "../../kit/rest.js";
import { objectList, recordList } from "./answers.js";
import { RECORDS_MAX } from "./dialect.js";
import type { PageQuery } from "./paging.js";
import { allOf } from "./query.js";

/** Reads one page of an object's records. */
export async function recordPage(
  context: ProviderContext,
  plural: string,
  { filters = [], limit = RECORDS_MAX, depth = 0, order, cursor, needed }: PageQuery,
): Promise<NativePage> {
  const filter = filters.length > 0 ? allOf(filters) : undefined;
  const query = { depth, limit: Math.min(limit, RECORDS_MAX), filter, order_by: order };
  const paged = { ...query, starting_after: cursor ?? undefined };
  // An order is the name of a field with a direction in brackets.
  const times = order === undefined ? [] : [order.slice(0, order.indexOf("["))];
  const { data, pageInfo } = await getDecoded(context, `/rest/${plural}`, paged, recordList(plural, times, needed));
  return { records: data, next: pageInfo.hasNextPage ? pageInfo.endCursor! : null };
}

/** The definitions of all objects. */
export function allObjects(context: ProviderContext): Promise<NativeRecord[]> {
  return allPages(async (cursor) => {
    const query = { depth: 0, limit: RECORDS_MAX, starting_after: cursor ?? undefined };
    const { data, pageInfo } = await getDecoded(context, "/rest/metadata/objects", query, objectList);
    return { records: data, next: pageInfo?.hasNextPage ? pageInfo.endCursor! : null };
  });
}

/** Reads the records of all pages. */
export function allRecords(context: ProviderContext, plural: string, query: PageQuery = {}): Promise<NativeRecord[]> {
  return allPages((cursor) => recordPage(context, plural, { ...query, cursor }));
}

/** Counts the records in a response. Undefined if it has no list. */
export function countRecords(body: unknown): number | undefined {
  const [records] = Object.values(membersOf(membersOf(body)["data"]));
  return recordCount(records);
}
