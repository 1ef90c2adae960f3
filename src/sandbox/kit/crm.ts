import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Grant, Grants } from "./grants.js";

/** Faults that have an answer in the CRM's own words. */
export const SPOKEN_FAULTS = [
  "PROVIDER_ERROR",
  "PROVIDER_RATE_LIMITED",
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_AUTH_FAILED",
  "NEEDS_REAUTH",
] as const;

export type SpokenFault = (typeof SPOKEN_FAULTS)[number];

/** Faults between the CRM and its callers. They are the same for all CRMs, except for the page of the edge. */
const TRANSPORT_FAULTS = [
  /** The request is carried out, and its answer never comes. */
  "TIMEOUT",
  /** The answer comes late. */
  "SLOW",
  /** The answer begins at once, and the rest of it comes late. */
  "SLOW_BODY",
  /** The answer breaks off in its middle. */
  "TRUNCATED",
  /** The network in front of the CRM answers with a page for people. */
  "EDGE_HTML",
  /** Two of three requests meet an unavailable server. The third is carried out. */
  "UNAVAILABLE_BURST",
] as const;

/** The faults that the request header `X-Sandbox-Fault` can name. */
export const SANDBOX_FAULTS = [...SPOKEN_FAULTS, ...TRANSPORT_FAULTS] as const;

export type SandboxFault = (typeof SANDBOX_FAULTS)[number];

/** An HTTP answer. An object is sent as JSON. */
export interface WireAnswer {
  readonly status: number;
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SandboxCrmOptions {
  /** Milliseconds since the epoch; injected so that expiry and windows can be tested. */
  now: () => number;
  /** Enforce the CRM's documented request limits, or only report them in its headers (default). */
  limits: "enforce" | "report";
  /**
   * Whether a refresh replaces the refresh token; showing one that was replaced then revokes all that came from the
   * same consent. Off by default, as it is at HubSpot always and at Salesforce until an app turns it on.
   */
  rotateRefreshTokens: "off" | "on";
  /** Milliseconds after which searches notice that a record was made, changed or deleted. Reads by id never lag. */
  indexLagMs: number;
}

/** The environment of a CRM. */
export interface SandboxCrmContext extends SandboxCrmOptions {
  readonly grants: Grants;
}

/** One imitated CRM: its HTTP API on a server of its own, with a separate data set per account. */
export interface SandboxCrm {
  readonly slug: string;
  /** Whether apps are authorized by OAuth. Otherwise a user hands over a key. */
  readonly hasOAuth: boolean;
  /** Whether every refresh replaces the refresh token, regardless of the options. */
  readonly rotatesRefreshTokens?: boolean;
  /**
   * Credentials that this sandbox accepts for an account (`[a-z0-9-]{1,40}`), as `createConnection` takes them;
   * OAuth CRMs add `refreshToken` and `expiresAt` (ISO 8601). They are of the grant that every account has by itself
   * unless another is named.
   */
  credentials(account: string, origin: string, now: number, grant?: Grant): Record<string, string>;
  /** Adds the CRM's routes, error handler and not-found handler to its own server. */
  register(app: FastifyInstance, context: SandboxCrmContext): void;
  /** Answers a faulted request as this CRM would. False carries the request out. */
  speakFault(fault: SpokenFault, request: FastifyRequest, reply: FastifyReply): boolean;
  /** The page of the network in front of this CRM. Defaults to a usual 502. */
  readonly edgePage?: WireAnswer;
}
