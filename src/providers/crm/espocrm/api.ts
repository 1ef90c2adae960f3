import type { AdapterRequest, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { absentIfNotFound, allPages } from "../../kit/adapter-kit.js";
import { membersOf, objectsIn, recordCount } from "../../kit/answer.js";
import type { Where } from "./query.js";
import { unchecked } from "../../kit/unchecked.js";

/** Maximum number of records in a page (`recordListMaxSizeLimit`). */
export const PAGE_MAX = 200;

interface Listing {
  where: readonly Where[];
  select: readonly string[];
  orderBy?: string | undefined;
  order?: "asc" | "desc";
  maxSize?: number;
  offset?: number;
}

export function getRequest(path: string, query: AdapterRequest["query"] = {}): AdapterRequest {
  return { method: "GET", path: `/api/v1/${path}`, query, safe: true };
}

/** Reads a page of records. EspoCRM appends the id to every order, so records with equal values keep their places. */
export async function listPage(context: ProviderContext, entity: string, listing: Listing) {
  const { where, select, orderBy = "createdAt", order = "asc", maxSize = PAGE_MAX, offset = 0 } = listing;
  const query = {
    select: select.join(","),
    orderBy,
    order,
    maxSize,
    offset,
    ...Object.fromEntries(flat("where", where)),
  };
  const { list, total } = membersOf((await context.send(getRequest(entity, query))).body.decode(unchecked));
  const records = objectsIn(list);
  // A server that does not count answers -1 if there is more.
  return { records, hasMore: records.length > 0 && (total === -1 || Number(total) > offset + records.length) };
}

/** Administrators also see deleted records. */
export const live = (records: readonly NativeRecord[]) => records.filter(({ deleted }) => deleted !== true);

export async function listAll(context: ProviderContext, entity: string, listing: Listing): Promise<NativeRecord[]> {
  const all = await allPages(async (cursor) => {
    const offset = Number(cursor ?? 0);
    const { records, hasMore } = await listPage(context, entity, { ...listing, offset });
    return { records, next: hasMore ? String(offset + records.length) : null };
  });
  return live(all);
}

/** Reads a record with all its fields. Null if it does not exist or is deleted. */
export function readOne(context: ProviderContext, entity: string, id: string): Promise<NativeRecord | null> {
  return absentIfNotFound(async () =>
    membersOf((await context.send(getRequest(`${entity}/${id}`))).body.decode(unchecked)),
  );
}

/** Writes nested values as query parameters in PHP's syntax, e.g. `where[0][value][1]=…`. */
function flat(name: string, value: unknown): [name: string, value: string][] {
  if (typeof value !== "object" || value === null) return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, part]) => flat(`${name}[${key}]`, part));
}

/** Counts the records in a response. Undefined if the response is not a list. */
export const countRecords = (body: unknown) => recordCount(membersOf(body)["list"]);
