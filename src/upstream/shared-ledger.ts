import type { PaceLedger, PlaceRequest } from "./pace-ledger.js";

export interface SharedLedgerOptions {
  /** Counts with all other processes. Its promises reject if it is away. */
  shared: PaceLedger;
  /** Counts alone, with this process's share of the limits. It is always there. */
  own: PaceLedger;
  /**
   * Since when the shared ledger has been there without a break, in milliseconds of the monotonic clock. -Infinity: since the
   * start; null: it is away.
   */
  thereSince: () => number | null;
  monotonic: () => number;
}

/**
 * Counts with all processes, and alone with a share of the limits while that is not possible. Each ledger also gets the
 * calls that the other one has let through, so that after a change it knows them. When the shared ledger comes back, perhaps
 * empty, it decides about a window only after all processes have told it the calls of one whole window.
 */
export class SharedLedger implements PaceLedger {
  readonly #options: SharedLedgerOptions;
  /** The places that the shared ledger has given. */
  readonly #shared = new WeakSet<PlaceRequest>();

  constructor(options: SharedLedgerOptions) {
    this.#options = options;
  }

  async take(request: PlaceRequest): Promise<number> {
    const { shared, own } = this.#options;
    if (!this.#isReliable(request)) return own.take(request);
    try {
      const waitMs = await shared.take(request);
      this.#shared.add(request);
      return waitMs;
    } catch {
      // It is away, which its connection tells.
      return own.take(request);
    }
  }

  async confirm(request: PlaceRequest): Promise<number> {
    const { shared, own } = this.#options;
    if (!this.#shared.has(request)) return own.confirm(request);
    try {
      return await shared.confirm(request);
    } catch {
      // The call has its place. Later calls get theirs from the own ledger.
      return 0;
    }
  }

  async end(request: PlaceRequest, agoMs: number): Promise<void> {
    const { shared, own } = this.#options;
    await Promise.allSettled([own.end(request, agoMs), this.#isThere() ? shared.end(request, agoMs) : null]);
  }

  async giveBack(request: PlaceRequest): Promise<void> {
    const { shared, own } = this.#options;
    await Promise.allSettled([this.#shared.has(request) ? shared.giveBack(request) : own.giveBack(request)]);
  }

  async block(window: string, forMs: number): Promise<void> {
    const { shared, own } = this.#options;
    await Promise.allSettled([own.block(window, forMs), this.#isThere() ? shared.block(window, forMs) : null]);
  }

  #isThere(): boolean {
    return this.#options.thereSince() !== null;
  }

  #isReliable({ rule }: PlaceRequest): boolean {
    const since = this.#options.thereSince();
    return since !== null && this.#options.monotonic() - since >= rule.perMs;
  }
}
