import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import { getDecodedIfThere } from "../../kit/rest.js";
import { closeRecord, foundRecords, meetingPage, recordPage } from "./answers.js";
import { CUSTOM_PREFIX } from "./dialect.js";
import type { Rows } from "./paging.js";
import { fieldOf, type SearchQuery } from "./query.js";

export type RecordType = "contact" | "lead";

/** Builds a path with a slash at its end. Close redirects requests without the slash. */
export function pathOf(type: string, id?: string): string {
  return `/api/v1/${type}/${id === undefined ? "" : `${id}/`}`;
}

interface Search {
  /** A record must match all queries. */
  queries: readonly SearchQuery[];
  fields: readonly string[];
  sort?: { field: string; direction: "asc" | "desc" };
  limit: number;
  cursor?: string | null;
}

/**
 * Searches with Close's Advanced Filtering. New, changed and deleted records appear in its results only after a while.
 */
export async function search(context: ProviderContext, type: RecordType, request: Search): Promise<Rows> {
  const { queries, fields, sort, limit, cursor } = request;
  const { body } = await context.send({
    method: "POST",
    path: pathOf("data/search"),
    json: {
      query: { type: "and", queries: [{ type: "object_type", object_type: type }, ...queries] },
      _fields: { [type]: selectors(fields) },
      ...(sort ? { sort: [{ direction: sort.direction, field: fieldOf(type, sort.field) }] } : {}),
      _limit: limit,
      ...(cursor ? { cursor } : {}),
    },
    safe: true,
  });
  const answer = body.decode(sort ? recordPage(sort.field) : foundRecords);
  return { rows: answer.data.map(withFlatCustomFields), resume: answer.cursor ?? null };
}

/**
 * Reads contacts or leads by their ids. One search finds several records. A record that it does not find may be too new
 * for the search, so it is read alone. If Close refuses the search, every record is read alone.
 */
export async function readRecords(
  context: ProviderContext,
  type: RecordType,
  ids: readonly string[],
  fields: readonly string[],
): Promise<NativeRecord[]> {
  const found = ids.length === 1 ? [] : await searchIds(context, type, ids, fields);
  const known = new Set(found.map(({ id }) => id));
  const missing = ids.filter((id) => !known.has(id));
  const others = await Promise.all(missing.map((id) => readRecord(context, type, id, fields)));
  return [...found, ...others.filter((record) => record !== null)];
}

async function searchIds(
  context: ProviderContext,
  type: RecordType,
  ids: readonly string[],
  fields: readonly string[],
) {
  const anyOf = { type: "or", queries: ids.map((value) => ({ type: "id", value })) };
  try {
    return (await search(context, type, { queries: [anyOf], fields, limit: ids.length })).rows;
  } catch (error) {
    if (error instanceof CrmError && error.details.upstream?.status === 400) return [];
    throw error;
  }
}

async function readRecord(context: ProviderContext, type: RecordType, id: string, fields: readonly string[]) {
  const query = { _fields: selectors(fields).join(",") };
  const found = await getDecodedIfThere(context, pathOf(type, id), query, closeRecord);
  return found && withFlatCustomFields(found);
}

/** Lists meetings. The parameters are in the body, because a list of ids would be too long for a URL. */
export async function listMeetings(
  context: ProviderContext,
  parameters: Readonly<Record<string, string | number>>,
  fields: readonly string[],
): Promise<{ rows: NativeRecord[]; hasMore: boolean }> {
  const { body } = await context.send({
    method: "POST",
    path: pathOf("activity/meeting"),
    headers: { "x-http-method-override": "GET" },
    json: { _params: { ...parameters, _fields: fields.join(",") } },
    safe: true,
  });
  const { data, has_more: hasMore = false } = body.decode(meetingPage);
  return { rows: data, hasMore };
}

/** The most custom fields that are asked for by their own names. */
const OWN_SELECTORS_MAX = 20;

/**
 * Close refuses long lists of selectors, so one selector stands for many custom fields. It is deprecated, so a few fields
 * are asked for by name.
 */
function selectors(fields: readonly string[]): string[] {
  if (fields.filter((name) => name.startsWith(CUSTOM_PREFIX)).length <= OWN_SELECTORS_MAX) return [...new Set(fields)];
  return [...new Set(fields.map((name) => (name.startsWith(CUSTOM_PREFIX) ? "custom" : name)))];
}

/** Older forms of Close's responses have the custom fields in an inner object, `custom`. */
export function withFlatCustomFields<Record extends NativeRecord>(record: Record): Record {
  const entries = Object.entries(membersOf(record["custom"]));
  return { ...record, ...Object.fromEntries(entries.map(([id, value]) => [`${CUSTOM_PREFIX}${id}`, value])) };
}

/** Counts the records in a response. Undefined if it is neither a list nor a record. */
export function countRecords(body: unknown): number | undefined {
  const { data, id } = membersOf(body);
  return recordCount(data, id);
}
