import type { FastifyRequest } from "fastify";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { ConnectPageError } from "./page-error.js";
import type { ConnectSession } from "./session.js";

const PER_MINUTE = 30;
const WINDOW_S = 60;

/** Limits submissions per session: each can call a CRM, and a form could be used to try out stolen keys. */
export class Submissions {
  readonly #limiter = new RateLimiterMemory({ points: PER_MINUTE, duration: WINDOW_S });
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
      // The library calculates the time with the wall clock, which may have been set back. Its timer ends the window all the same.
      const retryAfterS = Math.min(WINDOW_S, Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
      throw new ConnectPageError(
        429,
        "Too many attempts",
        `Wait ${retryAfterS === 1 ? "a second" : `${retryAfterS} seconds`}. Then go back and try again.`,
        { retryAfterS },
      );
    }
  }

  /**
   * Refuses a form that was not sent by one of our own pages.
   * @throws ConnectPageError 403
   */
  checkOrigin({ headers }: FastifyRequest): void {
    if (headers.origin === this.#publicUrl()) return;
    throw new ConnectPageError(
      403,
      "This form did not come from this site",
      "Nothing was changed. Go back and try again. If this page has a different address than the link you got, open the link again.",
    );
  }
}
