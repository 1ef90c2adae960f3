import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CrmError } from "../../errors/crm-error.js";
import type { Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import { FormGuard } from "../form-guard.js";
import { operationOf } from "../operation.js";
import { onlyReconnect } from "../page-error.js";
import { sendPage } from "../page-reply.js";
import { noteFailure, type ConnectServices } from "../services.js";
import { DisconnectPage } from "../pages/disconnect-page.js";
import { problemOf } from "../problem.js";
import { slugOf, viewOf, type SessionView } from "../session-view.js";

/** Asks for confirmation, then ends a connection. */
export function disconnectRoutes(app: FastifyInstance, services: ConnectServices): void {
  const { options, assets, notices } = services;
  const forms = new FormGuard(services);

  app.get("/:sid/:provider/disconnect", async (request, reply) => {
    const view = await viewOf(services, request);
    const { provider, connection } = connectionOf(view, request);
    if (!connection) return goBack(reply, view, provider);
    const page = { view, provider, connection, notice: null, assets: assets.paths };
    return sendPage(reply, <DisconnectPage {...page} />);
  });

  app.post("/:sid/:provider/disconnect", { onRequest: forms.admit }, async (request, reply) => {
    const view = forms.viewOf(request);
    const { provider, connection } = connectionOf(view, request);
    if (!connection) return goBack(reply, view, provider);
    try {
      await options.connect.disconnect(view.session.grant, connection.id, operationOf(request, options));
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      // Another request has ended the connection already.
      if (error.code === "CONNECTION_NOT_FOUND") return goBack(reply, view, provider);
      noteFailure(services, request, error);
      const { status, notice } = problemOf(error, provider);
      const page = { view, provider, connection, notice, assets: assets.paths };
      return sendPage(reply, <DisconnectPage {...page} />, status);
    }
    return goBack(reply, view, provider);
  });

  function connectionOf(
    view: SessionView,
    request: FastifyRequest,
  ): { provider: Provider; connection: ConnectionRecord | null } {
    const provider = view.provider(slugOf(request));
    if (!view.mayDisconnect) throw onlyReconnect();
    return { provider, connection: view.connectionTo(provider) };
  }

  async function goBack(reply: FastifyReply, { session, paths, ...view }: SessionView, { slug, name }: Provider) {
    const path = session.grant.provider === null ? paths.home : paths.provider(slug);
    const notice = {
      tone: "good" as const,
      heading: `${name} is disconnected`,
      text: `${view.workspaceName} no longer has access to it.`,
      detail: null,
    };
    return reply.redirect(await notices.attach(path, session.sid, notice), 303);
  }
}
