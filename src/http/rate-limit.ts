import type { FastifyReply } from "fastify";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { CrmError } from "../errors/crm-error.js";

/** Seconds. */
const WINDOW_S = 60;

/** Counts requests per API key and minute. */
export class KeyRateLimit {
  readonly #limiter: RateLimiterMemory;
  readonly #perMinute: number;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_S });
  }

  /**
   * Counts a request, and sets the headers that say how many requests are left.
   * @throws CrmError RATE_LIMITED
   */
  async take(keyId: string, reply: FastifyReply): Promise<void> {
    try {
      this.#state(reply, await this.#limiter.consume(keyId));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      this.#state(reply, refusal);
      throw new CrmError("RATE_LIMITED", { retryAfter: untilNextS(refusal) });
    }
  }

  #state(reply: FastifyReply, result: RateLimiterRes): void {
    void reply.header("x-ratelimit-limit", this.#perMinute);
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
