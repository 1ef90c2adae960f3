import { ERROR_CATALOGUE, type ErrorCode, type ErrorDefinition } from "./catalogue.js";
import { boundedWaitS } from "./wait.js";

/** The part of the CRM's answer that is safe to return. Never a body, a header or a URL. */
export interface UpstreamFacts {
  /** HTTP status, if there was an answer. */
  status?: number;
  /** The CRM's own error code. */
  code?: string;
  /** The CRM's own request or correlation id, for its support. */
  requestId?: string;
}

/**
 * Whether a failed write happened: NOT_SENT (no), UNKNOWN (it may have), PARTIAL (a part of it did), COMPLETED (it did, and
 * a later step failed).
 */
export type WriteOutcome = "NOT_SENT" | "UNKNOWN" | "PARTIAL" | "COMPLETED";

/** A limit for operations, which this operation exceeds. */
export interface ExceededBound {
  name: string;
  limit: number;
  /** null if counting stopped at the limit. */
  actual: number | null;
  /** The environment variable that sets the limit. */
  variable: string;
}

export interface CrmErrorDetails {
  /** A sentence about this error, for developers. Safe to show. */
  detail?: string;
  /** Input path → its problem. */
  errors?: Record<string, string>;
  /** Seconds until a retry can succeed: 0 to MAX_WAIT_S. */
  retryAfter?: number;
  provider?: string;
  connectionId?: string;
  upstream?: UpstreamFacts;
  outcome?: WriteOutcome;
  /** The existing record of a refused duplicate. The CRM's id; the graph replaces it by a global id. */
  existingId?: string;
  /** A Connect link on which the end user can reconnect. It works once, for ten minutes. */
  reconnectUrl?: string;
  /** The limit of crmesh that the operation exceeds. */
  bound?: ExceededBound;
  /**
   * True if the same request will fail in the same way until somebody changes something at the CRM. It is then neither
   * retryable nor a sign that the API is down.
   */
  isFinal?: true;
  /** Global id of the record of a completed write. */
  recordId?: string;
}

/** The class of all errors that leave the process. Its code is one of the catalogue. */
export class CrmError extends Error {
  override readonly name = "CrmError";
  readonly code: ErrorCode;
  readonly details: CrmErrorDetails;
  /**
   * True if a CRM refused the credential itself, not a permission, so that renewing it may help. Not visible outside the
   * process.
   */
  readonly credentialRefused: boolean;
  /**
   * True if a CRM answered that the record does not exist. The status 404 alone does not show that: any other server may
   * send it. Not visible outside the process.
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
    this.details = withBoundedWait(details);
    this.credentialRefused = options.credentialRefused ?? false;
    this.recordMissing = options.recordMissing ?? false;
    this.status = options.status ?? ERROR_CATALOGUE[code].status;
  }

  get definition(): ErrorDefinition {
    return ERROR_CATALOGUE[this.code];
  }

  /** Copies the error with additional details. Existing details stay. */
  with(details: CrmErrorDetails): CrmError {
    const { cause, credentialRefused, recordMissing, status } = this;
    return new CrmError(
      this.code,
      { ...details, ...this.details },
      { cause, credentialRefused, recordMissing, status },
    );
  }
}

/** Many waits are the word of a CRM. One that is not a number is left out. */
function withBoundedWait({ retryAfter, ...details }: CrmErrorDetails): CrmErrorDetails {
  const seconds = retryAfter === undefined ? undefined : boundedWaitS(retryAfter);
  return seconds === undefined ? details : { ...details, retryAfter: seconds };
}

/** Makes an INVALID_INPUT error. `errors`: input path → its problem. */
export function invalidInput(errors: Record<string, string>, details: CrmErrorDetails = {}): CrmError {
  return new CrmError("INVALID_INPUT", { ...details, errors });
}

/** INVALID_INPUT for a request that HTTP refuses, with HTTP's own status: 404, 405, 413, 415 and so on. */
export function refusedRequest(status: number, errors: Record<string, string>): CrmError {
  return new CrmError("INVALID_INPUT", { errors }, { status });
}
