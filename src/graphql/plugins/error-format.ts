import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { GRAPHQL_DOCUMENT_CODES } from "../../errors/catalogue.js";
import { CrmError, invalidInput } from "../../errors/crm-error.js";
import { errorExtensions } from "../../errors/format.js";
import { StoreRejectedError, StoreUnavailableError } from "../../store/faults.js";

/** Seconds after which a store that is down is worth another try. */
const STORE_RETRY_S = 5;

/** The catalogue's word for anything that was thrown; INTERNAL_ERROR for what nobody foresaw. */
export function toCrmError(thrown: unknown): CrmError {
  const error = thrown instanceof GraphQLError && thrown.originalError ? thrown.originalError : thrown;
  if (error instanceof CrmError) return error;
  if (error instanceof StoreUnavailableError) {
    return new CrmError(
      "SERVICE_UNAVAILABLE",
      { detail: "The store cannot be reached.", retryAfter: STORE_RETRY_S },
      { cause: error },
    );
  }
  if (error instanceof StoreRejectedError) return invalidInput({ input: "A value is not one that can be stored." });
  return new CrmError("INTERNAL_ERROR", {}, { cause: error });
}

/**
 * Turns every error of an operation into the one documented form. Nothing else leaves: messages, stacks and values of
 * errors that nobody foresaw stay inside.
 */
export function formatGraphQLError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const code = String(formatted.extensions?.["code"] ?? "");
  const where = {
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  };
  if (GRAPHQL_DOCUMENT_CODES.has(code)) {
    return { message: formatted.message, ...where, extensions: { code, http: { status: 400 } } };
  }
  const error = isRequestFault(code, thrown) ? invalidInput({ request: formatted.message }) : toCrmError(thrown);
  return { message: error.message, ...where, extensions: { ...errorExtensions(error) } };
}

/** Apollo's own refusals: requests without a query, forbidden methods, unknown operation names. */
function isRequestFault(code: string, thrown: unknown): boolean {
  const ofApollo =
    code === "BAD_REQUEST" || code === "OPERATION_RESOLUTION_FAILURE" || code === "PERSISTED_QUERY_NOT_SUPPORTED";
  return ofApollo && !(thrown instanceof GraphQLError && thrown.originalError instanceof CrmError);
}
