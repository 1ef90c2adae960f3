import type { FastifyInstance } from "fastify";
import { textOf } from "../../../kit/json.js";
import { isObject, queryList, queryText } from "../../../kit/request.js";
import { badRequest, SalesforceError } from "../errors.js";
import { toLongId } from "../ids.js";
import type { Org } from "../org.js";
import { createRecord, deleteRecord, updateRecord } from "../records/save.js";
import { fieldsNamed, showRecord } from "../records/values.js";
import { objectNamed, objectOfId } from "../schema/index.js";
import type { ObjectSchema } from "../schema/object.js";
import { bodyOf, handler, objectOf, saveOptions, type Call } from "./call.js";

const MAX_WRITES = 200;
const MAX_READS = 2000;

interface SaveResult {
  id?: string;
  success: boolean;
  errors: { statusCode: string; message: string; fields: string[] }[];
}

/** Thrown to undo a transaction. Contains the results of the records. */
class RolledBack extends Error {
  readonly results: SaveResult[];

  constructor(results: SaveResult[]) {
    super("all or none: rolled back");
    this.results = results;
  }
}

/** Many records in one call. */
export function addCollectionRoutes(app: FastifyInstance): void {
  const writes = "/services/data/:version/composite/sobjects";
  const reads = "/services/data/:version/composite/sobjects/:type";
  app.post(writes, handler(createMany));
  app.patch(writes, handler(updateMany));
  app.delete(writes, handler(deleteMany));
  app.post(reads, handler(readManyByIds));
}

function createMany(call: Call): SaveResult[] {
  const { records, allOrNone } = recordsOf(call);
  return saveAll(call.org, records, allOrNone, (record) =>
    createRecord(call.org, typeOf(record), record, saveOptions(call)),
  );
}

function updateMany(call: Call): SaveResult[] {
  const { records, allOrNone } = recordsOf(call);
  return saveAll(call.org, records, allOrNone, (record) => {
    const { id, Id, ...fields } = record;
    const recordId = textOf(id ?? Id ?? "");
    updateRecord(call.org, typeOf(record), recordId, fields, saveOptions(call));
    return toLongId(recordId)!;
  });
}

function deleteMany(call: Call): SaveResult[] {
  const ids = queryList(call.request, "ids");
  if (ids.length > MAX_WRITES) throw tooManyRecords(MAX_WRITES);
  return saveAll(call.org, ids, queryText(call.request, "allOrNone") === "true", (id) => {
    const longId = toLongId(id);
    const schema = longId === null ? null : objectOfId(longId);
    if (longId === null || !schema) throw malformedId(id);
    deleteRecord(call.org, schema, longId);
    return longId;
  });
}

function readManyByIds(call: Call) {
  const { ids, fields } = bodyOf(call);
  return readMany(call, textsOf(ids, "ids"), textsOf(fields, "fields"));
}

function readMany(call: Call, ids: string[], names: string[]) {
  const schema = objectOf(call);
  if (ids.length > MAX_READS) throw tooManyRecords(MAX_READS);
  const fields = fieldsNamed(schema, names);
  const longIds = ids.map((id) => {
    const longId = toLongId(id);
    if (longId === null) throw malformedId(id);
    return longId;
  });
  return longIds.map((id) => {
    const row = call.org.row(schema, id);
    return row && row.IsDeleted !== true ? showRecord(schema, row, fields, call.version) : null;
  });
}

/** Saves each record separately. With `allOrNone` a failure of one record undoes the others. */
function saveAll<Item>(
  org: Org,
  items: readonly Item[],
  allOrNone: boolean,
  save: (item: Item) => string,
): SaveResult[] {
  try {
    return org.transaction(() => {
      const results = items.map((item) => attempt(() => save(item)));
      if (allOrNone && results.some((result) => !result.success)) throw new RolledBack(results);
      return results;
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.results.map((result) => (result.success ? rolledBack() : result));
    throw error;
  }
}

function attempt(save: () => string): SaveResult {
  try {
    return { id: save(), success: true, errors: [] };
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error;
    const errors = error.details.map(({ errorCode, message, fields = [] }) =>
      // The path has no id that could be unknown, so only an id in the body can be.
      errorCode === "NOT_FOUND"
        ? { statusCode: "INVALID_CROSS_REFERENCE_KEY", message: "invalid cross reference id", fields }
        : { statusCode: errorCode, message, fields },
    );
    return { success: false, errors };
  }
}

function rolledBack(): SaveResult {
  const message = "Record rolled back because not all records were valid and the request was using AllOrNone header";
  return { success: false, errors: [{ statusCode: "ALL_OR_NONE_OPERATION_ROLLED_BACK", message, fields: [] }] };
}

function recordsOf(call: Call): { records: Record<string, unknown>[]; allOrNone: boolean } {
  const { records, allOrNone } = bodyOf(call);
  if (!Array.isArray(records) || !records.every(isObject)) {
    throw badRequest("JSON_PARSER_ERROR", "'records' must be a list of records");
  }
  if (records.length > MAX_WRITES) throw tooManyRecords(MAX_WRITES);
  return { records, allOrNone: allOrNone === true };
}

function typeOf(record: Record<string, unknown>): ObjectSchema {
  const { attributes } = record;
  const name = isObject(attributes) && typeof attributes.type === "string" ? attributes.type : "";
  const schema = objectNamed(name);
  if (!schema) throw badRequest("INVALID_TYPE", `sObject type '${name}' is not supported.`);
  return schema;
}

function textsOf(value: unknown, name: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw badRequest("JSON_PARSER_ERROR", `'${name}' must be a list of texts`);
}

function malformedId(id: string) {
  return badRequest("MALFORMED_ID", `malformed id ${id}`);
}

function tooManyRecords(max: number) {
  return badRequest("EXCEEDED_ID_LIMIT", `record limit reached. cannot submit more than ${max} records into this call`);
}
