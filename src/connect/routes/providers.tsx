import type { FastifyInstance } from "fastify";
import { returnUrl } from "../return-url.js";
import { sendPage } from "../page-reply.js";
import type { ConnectServices } from "../services.js";
import { slugOf, viewOf } from "../session-view.js";
import { ProviderListPage } from "../pages/provider-list.js";
import { ProviderPage } from "../pages/provider-page.js";
import { allowFormRedirect } from "../security-headers.js";

const EMPTY_FORM = { values: {}, problems: {} };

/** The list of CRMs, and the page of one CRM. */
export function providerRoutes(app: FastifyInstance, services: ConnectServices): void {
  const { assets, notices } = services;

  app.get("/:sid", async (request, reply) => {
    const view = await viewOf(services, request);
    const { sid, grant } = view.session;
    if (grant.provider !== null) return reply.redirect(view.paths.provider(grant.provider), 303);
    const notice = await notices.read(request.query, sid);
    return sendPage(reply, <ProviderListPage view={view} notice={notice} assets={assets.paths} />);
  });

  app.get("/:sid/:provider", async (request, reply) => {
    const view = await viewOf(services, request);
    const provider = view.provider(slugOf(request));
    allowFormRedirect(reply, returnUrl(view));
    const notice = await notices.read(request.query, view.session.sid);
    const page = { view, provider, notice, form: EMPTY_FORM, assets: assets.paths };
    return sendPage(reply, <ProviderPage {...page} />);
  });
}
