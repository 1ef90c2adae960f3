import cookie from "@fastify/cookie";
import formBody from "@fastify/formbody";
import type { FastifyInstance } from "fastify";
import { CrmError } from "../errors/crm-error.js";
import { Assets, readBuilt } from "./assets.js";
import { Attempts } from "./attempt.js";
import type { Desk } from "./desk.js";
import { Notices } from "./notices.js";
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
import { Seal } from "./seal.js";
import { securityHeaders } from "./security-headers.js";
import { Sessions } from "./session.js";
import { Submissions } from "./submissions.js";

/** Seconds after which maintenance is worth another look. */
const MAINTENANCE_RETRY_S = 60;
/** Larger than any credential form; what is larger is none. */
const BODY_LIMIT = 64 * 1024;

/** Connect: the pages on which end users give, mend and end access to their CRMs, and the script that opens them. */
export async function connectRoutes(app: FastifyInstance, options: ConnectRoutesOptions): Promise<void> {
  const { sessionKeys, publicUrl, now, logger } = options;
  const seal = new Seal(sessionKeys, now);
  const secure = () => publicUrl().startsWith("https:");
  const desk: Desk = {
    options,
    assets: new Assets(await readBuilt("page.js")),
    sessions: new Sessions(seal, secure),
    attempts: new Attempts(seal, secure),
    notices: new Notices(seal),
    submissions: new Submissions(publicUrl),
  };

  browserScriptRoutes(app, logger);
  await app.register(
    async (pages) => {
      await pages.register(cookie);
      // Forms are all that the pages send. Another type would be read up to the graph's own, larger limit.
      pages.removeAllContentTypeParsers();
      await pages.register(formBody, { bodyLimit: BODY_LIMIT });
      pages.addHook("onRequest", async (_request, reply) => {
        void reply.headers(securityHeaders(secure()));
      });
      pages.addHook("onRequest", async (request) => {
        if (options.maintenance) throw new CrmError("SERVICE_UNAVAILABLE", { retryAfter: MAINTENANCE_RETRY_S });
        // Where no page is, no body is read.
        if (request.is404) throw nothingHere();
      });
      failurePages(pages, desk);
      assetRoute(pages, desk.assets);
      entryRoute(pages, desk);
      resultRoutes(pages, desk);
      authorizationRoutes(pages, desk);
      disconnectRoutes(pages, desk);
      credentialRoute(pages, desk);
      providerRoutes(pages, desk);
    },
    { prefix: "/connect" },
  );
}
