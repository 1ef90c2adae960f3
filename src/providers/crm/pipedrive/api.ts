import { allPages, chunks } from "../../kit/adapter-kit.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";

/** Leads and directories are v1, all else is v2, which pages by cursors instead of offsets. */
export const V1 = "/api/v1";
export const V2 = "/api/v2";
/** Records of a page, and ids of a batch. */
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
  const { body } = await context.send({ method: "GET", path, query, safe: true, ...lane });
  return body as Answer<Data>;
}

export async function write(
  context: ProviderContext,
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  json?: object,
) {
  const { body } = await context.send({ method, path, ...(json ? { json } : {}), safe: false });
  return (body as Answer<NativeRecord>).data!;
}

/** One page of either version; sources differ on where v1 says whether there are more. */
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

/** Those of the records that exist, in any order; v2 only. */
export async function readByIds(context: ProviderContext, path: string, ids: readonly string[], query: Query = {}) {
  const pages = await Promise.all(
    chunks(ids, BATCH_MAX).map((some) => get(context, path, { ids: some.join(","), limit: BATCH_MAX, ...query })),
  );
  return pages.flatMap(({ data }) => data ?? []);
}
