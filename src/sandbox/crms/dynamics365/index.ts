import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { serveApi } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { originOf, pathOf, pathParameter, requestAccount } from "../../kit/request.js";
import { accessOf, credentialOf } from "../../oauth/access.js";
import { addAuthorizationServer, sandboxCredentials } from "../../oauth/authorization-server.js";
import { type ApiAnswer, callApi } from "./api.js";
import { badPayload, DataverseError, noSuchSegment, tooManyRequests, unauthorized } from "./errors.js";
import { speakFault } from "./faults.js";
import { OAUTH } from "./oauth.js";
import type { Org } from "./org.js";
import { seededOrg } from "./seed-org.js";

/** Longer addresses are refused. */
const URL_MAX = 32_768;

/** Dynamics 365 Sales: an environment of Dataverse behind its Web API, and Microsoft Entra ID, which lets apps in. */
export const dynamics365Sandbox: SandboxCrm = {
  slug: "dynamics365",
  hasOAuth: true,
  credentials: (account, origin, now, grant) => ({
    ...sandboxCredentials(OAUTH, account, now, grant),
    environmentUrl: origin,
  }),
  register,
  speakFault,
};

/** 6000 requests of a user in five minutes. Source: learn.microsoft.com, "Service protection API limits". */
const REQUESTS: RequestLimit = { requests: 6000, perMs: 300_000 };
/** Milliseconds of execution in the same time, of which nothing is spent here. */
const EXECUTION_MS = 1_200_000;

function register(app: FastifyInstance, context: SandboxCrmContext): void {
  const { grants, now } = context;
  const orgs = new Accounts((name) => seededOrg(name, now));
  const limits = new RequestLimits(context);
  app.register(async (oauth) => addAuthorizationServer(oauth, OAUTH, context));
  serveApi(app, {
    failure: (status, message) =>
      status < 500
        ? new DataverseError(status, "", message)
        : new DataverseError(500, "0x80040216", "An unexpected error occurred."),
    notFound: (request) => noSuchSegment(pathOf(request)),
    authenticate(request, reply) {
      void reply.headers({ "odata-version": "4.0", "x-ms-service-request-id": randomUUID() });
      const token = credentialOf(request.headers.authorization, "Bearer") ?? "";
      const access = accessOf(token, { format: OAUTH.format, grants, now: now() });
      const org = access.state === "OPEN" ? orgs.get(access.account) : null;
      if (!org) throw unauthorized(access.state === "EXPIRED" ? "EMPTY" : "PAGE");
      countRequest(limits, org, reply);
      if (request.url.length > URL_MAX) throw new DataverseError(414, "", "The request URI is too long.");
      return org;
    },
    bodies: {
      type: "application/json",
      invalid: () => badPayload("", "An unexpected 'EndOfInput' node was found when reading from the JSON reader."),
    },
    routes(api) {
      api.route({
        method: ["GET", "POST", "PATCH", "PUT", "DELETE"],
        url: "/api/data/:version/*",
        handler: (request, reply) => send(reply, answerTo(request)),
      });
    },
  });
}

/** @throws DataverseError when there were too many */
function countRequest(limits: RequestLimits, org: Org, reply: FastifyReply): void {
  const { remaining, resetsInMs, isExceeded } = limits.take(org.name, REQUESTS);
  void reply.headers({
    "x-ms-ratelimit-burst-remaining-xrm-requests": remaining,
    "x-ms-ratelimit-time-remaining-xrm-requests": EXECUTION_MS,
  });
  if (isExceeded) throw tooManyRequests(Math.ceil(resetsInMs / 1000));
}

function answerTo(request: FastifyRequest): ApiAnswer {
  const org = requestAccount<Org>(request);
  const version = pathParameter(request, "version");
  if (!/^v9\.[0-2]$/.test(version)) throw noSuchSegment(version);
  const base = `${originOf(request)}/api/data/${version}`;
  const [whole = "", search = ""] = request.url.split(/\?(.*)/s);
  const path = whole.slice(`/api/data/${version}/`.length);
  const { method, body, headers } = request;
  return callApi(org, { method, path, search, body, base, headers: headers as Record<string, string | undefined> });
}

function send(reply: FastifyReply, { status, headers, body }: ApiAnswer): FastifyReply {
  void reply.code(status).headers(headers);
  if (body === undefined) return reply.send();
  if (typeof body === "string") {
    if (headers["content-type"] === undefined) void reply.type("text/plain");
    return reply.send(body);
  }
  return reply.type("application/json; odata.metadata=minimal").send(JSON.stringify(body));
}
