import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CrmError } from "../../errors/crm-error.js";
import { sendPage, type Desk } from "../desk.js";
import { ConnectPageError } from "../page-error.js";
import { ResultPage } from "../pages/result-page.js";

const GO_BACK = "Go back to the app you came from and try again there.";

export function nothingHere(): ConnectPageError {
  return new ConnectPageError(404, "There is nothing here", `The address may be incomplete. ${GO_BACK}`);
}

/** Whatever is thrown becomes a page; what nobody foresaw is logged and says nothing of itself. */
export function failurePages(app: FastifyInstance, { options, assets }: Desk): void {
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
    options.logger.error({ requestId: request.id, err: thrown }, "Connect failed");
    return new ConnectPageError(500, "Something went wrong", `The fault is on our side. ${GO_BACK}`, {
      requestId: request.id,
    });
  }

  function ofCrmError(error: CrmError, { id }: FastifyRequest): ConnectPageError {
    const { status, origin } = error.definition;
    const { retryAfter } = error.details;
    // A fault of the end user or of the CRM is none of ours, and must not fill the log with errors.
    if (origin === "GATEWAY" && error.cause !== undefined)
      options.logger.error({ requestId: id, err: error }, "Connect failed");
    if (error.code === "END_USER_NOT_FOUND") {
      return new ConnectPageError(
        status,
        "This link no longer works",
        `The app no longer has an account for this link. ${GO_BACK}`,
      );
    }
    const heading = status === 503 ? "We are not available at the moment" : "That did not work";
    return new ConnectPageError(status, heading, `Nothing is lost. ${GO_BACK}`, {
      requestId: id,
      ...(retryAfter === undefined ? {} : { retryAfterS: Math.ceil(retryAfter) }),
    });
  }
}
