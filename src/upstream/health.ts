import { LRUCache } from "lru-cache";
import type { ErrorCode } from "../errors/catalogue.js";
import type { CrmError } from "../errors/crm-error.js";
import type { CircuitsHealth } from "./circuits.js";
import type { Clock } from "./clock.js";
import type { StatedRateLimit } from "./request.js";

/** The results of recent calls through one connection, as this process saw them. Times are milliseconds since the epoch. */
export interface UpstreamHealth extends CircuitsHealth {
  /** null until an answer has stated a limit. */
  rateLimit: {
    limit: number;
    /** null if unknown, or if the window has ended. */
    remaining: number | null;
    /** End of the window of that answer. null if the CRM states no window, or it has ended. */
    resetsAt: number | null;
  } | null;
  /** The CRM's last failure. Later successes do not clear it. */
  lastError: { code: ErrorCode; at: number } | null;
}

/** `seenAt` is a time of the monotonic clock. */
type Seen<Fact> = Fact & { seenAt: number };

/** The account whose calls have a rate limit in common. */
export interface RateBudgetOwner {
  provider: string;
  /** Null before the connection exists. */
  connectionId: string | null;
}

/** Maximum number of accounts and of connections in memory. */
const MAX_REMEMBERED = 10_000;

/** Keeps the last rate limit and the last error of each connected account. */
export class HealthMemory {
  readonly #limits = new LRUCache<string, Seen<StatedRateLimit & RateBudgetOwner>>({ max: MAX_REMEMBERED });
  readonly #errors = new LRUCache<string, Seen<{ code: ErrorCode }>>({ max: MAX_REMEMBERED });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  noteLimit(
    { paceKey, provider, connectionId }: RateBudgetOwner & { paceKey: string },
    { limit, remaining, windowMs }: StatedRateLimit,
  ): void {
    const seenAt = this.#clock.monotonic();
    this.#limits.set(paceKey, { provider, connectionId, limit, remaining, windowMs, seenAt });
  }

  /** The shares of the stated limits that are left, 0 to 1: of the accounts whose window has not ended. */
  *budgets(): Iterable<RateBudgetOwner & { left: number }> {
    const now = this.#clock.monotonic();
    for (const { provider, connectionId, limit, remaining, windowMs, seenAt } of this.#limits.values()) {
      if (remaining === null || limit <= 0 || now >= seenAt + (windowMs ?? Infinity)) continue;
      yield { provider, connectionId, left: Math.min(1, Math.max(0, remaining / limit)) };
    }
  }

  /** Ignores errors that the CRM did not cause, and records that do not exist. */
  noteError(paceKey: string, error: CrmError): void {
    const isMissingRecord = error.code === "PROVIDER_ERROR" && error.details.upstream?.status === 404;
    if (error.definition.origin !== "PROVIDER" || isMissingRecord) return;
    this.#errors.set(paceKey, { code: error.code, seenAt: this.#clock.monotonic() });
  }

  rateLimit(paceKey: string): UpstreamHealth["rateLimit"] {
    const seen = this.#limits.peek(paceKey);
    if (!seen) return null;
    const { limit, remaining, windowMs, seenAt } = seen;
    if (windowMs === null) return { limit, remaining, resetsAt: null };
    const endsInMs = seenAt + windowMs - this.#clock.monotonic();
    if (endsInMs <= 0) return { limit, remaining: null, resetsAt: null };
    return { limit, remaining, resetsAt: Math.round(this.#clock.now() + endsInMs) };
  }

  lastError(paceKey: string): UpstreamHealth["lastError"] {
    const seen = this.#errors.peek(paceKey);
    if (!seen) return null;
    const { code, seenAt } = seen;
    return { code, at: Math.round(this.#clock.now() - (this.#clock.monotonic() - seenAt)) };
  }
}
