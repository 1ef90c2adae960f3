import type { CrmeshError } from "crmesh/client";

/**
 * What this product does about each error. TypeScript refuses the file if a code of a later version is missing here.
 * The texts that begin with "we" are alarms for the team; the others are shown to the end user.
 */
export function explain(error: CrmeshError): string {
  const crm = error.extensions.provider ?? "the CRM";
  switch (error.code) {
    case "NEEDS_REAUTH":
    case "PROVIDER_AUTH_FAILED":
      return error.extensions.reconnectUrl === undefined
        ? `${crm}: the account lacks a permission`
        : `${crm}: reconnect on ${new URL(error.extensions.reconnectUrl).pathname}`;
    case "CONNECTION_NOT_FOUND":
      return `${crm}: connect it first`;
    case "PROVIDER_RATE_LIMITED":
    case "PROVIDER_UNAVAILABLE":
    case "PROVIDER_ERROR":
    case "CIRCUIT_OPEN":
    case "SERVICE_UNAVAILABLE":
    case "INTERNAL_ERROR":
    case "RATE_LIMITED":
      return error.extensions.outcome === "UNKNOWN"
        ? `${crm}: look whether it was saved before you try again`
        : `${crm}: try again ${error.extensions.retryAfter === undefined ? "later" : `in ${error.extensions.retryAfter} s`}`;
    case "INVALID_INPUT":
    case "MISSING_REQUIRED":
    case "INVALID_DATE_RANGE":
      return Object.entries(error.extensions.errors)
        .map(([input, problem]) => `${input}: ${problem}`)
        .join("; ");
    case "DUPLICATE_RECORD":
      return `${crm}: there is one already (${error.extensions.existingId ?? "unknown id"})`;
    case "CONTACT_NOT_FOUND":
    case "LEAD_NOT_FOUND":
    case "MEETING_NOT_FOUND":
      return `${crm}: it was deleted`;
    case "UNSUPPORTED_RESOURCE":
      return `${crm}: it does not have this`;
    case "CONNECTION_ALREADY_EXISTS":
      return `${crm}: it is connected already`;
    case "INVALID_API_KEY":
    case "FORBIDDEN":
    case "PROVIDER_NOT_FOUND":
    case "END_USER_NOT_FOUND":
    case "MISSING_PROVIDER":
    case "GRAPHQL_PARSE_FAILED":
    case "GRAPHQL_VALIDATION_FAILED":
    case "PERSISTED_QUERY_NOT_FOUND":
      return `we have to fix ${error.code} of the request ${error.extensions.requestId}`;
    default:
      return error satisfies never;
  }
}
