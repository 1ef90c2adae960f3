import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Api } from "../../kit/api.js";
import type { SandboxCrm } from "../../kit/crm.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { originOf, pathOf, pathParameter, requestAccount } from "../../kit/request.js";
import { credentialOf } from "../../oauth/access.js";
import { oauthCrm, type Serving } from "../../oauth/oauth-crm.js";
import { type ApiAnswer, callApi } from "./api.js";
import * as errors from "./errors.js";
import { OAUTH } from "./oauth.js";
import type { Org } from "./org.js";
import { seededOrg } from "./seed-org.js";

/** Maximum length of a URL. Longer URLs are refused. */
const URL_MAX = 32_768;
const UNAVAILABLE =
  "<!DOCTYPE html><html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2><p>HTTP Error 503. The service is unavailable.</p></body></html>";

/** Dynamics 365 Sales: an environment of Dataverse with its Web API, and Microsoft Entra ID, which authorizes apps. */
export const dynamics365Sandbox: SandboxCrm = oauthCrm({
  slug: "dynamics365",
  imitates: "Dataverse Web API v9.2",
  maxUrlBytes: URL_MAX,
  oauth: OAUTH,
  typedCredential: (account) => ({
    accessToken: OAUTH.format.staticToken(account),
    environmentUrl: "https://dynamics365.example",
  }),
  credentials: (tokens, origin) => ({ ...tokens, environmentUrl: origin }),
  faults: {
    PROVIDER_ERROR: errors.unexpected,
    PROVIDER_RATE_LIMITED: errors.tooManyRequests(12),
    PROVIDER_UNAVAILABLE: { status: 503, body: UNAVAILABLE },
    PROVIDER_AUTH_FAILED: errors.missingPrivilege,
    NEEDS_REAUTH: errors.unauthorized("EMPTY"),
  },
  tokenFaults: {
    PROVIDER_ERROR: {
      status: 500,
      body: { error: "server_error", error_description: "AADSTS90033: A transient error has occurred." },
    },
  },
  account: (name, { now }) => seededOrg(name, now),
  api,
});

/** 6000 requests of a user in five minutes. Source: learn.microsoft.com, "Service protection API limits". */
const REQUESTS: RequestLimit = { requests: 6000, perMs: 300_000 };
/** Limit of execution time in the same window, in milliseconds. The sandbox never counts any. */
const EXECUTION_MS = 1_200_000;

function api({ context, accessOf }: Serving<Org>): Api<Org> {
  const limits = new RequestLimits(context);
  return {
    failure: (status, message) => (status < 500 ? new errors.DataverseError(status, "", message) : errors.unexpected()),
    notFound: (request) => errors.noSuchSegment(pathOf(request)),
    authenticate(request, reply) {
      void reply.headers({ "odata-version": "4.0", "x-ms-service-request-id": randomUUID() });
      const { account, state } = accessOf(credentialOf(request.headers.authorization, "Bearer") ?? "");
      if (!account) throw errors.unauthorized(state === "EXPIRED" ? "EMPTY" : "PAGE");
      countRequest(limits, account, reply);
      return account;
    },
    bodies: {
      invalid: () =>
        errors.badPayload("", "An unexpected 'EndOfInput' node was found when reading from the JSON reader."),
    },
    routes(scope) {
      scope.route({
        method: ["GET", "POST", "PATCH", "PUT", "DELETE"],
        url: "/api/data/:version/*",
        handler: (request, reply) => send(reply, answerTo(request)),
      });
    },
  };
}

/** @throws DataverseError if there were too many requests */
function countRequest(limits: RequestLimits, org: Org, reply: FastifyReply): void {
  const { remaining, resetsInMs, isExceeded } = limits.take(org.name, REQUESTS);
  void reply.headers({
    "x-ms-ratelimit-burst-remaining-xrm-requests": remaining,
    "x-ms-ratelimit-time-remaining-xrm-requests": EXECUTION_MS,
  });
  if (isExceeded) throw errors.tooManyRequests(Math.ceil(resetsInMs / 1000));
}

function answerTo(request: FastifyRequest): ApiAnswer {
  const org = requestAccount<Org>(request);
  const version = pathParameter(request, "version");
  if (!/^v9\.[0-2]$/.test(version)) throw errors.noSuchSegment(version);
  const base = `${originOf(request)}/api/data/${version}`;
  const [whole = "", search = ""] = request.url.split(/\?(.*)/s);
  const path = whole.slice(`/api/data/${version}/`.length);
  const { method, body, headers } = request;
  return callApi(org, { method, path, search, body, base, headers: headers as Record<string, string | undefined> });
}

function send(reply: FastifyReply, { status, headers, body }: ApiAnswer): FastifyReply {
  const type = typeof body === "string" ? "text/plain" : "application/json; odata.metadata=minimal";
  void reply.code(status).headers(headers);
  return body === undefined ? reply.send() : reply.type(type).send(body);
}
