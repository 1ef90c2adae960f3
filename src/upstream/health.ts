import { LRUCache } from "lru-cache";
import type { ErrorCode } from "../errors/catalogue.js";
import type { CrmError } from "../errors/crm-error.js";
import type { CircuitStatus } from "./circuit.js";
import type { StatedRateLimit } from "./request.js";

/** How calls through one connection have fared lately, as this process has seen it. Times are milliseconds since the epoch. */
export interface UpstreamHealth {
  circuit: CircuitStatus;
  /** Milliseconds until the circuit lets a call through; 0 unless it is open. */
  retryAfterMs: number;
  /** null until an answer stated one. */
  rateLimit: {
    limit: number;
    /** null where that is not known, or no longer. */
    remaining: number | null;
    /** When the window of that answer ends; null where there is none, or it has. */
    resetsAt: number | null;
  } | null;
  /** The last failure on the CRM's side, however long ago and whatever came after it. */
  lastError: { code: ErrorCode; at: number } | null;
}

interface SeenLimit extends StatedRateLimit {
  seenAt: number;
}

/** Accounts and connections that are remembered; of a forgotten one nothing is known until its next call. */
const MAX_REMEMBERED = 10_000;

/** Remembers what calls have shown of the CRMs' health. Successes leave no trace but the limit they state. */
export class HealthMemory {
  readonly #limits = new LRUCache<string, SeenLimit>({ max: MAX_REMEMBERED });
  readonly #errors = new LRUCache<string, { code: ErrorCode; at: number }>({ max: MAX_REMEMBERED });

  noteLimit(paceKey: string, { limit, remaining, windowMs }: StatedRateLimit, now: number): void {
    this.#limits.set(paceKey, { limit, remaining, windowMs, seenAt: now });
  }

  /** Only faults of the CRM's side count; that a record does not exist there is none. */
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
