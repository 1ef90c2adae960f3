import type { FastifyInstance } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { serveApi } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { apiKeyOf, openAccess } from "./access.js";
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
  serveApi(app, {
    failure: (status) => new EspoError(status),
    notFound: () => new EspoError(404),
    authenticate(request, reply) {
      void reply.type("application/json");
      return openAccess(request, accounts);
    },
    // So says EspoCRM of what it cannot parse.
    bodies: { type: "*", invalid: () => new EspoError(500) },
    routes(api) {
      api.register(async (v1) => (addDirectoryRoutes(v1), addRecordRoutes(v1, now)), { prefix: "/api/v1" });
    },
  });
}
