import { CrmError, invalidInput } from "../../errors/crm-error.js";
import { filterConditions, isUpstreamNotFound, orderField, writing, notFound } from "../adapter-kit.js";
import type { ListQuery, Page, ProviderContext, ResourceAdapter } from "../contract.js";
import type { CustomFieldDefinition, FieldMap, NativeRecord } from "../field-map.js";
import type { ResourceInputs } from "../input.js";
import { EDGE_TARGETS, type ResourceName, type UnifiedRecord } from "../model.js";
import { nativeFields, readRecord } from "../read-record.js";
import type { Selection } from "../selection.js";
import { toNative } from "../write-record.js";
import { OBJECT_TYPES } from "./associations.js";
import { customFieldDefinitions } from "./properties.js";
import { isSearchable, SEARCH_WINDOW, searchTerms, type SearchCondition } from "./search.js";
import { isProperty } from "./shared-fields.js";

interface HubSpotObject {
  id: string;
  properties: Record<string, string | null>;
  createdAt?: string;
  updatedAt?: string;
  url?: string;
  associations?: unknown;
}

interface ObjectList {
  results: HubSpotObject[];
  paging?: { next?: { after: string } };
  errors?: { category?: string; context?: { ids?: string[] } }[];
}

/** HubSpot reads and lists at most this many objects in one call; a search takes more, but one size is enough. */
const BATCH_MAX = 100;
const ID_PROPERTY = "hs_object_id";
/** HubSpot's ids are numbers; anything else would fail the whole batch it stands in. */
const ID = /^\d{1,20}$/;

export interface ObjectWrites<Resource extends ResourceName> {
  /** The associations of a record that is being created. */
  associations?(input: ResourceInputs[Resource]): unknown[];
  /** Checks that need to know the record as it is. */
  beforeUpdate?(
    input: ResourceInputs[Resource],
    current: (select: Selection) => Promise<UnifiedRecord<Resource>["fields"]>,
  ): Promise<void>;
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
  const path = `/crm/v3/objects/${OBJECT_TYPES[map.resource]}`;

  async function list(context: ProviderContext, query: ListQuery<Resource>): Promise<Page<Resource>> {
    const conditions = filterConditions<SearchCondition>(map, query.filter);
    const sorts = query.orderBy
      ? [
          {
            propertyName: orderField(map, query.orderBy.field),
            direction: query.orderBy.direction === "ASC" ? "ASCENDING" : "DESCENDING",
          },
        ]
      : [];
    const reading = await readingOf(context, query.select);
    if (conditions.length === 0 && sorts.length === 0) {
      const { body } = await context.send({
        method: "GET",
        path,
        query: {
          limit: Math.min(query.limit, BATCH_MAX),
          after: query.cursor ?? undefined,
          properties: reading.properties.join(","),
          associations: inlineAssociations(map, query.select),
        },
        safe: true,
      });
      return pageOf(body as ObjectList, reading.readWithAssociations, null);
    }
    const terms = await searchTerms(context, conditions);
    if (!terms) return { records: [], next: null, cap: null };
    const checks = conditions.flatMap(({ check }) => check ?? []);
    const properties = [...new Set([...reading.properties, ...checks.flatMap(({ reads }) => reads)])];
    const offset = Number(query.cursor ?? 0);
    const search = {
      ...terms,
      sorts,
      limit: Math.min(query.limit, BATCH_MAX, SEARCH_WINDOW - offset),
      ...(query.cursor === null ? {} : { after: query.cursor }),
    };
    const found = await searched(context, search, properties);
    const results = found.results.filter((object) => checks.every(({ holds }) => holds(object.properties)));
    return pageOf({ ...found, results }, reading.read, SEARCH_WINDOW);
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

  async function get(context: ProviderContext, ids: readonly string[], select: Selection) {
    const records = new Map<string, UnifiedRecord<Resource>>();
    const valid = [...new Set(ids.filter((id) => ID.test(id)))];
    if (valid.length === 0) return records;
    const reading = await readingOf(context, select);
    if (valid.length === 1) {
      const object = await getOne(context, valid[0]!, reading.properties, select);
      // The id of a contact that was merged into another still answers here, under the other's id.
      if (object) records.set(valid[0]!, reading.readWithAssociations(object));
      return records;
    }
    for (const object of await batchRead(context, valid, reading.properties)) {
      records.set(object.id, reading.read(object));
    }
    return records;
  }

  async function getOne(context: ProviderContext, id: string, properties: readonly string[], select: Selection) {
    try {
      const { body } = await context.send({
        method: "GET",
        path: `${path}/${id}`,
        query: { properties: properties.join(","), associations: inlineAssociations(map, select) },
        safe: true,
      });
      return body as HubSpotObject;
    } catch (error) {
      if (isUpstreamNotFound(error)) return null;
      throw error;
    }
  }

  /** @throws CrmError of HubSpot's 404 */
  async function existing(context: ProviderContext, id: string): Promise<HubSpotObject> {
    const object = await getOne(context, id, [ID_PROPERTY], new Set());
    if (object) return object;
    throw new CrmError("PROVIDER_ERROR", { upstream: { status: 404 } });
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

  type Read = (object: HubSpotObject) => UnifiedRecord<Resource>;

  async function fieldsOf(context: ProviderContext, id: string, select: Selection) {
    const record = (await get(context, [id], select)).get(id);
    if (!record) throw notFound(map.resource);
    return record.fields;
  }

  interface Reading {
    properties: readonly string[];
    /** Of a search or a batch, which bring no associations. */
    read: Read;
    /** Of an answer that was asked for the selected associations: it names those of the objects that have any. */
    readWithAssociations: Read;
  }

  async function readingOf(context: ProviderContext, select: Selection): Promise<Reading> {
    const customFields: readonly CustomFieldDefinition[] = select.has("customFields")
      ? await customFieldDefinitions(context, OBJECT_TYPES[map.resource], map.custom!)
      : [];
    const readContext = { origin: context.origin, customFields };
    const mapped = nativeFields(map, select).filter(isProperty);
    const properties =
      customFields.length === 0 ? mapped : [...new Set([...mapped, ...customFields.map(({ key }) => key)])];
    const readAs = (object: HubSpotObject, associations: unknown): UnifiedRecord<Resource> => {
      const native: NativeRecord = {
        ...object.properties,
        $url: object.url,
        $createdAt: object.createdAt,
        $updatedAt: object.updatedAt,
        $associations: associations,
      };
      const record = readRecord(map, object.id, native, select, readContext);
      record.raw = object as unknown as NativeRecord;
      return record;
    };
    const asked = inlineAssociations(map, select) !== undefined;
    return {
      properties,
      read: (object) => readAs(object, undefined),
      readWithAssociations: (object) => readAs(object, asked ? (object.associations ?? {}) : undefined),
    };
  }

  function pageOf({ results, paging }: ObjectList, read: Read, window: number | null): Page<Resource> {
    const after = paging?.next?.after ?? null;
    const atWindow = window !== null && after !== null && Number(after) >= window;
    return {
      records: results.map(read),
      next: atWindow ? null : after,
      cap: atWindow
        ? { records: window, reason: `HubSpot’s search ends after ${window} records; narrow the filter.` }
        : null,
    };
  }

  return {
    map,
    batchSize: () => BATCH_MAX,
    list,
    get,
    edges,
    create: async (context, input) => {
      const properties = toNative(map, input, "create");
      return writing(map, async () => {
        const { body } = await context.send({
          method: "POST",
          path,
          json: { properties, associations: writes.associations?.(input) ?? [] },
          safe: false,
        });
        return String((body as HubSpotObject).id);
      });
    },
    update: async (context, id, input) => {
      const properties = toNative(map, input, "update");
      return writing(map, async () => {
        await writes.beforeUpdate?.(input, (select) => fieldsOf(context, id, select));
        const written = await updateProperties(context, objectId(id), properties);
        await afterwards(() => writes.afterUpdate?.(context, id, input, written, properties));
      });
    },
    delete: (context, id) =>
      writing(map, async () => {
        // Whether HubSpot answers 404 or 204 for records it never had is not documented, so the record is looked for first.
        await existing(context, objectId(id));
        await context.send({ method: "DELETE", path: `${path}/${id}`, safe: false });
      }),
  };
}

/** An id that cannot be HubSpot's is that of no record. */
function objectId(id: string): string {
  if (ID.test(id)) return id;
  throw new CrmError("PROVIDER_ERROR", { upstream: { status: 404 } });
}

/** What fails after the properties are written leaves the write half done, and says so. */
async function afterwards(run: () => Promise<void> | undefined): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw error instanceof CrmError ? new CrmError(error.code, { ...error.details, outcome: "PARTIAL" }) : error;
  }
}

/** The selected edges that a listing can bring along, so that no further call is needed for them. */
function inlineAssociations(map: FieldMap<ResourceName>, select: Selection): string | undefined {
  const targets = new Set<string>();
  for (const [edge, target] of Object.entries(EDGE_TARGETS[map.resource])) {
    const wanted = select.has(edge) || (edge === "contacts" && map.attendeesAreContacts && select.has("attendees"));
    if (wanted && map.edges && edge in map.edges) targets.add(OBJECT_TYPES[target]);
  }
  return targets.size === 0 ? undefined : [...targets].join(",");
}
