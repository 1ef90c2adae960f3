import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Grant, Grants } from "./oauth/grants.js";

/**
 * The faults a sandbox CRM can be told to show, by the request header `X-Sandbox-Fault`.
 * TIMEOUT (the request is carried out, its answer never comes) and SLOW (the answer comes late) are the
 * server's own doing; the others are spoken in the manner of each CRM.
 */
export const SANDBOX_FAULTS = [
  "PROVIDER_ERROR",
  "PROVIDER_RATE_LIMITED",
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_AUTH_FAILED",
  "NEEDS_REAUTH",
  "TIMEOUT",
  "SLOW",
] as const;

export type SandboxFault = (typeof SANDBOX_FAULTS)[number];

/** A fault that is spoken in the CRM's own words rather than by the transport. */
export type SpokenFault = Exclude<SandboxFault, "TIMEOUT" | "SLOW">;

export interface SandboxCrmOptions {
  /** Milliseconds since the epoch; injected so that expiry and windows can be tested. */
  now(): number;
  /** Enforce the CRM's documented request limits, or only report them in its headers (default). */
  limits: "enforce" | "report";
  /**
   * Whether a refresh replaces the refresh token; showing one that was replaced then revokes all that came from the
   * same consent. Off by default, as it is at HubSpot always and at Salesforce until an app turns it on.
   */
  rotateRefreshTokens: "off" | "on";
}

/** What a CRM is given to run on. */
export interface SandboxCrmContext extends SandboxCrmOptions {
  readonly grants: Grants;
}

/** One imitated CRM: its HTTP API on a server of its own, with a separate data set per account. */
export interface SandboxCrm {
  readonly slug: string;
  /** Whether apps are let in by OAuth; otherwise a user hands over a key. */
  readonly hasOAuth: boolean;
  /**
   * Credentials that this sandbox accepts for an account (`[a-z0-9-]{1,40}`), as `createConnection` takes them;
   * OAuth CRMs add `refreshToken` and `expiresAt` (ISO 8601). They are of the grant that every account has by itself
   * unless another is named.
   */
  credentials(account: string, origin: string, now: number, grant?: Grant): Record<string, string>;
  /** Adds the CRM's routes, error handler and not-found handler to its own server. */
  register(app: FastifyInstance, context: SandboxCrmContext): void;
  /** Answers a faulted request as this CRM would; returning false lets the request go on (a token call, for instance). */
  speakFault(fault: SpokenFault, request: FastifyRequest, reply: FastifyReply): boolean;
}
