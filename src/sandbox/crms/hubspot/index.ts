import type { FastifyInstance, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import type { HubSpotAccount } from "./account.js";
import { addAssociationBatchRoutes } from "./association-batch-routes.js";
import { addAssociationRoutes } from "./association-routes.js";
import { addBatchRoutes } from "./batch-routes.js";
import { issueCredentials, readBearer } from "./credentials.js";
import { addAccountInfoRoutes, addOwnerRoutes, addPipelineRoutes, addPropertyRoutes } from "./directory-routes.js";
import { expiredToken, HubSpotError, invalidToken } from "./errors.js";
import { speakFault } from "./faults.js";
import { addOAuthRoutes } from "./oauth-routes.js";
import { addObjectRoutes } from "./object-routes.js";
import { ACCOUNT, parseJson, setAccount } from "./request.js";
import { RequestLimits } from "./request-limits.js";
import { seededAccount } from "./seeding.js";

/** HubSpot's CRM API, in its path family of v3 and v4, with contacts, leads and meetings. */
export const hubspotSandbox: SandboxCrm = {
  slug: "hubspot",
  hasOAuth: true,
  credentials: (account, _origin, now, grant) => issueCredentials(account, now, grant),
  register,
  speakFault,
};

function register(app: FastifyInstance, context: SandboxCrmContext): void {
  const accounts = new Accounts((name) => seededAccount(name, context));
  const accountNamed = (name: string) => accounts.get(name);
  app.setErrorHandler((error, _request, reply) => {
    const refusal = refusalOf(error);
    return reply.code(refusal.status).send(refusal.body());
  });
  app.setNotFoundHandler((_request, reply) => {
    return reply.code(404).send(new HubSpotError(404, "resource not found").body());
  });
  app.decorateRequest(ACCOUNT);
  app.register(async (oauth) => addOAuthRoutes(oauth, accountNamed, context));
  app.register(async (api) => {
    addAuthentication(api, accountNamed, context);
    addJsonBodies(api);
    addApiRoutes(api);
  });
}

function addApiRoutes(api: FastifyInstance): void {
  addObjectRoutes(api);
  addBatchRoutes(api);
  addAssociationRoutes(api);
  addAssociationBatchRoutes(api);
  addAccountInfoRoutes(api);
  addOwnerRoutes(api);
  addPipelineRoutes(api);
  addPropertyRoutes(api);
}

function addAuthentication(
  api: FastifyInstance,
  accountNamed: (name: string) => HubSpotAccount | null,
  context: SandboxCrmContext,
): void {
  const limits = new RequestLimits(context);
  api.addHook("onRequest", async (request, reply) => {
    const bearer = readBearer(request.headers.authorization, context.grants);
    const account = bearer && accountNamed(bearer.account);
    if (!account) throw invalidToken();
    const now = context.now();
    if (bearer.expiresAt !== null && bearer.expiresAt <= now) throw expiredToken(bearer.expiresAt, now);
    setAccount(request, account);
    if (isSearch(request)) limits.takeSearch(account);
    else limits.take(account, reply, bearer.expiresAt !== null);
  });
}

function addJsonBodies(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser("application/json", { parseAs: "string" }, async (_request: FastifyRequest, text: string) =>
    text === "" ? undefined : parseJson(text),
  );
}

function isSearch(request: FastifyRequest): boolean {
  return request.routeOptions.url?.endsWith("/search") ?? false;
}

function refusalOf(error: unknown): HubSpotError {
  if (error instanceof HubSpotError) return error;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  return status < 500
    ? new HubSpotError(status, (error as Error).message, { category: "VALIDATION_ERROR" })
    : new HubSpotError(500, "internal error");
}
