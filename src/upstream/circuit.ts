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

/** Thrown for a call that the bound of its caller ended. */
export class CutShort extends Error {
  override readonly name = "CutShort";

  /**
   * @param told the error for the caller
   * @param seen the CRM's last error before the end; null if there was none
   */
  constructor(
    readonly told: CrmError,
    readonly seen: CrmError | null,
  ) {
    super(told.message);
  }
}

const UNBOUNDED: Pick<CallBound, "wait"> = { wait: (work) => work(new AbortController().signal) };

/** True for failures of the API itself: no answer, or a status of at least 500. */
function countsAsFailure(error: unknown): boolean {
  if (error instanceof CutShort) return countsAsFailure(error.seen);
  if (!(error instanceof CrmError) || !error.definition.countsAgainstCircuit) return false;
  return error.code === "PROVIDER_UNAVAILABLE" || (error.details.upstream?.status ?? 0) >= 500;
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
  #policy: CircuitBreakerPolicy;
  #probe: Promise<void> | null = null;
  #waitMs = 0;
  #probeAt = 0;

  constructor(options: CircuitOptions = CIRCUIT_DEFAULTS) {
    this.#options = options;
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
    return this.isOpen ? Math.max(0, this.#probeAt - Date.now()) : 0;
  }

  /**
   * @param bound limits the wait for the probe of another caller
   * @throws CrmError CIRCUIT_OPEN while the circuit is open, without running anything; the bound's error when it ends
   */
  async execute<Result>(run: () => Promise<Result>, bound: Pick<CallBound, "wait"> = UNBOUNDED): Promise<Result> {
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
    const { failures, halfOpenAfterMs, maxHalfOpenAfterMs } = this.#options;
    const next = ({ attempt }: { attempt: number }): IBackoff<{ attempt: number }> => {
      this.#waitMs = Math.min(halfOpenAfterMs * 2 ** (attempt - 1), maxHalfOpenAfterMs);
      return { duration: this.#waitMs, next };
    };
    const policy = circuitBreaker(handleWhen(countsAsFailure), {
      breaker: new ConsecutiveBreaker(failures),
      halfOpenAfter: { next },
      ...(initialState === undefined ? {} : { initialState }),
    });
    policy.onBreak(() => (this.#probeAt = Date.now() + this.#waitMs));
    return policy;
  }
}
