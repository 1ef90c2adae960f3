import type { FastifyInstance } from "fastify";
import { badRequest } from "../errors.js";
import { pageSizeOf } from "../soql/cursors.js";
import type { SearchScope } from "../sosl/search.js";
import { namesIn, runSearch, runSosl, type Returning } from "../sosl/sosl.js";
import { bodyOf, handler, header, isObject, parameter, queryParameter, type Call, type Service } from "./call.js";

const SCOPES: readonly SearchScope[] = ["ALL", "NAME", "EMAIL", "PHONE"];

/** Queries and text searches. */
export function addQueryRoutes(app: FastifyInstance, service: Service): void {
  for (const [name, includeDeleted] of [
    ["query", false],
    ["queryAll", true],
  ] as const) {
    const path = `/services/data/:version/${name}`;
    app.get(
      path,
      handler(service, (call) => query(call, includeDeleted)),
    );
    app.get(
      `${path}/`,
      handler(service, (call) => query(call, includeDeleted)),
    );
    app.get(
      `${path}/:locator`,
      handler(service, (call) => call.account.cursors.continue(parameter(call, "locator"), call.version)),
    );
  }
  app.get("/services/data/:version/search", handler(service, searchBySosl));
  app.get("/services/data/:version/search/", handler(service, searchBySosl));
  app.get("/services/data/:version/parameterizedSearch", handler(service, searchByQueryString));
  app.post("/services/data/:version/parameterizedSearch", handler(service, searchByBody));
}

function query(call: Call, includeDeleted: boolean) {
  const pageSize = pageSizeOf(header(call, "sforce-query-options"));
  return call.account.cursors.start(required(call, "q"), { includeDeleted, pageSize, version: call.version });
}

function searchBySosl(call: Call) {
  return { searchRecords: runSosl(call.org, required(call, "q"), call.version) };
}

function searchByQueryString(call: Call) {
  const returning = namesIn(queryParameter(call, "sobject") ?? "").map((object): Returning => {
    const fields = queryParameter(call, `${object}.fields`) ?? queryParameter(call, "fields") ?? "";
    const where = queryParameter(call, `${object}.where`);
    return { object, fields: namesIn(fields), where, limit: countOf(queryParameter(call, `${object}.limit`)) };
  });
  return parameterizedSearch(call, required(call, "q"), {
    returning,
    scope: queryParameter(call, "in"),
    limit: queryParameter(call, "overallLimit"),
  });
}

function searchByBody(call: Call) {
  const body = bodyOf(call);
  const { q, sobjects } = body;
  if (typeof q !== "string" || !Array.isArray(sobjects) || !sobjects.every(isObject)) {
    throw badRequest("JSON_PARSER_ERROR", "'q' and 'sobjects' are required");
  }
  const returning = sobjects.map((item): Returning => ({
    object: String(item.name),
    fields: fieldNames(item.fields ?? body.fields),
    where: typeof item.where === "string" ? item.where : null,
    limit: countOf(item.limit),
  }));
  return parameterizedSearch(call, q, { returning, scope: body.in, limit: body.overallLimit });
}

function parameterizedSearch(
  call: Call,
  words: string,
  { returning, scope, limit }: { returning: Returning[]; scope: unknown; limit: unknown },
) {
  if (returning.length === 0) throw badRequest("MALFORMED_SEARCH", "at least one sobject is required");
  return {
    searchRecords: runSearch(call.org, words, {
      scope: SCOPES.find((known) => known === String(scope).toUpperCase()) ?? "ALL",
      returning,
      limit: countOf(limit),
      version: call.version,
    }),
  };
}

function fieldNames(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function countOf(value: unknown): number | null {
  const count = Number(value ?? Number.NaN);
  return Number.isSafeInteger(count) && count > 0 ? count : null;
}

function required(call: Call, name: string): string {
  const value = queryParameter(call, name);
  if (value === null || value.trim() === "") throw badRequest("MALFORMED_QUERY", `'${name}' is required`);
  return value;
}
