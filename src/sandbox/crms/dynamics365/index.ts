import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { accessOf, credentialOf } from "../../oauth/access.js";
import { addAuthorizationServer, sandboxCredentials } from "../../oauth/authorization-server.js";
import { wireAnswer } from "../../kit/wire.js";
import { type ApiAnswer, callApi } from "./api.js";
import { badPayload, DataverseError, noSuchSegment, unauthorized } from "./errors.js";
import { speakFault } from "./faults.js";
import { OAUTH } from "./oauth.js";
import type { Org } from "./org.js";
import { RequestLimits } from "./request-limits.js";
import { seededOrg } from "./seed-org.js";

const ORG = "dynamicsOrg";
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

function register(app: FastifyInstance, context: SandboxCrmContext): void {
  const orgs = new Accounts((name) => seededOrg(name, context.now));
  app.setErrorHandler((error, _request, reply) => wireAnswer(reply, refusalOf(error).answer()));
  app.setNotFoundHandler((request, reply) => wireAnswer(reply, noSuchSegment(request.url.split("?")[0]!).answer()));
  app.decorateRequest(ORG);
  app.register(async (oauth) => addAuthorizationServer(oauth, OAUTH, context));
  app.register(async (api) => {
    addAuthentication(api, (name) => orgs.get(name), context);
    addApi(api);
  });
}

function addAuthentication(api: FastifyInstance, orgNamed: (name: string) => Org | null, context: SandboxCrmContext) {
  const limits = new RequestLimits(context);
  api.addHook("onRequest", async (request, reply) => {
    void reply.headers({ "odata-version": "4.0", "x-ms-service-request-id": randomUUID() });
    const token = credentialOf(request.headers.authorization, "Bearer");
    const { grants } = context;
    const access = token === null ? null : accessOf(token, { format: OAUTH.format, grants, now: context.now() });
    const org = access?.state === "OPEN" ? orgNamed(access.account) : null;
    if (!org) return wireAnswer(reply, unauthorized(access?.state === "EXPIRED" ? "EMPTY" : "PAGE"));
    limits.take(org, reply);
    if (request.url.length > URL_MAX) throw new DataverseError(414, "", "The request URI is too long.");
    request.setDecorator(ORG, org);
    return;
  });
}

function addApi(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser("application/json", { parseAs: "string" }, async (_request: FastifyRequest, text: string) =>
    text === "" ? undefined : parseJson(text),
  );
  api.route({
    method: ["GET", "POST", "PATCH", "PUT", "DELETE"],
    url: "/api/data/:version/*",
    handler: (request, reply) => send(reply, answerTo(request)),
  });
}

function answerTo(request: FastifyRequest): ApiAnswer {
  const org = request.getDecorator<Org>(ORG);
  const { version } = request.params as { version: string };
  if (!/^v9\.[0-2]$/.test(version)) throw noSuchSegment(version);
  const base = `${request.protocol}://${request.host}/api/data/${version}`;
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badPayload("", "An unexpected 'EndOfInput' node was found when reading from the JSON reader.");
  }
}

function refusalOf(error: unknown): DataverseError {
  if (error instanceof DataverseError) return error;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  return status < 500
    ? new DataverseError(status, "", (error as Error).message)
    : new DataverseError(500, "0x80040216", "An unexpected error occurred.");
}
