import type { AdapterRequest, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { inChunks } from "../../kit/adapter-kit.js";
import { listAt, membersOf, objectsIn, recordCount } from "../../kit/answer.js";
import { getBody } from "../../kit/rest.js";
import { PROVIDER_NAME } from "./dialect.js";
import { unchecked } from "../../kit/unchecked.js";

/** Maximum number of ids in one query. */
export const IDS_MAX = 100;

export const isId = (text: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
export const idOf = (record: NativeRecord, name = "record_id") => String(membersOf(record["id"])[name]);

export async function read(context: ProviderContext, path: string, query: AdapterRequest["query"] = {}) {
  return membersOf(await getBody(context, path, query));
}

/** Resolves to the record after the write. Attio limits writes and reads separately. */
export async function write(context: ProviderContext, method: "POST" | "PUT" | "DELETE", path: string, data?: object) {
  const json = data && { data };
  const { body: sent } = await context.send({ method, path, ...(json && { json }), safe: false, lane: "write" });
  const body = sent.decode(unchecked);
  return membersOf(membersOf(body)["data"]);
}

export async function query(context: ProviderContext, object: string, json: object): Promise<NativeRecord[]> {
  const path = `/v2/objects/${object}/records/query`;
  return listIn((await context.send({ method: "POST", path, json, safe: true })).body.decode(unchecked));
}

export function listIn(body: unknown): NativeRecord[] {
  return objectsIn(listAt(PROVIDER_NAME, membersOf(body)["data"], "data"));
}

export async function byIds(context: ProviderContext, object: string, ids: readonly string[]): Promise<NativeRecord[]> {
  return inChunks([...new Set(ids)], IDS_MAX, ($in) =>
    query(context, object, { filter: { record_id: { $in } }, limit: IDS_MAX }),
  );
}

export const MEETINGS = "/v2/meetings";
/** Maximum number of meetings in one page. */
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

/** Counts the records in a response. Undefined if it has no `data`. */
export function countRecords(body: unknown): number | undefined {
  const { data } = membersOf(body);
  return recordCount(data, data);
}
