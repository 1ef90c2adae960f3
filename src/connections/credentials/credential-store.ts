import { randomUUID } from "node:crypto";
import { LRUCache } from "lru-cache";
import { CrmError } from "../../errors/crm-error.js";
import type { Credentials } from "../../providers/contract/contract.js";
import type { ConnectionEvents } from "../../store/connection-events.js";
import type { ConnectionRecord, Connections } from "../../store/connections.js";
import { StoreUnavailableError } from "../../store/faults.js";
import type { RefreshLeases } from "../../store/refresh-leases.js";
import type { Vault } from "../../store/vault.js";
import type { Clock } from "../../upstream/clock.js";
import { NEEDS_REAUTH, REFRESHED, refreshFailed } from "./connection-changes.js";
import type { InFlight } from "./in-flight.js";
import { EXCHANGE_TIMEOUT_MS } from "../calls/operation.js";
import { RenewalSaver } from "./renewal-saver.js";
import type { CredentialSource, VersionedCredentials } from "../calls/provider-context.js";

/** Milliseconds before its expiry at which a credential is renewed: longer than a request may take. */
const RENEW_AHEAD_MS = 60_000;
/** Milliseconds after which the renewal of a process that died is taken over; longer than a renewal may take. */
export const LEASE_MS = EXCHANGE_TIMEOUT_MS + 5_000;
/** Milliseconds between two looks at a renewal that another process does. */
const POLL_MS = 100;
/** Milliseconds that anyone waits for others' renewals: for one that died, and then some. */
const MAX_WAIT_MS = LEASE_MS + 5_000;
/** Milliseconds between two notes of the same connection's failed refresh. */
const FAILURE_NOTE_INTERVAL_MS = 60_000;
const MAX_DECRYPTED = 10_000;

/** A fresh credential and what the provider said of it; `scopes` null where it said nothing. */
export interface RenewedCredentials {
  credentials: Credentials;
  scopes: string[] | null;
  expiresAt: Date | null;
}

export interface RenewalOptions {
  connection: ConnectionRecord;
  /**
   * Asks the provider for a fresh credential, within EXCHANGE_TIMEOUT_MS; null when there is nothing to renew it with.
   * @throws CrmError NEEDS_REAUTH when the provider refuses for good
   */
  renew(credentials: Credentials): Promise<RenewedCredentials | null>;
  /** False when a refusal must not be remembered, because the fault was injected. */
  remember: boolean;
  requestId: string;
}

/** The parts of the store that renewals read and write. */
export interface CredentialRows {
  connections: Pick<Connections, "get" | "updateCredentials" | "setStatus">;
  refreshLeases: Pick<RefreshLeases, "take" | "release">;
  events: Pick<ConnectionEvents, "append">;
}

/**
 * The credentials of connections: decrypted once per version, renewed ahead of expiry and after a refusal, by one
 * caller at a time however many wait: in this process by sharing the renewal, across processes by a lease in the store.
 */
export class CredentialStore {
  readonly #store: CredentialRows;
  readonly #vault: Pick<Vault, "encrypt" | "decrypt">;
  readonly #clock: Clock;
  readonly #onChange: (connectionId: string) => void;
  readonly #onBackgroundError: (error: unknown) => void;
  readonly #decrypted = new LRUCache<string, VersionedCredentials>({ max: MAX_DECRYPTED });
  readonly #renewals = new Map<string, Promise<VersionedCredentials | null>>();
  readonly #inFlight: InFlight;
  readonly #saver: RenewalSaver<RenewedCredentials>;
  readonly #failureNotedAt = new LRUCache<string, number>({ max: MAX_DECRYPTED });

  constructor(options: {
    store: CredentialRows;
    vault: Pick<Vault, "encrypt" | "decrypt">;
    clock: Clock;
    inFlight: InFlight;
    /** Called after a connection's row has changed, so that copies of it are dropped. */
    onChange: (connectionId: string) => void;
    onBackgroundError: (error: unknown) => void;
  }) {
    this.#store = options.store;
    this.#vault = options.vault;
    this.#clock = options.clock;
    this.#inFlight = options.inFlight;
    this.#saver = new RenewalSaver(options);
    this.#onChange = options.onChange;
    this.#onBackgroundError = options.onBackgroundError;
  }

  encrypt(connectionId: string, credentials: Credentials): Promise<string> {
    return this.#vault.encrypt(connectionId, credentials);
  }

  source(options: RenewalOptions): CredentialSource {
    return {
      current: async () => {
        const credential = await this.read(options.connection);
        const leftMs = Date.parse(credential.value["expiresAt"] ?? "") - this.#clock.now();
        if (!(leftMs < RENEW_AHEAD_MS)) return credential;
        if (leftMs > 0) return this.#renewAhead(options, credential);
        return (await this.#renewOnce(options, credential.version, "WAIT")) ?? credential;
      },
      renew: (refused) => this.#renewOnce(options, refused, "WAIT"),
    };
  }

  /** @throws CrmError NEEDS_REAUTH where that is remembered; CONNECTION_NOT_FOUND for a disconnected one */
  async read(connection: ConnectionRecord): Promise<VersionedCredentials> {
    if (connection.status === "NEEDS_REAUTH") throw new CrmError("NEEDS_REAUTH");
    return this.peek(connection);
  }

  /** The same, whether the provider still takes the credential or not. @throws CrmError CONNECTION_NOT_FOUND */
  async peek(connection: ConnectionRecord): Promise<VersionedCredentials> {
    if (connection.credentials === null) throw new CrmError("CONNECTION_NOT_FOUND");
    const kept = this.#decrypted.get(connection.id);
    if (kept && kept.version >= connection.credentialsVersion) return kept;
    const value = (await this.#vault.decrypt(connection.id, connection.credentials)) as Credentials;
    const credential = { version: connection.credentialsVersion, value };
    this.#decrypted.set(connection.id, credential);
    return credential;
  }

  /**
   * Runs work on a connection while nobody, in no process, renews its credential.
   * @returns null where somebody does and `patience` is NONE
   * @throws CrmError SERVICE_UNAVAILABLE where others took turns all the while, none of them with success
   */
  async whileNobodyRenews<Result>(
    connectionId: string,
    patience: "WAIT" | "NONE",
    work: () => Promise<Result>,
    instead: () => Promise<Result | null> = async () => null,
  ): Promise<Result | null> {
    const holder = randomUUID();
    const until = this.#clock.now() + MAX_WAIT_MS;
    while (!(await this.#store.refreshLeases.take(connectionId, holder, LEASE_MS))) {
      const result = await instead();
      if (result !== null || patience === "NONE") return result;
      if (this.#clock.now() >= until) {
        throw new CrmError("SERVICE_UNAVAILABLE", {
          detail: "Another request is renewing the credential. Try again.",
          retryAfter: 1,
        });
      }
      await this.#clock.sleep(POLL_MS * (0.5 + Math.random()));
    }
    try {
      return await work();
    } finally {
      // What is not given back ends by itself.
      await this.#store.refreshLeases.release(connectionId, holder).catch(this.#onBackgroundError);
    }
  }

  /** While the credential is still good, neither another's renewal nor a passing failure holds anyone up. */
  async #renewAhead(options: RenewalOptions, credential: VersionedCredentials): Promise<VersionedCredentials> {
    try {
      return (await this.#renewOnce(options, credential.version, "NONE")) ?? credential;
    } catch (error) {
      const passing =
        error instanceof StoreUnavailableError || (error instanceof CrmError && error.definition.retryable);
      if (!passing) throw error;
      return credential;
    }
  }

  #renewOnce(
    options: RenewalOptions,
    refused: number,
    patience: "WAIT" | "NONE",
  ): Promise<VersionedCredentials | null> {
    const key = `${options.connection.id} ${options.remember} ${patience}`;
    const running = this.#renewals.get(key);
    if (running) return running;
    const renewal = this.#inFlight
      .run(() =>
        this.whileNobodyRenews(
          options.connection.id,
          patience,
          () => this.#renew(options, refused),
          () => this.#newerThan(refused, options.connection),
        ),
      )
      .finally(() => this.#renewals.delete(key));
    this.#renewals.set(key, renewal);
    return renewal;
  }

  async #newerThan(refused: number, connection: ConnectionRecord): Promise<VersionedCredentials | null> {
    const credential = await this.read(await this.#row(connection));
    return credential.version > refused ? credential : null;
  }

  async #renew(options: RenewalOptions, refused: number): Promise<VersionedCredentials | null> {
    const row = await this.#row(options.connection);
    const credential = await this.read(row);
    // Somebody else has renewed it in the meantime.
    if (credential.version > refused) return credential;
    const unsaved = this.#saver.unsavedOf(row);
    if (unsaved) return this.#save(row, unsaved.renewed, options.requestId);
    try {
      const renewed = await options.renew(credential.value);
      return renewed && (await this.#save(row, renewed, options.requestId));
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      // A refusal may only mean that the end user has reconnected meanwhile, and the token asked with is an old one.
      const newer = error.code === "NEEDS_REAUTH" ? await this.#newerThan(refused, row) : null;
      if (newer) return newer;
      if (options.remember) await this.#noteFailure(row, error, options.requestId);
      throw error;
    }
  }

  async #row({ workspaceId, environment, id }: ConnectionRecord): Promise<ConnectionRecord> {
    const row = await this.#store.connections.get(workspaceId, environment, id);
    if (!row) throw new CrmError("CONNECTION_NOT_FOUND");
    return row;
  }

  async #noteFailure(row: ConnectionRecord, error: CrmError, requestId: string): Promise<void> {
    if (error.code === "NEEDS_REAUTH") {
      const event = { ...NEEDS_REAUTH, requestId, detail: error.details.detail ?? null };
      await this.#store.connections.setStatus(row.id, row.credentialsVersion, "NEEDS_REAUTH", event);
      this.#onChange(row.id);
      return;
    }
    const now = this.#clock.now();
    if (now - (this.#failureNotedAt.get(row.id) ?? 0) < FAILURE_NOTE_INTERVAL_MS) return;
    this.#failureNotedAt.set(row.id, now);
    await this.#store.events.append(row, refreshFailed(error, requestId)).catch(this.#onBackgroundError);
  }

  async #save(row: ConnectionRecord, renewed: RenewedCredentials, requestId: string): Promise<VersionedCredentials> {
    const { id, credentialsVersion } = row;
    const { credentials, scopes, expiresAt } = renewed;
    const change = {
      credentials: await this.#vault.encrypt(id, credentials),
      tokenExpiresAt: expiresAt,
      ...(scopes === null ? {} : { scopes }),
    };
    const saved = await this.#saver.save({
      row,
      renewed,
      update: () =>
        this.#store.connections.updateCredentials(id, credentialsVersion, change, { ...REFRESHED, requestId }),
      onSettled: (isThisOne) => {
        // The version that is remembered here is then that of another credential.
        if (!isThisOne) this.#decrypted.delete(id);
        this.#onChange(id);
      },
    });
    this.#onChange(id);
    // Somebody reconnected or disconnected it meanwhile, and that is what stands.
    if (saved === false) return this.read(await this.#row(row));
    const credential = { version: credentialsVersion + 1, value: credentials };
    this.#decrypted.set(id, credential);
    return credential;
  }

  /** Tries once more to save what could not be saved; nothing may be renewed any more. */
  close(): Promise<void> {
    return this.#saver.close();
  }
}
