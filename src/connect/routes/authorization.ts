import type { FastifyInstance, FastifyRequest } from "fastify";
import { CrmError } from "../../errors/crm-error.js";
import type { Provider } from "../../providers/contract/contract.js";
import { AuthorizationDeclinedError } from "../../providers/oauth/authorization.js";
import { operationOf } from "../operation.js";
import { noteFailure, type ConnectServices } from "../services.js";
import type { Notice } from "../redirect-notices.js";
import { ConnectPageError } from "../page-error.js";
import { problemOf } from "../problem.js";
import { SessionView, slugOf, viewOf } from "../session-view.js";

/** Redirects to the CRM's consent page, and takes the callback. */
export function authorizationRoutes(app: FastifyInstance, services: ConnectServices): void {
  const { options, attempts, sessions, notices, submissions } = services;
  const { connect } = options;

  app.get("/:sid/:provider/authorize", { exposeHeadRoute: false }, async (request, reply) => {
    const view = await viewOf(services, request);
    const { session, paths } = view;
    await submissions.count(session);
    const provider = view.provider(slugOf(request));
    const { server, answer } = request.query as { server?: unknown; answer?: unknown };
    try {
      const operation = operationOf(request, options);
      const choice = {
        ...(typeof server === "string" ? { serverId: server } : {}),
        ...(typeof answer === "string" ? { answer } : {}),
      };
      const { url, attempt } = await connect.authorize(session.grant, provider.slug, choice, operation);
      await attempts.keep(reply, { session, attempt });
      return reply.redirect(url, 303);
    } catch (error) {
      const notice = badNotice(error, provider, request);
      return reply.redirect(await notices.attach(paths.provider(provider.slug), session.sid, notice), 303);
    }
  });

  app.get("/callback/:provider", { exposeHeadRoute: false }, async (request, reply) => {
    const query = new URLSearchParams(request.raw.url!.split("?")[1] ?? "");
    const pending = await attempts.take(request, reply, query.get("state") ?? "");
    if (!pending || pending.attempt.provider !== slugOf(request)) throw notSentFromHere();
    const { session, attempt } = pending;
    const view = await SessionView.in(request, session, connect);
    const provider = view.provider(attempt.provider);
    // The end user may have spent a long time at the CRM: extend the session.
    await sessions.keep(reply, session);
    try {
      await connect.completeAuthorization(session.grant, attempt, query, operationOf(request, options));
    } catch (error) {
      const isDeclined = error instanceof AuthorizationDeclinedError;
      const notice = isDeclined ? declined(provider) : badNotice(error, provider, request);
      return reply.redirect(await notices.attach(view.paths.provider(provider.slug), session.sid, notice), 303);
    }
    return reply.redirect(view.paths.done(provider.slug), 303);
  });

  /** Turns a CrmError into a notice. Rethrows other errors, which are bugs, to the error handler. */
  function badNotice(error: unknown, provider: Provider, request: FastifyRequest): Notice {
    if (!(error instanceof CrmError)) throw error;
    noteFailure(services, request, error);
    return problemOf(error, provider).notice;
  }
}

function declined({ name }: Provider): Notice {
  return {
    tone: "neutral",
    heading: `You did not give access to ${name}`,
    text: "Nothing was connected. You can try again, or cancel.",
    detail: null,
  };
}

function notSentFromHere(): ConnectPageError {
  return new ConnectPageError(
    400,
    "This did not start in this browser, or it took too long",
    "Nothing was connected. You need to finish in the same browser, within ten minutes. " +
      "Go back to the app you came from and start again there.",
  );
}
