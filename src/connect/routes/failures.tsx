import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CrmError } from "../../errors/crm-error.js";
import { sendPage } from "../page-reply.js";
import { noteFailure, type ConnectServices } from "../services.js";
import { ConnectPageError } from "../page-error.js";
import { ResultPage } from "../pages/result-page.js";

const GO_BACK = "Go back to the app you came from and try again there.";

export function nothingHere(): ConnectPageError {
  return new ConnectPageError(404, "There is nothing here", `The address may be incomplete. ${GO_BACK}`);
}

/** Shows every error as a page. Unexpected errors are logged, and their page gives no details. */
export function failurePages(app: FastifyInstance, services: ConnectServices): void {
  const { assets } = services;
  app.setErrorHandler((thrown: FastifyError | Error, request: FastifyRequest, reply) =>
    sendFailure(reply, pageErrorOf(thrown, request)),
  );
  app.setNotFoundHandler((_request, reply) => sendFailure(reply, nothingHere()));

  function sendFailure(reply: FastifyReply, error: ConnectPageError): FastifyReply {
    const { report = null, retryAfterS, requestId } = error.options;
    if (retryAfterS !== undefined) void reply.header("retry-after", String(retryAfterS));
    const { heading, status } = error;
    const tone = status >= 500 ? ("bad" as const) : ("warning" as const);
    const page = { tone, title: heading, heading, assets: assets.paths, report, hasPromise: false };
    return sendPage(
      reply,
      <ResultPage {...page}>
        <p class="lead">{error.text}</p>
        {requestId && (
          <p class="fine-print">
            If you ask for help, quote this reference: <code>{requestId}</code>
          </p>
        )}
      </ResultPage>,
      status,
    );
  }

  function pageErrorOf(thrown: FastifyError | Error, request: FastifyRequest): ConnectPageError {
    if (thrown instanceof ConnectPageError) return thrown;
    const status = "statusCode" in thrown ? (thrown.statusCode ?? 500) : 500;
    if (status >= 400 && status < 500 && !(thrown instanceof CrmError)) {
      return new ConnectPageError(status, "This form could not be read", `Nothing was changed. ${GO_BACK}`);
    }
    if (thrown instanceof CrmError && thrown.code !== "INTERNAL_ERROR") return ofCrmError(thrown, request);
    noteFailure(services, request, new CrmError("INTERNAL_ERROR", {}, { cause: thrown }));
    return new ConnectPageError(500, "Something went wrong", `The problem is on our side. ${GO_BACK}`, {
      requestId: request.id,
    });
  }

  function ofCrmError(error: CrmError, request: FastifyRequest): ConnectPageError {
    const { status } = error.definition;
    const { retryAfter } = error.details;
    noteFailure(services, request, error);
    if (error.code === "END_USER_NOT_FOUND") {
      return new ConnectPageError(
        status,
        "This link no longer works",
        `The app no longer has an account for this link. ${GO_BACK}`,
      );
    }
    const heading = status === 503 ? "We are not available right now" : "That did not work";
    return new ConnectPageError(status, heading, `Nothing is lost. ${GO_BACK}`, {
      requestId: request.id,
      ...(retryAfter === undefined ? {} : { retryAfterS: Math.ceil(retryAfter) }),
    });
  }
}
