import type { CrmError } from "../errors/crm-error.js";

export interface RetryQuestion {
  /** True if the request may be repeated. */
  safe: boolean;
  /** True if the request may have reached the CRM. */
  sent: boolean;
  error: CrmError;
  /** 1 for the first attempt. */
  attempt: number;
  /** Milliseconds that the caller still waits. */
  remainingMs: number;
  /** A number in [0, 1) that spreads the retries of many callers. */
  random: number;
}

export type RetryDecision = { retry: true; waitMs: number; why: string } | { retry: false; why: string };

export const MAX_ATTEMPTS = 3;
/**
 * Milliseconds of the longest Retry-After that crmesh waits for, if the caller's deadline allows. A longer wait is
 * reported at once.
 */
export const SHORT_WAIT_MS = 3_000;
const FIRST_BACKOFF_MS = 100;

/** Decides whether to repeat a failed attempt. A pure function. */
export function decideRetry({ safe, sent, error, attempt, remainingMs, random }: RetryQuestion): RetryDecision {
  if (error.details.isFinal) return { retry: false, why: "the refusal is final" };
  if (attempt >= MAX_ATTEMPTS) return { retry: false, why: "attempts used up" };
  const refusedByLimit = error.code === "PROVIDER_RATE_LIMITED";
  const failedByProvider =
    error.code === "PROVIDER_UNAVAILABLE" ||
    (error.code === "PROVIDER_ERROR" && (error.details.upstream?.status ?? 0) >= 500);
  if (!refusedByLimit && !failedByProvider) return { retry: false, why: "not a passing failure" };
  // A rate limited write was not executed. After any other failure, a sent write may have been executed.
  if (!safe && sent && !refusedByLimit) return { retry: false, why: "the write may have happened" };

  const backoffMs = Math.round(FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + random));
  const askedMs = (error.details.retryAfter ?? 0) * 1000;
  const waitMs = Math.max(backoffMs, askedMs);
  if (waitMs > SHORT_WAIT_MS) return { retry: false, why: "the wait is too long" };
  if (waitMs >= remainingMs) return { retry: false, why: "the deadline comes first" };
  return { retry: true, waitMs, why: refusedByLimit ? "rate limited" : "passing failure" };
}
