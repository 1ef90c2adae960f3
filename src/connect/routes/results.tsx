import type { FastifyInstance } from "fastify";
import { returnUrl } from "../return-url.js";
import { sendPage } from "../page-reply.js";
import type { ConnectServices } from "../services.js";
import { slugOf, viewOf } from "../session-view.js";
import { withQuery } from "../paths.js";
import type { ReportMessage } from "../pages/report.js";
import { ResultPage } from "../pages/result-page.js";
import type { ConnectSession } from "../session.js";

/**
 * The last page, after success or cancel. It tells the result to the window's opener, or returns the end user to the app
 * with the result in the URL.
 */
export function resultRoutes(app: FastifyInstance, services: ConnectServices): void {
  const { assets } = services;

  app.get("/:sid/done/:provider", async (request, reply) => {
    const view = await viewOf(services, request);
    const { session, paths, testMode, workspaceName } = view;
    const provider = view.provider(slugOf(request));
    const connection = view.connectionTo(provider);
    if (connection?.status !== "ACTIVE") return reply.redirect(paths.provider(provider.slug), 303);
    const result = { provider: provider.slug, connectionId: connection.id };
    const back = returnUrl(view);
    if (back !== null) return reply.redirect(withQuery(back, { status: "connected", ...result }), 303);
    const heading = `${provider.name} is connected`;
    const page = {
      tone: "good" as const,
      title: `${heading} – ${workspaceName}`,
      heading,
      assets: assets.paths,
      testMode,
      report: reportTo(session, { source: "crmesh", type: "success", ...result }),
    };
    return sendPage(
      reply,
      <ResultPage {...page}>
        <p class="lead">
          <strong>{workspaceName}</strong> can now work with your {provider.name} account
          {connection.accountName && (
            <>
              {" "}
              <strong>{connection.accountName}</strong>
            </>
          )}
          .
        </p>
        <p>You can close this window.</p>
        {session.grant.provider === null && (
          <p class="way-out">
            <a href={paths.home}>See all connections</a>
          </p>
        )}
      </ResultPage>,
    );
  });

  app.get("/:sid/cancel", async (request, reply) => {
    const view = await viewOf(services, request);
    const { session, testMode, workspaceName, paths, hasConnections } = view;
    const back = returnUrl(view);
    if (back !== null) return reply.redirect(withQuery(back, { status: "cancelled" }), 303);
    const page = {
      tone: "neutral" as const,
      title: `Closed – ${workspaceName}`,
      heading: hasConnections ? "All done" : "Nothing was connected",
      assets: assets.paths,
      testMode,
      report: reportTo(session, { source: "crmesh", type: "exit" }),
    };
    return sendPage(
      reply,
      <ResultPage {...page}>
        <p class="lead">You can close this window and go back to {workspaceName}.</p>
        <p class="way-out">
          <a href={paths.home}>Back to Connect</a>
        </p>
      </ResultPage>,
    );
  });
}

function reportTo({ openerOrigin }: ConnectSession, message: ReportMessage) {
  return openerOrigin === null ? null : { openerOrigin, message };
}
