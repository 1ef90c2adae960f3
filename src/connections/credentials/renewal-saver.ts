import type { ConnectionRecord } from "../../store/connections.js";
import { StoreUnavailableError } from "../../store/faults.js";
import type { Clock } from "../../upstream/clock.js";

/** Milliseconds before the second, third … attempt, for which the renewal's callers wait. */
const BACKOFF_MS = [100, 500, 2_000];
/** Milliseconds between the further attempts: shorter than what another process needs to renew. */
const LATER_MS = 200;

/** The saving of a credential that a provider has just given out; a rotated refresh token exists nowhere else until then. */
export interface Saving<Renewed> {
  /** As it was read before the renewal. */
  row: ConnectionRecord;
  renewed: Renewed;
  /** False where somebody else has changed the connection meanwhile. @throws StoreUnavailableError */
  update(): Promise<boolean>;
  /** Called when a later attempt has succeeded, or found that somebody else has changed the connection. */
  onSettled(saved: boolean): void;
}

/** Saves renewed credentials, through a store that goes away in the middle. */
export class RenewalSaver<Renewed> {
  readonly #clock: Clock;
  readonly #onBackgroundError: (error: unknown) => void;
  readonly #unsaved = new Map<string, Saving<Renewed>>();
  readonly #savers = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: { clock: Clock; onBackgroundError: (error: unknown) => void }) {
    this.#clock = options.clock;
    this.#onBackgroundError = options.onBackgroundError;
  }

  /** What has been renewed from this version of a connection and could not be saved yet. */
  unsavedOf({ id, credentialsVersion }: ConnectionRecord): Saving<Renewed> | null {
    const unsaved = this.#unsaved.get(id);
    return unsaved?.row.credentialsVersion === credentialsVersion ? unsaved : null;
  }

  /** @returns whether this renewal is the one that stands; null where the store is away, and saving goes on behind */
  async save(saving: Saving<Renewed>): Promise<boolean | null> {
    const { id } = saving.row;
    for (const waitMs of [...BACKOFF_MS, null]) {
      try {
        const saved = await saving.update();
        this.#unsaved.delete(id);
        return saved;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        this.#unsaved.set(id, saving);
        if (waitMs !== null) await this.#clock.sleep(waitMs);
        else this.#onBackgroundError(error);
      }
    }
    const saver = this.#saveUntilDone(saving).catch(this.#onBackgroundError);
    this.#savers.add(saver);
    void saver.finally(() => this.#savers.delete(saver));
    return null;
  }

  /** Tries once more to save what is not saved yet. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#savers);
  }

  /** As soon as the store is back: whoever renews before that would spend the refresh token a second time. */
  async #saveUntilDone(saving: Saving<Renewed>): Promise<void> {
    const { id } = saving.row;
    while (this.#unsaved.get(id) === saving) {
      const isLast = await this.#sleptUnlessClosing();
      try {
        const saved = await saving.update();
        this.#unsaved.delete(id);
        saving.onSettled(saved);
      } catch (error) {
        if (!(error instanceof StoreUnavailableError) || isLast) throw error;
      }
    }
  }

  /** @returns true when there is no more time */
  async #sleptUnlessClosing(): Promise<boolean> {
    try {
      await this.#clock.sleep(LATER_MS, this.#closing.signal);
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error;
    }
    return this.#closing.signal.aborted;
  }
}
