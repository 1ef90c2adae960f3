import type { FastifyInstance } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { serveApi } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmOptions } from "../../kit/crm.js";
import { faultSpeaker } from "../../kit/faults.js";
import { errorPage } from "../../kit/wire.js";
import { apiKeyOf, openAccess } from "./access.js";
import { differences } from "./differences.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { EspoError } from "./errors.js";
import { addRecordRoutes } from "./record-routes.js";
import { seededDatabase } from "./seeding.js";
import { ESPO_8, ESPO_9, type EspoVersion } from "./version.js";

/** The REST API of EspoCRM 9.2. Every account is the database of a server, with one API user. */
export const espocrmSandbox = espocrmSandboxOf(ESPO_9);

/** The REST API of EspoCRM 8.4. */
export const espocrm8Sandbox = espocrmSandboxOf(ESPO_8);

function espocrmSandboxOf(version: EspoVersion): SandboxCrm {
  return {
    slug: "espocrm",
    imitates: `EspoCRM ${version.name}`,
    differences,
    hasOAuth: false,
    credentials: (account, origin) => ({ url: origin, apiKey: apiKeyOf(account) }),
    typedCredential: (account) => ({ url: "https://espocrm.example", apiKey: apiKeyOf(account) }),
    register: (app, options) => register(app, options, version),
    // EspoCRM itself has no rate limits. The web server in front of it may have them.
    speakFault: faultSpeaker({
      PROVIDER_ERROR: { status: 500, body: "" },
      PROVIDER_RATE_LIMITED: errorPage("429 Too Many Requests", "nginx"),
      PROVIDER_UNAVAILABLE: errorPage("503 Service Temporarily Unavailable", "nginx"),
      PROVIDER_AUTH_FAILED: { status: 403, body: "", headers: { "x-status-reason": "No read access." } },
      NEEDS_REAUTH: { status: 401, body: "" },
    }),
  };
}

function register(app: FastifyInstance, { now }: SandboxCrmOptions, version: EspoVersion): undefined {
  const accounts = new Accounts((name) => seededDatabase(name, version));
  serveApi(app, {
    failure: (status) => new EspoError(status),
    notFound: () => new EspoError(404),
    authenticate(request, reply) {
      void reply.type("application/json");
      return openAccess(request, accounts);
    },
    // EspoCRM's answer to a body that it cannot parse.
    bodies: { type: "*", invalid: () => new EspoError(500) },
    routes(api) {
      api.register(async (v1) => (addDirectoryRoutes(v1), addRecordRoutes(v1, now)), { prefix: "/api/v1" });
    },
  });
}
