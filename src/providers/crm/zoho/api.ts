import type { AdapterRequest, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { allPages, chunks, isUpstreamNotFound } from "../../kit/adapter-kit.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import type { Module } from "./dialect.js";
import { unchecked } from "../../kit/unchecked.js";

export interface Answer {
  data?: NativeRecord[];
  users?: NativeRecord[];
  fields?: NativeRecord[];
  info?: { more_records?: boolean; next_page_token?: string | null };
}

/**
 * Maximum numbers in one call: names of fields, ids (their parameter may have 1,024 characters), and records of a page.
 */
export const [FIELDS_MAX, IDS_MAX, PAGE_MAX] = [50, 50, 200];

export const idOf = (native: NativeRecord) => String(native["id"]);

/** Calls the API. Reads may be retried. Zoho answers 204 without a body if nothing was found. */
export async function ask(
  context: ProviderContext,
  request: Omit<AdapterRequest, "safe">,
  safe = true,
): Promise<Answer> {
  const { body: sent } = await context.send({ ...request, path: `/crm/v8${request.path}`, safe });
  const body = sent.decode(unchecked);
  return body || {};
}

/** Reads the records of all pages. */
export function everyPage(
  load: (page: number) => Promise<Answer>,
  list: "data" | "users" = "data",
): Promise<NativeRecord[]> {
  return allPages(async (cursor) => {
    const page = Number(cursor ?? 1);
    const answer = await load(page);
    return { records: answer[list] ?? [], next: answer.info?.more_records ? String(page + 1) : null };
  });
}

export async function queryRows(context: ProviderContext, query: string): Promise<Answer> {
  return ask(context, { method: "POST", path: "/coql", json: { select_query: query } });
}

/**
 * Reads the records that exist, each with all fields. One call can name FIELDS_MAX fields, so more fields take more
 * calls.
 */
export async function readRows(
  context: ProviderContext,
  module: Module,
  ids: readonly string[],
  fields: readonly string[],
): Promise<NativeRecord[]> {
  const converted = module === "Leads" ? { converted: "both" } : {};
  const parts = chunks(fields, FIELDS_MAX);
  const read = async (some: readonly string[], part: readonly string[]): Promise<NativeRecord[]> => {
    const query = { ids: some.join(","), fields: part.join(","), ...converted };
    try {
      return (await ask(context, { method: "GET", path: `/${module}`, query })).data ?? [];
    } catch (error) {
      // Zoho sends the same status for an unknown path, so the code decides.
      if (!isUpstreamNotFound(error) || error.details.upstream?.code !== "INVALID_DATA") throw error;
      return some.length === 1 ? [] : (await Promise.all(some.map((id) => read([id], part)))).flat();
    }
  };
  const found = await Promise.all(chunks(ids, IDS_MAX).flatMap((some) => parts.map((part) => read(some, part))));
  const byId = Map.groupBy(found.flat(), idOf);
  // A record that was deleted between two calls has only a part of its fields, so it is omitted.
  return ids.flatMap((id) => {
    const pieces = byId.get(id) ?? [];
    return pieces.length === parts.length ? [Object.assign({}, ...pieces) as NativeRecord] : [];
  });
}

/** Counts the records in a response. Undefined if it has no list `data`. */
export const countRecords = (body: unknown) => recordCount(membersOf(body)["data"]);
