import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RequestRecord } from "../observability/request-record.js";
import type { RequestSpan, Span, Tracing } from "../observability/telemetry/tracing.js";
import { gravestCode } from "../errors/gravest-code.js";
import { ERROR_CATALOGUE, type ErrorCode } from "../errors/catalogue.js";

/** Routes that load balancers and monitors request every few seconds. */
const UNTRACED = new Set<string | undefined>(["/healthz", "/readyz"]);
/** Name of an operation whose document could not be read, as the semantic conventions have it. */
const UNKNOWN_OPERATION = "GraphQL Operation";

/**
 * Gives each request a span. Its trace is the caller's, if the request has a `traceparent`; the trace id becomes that of the
 * request's record. Call this after the records of requests began, and before other hooks are added.
 */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  app.addHook("onRequest", (request, reply, done) => {
    const { url: route } = request.routeOptions;
    if (UNTRACED.has(route)) return done();
    const attributes = {
      "http.request.method": request.method,
      // The pattern of the path: a path itself can contain the secrets of Connect.
      "http.route": route,
      "crmesh.request.id": request.id,
    };
    const name = route === undefined ? request.method : `${request.method} ${route}`;
    const span = tracing.request({ name, kind: "server", attributes }, request.headers);
    spans.set(request, span);
    request.record.traceId = span.traceId;
    reply.raw.once("close", () => end(span, request.record, reply));
    return span.run(done);
  });
  // What reads the body continues in the socket's context, which is not that of the request.
  app.addHook("preHandler", (request, _reply, done) => {
    const span = spans.get(request);
    return span ? span.run(done) : done();
  });
}

/** Runs the work of a GraphQL request in the span of its operation. */
export function traceOperation<Result>(
  tracing: Tracing,
  record: RequestRecord,
  work: () => Promise<Result>,
): Promise<Result> {
  return tracing.whole({ name: UNKNOWN_OPERATION }, async (span) => {
    try {
      return await work();
    } finally {
      describe(span, record);
    }
  });
}

function describe(span: Span, { operation, errors }: RequestRecord): void {
  if (operation?.type) span.rename(operation.name === null ? operation.type : `${operation.type} ${operation.name}`);
  span.set({
    "graphql.operation.type": operation?.type ?? undefined,
    "graphql.operation.name": operation?.name ?? undefined,
    "crmesh.error.codes": errors.size === 0 ? undefined : [...errors.keys()],
  });
  // Mistakes of the caller are no failures of crmesh or of a CRM.
  const failures = [...errors.keys()].filter((code) => ERROR_CATALOGUE[code as ErrorCode]?.origin !== "CALLER");
  const known = failures.filter((code) => code in ERROR_CATALOGUE);
  if (known.length > 0) span.fail(gravestCode(known)!);
}

function end(span: RequestSpan, { caller, errors, upstreamCalls }: RequestRecord, { statusCode, raw }: FastifyReply) {
  span.set({
    "http.response.status_code": statusCode,
    "crmesh.workspace.id": caller?.workspaceId,
    "crmesh.environment": caller?.environment,
    "crmesh.key.id": caller?.keyId ?? undefined,
    "crmesh.upstream.calls": upstreamCalls,
    "crmesh.caller_left": raw.writableFinished ? undefined : true,
  });
  if (statusCode >= 500) span.fail(gravestCode(errors.keys()) ?? String(statusCode));
  span.end();
}
