import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalid, invalidBody } from "./errors.js";
import { compileFilter, sortRecords } from "./query.js";
import { bodyOf, count, objectOf, recordOf, workspaceOf } from "./request.js";
import { attributeOf, recordView, type StoredRecord, type Workspace, type WriteMode } from "./workspace.js";

const RECORDS = "/v2/objects/:object/records";
const ONE = `${RECORDS}/:record_id`;
const QUERY_MAX = 500;

export function addRecordRoutes(api: FastifyInstance): void {
  api.post(`${RECORDS}/query`, (request) => {
    const workspace = workspaceOf(request);
    const object = objectOf(request);
    const { filter, filter_view_id: view, sorts, limit, offset } = bodyOf(request);
    if (view !== undefined) throw invalid("filter_error", "There are no saved views here.");
    const size = Math.min(count(limit, "limit", QUERY_MAX, 1), QUERY_MAX);
    const start = count(offset, "offset", 0);
    const passes = compileFilter(object, filter);
    const found = sortRecords(object, sorts, candidates(workspace, object, filter).filter(passes));
    return { data: found.slice(start, start + size).map((record) => recordView(workspace, record)) };
  });

  api.post(RECORDS, (request) => {
    const workspace = workspaceOf(request);
    return { data: recordView(workspace, workspace.create(objectOf(request), writtenOf(request))) };
  });

  api.get(ONE, (request) => ({ data: recordView(workspaceOf(request), recordOf(request)) }));
  for (const [method, mode] of [
    ["PATCH", "PREPEND"],
    ["PUT", "OVERWRITE"],
  ] as const satisfies readonly (readonly [string, WriteMode])[]) {
    api.route({
      method,
      url: ONE,
      handler(request) {
        const workspace = workspaceOf(request);
        return { data: recordView(workspace, workspace.write(recordOf(request), writtenOf(request), mode)) };
      },
    });
  }
  api.delete(ONE, (request) => {
    const { id, object } = recordOf(request);
    workspaceOf(request).table(object).set(id, null);
    return {};
  });
}

/** Returns the records that a filter can match. A filter by ids needs no search through all records. */
function candidates(workspace: Workspace, object: StoredRecord["object"], filter: unknown): StoredRecord[] {
  const ids = (filter as { record_id?: { $in?: unknown } } | undefined)?.record_id?.$in;
  const table = workspace.table(object);
  if (!Array.isArray(ids)) return table.all();
  return [...new Set(ids.map(String))].flatMap((id) => table.get(id) ?? []);
}

/** Returns the written values by slug, although a request may also name attributes by id. @throws AttioError */
function writtenOf(request: FastifyRequest): Record<string, unknown> {
  const data = bodyOf(request)["data"] as { values?: unknown } | undefined;
  if (typeof data !== "object" || data === null) {
    throw invalidBody([{ code: "invalid_type", path: ["data"], message: "Required" }]);
  }
  const { values } = data;
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw invalidBody([{ code: "invalid_type", path: ["data", "values"], message: "Required" }]);
  }
  const object = objectOf(request);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [attributeOf(object, name).slug, value]));
}
