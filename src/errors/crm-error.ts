import { ERROR_CATALOGUE, type ErrorCode, type ErrorDefinition } from "./catalogue.js";

/** What the CRM itself said, cut to what is safe and useful to pass on. Never a body, a header or a URL. */
export interface UpstreamFacts {
  /** HTTP status, where there was an answer. */
  status?: number;
  /** The CRM's own error code. */
  code?: string;
  /** The CRM's own request or correlation id, for its support. */
  requestId?: string;
}

/**
 * Whether a write reached the CRM: NOT_SENT (surely not), UNKNOWN (it may have), PARTIAL (some of it did),
 * COMPLETED (it did; what failed came after).
 */
export type WriteOutcome = "NOT_SENT" | "UNKNOWN" | "PARTIAL" | "COMPLETED";

/** A bound on operations that one of them exceeds. */
export interface ExceededBound {
  name: string;
  limit: number;
  /** null where counting stopped at the bound. */
  actual: number | null;
  /** The environment variable that sets the bound. */
  variable: string;
}

export interface CrmErrorDetails {
  /** A sentence on this occurrence, for the developer who reads the answer; safe to show. */
  detail?: string;
  /** Input path → what is wrong with it. */
  errors?: Record<string, string>;
  /** Seconds until a retry can succeed. */
  retryAfter?: number;
  provider?: string;
  connectionId?: string;
  upstream?: UpstreamFacts;
  outcome?: WriteOutcome;
  /** The record that a refused duplicate collides with: the CRM's own id until it passes the graph, which makes it a global one. */
  existingId?: string;
  /** A Connect page, good for ten minutes and one use, on which the end user can mend the connection. */
  reconnectUrl?: string;
  /** The bound of crmesh's own that the operation exceeds. */
  bound?: ExceededBound;
  /** Global id of the record a completed write concerns. */
  recordId?: string;
}

/** The one class in which failures travel; its code is always one of the catalogue. */
export class CrmError extends Error {
  override readonly name = "CrmError";
  readonly code: ErrorCode;
  readonly details: CrmErrorDetails;
  /**
   * Set where a CRM refused the credential itself (not a permission), so that renewing it may help.
   * It stays inside the process.
   */
  readonly credentialRefused: boolean;
  /**
   * Set where a CRM answered that there is no such record, which its status alone does not tell: whatever is no API
   * answers 404, too. It stays inside the process.
   */
  readonly recordMissing: boolean;
  /** The HTTP status: the catalogue's, unless HTTP itself has a status for this refusal, such as 404, 405 or 413. */
  readonly status: number;

  constructor(
    code: ErrorCode,
    details: CrmErrorDetails = {},
    options: { cause?: unknown; credentialRefused?: boolean; recordMissing?: boolean; status?: number } = {},
  ) {
    super(ERROR_CATALOGUE[code].message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = details;
    this.credentialRefused = options.credentialRefused ?? false;
    this.recordMissing = options.recordMissing ?? false;
    this.status = options.status ?? ERROR_CATALOGUE[code].status;
  }

  get definition(): ErrorDefinition {
    return ERROR_CATALOGUE[this.code];
  }

  /** The same error with more known about it; what it already says stays. */
  with(details: CrmErrorDetails): CrmError {
    const { cause, credentialRefused, recordMissing, status } = this;
    return new CrmError(
      this.code,
      { ...details, ...this.details },
      { cause, credentialRefused, recordMissing, status },
    );
  }
}

/** INVALID_INPUT with its field-level failures: input path → what is wrong. */
export function invalidInput(errors: Record<string, string>, details: CrmErrorDetails = {}): CrmError {
  return new CrmError("INVALID_INPUT", { ...details, errors });
}

/** INVALID_INPUT for a request that HTTP refuses, with HTTP's own status: 404, 405, 413, 415 and so on. */
export function refusedRequest(status: number, errors: Record<string, string>): CrmError {
  return new CrmError("INVALID_INPUT", { errors }, { status });
}
