import type { FastifyInstance } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { accessOf, credentialOf } from "../../oauth/access.js";
import { sandboxCredentials } from "../../oauth/authorization-server.js";
import type { ZohoAccount } from "./account.js";
import { addConvertRoute } from "./convert-route.js";
import { addCoqlRoute } from "./coql-route.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { internalError, invalidToken, invalidUrl, RecordFault, ZohoError } from "./errors.js";
import { speakFault } from "./faults.js";
import { addListRoute } from "./list-routes.js";
import { addOAuthRoutes, OAUTH } from "./oauth.js";
import { addRecordRoutes } from "./record-routes.js";
import { ACCOUNT } from "./request.js";
import { addRequestLimits } from "./request-limits.js";
import { addSearchRoute } from "./search-route.js";
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

function register(app: FastifyInstance, context: SandboxCrmContext): void {
  const accounts = new Accounts<ZohoAccount>((name) => seededAccount(name, context));
  app.setErrorHandler((error, _request, reply) => {
    const { httpStatus, fault } = refusalOf(error);
    return reply.code(httpStatus).send(fault);
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(invalidUrl().fault));
  app.decorateRequest(ACCOUNT);
  app.register(async (oauth) => addOAuthRoutes(oauth, context));
  app.register(async (api) => {
    addAuthentication(api, accounts, context);
    addRequestLimits(api, context);
    addJsonBodies(api);
    addDirectoryRoutes(api, API);
    addCoqlRoute(api, `${API}/coql`);
    addConvertRoute(api, API);
    addSearchRoute(api, `${API}/:module/search`);
    addListRoute(api, `${API}/:module`);
    addRecordRoutes(api, `${API}/:module`);
  });
}

function addAuthentication(
  api: FastifyInstance,
  accounts: Accounts<ZohoAccount>,
  { grants, now }: SandboxCrmContext,
): void {
  api.addHook("onRequest", async (request) => {
    const { authorization } = request.headers;
    const token = credentialOf(authorization, "Zoho-oauthtoken") ?? credentialOf(authorization, "Bearer") ?? "";
    // Of a token that has expired Zoho says the same as of one that it does not know.
    const access = accessOf(token, { format: OAUTH.format, grants, now: now() });
    const account = access.state === "OPEN" ? accounts.get(access.account) : null;
    if (!account) throw invalidToken();
    request.setDecorator(ACCOUNT, account);
  });
}

/** The body is JSON whatever its type is said to be: the vendor's own client says nothing. */
function addJsonBodies(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser("*", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") return done(null, undefined);
    try {
      return done(null, JSON.parse(String(text)));
    } catch {
      return done(new ZohoError(400, "INVALID_DATA", "body is not a valid JSON"));
    }
  });
}

function refusalOf(error: unknown): ZohoError {
  if (error instanceof ZohoError) return error;
  if (error instanceof RecordFault) return new ZohoError(400, error.fault.code, error.message, error.fault.details);
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  return status < 500 ? new ZohoError(status, "INVALID_DATA", "invalid data") : internalError();
}
