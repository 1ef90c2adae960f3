import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { GRAPHQL_DOCUMENT_CODES } from "../../errors/catalogue.js";
import { CrmError, invalidInput } from "../../errors/crm-error.js";
import { errorExtensions } from "../../errors/format.js";
import { StoreRejectedError, StoreUnavailableError } from "../../store/faults.js";
import { boundExceeded, type Bounds } from "../operation/bounds.js";

/** Seconds after which callers should retry if the store is down. */
const STORE_RETRY_S = 5;

/** The most characters of a message about a document. Such messages repeat names, which can be as long as the document. */
const MAX_MESSAGE_LENGTH = 500;

/** Codes with which Apollo refuses a request, e.g. without a query or with an unknown operation name. */
const REQUEST_FAULT_CODES = new Set(["BAD_REQUEST", "OPERATION_RESOLUTION_FAILURE", "PERSISTED_QUERY_NOT_SUPPORTED"]);

/** Wraps an error in the form that graphql-js and Apollo pass on. */
export function asGraphQLError(error: Error): GraphQLError {
  return new GraphQLError(error.message, { originalError: error });
}

/** Turns any thrown value into an error of the catalogue. Unexpected values become INTERNAL_ERROR. */
export function toCrmError(thrown: unknown): CrmError {
  const error = causeOf(thrown);
  if (error instanceof CrmError) return error;
  if (error instanceof StoreUnavailableError) {
    return new CrmError(
      "SERVICE_UNAVAILABLE",
      { detail: "crmesh cannot reach its database.", retryAfter: STORE_RETRY_S },
      { cause: error },
    );
  }
  if (error instanceof StoreRejectedError)
    return invalidInput({ input: "The database cannot store one of the values, e.g. text with NUL characters." });
  if (error instanceof GraphQLError) {
    const refusal = requestFault(thrown as GraphQLError) ?? argumentFault(error);
    if (refusal) return refusal;
  }
  return new CrmError("INTERNAL_ERROR", {}, { cause: error });
}

/** Whether an error is about the document. Such an error keeps the code and message of GraphQL. */
export function isDocumentError({ extensions, originalError }: GraphQLError): boolean {
  return GRAPHQL_DOCUMENT_CODES.has(String(extensions["code"])) && !(originalError instanceof CrmError);
}

/** Makes the hook that Apollo calls for every error of an operation. */
export function errorFormatter(
  bounds: Bounds,
): (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError {
  return (formatted, thrown) => {
    // The parser itself stops at the bound of the tokens, with its own error.
    const hasTooManyTokens = /Document contains more tha[nt] \d+ tokens/.test(formatted.message);
    return formatGraphQLError(formatted, hasTooManyTokens ? boundExceeded(bounds, "tokens", null) : thrown);
  };
}

/**
 * Turns an error of an operation into the documented form. Messages, stacks and values of unexpected errors never leave
 * the process.
 */
export function formatGraphQLError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const where = {
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  };
  if (thrown instanceof GraphQLError && isDocumentError(thrown)) {
    const code = String(thrown.extensions["code"]);
    return { message: shortened(formatted.message), ...where, extensions: { code, http: { status: 400 } } };
  }
  const error = toCrmError(thrown);
  const extensions = errorExtensions(error);
  // Refusals of a method or a media type keep their HTTP status.
  const status = error.code === "INVALID_INPUT" ? refusedStatus(thrown) : null;
  return {
    message: error.message,
    ...where,
    extensions: { ...extensions, ...(status === null ? {} : { http: { status } }) },
  };
}

/** Unwraps an error. graphql-js wraps it once for its place in the document and once for its place in the answer. */
function causeOf(thrown: unknown): unknown {
  let error = thrown;
  while (error instanceof GraphQLError && error.originalError) error = error.originalError;
  return error;
}

/** Returns the HTTP status with which Apollo refuses a request before it executes the operation. */
function refusedStatus(thrown: unknown): number | null {
  const { status } = ((thrown as Partial<GraphQLError> | null)?.extensions?.["http"] ?? {}) as { status?: number };
  return status !== undefined && status >= 400 && status < 500 ? status : null;
}

/** Returns the error for a request that Apollo refuses before it executes the operation. */
function requestFault(error: GraphQLError): CrmError | null {
  if (refusedStatus(error) === null && !REQUEST_FAULT_CODES.has(String(error.extensions["code"]))) return null;
  return invalidInput({ request: shortened(error.message) });
}

/** Returns the error for an argument that graphql-js rejects during execution, e.g. a null variable for a required argument. */
function argumentFault({ message }: GraphQLError): CrmError | null {
  const name = /^(?:Argument|Variable) "\$?(\w+)" /.exec(message)?.[1];
  if (name === undefined) return null;
  return invalidInput({
    [name]: / must not be null/.test(message) ? "This must not be null." : "This is not a valid value.",
  });
}

function shortened(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH ? message : `${message.slice(0, MAX_MESSAGE_LENGTH)}…`;
}
