import type { FastifyInstance } from "fastify";
import { appAfterwards } from "../afterwards.js";
import { sendPage, slugOf, visitOf, type Desk } from "../desk.js";
import { ProviderListPage } from "../pages/provider-list.js";
import { ProviderPage } from "../pages/provider-page.js";
import { allowFormRedirect } from "../security-headers.js";

const EMPTY_FORM = { values: {}, problems: {} };

/** The choice of a CRM, and the page of one. */
export function providerRoutes(app: FastifyInstance, desk: Desk): void {
  const { assets, notices } = desk;

  app.get("/:sid", async (request, reply) => {
    const visit = await visitOf(desk, request);
    const { sid, grant } = visit.session;
    if (grant.provider !== null) return reply.redirect(visit.links.provider(grant.provider), 303);
    const notice = await notices.read(request.query, sid);
    return sendPage(reply, <ProviderListPage visit={visit} notice={notice} assets={assets.paths} />);
  });

  app.get("/:sid/:provider", async (request, reply) => {
    const visit = await visitOf(desk, request);
    const provider = visit.provider(slugOf(request));
    allowFormRedirect(reply, appAfterwards(visit.session));
    const notice = await notices.read(request.query, visit.session.sid);
    const page = { visit, provider, notice, form: EMPTY_FORM, assets: assets.paths };
    return sendPage(reply, <ProviderPage {...page} />);
  });
}
