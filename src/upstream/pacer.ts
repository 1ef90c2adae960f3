import { LRUCache } from "lru-cache";
import type { Clock } from "./clock.js";
import { MemoryLedger } from "./memory-ledger.js";
import { MAX_HOLD_MS, type PaceLedger } from "./pace-ledger.js";
import { PaceTurn } from "./pace-turn.js";
import type { RateRule } from "./request.js";

/** Maximum number of stated limits in memory. */
const MAX_STATED = 10_000;
/** Milliseconds after which a call has certainly ended, by default. */
const LEASE_MS = 60_000;

export interface PacerOptions {
  clock: Clock;
  /** Counts the calls, in the memory of this process by default. */
  ledger?: PaceLedger | undefined;
  /** Milliseconds in which an attempt ends. */
  leaseMs?: number;
}

/**
 * Delays calls so that they stay below the CRM's documented or stated rate limits, per connected account. Its times are those
 * of the monotonic clock, so that nobody can lengthen a wait by setting the clock back.
 */
export class Pacer {
  readonly #stated = new LRUCache<string, number>({ max: MAX_STATED });
  readonly #clock: Clock;
  readonly #ledger: PaceLedger;
  readonly #leaseMs: number;

  constructor({ clock, ledger, leaseMs = LEASE_MS }: PacerOptions) {
    this.#clock = clock;
    this.#ledger = ledger ?? new MemoryLedger(() => clock.monotonic());
    this.#leaseMs = leaseMs;
  }

  /** The turn of one call. Null if no rule concerns it. */
  turn(key: string, lane: string | undefined, rules: readonly RateRule[]): PaceTurn | null {
    const windows = rules
      .filter((rule) => rule.lane === lane)
      .map((rule) => {
        const window = windowOf(key, rule);
        // An answer may state another limit while the call waits.
        return { window, rule: () => ({ ...rule, requests: this.#stated.get(window) ?? rule.requests }) };
      });
    if (windows.length === 0) return null;
    return new PaceTurn({ windows, ledger: this.#ledger, clock: this.#clock, leaseMs: this.#leaseMs });
  }

  /** Blocks a lane after a refusal, for the time that the CRM requested, but not longer than MAX_HOLD_MS. */
  block(key: string, lane: string | undefined, rules: readonly RateRule[], forMs: number): void {
    for (const rule of rules) {
      if (rule.lane !== lane) continue;
      // Nobody waits for it. A ledger that is away is the ledger's own matter, and never rejects.
      void this.#ledger.block(windowOf(key, rule), Math.min(forMs, MAX_HOLD_MS));
    }
  }

  /** Uses the limit that the CRM's headers state, unless its window is longer than MAX_HOLD_MS. It depends on the account's tier. */
  learn(key: string, stated: RateRule): void {
    if (stated.perMs <= MAX_HOLD_MS) this.#stated.set(windowOf(key, stated), stated.requests);
  }
}

function windowOf(key: string, rule: RateRule): string {
  return `${key} ${rule.lane ?? ""} ${rule.perMs}`;
}
