import type { FastifyInstance } from "fastify";
import { appAfterwards } from "../afterwards.js";
import { sendPage, slugOf, visitOf, type Desk } from "../desk.js";
import { withQuery } from "../links.js";
import type { ReportMessage } from "../pages/report.js";
import { ResultPage } from "../pages/result-page.js";
import type { ConnectSession } from "../session.js";

/** The two ends: the app is told by the window that it opened, or gets its end user back with a word in the address. */
export function resultRoutes(app: FastifyInstance, desk: Desk): void {
  const { assets } = desk;

  app.get("/:sid/done/:provider", async (request, reply) => {
    const visit = await visitOf(desk, request);
    const { session, links, testMode, workspaceName } = visit;
    const provider = visit.provider(slugOf(request));
    const connection = visit.connectionTo(provider);
    if (connection?.status !== "ACTIVE") return reply.redirect(links.provider(provider.slug), 303);
    const result = { provider: provider.slug, connectionId: connection.id };
    const back = appAfterwards(session);
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
            <a href={links.home}>See all connections</a>
          </p>
        )}
      </ResultPage>,
    );
  });

  app.get("/:sid/cancel", async (request, reply) => {
    const { session, testMode, workspaceName, links, hasConnections } = await visitOf(desk, request);
    const back = appAfterwards(session);
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
          <a href={links.home}>Back to Connect</a>
        </p>
      </ResultPage>,
    );
  });
}

function reportTo({ openerOrigin }: ConnectSession, message: ReportMessage) {
  return openerOrigin === null ? null : { openerOrigin, message };
}
