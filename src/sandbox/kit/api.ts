import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { readJson } from "./json.js";
import { Refusal } from "./refusal.js";
import { ACCOUNT } from "./request.js";
import { wireAnswer } from "./wire.js";

/** The parts of an HTTP API that differ from CRM to CRM. */
export interface Api<Account> {
  /** Makes the answer to a request that the server could not read (status below 500) or could not handle (500). */
  failure(status: number, message: string): Refusal;
  /** Makes the answer to an unknown path or method. */
  notFound(request: FastifyRequest): Refusal;
  /** Finds the account of a call. @throws Refusal if the call is not allowed */
  authenticate(request: FastifyRequest, reply: FastifyReply): Account;
  /** Defaults to bodies of the type `application/json`. */
  bodies?: Partial<JsonBodies>;
  /** Adds the routes of calls that need no authentication. */
  openRoutes?(app: FastifyInstance): void;
  /** Adds the routes of authenticated calls. */
  routes(api: FastifyInstance): void;
}

export interface JsonBodies {
  /** The accepted media type. `*` reads every body as JSON, regardless of its type. Defaults to `application/json`. */
  type: "application/json" | "*";
  /** Makes the refusal of a body that is not JSON. Defaults to `failure(400)`. */
  invalid(message: string): Error;
  /** Defaults to `readJson`. */
  parse(text: string): unknown;
}

/** Adds a CRM's API to its server: authentication, routes, and errors in the CRM's own words. */
export function serveApi<Account>(app: FastifyInstance, api: Api<Account>): void {
  app.decorateRequest(ACCOUNT);
  app.setErrorHandler((error, _request, reply) => wireAnswer(reply, refusalOf(error, api)));
  app.setNotFoundHandler((request, reply) => wireAnswer(reply, api.notFound(request)));
  api.openRoutes?.(app);
  app.register(async (scope) => {
    addJsonBodies(scope, { invalid: (message) => api.failure(400, message), ...api.bodies });
    scope.addHook("onRequest", async (request, reply) => {
      request.setDecorator(ACCOUNT, api.authenticate(request, reply));
    });
    api.routes(scope);
  });
}

/** Reads request bodies as JSON. An empty body is undefined. */
export function addJsonBodies(
  app: FastifyInstance,
  { type = "application/json", invalid, parse = readJson }: Partial<JsonBodies> & Pick<JsonBodies, "invalid">,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(type, { parseAs: "string" }, async (_request: FastifyRequest, text: string) => {
    if (text === "") return undefined;
    try {
      return parse(text);
    } catch (error) {
      throw invalid((error as Error).message);
    }
  });
}

function refusalOf(error: unknown, api: Pick<Api<unknown>, "failure">): Refusal {
  if (error instanceof Refusal) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  return api.failure(statusCode, message);
}
