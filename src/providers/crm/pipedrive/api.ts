import type { Decoder } from "../../../upstream/answer-body.js";
import type { StatedRateLimit, UpstreamResponse } from "../../../upstream/request.js";
import { statedNumber } from "../../../upstream/stated.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { allPages, inChunks } from "../../kit/adapter-kit.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import { sendWrite } from "../../kit/rest.js";
import { deleted, one, pageOfSearch, pageOfV1, pageOfV2, type PipedrivePage } from "./answers.js";

/** Version 1 has leads and directories, and pages by offsets. Version 2 has all other records, and pages by cursors. */
export const V1 = "/api/v1";
export const V2 = "/api/v2";

export const PERSONS = `${V2}/persons`;
export const ACTIVITIES = `${V2}/activities`;
export const LEADS = `${V1}/leads`;

export const WINDOW_MS = 2_000;
/** Maximum numbers of calls in a window: of searches, and of an API token's other calls on the smallest plan. */
export const SEARCHES = 10;
export const CALLS = 20;

/** Maximum numbers of records in a page and of ids in a batch. */
export const PAGE_MAX = 500;
export const BATCH_MAX = 100;
/** The most leads of one search page: each lead takes a call. */
export const LEADS_FOUND_MAX = 10;

export type Query = Record<string, string | number | undefined>;

export async function get<Value>(context: ProviderContext, path: string, query: Query, decoder: Decoder<Value>) {
  const lane = path.endsWith("/search") ? { lane: "search" } : {};
  return (await context.send({ method: "GET", path, query, safe: true, ...lane })).body.decode(decoder);
}

/** Creates or updates a record. Resolves to the whole record. */
export function write<Item>(
  context: ProviderContext,
  method: "POST" | "PATCH",
  path: string,
  json: object,
  item: Decoder<Item>,
): Promise<Item> {
  const status = method === "POST" ? [200, 201] : 200;
  return sendWrite(context, { method, path, json }, { status, body: one(item) });
}

/** Deletes a record. */
export async function remove(context: ProviderContext, path: string): Promise<void> {
  await sendWrite(context, { method: "DELETE", path }, { status: 200, body: deleted });
}

/** Reads one page of either version. */
export function readPage<Item extends NativeRecord>(
  context: ProviderContext,
  path: string,
  query: Query,
  cursor: string | null,
  item: Decoder<Item>,
): Promise<PipedrivePage<Item>> {
  const isV1 = path.startsWith(V1);
  const at: Query = cursor === null ? {} : { [isV1 ? "start" : "cursor"]: cursor };
  return get(context, path, { ...query, ...at }, isV1 ? pageOfV1(item, Number(cursor)) : pageOfV2(item));
}

/** Reads one page of what a search found. Its records have fewer members than others. */
export function searchPage(context: ProviderContext, path: string, query: Query, cursor: string | null) {
  return get(context, path, { ...query, ...(cursor === null ? {} : { cursor }) }, pageOfSearch);
}

export function readAll<Item extends NativeRecord>(
  context: ProviderContext,
  path: string,
  query: Query,
  item: Decoder<Item>,
): Promise<Item[]> {
  return allPages((cursor) => readPage(context, path, { ...query, limit: PAGE_MAX }, cursor, item));
}

/** Reads the records that exist, in any order. For v2 only. */
export async function readByIds<Item extends NativeRecord>(
  context: ProviderContext,
  path: string,
  ids: readonly string[],
  query: Query,
  item: Decoder<Item>,
) {
  return inChunks(ids, BATCH_MAX, async (some) => {
    const asked = { ids: some.join(","), limit: BATCH_MAX, ...query };
    return (await get(context, path, asked, pageOfV2(item))).records;
  });
}

/** Counts the records in a response. Undefined if it has no `data`. */
export function countRecords(body: unknown): number | undefined {
  const { data } = membersOf(body);
  return recordCount(membersOf(data)["items"] ?? data, data);
}

/** Reads the limit that a response states. Ignores the headers of a search, which state the limit of searches only. */
export function rateLimit({ headers }: UpstreamResponse): StatedRateLimit | undefined {
  const limit = statedNumber(headers["x-ratelimit-limit"]) ?? 0;
  if (limit <= SEARCHES) return undefined;
  return { limit, remaining: statedNumber(headers["x-ratelimit-remaining"]) ?? null, windowMs: WINDOW_MS };
}
