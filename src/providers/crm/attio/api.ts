import { CrmError } from "../../../errors/crm-error.js";
import type { AdapterRequest, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { chunks } from "../../kit/adapter-kit.js";
import { membersOf } from "../../kit/classifier.js";
import { listOf } from "./dialect.js";

/** Records that one query names by their ids. */
export const IDS_MAX = 100;

export const isId = (text: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
export const idOf = (record: NativeRecord, name = "record_id") => String(membersOf(record["id"])[name]);

export async function read(context: ProviderContext, path: string, query: AdapterRequest["query"] = {}) {
  return membersOf((await context.send({ method: "GET", path, query, safe: true })).body);
}

/** Resolves to what is there afterwards. Attio counts writes apart from reads. */
export async function write(context: ProviderContext, method: "POST" | "PUT" | "DELETE", path: string, data?: object) {
  const json = data && { data };
  const { body } = await context.send({ method, path, ...(json && { json }), safe: false, lane: "write" });
  return membersOf(membersOf(body)["data"]);
}

export async function query(context: ProviderContext, object: string, json: object): Promise<NativeRecord[]> {
  const path = `/v2/objects/${object}/records/query`;
  return listIn((await context.send({ method: "POST", path, json, safe: true })).body);
}

/** An answer without its list must not pass for an empty one. */
export function listIn(body: unknown): NativeRecord[] {
  const { data } = membersOf(body);
  if (!Array.isArray(data))
    throw new CrmError("PROVIDER_ERROR", { detail: "Attio’s response has no list of records." });
  return listOf(data);
}

export async function byIds(context: ProviderContext, object: string, ids: readonly string[]): Promise<NativeRecord[]> {
  const filters = chunks([...new Set(ids)], IDS_MAX).map(($in) => ({ record_id: { $in } }));
  return (await Promise.all(filters.map((filter) => query(context, object, { filter, limit: IDS_MAX })))).flat();
}

export const MEETINGS = "/v2/meetings";
/** The most meetings of one page. */
export const MEETINGS_MAX = 200;

export const meetingId = (meeting: NativeRecord) => idOf(meeting, "meeting_id");

/** One page of the meetings that match the query. */
export async function meetingPage(
  context: ProviderContext,
  query: Record<string, string | number>,
  cursor: string | null,
) {
  const body = await read(context, MEETINGS, { ...query, cursor: cursor ?? undefined });
  const { next_cursor: next } = membersOf(body["pagination"]);
  return { records: listIn(body), next: typeof next === "string" ? next : null };
}

/** The number of records in an answer; undefined for an answer without data. */
export function countRecords(body: unknown): number | undefined {
  const { data } = membersOf(body);
  return Array.isArray(data) ? data.length : data === undefined ? undefined : 1;
}
