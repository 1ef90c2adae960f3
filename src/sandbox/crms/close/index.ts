import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { serveApi } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { Refusal } from "../../kit/refusal.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { accessOf, basicOf, credentialOf } from "../../oauth/access.js";
import { addAuthorizationServer, sandboxCredentials } from "../../oauth/authorization-server.js";
import type { CloseAccount } from "./account.js";
import { addCalendarSync } from "./calendar-sync.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { badRequestAsAWhole, methodNotAllowed, rateLimited, refusal, unauthorized } from "./errors.js";
import { speakFault } from "./faults.js";
import { addMeetingRoutes } from "./meeting-routes.js";
import { CREDENTIALS, oauthSettings, TOKENS } from "./oauth.js";
import { addRecordRoutes } from "./record-routes.js";
import { seededAccount } from "./seeding.js";

export { apiKeyOf } from "./oauth.js";

/**
 * Close's REST API, as far as contacts, leads and meetings go, with Advanced Filtering. API keys (`api_sandbox-<account>`)
 * open an account as well as tokens do.
 */
export const closeSandbox: SandboxCrm = {
  slug: "close",
  hasOAuth: true,
  rotatesRefreshTokens: true,
  credentials: (account, _origin, now, grant) => sandboxCredentials(CREDENTIALS, account, now, grant),
  register,
  speakFault,
};

const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;

/** The limits that have been seen; Close publishes none, and has others besides. */
const SEARCHES: RequestLimit = { requests: 16, perMs: 1_000 };
const OTHERS: RequestLimit = { requests: 160, perMs: 8_000 };
/** An organization may do so many times what one of its keys may. */
const KEYS_PER_ORGANIZATION = 3;

function register(app: FastifyInstance, context: SandboxCrmContext): void {
  const accounts = new Accounts((name) => seededAccount(name, context));
  const limits = new RequestLimits(context);
  const settings = oauthSettings((name) => accounts.get(name)!);
  app.register(async (oauth) => addAuthorizationServer(oauth, settings, context));
  serveApi(app, {
    failure(status) {
      if (status === 400) return badRequestAsAWhole("The request body is not valid JSON.");
      if (status === 415) return refusal(415, "The request used an unsupported format.");
      return refusal(status, status < 500 ? "Bad Request" : "Internal Server Error");
    },
    notFound: (request) => unknownPath(app, request),
    authenticate(request, reply) {
      const { account, credential } = callerOf(request, accounts, context);
      countRequest(limits, request, reply, { credential, organization: account.organizationId });
      return account;
    },
    routes(api) {
      api.removeContentTypeParser("text/plain");
      addRecordRoutes(api);
      addMeetingRoutes(api);
      addDirectoryRoutes(api);
      addCalendarSync(api);
    },
  });
}

/** Whose a call is: by API key as the user name of Basic authentication, or by Bearer token. @throws Refusal */
function callerOf(
  { headers: { authorization } }: FastifyRequest,
  accounts: Accounts<CloseAccount>,
  { grants, now }: SandboxCrmContext,
): { account: CloseAccount; credential: string } {
  const basic = basicOf(authorization);
  const credential = basic ? (basic.password === "" ? basic.user : "") : (credentialOf(authorization, "Bearer") ?? "");
  const access = accessOf(credential, { format: TOKENS, grants, now: now() });
  // An API key is no token, nor the other way round.
  const isOpen = access.state === "OPEN" && access.expires === (basic === null);
  const account = isOpen ? accounts.get(access.account) : null;
  if (!account) throw unauthorized();
  return { account, credential };
}

/** Counts a request, by endpoint group, and states in its answer the limit that is closest. @throws Refusal */
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

/** Every path ends with a slash: without it, the caller is sent to where it has one. */
function unknownPath(app: FastifyInstance, request: FastifyRequest): Refusal {
  const [path = "", query] = request.url.split("?");
  const isKnown = (url: string) => METHODS.some((method) => app.findRoute({ url: patternOf(url), method }) !== null);
  if (!path.endsWith("/") && isKnown(`${path}/`)) {
    return new Refusal(301, "", { location: `${path}/${query === undefined ? "" : `?${query}`}` });
  }
  return isKnown(path) ? methodNotAllowed() : refusal(404, "Not Found");
}

function patternOf(path: string): string {
  return path.replace(/(?<=\/)(?:cont|lead|acti|user)_\w+(?=\/)/, ":id");
}
