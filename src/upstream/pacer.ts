import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import type { CallBound } from "./call-bound.js";
import type { Clock } from "./clock.js";
import type { RateRule } from "./request.js";
import { SHORT_WAIT_MS } from "./retry-decision.js";

interface Window {
  rule: RateRule;
  /** The times of the last `rule.requests` calls, also of calls that still wait, oldest first. */
  sentAt: number[];
  blockedUntil: number;
}

/** Maximum number of windows in memory. Without a window, the CRM enforces its limit. */
const MAX_WINDOWS = 10_000;

/** Delays calls so that they stay below the CRM's documented or stated rate limits, per connected account. */
export class Pacer {
  readonly #windows = new LRUCache<string, Window>({ max: MAX_WINDOWS });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits until the call may be sent.
   * @throws CrmError PROVIDER_RATE_LIMITED, without a call, if the wait is longer than SHORT_WAIT_MS or the bound; the
   *   bound's error when the caller leaves
   */
  async acquire(
    key: string,
    lane: string | undefined,
    rules: readonly RateRule[],
    bound: Pick<CallBound, "remainingMs" | "wait">,
  ): Promise<void> {
    for (const rule of rules) {
      if (rule.lane !== lane) continue;
      const window = this.#window(key, rule);
      const now = this.#clock.now();
      const { requests, perMs } = window.rule;
      const oldest = window.sentAt.at(-requests);
      const goAt = Math.max(now, window.blockedUntil, oldest === undefined ? 0 : oldest + perMs);
      const waitMs = goAt - now;
      if (waitMs > SHORT_WAIT_MS || waitMs >= bound.remainingMs) {
        throw new CrmError("PROVIDER_RATE_LIMITED", { retryAfter: waitMs / 1000, outcome: "NOT_SENT" });
      }
      window.sentAt.push(goAt);
      if (window.sentAt.length > requests) window.sentAt.splice(0, window.sentAt.length - requests);
      if (waitMs > 0) await bound.wait((signal) => this.#clock.sleep(waitMs, signal));
    }
  }

  /** Blocks a lane after a refusal, for the time that the CRM requested. */
  block(key: string, lane: string | undefined, rules: readonly RateRule[], forMs: number): void {
    const until = this.#clock.now() + forMs;
    for (const rule of rules) {
      if (rule.lane !== lane) continue;
      const window = this.#window(key, rule);
      window.blockedUntil = Math.max(window.blockedUntil, until);
    }
  }

  /** Uses the limit that the CRM's headers state. It depends on the account's tier. */
  learn(key: string, stated: RateRule): void {
    const window = this.#window(key, stated);
    if (window.rule.requests !== stated.requests) window.rule = stated;
  }

  #window(key: string, rule: RateRule): Window {
    const id = `${key} ${rule.lane ?? ""} ${rule.perMs}`;
    let window = this.#windows.get(id);
    if (!window) {
      window = { rule, sentAt: [], blockedUntil: 0 };
      this.#windows.set(id, window);
    }
    return window;
  }
}
