import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { serveApi } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { addAuthorizationServer, sandboxCredentials } from "../../oauth/authorization-server.js";
import { addAssociationRoutes } from "./association-routes.js";
import { addBatchRoutes } from "./batch-routes.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { BURST, burstHeaders, expiredToken, HubSpotError, invalidToken, rateLimited } from "./errors.js";
import { speakFault } from "./faults.js";
import { CREDENTIALS, oauthSettings, TOKENS } from "./oauth.js";
import { addObjectRoutes } from "./object-routes.js";
import { JSON_BODIES } from "./request.js";
import { seededAccount } from "./seeding.js";

const SEARCHES: RequestLimit = { requests: 5, perMs: 1_000 };
const DAILY: RequestLimit = { requests: 250_000, perMs: 86_400_000 };

/** HubSpot's CRM API, in its path family of v3 and v4, with contacts, leads and meetings. */
export const hubspotSandbox: SandboxCrm = {
  slug: "hubspot",
  hasOAuth: true,
  credentials: (account, _origin, now, grant) => sandboxCredentials(CREDENTIALS, account, now, grant),
  register,
  speakFault,
};

function register(app: FastifyInstance, context: SandboxCrmContext): void {
  const { grants, now } = context;
  const accounts = new Accounts((name) => seededAccount(name, context));
  const limits = new RequestLimits(context);
  const settings = oauthSettings((name) => accounts.get(name)!);
  app.register(async (oauth) => addAuthorizationServer(oauth, settings, context));
  serveApi(app, {
    failure: (status, message) =>
      status < 500
        ? new HubSpotError(status, message, { category: "VALIDATION_ERROR" })
        : new HubSpotError(500, "internal error"),
    notFound: () => new HubSpotError(404, "resource not found"),
    authenticate(request, reply) {
      const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
      const shown = TOKENS.readAccessToken(token);
      const account = shown && grants.opens(token, shown) ? accounts.get(shown.account) : null;
      if (!shown || !account) throw invalidToken();
      const { expiresAt } = shown;
      if (expiresAt !== null && expiresAt <= now()) throw expiredToken(expiresAt, now());
      if (isSearch(request)) countSearch(limits, account.name);
      else countRequest(limits, account.name, reply, expiresAt !== null);
      return account;
    },
    bodies: JSON_BODIES,
    routes(api) {
      addObjectRoutes(api);
      addBatchRoutes(api);
      addAssociationRoutes(api);
      addDirectoryRoutes(api);
    },
  });
}

function isSearch(request: FastifyRequest): boolean {
  return request.routeOptions.url?.endsWith("/search") ?? false;
}

/** Search has a budget of its own and reports nothing of it. */
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
