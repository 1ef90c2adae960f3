import type { FastifyInstance } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { serveApi } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { addAuthorizationServer, sandboxCredentials } from "../../oauth/authorization-server.js";
import { addActivityRoutes } from "./activities.js";
import { callerOf } from "./credentials.js";
import { addDirectoryRoutes, addDirectoryRoutesV2 } from "./directory.js";
import { badRequest, edgePage, internalError, notFound, refusal, unauthorized } from "./errors.js";
import { speakFault } from "./faults.js";
import { addLeadRoutes, addLeadSearchRoute } from "./leads.js";
import { CallLimits } from "./limits.js";
import { OAUTH } from "./oauth.js";
import { addPersonRoutes } from "./persons.js";
import { seededAccount } from "./seeding.js";

export interface PipedriveSandboxSettings {
  /** Whether the companies have contact sync, without which people have no job title, address and notes. */
  contactSync?: boolean;
}

/** Pipedrive's API in its two versions: people, organizations and activities in v2, leads and directories in v1. */
export function createPipedriveSandbox({ contactSync = true }: PipedriveSandboxSettings = {}): SandboxCrm {
  return {
    slug: "pipedrive",
    hasOAuth: true,
    rotatesRefreshTokens: true,
    credentials: (account, origin, now, grant) => ({
      ...sandboxCredentials(OAUTH, account, now, grant),
      apiDomain: origin,
    }),
    register: (app, context) => register(app, context, contactSync),
    speakFault,
    // Whoever is taken for an abuser is not told so in JSON.
    edgePage: edgePage(403, "Error 1015: You are being rate limited"),
  };
}

export const pipedriveSandbox: SandboxCrm = createPipedriveSandbox();

function register(app: FastifyInstance, context: SandboxCrmContext, contactSync: boolean): void {
  const { now, indexLagMs, grants } = context;
  const accounts = new Accounts((name) => seededAccount(name, { now, indexLagMs, contactSync }));
  const limits = new CallLimits(context);
  app.register(async (oauth) => addAuthorizationServer(oauth, OAUTH, context));
  serveApi(app, {
    failure(status, message) {
      if (status >= 500) return internalError();
      return status === 400 ? badRequest(message) : refusal(status, message);
    },
    notFound: ({ headers }) => (callerOf(headers, grants, now()) ? notFound("method") : unauthorized()),
    authenticate(request, reply) {
      const caller = callerOf(request.headers, grants, now());
      const account = caller && accounts.get(caller.account);
      if (!caller || !account) throw unauthorized();
      limits.take(caller, request, reply);
      return account;
    },
    routes(api) {
      for (const prefix of ["/v1", "/api/v1"]) {
        api.register(async (v1) => (addLeadRoutes(v1), addDirectoryRoutes(v1)), { prefix });
      }
      api.register(async (v2) => addRoutesV2(v2), { prefix: "/api/v2" });
    },
  });
}

function addRoutesV2(api: FastifyInstance): void {
  addPersonRoutes(api);
  addActivityRoutes(api);
  addLeadSearchRoute(api);
  addDirectoryRoutesV2(api);
}
