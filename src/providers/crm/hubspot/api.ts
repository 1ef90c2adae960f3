import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import type { StatedRateLimit, UpstreamResponse } from "../../../upstream/request.js";
import { statedNumber } from "../../../upstream/stated.js";
import type { ProviderContext } from "../../contract/contract.js";
import { inChunks } from "../../kit/adapter-kit.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import { getDecoded, getDecodedIfThere } from "../../kit/rest.js";
import { queryBytes, URL_MAX } from "../../kit/url-length.js";
import type { NativePage, Reading } from "../../kit/resource-rules.js";
import { hubSpotObject, objectBatch, objectPage, type HubSpotObject, type ObjectPage } from "./answers.js";
import { PATHS } from "./api-versions.js";
import { type COMPANIES, OBJECT_TYPES } from "./dialect.js";
import { isSearchable } from "./query.js";

/** HubSpot's plural name of an object type, e.g. `contacts`. */
type ObjectType = (typeof OBJECT_TYPES)[keyof typeof OBJECT_TYPES] | typeof COMPANIES;

/** Maximum number of objects in one read or list call. A search allows more, but crmesh uses the same number. */
export const BATCH_MAX = 100;
export const ID_PROPERTY = "hs_object_id";

/** The interval of the burst limit, in milliseconds. */
export const BURST_WINDOW_MS = 10_000;

export const idOf = (object: { readonly id: string | number }) => String(object.id);

export const pathOf = (type: ObjectType) => `${PATHS.objects}/${type}`;

/** Lists one page of all objects of a type, without filter and order. */
export async function listObjects(
  context: ProviderContext,
  type: ObjectType,
  reading: Reading,
  page: { limit: number; after: string | undefined },
): Promise<NativePage> {
  const { query, isWhole } = queryOf(reading);
  const { results, paging } = await getDecoded(context, pathOf(type), { ...page, ...query }, objectPage);
  const objects = results.map((object) => asAsked(object, query));
  const records = isWhole ? objects : await withProperties(context, type, objects, reading.fields);
  return { records, next: paging?.next?.after ?? null };
}

/** Bytes of a list's or a read's URL beside the properties and associations. */
const REST_OF_URL = 200;

/** Parameters of a list call and of the read of one object. Only these two calls can include associations. */
interface ReadingQuery {
  [name: string]: string | undefined;
  properties: string;
  associations: string | undefined;
}

/** The parameters of a reading. If its properties are too many for a URL, it is not whole, and a batch read adds them. */
function queryOf({ fields, needs }: Reading): { query: ReadingQuery; isWhole: boolean } {
  const associations = Object.values(OBJECT_TYPES).filter((type) => needs(`$${type}`));
  const query = { properties: fields.join(","), associations: associations.join(",") || undefined };
  const isWhole = queryBytes(query) <= URL_MAX - REST_OF_URL;
  return { query: isWhole ? query : { ...query, properties: ID_PROPERTY }, isWhole };
}

/** The objects with these properties, in the same order. Objects that were deleted meanwhile are left out. */
async function withProperties(
  context: ProviderContext,
  type: ObjectType,
  objects: readonly HubSpotObject[],
  properties: readonly string[],
): Promise<HubSpotObject[]> {
  const read = await inChunks(objects.map(idOf), BATCH_MAX, (ids) => readObjects(context, type, ids, properties));
  const byId = new Map(read.map((object) => [idOf(object), object.properties]));
  return objects.flatMap((object) => {
    const own = byId.get(idOf(object));
    return own ? [{ ...object, properties: own }] : [];
  });
}

/**
 * Searches for one page of objects. HubSpot limits the length of a search. If the names of the properties make it too
 * long, a second call reads the properties.
 * @throws CrmError INVALID_INPUT if the filters alone are too long
 */
export async function searchObjects(
  context: ProviderContext,
  type: ObjectType,
  search: object,
  properties: readonly string[],
): Promise<ObjectPage> {
  const send = async (json: object) => {
    const path = `${pathOf(type)}/search`;
    return (await context.send({ method: "POST", path, json, safe: true, lane: "search" })).body.decode(objectPage);
  };
  if (isSearchable({ ...search, properties })) return send({ ...search, properties });
  const bare = { ...search, properties: [ID_PROPERTY] };
  if (!isSearchable(bare)) throw invalidInput({ filter: "This text is too long for a search in HubSpot. Shorten it." });
  const found = await send(bare);
  return { ...found, results: await withProperties(context, type, found.results, properties) };
}

/** Reads the objects that exist, in any order. */
export async function readObjects(
  context: ProviderContext,
  type: ObjectType,
  ids: readonly string[],
  properties: readonly string[],
): Promise<HubSpotObject[]> {
  const { body } = await context.send({
    method: "POST",
    path: `${pathOf(type)}/batch/read`,
    json: { inputs: ids.map((id) => ({ id })), properties, propertiesWithHistory: [] },
    safe: true,
  });
  const { results, errors } = body.decode(objectBatch);
  const fault = errors?.find(({ category }) => category !== undefined && category !== "OBJECT_NOT_FOUND");
  if (fault) throw new CrmError("PROVIDER_ERROR", { upstream: { status: 207, code: fault.category! } });
  return results;
}

/** Reads one object. Null if HubSpot has no such object. */
export async function readObject(
  context: ProviderContext,
  type: ObjectType,
  id: string,
  reading: Reading,
): Promise<HubSpotObject | null> {
  const { query, isWhole } = queryOf(reading);
  const found = await getDecodedIfThere(context, `${pathOf(type)}/${id}`, query, hubSpotObject);
  if (!found) return null;
  const object = asAsked(found, query);
  return isWhole ? object : ((await withProperties(context, type, [object], reading.fields))[0] ?? null);
}

/** Adds the empty `associations` that HubSpot omits if an object has none of the requested associations. */
function asAsked(object: HubSpotObject, { associations }: ReadingQuery): HubSpotObject {
  return associations !== undefined && object.associations === undefined ? { ...object, associations: {} } : object;
}

/** Counts the records in a response. Undefined if it is neither a list nor a record. */
export function countRecords(body: unknown): number | undefined {
  const { results, id } = membersOf(body);
  return recordCount(results, id);
}

/** Reads the rate limit from the headers of a response. */
export function rateLimit({ headers }: UpstreamResponse): StatedRateLimit | undefined {
  const limit = statedNumber(headers["x-hubspot-ratelimit-max"]);
  if (!limit) return undefined;
  return {
    limit,
    remaining: statedNumber(headers["x-hubspot-ratelimit-remaining"]) ?? null,
    windowMs: statedNumber(headers["x-hubspot-ratelimit-interval-milliseconds"]) || BURST_WINDOW_MS,
  };
}
