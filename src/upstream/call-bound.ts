import { CrmError, type CrmErrorDetails } from "../errors/crm-error.js";
import { systemClock } from "./clock.js";

/** The time limit of an operation at one connection. */
export interface TimeLimit {
  /** Milliseconds since the bound was created. */
  ms: number;
  /** The variable or header that sets the limit, for the error. */
  setBy: string;
}

export interface CallBoundOptions {
  /** A time of the monotonic clock, in milliseconds. The caller waits no longer than that, however the wall clock is set. */
  deadline: number;
  /** Aborted when the caller disconnects. */
  signal?: AbortSignal | undefined;
  limit?: TimeLimit | undefined;
  /** The monotonic clock, `systemClock.monotonic` by default. */
  now?: () => number;
}

type End = "CALLER_GONE" | "CONNECTION_TIME" | "OPERATION_TIME";

/** The errors at the end of a bound: for callers that still waited, and for callers whose request was running. */
interface EndErrors {
  waiting: CrmError;
  running: CrmError;
}

/** The longest timer of Node, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Ends the waits of a caller at one connection: after a time, or when the caller disconnects. It never ends a write that
 * has begun. Timer and listener exist only during a wait, so that an unused bound leaves nothing behind.
 */
export class CallBound {
  readonly #options: CallBoundOptions;
  readonly #limitAt: number;
  readonly #running = new AbortController();
  readonly #waiters = new Set<(error: CrmError) => void>();
  readonly #onCallerGone = () => this.#end("CALLER_GONE");
  #users = 0;
  #isWatchComing = false;
  #isWatching = false;
  #timer: NodeJS.Timeout | undefined;
  #ended: End | null = null;
  #errors: EndErrors | null = null;
  #write: "NONE" | "PREPARED" | "BEGUN" = "NONE";

  constructor(options: CallBoundOptions) {
    this.#options = options;
    this.#limitAt = options.limit ? this.#now() + options.limit.ms : Infinity;
  }

  /** Milliseconds until the time limit. Infinity while a write that has begun is running. */
  get remainingMs(): number {
    if (this.#write === "BEGUN") return Infinity;
    return Math.min(this.#options.deadline, this.#limitAt) - this.#now();
  }

  /** Aborted at the end, for running reads. Its reason is the CrmError with which they fail. */
  get signal(): AbortSignal {
    return this.#running.signal;
  }

  /** True from the first write request of a change until the change has ended. */
  get hasBegunWrite(): boolean {
    return this.#write === "BEGUN";
  }

  /** True for the errors with which this bound ends waits. */
  isEnd(error: unknown): error is CrmError {
    return this.#errors !== null && (error === this.#errors.waiting || error === this.#errors.running);
  }

  /** @throws CrmError if the bound has ended */
  assertOpen(): void {
    if (this.#write === "BEGUN") return;
    if (this.#options.signal?.aborted) this.#end("CALLER_GONE");
    else if (this.remainingMs <= 0) this.#endByTime();
    if (this.#errors) throw this.#errors.waiting;
  }

  /** True for the errors with which this bound ends waits when its time is over. */
  isTimeEnd(error: unknown): error is CrmError {
    return this.#ended !== "CALLER_GONE" && this.isEnd(error);
  }

  /**
   * Waits for work, but not beyond the end of the bound. The work then continues, and its result or error is ignored.
   * @param work gets a signal that is aborted at the end
   * @throws CrmError when the bound ends: PROVIDER_UNAVAILABLE for the connection's time limit, otherwise SERVICE_UNAVAILABLE
   */
  wait<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return this.during(async () => {
      this.assertOpen();
      return new Promise<Result>((resolve, reject) => {
        this.#waiters.add(reject);
        const settled = () => this.#waiters.delete(reject);
        void runSafely(() => work(this.signal))
          .then(resolve, reject)
          .finally(settled);
      });
    });
  }

  /** Runs work, and aborts `signal` at the end of the bound. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#users += 1;
    if (this.#users === 1) this.#watchSoon();
    try {
      return await work();
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#unwatch();
    }
  }

  /**
   * Runs one change of a record, with one or more requests. If the bound ends before the first write request, the outcome
   * is NOT_SENT. After that, nothing ends the change.
   */
  async write<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#write = "PREPARED";
    try {
      return await work();
    } catch (error) {
      // An adapter may report PARTIAL after a first step that had nothing to write.
      throw this.#write === "PREPARED" && error instanceof CrmError ? asNotSent(error) : error;
    } finally {
      this.#write = "NONE";
      if (this.#users > 0) this.#watch();
    }
  }

  /** Call this when a request that changes something is given to the transport. */
  noteWriteSent(): void {
    if (this.#write !== "PREPARED") return;
    this.#write = "BEGUN";
    this.#unwatch();
  }

  #now(): number {
    return this.#options.now?.() ?? systemClock.monotonic();
  }

  /** Watches after the promise jobs of now. Work on what is in memory ends before that, and needs no timer. */
  #watchSoon(): void {
    if (this.#isWatchComing) return;
    this.#isWatchComing = true;
    process.nextTick(() => {
      this.#isWatchComing = false;
      if (this.#users > 0) this.#watch();
    });
  }

  #watch(): void {
    this.#unwatch();
    if (this.#ended !== null || this.#write === "BEGUN") return;
    if (this.#options.signal?.aborted) return this.#end("CALLER_GONE");
    this.#isWatching = true;
    this.#options.signal?.addEventListener("abort", this.#onCallerGone, { once: true });
    const waitMs = this.remainingMs;
    if (waitMs <= MAX_TIMER_MS) this.#timer = setTimeout(() => this.#endByTime(), Math.max(0, waitMs));
  }

  #unwatch(): void {
    if (!this.#isWatching) return;
    this.#isWatching = false;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#onCallerGone);
  }

  #endByTime(): void {
    const { deadline, limit } = this.#options;
    this.#end(!limit || deadline < this.#limitAt ? "OPERATION_TIME" : "CONNECTION_TIME");
  }

  #end(end: End): void {
    if (this.#ended !== null || this.#write === "BEGUN") return;
    this.#ended = end;
    this.#unwatch();
    const errors = errorsOf(end, this.#options.limit, this.#write === "PREPARED" ? { outcome: "NOT_SENT" } : {});
    this.#errors = errors;
    for (const reject of this.#waiters) reject(errors.waiting);
    this.#waiters.clear();
    this.#running.abort(errors.running);
  }
}

/** Turns a synchronous throw into a rejection. */
async function runSafely<Result>(work: () => Promise<Result>): Promise<Result> {
  return work();
}

function asNotSent(error: CrmError): CrmError {
  if (error.details.outcome === undefined) return error;
  const { cause, credentialRefused, recordMissing } = error;
  const details: CrmErrorDetails = { ...error.details, outcome: "NOT_SENT" };
  return new CrmError(error.code, details, { cause, credentialRefused, recordMissing });
}

function errorsOf(end: End, limit: TimeLimit | undefined, outcome: { outcome?: "NOT_SENT" }): EndErrors {
  switch (end) {
    case "CALLER_GONE": {
      const gone = new CrmError("SERVICE_UNAVAILABLE", {
        detail: "The caller closed the connection before its response was ready.",
        ...outcome,
      });
      return { waiting: gone, running: gone };
    }
    case "OPERATION_TIME":
      return {
        waiting: new CrmError("SERVICE_UNAVAILABLE", {
          detail: "The time limit of this request ended while a call waited for its turn.",
          ...outcome,
        }),
        running: new CrmError("PROVIDER_UNAVAILABLE", { detail: "The CRM did not answer in time.", ...outcome }),
      };
    case "CONNECTION_TIME": {
      const detail = `The CRM connection took longer than the ${limit!.ms} ms that one operation may wait for it (${limit!.setBy}).`;
      const over = new CrmError("PROVIDER_UNAVAILABLE", { detail, ...outcome });
      return { waiting: over, running: over };
    }
  }
}
