// Generated from src/errors/catalogue.ts by `npm run generate`. Do not edit it.

/** What the errors of all codes of the catalogue have. */
export interface ErrorExtensions {
  /** The HTTP status and headers of a response that had only this error. */
  http: { status: number; headers?: Record<string, string> };
  /** The request, as in the header X-Request-Id and in the logs of crmesh. */
  requestId: string;
  /** The trace of the request (W3C Trace Context), as in the logs and traces of crmesh. */
  traceId?: string;
  /** What to do, in the same words for all errors of a code. */
  resolution: string;
  /** The side that caused the error. */
  origin: "CALLER" | "GATEWAY" | "PROVIDER";
  /** Who can fix the error. */
  actor: "DEVELOPER" | "END_USER" | "OPERATOR" | "NOBODY";
  /** Whether the same request can succeed later. */
  retryable: boolean;
  /** Seconds until a retry can succeed. */
  retryAfter?: number;
  /** A sentence about this error, for developers. */
  detail?: string;
  /** Slug of the CRM. */
  provider?: string;
  /** The CRM connection. */
  connectionId?: string;
  /** What the CRM answered. */
  upstream?: { status?: number; code?: string; requestId?: string };
  /** What is known about a failed write. */
  outcome?: "NOT_SENT" | "UNKNOWN" | "PARTIAL" | "COMPLETED";
  /** Global id of the record, if the outcome is COMPLETED, or PARTIAL because the CRM did not store a value. */
  id?: string;
}

/** What the errors have with which GraphQL itself refuses a document. */
export type DocumentErrorExtensions = Pick<ErrorExtensions, "http" | "requestId"> & Partial<ErrorExtensions>;

/** `extensions` of an error, by its code. */
export interface ErrorExtensionsByCode {
  /** Invalid or missing API key. Check that you’re sending a valid sk_live_* or sk_test_* key in the Authorization: Bearer header. */
  INVALID_API_KEY: ErrorExtensions & {
    code: "INVALID_API_KEY";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
  };
  /** Insufficient permissions. Your API key doesn’t have access to this resource. */
  FORBIDDEN: ErrorExtensions & {
    code: "FORBIDDEN";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
  };
  /** Contact does not exist. Verify the contact ID. The contact may have been deleted in the connected CRM. */
  CONTACT_NOT_FOUND: ErrorExtensions & {
    code: "CONTACT_NOT_FOUND";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
  };
  /** Lead does not exist. Verify the lead ID. Not all providers support leads natively. */
  LEAD_NOT_FOUND: ErrorExtensions & {
    code: "LEAD_NOT_FOUND";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
  };
  /** Meeting does not exist. Verify the meeting ID. */
  MEETING_NOT_FOUND: ErrorExtensions & {
    code: "MEETING_NOT_FOUND";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
  };
  /** Provider does not exist. Check the provider slug. */
  PROVIDER_NOT_FOUND: ErrorExtensions & {
    code: "PROVIDER_NOT_FOUND";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
  };
  /** No active connection found. The end user hasn’t connected this provider. Use the Connect widget to establish a connection. */
  CONNECTION_NOT_FOUND: ErrorExtensions & {
    code: "CONNECTION_NOT_FOUND";
    origin: "CALLER";
    actor: "END_USER";
    retryable: false;
  };
  /** End user does not exist. Verify the endUserId used when creating the connect token. */
  END_USER_NOT_FOUND: ErrorExtensions & {
    code: "END_USER_NOT_FOUND";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
  };
  /** Connection already exists for this provider. An active connection already exists for this end user and provider. */
  CONNECTION_ALREADY_EXISTS: ErrorExtensions & {
    code: "CONNECTION_ALREADY_EXISTS";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
  };
  /** Validation failed. Check the errors field for specific field-level failures. */
  INVALID_INPUT: ErrorExtensions & {
    code: "INVALID_INPUT";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
    /** Input path → its problem. */
    errors: Record<string, string>;
    /** The limit of crmesh that the operation exceeds. */
    bound?: { name: string; limit: number; actual: number | null; variable: string };
  };
  /** Required field is missing. Include all required fields in your request. */
  MISSING_REQUIRED: ErrorExtensions & {
    code: "MISSING_REQUIRED";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
    /** Input path → its problem. */
    errors: Record<string, string>;
  };
  /** Query parameter ?provider is required. Add ?provider=hubspot (or another slug) to your request URL. */
  MISSING_PROVIDER: ErrorExtensions & {
    code: "MISSING_PROVIDER";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
  };
  /** Provider does not support this resource. Not all providers support all resources. */
  UNSUPPORTED_RESOURCE: ErrorExtensions & {
    code: "UNSUPPORTED_RESOURCE";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
  };
  /** End date must be after start. Ensure endDate is after startDate. */
  INVALID_DATE_RANGE: ErrorExtensions & {
    code: "INVALID_DATE_RANGE";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
    /** Input path → its problem. */
    errors: Record<string, string>;
  };
  /** Provider returned an error. The CRM returned an unexpected error. Retry the request. */
  PROVIDER_ERROR: ErrorExtensions & {
    code: "PROVIDER_ERROR";
    origin: "PROVIDER";
    actor: "NOBODY";
    /** Input path → its problem. */
    errors?: Record<string, string>;
  };
  /** Provider rate limit exceeded. The CRM’s rate limit was hit. Respect the Retry-After header. */
  PROVIDER_RATE_LIMITED: ErrorExtensions & {
    code: "PROVIDER_RATE_LIMITED";
    origin: "PROVIDER";
    actor: "NOBODY";
  };
  /** Provider is temporarily unavailable. The CRM is down. Retry with exponential backoff. */
  PROVIDER_UNAVAILABLE: ErrorExtensions & {
    code: "PROVIDER_UNAVAILABLE";
    origin: "PROVIDER";
    actor: "NOBODY";
  };
  /** Circuit breaker is open for this provider. Too many consecutive failures. Will auto-recover — retry after the indicated time. */
  CIRCUIT_OPEN: ErrorExtensions & {
    code: "CIRCUIT_OPEN";
    origin: "PROVIDER";
    actor: "NOBODY";
  };
  /** Provider authentication failed. The user’s OAuth tokens are invalid. They need to reconnect via the Connect widget. */
  PROVIDER_AUTH_FAILED: ErrorExtensions & {
    code: "PROVIDER_AUTH_FAILED";
    origin: "PROVIDER";
    actor: "END_USER";
    retryable: false;
    /** A Connect page on which the end user reconnects. It works once, for ten minutes. */
    reconnectUrl?: string;
  };
  /** Connection requires re-authentication. The OAuth token expired and couldn’t be refreshed. Prompt the user to reconnect. */
  NEEDS_REAUTH: ErrorExtensions & {
    code: "NEEDS_REAUTH";
    origin: "PROVIDER";
    actor: "END_USER";
    retryable: false;
    /** A Connect page on which the end user reconnects. It works once, for ten minutes. */
    reconnectUrl?: string;
  };
  /** Something went wrong. Unexpected error. Retry the request. If persistent, contact support. */
  INTERNAL_ERROR: ErrorExtensions & {
    code: "INTERNAL_ERROR";
    origin: "GATEWAY";
    actor: "OPERATOR";
  };
  /** Service temporarily unavailable. The platform is under maintenance. Retry with backoff. */
  SERVICE_UNAVAILABLE: ErrorExtensions & {
    code: "SERVICE_UNAVAILABLE";
    origin: "GATEWAY";
    actor: "OPERATOR";
  };
  /** API key rate limit exceeded. Your API key sent too many requests. Respect the Retry-After header. */
  RATE_LIMITED: ErrorExtensions & {
    code: "RATE_LIMITED";
    origin: "CALLER";
    actor: "NOBODY";
  };
  /** Record already exists in the CRM. The CRM refuses a duplicate. Update the existing record (existingId, where the CRM says which). */
  DUPLICATE_RECORD: ErrorExtensions & {
    code: "DUPLICATE_RECORD";
    origin: "CALLER";
    actor: "DEVELOPER";
    retryable: false;
    /** Global id of the record that already exists, if the CRM says which. */
    existingId?: string;
  };
  /** GraphQL itself refused the document. */
  GRAPHQL_PARSE_FAILED: DocumentErrorExtensions & { code: "GRAPHQL_PARSE_FAILED" };
  /** GraphQL itself refused the document. */
  GRAPHQL_VALIDATION_FAILED: DocumentErrorExtensions & { code: "GRAPHQL_VALIDATION_FAILED" };
  /** GraphQL itself refused the document. */
  PERSISTED_QUERY_NOT_FOUND: DocumentErrorExtensions & { code: "PERSISTED_QUERY_NOT_FOUND" };
}

/** Every code that an error of the API can have. */
export type ErrorCode = keyof ErrorExtensionsByCode;

export const ERROR_CODES: readonly ErrorCode[] = [
  "INVALID_API_KEY",
  "FORBIDDEN",
  "CONTACT_NOT_FOUND",
  "LEAD_NOT_FOUND",
  "MEETING_NOT_FOUND",
  "PROVIDER_NOT_FOUND",
  "CONNECTION_NOT_FOUND",
  "END_USER_NOT_FOUND",
  "CONNECTION_ALREADY_EXISTS",
  "INVALID_INPUT",
  "MISSING_REQUIRED",
  "MISSING_PROVIDER",
  "UNSUPPORTED_RESOURCE",
  "INVALID_DATE_RANGE",
  "PROVIDER_ERROR",
  "PROVIDER_RATE_LIMITED",
  "PROVIDER_UNAVAILABLE",
  "CIRCUIT_OPEN",
  "PROVIDER_AUTH_FAILED",
  "NEEDS_REAUTH",
  "INTERNAL_ERROR",
  "SERVICE_UNAVAILABLE",
  "RATE_LIMITED",
  "DUPLICATE_RECORD",
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "PERSISTED_QUERY_NOT_FOUND",
];
