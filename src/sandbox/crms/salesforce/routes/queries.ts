import type { FastifyInstance } from "fastify";
import { badRequest } from "../errors.js";
import { pageSizeOf } from "../soql/cursors.js";
import { handler, header, parameter, queryParameter, type Call, type Service } from "./call.js";

/** Queries. */
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
}

function query(call: Call, includeDeleted: boolean) {
  const pageSize = pageSizeOf(header(call, "sforce-query-options"));
  return call.account.cursors.start(required(call, "q"), { includeDeleted, pageSize, version: call.version });
}

function required(call: Call, name: string): string {
  const value = queryParameter(call, name);
  if (value === null || value.trim() === "") throw badRequest("MALFORMED_QUERY", `'${name}' is required`);
  return value;
}
