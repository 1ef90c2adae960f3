import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { GRAPHQL_DOCUMENT_CODES } from "../../errors/catalogue.js";
import type { AnswerForm } from "../../errors/answer-form.js";
import { CrmError, invalidInput, refusedRequest } from "../../errors/crm-error.js";
import { errorExtensions } from "../../errors/format.js";
import { StoreRejectedError, StoreUnavailableError } from "../../store/faults.js";
import { boundExceeded, type Bounds } from "../operation/bounds.js";

/** Seconds that a caller is told to wait when the store is down. */
const STORE_RETRY_S = 5;

/** Apollo's message about introspection tells callers about a class of its library. */
const INTROSPECTION_DISABLED = "INTROSPECTION_DISABLED";
const INTROSPECTION_OFF =
  "Introspection is off on this server. Its operator can turn it on with CRMESH_INTROSPECTION=on.";

/** Characters of a message. Messages about a document repeat its names, which can be as long as the document. */
const MAX_MESSAGE_LENGTH = 500;

/** Codes of Apollo's own refusals: requests without a query, refused methods, unknown operation names. */
const REQUEST_FAULT_CODES = new Set(["BAD_REQUEST", "OPERATION_RESOLUTION_FAILURE", "PERSISTED_QUERY_NOT_SUPPORTED"]);

/** Wraps an error in the form that graphql-js and Apollo pass on. */
export function asGraphQLError(error: Error): GraphQLError {
  return new GraphQLError(error.message, { originalError: error });
}

/** Returns the catalogue's error for anything that was thrown: INTERNAL_ERROR for an unexpected error. */
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

/** Whether this is an error about the document. Such an error keeps GraphQL's own code and message. */
export function isDocumentError({ extensions, originalError }: GraphQLError): boolean {
  return GRAPHQL_DOCUMENT_CODES.has(String(extensions["code"])) && !(originalError instanceof CrmError);
}

/** Returns Apollo's `formatError` hook, which gets every error of an operation. */
export function errorFormatter(
  bounds: Bounds,
  form: AnswerForm,
): (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError {
  return (formatted, thrown) => {
    // The parser of graphql-js enforces this bound, and stops there.
    const hasTooManyTokens = /Document contains more tha[nt] \d+ tokens/.test(formatted.message);
    return formatGraphQLError(formatted, hasTooManyTokens ? boundExceeded(bounds, "tokens", null) : thrown, form);
  };
}

/**
 * Turns an error of an operation into the documented form. Messages, stacks and values of unexpected errors stay inside
 * the process.
 */
export function formatGraphQLError(
  formatted: GraphQLFormattedError,
  thrown: unknown,
  form: AnswerForm,
): GraphQLFormattedError {
  const where = {
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  };
  if (thrown instanceof GraphQLError && isDocumentError(thrown)) {
    const code = String(thrown.extensions["code"]);
    const isIntrospection = thrown.extensions["validationErrorCode"] === INTROSPECTION_DISABLED;
    const message = isIntrospection ? INTROSPECTION_OFF : shortened(formatted.message);
    return { message, ...where, extensions: form.hinted({ code, http: { status: 400 } }) };
  }
  const error = toCrmError(thrown);
  return { message: error.message, ...where, extensions: form.hinted(errorExtensions(error)) };
}

/** Unwraps an error. graphql-js wraps it once for its place in the document and once for its place in the answer. */
function causeOf(thrown: unknown): unknown {
  let error = thrown;
  while (error instanceof GraphQLError && error.originalError) error = error.originalError;
  return error;
}

/** The error for a request that Apollo refuses before it executes anything. A method that HTTP refuses keeps its status. */
function requestFault({ message, extensions }: GraphQLError): CrmError | null {
  const { status = 200 } = (extensions["http"] ?? {}) as { status?: number };
  const isRefusal = status >= 400 && status < 500;
  if (!isRefusal && !REQUEST_FAULT_CODES.has(String(extensions["code"]))) return null;
  return refusedRequest(isRefusal ? status : 400, { request: shortened(message) });
}

/** The error for an argument that graphql-js refuses during execution, such as a nullable variable for a non-null argument. */
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
