/**
 * What one HTTP request did, for logs, metrics and traces. Plain data without secrets: ids and codes, no key, no body, no
 * URL. Values that a caller or a CRM chose may hold any characters; whoever writes them down escapes and shortens them.
 */
export interface RequestSummary {
  readonly requestId: string;
  /** Trace id of the W3C header `traceparent`: 32 hexadecimal digits. Null without one. */
  readonly traceId: string | null;
  readonly method: string;
  /** The pattern of the route, e.g. `/connect/:sid/:provider`. Null if no route serves the path. */
  readonly route: string | null;
  /** HTTP status of the response. */
  readonly status: number;
  /** Milliseconds from the headers of the request to the last byte of the response. */
  readonly durationMs: number;
  /** True if the caller disconnected before the response was sent. */
  readonly callerLeft: boolean;
  /** Null if the request was refused before its caller was known. */
  readonly caller: RequestCaller | null;
  /** The workspace's own id of the end user; crmesh's own (`eu_…`) if only an id names the end user. The first of several. */
  readonly endUserId: string | null;
  /** Null if the request has no GraphQL operation, or if its document could not be read. */
  readonly operation: RequestOperation | null;
  /** Code of the response's errors → their number. */
  readonly errors: ReadonlyMap<string, number>;
  /** Attempts of calls to CRMs, token refreshes included. */
  readonly upstreamCalls: number;
  /** The failures of CRMs, one entry for each connection and kind. */
  readonly failures: readonly FailureGroup[];
  /** Number of failures that are in no group, because the request had too many kinds. */
  readonly ungroupedFailures: number;
}

/** The owner of a request. `keyId` is null on the Connect pages, whose visitors have no API key. */
export interface RequestCaller {
  readonly workspaceId: string;
  readonly environment: string;
  readonly keyId: string | null;
}

export interface RequestOperation {
  /** Null for an operation without a name. */
  readonly name: string | null;
  /** `query`, `mutation` or `subscription`. Null if the document could not be read. */
  readonly type: string | null;
}

/** A failure of a CRM: of a call, or of a field in the response. */
export interface ProviderFailure {
  /** Code of the catalogue. */
  readonly code: string;
  readonly provider: string | null;
  /** Null before the connection exists. */
  readonly connectionId: string | null;
  /** What the CRM's answer said. Null if there was none. */
  readonly upstream: { readonly status?: number; readonly code?: string; readonly requestId?: string } | null;
  /** Whether a failed write happened. Null for reads. */
  readonly outcome: string | null;
  /** A sentence of crmesh about this failure. */
  readonly detail: string | null;
}

/** A failed call. `attempt` is 0 if the call was not sent, e.g. because a circuit is open. */
export interface FailedCall extends ProviderFailure {
  readonly attempt: number;
  /** True if crmesh repeated the call. */
  readonly retried: boolean;
}

/** All failures of one kind at one connection in one request. */
export interface FailureGroup extends ProviderFailure {
  /** The highest number of an attempt that failed so. */
  readonly attempt: number;
  /** Number of failed calls, each attempt counted. 0 if only a field failed, e.g. because crmesh cannot read the answer. */
  readonly calls: number;
  /** How many of them crmesh repeated. */
  readonly retried: number;
  /** Number of errors in the response. 0 if the caller did not notice the failure. */
  readonly errors: number;
}

/** Called once for each request, after its response. Must not throw. */
export type RequestObserver = (summary: RequestSummary) => void;
