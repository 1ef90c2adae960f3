import type { FastifyInstance } from "fastify";
import { gravestCode } from "../errors/gravest-code.js";
import type { RequestObserver, RequestSummary } from "../observability/request-summary.js";
import type { Meters } from "../observability/telemetry/metrics.js";

/** Routes whose requests are GraphQL operations. */
const GRAPHQL = new Set<string | null>(["/graphql", "/subgraph"]);

/** Counts each request, and each operation by type and code. */
export function requestMetrics(meters: Meters): RequestObserver {
  return (summary) => {
    const seconds = summary.durationMs / 1_000;
    meters.time("httpDuration", seconds, {
      "http.request.method": summary.method,
      "http.route": summary.route ?? undefined,
      "http.response.status_code": summary.status,
    });
    for (const [code, errors] of summary.errors) {
      meters.count("operationErrors", { "crmesh.code": code }, undefined, errors);
    }
    if (!isOperation(summary)) return;
    const type = summary.operation?.type ?? "none";
    const code = gravestCode(summary.errors.keys()) ?? "OK";
    const tenant = { workspace: summary.caller?.workspaceId ?? null };
    meters.count("operations", { "graphql.operation.type": type, "crmesh.code": code }, tenant);
    meters.time("operationDuration", seconds, { "graphql.operation.type": type });
  };
}

/** The page that a browser gets at `/graphql` is no operation. */
function isOperation({ route, operation, errors }: RequestSummary): boolean {
  return GRAPHQL.has(route) && (operation !== null || errors.size > 0);
}

/** Reads how many requests are being answered. */
export function observeActiveRequests(app: FastifyInstance, meters: Meters): void {
  let active = 0;
  app.addHook("onRequest", (_request, reply, done) => {
    active += 1;
    reply.raw.once("close", () => (active -= 1));
    done();
  });
  meters.observe("httpActive", () => [{ value: active, labels: {} }]);
}
