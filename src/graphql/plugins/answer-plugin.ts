import type { ApolloServerPlugin } from "@apollo/server";
import { OperationTypeNode, type GraphQLError } from "graphql";
import type { Logger } from "../../observability/logger.js";
import { answerHead } from "../../errors/http-status.js";
import type { OperationContext } from "../operation/context.js";
import { formatGraphQLError, isDocumentError, toCrmError } from "./error-format.js";

/** Failures of one operation that are logged; a page of records can hold the same one a thousand times. */
const MAX_LOGGED = 10;

/**
 * What an answer carries beside its data: the HTTP status (set here and nowhere else), the request id in every error, the
 * hint of a successful create, and the upstream calls where the caller asks for them.
 */
export function answerPlugin(logger: Logger): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue }) {
          logFailures(logger, errors, contextValue);
        },
        async willSendResponse({ response, contextValue, operation }) {
          if (response.body.kind !== "single") return;
          const result = response.body.singleResult;
          const { budget } = contextValue;
          if (budget?.exceeded) {
            const refusal = formatGraphQLError({ message: "" }, budget.exceeded);
            // A query is refused as a whole. A mutation's data stays, as it says what was written.
            if (operation?.operation === OperationTypeNode.QUERY)
              Object.assign(result, { data: null, errors: [refusal] });
            else result.errors = [...(result.errors ?? []), refusal];
          }
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

/** Logs what is neither the caller's fault nor the CRM's. */
function logFailures(logger: Logger, errors: readonly GraphQLError[], { scope }: OperationContext): void {
  const failures = errors
    .filter((thrown) => !isDocumentError(thrown))
    .map((thrown) => ({ error: toCrmError(thrown), path: thrown.path }))
    .filter(({ error }) => error.code === "INTERNAL_ERROR" || error.code === "SERVICE_UNAVAILABLE")
    // A read that stopped because its caller hung up is no failure.
    .filter(({ error }) => !scope.signal.aborted || error.cause !== undefined);
  for (const { error, path } of failures.slice(0, MAX_LOGGED)) {
    logger.error({ requestId: scope.requestId, path, err: error.cause ?? error }, "Request failed");
  }
  if (failures.length > MAX_LOGGED) {
    logger.error({ requestId: scope.requestId, failures: failures.length }, "Request failed in more places");
  }
}
