import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Grant, Grants } from "./grants.js";

/** Faults for which every CRM has its own answer. */
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
  /** The server executes the request, but never sends the answer. */
  "TIMEOUT",
  /** The server sends the answer late. */
  "SLOW",
  /** The server sends the first half of the answer at once, and the rest late. */
  "SLOW_BODY",
  /** The server closes the connection in the middle of the answer. */
  "TRUNCATED",
  /** The network in front of the CRM answers with an HTML page. */
  "EDGE_HTML",
  /** Two of three requests get the answer of an unavailable server. The server executes the third request. */
  "UNAVAILABLE_BURST",
] as const;

/** Answered like NEEDS_REAUTH. crmesh stores the refusal, so that the connection has to be reconnected. */
export const ACCESS_REVOKED = "ACCESS_REVOKED";

/** The faults that the request header `X-Sandbox-Fault` can name. */
export const SANDBOX_FAULTS = [...SPOKEN_FAULTS, ACCESS_REVOKED, ...TRANSPORT_FAULTS] as const;

export type SandboxFault = (typeof SANDBOX_FAULTS)[number];

/** An HTTP answer. An object is sent as JSON. */
export interface WireAnswer {
  readonly status: number;
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SandboxCrmOptions {
  /** Milliseconds since the epoch. Injected, so that tests control expiry and windows. */
  now: () => number;
  /** Enforce the CRM's documented request limits, or only report them in its headers (default). */
  limits: "enforce" | "report";
  /**
   * Whether a refresh replaces the refresh token. The use of a replaced token then revokes all tokens of the same
   * consent. Off by default. HubSpot never rotates tokens, and Salesforce rotates them only if an app turns it on.
   */
  rotateRefreshTokens: "off" | "on";
  /** Milliseconds after which searches notice that a record was created, changed or deleted. Reads by id never lag. */
  indexLagMs: number;
}

/** A difference between the answers of a real server and of its sandbox that stays, because nothing depends on it. */
export interface AcceptedDifference {
  /** A kind of request, such as `GET /api/v1/Contact/{id}`. `*` stands for any text. */
  readonly request: string;
  /** The place in the answer, such as `200 body.middleName`. `*` stands for any text. */
  readonly place: string;
  /** What the sandbox has there, such as `absent`; default: anything. */
  readonly sandbox?: string;
  /** Why it stays. */
  readonly reason: string;
}

/** The environment of a CRM. */
export interface SandboxCrmContext extends SandboxCrmOptions {
  readonly grants: Grants;
}

/**
 * Adds the pages of a CRM to a scope of another server.
 * @param isRedirectUri the redirect URIs to which these pages send a browser
 */
export type BrowserRoutes = (scope: FastifyInstance, isRedirectUri: (text: string) => boolean) => void;

/** One imitated CRM: its HTTP API on its own server, with a separate data set per account. */
export interface SandboxCrm {
  readonly slug: string;
  /** The product and the version of its API or server that this sandbox answers like. */
  readonly imitates: string;
  /** Where its answers are known to differ from those of a real server. */
  readonly differences?: readonly AcceptedDifference[];
  /** Whether apps are authorized by OAuth. Otherwise, users give an API key. */
  readonly hasOAuth: boolean;
  /** Whether every refresh replaces the refresh token, regardless of the options. */
  readonly rotatesRefreshTokens?: boolean;
  /**
   * Returns credentials that this sandbox accepts for an account (`[a-z0-9-]{1,40}`), in the form of
   * `createConnection`. OAuth CRMs add `refreshToken` and `expiresAt` (ISO 8601).
   * @param grant defaults to the grant that every account has without consent
   */
  credentials(account: string, origin: string, now: number, grant?: Grant): Record<string, string>;
  /**
   * Returns a credential of an account that a person can type in, in the form of `createConnection`. It needs no consent
   * and never expires. Its address is invented: test connections call the sandbox, whatever address they have.
   */
  typedCredential(account: string): Record<string, string>;
  /**
   * Adds the CRM's routes, error handler and not-found handler to its own server. Returns the routes of the pages that
   * users open in a browser, if there are any, so that another server can have them, too.
   */
  register(app: FastifyInstance, context: SandboxCrmContext): BrowserRoutes | undefined;
  /** Answers a request with a fault as this CRM would. Returns false if the server must execute the request instead. */
  speakFault(fault: SpokenFault, request: FastifyRequest, reply: FastifyReply): boolean;
  /** The longest path and query that the server reads, in bytes. Defaults to what usual web servers read. */
  readonly maxUrlBytes?: number;
  /** The page of the network in front of this CRM. Defaults to a usual 502. */
  readonly edgePage?: WireAnswer;
}
