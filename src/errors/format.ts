import type { ErrorCode } from "./catalogue.js";
import { CrmError, type CrmErrorDetails } from "./crm-error.js";

/** `extensions.http`: the status and headers of a response that had only this error. */
export interface HttpHint {
  status: number;
  headers?: Record<string, string>;
}

/** The extensions of every error that leaves the process. Only `errorExtensions` writes the hint. */
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
  const { status, resolution, origin, actor, retryable } = error.definition;
  const { recordId, retryAfter, ...details } = error.details;
  const seconds = retryAfter === undefined ? undefined : Math.max(1, Math.ceil(retryAfter));
  return {
    code: error.code,
    http: seconds === undefined ? { status } : { status, headers: { "retry-after": String(seconds) } },
    resolution,
    origin,
    actor,
    // Clients that read only this flag must not repeat a write that may have happened.
    retryable:
      retryable && details.outcome !== "UNKNOWN" && details.outcome !== "PARTIAL" && details.outcome !== "COMPLETED",
    ...(seconds === undefined ? {} : { retryAfter: seconds }),
    ...details,
    ...(recordId === undefined ? {} : { id: recordId }),
  };
}

/** An error in the `errors` of a GraphQL response. */
export interface ErrorBody {
  message: string;
  extensions: ErrorExtensions;
}

/** Makes the body of an error that occurs before GraphQL. */
export function errorBody(error: CrmError, requestId: string): ErrorBody {
  return { message: error.message, extensions: { ...errorExtensions(error), requestId } };
}
