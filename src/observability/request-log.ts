import type { Logger } from "./logger.js";
import type { FailureGroup, RequestObserver, RequestSummary } from "./request-summary.js";

/** Routes that load balancers and monitors request every few seconds. */
const WATCHED = new Set<string | null>(["/healthz", "/readyz"]);
/** Characters of a value that a caller or a CRM chose. */
const MAX_LENGTH = 200;

/** Logs a line at `warn` for each kind of a CRM's failure, and then one line at `info` for the request. */
export function requestLog(logger: Logger): RequestObserver {
  return (summary) => {
    for (const failure of summary.failures) logger.warn(failureLine(summary, failure), "Provider failed");
    const { ungroupedFailures } = summary;
    if (ungroupedFailures > 0) {
      logger.warn({ ...who(summary), failures: ungroupedFailures }, "Provider failed in more ways");
    }
    logger[WATCHED.has(summary.route) ? "debug" : "info"](requestLine(summary), "Request");
  };
}

function requestLine(summary: RequestSummary): object {
  const { operation, errors, callerLeft } = summary;
  const codes = [...errors.keys()];
  return {
    ...who(summary),
    method: summary.method,
    path: summary.route ?? undefined,
    operationName: shortened(operation?.name),
    operationType: operation?.type ?? undefined,
    status: summary.status,
    durationMs: Math.round(summary.durationMs),
    ...(codes.length === 0 ? {} : { codes, errors: [...errors.values()].reduce((sum, one) => sum + one, 0) }),
    upstreamCalls: summary.upstreamCalls,
    ...(callerLeft ? { callerLeft } : {}),
  };
}

function failureLine(summary: RequestSummary, failure: FailureGroup): object {
  const { provider, connectionId, code, upstream, attempt, outcome, detail, calls, retried, errors } = failure;
  return {
    ...who(summary),
    operationName: shortened(summary.operation?.name),
    provider: shortened(provider),
    connectionId: connectionId ?? undefined,
    code,
    upstreamStatus: upstream?.status,
    upstreamCode: shortened(upstream?.code),
    upstreamRequestId: shortened(upstream?.requestId),
    attempt,
    outcome: outcome ?? undefined,
    detail: shortened(detail),
    calls,
    retried,
    errors,
  };
}

/** The fields that answer who: the ids of the request, its workspace, its key and its end user. */
function who({ requestId, traceId, caller, endUserId }: RequestSummary): object {
  return {
    requestId,
    traceId: traceId ?? undefined,
    workspaceId: caller?.workspaceId,
    environment: caller?.environment,
    keyId: caller?.keyId ?? undefined,
    endUserId: shortened(endUserId),
  };
}

/** Members that are undefined are not written. */
function shortened(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined) return undefined;
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`;
}
