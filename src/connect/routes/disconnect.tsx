import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CrmError } from "../../errors/crm-error.js";
import type { Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import { FormVisits, noteFailure, sendPage, slugOf, visitOf, type Desk } from "../desk.js";
import { DisconnectPage } from "../pages/disconnect-page.js";
import { problemOf } from "../problem.js";
import { operationOf, type Visit } from "../visit.js";

/** Asks once more, then ends a connection. */
export function disconnectRoutes(app: FastifyInstance, desk: Desk): void {
  const { options, assets, notices } = desk;
  const visits = new FormVisits(desk);

  app.get("/:sid/:provider/disconnect", async (request, reply) => {
    const visit = await visitOf(desk, request);
    const { provider, connection } = connectionOf(visit, request);
    if (!connection) return goBack(reply, visit, provider);
    const page = { visit, provider, connection, notice: null, assets: assets.paths };
    return sendPage(reply, <DisconnectPage {...page} />);
  });

  app.post("/:sid/:provider/disconnect", { onRequest: visits.admit }, async (request, reply) => {
    const visit = visits.of(request);
    const { provider, connection } = connectionOf(visit, request);
    if (!connection) return goBack(reply, visit, provider);
    try {
      await options.connect.disconnect(visit.session.grant, connection.id, operationOf(request, options));
    } catch (error) {
      // Somebody else was faster: what was wanted is so.
      if (!(error instanceof CrmError)) throw error;
      if (error.code === "CONNECTION_NOT_FOUND") return goBack(reply, visit, provider);
      noteFailure(desk, request, error);
      const { status, notice } = problemOf(error, provider);
      const page = { visit, provider, connection, notice, assets: assets.paths };
      return sendPage(reply, <DisconnectPage {...page} />, status);
    }
    return goBack(reply, visit, provider);
  });

  function connectionOf(
    visit: Visit,
    request: FastifyRequest,
  ): { provider: Provider; connection: ConnectionRecord | null } {
    const provider = visit.provider(slugOf(request));
    return { provider, connection: visit.connectionTo(provider) };
  }

  async function goBack(reply: FastifyReply, { session, links, ...visit }: Visit, { slug, name }: Provider) {
    const path = session.grant.provider === null ? links.home : links.provider(slug);
    const notice = {
      tone: "good" as const,
      heading: `${name} is disconnected`,
      text: `${visit.workspaceName} no longer has access to it.`,
      detail: null,
    };
    return reply.redirect(await notices.attach(path, session.sid, notice), 303);
  }
}
