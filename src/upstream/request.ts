import type { CrmError } from "../errors/crm-error.js";
import type { CallBound } from "./call-bound.js";

/** One HTTP request to a CRM, as an adapter states it. */
export interface UpstreamRequest {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Absolute. Never with a secret in it: URLs end up in the logs of proxies. */
  url: string;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  /** Repeating it changes nothing at the CRM: true for reads, also for those that are POSTs. */
  safe: boolean;
  /** Set where a `safe` request changes something: once it has left, the change that it is a part of is not cut in half. */
  changes?: true;
  /** Which of the provider's rate rules counts it; without one, the rules without a lane. */
  lane?: string;
}

export interface UpstreamResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON where the answer is JSON (`isJson`), else the text. */
  body: unknown;
  isJson: boolean;
}

/** A client-side request limit, from the vendor's documentation. */
export interface RateRule {
  lane?: string;
  requests: number;
  perMs: number;
}

/** The limit that a CRM's answer states. */
export interface StatedRateLimit {
  /** Requests in the window. */
  limit: number;
  /** How many of them are left; null where the CRM does not say. */
  remaining: number | null;
  /** Milliseconds; null where it is not a window to pace by, such as a day's allowance. */
  windowMs: number | null;
}

/** What the upstream client must know of a CRM to judge its answers. */
export interface UpstreamTraits {
  /** null when the answer is a success; the error it means otherwise. */
  classify(response: UpstreamResponse): CrmError | null;
  /** How many records an answer carries, for the trace. */
  countRecords(body: unknown): number | undefined;
  rateRules: readonly RateRule[];
  /** The limit that an answer's headers state, where the CRM states one. Asked of every answer. */
  rateLimit?(response: UpstreamResponse): StatedRateLimit | undefined;
}

/** One attempt at an upstream call, as `extensions.calls` and the logs show it. */
export interface UpstreamCall {
  provider: string;
  connectionId: string | null;
  method: string;
  /** Without the query, which may hold personal data. */
  path: string;
  /** null when no answer came. */
  status: number | null;
  attempt: number;
  durationMs: number;
  records: number | null;
}

/** On whose behalf, and within which bounds, a call is made. */
export interface CallScope {
  provider: string;
  connectionId: string | null;
  /** Calls with the same key share a circuit: provider and origin. */
  circuitKey: string;
  /** Calls with the same key share the CRM's rate limit: the connected account. */
  paceKey: string;
  /** How long the caller waits; reads under way then stop, a write goes on. */
  bound: CallBound;
  /** Headers of the operator's making, e.g. a sandbox fault. */
  headers?: Record<string, string>;
  /** False when what the CRM says must not outlive this operation (an injected fault). */
  remember: boolean;
  /** False for the sandbox, which has no limits to spare. */
  paced: boolean;
  /** Whether the host may be a private, loopback or link-local one. */
  allowPrivateHosts: boolean;
  onCall?: ((call: UpstreamCall) => void) | undefined;
}
