import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { refusedRequest, type CrmError } from "../errors/crm-error.js";
import { errorBody } from "../errors/format.js";
import { DIRECT_FORM, type AnswerForm } from "../errors/answer-form.js";
import { JSON_TYPE } from "../errors/media-type.js";
import { toCrmError } from "../graphql/plugins/error-format.js";
import type { Logger } from "../observability/logger.js";
import type { RequestIdFields } from "../observability/request-record.js";

/** Headers of every answer that is JSON: it can hold personal data, and no browser may take it for a page or a script. */
export const ANSWER_HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

declare module "fastify" {
  interface FastifyContextConfig {
    /** The form of the answers of a GraphQL route. */
    answerForm?: AnswerForm;
  }
}

/**
 * Answers an error that came before GraphQL, in the form and the media type that GraphQL's own answers have.
 * @param isMalformed true if HTTP itself refuses the request, whose status then is HTTP's own in every form
 */
export function replyWithError(reply: FastifyReply, error: CrmError, isMalformed = false): FastifyReply {
  const { headers, routeOptions, record } = reply.request;
  record.noteErrors([error.code]);
  const form = routeOptions.config.answerForm ?? DIRECT_FORM;
  const { message, extensions } = errorBody(error, record.ids);
  const body = { message, extensions: form.hinted(extensions) };
  const { status, retryAfter } = (isMalformed ? DIRECT_FORM : form).head(undefined, [{ extensions }]);
  if (retryAfter !== undefined) void reply.header("retry-after", String(retryAfter));
  return reply
    .code(status)
    .headers(ANSWER_HEADERS)
    .type(form.type(headers.accept) ?? JSON_TYPE)
    .send(JSON.stringify({ errors: [body] }));
}

/**
 * Logs the cause of a failure of crmesh itself, such as a bug or a store that is down, because no answer contains it. A
 * refusal is logged at `debug` only: its answer says everything, and callers must not be able to fill the log.
 */
export function logFailure(logger: Logger, { code, definition, cause }: CrmError, ids: RequestIdFields): void {
  if (definition.origin !== "GATEWAY") logger.debug({ ...ids, code }, "Request refused");
  else if (cause !== undefined) logger.error({ ...ids, code, err: cause }, "Request failed");
}

/** Fastify's error handler: it gets Fastify's own refusals of a body, and every error that a route or a hook throws. */
export function errorHandler(logger: Logger) {
  return (thrown: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined => {
    const { statusCode } = thrown;
    // The caller left while the answer was compressed, so that nobody can get another one.
    if (thrown.code === "ERR_STREAM_PREMATURE_CLOSE" && reply.raw.destroyed) return undefined;
    const isRefusal = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
    const error = isRefusal ? refusedRequest(statusCode, { body: bodyProblem(thrown) }) : toCrmError(thrown);
    logFailure(logger, error, request.record.ids);
    return replyWithError(reply, error, isRefusal);
  };
}

/** Words the problem anew, because Fastify's messages can quote the body. */
function bodyProblem({ statusCode, code }: FastifyError): string {
  if (statusCode === 413) return "The request body is too large. Send less in one request.";
  if (statusCode === 415) return "The request body must be sent as application/json.";
  if (code === "FST_ERR_CTP_EMPTY_JSON_BODY") return "The request body is empty. Send a JSON object with `query`.";
  return "The request body is not valid JSON.";
}
