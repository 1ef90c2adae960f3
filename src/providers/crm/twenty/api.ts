import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { allPages } from "../../kit/adapter-kit.js";
import { listAt, membersOf, recordCount, unexpectedAnswer } from "../../kit/answer.js";
import type { NativePage } from "../../kit/resource-rules.js";
import { PROVIDER_NAME, readText, RECORDS_MAX } from "./dialect.js";
import type { PageQuery } from "./paging.js";
import { allOf } from "./query.js";
import { unchecked } from "../../kit/unchecked.js";

/** Reads one page of an object's records. Source: twentyhq/twenty, docs, "APIs"; recorded from a server of May 2025. */
export async function recordPage(
  context: ProviderContext,
  plural: string,
  { filters = [], limit = RECORDS_MAX, depth = 0, order, cursor }: PageQuery,
): Promise<NativePage> {
  const filter = filters.length > 0 ? allOf(filters) : undefined;
  const query = { depth, limit: Math.min(limit, RECORDS_MAX), filter, order_by: order };
  const paged = { ...query, starting_after: cursor ?? undefined };
  const { body: sent } = await context.send({ method: "GET", path: `/rest/${plural}`, query: paged, safe: true });
  const body = sent.decode(unchecked);
  const { data, pageInfo } = membersOf(body);
  const name = plural.replace("metadata/", "");
  const records = listAt(PROVIDER_NAME, Array.isArray(data) ? data : membersOf(data)[name], `data.${name}`);
  const { hasNextPage, endCursor } = membersOf(pageInfo);
  return { records, next: hasNextPage === true ? readText(endCursor) : null };
}

/** Reads the records of all pages. */
export function allRecords(context: ProviderContext, plural: string, query: PageQuery = {}): Promise<NativeRecord[]> {
  return allPages((cursor) => recordPage(context, plural, { ...query, cursor }));
}

/** Returns the only record of a response. The name of its member depends on the operation, e.g. `createPerson`. */
export function recordIn(body: unknown): NativeRecord {
  const [record] = Object.values(membersOf(membersOf(body)["data"]));
  if (typeof membersOf(record)["id"] === "string") return record as NativeRecord;
  throw unexpectedAnswer("Twenty’s response has no record.");
}

/** Counts the records in a response. Undefined if it has no list. */
export function countRecords(body: unknown): number | undefined {
  const [records] = Object.values(membersOf(membersOf(body)["data"]));
  return recordCount(records);
}
