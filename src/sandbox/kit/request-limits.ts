import { LRUCache } from "lru-cache";
import type { SandboxCrmOptions } from "./crm.js";

/** So high that a client that paces itself by the headers is not slowed down. */
const OUT_OF_REACH = 1_000_000_000;
const MAX_INTERVALS = 10_000;

export interface RequestLimit {
  readonly requests: number;
  /** Length of an interval in ms. An interval begins with its first request. */
  readonly perMs: number;
  /** Set for a token bucket: it holds `requests` tokens, and gets one back each `perMs / requests`. */
  readonly isBucket?: true;
}

/** The use of a limit after a request was counted. */
export interface LimitUse {
  readonly max: number;
  readonly remaining: number;
  readonly resetsInMs: number;
  /** Whether the request exceeds the limit. Always false if limits are only reported. */
  readonly isExceeded: boolean;
}

interface Interval {
  readonly startedAt: number;
  readonly count: number;
}

/** The request limits of one server, counted by keys such as an account's name. */
export class RequestLimits {
  readonly isEnforced: boolean;
  readonly #now: () => number;
  readonly #intervals = new LRUCache<string, Interval>({ max: MAX_INTERVALS });

  readonly #bucketsFullAt = new LRUCache<string, number>({ max: MAX_INTERVALS });

  constructor({ limits, now }: Pick<SandboxCrmOptions, "limits" | "now">) {
    this.isEnforced = limits === "enforce";
    this.#now = () => now();
  }

  /** Counts a request. */
  take(key: string, limit: RequestLimit): LimitUse {
    return limit.isBucket ? this.#takeToken(key, limit) : this.#count(key, limit);
  }

  #takeToken(key: string, { requests, perMs }: RequestLimit): LimitUse {
    const now = this.#now();
    const tokenMs = perMs / requests;
    const fullAt = Math.max(now, this.#bucketsFullAt.get(key) ?? now);
    const missing = Math.ceil((fullAt - now) / tokenMs);
    const isExceeded = this.isEnforced && missing >= requests;
    if (!isExceeded) this.#bucketsFullAt.set(key, fullAt + tokenMs);
    const max = this.isEnforced ? requests : OUT_OF_REACH;
    return { max, remaining: Math.max(0, max - missing - 1), resetsInMs: fullAt - now, isExceeded };
  }

  #count(key: string, { requests, perMs }: RequestLimit): LimitUse {
    const now = this.#now();
    const known = this.#intervals.get(key);
    const { startedAt, count: before } = known && now - known.startedAt < perMs ? known : { startedAt: now, count: 0 };
    const count = before + 1;
    this.#intervals.set(key, { startedAt, count });
    const max = this.isEnforced ? requests : OUT_OF_REACH;
    return {
      max,
      remaining: Math.max(0, max - count),
      resetsInMs: Math.max(0, startedAt + perMs - now),
      isExceeded: count > max,
    };
  }
}
