import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import type { SandboxCrm } from "../../kit/crm.js";
import { seedGrant } from "../../kit/grants.js";
import { createAccount } from "./account.js";
import { failure, notFound, SalesforceError, unknownException } from "./errors.js";
import { speakFault } from "./faults.js";
import { addBodyParsers } from "./routes/bodies.js";
import type { Service } from "./routes/call.js";
import { addCollectionRoutes } from "./routes/collections.js";
import { addIdentityRoutes } from "./routes/identity.js";
import { addMetadataRoutes } from "./routes/metadata.js";
import { addOAuthRoutes } from "./routes/oauth.js";
import { addQueryRoutes } from "./routes/queries.js";
import { addRecordRoutes } from "./routes/records.js";
import { SESSION_MS, TOKENS } from "./tokens.js";

export interface SalesforceSandboxSettings {
  /** Calls per account in 24 hours; the default is what a Developer Edition org may make. */
  dailyRequests?: number;
}

/** Salesforce's REST API in versions 59 to 68, over orgs with Shared Activities and a duplicate rule for contacts. */
export function createSalesforceSandbox({ dailyRequests = 15_000 }: SalesforceSandboxSettings = {}): SandboxCrm {
  return {
    slug: "salesforce",
    hasOAuth: true,
    credentials: (account, origin, now, grant = seedGrant(account)) => ({
      accessToken: TOKENS.accessToken(grant, now + SESSION_MS),
      instanceUrl: origin,
      refreshToken: TOKENS.refreshToken(grant),
    }),
    register(app, options) {
      const accounts = new Accounts((name) => createAccount(name, options.now, dailyRequests));
      addRoutes(app, { accounts, options });
      app.setErrorHandler(answerError);
      app.setNotFoundHandler((_request, reply) => reply.code(404).send(notFound().details));
    },
    speakFault,
  };
}

export const salesforceSandbox: SandboxCrm = createSalesforceSandbox();

function addRoutes(app: FastifyInstance, service: Service): void {
  addBodyParsers(app);
  addOAuthRoutes(app, service);
  addIdentityRoutes(app, service);
  addMetadataRoutes(app, service);
  addRecordRoutes(app, service);
  addCollectionRoutes(app, service);
  addQueryRoutes(app, service);
}

function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, details } = inSalesforceWords(error);
  return reply.code(status).send(details);
}

/** Requests that the server itself could not read come as its own errors. */
function inSalesforceWords(error: unknown): SalesforceError {
  if (error instanceof SalesforceError) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode === 400) return failure(400, "JSON_PARSER_ERROR", message);
  if (statusCode === 413) return failure(413, "REQUEST_TOO_LARGE", "Request entity is too large");
  if (statusCode === 415) return failure(415, "UNSUPPORTED_MEDIA_TYPE", "Content type is not supported");
  return unknownException();
}
