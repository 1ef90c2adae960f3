import type { CallBound } from "./call-bound.js";

export interface BulkheadOptions {
  /** Calls under way at once. */
  concurrent: number;
  /** How many more may wait. */
  waiting: number;
}

/** Raised where too many wait already. */
export class BulkheadFullError extends Error {
  override readonly name = "BulkheadFullError";
}

/**
 * Lets so many calls through at once; the others wait in their order. Whoever leaves gives the place in the queue up at
 * once, which cockatiel's bulkhead does only when the place comes to its turn.
 */
export class Bulkhead {
  readonly #maxWaiting: number;
  readonly #queue = new Set<() => void>();
  #free: number;

  constructor({ concurrent, waiting }: BulkheadOptions) {
    this.#free = concurrent;
    this.#maxWaiting = waiting;
  }

  /** @throws BulkheadFullError, and what the bound says when it is over */
  async run<Result>(work: () => Promise<Result>, bound: Pick<CallBound, "wait">): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#place(bound);
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  async #place(bound: Pick<CallBound, "wait">): Promise<void> {
    if (this.#queue.size >= this.#maxWaiting) throw new BulkheadFullError();
    let enter!: () => void;
    const turn = new Promise<void>((resolve) => (enter = resolve));
    this.#queue.add(enter);
    try {
      await bound.wait(() => turn);
    } catch (error) {
      // A place that is no longer in the queue was given to this call in the moment in which it left.
      if (!this.#queue.delete(enter)) this.#release();
      throw error;
    }
  }

  #release(): void {
    const [next] = this.#queue;
    if (!next) {
      this.#free += 1;
      return;
    }
    this.#queue.delete(next);
    next();
  }
}
