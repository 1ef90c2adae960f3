import type { FastifyInstance } from "fastify";
import { pathParameter, queryText } from "../../../kit/request.js";
import { badRequest } from "../errors.js";
import { pageSizeOf } from "../soql/cursors.js";
import { handler, header, type Call } from "./call.js";

export function addQueryRoutes(app: FastifyInstance): void {
  for (const [name, includeDeleted] of [
    ["query", false],
    ["queryAll", true],
  ] as const) {
    const path = `/services/data/:version/${name}`;
    const run = handler((call) => query(call, includeDeleted));
    app.get(path, run);
    app.get(`${path}/`, run);
    app.get(
      `${path}/:locator`,
      handler(({ account, request, version }) => account.cursors.continue(pathParameter(request, "locator"), version)),
    );
  }
}

function query(call: Call, includeDeleted: boolean) {
  const { account, request, version } = call;
  const soql = queryText(request, "q") ?? "";
  if (soql.trim() === "") throw badRequest("MALFORMED_QUERY", "'q' is required");
  const pageSize = pageSizeOf(header(call, "sforce-query-options"));
  return account.cursors.start(soql, { includeDeleted, pageSize, version });
}
