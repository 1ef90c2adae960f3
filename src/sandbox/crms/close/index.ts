import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Api } from "../../kit/api.js";
import type { SandboxCrm } from "../../kit/crm.js";
import { Refusal } from "../../kit/refusal.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { errorPage } from "../../kit/wire.js";
import { basicOf, credentialOf } from "../../oauth/access.js";
import { oauthCrm, type Serving } from "../../oauth/oauth-crm.js";
import type { CloseAccount } from "./account.js";
import { addCalendarSync } from "./calendar-sync.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { badRequestAsAWhole, forbidden, methodNotAllowed, rateLimited, refusal, unauthorized } from "./errors.js";
import { OAUTH } from "./oauth.js";
import { addRecordRoutes } from "./record-routes.js";
import { seededAccount } from "./seeding.js";

export { apiKeyOf } from "./oauth.js";

/**
 * Close's REST API for contacts, leads and meetings, with Advanced Filtering. Accepts API keys
 * (`api_sandbox-<account>`) and tokens.
 */
export const closeSandbox: SandboxCrm = oauthCrm({
  slug: "close",
  imitates: "Close REST API v1",
  rotatesRefreshTokens: true,
  oauth: OAUTH,
  typedCredential: (account) => ({ apiKey: OAUTH.format.staticToken(account) }),
  faults: {
    PROVIDER_ERROR: refusal(500, "Internal Server Error"),
    PROVIDER_RATE_LIMITED: rateLimited(16, 0.75),
    PROVIDER_UNAVAILABLE: errorPage("503 Service Temporarily Unavailable"),
    PROVIDER_AUTH_FAILED: forbidden,
    NEEDS_REAUTH: unauthorized,
  },
  account: seededAccount,
  api,
});

const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;

/** Limits that were seen in Close's answers. Close publishes no limits, and also has others. */
const SEARCHES: RequestLimit = { requests: 16, perMs: 1_000 };
const OTHERS: RequestLimit = { requests: 160, perMs: 8_000 };
/** The limit of an organization is this many times the limit of one key. */
const KEYS_PER_ORGANIZATION = 3;

function api({ context, accessOf }: Serving<CloseAccount>): Api<CloseAccount> {
  const limits = new RequestLimits(context);
  return {
    failure(status) {
      if (status === 400) return badRequestAsAWhole("The request body is not valid JSON.");
      if (status === 415) return refusal(415, "The request used an unsupported format.");
      return refusal(status, status < 500 ? "Bad Request" : "Internal Server Error");
    },
    notFound: ({ server, url }) => unknownPath(server, url),
    authenticate(request, reply) {
      const { authorization } = request.headers;
      const basic = basicOf(authorization);
      const credential = (basic?.password === "" ? basic.user : credentialOf(authorization, "Bearer")) ?? "";
      const { account, expiresAt } = accessOf(credential);
      // Refuses an API key that is sent as a token, and a token that is sent as an API key. Only API keys never expire.
      if (!account || (expiresAt === null) !== (basic !== null)) throw unauthorized();
      countRequest(limits, request, reply, { credential, organization: account.organizationId });
      return account;
    },
    routes(scope) {
      addRecordRoutes(scope);
      addDirectoryRoutes(scope);
      addCalendarSync(scope);
    },
  };
}

/** Counts a request by endpoint group. The answer states the limit that is nearest to its end. @throws Refusal */
function countRequest(
  limits: RequestLimits,
  request: FastifyRequest,
  reply: FastifyReply,
  who: { credential: string; organization: string },
): void {
  const group = `${request.method} ${request.routeOptions.url ?? ""}`;
  const { requests, perMs } = group.endsWith("/search/") ? SEARCHES : OTHERS;
  const uses = [
    limits.take(`${who.credential} ${group}`, { requests, perMs }),
    limits.take(`${who.organization} ${group}`, { requests: requests * KEYS_PER_ORGANIZATION, perMs }),
  ];
  const { max, remaining, resetsInMs } = uses.toSorted((one, other) => one.remaining - other.remaining)[0]!;
  const reset = resetsInMs / 1000;
  void reply.header("ratelimit", `limit=${max}, remaining=${remaining}, reset=${reset}`);
  if (uses.some(({ isExceeded }) => isExceeded)) throw rateLimited(max, reset);
}

/**
 * Makes the answer to an unknown path. Every path of Close ends with a slash, and a known path without the slash
 * redirects.
 */
function unknownPath(app: FastifyInstance, url: string): Refusal {
  const [path = "", query] = url.split("?");
  const isKnown = (url: string) => METHODS.some((method) => app.findRoute({ url: patternOf(url), method }) !== null);
  if (!path.endsWith("/") && isKnown(`${path}/`)) {
    return new Refusal(301, "", { location: `${path}/${query === undefined ? "" : `?${query}`}` });
  }
  return isKnown(path) ? methodNotAllowed() : refusal(404, "Not Found");
}

function patternOf(path: string): string {
  return path.replace(/(?<=\/)(?:cont|lead|acti|user)_\w+(?=\/)/, ":id");
}
