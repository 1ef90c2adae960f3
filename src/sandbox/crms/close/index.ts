import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { addAuthorizationServer, sandboxCredentials } from "../../oauth/authorization-server.js";
import type { CloseAccount } from "./account.js";
import { addCalendarSync } from "./calendar-sync.js";
import { callerOf, TOKENS } from "./credentials.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { badRequestAsAWhole, CloseError, methodNotAllowed, unauthorized } from "./errors.js";
import { speakFault } from "./faults.js";
import { addMeetingRoutes } from "./meeting-routes.js";
import { ACCESS_TOKEN_S, tokenManners } from "./oauth.js";
import { addRecordRoutes } from "./record-routes.js";
import { RequestLimits } from "./request-limits.js";
import { ACCOUNT, setAccount } from "./request.js";
import { seededAccount } from "./seeding.js";

export { apiKeyOf } from "./credentials.js";

/**
 * Close's REST API, as far as contacts, leads and meetings go, with Advanced Filtering. API keys (`api_sandbox-<account>`)
 * open an account as well as tokens do.
 */
export const closeSandbox: SandboxCrm = {
  slug: "close",
  hasOAuth: true,
  rotatesRefreshTokens: true,
  credentials: (account, _origin, now, grant) =>
    sandboxCredentials(
      { format: TOKENS, accessTokenS: ACCESS_TOKEN_S, refreshTokenIn: "EVERY_ANSWER" },
      account,
      now,
      grant,
    ),
  register,
  speakFault,
};

const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;

function register(app: FastifyInstance, context: SandboxCrmContext): void {
  const accounts = new Accounts((name) => seededAccount(name, context));
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => answerUnknownPath(app, request, reply));
  app.decorateRequest(ACCOUNT);
  app.register(async (oauth) =>
    addAuthorizationServer(
      oauth,
      tokenManners((name) => accounts.get(name)!),
      context,
    ),
  );
  app.register(async (api) => {
    addAuthentication(api, (name) => accounts.get(name), context);
    api.removeContentTypeParser("text/plain");
    addRecordRoutes(api);
    addMeetingRoutes(api);
    addDirectoryRoutes(api);
    addCalendarSync(api);
  });
}

function addAuthentication(
  api: FastifyInstance,
  accountNamed: (name: string) => CloseAccount | null,
  context: SandboxCrmContext,
): void {
  const limits = new RequestLimits(context);
  api.addHook("onRequest", async (request, reply) => {
    const caller = callerOf(request.headers.authorization, context.grants, context.now());
    const account = caller && accountNamed(caller.account);
    if (!account) throw unauthorized();
    limits.take(request, reply, { credential: caller.credential, organization: account.organizationId });
    setAccount(request, account);
  });
}

function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, body, headers } = inCloseWords(error);
  return reply.code(status).headers(headers).send(body);
}

/** Requests that the server itself could not read come as its own errors. */
function inCloseWords(error: unknown): CloseError {
  if (error instanceof CloseError) return error;
  const { statusCode = 500 } = error as { statusCode?: number };
  if (statusCode === 400) return badRequestAsAWhole("The request body is not valid JSON.");
  if (statusCode === 415) return new CloseError(415, { error: "The request used an unsupported format." });
  return new CloseError(statusCode, { error: statusCode < 500 ? "Bad Request" : "Internal Server Error" });
}

/** Every path ends with a slash: without it, the caller is sent to where it has one. */
function answerUnknownPath(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = "", query] = request.url.split("?");
  const isKnown = (url: string) => METHODS.some((method) => app.findRoute({ url: patternOf(url), method }) !== null);
  if (!path.endsWith("/") && isKnown(`${path}/`)) {
    return reply
      .code(301)
      .header("location", `${path}/${query === undefined ? "" : `?${query}`}`)
      .send();
  }
  if (isKnown(path)) return answerError(methodNotAllowed(), request, reply);
  return answerError(new CloseError(404, { error: "Not Found" }), request, reply);
}

function patternOf(path: string): string {
  return path.replace(/(?<=\/)(?:cont|lead|acti|user)_\w+(?=\/)/, ":id");
}
