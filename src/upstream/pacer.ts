import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import type { CallBound } from "./call-bound.js";
import type { Clock } from "./clock.js";
import type { RateRule } from "./request.js";
import { SHORT_WAIT_MS } from "./retry-decision.js";

interface Window {
  rule: RateRule;
  /** The times of the calls within the last `rule.perMs`, also of calls that still wait, oldest first. */
  sentAt: number[];
  /** The time at which the bucket is full again. */
  fullAt: number;
  blockedUntil: number;
}

/** Milliseconds. No answer of a CRM holds its account back for longer: it may be a mistake, and a restart would be the only cure. */
export const MAX_HOLD_MS = 15 * 60 * 1000;

/** Maximum number of windows in memory. Without a window, the CRM enforces its limit. */
const MAX_WINDOWS = 10_000;

/**
 * Delays calls so that they stay below the CRM's documented or stated rate limits, per connected account. Its times are those
 * of the monotonic clock, so that nobody can lengthen a wait by setting the clock back.
 */
export class Pacer {
  readonly #windows = new LRUCache<string, Window>({ max: MAX_WINDOWS });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits until the call may be sent.
   * @throws CrmError PROVIDER_RATE_LIMITED, without a call, if the wait is longer than the bound, or if the CRM itself asked
   *   to wait for longer than SHORT_WAIT_MS; the bound's error when the caller leaves
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
      // A stated limit may have made the window. It does not say how the CRM counts.
      if (window.rule.isBucket !== rule.isBucket) window.rule = { ...rule, requests: window.rule.requests };
      const now = this.#clock.monotonic();
      forget(window, now - window.rule.perMs);
      const goAt = Math.max(now, window.blockedUntil, freeAt(window));
      const waitMs = goAt - now;
      if (window.blockedUntil - now > SHORT_WAIT_MS || waitMs >= bound.remainingMs) {
        throw new CrmError("PROVIDER_RATE_LIMITED", { retryAfter: waitMs / 1000, outcome: "NOT_SENT" });
      }
      take(window, goAt);
      if (waitMs > 0) await this.#wait(waitMs, bound, () => giveBack(window, goAt));
    }
  }

  /** @param left called if the caller leaves: its call is not sent, so it takes no place in the window */
  async #wait(waitMs: number, bound: Pick<CallBound, "wait">, left: () => void): Promise<void> {
    try {
      await bound.wait((signal) => this.#clock.sleep(waitMs, signal));
    } catch (error) {
      left();
      throw error;
    }
  }

  /** Blocks a lane after a refusal, for the time that the CRM requested, but not longer than MAX_HOLD_MS. */
  block(key: string, lane: string | undefined, rules: readonly RateRule[], forMs: number): void {
    const until = this.#clock.monotonic() + Math.min(forMs, MAX_HOLD_MS);
    for (const rule of rules) {
      if (rule.lane !== lane) continue;
      const window = this.#window(key, rule);
      window.blockedUntil = Math.max(window.blockedUntil, until);
    }
  }

  /** Uses the limit that the CRM's headers state, unless its window is longer than MAX_HOLD_MS. It depends on the account's tier. */
  learn(key: string, stated: RateRule): void {
    if (stated.perMs > MAX_HOLD_MS) return;
    const window = this.#window(key, stated);
    if (window.rule.requests !== stated.requests) window.rule = { ...window.rule, requests: stated.requests };
  }

  #window(key: string, rule: RateRule): Window {
    const id = `${key} ${rule.lane ?? ""} ${rule.perMs}`;
    let window = this.#windows.get(id);
    if (!window) {
      window = { rule, sentAt: [], fullAt: -Infinity, blockedUntil: -Infinity };
      this.#windows.set(id, window);
    }
    return window;
  }
}

/** The time at which the rule allows the next call. */
function freeAt({ rule, sentAt, fullAt }: Window): number {
  const { requests, perMs, isBucket } = rule;
  // A bucket has a token for this call once it lacks at most all the others.
  if (isBucket) return fullAt - perMs * ((requests - 1) / requests);
  const oldest = sentAt.at(-requests);
  return oldest === undefined ? -Infinity : oldest + perMs;
}

/** Adds the time of a call. A limit that has grown lets later calls go before earlier ones, so the place is searched. */
function take(window: Window, goAt: number): void {
  const { rule, sentAt } = window;
  if (rule.isBucket) window.fullAt = Math.max(window.fullAt, goAt) + rule.perMs / rule.requests;
  else sentAt.splice(sentAt.findLastIndex((at) => at <= goAt) + 1, 0, goAt);
}

function giveBack(window: Window, goAt: number): void {
  const { rule, sentAt } = window;
  if (rule.isBucket) window.fullAt -= rule.perMs / rule.requests;
  const place = sentAt.lastIndexOf(goAt);
  if (place >= 0) sentAt.splice(place, 1);
}

/** Removes the calls that have left the window. */
function forget({ sentAt }: Window, until: number): void {
  const first = sentAt.findIndex((at) => at > until);
  sentAt.splice(0, first < 0 ? sentAt.length : first);
}
