import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { invalidInput, type CrmError } from "../errors/crm-error.js";
import { errorBody } from "../errors/format.js";
import { answerHead } from "../errors/http-status.js";
import { toCrmError } from "../graphql/plugins/error-format.js";
import type { Logger } from "../observability/logger.js";

/** Answers an error that came before GraphQL, in the same form as GraphQL's. */
export function replyWithError(reply: FastifyReply, error: CrmError, requestId: string): FastifyReply {
  const body = errorBody(error, requestId);
  const head = answerHead(null, [body]);
  if (head.retryAfter !== undefined) void reply.header("retry-after", String(head.retryAfter));
  return reply
    .code(head.status)
    .type("application/json; charset=utf-8")
    .send({ errors: [body] });
}

/**
 * Notes the cause of a failure of ours, which no answer tells: a bug, or a store that is down. A refusal is no failure: the
 * answer tells all about it, and callers must not be able to fill the log with errors.
 */
export function logFailure(logger: Logger, { code, definition, cause }: CrmError, requestId: string): void {
  if (definition.origin !== "GATEWAY") logger.debug({ requestId, code }, "Request refused");
  else if (cause !== undefined) logger.error({ requestId, code, err: cause }, "Request failed");
}

/** Whatever is thrown on the way: the server's own refusals of a body, and what nobody foresaw. */
export function errorHandler(logger: Logger) {
  return (thrown: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const isBadRequest = thrown.statusCode !== undefined && thrown.statusCode >= 400 && thrown.statusCode < 500;
    const error = isBadRequest ? invalidInput({ body: bodyProblem(thrown) }) : toCrmError(thrown);
    logFailure(logger, error, request.id);
    return replyWithError(reply, error, request.id);
  };
}

/** Fastify's messages can quote the body, so they are said anew. */
function bodyProblem({ statusCode, code }: FastifyError): string {
  if (statusCode === 413) return "The request body is too large. Send less in one request.";
  if (statusCode === 415) return "The request body must be sent as application/json.";
  if (code === "FST_ERR_CTP_EMPTY_JSON_BODY") return "The request body is empty. Send a JSON object with `query`.";
  return "The request body is not valid JSON.";
}
