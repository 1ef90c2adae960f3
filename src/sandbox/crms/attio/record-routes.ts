import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalid, invalidBody } from "./errors.js";
import { compileFilter, compileSorts } from "./query.js";
import { bodyOf, count, objectOf, queryParameter, recordOf, workspaceOf } from "./request.js";
import { attributeOf, isCurrent, recordView, type StoredRecord, type Workspace, type WriteMode } from "./workspace.js";
import { writtenValues } from "./values.js";

const RECORDS = "/v2/objects/:object/records";
const ONE = `${RECORDS}/:record_id`;
const QUERY_MAX = 500;
const SEARCH_DEFAULT = 25;

export function addRecordRoutes(api: FastifyInstance): void {
  api.post(`${RECORDS}/query`, (request) => {
    const workspace = workspaceOf(request);
    const object = objectOf(request);
    const { filter, filter_view_id: view, sorts, limit, offset } = bodyOf(request);
    if (view !== undefined) throw invalid("filter_error", "There are no saved views here.");
    const size = Math.min(count(limit, "limit", QUERY_MAX, 1), QUERY_MAX);
    const start = count(offset, "offset", 0);
    const passes = compileFilter(object, filter);
    const found = candidates(workspace, object, filter).filter(passes).sort(compileSorts(object, sorts));
    return { data: found.slice(start, start + size).map((record) => recordView(workspace, record)) };
  });

  api.post(RECORDS, (request) => {
    const workspace = workspaceOf(request);
    return { data: recordView(workspace, workspace.create(objectOf(request), writtenOf(request))) };
  });

  api.put(RECORDS, (request) => {
    const workspace = workspaceOf(request);
    const object = objectOf(request);
    const written = writtenOf(request);
    const name = queryParameter(request, "matching_attribute");
    if (name === undefined) throw invalid("missing_value", "matching_attribute is required.");
    const existing = matching(workspace, object, name, written);
    if (!existing) return { data: recordView(workspace, workspace.create(object, written)) };
    const { [name]: matched, ...others } = written;
    const first = workspace.write(existing, { [name]: matched }, "PREPEND");
    return { data: recordView(workspace, workspace.write(first, others, "OVERWRITE")) };
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

  api.post("/v2/objects/records/search", (request) => ({ data: search(workspaceOf(request), bodyOf(request)) }));
}

/** Ids name their records directly, which saves looking through all of them. */
function candidates(workspace: Workspace, object: StoredRecord["object"], filter: unknown): StoredRecord[] {
  const ids = (filter as { record_id?: { $in?: unknown } } | undefined)?.record_id?.$in;
  const table = workspace.table(object);
  if (!Array.isArray(ids)) return table.all();
  return [...new Set(ids.map(String))].flatMap((id) => table.get(id) ?? []);
}

/** The written values, by slug whatever names them. @throws AttioError */
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

function matching(
  workspace: Workspace,
  object: StoredRecord["object"],
  name: string,
  written: Record<string, unknown>,
): StoredRecord | null {
  const attribute = attributeOf(object, name);
  if (!attribute.isUnique) throw invalid("value_not_found", `Attribute "${name}" is not unique.`);
  for (const body of writtenValues(attribute, written[attribute.slug] ?? [], workspace, object)) {
    const id = workspace.findRecord(object, attribute.slug, String(body["email_address"] ?? body["domain"]));
    if (id !== null) return workspace.table(object).get(id);
  }
  return null;
}

/** Looks in an index that notices changes late. */
function search(workspace: Workspace, { query, objects, request_as: as, limit }: Record<string, unknown>): object[] {
  if (typeof query !== "string" || !Array.isArray(objects) || objects.length === 0 || typeof as !== "object") {
    throw invalidBody([{ code: "invalid_type", path: ["query"], message: "Required" }]);
  }
  const wanted = query.toLowerCase();
  const found = objects.flatMap((name) => {
    const object = workspace.object(String(name));
    if (!object) throw invalid("value_not_found", `Cannot find object "${String(name)}".`);
    return workspace
      .table(object)
      .indexed()
      .flatMap((record) => searchResult(workspace, record, wanted));
  });
  return found.slice(0, count(limit, "limit", SEARCH_DEFAULT, 1));
}

function searchResult(workspace: Workspace, { id, object, values }: StoredRecord, wanted: string): object[] {
  const texts = (slug: string, property: string) =>
    (values[slug] ?? []).filter(isCurrent).map(({ body }) => String(body[property]));
  const isPerson = object.slug === "people";
  const [name = ""] = texts("name", isPerson ? "full_name" : "value");
  const more = isPerson
    ? {
        email_addresses: texts("email_addresses", "email_address"),
        phone_numbers: texts("phone_numbers", "phone_number"),
      }
    : { domains: texts("domains", "domain") };
  if (![name, ...Object.values(more).flat()].some((text) => text.toLowerCase().includes(wanted))) return [];
  return [
    {
      id: { workspace_id: workspace.workspaceId, object_id: object.id, record_id: id },
      record_text: name,
      record_image: null,
      object_slug: object.slug,
      ...more,
    },
  ];
}
