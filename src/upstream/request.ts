import type { CrmError } from "../errors/crm-error.js";
import type { FailureFacts } from "../errors/failure-facts.js";
import type { AnswerBody, Decoder } from "./answer-body.js";
import type { CallBound } from "./call-bound.js";

/** One HTTP request to a CRM. */
export interface UpstreamRequest {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Absolute. Must not contain a secret: proxies log URLs. */
  url: string;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  /** True if the request may be repeated: all reads, also reads by POST. */
  safe: boolean;
  /** Set if a `safe` request changes something. Its operation is not interrupted after it was sent. */
  changes?: true;
  /** Selects the rate rules of this lane. By default, the rules without a lane apply. */
  lane?: string;
}

/** A request that HTTP can carry. To find that out, its URL was parsed and its JSON written. */
export interface SendableRequest extends UpstreamRequest {
  /** `url`, parsed. */
  target: URL;
  /** `json` as text. */
  jsonText?: string;
}

export interface UpstreamResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed if the answer is JSON (`isJson`), otherwise the text. Empty text if there is no body. */
  body: AnswerBody;
  isJson: boolean;
  /** Path of the request, as it was sent. The upstream client always sets it. */
  path?: string;
}

/** A client-side request limit, from the vendor's documentation. */
export interface RateRule {
  lane?: string;
  requests: number;
  perMs: number;
  /**
   * Set if the CRM counts by a token bucket: so many requests at once, and then one for each `perMs / requests`. Otherwise a
   * request leaves the window `perMs` after it was sent.
   */
  isBucket?: true;
}

/** The limit that a CRM's answer states. */
export interface StatedRateLimit {
  /** Requests in the window. */
  limit: number;
  /** Remaining requests. null if the CRM does not state the number. */
  remaining: number | null;
  /** Milliseconds. null if the window is too long for pacing, such as a day. */
  windowMs: number | null;
}

/** The facts about a CRM with which the upstream client interprets its answers. */
export interface UpstreamTraits {
  /** Returns the error that an answer means; null for a success. */
  classify: (response: UpstreamResponse) => CrmError | null;
  /** The number of records in an answer, for the trace. It takes any body and refuses none. */
  countRecords: Decoder<number | undefined>;
  rateRules: readonly RateRule[];
  /** The concurrent calls that the vendor allows per account, on its smallest plan. Absent if the vendor documents no such limit. */
  concurrency?: number;
  /** Reads the rate limit from an answer's headers. Called for every answer. */
  rateLimit?: (response: UpstreamResponse) => StatedRateLimit | undefined;
}

/** One attempt of an upstream call, as `extensions.calls` and the logs show it. */
export interface UpstreamCall {
  provider: string;
  connectionId: string | null;
  method: string;
  /** Without the query, which may hold personal data. */
  path: string;
  /** null if there was no answer. */
  status: number | null;
  attempt: number;
  durationMs: number;
  records: number | null;
}

/** A call, or one attempt of it, that failed because of the CRM. */
export interface FailedCall extends FailureFacts {
  /** 1 for the first attempt; 0 if the call was not sent, e.g. because a circuit is open. */
  attempt: number;
  /** True if crmesh repeats the call. */
  retried: boolean;
}

/** The owner of a call, and the limits and the circuits that apply to the call. */
export interface CallOptions {
  provider: string;
  /** Scheme, host and port of the API. */
  origin: string;
  workspaceId: string;
  /** crmesh's own id (`eu_…`). */
  endUserId: string;
  /** null before the connection exists. */
  connectionId: string | null;
  /** Begins with the provider's slug and a space. Calls with the same key share a circuit: the connection at one origin; before it exists, the end user there. */
  circuitKey: string;
  /** Begins like `circuitKey`. Calls with the same key share the circuit of an origin: the provider there; at a tenant's own address, its workspace. */
  originKey: string;
  /** Calls with the same key share the CRM's rate limit: the connected account. */
  paceKey: string;
  /** Limits the caller's wait. At its end, running reads stop and writes continue. */
  bound: CallBound;
  /** Additional headers, e.g. for a sandbox fault. */
  headers?: Record<string, string>;
  /** False for injected faults: do not cache or persist anything learned from this answer. */
  remember: boolean;
  /** False for the sandbox, whose rate limits need no pacing. */
  paced: boolean;
  /** True to allow private, loopback and link-local hosts. */
  allowPrivateHosts: boolean;
  /** The request that caused the call. */
  requestId?: string | undefined;
  /** Called after each attempt. */
  onCall?: ((call: UpstreamCall) => void) | undefined;
  /** Called after each attempt that crmesh repeats, and once for a call that fails. Only failures of the CRM. */
  onFailure?: ((failure: FailedCall) => void) | undefined;
}
