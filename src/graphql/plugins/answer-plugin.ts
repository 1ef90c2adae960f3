import type { ApolloServerPlugin } from "@apollo/server";
import type { Logger } from "../../observability/logger.js";
import { answerHead } from "../../errors/http-status.js";
import type { OperationContext } from "../operation/context.js";
import { toCrmError } from "./error-format.js";

/**
 * What an answer carries beside its data: the HTTP status (set here and nowhere else), the request id in every error, the
 * hint of a successful create, and the upstream calls where they were asked for.
 */
export function answerPlugin(logger: Logger): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue }) {
          for (const thrown of errors) {
            if (thrown.extensions["code"] !== undefined && !thrown.originalError) continue;
            const error = toCrmError(thrown);
            if (error.code !== "INTERNAL_ERROR" && error.code !== "SERVICE_UNAVAILABLE") continue;
            // A read that stopped because its caller hung up is no failure.
            if (contextValue.scope.signal.aborted && error.cause === undefined) continue;
            logger.error(
              { requestId: contextValue.scope.requestId, path: thrown.path, err: error.cause ?? error },
              "Request failed",
            );
          }
        },
        async willSendResponse({ response, contextValue }) {
          if (response.body.kind !== "single") return;
          const result = response.body.singleResult;
          const head = answerHead(result.data, result.errors);
          response.http.status = head.status;
          if (head.retryAfter !== undefined) response.http.headers.set("retry-after", String(head.retryAfter));
          if (result.errors) {
            result.errors = result.errors.map((error) => ({
              ...error,
              extensions: { ...error.extensions, requestId: contextValue.scope.requestId },
            }));
          }
          const extensions = {
            ...(contextValue.created ? { http: { status: 201 } } : {}),
            ...(contextValue.traceCalls ? { calls: contextValue.calls } : {}),
          };
          if (Object.keys(extensions).length > 0) result.extensions = { ...result.extensions, ...extensions };
        },
      };
    },
  };
}
