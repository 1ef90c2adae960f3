/** Which side caused the error: the request (CALLER), crmesh itself (GATEWAY) or the CRM (PROVIDER). */
export type ErrorOrigin = "CALLER" | "GATEWAY" | "PROVIDER";

/** Who can fix the error. NOBODY: wait and try again. */
export type ErrorActor = "DEVELOPER" | "END_USER" | "OPERATOR" | "NOBODY";

export interface ErrorDefinition {
  readonly status: number;
  readonly message: string;
  readonly resolution: string;
  readonly origin: ErrorOrigin;
  readonly actor: ErrorActor;
  /** True if the same request can succeed later without any change. */
  readonly retryable: boolean;
  /** True if the error shows a problem of the provider's API, so that the circuit counts it. */
  readonly countsAgainstCircuit: boolean;
  /** True for codes of the published table. False for codes that crmesh added. */
  readonly documented: boolean;
}

type Facts = Omit<ErrorDefinition, "status" | "message" | "resolution" | "documented">;

const byCaller: Facts = { origin: "CALLER", actor: "DEVELOPER", retryable: false, countsAgainstCircuit: false };
const byEndUser: Facts = { origin: "CALLER", actor: "END_USER", retryable: false, countsAgainstCircuit: false };
const byProvider: Facts = { origin: "PROVIDER", actor: "NOBODY", retryable: true, countsAgainstCircuit: true };
const byGateway: Facts = { origin: "GATEWAY", actor: "OPERATOR", retryable: true, countsAgainstCircuit: false };

function define(status: number, message: string, resolution: string, facts: Facts): ErrorDefinition {
  return { status, message, resolution, ...facts, documented: true };
}

/**
 * All codes that may leave the process. The documented codes keep their published message and resolution word for word,
 * because client code and support pages quote them.
 */
export const ERROR_CATALOGUE = {
  INVALID_API_KEY: define(
    401,
    "Invalid or missing API key",
    "Check that you’re sending a valid sk_live_* or sk_test_* key in the Authorization: Bearer header.",
    byCaller,
  ),
  FORBIDDEN: define(403, "Insufficient permissions", "Your API key doesn’t have access to this resource.", byCaller),
  CONTACT_NOT_FOUND: define(
    404,
    "Contact does not exist",
    "Verify the contact ID. The contact may have been deleted in the connected CRM.",
    byCaller,
  ),
  LEAD_NOT_FOUND: define(
    404,
    "Lead does not exist",
    "Verify the lead ID. Not all providers support leads natively.",
    byCaller,
  ),
  MEETING_NOT_FOUND: define(404, "Meeting does not exist", "Verify the meeting ID.", byCaller),
  PROVIDER_NOT_FOUND: define(404, "Provider does not exist", "Check the provider slug.", byCaller),
  CONNECTION_NOT_FOUND: define(
    404,
    "No active connection found",
    "The end user hasn’t connected this provider. Use the Connect widget to establish a connection.",
    byEndUser,
  ),
  END_USER_NOT_FOUND: define(
    404,
    "End user does not exist",
    "Verify the endUserId used when creating the connect token.",
    byCaller,
  ),
  CONNECTION_ALREADY_EXISTS: define(
    409,
    "Connection already exists for this provider",
    "An active connection already exists for this end user and provider.",
    byCaller,
  ),
  INVALID_INPUT: define(
    400,
    "Validation failed",
    "Check the errors field for specific field-level failures.",
    byCaller,
  ),
  MISSING_REQUIRED: define(400, "Required field is missing", "Include all required fields in your request.", byCaller),
  MISSING_PROVIDER: define(
    400,
    "Query parameter ?provider is required",
    "Add ?provider=hubspot (or another slug) to your request URL.",
    byCaller,
  ),
  UNSUPPORTED_RESOURCE: define(
    400,
    "Provider does not support this resource",
    "Not all providers support all resources.",
    byCaller,
  ),
  INVALID_DATE_RANGE: define(400, "End date must be after start", "Ensure endDate is after startDate.", byCaller),
  PROVIDER_ERROR: define(
    502,
    "Provider returned an error",
    "The CRM returned an unexpected error. Retry the request.",
    byProvider,
  ),
  PROVIDER_RATE_LIMITED: define(
    429,
    "Provider rate limit exceeded",
    "The CRM’s rate limit was hit. Respect the Retry-After header.",
    { ...byProvider, countsAgainstCircuit: false },
  ),
  PROVIDER_UNAVAILABLE: define(
    503,
    "Provider is temporarily unavailable",
    "The CRM is down. Retry with exponential backoff.",
    byProvider,
  ),
  CIRCUIT_OPEN: define(
    503,
    "Circuit breaker is open for this provider",
    "Too many consecutive failures. Will auto-recover — retry after the indicated time.",
    { ...byProvider, countsAgainstCircuit: false },
  ),
  PROVIDER_AUTH_FAILED: define(
    502,
    "Provider authentication failed",
    "The user’s OAuth tokens are invalid. They need to reconnect via the Connect widget.",
    { origin: "PROVIDER", actor: "END_USER", retryable: false, countsAgainstCircuit: false },
  ),
  NEEDS_REAUTH: define(
    403,
    "Connection requires re-authentication",
    "The OAuth token expired and couldn’t be refreshed. Prompt the user to reconnect.",
    { origin: "PROVIDER", actor: "END_USER", retryable: false, countsAgainstCircuit: false },
  ),
  INTERNAL_ERROR: define(
    500,
    "Something went wrong",
    "Unexpected error. Retry the request. If persistent, contact support.",
    byGateway,
  ),
  SERVICE_UNAVAILABLE: define(
    503,
    "Service temporarily unavailable",
    "The platform is under maintenance. Retry with backoff.",
    byGateway,
  ),
  RATE_LIMITED: {
    status: 429,
    message: "API key rate limit exceeded",
    resolution: "Your API key sent too many requests. Respect the Retry-After header.",
    origin: "CALLER",
    actor: "NOBODY",
    retryable: true,
    countsAgainstCircuit: false,
    documented: false,
  },
  DUPLICATE_RECORD: {
    status: 409,
    message: "Record already exists in the CRM",
    resolution: "The CRM refuses a duplicate. Update the existing record (existingId, where the CRM says which).",
    origin: "CALLER",
    actor: "DEVELOPER",
    retryable: false,
    countsAgainstCircuit: false,
    documented: false,
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export const ERROR_CODES = Object.keys(ERROR_CATALOGUE) as ErrorCode[];

/** Codes of the GraphQL ecosystem that pass through: clients and gateways act on them by name. */
export const GRAPHQL_DOCUMENT_CODES: ReadonlySet<string> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "PERSISTED_QUERY_NOT_FOUND",
]);
