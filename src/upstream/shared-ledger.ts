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

  constructor(options: SharedLedgerOptions) {
    this.#options = options;
  }

  async take(request: PlaceRequest): Promise<number> {
    const { shared, own } = this.#options;
    if (this.#isReliable(request)) {
      try {
        const waitMs = await shared.take(request);
        if (waitMs === 0) await own.note(request);
        return waitMs;
      } catch {
        // It is away, which its connection tells.
      }
    }
    const waitMs = await own.take(request);
    if (waitMs === 0) this.#tell(() => shared.note(request));
    return waitMs;
  }

  async end(request: PlaceRequest): Promise<void> {
    const { shared, own } = this.#options;
    this.#tell(() => shared.end(request));
    await own.end(request);
  }

  async giveBack(request: PlaceRequest): Promise<void> {
    const { shared, own } = this.#options;
    this.#tell(() => shared.giveBack(request));
    await own.giveBack(request);
  }

  async note(request: PlaceRequest): Promise<void> {
    const { shared, own } = this.#options;
    this.#tell(() => shared.note(request));
    await own.note(request);
  }

  async block(window: string, forMs: number): Promise<void> {
    const { shared, own } = this.#options;
    this.#tell(() => shared.block(window, forMs));
    await own.block(window, forMs);
  }

  /** Tells the shared ledger, if it is there. Nobody waits for it, and its connection tells if it fails. */
  #tell(work: () => Promise<void> | void): void {
    if (this.#options.thereSince() === null) return;
    Promise.resolve(work()).catch(() => undefined);
  }

  #isReliable({ rule }: PlaceRequest): boolean {
    const since = this.#options.thereSince();
    return since !== null && this.#options.monotonic() - since >= rule.perMs;
  }
}
