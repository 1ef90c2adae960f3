import type { ErrorCode } from "./catalogue.js";
import { CrmError, type CrmErrorDetails } from "./crm-error.js";

/** `extensions.http`: the status and headers that the error would have as an answer of its own. */
export interface HttpHint {
  status: number;
  headers?: Record<string, string>;
}

/** The extensions of every error that leaves the process; this is where the hint is written, and nowhere else. */
export interface ErrorExtensions extends Omit<CrmErrorDetails, "recordId"> {
  code: ErrorCode;
  http: HttpHint;
  resolution: string;
  origin: string;
  actor: string;
  retryable: boolean;
  id?: string;
  [key: string]: unknown;
}

export function errorExtensions(error: CrmError): ErrorExtensions {
  const { resolution, origin, actor, retryable } = error.definition;
  const { status } = error;
  const { recordId, retryAfter, ...details } = error.details;
  const seconds = retryAfter === undefined ? undefined : Math.max(1, Math.ceil(retryAfter));
  return {
    code: error.code,
    http: seconds === undefined ? { status } : { status, headers: { "retry-after": String(seconds) } },
    resolution,
    origin,
    actor,
    // A write that may have happened must not be sent again by a machine that reads only this flag.
    retryable:
      retryable && details.outcome !== "UNKNOWN" && details.outcome !== "PARTIAL" && details.outcome !== "COMPLETED",
    ...(seconds === undefined ? {} : { retryAfter: seconds }),
    ...details,
    ...(recordId === undefined ? {} : { id: recordId }),
  };
}

/** An error as it stands in the `errors` of a GraphQL answer. */
export interface ErrorBody {
  message: string;
  extensions: ErrorExtensions;
}

/** The body of an error that is answered before GraphQL is reached. */
export function errorBody(error: CrmError, requestId: string): ErrorBody {
  return { message: error.message, extensions: { ...errorExtensions(error), requestId } };
}
