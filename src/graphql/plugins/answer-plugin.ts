import type { ApolloServerPlugin } from "@apollo/server";
import { OperationTypeNode, type GraphQLError, type GraphQLFormattedError } from "graphql";
import type { CrmError } from "../../errors/crm-error.js";
import type { Logger } from "../../observability/logger.js";
import type { AnswerForm } from "../../errors/answer-form.js";
import { failureFacts, isProviderFailure } from "../../errors/failure-facts.js";
import type { OperationContext } from "../operation/context.js";
import type { PriceValue } from "../operation/price/price.js";
import { formatGraphQLError, isDocumentError, toCrmError } from "./error-format.js";

/** The answer about an operation that is only priced. */
export interface PricedAnswer extends PriceValue {
  /** The error with which the operation would be refused. Null if it would be executed. */
  refused: GraphQLFormattedError | null;
}

/** Failures of one operation that are logged. A page of records can have the same failure a thousand times. */
const MAX_LOGGED = 10;

/**
 * Adds to an answer what is not data: the HTTP status (set here and nowhere else), the media type, the request id in every
 * error, the hint of a successful create, and the price and the upstream calls if the caller asked for them.
 */
export function answerPlugin(logger: Logger, form: AnswerForm): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue }) {
          noteFailures(logger, errors, contextValue);
        },
        async willSendResponse({ request, response, contextValue, operation }) {
          if (response.body.kind !== "single") return;
          const result = response.body.singleResult;
          const { budget, unshown } = contextValue;
          logFailures(
            logger,
            unshown.map((error) => ({ error, path: undefined })),
            contextValue,
          );
          noteProviderFailures(unshown, contextValue);
          if (budget?.exceeded) {
            const refusal = formatGraphQLError({ message: "" }, budget.exceeded, form);
            // A query is refused as a whole. A mutation keeps its data, because the data says what was written.
            if (operation?.operation === OperationTypeNode.QUERY)
              Object.assign(result, { data: null, errors: [refusal] });
            else result.errors = [...(result.errors ?? []), refusal];
          }
          const type = form.type(request.http?.headers.get("accept"));
          // Without a type, Apollo refuses the request with 406.
          if (type !== null) response.http.headers.set("content-type", type);
          const head = form.head(result.data, result.errors, type ?? undefined);
          response.http.status = head.status;
          if (head.retryAfter !== undefined) response.http.headers.set("retry-after", String(head.retryAfter));
          if (result.errors) {
            result.errors = result.errors.map((error) => ({
              ...error,
              extensions: { ...error.extensions, ...contextValue.record.ids },
            }));
          }
          contextValue.record.noteErrors((result.errors ?? []).map(({ extensions }) => String(extensions?.["code"])));
          const extensions = {
            // The errors have statuses of their own, and an answer must not claim two at once.
            ...(contextValue.created && !result.errors ? form.hinted({ http: { status: 201 } }) : {}),
            ...priceOf(contextValue, form),
            ...(contextValue.traceCalls ? { calls: contextValue.calls } : {}),
          };
          if (Object.keys(extensions).length > 0) result.extensions = { ...result.extensions, ...extensions };
        },
      };
    },
  };
}

/** The price, if the caller asked for it. An operation that is only priced also says why it would be refused. */
function priceOf(
  { price, refusal, showPrice, priceOnly }: OperationContext,
  form: AnswerForm,
): { price?: PricedAnswer | PriceValue } {
  if (!price) return {};
  if (priceOnly)
    return { price: { ...price.value, refused: refusal && formatGraphQLError({ message: "" }, refusal, form) } };
  return showPrice ? { price: price.value } : {};
}

/** Logs and notes the errors of an operation, unless they are about its document. */
export function noteFailures(logger: Logger, errors: readonly GraphQLError[], context: OperationContext): void {
  const failures = errors
    .filter((thrown) => !isDocumentError(thrown))
    .map((thrown) => ({ error: toCrmError(thrown), path: thrown.path }));
  logFailures(logger, failures, context);
  noteProviderFailures(
    failures.map(({ error }) => error),
    context,
  );
}

/** Notes the errors that a CRM caused in the record of the request, which counts them by kind. */
function noteProviderFailures(errors: readonly CrmError[], { record }: OperationContext): void {
  for (const error of errors) if (isProviderFailure(error)) record.noteFailedField(failureFacts(error));
}

/** Logs failures that neither the caller nor the CRM caused. */
function logFailures(
  logger: Logger,
  all: readonly { error: CrmError; path: GraphQLError["path"] }[],
  { scope, record }: OperationContext,
): void {
  const { ids } = record;
  const failures = all
    .filter(({ error }) => error.code === "INTERNAL_ERROR" || error.code === "SERVICE_UNAVAILABLE")
    // A read that stopped because its caller hung up did not fail.
    .filter(({ error }) => !scope.signal.aborted || error.cause !== undefined);
  // Full queues and times that are over are expected under load. Nobody has to fix them, and they have no cause to show.
  const unserved = failures.filter(({ error }) => error.code === "SERVICE_UNAVAILABLE" && error.cause === undefined);
  if (unserved.length > 0) {
    const { detail, provider } = unserved[0]!.error.details;
    logger.warn({ ...ids, failures: unserved.length, detail, provider }, "Operation not served");
  }
  const broken = failures.filter(({ error }) => error.code === "INTERNAL_ERROR" || error.cause !== undefined);
  for (const { error, path } of broken.slice(0, MAX_LOGGED)) {
    logger.error({ ...ids, path, err: error.cause ?? error }, "Request failed");
  }
  if (broken.length > MAX_LOGGED) {
    logger.error({ ...ids, failures: broken.length }, "Request failed in more places");
  }
}
