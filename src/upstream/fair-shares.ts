import { BulkheadFullError } from "./bulkhead.js";
import type { CallBound } from "./call-bound.js";

export interface FairSharesOptions {
  /** The most calls under way to one origin, and so the most sockets. */
  perOrigin: number;
  /** The most calls of one workspace that wait for one origin. */
  waiting: number;
}

interface Share {
  running: number;
  /** Functions that start the waiting calls, oldest first. */
  waiting: Set<() => void>;
}

/**
 * Divides the calls under way to each origin among workspaces. A workspace may begin a call while it has fewer calls under
 * way than there are free places. So one workspace alone has at most half of the places; two have a third each, and a third
 * stays free; and so on. A workspace that begins to call finds a free place at once, whatever the others do.
 *
 * The rule is that of dynamic thresholds for shared memory of switches (Choudhury and Hahne, 1998).
 */
export class FairShares {
  readonly #options: FairSharesOptions;
  readonly #origins = new Map<string, OriginPlaces>();

  constructor(options: FairSharesOptions) {
    this.#options = options;
  }

  /**
   * Runs one call when its workspace gets a place at the origin.
   * @throws BulkheadFullError if too many calls of the workspace wait; the bound's error when the bound ends
   */
  async run<Result>(
    origin: string,
    workspace: string,
    work: () => Promise<Result>,
    bound: Pick<CallBound, "wait">,
  ): Promise<Result> {
    let places = this.#origins.get(origin);
    if (!places) this.#origins.set(origin, (places = new OriginPlaces(this.#options)));
    try {
      await places.enter(workspace, bound);
      try {
        return await work();
      } finally {
        places.leave(workspace);
      }
    } finally {
      // Only origins with calls are kept, so that their number is bounded by the number of calls.
      if (places.isEmpty) this.#origins.delete(origin);
    }
  }
}

class OriginPlaces {
  readonly #maxWaiting: number;
  readonly #shares = new Map<string, Share>();
  #free: number;

  constructor({ perOrigin, waiting }: FairSharesOptions) {
    this.#free = perOrigin;
    this.#maxWaiting = waiting;
  }

  get isEmpty(): boolean {
    return this.#shares.size === 0;
  }

  /** Takes a place, at once if one is free. @throws as `FairShares.run` does */
  enter(workspace: string, bound: Pick<CallBound, "wait">): Promise<void> | undefined {
    const share = this.#shareOf(workspace);
    if (share.waiting.size > 0 || !this.#mayBegin(share)) return this.#turn(workspace, share, bound);
    this.#begin(share);
    return undefined;
  }

  leave(workspace: string): void {
    this.#end(workspace, this.#shareOf(workspace));
  }

  #shareOf(workspace: string): Share {
    let share = this.#shares.get(workspace);
    if (!share) this.#shares.set(workspace, (share = { running: 0, waiting: new Set() }));
    return share;
  }

  #mayBegin({ running }: Share): boolean {
    return running < this.#free;
  }

  #begin(share: Share): void {
    share.running += 1;
    this.#free -= 1;
  }

  async #turn(workspace: string, share: Share, bound: Pick<CallBound, "wait">): Promise<void> {
    if (share.waiting.size >= this.#maxWaiting) throw new BulkheadFullError();
    let enter!: () => void;
    const turn = new Promise<void>((resolve) => (enter = resolve));
    share.waiting.add(enter);
    try {
      await bound.wait(() => turn);
    } catch (error) {
      // The call got its turn just as its caller left: the place becomes free again.
      if (share.waiting.delete(enter)) this.#forget(workspace, share);
      else this.#end(workspace, share);
      throw error;
    }
  }

  #end(workspace: string, share: Share): void {
    share.running -= 1;
    this.#free += 1;
    // A workspace that just had a place is the last to get another one.
    this.#shares.delete(workspace);
    this.#shares.set(workspace, share);
    this.#forget(workspace, share);
    this.#admit();
  }

  /** Gives free places to waiting calls, one for each workspace in turn. */
  #admit(): void {
    for (let admitted = true; admitted;) {
      admitted = false;
      for (const [workspace, share] of [...this.#shares]) {
        const [enter] = share.waiting;
        if (!enter || !this.#mayBegin(share)) continue;
        share.waiting.delete(enter);
        this.#begin(share);
        this.#shares.delete(workspace);
        this.#shares.set(workspace, share);
        enter();
        admitted = true;
      }
    }
  }

  #forget(workspace: string, share: Share): void {
    if (share.running === 0 && share.waiting.size === 0) this.#shares.delete(workspace);
  }
}
