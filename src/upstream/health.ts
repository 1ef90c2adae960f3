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

/** Maximum number of accounts and of connections in memory. */
const MAX_REMEMBERED = 10_000;

/** Keeps the last rate limit and the last error of each connected account. */
export class HealthMemory {
  readonly #limits = new LRUCache<string, Seen<StatedRateLimit>>({ max: MAX_REMEMBERED });
  readonly #errors = new LRUCache<string, Seen<{ code: ErrorCode }>>({ max: MAX_REMEMBERED });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  noteLimit(paceKey: string, { limit, remaining, windowMs }: StatedRateLimit): void {
    this.#limits.set(paceKey, { limit, remaining, windowMs, seenAt: this.#clock.monotonic() });
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
