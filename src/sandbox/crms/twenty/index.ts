import type { FastifyInstance } from "fastify";
import { ACCOUNT_NAME, Accounts } from "../../kit/accounts.js";
import { serveApi } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { faultSpeaker } from "../../kit/faults.js";
import { Refusal } from "../../kit/refusal.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { pathOf } from "../../kit/request.js";
import { errorPage } from "../../kit/wire.js";
import { differences } from "./differences.js";
import { badRequest, internalError, missingToken } from "./errors.js";
import { addMetadataRoutes } from "./metadata-routes.js";
import { addRecordRoutes } from "./record-routes.js";
import { seededWorkspace } from "./seeding.js";
import { TWENTY_0_53, TWENTY_2_21, versionOf, type TwentyVersion } from "./version.js";

const KEY_PREFIX = "twenty-sandbox-";
const KEY = new RegExp(`^Bearer ${KEY_PREFIX}(${ACCOUNT_NAME})$`, "i");
/** The documented limit, a bucket of tokens. No header has the remaining number. */
const REQUESTS: RequestLimit = { requests: 100, perMs: 60_000, isBucket: true };

/** The REST API of a Twenty server of May 2025. Every account is a workspace. */
export const twentySandbox = twentySandboxOf(TWENTY_0_53);

/** The REST API of a Twenty server of July 2026, with a workspace that was made with it. */
export const twenty2Sandbox = twentySandboxOf(TWENTY_2_21);

function twentySandboxOf(version: TwentyVersion): SandboxCrm {
  const { refusals } = version;
  return {
    slug: "twenty",
    imitates: `Twenty ${version.name}`,
    differences,
    hasOAuth: false,
    credentials: (account, origin) => ({ url: origin, apiKey: `${KEY_PREFIX}${account}` }),
    typedCredential: (account) => ({ url: "https://twenty.example", apiKey: `${KEY_PREFIX}${account}` }),
    register: (app, context) => register(app, context, version),
    // API keys are the only credentials, so there are no token endpoints.
    speakFault: faultSpeaker({
      PROVIDER_ERROR: internalError,
      PROVIDER_RATE_LIMITED: refusals.limitReached,
      PROVIDER_UNAVAILABLE: errorPage("503 Service Temporarily Unavailable"),
      PROVIDER_AUTH_FAILED: refusals.noPermission,
      NEEDS_REAUTH: refusals.badToken,
    }),
  };
}

function register(app: FastifyInstance, context: SandboxCrmContext, version: TwentyVersion): undefined {
  const { refusals } = version;
  const accounts = new Accounts((name) => ({
    name,
    workspace: seededWorkspace(name, context.now, versionOf(name, version)),
  }));
  const limits = new RequestLimits(context);
  serveApi(app, {
    failure: (status, message) => (status < 500 ? badRequest(message) : internalError()),
    bodies: { invalid: refusals.malformed },
    notFound(request) {
      const message = `Cannot ${request.method} ${pathOf(request)}`;
      return new Refusal(404, { message, error: "Not Found", statusCode: 404 });
    },
    authenticate({ headers: { authorization } }) {
      if (!authorization) throw missingToken();
      const account = accounts.get(KEY.exec(authorization)?.[1] ?? "");
      if (!account) throw refusals.badToken();
      if (limits.take(account.name, REQUESTS).isExceeded) throw refusals.limitReached();
      return account.workspace;
    },
    routes(api) {
      addMetadataRoutes(api);
      addRecordRoutes(api);
    },
  });
}
