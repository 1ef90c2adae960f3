import type { FastifyInstance, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { accessOf, apiKeyOf } from "./access.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { EspoError } from "./errors.js";
import { speakFault } from "./faults.js";
import { addRecordRoutes } from "./record-routes.js";
import { seededDatabase } from "./seeding.js";

/** EspoCRM 8.4 over its REST API; every account is a server's database, with one API user. */
export const espocrmSandbox: SandboxCrm = {
  slug: "espocrm",
  hasOAuth: false,
  credentials: (account, origin) => ({ url: origin, apiKey: apiKeyOf(account) }),
  register,
  speakFault,
};

function register(app: FastifyInstance, { now }: SandboxCrmContext): void {
  const accounts = new Accounts(seededDatabase);
  const accessFor = (request: FastifyRequest) => accessOf(request, accounts);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, async (_request: FastifyRequest, text: string) => {
    try {
      return text === "" ? undefined : (JSON.parse(text) as unknown);
    } catch {
      // So says EspoCRM of what it cannot parse.
      throw new EspoError(500);
    }
  });
  app.addHook("onRequest", async (_request, reply) => void reply.type("application/json"));
  app.setErrorHandler((error, _request, reply) => {
    const refusal =
      error instanceof EspoError ? error : new EspoError((error as { statusCode?: number }).statusCode ?? 500);
    return reply
      .code(refusal.status)
      .headers(refusal.headers)
      .send(refusal.body === "" ? "" : JSON.stringify(refusal.body));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(""));
  app.register(
    async (api) => {
      addDirectoryRoutes(api, (request) => accessFor(request as FastifyRequest));
      addRecordRoutes(api, accessFor, now);
    },
    { prefix: "/api/v1" },
  );
}
