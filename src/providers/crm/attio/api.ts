import type { Decoder } from "../../../upstream/answer-body.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { inChunks } from "../../kit/adapter-kit.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import { getDecoded, sendWrite } from "../../kit/rest.js";
import { meetingList, recordList } from "./answers.js";

/** Maximum number of ids in one query. */
export const IDS_MAX = 100;

export const idOf = (record: NativeRecord, name = "record_id") => String(membersOf(record["id"])[name]);

/** Attio limits writes and reads separately. */
export function write<Value>(
  context: ProviderContext,
  method: "POST" | "PUT" | "DELETE",
  path: string,
  data: object | null,
  body: Decoder<Value>,
): Promise<Value> {
  return sendWrite(context, { method, path, ...(data && { json: { data } }), lane: "write" }, { status: 200, body });
}

export async function query(context: ProviderContext, object: string, json: object): Promise<NativeRecord[]> {
  const path = `/v2/objects/${object}/records/query`;
  return (await context.send({ method: "POST", path, json, safe: true })).body.decode(recordList).data;
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
  const page = { ...query, cursor: cursor ?? undefined };
  const { data, pagination } = await getDecoded(context, MEETINGS, page, meetingList);
  return { records: data, next: pagination.next_cursor };
}

/** Counts the records in a response. Undefined if it has no `data`. */
export function countRecords(body: unknown): number | undefined {
  const { data } = membersOf(body);
  return recordCount(data, data);
}
