import type { FastifyInstance, FastifyReply } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { serveApi } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { accessOf } from "../../oauth/access.js";
import { sandboxCredentials } from "../../oauth/authorization-server.js";
import { createAccount, type SalesforceAccount } from "./account.js";
import { failure, notFound, requestLimitExceeded, sessionInvalid, unknownException } from "./errors.js";
import { speakFault } from "./faults.js";
import { addOAuthRoutes, CREDENTIALS, TOKENS } from "./oauth.js";
import { addCollectionRoutes } from "./routes/collections.js";
import { addMetadataRoutes } from "./routes/metadata.js";
import { addQueryRoutes } from "./routes/queries.js";
import { addRecordRoutes } from "./routes/records.js";

export interface SalesforceSandboxSettings {
  /** Calls per account in 24 hours; the default is what a Developer Edition org may make. */
  dailyRequests?: number;
}

/** Salesforce's REST API in versions 59 to 68, over orgs with Shared Activities and a duplicate rule for contacts. */
export function createSalesforceSandbox({ dailyRequests = 15_000 }: SalesforceSandboxSettings = {}): SandboxCrm {
  return {
    slug: "salesforce",
    hasOAuth: true,
    credentials(account, origin, now, grant) {
      const { accessToken, refreshToken } = sandboxCredentials(CREDENTIALS, account, now, grant);
      return { accessToken: accessToken!, instanceUrl: origin, refreshToken: refreshToken! };
    },
    register: (app, context) => register(app, context, dailyRequests),
    speakFault,
  };
}

export const salesforceSandbox: SandboxCrm = createSalesforceSandbox();

function register(app: FastifyInstance, context: SandboxCrmContext, dailyRequests: number): void {
  const accounts = new Accounts((name) => createAccount(name, context.now, dailyRequests));
  app.register(async (oauth) => addOAuthRoutes(oauth, accounts, context));
  serveApi(app, {
    failure: refusalOf,
    notFound,
    authenticate(request, reply) {
      const account = accountOf(request.headers.authorization, accounts, context);
      countRequest(account, context, reply);
      return account;
    },
    bodies: { type: "application/json", invalid: (message) => failure(400, "JSON_PARSER_ERROR", message) },
    routes(api) {
      addMetadataRoutes(api);
      addRecordRoutes(api);
      addCollectionRoutes(api);
      addQueryRoutes(api);
    },
  });
}

function accountOf(
  authorization: string | undefined,
  accounts: Accounts<SalesforceAccount>,
  { grants, now }: SandboxCrmContext,
): SalesforceAccount {
  if (authorization === undefined) throw sessionInvalid();
  const token = /^(?:Bearer|OAuth) +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) throw failure(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE");
  const access = accessOf(token, { format: TOKENS, grants, now: now() });
  const account = access.state === "OPEN" ? accounts.get(access.account) : null;
  if (!account) throw sessionInvalid();
  return account;
}

function countRequest({ usage }: SalesforceAccount, { limits, now }: SandboxCrmContext, reply: FastifyReply): void {
  const at = now();
  const refused = limits === "enforce" && usage.used(at) >= usage.max;
  if (!refused) usage.count(at);
  void reply.header("Sforce-Limit-Info", `api-usage=${usage.used(at)}/${usage.max}`);
  if (refused) throw requestLimitExceeded();
}

/** Requests that the server itself could not read come as its own errors. */
function refusalOf(status: number, message: string) {
  if (status === 400) return failure(400, "JSON_PARSER_ERROR", message);
  if (status === 413) return failure(413, "REQUEST_TOO_LARGE", "Request entity is too large");
  if (status === 415) return failure(415, "UNSUPPORTED_MEDIA_TYPE", "Content type is not supported");
  return unknownException();
}
