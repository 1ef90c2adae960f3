import type { FastifyInstance, FastifyRequest } from "fastify";
import { linksOf, withQuery } from "../links.js";
import { checkOpener, readOpenerOrigin } from "../opener.js";
import { ConnectPageError, unusableLink } from "../page-error.js";
import { sidOf } from "../session.js";
import type { Desk } from "../desk.js";

/** `GET /connect?token=ct_…`: takes the token for a session, whose address no longer holds it. */
export function entryRoute(app: FastifyInstance, { options, sessions }: Desk): void {
  app.get("", { exposeHeadRoute: false }, async (request, reply) => {
    refusePrefetch(request);
    const { token, origin } = request.query as { token?: unknown; origin?: unknown };
    const openerOrigin = readOpenerOrigin(origin);
    if (typeof token !== "string") throw unusableLink("INVALID", openerOrigin);

    const sid = sidOf(token);
    const { home } = linksOf(sid);
    const redemption = await options.connect.redeem(token);
    if (redemption.outcome === "INVALID") throw unusableLink("INVALID", openerOrigin);
    if (redemption.outcome !== "OK") {
      // This browser may be the one that used it; only the session's own path gets to see its cookie.
      const why = { link: redemption.outcome, ...(openerOrigin === null ? {} : { origin: openerOrigin }) };
      return reply.redirect(withQuery(home, why), 303);
    }
    checkOpener(openerOrigin, redemption.grant);
    await sessions.keep(reply, { sid, grant: redemption.grant, openerOrigin });
    return reply.redirect(home, 303);
  });
  // Those who look before they open, such as chat programs, must not use the link up.
  app.head("", async (_request, reply) => reply.code(200).send());
}

function refusePrefetch({ headers }: FastifyRequest): void {
  if (String(headers["sec-purpose"]).includes("prefetch"))
    throw new ConnectPageError(
      503,
      "Not loaded in advance",
      "This link works only once. Open it yourself to continue.",
    );
}
