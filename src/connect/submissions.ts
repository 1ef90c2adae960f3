import type { FastifyRequest } from "fastify";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { ConnectPageError } from "./page-error.js";
import type { ConnectSession } from "./session.js";

const PER_MINUTE = 30;

/** What changes something is limited per session: each one can cost a call to a CRM, and a form invites to try keys. */
export class Submissions {
  readonly #limiter = new RateLimiterMemory({ points: PER_MINUTE, duration: 60 });
  readonly #publicUrl: () => string;

  constructor(publicUrl: () => string) {
    this.#publicUrl = publicUrl;
  }

  /** @throws ConnectPageError 429 */
  async count({ sid }: ConnectSession): Promise<void> {
    try {
      await this.#limiter.consume(sid);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterS = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new ConnectPageError(
        429,
        "Too many attempts in a short time",
        `Wait ${retryAfterS === 1 ? "a second" : `${retryAfterS} seconds`}, go back and try again.`,
        { retryAfterS },
      );
    }
  }

  /**
   * A form counts only when one of our own pages sent it.
   * @throws ConnectPageError 403
   */
  checkOrigin({ headers }: FastifyRequest): void {
    if (headers.origin === this.#publicUrl()) return;
    throw new ConnectPageError(
      403,
      "This form did not come from this site",
      "Nothing was changed. Go back and try again. If the address of this page differs from that of the link, open the link again.",
    );
  }
}
