import type { FastifyInstance, FastifyRequest } from "fastify";
import { pathsOf, withQuery } from "../paths.js";
import { checkOpener, readOpenerOrigin } from "../opener.js";
import { ConnectPageError, unusableLink } from "../page-error.js";
import { sidOf } from "../session.js";
import type { ConnectServices } from "../services.js";

/** `GET /connect?token=ct_…`: exchanges the token for a session, whose URL does not contain the token. */
export function entryRoute(app: FastifyInstance, { options, sessions }: ConnectServices): void {
  app.get("", { exposeHeadRoute: false }, async (request, reply) => {
    refusePrefetch(request);
    const { token, origin } = request.query as { token?: unknown; origin?: unknown };
    const openerOrigin = readOpenerOrigin(origin);
    if (typeof token !== "string") throw unusableLink("INVALID", openerOrigin);

    const sid = sidOf(token);
    const { home } = pathsOf(sid);
    const redemption = await options.connect.redeem(token);
    if (redemption.outcome === "INVALID") throw unusableLink("INVALID", openerOrigin);
    if (redemption.outcome !== "OK") {
      // This browser may already have the session of this link. Only the session's own path receives its cookie.
      const why = { link: redemption.outcome, ...(openerOrigin === null ? {} : { origin: openerOrigin }) };
      return reply.redirect(withQuery(home, why), 303);
    }
    checkOpener(openerOrigin, redemption.grant);
    await sessions.keep(reply, { sid, grant: redemption.grant, openerOrigin });
    return reply.redirect(home, 303);
  });
  // Chat programs look up a link before anybody opens it. That must not redeem the token.
  app.head("", async (_request, reply) => reply.code(200).send());
}

function refusePrefetch({ headers }: FastifyRequest): void {
  if (String(headers["sec-purpose"]).includes("prefetch"))
    throw new ConnectPageError(
      503,
      "This page was not loaded in advance",
      "This link works only once. Open it yourself to continue.",
    );
}
