import type { Decoder } from "../../../upstream/answer-body.js";
import { emptyBody, map } from "../../../upstream/decode.js";
import type { AdapterRequest, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { allPages, chunks, isUpstreamNotFound } from "../../kit/adapter-kit.js";
import { membersOf, recordCount, unexpectedAnswer } from "../../kit/answer.js";
import { sendWrite } from "../../kit/rest.js";
import { namePieces } from "../../kit/url-length.js";
import { pageOf, rows, written, type ZohoPage } from "./answers.js";
import type { Module } from "./dialect.js";

/**
 * Maximum numbers in one call: names of fields, ids (their parameter may have 1,024 characters), and records of a page.
 */
export const [FIELDS_MAX, IDS_MAX, PAGE_MAX] = [50, 50, 200];
/**
 * The most bytes of a URL that the names of fields may take, beside as many ids as a call can have. FIELDS_MAX names of 50
 * characters fit, so costs can count names alone.
 */
const FIELDS_BYTES = 2_700;

/** The fields of each call that is needed for all of them. */
export const fieldPieces = (fields: readonly string[]) => namePieces(fields, FIELDS_MAX, FIELDS_BYTES);

export const idOf = (native: NativeRecord) => String(native["id"]);

type ZohoRequest = Omit<AdapterRequest, "safe">;

/** Reads what every org has. */
export async function ask<Value>(
  context: ProviderContext,
  request: ZohoRequest,
  decoder: Decoder<Value>,
): Promise<Value> {
  return (await context.send({ ...request, path: `/crm/v8${request.path}`, safe: true })).body.decode(decoder);
}

/** Reads. Null if nothing was found: Zoho then answers 204 without a body. */
async function askIfAny<Value>(
  context: ProviderContext,
  request: ZohoRequest,
  decoder: Decoder<Value>,
): Promise<Value | null> {
  const { status, body } = await context.send({ ...request, path: `/crm/v8${request.path}`, safe: true });
  return body.decode(status === 204 ? map(emptyBody, () => null) : decoder);
}

const NO_RECORDS = { records: [], hasMore: false };

/** Reads a page of records. A page without any is the last one. */
export async function askPage<Item>(
  context: ProviderContext,
  request: ZohoRequest,
  page: Decoder<ZohoPage<Item>>,
): Promise<ZohoPage<Item>> {
  return (await askIfAny(context, request, page)) ?? NO_RECORDS;
}

/** Writes a record. Resolves to its id. */
export function write(context: ProviderContext, request: ZohoRequest): Promise<NativeRecord & { readonly id: string }> {
  const status = request.method === "POST" ? [200, 201] : 200;
  return sendWrite(context, { ...request, path: `/crm/v8${request.path}` }, { status, body: written });
}

/** Reads the records of all pages. */
export function everyPage<Item>(load: (page: number) => Promise<ZohoPage<Item>>): Promise<Item[]> {
  return allPages(async (cursor) => {
    const page = Number(cursor ?? 1);
    const { records, hasMore } = await load(page);
    return { records, next: hasMore ? String(page + 1) : null };
  });
}

export function queryRows<Item extends NativeRecord>(
  context: ProviderContext,
  query: string,
  item: Decoder<Item>,
): Promise<ZohoPage<Item>> {
  return askPage(context, { method: "POST", path: "/coql", json: { select_query: query } }, pageOf(item));
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
  const parts = fieldPieces(fields);
  const read = async (some: readonly string[], part: readonly string[]): Promise<NativeRecord[]> => {
    const query = { ids: some.join(","), fields: part.join(","), ...converted };
    try {
      return (await askIfAny(context, { method: "GET", path: `/${module}`, query }, rows)) ?? [];
    } catch (error) {
      // Zoho sends the same status for an unknown path, so the code decides.
      if (!isUpstreamNotFound(error) || error.details.upstream?.code !== "INVALID_DATA") throw error;
      return some.length === 1 ? [] : (await Promise.all(some.map((id) => read([id], part)))).flat();
    }
  };
  const found = await Promise.all(chunks(ids, IDS_MAX).flatMap((some) => parts.map((part) => read(some, part))));
  const byId = Map.groupBy(found.flat(), idOf);
  const asked = new Set(ids);
  if ([...byId.keys()].some((id) => !asked.has(id)))
    throw unexpectedAnswer("Zoho CRM’s response has a record that crmesh did not ask for.");
  // A record that was deleted between two calls has only a part of its fields, so it is omitted.
  return ids.flatMap((id) => {
    const pieces = byId.get(id) ?? [];
    return pieces.length === parts.length ? [Object.assign({}, ...pieces) as NativeRecord] : [];
  });
}

/** Counts the records in a response. Undefined if it has no list `data`. */
export const countRecords = (body: unknown) => recordCount(membersOf(body)["data"]);

/** Concurrent calls per org and app in the Free edition; paid editions allow 10 to 25 (Zoho CRM API, "API Limits"). */
export const CONCURRENCY = 5;
