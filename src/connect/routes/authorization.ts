import type { FastifyInstance, FastifyRequest } from "fastify";
import { CrmError } from "../../errors/crm-error.js";
import type { Provider } from "../../providers/contract/contract.js";
import { AuthorizationDeclinedError } from "../../providers/oauth/authorization.js";
import { noteFailure, slugOf, visitOf, type Desk } from "../desk.js";
import type { Notice } from "../notices.js";
import { ConnectPageError } from "../page-error.js";
import { problemOf } from "../problem.js";
import { operationOf, Visit } from "../visit.js";

/** The way to the CRM's consent page and back. */
export function authorizationRoutes(app: FastifyInstance, desk: Desk): void {
  const { options, attempts, sessions, notices, submissions } = desk;
  const { connect } = options;

  app.get("/:sid/:provider/authorize", { exposeHeadRoute: false }, async (request, reply) => {
    const visit = await visitOf(desk, request);
    const { session, links } = visit;
    await submissions.count(session);
    const provider = visit.provider(slugOf(request));
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
      return reply.redirect(await notices.attach(links.provider(provider.slug), session.sid, notice), 303);
    }
  });

  app.get("/callback/:provider", { exposeHeadRoute: false }, async (request, reply) => {
    const query = new URLSearchParams(request.raw.url!.split("?")[1] ?? "");
    const pending = await attempts.take(request, reply, query.get("state") ?? "");
    if (!pending || pending.attempt.provider !== slugOf(request)) throw notSentFromHere();
    const { session, attempt } = pending;
    const visit = await Visit.in(session, connect);
    const provider = visit.provider(attempt.provider);
    // Whoever took long at the CRM must not find the session over on coming back.
    await sessions.keep(reply, session);
    try {
      await connect.completeAuthorization(session.grant, attempt, query, operationOf(request, options));
    } catch (error) {
      const isDeclined = error instanceof AuthorizationDeclinedError;
      const notice = isDeclined ? declined(provider) : badNotice(error, provider, request);
      return reply.redirect(await notices.attach(visit.links.provider(provider.slug), session.sid, notice), 303);
    }
    return reply.redirect(visit.links.done(provider.slug), 303);
  });

  /** What is no CRM's failure is a bug and goes on to the error handler. */
  function badNotice(error: unknown, provider: Provider, request: FastifyRequest): Notice {
    if (!(error instanceof CrmError)) throw error;
    noteFailure(desk, request, error);
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
    "We cannot match this answer to your request",
    "You must start and finish giving access in the same browser, within ten minutes. Nothing was connected. " +
      "Go back to the app you came from and start again there.",
  );
}
