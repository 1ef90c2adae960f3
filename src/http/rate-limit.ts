import type { FastifyReply } from "fastify";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { CrmError } from "../errors/crm-error.js";

/** Counts requests per API key and minute. */
export class KeyRateLimit {
  readonly #limiter: RateLimiterMemory;
  readonly #perMinute: number;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
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
      throw new CrmError("RATE_LIMITED", { retryAfter: refusal.msBeforeNext / 1000 });
    }
  }

  #state(reply: FastifyReply, { remainingPoints, msBeforeNext }: RateLimiterRes): void {
    void reply.header("x-ratelimit-limit", this.#perMinute);
    void reply.header("x-ratelimit-remaining", Math.max(0, remainingPoints));
    void reply.header("x-ratelimit-reset", Math.max(1, Math.ceil(msBeforeNext / 1000)));
  }
}
