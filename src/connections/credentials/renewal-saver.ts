import type { ConnectionRecord } from "../../store/connections.js";
import { StoreUnavailableError } from "../../store/faults.js";
import type { Clock } from "../../upstream/clock.js";
import { REFRESHED } from "./connection-changes.js";
import type { CredentialStore } from "./credential-store.js";
import type { IssuedCredentials } from "./provider-refresh.js";

/** Milliseconds before the second, third … attempt. The renewal's callers wait for these attempts. */
const BACKOFF_MS = [100, 500, 2_000];
/** Milliseconds between the further attempts: shorter than another process needs to renew. */
const LATER_MS = 200;

/** Renewed credentials to be saved. Until then, a rotated refresh token exists only in this process. */
export interface RenewedConnection {
  /** The connection as it was read before the renewal. */
  row: ConnectionRecord;
  issued: IssuedCredentials;
  requestId: string;
}

/**
 * SUPERSEDED: the connection was changed meanwhile, and that change stays. PENDING: the store is unavailable; saving
 * continues in the background.
 */
export type SaveOutcome = "SAVED" | "SUPERSEDED" | "PENDING";

/** Saves renewed credentials, and keeps trying while the store is unavailable. */
export class RenewalSaver {
  readonly #credentials: CredentialStore;
  readonly #clock: Clock;
  readonly #onBackgroundError: (error: unknown) => void;
  readonly #unsaved = new Map<string, RenewedConnection>();
  readonly #savers = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: { credentials: CredentialStore; clock: Clock; onBackgroundError: (error: unknown) => void }) {
    this.#credentials = options.credentials;
    this.#clock = options.clock;
    this.#onBackgroundError = options.onBackgroundError;
  }

  /** The credentials that were renewed from this version of a connection and are not saved yet. */
  unsavedOf({ id, credentialsVersion }: ConnectionRecord): IssuedCredentials | null {
    const unsaved = this.#unsaved.get(id);
    return unsaved?.row.credentialsVersion === credentialsVersion ? unsaved.issued : null;
  }

  async save(renewed: RenewedConnection): Promise<SaveOutcome> {
    const { id } = renewed.row;
    for (const waitMs of [...BACKOFF_MS, null]) {
      try {
        const saved = await this.#replace(renewed);
        this.#unsaved.delete(id);
        return saved ? "SAVED" : "SUPERSEDED";
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        this.#unsaved.set(id, renewed);
        if (waitMs !== null) await this.#clock.sleep(waitMs);
        else this.#onBackgroundError(error);
      }
    }
    const saver = this.#saveUntilDone(renewed).catch(this.#onBackgroundError);
    this.#savers.add(saver);
    void saver.finally(() => this.#savers.delete(saver));
    return "PENDING";
  }

  /** Makes one last attempt to save each unsaved credential. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#savers);
  }

  /** Saves as soon as the store is back. A renewal before that would use the same refresh token a second time. */
  async #saveUntilDone(renewed: RenewedConnection): Promise<void> {
    const { id } = renewed.row;
    while (this.#unsaved.get(id) === renewed) {
      const isLast = await this.#sleptUnlessClosing();
      try {
        await this.#replace(renewed);
        this.#unsaved.delete(id);
      } catch (error) {
        if (!(error instanceof StoreUnavailableError) || isLast) throw error;
      }
    }
  }

  #replace({ row, issued, requestId }: RenewedConnection): Promise<ConnectionRecord | null> {
    const { credentials, scopes, expiresAt } = issued;
    const update = { credentials, tokenExpiresAt: expiresAt, ...(scopes === null ? {} : { scopes }) };
    return this.#credentials.replace(row, update, { ...REFRESHED, requestId });
  }

  /** @returns true if the process is stopping */
  async #sleptUnlessClosing(): Promise<boolean> {
    try {
      await this.#clock.sleep(LATER_MS, this.#closing.signal);
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error;
    }
    return this.#closing.signal.aborted;
  }
}
