import type { FastifyReply, FastifyRequest } from "fastify";
import type { SandboxCrm } from "../../kit/crm.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { errorPage } from "../../kit/wire.js";
import { credentialOf } from "../../oauth/access.js";
import { oauthCrm } from "../../oauth/oauth-crm.js";
import type { HubSpotAccount } from "./account.js";
import { API_VERSIONS } from "./api-version.js";
import { addAssociationRoutes } from "./association-routes.js";
import { addBatchRoutes } from "./batch-routes.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { BURST, burstHeaders, expiredToken, HubSpotError, invalidToken, missingScopes, rateLimited } from "./errors.js";
import { OAUTH } from "./oauth.js";
import { addObjectRoutes } from "./object-routes.js";
import { JSON_BODIES } from "./request.js";
import { seededAccount } from "./seeding.js";

const SEARCHES: RequestLimit = { requests: 5, perMs: 1_000 };
const DAILY: RequestLimit = { requests: 250_000, perMs: 86_400_000 };

const internalError = () => new HubSpotError(500, "internal error");

/**
 * HubSpot's CRM API with contacts, leads and meetings, in the versions 2026-09, 2026-03, and v3 with v4. In accounts whose
 * name begins with `ruled`, an administrator has set rules, which writes in 2026-09 must keep to.
 */
export const hubspotSandbox: SandboxCrm = oauthCrm<HubSpotAccount>({
  slug: "hubspot",
  oauth: OAUTH,
  typedCredential: (account) => ({ accessToken: OAUTH.format.staticToken(account) }),
  // Every answer has its own id, so most answers are made for each request.
  faults: {
    PROVIDER_ERROR: internalError,
    PROVIDER_RATE_LIMITED: () => rateLimited("TEN_SECONDLY_ROLLING"),
    PROVIDER_UNAVAILABLE: errorPage("503 Service Temporarily Unavailable", "cloudflare"),
    PROVIDER_AUTH_FAILED: () => missingScopes(["crm.objects.contacts.read"]),
    // HubSpot has sent an expiry in 1970 for unknown tokens, so callers must not rely on the date.
    NEEDS_REAUTH: () => expiredToken(0, Date.now()),
  },
  // The API answers this fault in JSON. The token endpoint answers with a page, the other form that callers see.
  tokenFaults: { PROVIDER_ERROR: errorPage("500 Internal Server Error", "cloudflare") },
  account: seededAccount,
  api({ context, accessOf }) {
    const limits = new RequestLimits(context);
    return {
      failure: (status, message) =>
        status < 500 ? new HubSpotError(status, message, { category: "VALIDATION_ERROR" }) : internalError(),
      notFound: () => new HubSpotError(404, "resource not found"),
      authenticate(request, reply) {
        const access = accessOf(credentialOf(request.headers.authorization, "Bearer") ?? "");
        if (access.state === "EXPIRED") throw expiredToken(access.expiresAt, context.now());
        if (access.state === "UNKNOWN") throw invalidToken();
        if (isSearch(request)) countSearch(limits, access.account.name);
        else countRequest(limits, access.account.name, reply, access.expiresAt !== null);
        return access.account;
      },
      bodies: JSON_BODIES,
      routes(scope) {
        for (const version of API_VERSIONS) {
          addObjectRoutes(scope, version);
          addBatchRoutes(scope, version);
          addAssociationRoutes(scope, version);
          addDirectoryRoutes(scope, version);
        }
      },
    };
  },
});

function isSearch(request: FastifyRequest): boolean {
  return request.routeOptions.url?.endsWith("/search") ?? false;
}

/** Counts a search. Searches have a separate limit, which no header reports. */
function countSearch(limits: RequestLimits, account: string): void {
  if (limits.take(`${account} search`, SEARCHES).isExceeded) throw rateLimited("SECONDLY");
}

function countRequest(limits: RequestLimits, account: string, reply: FastifyReply, isOAuth: boolean): void {
  const daily = limits.take(`${account} daily`, DAILY);
  const burst = limits.take(`${account} burst`, BURST);
  void reply.headers(burstHeaders(burst));
  if (!isOAuth) {
    void reply.headers({
      "X-HubSpot-RateLimit-Daily": daily.max,
      "X-HubSpot-RateLimit-Daily-Remaining": daily.remaining,
    });
  }
  if (daily.isExceeded) throw rateLimited("DAILY");
  if (burst.isExceeded) throw rateLimited("TEN_SECONDLY_ROLLING");
}
