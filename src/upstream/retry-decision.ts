import type { CrmError } from "../errors/crm-error.js";

export interface RetryQuestion {
  /** Repeating the request changes nothing at the CRM. */
  safe: boolean;
  /** Whether the request may have reached the CRM. */
  sent: boolean;
  error: CrmError;
  /** 1 for the first attempt. */
  attempt: number;
  /** Milliseconds the caller still waits. */
  remainingMs: number;
  /** In [0, 1): spreads the retries of many callers. */
  random: number;
}

export type RetryDecision = { retry: true; waitMs: number; why: string } | { retry: false; why: string };

export const MAX_ATTEMPTS = 3;
/** A Retry-After up to this long is waited for, where the caller's deadline allows it; a longer one is reported at once. */
export const SHORT_WAIT_MS = 3_000;
const FIRST_BACKOFF_MS = 100;

/** Decides whether an attempt that failed is made again. Pure: the same question has the same answer. */
export function decideRetry({ safe, sent, error, attempt, remainingMs, random }: RetryQuestion): RetryDecision {
  if (attempt >= MAX_ATTEMPTS) return { retry: false, why: "attempts used up" };
  const refusedByLimit = error.code === "PROVIDER_RATE_LIMITED";
  const failedByProvider =
    error.code === "PROVIDER_UNAVAILABLE" ||
    (error.code === "PROVIDER_ERROR" && (error.details.upstream?.status ?? 0) >= 500);
  if (!refusedByLimit && !failedByProvider) return { retry: false, why: "not a passing failure" };
  // A refusal for the limit means that nothing was done; any other failure of a sent write leaves that open.
  if (!safe && sent && !refusedByLimit) return { retry: false, why: "the write may have happened" };

  const backoffMs = Math.round(FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + random));
  const askedMs = (error.details.retryAfter ?? 0) * 1000;
  const waitMs = Math.max(backoffMs, askedMs);
  if (waitMs > SHORT_WAIT_MS) return { retry: false, why: "the wait is too long" };
  if (waitMs >= remainingMs) return { retry: false, why: "the deadline comes first" };
  return { retry: true, waitMs, why: refusedByLimit ? "rate limited" : "passing failure" };
}
