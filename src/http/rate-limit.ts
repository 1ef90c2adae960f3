import type { FastifyReply } from "fastify";
import { RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";
import { CrmError } from "../errors/crm-error.js";

/** Seconds. */
const WINDOW_S = 60;

export interface KeyRateLimitOptions {
  /** The limit over all processes, as callers are told it. */
  perMinute: number;
  /** Counts together with other processes. */
  shared: RateLimiterAbstract;
  /** Counts in this process alone, if the others cannot be asked. */
  alone: RateLimiterAbstract;
}

/** Counts requests per API key and minute. */
export class KeyRateLimit {
  readonly #options: KeyRateLimitOptions;

  constructor(options: KeyRateLimitOptions) {
    this.#options = options;
  }

  /**
   * Counts a request, and sets the headers that say how many requests are left.
   * @throws CrmError RATE_LIMITED
   */
  async take(keyId: string, reply: FastifyReply): Promise<void> {
    try {
      this.#state(reply, await this.#consume(keyId));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      this.#state(reply, refusal);
      throw new CrmError("RATE_LIMITED", { retryAfter: untilNextS(refusal) });
    }
  }

  async #consume(keyId: string): Promise<RateLimiterRes> {
    const { shared, alone } = this.#options;
    try {
      return await shared.consume(keyId);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) throw refusal;
      // The other processes cannot be asked.
      return alone.consume(keyId);
    }
  }

  #state(reply: FastifyReply, result: RateLimiterRes): void {
    void reply.header("x-ratelimit-limit", this.#options.perMinute);
    void reply.header("x-ratelimit-remaining", Math.max(0, result.remainingPoints));
    void reply.header("x-ratelimit-reset", Math.max(1, Math.ceil(untilNextS(result))));
  }
}

/**
 * Seconds until the window ends. A timer of the library ends it, whatever the wall clock says. But the library calculates the time
 * with the wall clock, so that it would be hours if the clock has been set back.
 */
function untilNextS({ msBeforeNext }: RateLimiterRes): number {
  return Math.min(msBeforeNext / 1000, WINDOW_S);
}
