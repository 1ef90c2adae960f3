import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import { absentIfNotFound, afterwards, notFound } from "../../kit/adapter-kit.js";
import type { ProviderContext, ResourceAdapter } from "../../contract/contract.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { ResourceInputs } from "../../contract/input.js";
import type { ResourceName } from "../../contract/model.js";
import { resourceAdapter, type NativePage, type NativeQuery, type Reading } from "../../kit/resource-kit.js";
import { OBJECT_TYPES } from "./edges.js";
import { customFieldDefinitions } from "./definitions.js";
import { isSearchable, SEARCH_WINDOW, searchTerms, type SearchCondition } from "./query.js";

interface HubSpotObject extends NativeRecord {
  id: string;
  properties: Record<string, string | null>;
}

interface ObjectList {
  results: HubSpotObject[];
  paging?: { next?: { after: string } };
  errors?: { category?: string }[];
}

/** HubSpot reads and lists at most this many objects in one call; a search takes more, but one size is enough. */
const BATCH_MAX = 100;
const ID_PROPERTY = "hs_object_id";
/** HubSpot's ids are numbers; anything else would fail the whole batch it stands in. */
const ID = /^\d{1,20}$/;

export interface ObjectWrites<Resource extends ResourceName> {
  /** The associations of a record that is being created. */
  associations?(input: ResourceInputs[Resource]): unknown[];
  /** What must be done after the properties of an existing record are written. */
  afterUpdate?(
    context: ProviderContext,
    id: string,
    input: ResourceInputs[Resource],
    written: HubSpotObject,
    native: NativeRecord,
  ): Promise<void>;
}

/** One HubSpot object type: the calls are the same for all of them. Source: developers.hubspot.com, "Using object APIs". */
export function objectAdapter<Resource extends ResourceName>(
  map: FieldMap<Resource>,
  edges: ResourceAdapter<Resource>["edges"],
  writes: ObjectWrites<Resource>,
): ResourceAdapter<Resource> {
  const type = OBJECT_TYPES[map.resource];
  const path = `/crm/v3/objects/${type}`;

  async function list(context: ProviderContext, query: NativeQuery<SearchCondition>): Promise<NativePage> {
    const { conditions, order, cursor, reading } = query;
    const limit = Math.min(query.limit, BATCH_MAX);
    if (conditions.length === 0 && !order) {
      const ofPage = { limit, after: cursor ?? undefined, ...readingQuery(reading) };
      const { body } = await context.send({ method: "GET", path, query: ofPage, safe: true });
      const { results, paging } = body as ObjectList;
      return { records: results.map((object) => asAsked(object, reading)), next: paging?.next?.after ?? null };
    }
    const terms = await searchTerms(context, conditions);
    if (!terms) return { records: [], next: null };
    const checks = conditions.flatMap(({ check }) => check ?? []);
    const properties = [...new Set([...reading.fields, ...checks.flatMap(({ reads }) => reads)])];
    const search = {
      ...terms,
      sorts: order
        ? [{ propertyName: order.field, direction: order.direction === "ASC" ? "ASCENDING" : "DESCENDING" }]
        : [],
      limit: Math.min(limit, SEARCH_WINDOW - Number(cursor ?? 0)),
      ...(cursor === null ? {} : { after: cursor }),
    };
    const { results, paging } = await searched(context, search, properties);
    const records = results.filter((object) => checks.every(({ holds }) => holds(object.properties)));
    const next = paging?.next?.after ?? null;
    if (next === null || Number(next) < SEARCH_WINDOW) return { records, next };
    const reason = `HubSpot’s search ends after ${SEARCH_WINDOW} records; narrow the filter.`;
    return { records, next: null, cap: { records: SEARCH_WINDOW, reason } };
  }

  /** Searches are short at HubSpot: where the properties' names are too many, they are read after it. */
  async function searched(context: ProviderContext, search: object, properties: string[]): Promise<ObjectList> {
    const send = async (json: object) =>
      (await context.send({ method: "POST", path: `${path}/search`, json, safe: true, lane: "search" }))
        .body as ObjectList;
    if (isSearchable({ ...search, properties })) return send({ ...search, properties });
    const bare = { ...search, properties: [ID_PROPERTY] };
    if (!isSearchable(bare)) throw invalidInput({ filter: "HubSpot cannot search for so long a text." });
    const found = await send(bare);
    if (found.results.length === 0) return found;
    const ids = found.results.map(({ id }) => id);
    const read = new Map((await batchRead(context, ids, properties)).map((object) => [object.id, object]));
    return { ...found, results: ids.flatMap((id) => read.get(id) ?? []) };
  }

  async function batchRead(
    context: ProviderContext,
    ids: readonly string[],
    properties: readonly string[],
  ): Promise<HubSpotObject[]> {
    const { body } = await context.send({
      method: "POST",
      path: `${path}/batch/read`,
      json: { inputs: ids.map((id) => ({ id })), properties, propertiesWithHistory: [] },
      safe: true,
    });
    const { results, errors } = body as ObjectList;
    const fault = errors?.find(({ category }) => category !== undefined && category !== "OBJECT_NOT_FOUND");
    if (fault) throw new CrmError("PROVIDER_ERROR", { upstream: { status: 207, code: fault.category! } });
    return results;
  }

  async function readOne(context: ProviderContext, id: string, reading: Reading): Promise<HubSpotObject | null> {
    const request = { method: "GET", path: `${path}/${id}`, query: readingQuery(reading), safe: true } as const;
    const found = await absentIfNotFound(() => context.send(request));
    return found && asAsked(found.body as HubSpotObject, reading);
  }

  /** @throws CrmError with the resource's NOT_FOUND code */
  async function existing(context: ProviderContext, id: string): Promise<HubSpotObject> {
    const object = await readOne(context, id, { fields: [ID_PROPERTY], needs: () => false });
    if (object) return object;
    throw notFound(map.resource);
  }

  /** HubSpot refuses a write of no property, yet an update may be one of associations alone. */
  async function updateProperties(context: ProviderContext, id: string, properties: NativeRecord) {
    if (Object.keys(properties).length === 0) return existing(context, id);
    const { body } = await context.send({
      method: "PATCH",
      path: `${path}/${id}`,
      json: { properties },
      safe: false,
    });
    return body as HubSpotObject;
  }

  return resourceAdapter<Resource, SearchCondition>({
    map,
    edges,
    customFields: (context) => customFieldDefinitions(context, type, map.custom!),
    // HubSpot names them itself.
    unknownKeysRefused: true,
    complete: (_context, objects) => Promise.resolve((objects as HubSpotObject[]).map(flattened)),
    // The id of a contact that was merged into another still answers where it is read alone, under the other's id.
    byAskedId: (objects, ids) =>
      new Map(objects.map((object) => [ids.length === 1 ? ids[0]! : String(object["id"]), object])),
    calls: {
      batchSize: BATCH_MAX,
      isId: (text) => ID.test(text),
      idOf: (native) => String(native["$id"]),
      list,
      async read(context, ids, reading) {
        if (ids.length > 1) return batchRead(context, ids, reading.fields);
        const object = await readOne(context, ids[0]!, reading);
        return object ? [object] : [];
      },
      async create(context, properties, input) {
        const json = { properties, associations: writes.associations?.(input) ?? [] };
        const { body } = await context.send({ method: "POST", path, json, safe: false });
        return String((body as HubSpotObject).id);
      },
      async update(context, id, properties, input) {
        const written = await updateProperties(context, id, properties);
        await afterwards(() => writes.afterUpdate?.(context, id, input, written, properties));
      },
      async delete(context, id) {
        // Whether HubSpot answers 404 or 204 for records it never had is not documented, so the record is looked for first.
        await existing(context, id);
        await context.send({ method: "DELETE", path: `${path}/${id}`, safe: false });
      },
    },
  });
}

/** What a listing or the read of one record can bring along, associations included; a search and a batch cannot. */
function readingQuery({ fields, needs }: Reading) {
  const associations = Object.values(OBJECT_TYPES).filter((type) => needs(`$${type}`));
  return { properties: fields.join(","), associations: associations.join(",") || undefined };
}

/** An object without any of the associations that were asked for does not name them. */
function asAsked(object: HubSpotObject, reading: Reading): HubSpotObject {
  return readingQuery(reading).associations === undefined ? object : { associations: {}, ...object };
}

/** The properties, and under names with a dollar what an object has beside them. */
function flattened({ id, properties, url, createdAt, updatedAt, associations }: HubSpotObject): NativeRecord {
  return {
    ...properties,
    $id: id,
    $url: url,
    $createdAt: createdAt,
    $updatedAt: updatedAt,
    $associations: associations,
  };
}
