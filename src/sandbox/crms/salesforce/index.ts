import type { FastifyReply } from "fastify";
import type { Api } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { pathOf } from "../../kit/request.js";
import { oauthCrm, type Serving } from "../../oauth/oauth-crm.js";
import { createAccount, type SalesforceAccount } from "./account.js";
import { failure, notFound, requestLimitExceeded, sessionInvalid, unknownException } from "./errors.js";
import { addOAuthRoutes, DEAD_TOKEN, OAUTH, REVOCATION_PATH } from "./oauth.js";
import { addCollectionRoutes } from "./routes/collections.js";
import { addMetadataRoutes } from "./routes/metadata.js";
import { addQueryRoutes } from "./routes/queries.js";
import { addRecordRoutes } from "./routes/records.js";

export interface SalesforceSandboxSettings {
  /** Maximum number of calls per account in 24 hours. Defaults to the limit of a Developer Edition org. */
  dailyRequests?: number;
}

/** Salesforce's REST API in versions 59 to 68, for orgs with Shared Activities and a duplicate rule for contacts. */
export function createSalesforceSandbox({ dailyRequests = 15_000 }: SalesforceSandboxSettings = {}): SandboxCrm {
  return oauthCrm({
    slug: "salesforce",
    imitates: "Salesforce REST API v59 to v68",
    maxUrlBytes: 16_384,
    oauth: OAUTH,
    typedCredential: (account) => ({
      accessToken: OAUTH.format.staticToken(account),
      instanceUrl: "https://salesforce.example",
    }),
    addOAuthRoutes,
    credentials: ({ accessToken, refreshToken }, origin) => ({
      accessToken: accessToken!,
      instanceUrl: origin,
      refreshToken: refreshToken!,
    }),
    faults: {
      PROVIDER_ERROR: unknownException,
      PROVIDER_RATE_LIMITED: requestLimitExceeded,
      PROVIDER_UNAVAILABLE: failure(503, "SERVER_UNAVAILABLE", "We are down for maintenance."),
      PROVIDER_AUTH_FAILED: failure(403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization."),
      NEEDS_REAUTH: sessionInvalid,
    },
    tokenFaults: {
      NEEDS_REAUTH: (request) => (pathOf(request) === REVOCATION_PATH ? DEAD_TOKEN : OAUTH.refusals.REFRESH_TOKEN),
    },
    account: (name, { now }) => createAccount(name, now, dailyRequests),
    api,
  });
}

export const salesforceSandbox: SandboxCrm = createSalesforceSandbox();

function api({ context, accessOf }: Serving<SalesforceAccount>): Api<SalesforceAccount> {
  return {
    failure: refusalOf,
    notFound,
    authenticate({ headers: { authorization } }, reply) {
      if (authorization === undefined) throw sessionInvalid();
      const token = /^(?:Bearer|OAuth) +(\S+)$/i.exec(authorization)?.[1];
      if (token === undefined) throw failure(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE");
      const { account } = accessOf(token);
      if (!account) throw sessionInvalid();
      countRequest(account, context, reply);
      return account;
    },
    routes(scope) {
      addMetadataRoutes(scope);
      addRecordRoutes(scope);
      addCollectionRoutes(scope);
      addQueryRoutes(scope);
    },
  };
}

function countRequest({ usage }: SalesforceAccount, { limits, now }: SandboxCrmContext, reply: FastifyReply): void {
  const at = now();
  const refused = limits === "enforce" && usage.used(at) >= usage.max;
  if (!refused) usage.count(at);
  void reply.header("Sforce-Limit-Info", `api-usage=${usage.used(at)}/${usage.max}`);
  if (refused) throw requestLimitExceeded();
}

/** Makes the answer to a request that the server could not read. */
function refusalOf(status: number, message: string) {
  if (status === 400) return failure(400, "JSON_PARSER_ERROR", message);
  if (status === 413) return failure(413, "REQUEST_TOO_LARGE", "Request entity is too large");
  if (status === 415) return failure(415, "UNSUPPORTED_MEDIA_TYPE", "Content type is not supported");
  return unknownException();
}
