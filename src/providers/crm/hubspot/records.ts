import type { ProviderContext, ResourceAdapter } from "../../contract/contract.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { ResourceInputs } from "../../contract/input.js";
import type { ResourceName } from "../../contract/model.js";
import { afterwards, notFound, orderField } from "../../kit/adapter-kit.js";
import { anchoredPage } from "../../kit/anchored-page.js";
import { emptyBody } from "../../../upstream/decode.js";
import { sendWrite, type WriteAnswer } from "../../kit/rest.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import type { NativePage, NativeQuery, ResourceRules } from "../../kit/resource-rules.js";
import { BATCH_MAX, ID_PROPERTY, idOf, listObjects, pathOf, readObject, readObjects, searchObjects } from "./api.js";
import { hubSpotObject, type HubSpotObject } from "./answers.js";
import { costOf } from "./cost.js";
import { customFieldDefinitions } from "./definitions.js";
import { OBJECT_TYPES, readDateTime } from "./dialect.js";
import { ASSOCIATION_TYPES, newAssociation, replaceAssociations } from "./edges.js";
import { answersOf } from "./write-answers.js";
import { mergedContacts, type MergedContact } from "./merged.js";
import {
  atLeast,
  before,
  SEARCH_WINDOW,
  searchTerms,
  takesOneMore,
  withOneMore,
  type SearchCondition,
} from "./query.js";

/** HubSpot's ids are numbers. Any other text would fail its whole batch. */
const ID = /^\d{1,20}$/;

/** Properties that HubSpot sets itself, so that every record has them: a search can begin at their value. */
const STAMPS = ["createdate", "hs_createdate", "lastmodifieddate", "hs_lastmodifieddate"];

const CAP_OF_AN_ORDER = `HubSpot’s search returns at most ${SEARCH_WINDOW} records in this order. Narrow the filter, or order by CREATED_AT or UPDATED_AT.`;
const CAP_OF_A_MOMENT = `HubSpot’s search returns at most ${SEARCH_WINDOW} records of the same millisecond. Narrow the filter.`;

const CREATED: WriteAnswer<HubSpotObject> = { status: 201, body: hubSpotObject };
const UPDATED: WriteAnswer<HubSpotObject> = { status: 200, body: hubSpotObject };
const DELETED: WriteAnswer<string> = { status: 204, body: emptyBody };

interface ObjectWrites<Resource extends ResourceName> {
  /** The associations of a record that is being created. */
  associations?(input: ResourceInputs[Resource]): unknown[];
  /** Runs after the properties of an existing record are written. Resolves to the record as it is then. */
  afterUpdate?(
    context: ProviderContext,
    id: string,
    input: ResourceInputs[Resource],
    written: HubSpotObject,
    native: NativeRecord,
  ): Promise<HubSpotObject>;
}

/** One HubSpot object type: the calls are the same for all of them. Source: developers.hubspot.com, "Using object APIs". */
export function objectAdapter<Resource extends ResourceName>(
  map: FieldMap<Resource>,
  edges: ResourceAdapter<Resource>["edges"],
  writes: ObjectWrites<Resource>,
  parts?: ResourceRules<Resource, SearchCondition>["parts"],
): ResourceAdapter<Resource> {
  const type = OBJECT_TYPES[map.resource];
  const path = pathOf(type);

  async function list(context: ProviderContext, query: NativeQuery<SearchCondition>): Promise<NativePage> {
    const { conditions, order, cursor, reading } = query;
    const limit = Math.min(query.limit, BATCH_MAX);
    if (conditions.length === 0 && !order) {
      return listObjects(context, type, reading, { limit, after: cursor ?? undefined });
    }
    const terms = await searchTerms(context, conditions);
    if (!terms) return { records: [], next: null };
    // HubSpot's own default order is the order of creation, too.
    const { field, direction } = order ?? { field: orderField(map, "CREATED_AT"), direction: "ASC" };
    const isAscending = direction === "ASC";
    const canBegin = STAMPS.includes(field) && takesOneMore(terms);
    const properties = [...new Set([...reading.fields, field])];
    return anchoredPage(
      { limit, cursor },
      {
        idOf: (object) => idOf(object as HubSpotObject),
        valueOf: (object) => (canBegin ? readDateTime((object as HubSpotObject).properties[field]) : null),
        async read({ from, offset, size }) {
          const at = from === null ? null : new Date(from);
          const search = {
            ...(at
              ? withOneMore(terms, isAscending ? atLeast(field, at) : before(field, millisecondAfter(at)))
              : terms),
            sorts: [{ propertyName: field, direction: isAscending ? "ASCENDING" : "DESCENDING" }],
            limit: Math.min(size, SEARCH_WINDOW - offset),
            ...(offset === 0 ? {} : { after: String(offset) }),
          };
          const { results: records, paging } = await searchObjects(context, type, search, properties);
          const next = paging?.next?.after ?? null;
          if (next === null || Number(next) < SEARCH_WINDOW) return { records, hasMore: next !== null };
          const reason = canBegin ? CAP_OF_A_MOMENT : CAP_OF_AN_ORDER;
          return { records, hasMore: false, cap: { records: SEARCH_WINDOW, reason } };
        },
      },
    );
  }

  /** @throws CrmError with the resource's NOT_FOUND code */
  async function existing(context: ProviderContext, id: string): Promise<HubSpotObject> {
    const object = await readObject(context, type, id, { fields: [ID_PROPERTY], needs: () => false });
    if (object) return object;
    throw notFound(map.resource);
  }

  /** HubSpot refuses a write without properties, but an update may change associations only. */
  async function updateProperties(context: ProviderContext, id: string, properties: NativeRecord) {
    if (Object.keys(properties).length === 0) return existing(context, id);
    return sendWrite(context, { method: "PATCH", path: `${path}/${id}`, json: { properties } }, UPDATED);
  }

  return resourceAdapter<Resource, SearchCondition>({
    map,
    edges,
    cost: costOf(map.resource),
    customFields: (context) => customFieldDefinitions(context, type),
    ...(parts && { parts }),
    // HubSpot's refusal names unknown properties.
    unknownKeysRefused: true,
    answers: answersOf(map.resource),
    shape: (object) => flattened(object as HubSpotObject),
    // A read by a merged contact's old id answers the surviving contact, under the survivor's id.
    byAskedId: (objects, ids) =>
      new Map(objects.map((object) => [ids.length === 1 ? ids[0]! : askedId(object as HubSpotObject), object])),
    calls: {
      batchSize: BATCH_MAX,
      isId: (text) => ID.test(text),
      idOf: (native) => String(native["$id"]),
      list,
      async read(context, ids, reading) {
        if (ids.length > 1) {
          const objects = await readObjects(context, type, ids, reading.fields);
          if (map.resource !== "contact") return objects;
          const answered = new Set(objects.map(idOf));
          const missing = ids.filter((id) => !answered.has(id));
          return [...objects, ...(await mergedContacts(context, missing, reading)).map(underAskedId)];
        }
        const object = await readObject(context, type, ids[0]!, reading);
        return object ? [object] : [];
      },
      async create(context, properties, { input }) {
        const json = { properties, associations: writes.associations?.(input) ?? [] };
        const record = await sendWrite(context, { method: "POST", path, json }, CREATED);
        return { id: idOf(record), record };
      },
      async update(context, id, properties, { input }) {
        let written = await updateProperties(context, id, properties);
        await afterwards(async () => {
          written = (await writes.afterUpdate?.(context, id, input, written, properties)) ?? written;
        });
        return written;
      },
      async delete(context, id) {
        // Whether HubSpot answers 404 or 204 for records it never had is not documented, so the record is looked for first.
        await existing(context, id);
        await sendWrite(context, { method: "DELETE", path: `${path}/${id}` }, DELETED);
      },
    },
  });
}

/** Objects that were asked for by a former id, with that id. */
const formerIds = new WeakMap<HubSpotObject, string>();

function underAskedId([asked, object]: MergedContact): HubSpotObject {
  formerIds.set(object, asked);
  return object;
}

const askedId = (object: HubSpotObject) => formerIds.get(object) ?? idOf(object);

const millisecondAfter = (date: Date) => new Date(date.getTime() + 1);

/** An object's properties, and its other members under names that begin with `$`. */
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

export const contactWrites: ObjectWrites<"contact"> = { afterUpdate: moveLifecycleBack };

export const leadWrites: ObjectWrites<"lead"> = {
  associations: ({ contactId }) => [newAssociation(contactId!, ASSOCIATION_TYPES.leadToPrimaryContact)],
};

export const meetingWrites: ObjectWrites<"meeting"> = {
  associations: ({ contactIds, leadIds }) => [
    ...(contactIds ?? []).map((id) => newAssociation(id, ASSOCIATION_TYPES.meetingToContact)),
    ...(leadIds ?? []).map((id) => newAssociation(id, ASSOCIATION_TYPES.meetingToLead)),
  ],
  async afterUpdate(context, id, { contactIds, leadIds }, written) {
    if (contactIds !== undefined) await replaceAssociations(context, "meeting", "contact", id, contactIds ?? []);
    if (leadIds !== undefined) await replaceAssociations(context, "meeting", "lead", id, leadIds ?? []);
    return written;
  },
};

/** HubSpot silently ignores a change to an earlier lifecycle stage, unless the stage is cleared first. */
async function moveLifecycleBack(
  context: ProviderContext,
  id: string,
  _input: ResourceInputs["contact"],
  written: HubSpotObject,
  native: NativeRecord,
): Promise<HubSpotObject> {
  const wanted = native["lifecyclestage"];
  const kept = written.properties["lifecyclestage"];
  if (!wanted || kept === undefined || kept === null || kept === wanted) return written;
  let last = written;
  for (const lifecyclestage of ["", wanted]) {
    const path = `${pathOf(OBJECT_TYPES.contact)}/${id}`;
    const request = { method: "PATCH", path, json: { properties: { lifecyclestage } }, repeatable: true } as const;
    const moved = await sendWrite(context, request, UPDATED);
    last = { ...moved, properties: { ...last.properties, ...moved.properties } };
  }
  return last;
}
