import type { FastifyInstance } from "fastify";
import { pathsOf, withQuery } from "../paths.js";
import { refuseAutomaticLoad } from "../automatic-load.js";
import { checkOpener, readOpenerOrigin } from "../opener.js";
import { unusableLink } from "../page-error.js";
import { sidOf } from "../session.js";
import { SessionView } from "../session-view.js";
import type { ConnectServices } from "../services.js";

/**
 * `GET /connect?token=ct_…`: exchanges the token for a session, whose URL does not contain the token. A request that is refused
 * does not spend the token.
 */
export function entryRoute(app: FastifyInstance, { options, sessions }: ConnectServices): void {
  app.get("", { exposeHeadRoute: false }, async (request, reply) => {
    refuseAutomaticLoad(request.headers);
    const { token, origin } = request.query as { token?: unknown; origin?: unknown };
    const openerOrigin = readOpenerOrigin(origin);
    if (typeof token !== "string") throw unusableLink("INVALID", openerOrigin);

    const sid = sidOf(token);
    const { home } = pathsOf(sid);
    const redemption = await options.connect.redeem(token, async (grant) => {
      checkOpener(openerOrigin, grant);
      // The end user or the connection of the link may no longer exist.
      await SessionView.in(request, { sid, grant, openerOrigin }, options.connect);
    });
    if (redemption.outcome === "INVALID") throw unusableLink("INVALID", openerOrigin);
    if (redemption.outcome !== "OK") {
      // This browser may already have the session of this link. Only the session's own path receives its cookie.
      const why = { link: redemption.outcome, ...(openerOrigin === null ? {} : { origin: openerOrigin }) };
      return reply.redirect(withQuery(home, why), 303);
    }
    await sessions.keep(reply, { sid, grant: redemption.grant, openerOrigin });
    return reply.redirect(home, 303);
  });
  // Chat programs look up a link before anybody opens it. That must not redeem the token.
  app.head("", async (_request, reply) => reply.code(200).send());
}
