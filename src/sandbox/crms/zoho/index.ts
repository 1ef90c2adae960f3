import type { FastifyInstance } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { serveApi } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { accessOf, credentialOf } from "../../oauth/access.js";
import { sandboxCredentials } from "../../oauth/authorization-server.js";
import { addConvertRoute } from "./convert-route.js";
import { addCoqlRoute } from "./coql-route.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { internalError, invalidToken, invalidUrl, tooManyRequests, ZohoError } from "./errors.js";
import { speakFault } from "./faults.js";
import { addListRoute } from "./list-routes.js";
import { addOAuthRoutes, OAUTH } from "./oauth.js";
import { addRecordRoutes } from "./record-routes.js";
import { accountOf } from "./request.js";
import { seededAccount } from "./seeding.js";

const API = "/crm/v8";

/** Zoho CRM's API of version 8 with contacts, leads, meetings and accounts, and the accounts server of one data centre. */
export const zohoSandbox: SandboxCrm = {
  slug: "zoho",
  hasOAuth: true,
  credentials: (account, origin, now, grant) => ({
    ...sandboxCredentials(OAUTH, account, now, grant),
    apiDomain: origin,
  }),
  register,
  speakFault,
};

/** API credits of the Free edition in 24 hours, and calls that it carries out at once. */
const CREDITS: RequestLimit = { requests: 5000, perMs: 24 * 60 * 60 * 1000 };
const CONCURRENT = 5;

function register(app: FastifyInstance, context: SandboxCrmContext): void {
  const { grants, now } = context;
  const accounts = new Accounts((name) => seededAccount(name, context));
  app.register(async (oauth) => addOAuthRoutes(oauth, context));
  serveApi(app, {
    failure: (status) => (status < 500 ? new ZohoError(status, "INVALID_DATA", "invalid data") : internalError()),
    notFound: invalidUrl,
    authenticate({ headers: { authorization } }) {
      const token = credentialOf(authorization, "Zoho-oauthtoken") ?? credentialOf(authorization, "Bearer") ?? "";
      // Of a token that has expired Zoho says the same as of one that it does not know.
      const access = accessOf(token, { format: OAUTH.format, grants, now: now() });
      const account = access.state === "OPEN" ? accounts.get(access.account) : null;
      if (!account) throw invalidToken();
      return account;
    },
    // The body is JSON whatever its type is said to be: the vendor's own client says nothing.
    bodies: { type: "*", invalid: () => new ZohoError(400, "INVALID_DATA", "body is not a valid JSON") },
    routes(api) {
      if (context.limits === "enforce") addRequestLimits(api, context);
      addDirectoryRoutes(api, API);
      addCoqlRoute(api, `${API}/coql`);
      addConvertRoute(api, API);
      addListRoute(api, `${API}/:module`);
      addRecordRoutes(api, `${API}/:module`);
    },
  });
}

/** Credits are told once half of them is used; that they are used up, and that too many calls run at once, sounds alike. */
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
