import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { GRAPHQL_DOCUMENT_CODES } from "../../errors/catalogue.js";
import { CrmError, invalidInput } from "../../errors/crm-error.js";
import { errorExtensions } from "../../errors/format.js";
import { StoreRejectedError, StoreUnavailableError } from "../../store/faults.js";
import { boundExceeded, type Bounds } from "../operation/bounds.js";

/** Seconds after which a store that is down is worth another try. */
const STORE_RETRY_S = 5;

/** Messages about a document repeat its names, which can be as long as the document. */
const MAX_MESSAGE_LENGTH = 500;

/** Codes of Apollo's own refusals: requests without a query, forbidden methods, unknown operation names. */
const REQUEST_FAULT_CODES = new Set(["BAD_REQUEST", "OPERATION_RESOLUTION_FAILURE", "PERSISTED_QUERY_NOT_SUPPORTED"]);

/** The form in which graphql-js and Apollo take an error that they are to pass on. */
export function asGraphQLError(error: Error): GraphQLError {
  return new GraphQLError(error.message, { originalError: error });
}

/** The catalogue's error for anything that was thrown; INTERNAL_ERROR for what nobody foresaw. */
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

/** Whether it is an error about the document, which keeps GraphQL's own code and message. */
export function isDocumentError({ extensions, originalError }: GraphQLError): boolean {
  return GRAPHQL_DOCUMENT_CODES.has(String(extensions["code"])) && !(originalError instanceof CrmError);
}

/** Apollo's hook that every error of an operation passes. */
export function errorFormatter(
  bounds: Bounds,
): (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError {
  return (formatted, thrown) => {
    // The parser has a bound of its own, and stops there.
    const hasTooManyTokens = /Document contains more tha[nt] \d+ tokens/.test(formatted.message);
    return formatGraphQLError(formatted, hasTooManyTokens ? boundExceeded(bounds, "tokens", null) : thrown);
  };
}

/**
 * Turns an error of an operation into the one documented form. Nothing else leaves: messages, stacks and values of
 * errors that nobody foresaw stay inside.
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
  // A method or a media type that HTTP refuses keeps its status.
  const status = error.code === "INVALID_INPUT" ? refusedStatus(thrown) : null;
  return {
    message: error.message,
    ...where,
    extensions: { ...extensions, ...(status === null ? {} : { http: { status } }) },
  };
}

/** graphql-js wraps an error once for its place in the document and once for its place in the answer. */
function causeOf(thrown: unknown): unknown {
  let error = thrown;
  while (error instanceof GraphQLError && error.originalError) error = error.originalError;
  return error;
}

/** The status of what Apollo refuses before it executes anything. */
function refusedStatus(thrown: unknown): number | null {
  const { status } = ((thrown as Partial<GraphQLError> | null)?.extensions?.["http"] ?? {}) as { status?: number };
  return status !== undefined && status >= 400 && status < 500 ? status : null;
}

/** What Apollo refuses before it executes anything. */
function requestFault(error: GraphQLError): CrmError | null {
  if (refusedStatus(error) === null && !REQUEST_FAULT_CODES.has(String(error.extensions["code"]))) return null;
  return invalidInput({ request: shortened(error.message) });
}

/** What graphql-js finds when it executes: a variable that may be null in the place of an argument that may not, for example. */
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
