import { CrmError, type CrmErrorDetails } from "../errors/crm-error.js";

/** How long one connection may take of an operation. */
export interface TimeLimit {
  /** Milliseconds, counted from when the bound is made. */
  ms: number;
  /** The variable or header that sets it, for the error. */
  setBy: string;
  /** Whether the caller asked for it: what it cuts says nothing of the CRM. */
  byCaller: boolean;
}

export interface CallBoundOptions {
  /** Milliseconds since the epoch after which the caller no longer waits. */
  deadline: number;
  /** Aborted when the caller has gone. */
  signal?: AbortSignal | undefined;
  limit?: TimeLimit | undefined;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

type End = "CALLER_GONE" | "CALLER_TIME" | "CONNECTION_TIME" | "OPERATION_TIME";

/** What an end is told as: to those who still waited, and to those whose request was under way. */
interface Told {
  waiting: CrmError;
  underWay: CrmError;
}

/** The longest time that a timer of Node takes, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Ends what a caller waits for at one connection: by time, or because the caller has gone. A write that has begun is
 * not ended. Timer and listener exist only while somebody waits, so that a bound that is let go of leaves nothing behind.
 */
export class CallBound {
  readonly #options: CallBoundOptions;
  readonly #limitAt: number;
  readonly #underWay = new AbortController();
  readonly #waiters = new Set<(error: CrmError) => void>();
  readonly #onCallerGone = () => this.#end("CALLER_GONE");
  #users = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended: End | null = null;
  #told: Told | null = null;
  #write: "NONE" | "PREPARED" | "BEGUN" = "NONE";

  constructor(options: CallBoundOptions) {
    this.#options = options;
    this.#limitAt = options.limit ? this.#now() + options.limit.ms : Infinity;
  }

  /** Milliseconds until the end by time; Infinity while a write that has begun goes on. */
  get remainingMs(): number {
    if (this.#write === "BEGUN") return Infinity;
    return Math.min(this.#options.deadline, this.#limitAt) - this.#now();
  }

  /** Aborted at the end, for reads that are under way. Its reason is the CrmError that they fail with. */
  get signal(): AbortSignal {
    return this.#underWay.signal;
  }

  /** Whether the caller has gone, or asked for less time than the operator grants. */
  get endedByCaller(): boolean {
    return this.#ended === "CALLER_GONE" || this.#ended === "CALLER_TIME";
  }

  /** Whether an error says that this bound is over. */
  isEnd(error: unknown): error is CrmError {
    return this.#told !== null && (error === this.#told.waiting || error === this.#told.underWay);
  }

  /** @throws CrmError when the bound is over */
  assertOpen(): void {
    if (this.#write === "BEGUN") return;
    if (this.#options.signal?.aborted) this.#end("CALLER_GONE");
    else if (this.remainingMs <= 0) this.#endByTime();
    if (this.#told) throw this.#told.waiting;
  }

  /**
   * Waits for work, but not beyond the bound; the work is then left to itself, and its failure is no one's any more.
   * @param work is given a signal that is aborted at the end
   * @throws CrmError when the bound is over: PROVIDER_UNAVAILABLE for a connection's time, SERVICE_UNAVAILABLE otherwise
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

  /** Watches the time while work goes on, which may look at `signal`. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#users += 1;
    if (this.#users === 1) this.#watch();
    try {
      return await work();
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#unwatch();
    }
  }

  /**
   * Runs one change of a record, of however many requests. What ends it before its first write was handed to the
   * transport has the outcome NOT_SENT; from then on nothing ends it.
   */
  async write<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#write = "PREPARED";
    try {
      return await work();
    } catch (error) {
      // An adapter that believes its first step done may say PARTIAL, where that step had nothing to write.
      throw this.#write === "PREPARED" && error instanceof CrmError ? asNotSent(error) : error;
    } finally {
      this.#write = "NONE";
      if (this.#users > 0) this.#watch();
    }
  }

  /** Called as a request that changes something is handed to the transport. */
  noteWriteSent(): void {
    if (this.#write !== "PREPARED") return;
    this.#write = "BEGUN";
    this.#unwatch();
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  #watch(): void {
    this.#unwatch();
    if (this.#ended !== null || this.#write === "BEGUN") return;
    this.#options.signal?.addEventListener("abort", this.#onCallerGone, { once: true });
    const waitMs = this.remainingMs;
    if (waitMs <= MAX_TIMER_MS) this.#timer = setTimeout(() => this.#endByTime(), Math.max(0, waitMs));
  }

  #unwatch(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#onCallerGone);
  }

  #endByTime(): void {
    const { deadline, limit } = this.#options;
    if (!limit || deadline < this.#limitAt) this.#end("OPERATION_TIME");
    else this.#end(limit.byCaller ? "CALLER_TIME" : "CONNECTION_TIME");
  }

  #end(end: End): void {
    if (this.#ended !== null || this.#write === "BEGUN") return;
    this.#ended = end;
    this.#unwatch();
    const told = toldOf(end, this.#options.limit, this.#write === "PREPARED" ? { outcome: "NOT_SENT" } : {});
    this.#told = told;
    for (const reject of this.#waiters) reject(told.waiting);
    this.#waiters.clear();
    this.#underWay.abort(told.underWay);
  }
}

/** A function that throws at once fails like one whose promise is rejected. */
async function runSafely<Result>(work: () => Promise<Result>): Promise<Result> {
  return work();
}

function asNotSent(error: CrmError): CrmError {
  if (error.details.outcome === undefined) return error;
  const { cause, credentialRefused, recordMissing } = error;
  const details: CrmErrorDetails = { ...error.details, outcome: "NOT_SENT" };
  return new CrmError(error.code, details, { cause, credentialRefused, recordMissing });
}

function toldOf(end: End, limit: TimeLimit | undefined, outcome: { outcome?: "NOT_SENT" }): Told {
  switch (end) {
    case "CALLER_GONE": {
      const gone = new CrmError("SERVICE_UNAVAILABLE", {
        detail: "The caller closed the connection before its response was ready.",
        ...outcome,
      });
      return { waiting: gone, underWay: gone };
    }
    case "OPERATION_TIME":
      return {
        waiting: new CrmError("SERVICE_UNAVAILABLE", {
          detail: "The time limit of this request ended while a call waited for its turn.",
          ...outcome,
        }),
        underWay: new CrmError("PROVIDER_UNAVAILABLE", { detail: "The CRM did not answer in time.", ...outcome }),
      };
    case "CALLER_TIME":
    case "CONNECTION_TIME": {
      const detail = `The CRM connection took longer than the ${limit!.ms} ms that one operation may wait for it (${limit!.setBy}).`;
      const over = new CrmError("PROVIDER_UNAVAILABLE", { detail, ...outcome });
      return { waiting: over, underWay: over };
    }
  }
}
