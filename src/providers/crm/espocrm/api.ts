import type { AdapterRequest, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { absentIfNotFound, allPages } from "../../kit/adapter-kit.js";
import { membersOf, recordCount, unexpectedAnswer } from "../../kit/answer.js";
import type { Where } from "./query.js";
import { assertFilterFits, queryBytes, URL_MAX } from "../../kit/url-length.js";
import { entityRecord, recordPage } from "./answers.js";
import { PROVIDER_NAME } from "./dialect.js";

/** Maximum number of records in a page (`recordListMaxSizeLimit`). */
export const PAGE_MAX = 200;
/** The most bytes of a query. The rest of the URL is the path, which may begin with the folder of the server. */
const QUERY_MAX = URL_MAX - 200;

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
  const rest = { orderBy, order, maxSize, offset, ...Object.fromEntries(flat("where", where)) };
  const read = async (names: readonly string[] | null) => {
    const query = names === null ? rest : { select: names.join(","), ...rest };
    const { body } = await context.send(getRequest(entity, query));
    return body.decode(recordPage(orderBy.endsWith("ame") ? undefined : orderBy, links));
  };
  assertFilterFits(PROVIDER_NAME, queryBytes(rest), QUERY_MAX);
  const isShort = queryBytes({ select: select.join(","), ...rest }) <= QUERY_MAX;
  const { list: records, total } = isShort ? await read(select) : await unselected(read, select);
  const hasMore = total === -1 || total > offset + records.length;
  if (hasMore && records.length === 0)
    throw unexpectedAnswer("EspoCRM’s response has no records, and says that there are more.");
  return { records, hasMore };
}

type ListAnswer = ReturnType<ReturnType<typeof recordPage>>;

/** Names of fields with linked records, which a list has only if they are selected. */
const LINKED = /(s|es)(Ids|Names|Columns)$/;

/** Reads a page whose fields are too many to be named in a URL: without names, EspoCRM lists all fields but links. */
async function unselected(
  read: (names: readonly string[] | null) => Promise<ListAnswer>,
  select: readonly string[],
): Promise<ListAnswer> {
  const links = select.filter((name) => LINKED.test(name));
  const [all, linked] = await Promise.all([read(null), links.length > 0 ? read(["id", ...links]) : null]);
  if (!linked) return all;
  const byId = new Map(linked.list.map((record) => [record.id, record]));
  return { ...all, list: all.list.map((record) => ({ ...record, ...byId.get(record.id) })) };
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
