import type { AdapterRequest, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { absentIfNotFound, allPages } from "../../kit/adapter-kit.js";
import { membersOf, objectsIn, recordCount } from "../../kit/answer.js";
import type { Where } from "./query.js";

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
  const { list, total } = membersOf((await context.send(getRequest(entity, query))).body);
  const records = objectsIn(list);
  const end = offset + records.length;
  // A server that does not count records sends -1 if there are more.
  const next = records.length > 0 && (total === -1 || Number(total) > end) ? String(end) : null;
  return { records: records.filter(({ deleted }) => deleted !== true), next };
}

export function listAll(context: ProviderContext, entity: string, listing: Listing): Promise<NativeRecord[]> {
  return allPages((cursor) => listPage(context, entity, { ...listing, offset: Number(cursor ?? 0) }));
}

/** Reads a record with all its fields. Null if it does not exist or is deleted. */
export function readOne(context: ProviderContext, entity: string, id: string): Promise<NativeRecord | null> {
  return absentIfNotFound(async () => membersOf((await context.send(getRequest(`${entity}/${id}`))).body));
}

/** Writes nested values as query parameters in PHP's syntax, e.g. `where[0][value][1]=…`. */
function flat(name: string, value: unknown): [name: string, value: string][] {
  if (typeof value !== "object" || value === null) return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, part]) => flat(`${name}[${key}]`, part));
}

/** Counts the records in a response. Undefined if the response is not a list. */
export const countRecords = (body: unknown) => recordCount(membersOf(body)["list"]);
