import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
  type IBackoff,
} from "cockatiel";
import { CrmError } from "../errors/crm-error.js";
import type { CallBound } from "./call-bound.js";
import { systemClock, type Clock } from "./clock.js";
import { countsAsFailure } from "./evidence.js";

export interface CircuitOptions {
  /** Number of consecutive failures that open the circuit. */
  failures: number;
  /** Milliseconds until the first probe. Each failed probe doubles the time. */
  halfOpenAfterMs: number;
  maxHalfOpenAfterMs: number;
}

export const CIRCUIT_DEFAULTS: CircuitOptions = { failures: 5, halfOpenAfterMs: 10_000, maxHalfOpenAfterMs: 120_000 };

/** HALF_OPEN: the next call is the probe, or the probe is running. */
export type CircuitStatus = "CLOSED" | "OPEN" | "HALF_OPEN";

const UNBOUNDED: Pick<CallBound, "wait"> = { wait: (work) => work(new AbortController().signal) };

/** Milliseconds until the first probe (`attempt` 1), or until the next one after `attempt - 1` failed probes. */
export function probeWaitMs(
  { halfOpenAfterMs, maxHalfOpenAfterMs }: Pick<CircuitOptions, "halfOpenAfterMs" | "maxHalfOpenAfterMs">,
  attempt: number,
): number {
  return Math.min(halfOpenAfterMs * 2 ** (attempt - 1), maxHalfOpenAfterMs);
}

/**
 * A cockatiel breaker that also knows how long it stays open. After that time it lets exactly one probe through, and all
 * other calls wait for the probe's result.
 *
 * Results without information about the API's health (rate limits, refused credentials, caller's errors) do not change
 * the state. Cockatiel alone would take such a result of the probe as a recovery.
 */
export class Circuit {
  readonly #options: CircuitOptions;
  readonly #clock: Pick<Clock, "monotonic">;
  #policy: CircuitBreakerPolicy;
  #probe: Promise<void> | null = null;
  #waitMs = 0;
  #probeAt = 0;

  constructor(options: CircuitOptions = CIRCUIT_DEFAULTS, clock: Pick<Clock, "monotonic"> = systemClock) {
    this.#options = options;
    this.#clock = clock;
    this.#policy = this.#createPolicy();
  }

  get isOpen(): boolean {
    return this.#policy.state !== CircuitState.Closed;
  }

  get status(): CircuitStatus {
    if (!this.isOpen) return "CLOSED";
    return this.retryAfterMs() > 0 ? "OPEN" : "HALF_OPEN";
  }

  /** Milliseconds until the next probe. 0 if calls go through. */
  retryAfterMs(): number {
    return this.isOpen ? Math.max(0, this.#probeAt - this.#clock.monotonic()) : 0;
  }

  /**
   * @param bound limits the wait for the probe of another caller
   * @throws CrmError CIRCUIT_OPEN while the circuit is open, without running anything; the bound's error when it ends
   */
  execute<Result>(run: () => Promise<Result>, bound: Pick<CallBound, "wait"> = UNBOUNDED): Promise<Result> {
    return this.#probe || this.isOpen ? this.#executeOpen(run, bound) : this.#policy.execute(run);
  }

  async #executeOpen<Result>(run: () => Promise<Result>, bound: Pick<CallBound, "wait">): Promise<Result> {
    while (this.#probe) {
      const probe = this.#probe;
      await bound.wait(() => probe);
    }
    if (!this.isOpen) return this.#policy.execute(run);
    const waitMs = this.retryAfterMs();
    if (waitMs > 0) throw new CrmError("CIRCUIT_OPEN", { retryAfter: waitMs / 1000 });
    return this.#executeProbe(run);
  }

  async #executeProbe<Result>(run: () => Promise<Result>): Promise<Result> {
    let release!: () => void;
    this.#probe = new Promise((resolve) => (release = resolve));
    const open: unknown = this.#policy.toJSON();
    try {
      return await this.#policy.execute(run);
    } catch (error) {
      if (!countsAsFailure(error)) this.#policy = this.#createPolicy(open);
      throw error;
    } finally {
      this.#probe = null;
      release();
    }
  }

  #createPolicy(initialState?: unknown): CircuitBreakerPolicy {
    const next = ({ attempt }: { attempt: number }): IBackoff<{ attempt: number }> => {
      this.#waitMs = probeWaitMs(this.#options, attempt);
      // Cockatiel measures this time with Date.now(), which somebody may set back. The time until the probe is kept here.
      return { duration: -Infinity, next };
    };
    const policy = circuitBreaker(handleWhen(countsAsFailure), {
      breaker: new ConsecutiveBreaker(this.#options.failures),
      halfOpenAfter: { next },
      ...(initialState === undefined ? {} : { initialState }),
    });
    policy.onBreak(() => (this.#probeAt = this.#clock.monotonic() + this.#waitMs));
    return policy;
  }
}
