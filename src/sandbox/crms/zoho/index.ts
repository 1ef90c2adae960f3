import type { FastifyInstance } from "fastify";
import type { SandboxCrm, SandboxCrmContext, WireAnswer } from "../../kit/crm.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { credentialOf } from "../../oauth/access.js";
import { oauthCrm } from "../../oauth/oauth-crm.js";
import type { ZohoAccount } from "./account.js";
import { addConvertRoute } from "./convert-route.js";
import { addCoqlRoute } from "./coql-route.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { internalError, invalidToken, invalidUrl, scopeMismatch, tooManyRequests, ZohoError } from "./errors.js";
import { addListRoute } from "./list-routes.js";
import { addOAuthRoutes, OAUTH, THROTTLED } from "./oauth.js";
import { addRecordRoutes } from "./record-routes.js";
import { accountOf } from "./request.js";
import { seededAccount } from "./seeding.js";

const API = "/crm/v8";

const page = (status: number, title: string): WireAnswer => ({
  status,
  body: `<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>ZGS</p></body>\n</html>\n`,
});

/** Zoho CRM's API of version 8 with contacts, leads, meetings and accounts, and the accounts server of one data centre. */
export const zohoSandbox: SandboxCrm = oauthCrm<ZohoAccount>({
  slug: "zoho",
  imitates: "Zoho CRM API v8",
  oauth: OAUTH,
  typedCredential: (account) => ({ accessToken: OAUTH.format.staticToken(account) }),
  addOAuthRoutes,
  credentials: (tokens, origin) => ({ ...tokens, apiDomain: origin }),
  faults: {
    PROVIDER_ERROR: internalError,
    PROVIDER_RATE_LIMITED: tooManyRequests({ "X-API-CREDITS-REMAINING": "0" }),
    PROVIDER_UNAVAILABLE: page(503, "503 Service Temporarily Unavailable"),
    PROVIDER_AUTH_FAILED: scopeMismatch,
    NEEDS_REAUTH: invalidToken,
  },
  tokenFaults: { PROVIDER_ERROR: page(500, "500 Internal Server Error"), PROVIDER_RATE_LIMITED: THROTTLED },
  account: seededAccount,
  api: ({ context, accessOf }) => ({
    failure: (status) => (status < 500 ? new ZohoError(status, "INVALID_DATA", "invalid data") : internalError()),
    notFound: invalidUrl,
    authenticate({ headers: { authorization } }) {
      // Zoho sends the same refusal for an expired and an unknown token.
      const { account } = accessOf(
        credentialOf(authorization, "Zoho-oauthtoken") ?? credentialOf(authorization, "Bearer") ?? "",
      );
      if (!account) throw invalidToken();
      return account;
    },
    // Reads every body as JSON, because the vendor's own client sends no content type.
    bodies: { type: "*", invalid: () => new ZohoError(400, "INVALID_DATA", "body is not a valid JSON") },
    routes(scope) {
      if (context.limits === "enforce") addRequestLimits(scope, context);
      addDirectoryRoutes(scope, API);
      addCoqlRoute(scope, `${API}/coql`);
      addConvertRoute(scope, API);
      addListRoute(scope, `${API}/:module`);
      addRecordRoutes(scope, `${API}/:module`);
    },
  }),
});

/** API credits of the Free edition in 24 hours, and the maximum number of its concurrent calls. */
const CREDITS: RequestLimit = { requests: 5000, perMs: 24 * 60 * 60 * 1000 };
const CONCURRENT = 5;

/**
 * Adds the limits. A header has the remaining credits after half of them are used. Used-up credits and too many
 * concurrent calls get the same refusal.
 */
function addRequestLimits(api: FastifyInstance, context: SandboxCrmContext): void {
  const credits = new RequestLimits(context);
  const inFlight = new Map<string, number>();
  const count = (name: string, change: 1 | -1) => inFlight.set(name, (inFlight.get(name) ?? 0) + change);
  api.addHook("preParsing", async (request, reply) => {
    const { name } = accountOf(request);
    count(name, 1);
    reply.raw.once("close", () => count(name, -1));
    const { remaining, isExceeded } = credits.take(name, CREDITS);
    if (remaining <= CREDITS.requests / 2) void reply.header("X-API-CREDITS-REMAINING", remaining);
    if (isExceeded || inFlight.get(name)! > CONCURRENT) throw tooManyRequests();
  });
}
