import cookie from "@fastify/cookie";
import formBody from "@fastify/formbody";
import type { FastifyInstance } from "fastify";
import { CrmError } from "../errors/crm-error.js";
import { Assets, readBuilt } from "./assets.js";
import { Attempts } from "./attempt.js";
import type { ConnectServices } from "./services.js";
import { Notices } from "./redirect-notices.js";
import type { ConnectRoutesOptions } from "./options.js";
import { assetRoute } from "./routes/assets.js";
import { authorizationRoutes } from "./routes/authorization.js";
import { browserScriptRoutes } from "./routes/browser-script.js";
import { credentialRoute } from "./routes/credentials.js";
import { disconnectRoutes } from "./routes/disconnect.js";
import { entryRoute } from "./routes/entry.js";
import { failurePages, nothingHere } from "./routes/failures.js";
import { providerRoutes } from "./routes/providers.js";
import { resultRoutes } from "./routes/results.js";
import { TokenCipher } from "./token-cipher.js";
import { securityHeaders } from "./security-headers.js";
import { Sessions } from "./session.js";
import { readStylesheet } from "./stylesheet.js";
import { Submissions } from "./submissions.js";

/** Seconds after which clients may try again during maintenance. */
const MAINTENANCE_RETRY_S = 60;
/** Bytes. Larger than any credential form. */
const BODY_LIMIT = 64 * 1024;

/** Connect: the pages on which end users connect, reconnect and disconnect their CRMs, and the script that opens them. */
export async function connectRoutes(app: FastifyInstance, options: ConnectRoutesOptions): Promise<void> {
  const { sessionKeys, publicUrl, clock, logger } = options;
  const cipher = new TokenCipher(sessionKeys, () => clock.now());
  const secure = () => publicUrl().startsWith("https:");
  const services: ConnectServices = {
    options,
    assets: new Assets({ stylesheet: await readStylesheet(), pageScript: await readBuilt("page.js") }),
    sessions: new Sessions(cipher, secure),
    attempts: new Attempts(cipher, secure),
    notices: new Notices(cipher),
    submissions: new Submissions(publicUrl),
  };

  browserScriptRoutes(app, logger);
  await app.register(
    async (pages) => {
      await pages.register(cookie);
      // The pages send only forms. Bodies of other types would be read up to the larger limit for GraphQL.
      pages.removeAllContentTypeParsers();
      await pages.register(formBody, { bodyLimit: BODY_LIMIT });
      pages.addHook("onRequest", async (_request, reply) => {
        void reply.headers(securityHeaders(secure()));
      });
      pages.addHook("onRequest", async (request) => {
        if (options.maintenance) throw new CrmError("SERVICE_UNAVAILABLE", { retryAfter: MAINTENANCE_RETRY_S });
        // Do not read a body if there is no such page.
        if (request.is404) throw nothingHere();
      });
      failurePages(pages, services);
      assetRoute(pages, services.assets);
      entryRoute(pages, services);
      resultRoutes(pages, services);
      authorizationRoutes(pages, services);
      disconnectRoutes(pages, services);
      credentialRoute(pages, services);
      providerRoutes(pages, services);
    },
    { prefix: "/connect" },
  );
}
