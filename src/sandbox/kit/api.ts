import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "./refusal.js";
import { ACCOUNT } from "./request.js";
import { wireAnswer } from "./wire.js";

/** One CRM's HTTP API, as far as it differs from the others'. */
export interface Api<Account> {
  /** The answer to a request that the server could not read (status below 500), or failed at (500). */
  failure(status: number, message: string): Refusal;
  /** The answer to a path or method that the API does not have. */
  notFound(request: FastifyRequest): Refusal;
  /** Whose account a call is for. @throws Refusal for a call that may not be made */
  authenticate(request: FastifyRequest, reply: FastifyReply): Account;
  /** How bodies are read; absent where Fastify's own way will do. */
  bodies?: JsonBodies;
  /** Adds the routes of authenticated calls. */
  routes(api: FastifyInstance): void;
}

export interface JsonBodies {
  /** The media type that is read; `*` reads every body as JSON, whatever its type is said to be. */
  type: "application/json" | "*";
  /** What a body that is no JSON is refused with. */
  invalid(message: string): Error;
  /** Defaults to `JSON.parse`. */
  parse?(text: string): unknown;
}

/** Adds a CRM's API to its server: authentication, routes, and all that goes wrong in the CRM's own words. */
export function serveApi<Account>(app: FastifyInstance, api: Api<Account>): void {
  app.decorateRequest(ACCOUNT);
  app.setErrorHandler((error, _request, reply) => wireAnswer(reply, refusalOf(error, api)));
  app.setNotFoundHandler((request, reply) => wireAnswer(reply, api.notFound(request)));
  app.register(async (scope) => {
    if (api.bodies) addJsonBodies(scope, api.bodies);
    scope.addHook("onRequest", async (request, reply) => {
      request.setDecorator(ACCOUNT, api.authenticate(request, reply));
    });
    api.routes(scope);
  });
}

/** Reads bodies as JSON; an empty one is none. */
export function addJsonBodies(app: FastifyInstance, { type, invalid, parse = JSON.parse }: JsonBodies): void {
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
