import type { ErrorCode } from "./catalogue.js";
import { CrmError, type CrmErrorDetails, type WriteOutcome } from "./crm-error.js";

/** `extensions.http`: the status and headers of a response that had only this error. */
export interface HttpHint {
  status: number;
  headers?: Record<string, string>;
}

/** The extensions of every error that leaves the process. The hint is written here and nowhere else. */
export interface ErrorExtensions extends Omit<CrmErrorDetails, "recordId" | "isFinal"> {
  code: ErrorCode;
  http: HttpHint;
  resolution: string;
  origin: string;
  actor: string;
  retryable: boolean;
  id?: string;
  [key: string]: unknown;
}

/**
 * What to do after a failed write that the CRM may have carried out. The published resolutions of several codes say "Retry
 * the request", so the detail of such an error begins with this sentence.
 */
const INSTEAD_OF_RETRYING: Partial<Record<WriteOutcome, string>> = {
  UNKNOWN:
    "Read the record, or search for it after a create, before you send this write again, because it may have happened.",
  PARTIAL:
    "Read the record and update what is missing instead of sending this write again, because a part of it happened.",
  COMPLETED: "Read the record by `id` instead of sending this write again, because it succeeded.",
};

export function errorExtensions(error: CrmError): ErrorExtensions {
  const { resolution, origin, actor, retryable } = error.definition;
  const { status } = error;
  const { recordId, retryAfter, isFinal, ...details } = error.details;
  const advice = details.outcome === undefined ? undefined : INSTEAD_OF_RETRYING[details.outcome];
  const seconds = retryAfter === undefined ? undefined : Math.max(1, Math.ceil(retryAfter));
  return {
    code: error.code,
    http: seconds === undefined ? { status } : { status, headers: { "retry-after": String(seconds) } },
    resolution,
    origin,
    actor,
    // A program that reads only this flag must not repeat a write that may have happened.
    retryable: retryable && advice === undefined && !isFinal,
    ...(seconds === undefined ? {} : { retryAfter: seconds }),
    ...details,
    ...(advice === undefined ? {} : { detail: details.detail === undefined ? advice : `${advice} ${details.detail}` }),
    ...(recordId === undefined ? {} : { id: recordId }),
  };
}

/** An item of `errors` in a GraphQL answer. */
export interface ErrorBody {
  message: string;
  extensions: ErrorExtensions;
}

/** The ids by which the request of an error is found in logs and traces. */
export interface RequestIdentity {
  requestId: string;
  /** 32 hexadecimal digits. Absent if the request belongs to no trace. */
  traceId?: string;
}

/** Returns the `errors` item of an error that is answered before GraphQL. */
export function errorBody(error: CrmError, ids: RequestIdentity): ErrorBody {
  return { message: error.message, extensions: { ...errorExtensions(error), ...ids } };
}
