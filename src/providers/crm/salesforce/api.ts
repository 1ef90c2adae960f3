import { AnswerBody, type Decoder } from "../../../upstream/answer-body.js";
import { emptyBody, exactly, lenient, member, object } from "../../../upstream/decode.js";
import type { StatedRateLimit, UpstreamResponse } from "../../../upstream/request.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { inChunks } from "../../kit/adapter-kit.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import { getDecoded, sendWrite, type WriteAnswer } from "../../kit/rest.js";
import { inserted, pageOf, recordsInOrder, relation } from "./answers.js";
import { longId, OBJECTS, type QueryResource } from "./dialect.js";
import { allOf, encodedLength, inList } from "./query.js";
import { URL_MAX } from "../../kit/url-length.js";

/** Spring ’26, the newest version with final documentation when this adapter was written. */
export const DATA_PATH = "/services/data/v66.0";

/** Maximum length of an encoded query in bytes. The rest of the URL is the path. */
const QUERY_MAX = URL_MAX - 100;
/** Maximum number of records in one collections read. */
export const RETRIEVE_MAX = 2_000;
/** Length of an encoded id in a list: `%27`, 18 characters, `%27%2C`. */
const ID_BYTES = 27;

/** Whether a query of this length, with this number of ids in addition, fits into a URL. */
export function fitsQuery(bytes: number, ids = 0): boolean {
  return bytes + ids * ID_BYTES <= QUERY_MAX;
}

/** Whether the columns include related records or sub-selects, which only a query can read. */
export function needsQuery(columns: readonly string[]): boolean {
  return columns.some(isRelated);
}

export function isRelated(column: string): boolean {
  return /[.(]/.test(column);
}

/**
 * Reads all rows of a query. A page may have fewer rows than requested, so only `done` marks the end. The rows of a
 * sub-select are paged in the same way.
 * Source: developer.salesforce.com, REST API, "Query" and "Query More Results".
 */
export async function query<Of extends NativeRecord>(
  context: ProviderContext,
  soql: string,
  row: Decoder<Of>,
  resource: QueryResource = "query",
): Promise<Of[]> {
  return allRows(context, row, await getDecoded(context, `${DATA_PATH}/${resource}`, { q: soql }, pageOf(row)));
}

async function allRows<Of extends NativeRecord>(
  context: ProviderContext,
  row: Decoder<Of>,
  first: { records: Of[]; next: string | null },
): Promise<Of[]> {
  const rows: Of[] = [];
  for (let page = first; ;) {
    for (const one of page.records) rows.push(await withWholeSubselects(context, one));
    if (page.next === null) return rows;
    page = await getDecoded(context, page.next, {}, pageOf(row));
  }
}

/** A sub-select whose rows go on elsewhere. */
const unfinished = lenient(object({ done: exactly(false) }));

async function withWholeSubselects<Of extends NativeRecord>(context: ProviderContext, row: Of): Promise<Of> {
  let whole = row;
  for (const [name, value] of Object.entries(row)) {
    if (!unfinished(value)) continue;
    const first = new AnswerBody({ [name]: value }).decode(member(name, pageOf(relation)));
    whole = {
      ...whole,
      [name]: { ...(value as object), records: await allRows(context, relation, first), done: true },
    };
  }
  return whole;
}

/** Returns how many ids fit into a query whose other parts have `otherBytes` bytes. */
export function idsPerQuery(otherBytes: number): number {
  return Math.max(1, Math.floor((QUERY_MAX - otherBytes) / ID_BYTES));
}

interface RowsByIds<Of extends NativeRecord> {
  select: string;
  row: Decoder<Of>;
  column: string;
  ids: readonly string[];
  where?: string | null;
  resource?: QueryResource;
}

/** Reads all rows whose column has one of the ids, in as many calls as the maximum length of a URL requires. */
export async function queryByIds<Of extends NativeRecord>(
  context: ProviderContext,
  rows: RowsByIds<Of>,
): Promise<Of[]> {
  const soql = (ids: readonly string[]) => `${rows.select}${allOf([inList(rows.column, ids), rows.where ?? null])}`;
  return inChunks(rows.ids, idsPerQuery(encodedLength(soql([]))), (ids) =>
    query(context, soql(ids), rows.row, rows.resource),
  );
}

/**
 * Reads records by their 18-character ids. Records that are missing, deleted or hidden from this user have no entry.
 * Source: developer.salesforce.com, REST API, "sObject Collections: get multiple records with POST".
 */
export async function retrieve(
  context: ProviderContext,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
): Promise<Map<string, NativeRecord>> {
  const records = await inChunks(ids, RETRIEVE_MAX, async (chunk) => {
    const json = { ids: chunk, fields };
    const path = `${DATA_PATH}/composite/sobjects/${object}`;
    const { body } = await context.send({ method: "POST", path, json, safe: true });
    return body.decode(recordsInOrder(chunk.length));
  });
  const found = new Map<string, NativeRecord>();
  for (const record of records) {
    if (record !== null) found.set(longId(record.Id)!, record);
  }
  return found;
}

/** Counts the records in a response. Undefined if it is neither a list nor a record. */
export function countRecords(body: unknown): number | undefined {
  if (Array.isArray(body)) return body.filter((record) => record !== null).length;
  const { records, id } = membersOf(body);
  return recordCount(records, id);
}

/** `Sforce-Limit-Info: api-usage=18/15000`: the calls of the last 24 hours, and their limit. */
export function rateLimit({ headers }: UpstreamResponse): StatedRateLimit | undefined {
  const stated = headers["sforce-limit-info"];
  const usage = typeof stated === "string" ? /(?:^|[\s,;])api-usage=(\d+)\/(\d+)/.exec(stated) : null;
  if (!usage) return undefined;
  const [used, limit] = [Number(usage[1]), Number(usage[2])];
  return { limit, remaining: Math.max(0, limit - used), windowMs: null };
}

/** Creates a record. Resolves to its id, because the response has nothing else of the record. */
export async function insert(context: ProviderContext, resource: ResourceName, native: NativeRecord): Promise<string> {
  const path = `${DATA_PATH}/sobjects/${OBJECTS[resource].name}`;
  // A new record has nothing to clear, and a null would keep Salesforce from filling in its defaults.
  const json = Object.fromEntries(Object.entries(native).filter(([, value]) => value !== null));
  return sendWrite(context, { method: "POST", path, json }, { status: 201, body: inserted });
}

const NO_CONTENT: WriteAnswer<string> = { status: 204, body: emptyBody };

export async function remove(context: ProviderContext, resource: ResourceName, id: string): Promise<void> {
  await sendWrite(context, { method: "DELETE", path: rowPath(resource, id) }, NO_CONTENT);
}

export async function patch(
  context: ProviderContext,
  resource: ResourceName,
  id: string,
  native: NativeRecord,
): Promise<void> {
  await sendWrite(context, { method: "PATCH", path: rowPath(resource, id), json: native }, NO_CONTENT);
}

function rowPath(resource: ResourceName, id: string): string {
  return `${DATA_PATH}/sobjects/${OBJECTS[resource].name}/${longId(id)!}`;
}
