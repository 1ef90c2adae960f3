import { LRUCache } from "lru-cache";
import type { ErrorCode } from "../errors/catalogue.js";
import type { CrmError } from "../errors/crm-error.js";
import type { CircuitsHealth } from "./circuits.js";
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

interface SeenLimit extends StatedRateLimit {
  seenAt: number;
}

/** Maximum number of accounts and of connections in memory. */
const MAX_REMEMBERED = 10_000;

/** Keeps the last rate limit of each account, and the last error of each connection. */
export class HealthMemory {
  readonly #limits = new LRUCache<string, SeenLimit>({ max: MAX_REMEMBERED });
  readonly #errors = new LRUCache<string, { code: ErrorCode; at: number }>({ max: MAX_REMEMBERED });

  noteLimit(paceKey: string, { limit, remaining, windowMs }: StatedRateLimit, now: number): void {
    this.#limits.set(paceKey, { limit, remaining, windowMs, seenAt: now });
  }

  /** Ignores errors that the CRM did not cause, and records that do not exist. */
  noteError(connectionId: string, error: CrmError, now: number): void {
    const isMissingRecord = error.code === "PROVIDER_ERROR" && error.details.upstream?.status === 404;
    if (error.definition.origin !== "PROVIDER" || isMissingRecord) return;
    this.#errors.set(connectionId, { code: error.code, at: now });
  }

  rateLimit(paceKey: string, now: number): UpstreamHealth["rateLimit"] {
    const seen = this.#limits.peek(paceKey);
    if (!seen) return null;
    const { limit, remaining, windowMs, seenAt } = seen;
    if (windowMs === null) return { limit, remaining, resetsAt: null };
    const resetsAt = seenAt + windowMs;
    return resetsAt > now ? { limit, remaining, resetsAt } : { limit, remaining: null, resetsAt: null };
  }

  lastError(connectionId: string): UpstreamHealth["lastError"] {
    return this.#errors.peek(connectionId) ?? null;
  }
}
