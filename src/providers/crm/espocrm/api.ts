import type { AdapterRequest, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { absentIfNotFound, allPages } from "../../kit/adapter-kit.js";
import { membersOf, recordCount, unexpectedAnswer } from "../../kit/answer.js";
import type { Where } from "./query.js";
import { entityRecord, recordPage } from "./answers.js";

/** Maximum number of records in a page (`recordListMaxSizeLimit`). */
export const PAGE_MAX = 200;

interface Listing {
  where: readonly Where[];
  select: readonly string[];
  orderBy?: string | undefined;
  order?: "asc" | "desc";
  maxSize?: number;
  offset?: number;
  /** Fields of linked records that the caller relies on. */
  links?: readonly string[];
}

export function getRequest(path: string, query: AdapterRequest["query"] = {}): AdapterRequest {
  return { method: "GET", path: `/api/v1/${path}`, query, safe: true };
}

/** Reads a page of records. EspoCRM appends the id to every order, so records with equal values keep their places. */
export async function listPage(context: ProviderContext, entity: string, listing: Listing) {
  const { where, select, orderBy = "createdAt", order = "asc", maxSize = PAGE_MAX, offset = 0, links = [] } = listing;
  const query = {
    select: select.join(","),
    orderBy,
    order,
    maxSize,
    offset,
    ...Object.fromEntries(flat("where", where)),
  };
  const { body } = await context.send(getRequest(entity, query));
  const { list: records, total } = body.decode(recordPage(orderBy.endsWith("ame") ? undefined : orderBy, links));
  const hasMore = total === -1 || total > offset + records.length;
  if (hasMore && records.length === 0)
    throw unexpectedAnswer("EspoCRM’s response has no records, and says that there are more.");
  return { records, hasMore };
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
  return absentIfNotFound(async () => (await context.send(getRequest(`${entity}/${id}`))).body.decode(entityRecord));
}

/** Writes nested values as query parameters in PHP's syntax, e.g. `where[0][value][1]=…`. */
function flat(name: string, value: unknown): [name: string, value: string][] {
  if (typeof value !== "object" || value === null) return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, part]) => flat(`${name}[${key}]`, part));
}

/** Counts the records in a response. Undefined if the response is not a list. */
export const countRecords = (body: unknown) => recordCount(membersOf(body)["list"]);
