import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { ExactNumber } from "../../kit/exact-number.js";
import { pathParameter, queryList, queryText } from "../../kit/request.js";
import type { HubSpotAccount } from "./account.js";
import type { ApiVersion } from "./api-version.js";
import { type StoredRecord, CONTACT, type ObjectType } from "./object-types.js";
import { objectNotFound, validationError } from "./errors.js";
import { recordToWire } from "./record-view.js";
import { archiveRecord, createRecord, mergeRecords, updateRecord } from "./record-writes.js";
import { accountOf, bodyCharacters, objectTypeParameter, queryFlag, queryLimit, readBody, pageOf } from "./request.js";
import { search } from "./search.js";
import { refuseExcessiveSearch, refuseLongSearchBody, searchBody } from "./search-request.js";

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** Properties are texts: the digits of a number stay as they are. */
const exactNumber = z.instanceof(ExactNumber).transform(String);
const writtenProperties = z.record(z.string(), z.union([z.string(), z.number(), exactNumber, z.boolean(), z.null()]));

/** An id. The real API also accepts a number. */
export const recordId = z.union([z.string(), z.number()]).transform(String);

/** Real callers omit `associations`, although the specification marks it as required. */
export const newRecord = z.object({
  properties: writtenProperties.default({}),
  associations: z
    .array(
      z.object({
        to: z.object({ id: recordId }),
        types: z.array(z.object({ associationTypeId: z.number() })).min(1),
      }),
    )
    .nullish()
    .transform((associations) => associations ?? []),
});

const mergedPair = z.object({ primaryObjectId: recordId, objectIdToMerge: recordId });

const recordUpdate = z.object({ properties: writtenProperties.default({}) });

export function addObjectRoutes(app: FastifyInstance, version: ApiVersion): void {
  const objects = `${version.objects}/:objectType`;

  app.get(objects, (request) => {
    const account = accountOf(request);
    const records = account.all(objectTypeParameter(request), queryFlag(request, "archived"));
    const limit = queryLimit(request, DEFAULT_LIMIT, MAX_LIMIT);
    const { items, paging } = pageOf(records, ({ id }) => id, limit, queryText(request, "after"));
    const selection = selectionOf(request);
    return { results: items.map((record) => recordToWire(account, record, selection)), ...paging };
  });

  app.post(objects, (request, reply) => {
    const type = objectTypeParameter(request);
    const draft = readBody(request, newRecord);
    const record = createRecord(accountOf(request), type, draft, version);
    void reply.code(201);
    return createdRecordToWire(accountOf(request), record);
  });

  app.post(`${objects}/search`, (request) => {
    const type = objectTypeParameter(request);
    refuseLongSearchBody(bodyCharacters(request));
    const body = readBody(request, searchBody);
    refuseExcessiveSearch(body);
    return search(accountOf(request), type, body);
  });

  app.post(`${objects}/merge`, (request) => {
    const { primaryObjectId, objectIdToMerge } = readBody(request, mergedPair);
    const account = accountOf(request);
    const record = mergeRecords(account, objectTypeParameter(request), primaryObjectId, objectIdToMerge);
    return recordToWire(account, record, { properties: record.type.defaultProperties });
  });

  app.get(`${objects}/:id`, (request) => {
    const record = requestedRecord(request, queryFlag(request, "archived"));
    return recordToWire(accountOf(request), record, selectionOf(request));
  });

  app.patch(`${objects}/:id`, (request) => {
    const { properties } = readBody(request, recordUpdate);
    const record = updateRecord(accountOf(request), requestedRecord(request, false), properties, version);
    return updatedRecordToWire(accountOf(request), record, properties);
  });

  app.delete(`${objects}/:id`, (request, reply) => {
    const account = accountOf(request);
    const id = pathParameter(request, "id");
    const record = account.get(objectTypeParameter(request), id);
    if (!record) throw objectNotFound(id);
    // A second deletion is no error.
    if (record.archivedAt === null) archiveRecord(account, record);
    return reply.code(204).send();
  });
}

function requestedRecord(request: FastifyRequest, archived: boolean): StoredRecord {
  const account = accountOf(request);
  const type = objectTypeParameter(request);
  const id = pathParameter(request, "id");
  const record = isByEmail(type, queryText(request, "idProperty"))
    ? account.findContactByEmail(id)
    : account.survivor(type, id);
  if (!record || (record.archivedAt !== null) !== archived) throw objectNotFound(id);
  return record;
}

export function isByEmail(type: ObjectType, idProperty: string | undefined): boolean {
  if (idProperty === undefined || idProperty === "hs_object_id") return false;
  if (type === CONTACT && idProperty === "email") return true;
  throw validationError(`${idProperty} is not a unique property of ${type.wireName}`);
}

function selectionOf(request: FastifyRequest) {
  return { properties: queryList(request, "properties"), associations: queryList(request, "associations") };
}

/** Shows a new record: the properties that have a value, with those that have a default. */
export function createdRecordToWire(account: HubSpotAccount, record: StoredRecord): object {
  return withoutUrl(account, record, Object.keys(record.values));
}

/** Shows a record after an update: only the written properties, and those that every answer has. */
function updatedRecordToWire(account: HubSpotAccount, record: StoredRecord, written: Record<string, unknown>): object {
  return withoutUrl(account, record, Object.keys(written));
}

/** Published answers to writes have no link to the record. */
function withoutUrl(account: HubSpotAccount, record: StoredRecord, names: readonly string[]): object {
  const properties = [...record.type.systemProperties, ...names];
  const { url: _url, ...wire } = recordToWire(account, record, { properties });
  return wire;
}
