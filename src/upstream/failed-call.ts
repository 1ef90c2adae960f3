import { CrmError } from "../errors/crm-error.js";
import { failureFacts, isProviderFailure } from "../errors/failure-facts.js";
import { BulkheadFullError } from "./bulkhead.js";
import type { CallOptions, UpstreamRequest } from "./request.js";

/** An attempt of a call that failed. */
export interface FailedAttempt {
  error: CrmError;
  /** True if the CRM may have received the request. */
  sent: boolean;
  /** True if a time limit of crmesh ended the attempt before the CRM had its whole time. */
  isCut: boolean;
}

/**
 * Adds the outcome of a failed write. A refusal (a 4xx, or an error inside a 200) means that nothing was written. After an
 * answer that crmesh does not understand, the write may have happened.
 */
export function withOutcome({ error, sent }: FailedAttempt, request: UpstreamRequest): CrmError {
  if (request.safe) return error;
  if (!sent) return error.with({ outcome: "NOT_SENT" });
  const status = error.details.upstream?.status;
  const isUnclear = status === undefined || status >= 500 || (status < 400 && error.code === "PROVIDER_ERROR");
  return isUnclear ? error.with({ outcome: "UNKNOWN" }) : error;
}

export function reportFailure(error: unknown, call: CallOptions, about: { attempt: number; retried: boolean }): void {
  if (error instanceof CrmError && isProviderFailure(error)) call.onFailure?.({ ...failureFacts(error), ...about });
}

export function describeFailure(error: unknown, request: UpstreamRequest, call: CallOptions): unknown {
  const where = {
    provider: call.provider,
    ...(call.connectionId === null ? {} : { connectionId: call.connectionId }),
  };
  if (error instanceof BulkheadFullError) {
    return new CrmError("SERVICE_UNAVAILABLE", {
      ...where,
      detail: "Too many calls are waiting for this CRM. Retry later.",
      retryAfter: 1,
      ...(request.safe ? {} : { outcome: "NOT_SENT" }),
    });
  }
  if (!(error instanceof CrmError)) return error;
  const isUnsent = !request.safe && (error.code === "CIRCUIT_OPEN" || call.bound.isEnd(error));
  const notSent = isUnsent ? { outcome: "NOT_SENT" as const } : {};
  return error.with({ ...where, ...notSent });
}
