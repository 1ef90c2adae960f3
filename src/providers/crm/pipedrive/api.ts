import type { StatedRateLimit, UpstreamResponse } from "../../../upstream/request.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { allPages, inChunks } from "../../kit/adapter-kit.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import { unchecked } from "../../kit/unchecked.js";

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

export type Query = Record<string, string | number | undefined>;

interface Answer<Data> {
  data: Data | null;
  additional_data?: (Paging & { next_cursor?: string | null; pagination?: Paging }) | null;
}

interface Paging {
  more_items_in_collection?: boolean;
  next_start?: number;
}

export async function get<Data = NativeRecord[]>(context: ProviderContext, path: string, query: Query = {}) {
  const lane = path.endsWith("/search") ? { lane: "search" } : {};
  const { body: sent } = await context.send({ method: "GET", path, query, safe: true, ...lane });
  const body = sent.decode(unchecked);
  return body as Answer<Data>;
}

export async function write(
  context: ProviderContext,
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  json?: object,
) {
  const { body: sent } = await context.send({ method, path, ...(json ? { json } : {}), safe: false });
  const body = sent.decode(unchecked);
  return (body as Answer<NativeRecord>).data!;
}

/** Reads one page of either version. Sources differ on the place where v1 says whether there are more pages. */
export async function readPage(context: ProviderContext, path: string, query: Query, cursor: string | null) {
  const isV1 = path.startsWith(V1);
  const at: Query = cursor === null ? {} : { [isV1 ? "start" : "cursor"]: cursor };
  const { data, additional_data: more } = await get<unknown>(context, path, { ...query, ...at });
  const { items } = (data ?? {}) as { items?: { item: NativeRecord }[] };
  const records = items?.map(({ item }) => item) ?? ((data ?? []) as NativeRecord[]);
  if (!isV1) return { records, next: more?.next_cursor || null };
  const { more_items_in_collection: goesOn, next_start: start } = more?.pagination ?? more ?? {};
  return { records, next: goesOn ? String(start ?? Number(cursor) + records.length) : null };
}

export function readAll(context: ProviderContext, path: string, query: Query = {}): Promise<NativeRecord[]> {
  return allPages((cursor) => readPage(context, path, { ...query, limit: PAGE_MAX }, cursor));
}

/** Reads the records that exist, in any order. For v2 only. */
export async function readByIds(context: ProviderContext, path: string, ids: readonly string[], query: Query = {}) {
  return inChunks(ids, BATCH_MAX, async (some) => {
    const { data } = await get(context, path, { ids: some.join(","), limit: BATCH_MAX, ...query });
    return data ?? [];
  });
}

/** Counts the records in a response. Undefined if it has no `data`. */
export function countRecords(body: unknown): number | undefined {
  const { data } = membersOf(body);
  return recordCount(membersOf(data)["items"] ?? data, data);
}

/** Reads the limit that a response states. Ignores the headers of a search, which state the limit of searches only. */
export function rateLimit({ headers }: UpstreamResponse): StatedRateLimit | undefined {
  const limit = Number(headers["x-ratelimit-limit"]);
  if (!(limit > SEARCHES)) return undefined;
  const remaining = Number(headers["x-ratelimit-remaining"] ?? NaN);
  return { limit, remaining: remaining >= 0 ? remaining : null, windowMs: WINDOW_MS };
}
