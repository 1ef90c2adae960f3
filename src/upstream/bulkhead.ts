import type { CallBound } from "./call-bound.js";

export interface BulkheadOptions {
  /** Maximum number of concurrent calls. */
  concurrent: number;
  /** Maximum number of calls that wait. */
  waiting: number;
}

/** Thrown if too many calls wait already. */
export class BulkheadFullError extends Error {
  override readonly name = "BulkheadFullError";
}

/**
 * Limits the number of concurrent calls. Further calls wait in their order. A caller that leaves frees its place in the
 * queue at once; in cockatiel's bulkhead, it keeps the place until its turn.
 */
export class Bulkhead {
  readonly #maxWaiting: number;
  readonly #queue = new Set<() => void>();
  #free: number;

  constructor({ concurrent, waiting }: BulkheadOptions) {
    this.#free = concurrent;
    this.#maxWaiting = waiting;
  }

  /** @throws BulkheadFullError, and the bound's error when the bound ends */
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
      // The call got its turn just as it left: pass the turn on.
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
