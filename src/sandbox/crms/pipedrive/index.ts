import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Api } from "../../kit/api.js";
import { isNarrow } from "../../kit/account-kinds.js";
import type { SandboxCrm } from "../../kit/crm.js";
import { credentialOf } from "../../oauth/access.js";
import { oauthCrm, type Serving } from "../../oauth/oauth-crm.js";
import type { PipedriveAccount } from "./account.js";
import { addActivityRoutes } from "./activities.js";
import { addDirectoryRoutes, addDirectoryRoutesV2 } from "./directory.js";
import * as errors from "./errors.js";
import { addLeadRoutes, addLeadSearchRoute } from "./leads.js";
import { BURST, CallLimits, type Caller } from "./limits.js";
import { OAUTH } from "./oauth.js";
import { addPersonRoutes } from "./persons.js";
import { seededAccount } from "./seeding.js";

export interface PipedriveSandboxSettings {
  /** Whether the companies use contact sync. Without it, people have no job title, address and notes. */
  contactSync?: boolean;
}

/** Pipedrive's API in two versions: people, organizations and activities in v2, leads and directories in v1. */
export function createPipedriveSandbox({ contactSync = true }: PipedriveSandboxSettings = {}): SandboxCrm {
  return oauthCrm({
    slug: "pipedrive",
    imitates: "Pipedrive API v2, leads and users v1",
    rotatesRefreshTokens: true,
    oauth: OAUTH,
    typedCredential: (account) => ({ apiToken: OAUTH.format.staticToken(account) }),
    credentials: (tokens, origin) => ({ ...tokens, apiDomain: origin }),
    faults: {
      PROVIDER_ERROR: errors.internalError,
      PROVIDER_RATE_LIMITED: errors.limitReached({
        "x-ratelimit-limit": String(BURST.oauth),
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "2",
      }),
      PROVIDER_UNAVAILABLE: errors.edgePage(503, "503 Service Temporarily Unavailable"),
      PROVIDER_AUTH_FAILED: errors.scopeMismatch,
      NEEDS_REAUTH: errors.unauthorized,
    },
    tokenFaults: {
      PROVIDER_ERROR: {
        status: 500,
        body: { success: false, message: "Internal server error", error: "server_error" },
      },
      PROVIDER_UNAVAILABLE: errors.edgePage(502, "502 Bad Gateway"),
    },
    // After too many calls, the answer is a page and not JSON.
    edgePage: errors.edgePage(403, "Error 1015: You are being rate limited"),
    account: (name, { now, indexLagMs }) =>
      seededAccount(name, { now, indexLagMs, contactSync: contactSync && !isNarrow(name) }),
    api,
  });
}

export const pipedriveSandbox: SandboxCrm = createPipedriveSandbox();

function api({ context, accessOf }: Serving<PipedriveAccount>): Api<PipedriveAccount> {
  const limits = new CallLimits(context);
  /** Finds the caller. Pipedrive sends the same refusal for expired, revoked and unknown tokens. */
  function callerOf({ headers }: FastifyRequest): Caller | null {
    const apiToken = headers["x-api-token"];
    const isApiToken = typeof apiToken === "string" && apiToken !== "";
    const token = (isApiToken ? apiToken : credentialOf(headers.authorization, "Bearer")) ?? "";
    const { account, expiresAt } = accessOf(token);
    // Refuses an API token that is sent as an access token, and the reverse. Only API tokens never expire.
    return account && (expiresAt === null) === isApiToken ? { account, token, isApiToken } : null;
  }
  return {
    failure(status, message) {
      if (status >= 500) return errors.internalError();
      return status === 400 ? errors.badRequest(message) : errors.refusal(status, message);
    },
    notFound: (request) => (callerOf(request) ? errors.notFound("method") : errors.unauthorized()),
    authenticate(request, reply) {
      const caller = callerOf(request);
      if (!caller) throw errors.unauthorized();
      limits.take(caller, request, reply);
      return caller.account;
    },
    routes(scope) {
      for (const prefix of ["/v1", "/api/v1"]) {
        scope.register(async (v1) => (addLeadRoutes(v1), addDirectoryRoutes(v1)), { prefix });
      }
      scope.register(async (v2) => addRoutesV2(v2), { prefix: "/api/v2" });
    },
  };
}

function addRoutesV2(api: FastifyInstance): void {
  addPersonRoutes(api);
  addActivityRoutes(api);
  addLeadSearchRoute(api);
  addDirectoryRoutesV2(api);
}
