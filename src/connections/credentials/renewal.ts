import { LRUCache } from "lru-cache";
import type { ErrorCode } from "../../errors/catalogue.js";
import { CrmError } from "../../errors/crm-error.js";
import type { Credentials } from "../../providers/contract/contract.js";
import type { ProviderRegistry } from "../../providers/registry.js";
import type { ConnectionEvents } from "../../store/connection-events.js";
import type { ConnectionRecord, Connections } from "../../store/connections.js";
import { NO_TELEMETRY, type Telemetry } from "../../observability/telemetry/telemetry.js";
import { StoreUnavailableError } from "../../store/faults.js";
import type { RefreshLeases } from "../../store/refresh-leases.js";
import type { Clock } from "../../upstream/clock.js";
import type { ConnectionDirectory } from "../access/directory.js";
import { callTarget } from "../calls/call-target.js";
import { detached, type Operation } from "../calls/operation.js";
import type { CredentialSource, VersionedCredentials } from "../calls/provider-context.js";
import type { UpstreamAccess } from "../calls/upstream-access.js";
import { NEEDS_REAUTH, refreshFailed } from "./connection-changes.js";
import type { CredentialStore } from "./credential-store.js";
import type { InFlight } from "./in-flight.js";
import { watchedRefresh } from "./refresh-telemetry.js";
import { refreshAtProvider, type IssuedCredentials } from "./provider-refresh.js";
import { RenewalLease } from "./renewal-lease.js";
import type { RenewalObserver, RenewalResult } from "./renewal-result.js";
import { RenewalSaver } from "./renewal-saver.js";

/** Milliseconds before its expiry at which a credential is renewed: longer than a request may take. */
const RENEW_AHEAD_MS = 60_000;
/** Milliseconds between two REFRESH_FAILED events of one connection. */
const FAILURE_NOTE_INTERVAL_MS = 60_000;
const MAX_NOTED_CONNECTIONS = 10_000;

/** The parts of the store that renewals read and write. */
export interface RenewalRows {
  connections: Pick<Connections, "get" | "updateCredentials" | "setStatus">;
  refreshLeases: Pick<RefreshLeases, "take" | "release">;
  events: Pick<ConnectionEvents, "append">;
}

export interface RenewalOptions {
  store: RenewalRows;
  registry: ProviderRegistry;
  directory: Pick<ConnectionDirectory, "forget">;
  access: UpstreamAccess;
  credentials: CredentialStore;
  inFlight: InFlight;
  clock: Clock;
  onBackgroundError: (error: unknown) => void;
  /** Called after each renewal that asked the provider. */
  onRenewal?: RenewalObserver | undefined;
  /** Off by default. */
  telemetry?: Telemetry;
}

/** A caller that needs a connection's credential. */
export interface RenewalCaller {
  connection: ConnectionRecord;
  operation: Operation;
  /** False for injected faults, except ACCESS_REVOKED: a refusal is then not saved. */
  remember: boolean;
}

/** WAIT waits while another caller renews; NONE does not. */
type Patience = "WAIT" | "NONE";

/**
 * Renews the credentials of connections: ahead of expiry, and after a refusal. Each is renewed once, however many callers
 * wait: callers in this process share the renewal, and processes take turns by a lease in the store.
 */
export class Renewal {
  readonly #options: RenewalOptions;
  readonly #saver: RenewalSaver;
  readonly #running = new Map<string, Promise<VersionedCredentials | null>>();
  readonly #failureNotedAt = new LRUCache<string, number>({ max: MAX_NOTED_CONNECTIONS });

  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#saver = new RenewalSaver(options);
  }

  /** The caller's credential, which is renewed when necessary. */
  source(caller: RenewalCaller): CredentialSource {
    return {
      atHand: () => {
        const credential = this.#options.credentials.atHand(caller.connection);
        return credential && !(this.#leftMs(credential) < RENEW_AHEAD_MS) ? credential : null;
      },
      current: () => this.#current(caller),
      renew: (refused) => this.#renewOnce(caller, refused, "WAIT"),
    };
  }

  /**
   * Runs `work` while no process renews the connection's credential.
   * @throws CrmError SERVICE_UNAVAILABLE if other callers hold the lease for too long
   */
  async holdingLease<Result>(connectionId: string, work: () => Promise<Result>): Promise<Result> {
    const lease = new RenewalLease(connectionId, this.#options);
    while (!(await lease.take())) await lease.wait();
    try {
      return await work();
    } finally {
      await lease.release();
    }
  }

  /** Makes one last attempt to save each unsaved credential. No renewal may begin any more. */
  close(): Promise<void> {
    return this.#saver.close();
  }

  async #current(caller: RenewalCaller): Promise<VersionedCredentials> {
    const credential = await this.#options.credentials.read(caller.connection);
    const leftMs = this.#leftMs(credential);
    if (!(leftMs < RENEW_AHEAD_MS)) return credential;
    if (leftMs > 0) return this.#renewAhead(caller, credential);
    return (await this.#renewOnce(caller, credential.version, "WAIT")) ?? credential;
  }

  /** Milliseconds until a credential expires. NaN if it does not say so. */
  #leftMs({ value }: VersionedCredentials): number {
    return Date.parse(value["expiresAt"] ?? "") - this.#options.clock.now();
  }

  /** Renews a credential that is still good: neither another caller's renewal nor a passing failure delays this caller. */
  async #renewAhead(caller: RenewalCaller, credential: VersionedCredentials): Promise<VersionedCredentials> {
    try {
      return (await this.#renewOnce(caller, credential.version, "NONE")) ?? credential;
    } catch (error) {
      const passing =
        error instanceof StoreUnavailableError || (error instanceof CrmError && error.definition.retryable);
      if (!passing) throw error;
      return credential;
    }
  }

  #renewOnce(caller: RenewalCaller, refused: number, patience: Patience): Promise<VersionedCredentials | null> {
    const key = `${caller.connection.id} ${caller.remember} ${patience}`;
    const running = this.#running.get(key);
    if (running) return running;
    const renewal = this.#options.inFlight
      .run(() => this.#takeTurn(caller, refused, patience))
      .finally(() => this.#running.delete(key));
    this.#running.set(key, renewal);
    return renewal;
  }

  /** Renews under the lease, or returns the credential that another process has renewed meanwhile. */
  async #takeTurn(caller: RenewalCaller, refused: number, patience: Patience): Promise<VersionedCredentials | null> {
    const lease = new RenewalLease(caller.connection.id, this.#options);
    while (!(await lease.take())) {
      const newer = await this.#newerThan(refused, caller.connection);
      if (newer !== null || patience === "NONE") return newer;
      await lease.wait();
    }
    try {
      return await this.#renew(caller, refused);
    } finally {
      await lease.release();
    }
  }

  async #renew(caller: RenewalCaller, refused: number): Promise<VersionedCredentials | null> {
    const { requestId } = caller.operation;
    const row = await this.#row(caller.connection);
    const credential = await this.#options.credentials.read(row);
    // Another process has renewed it meanwhile.
    if (credential.version > refused) return credential;
    const unsaved = this.#saver.unsavedOf(row);
    if (unsaved) return this.#save(row, unsaved, requestId);
    try {
      const issued = await this.#refresh(row, credential.value, caller.operation);
      if (!issued) return null;
      const saved = await this.#save(row, issued, requestId);
      this.#report(row, "RENEWED", null, requestId);
      return saved;
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      // The provider may have refused an old token because the end user has reconnected meanwhile.
      const newer = error.code === "NEEDS_REAUTH" ? await this.#newerThan(refused, row) : null;
      if (newer) return newer;
      if (caller.remember) await this.#noteFailure(row, error, requestId);
      throw error;
    }
  }

  /** Calls the provider. The caller may leave meanwhile: a rotated token must arrive. */
  #refresh(row: ConnectionRecord, credentials: Credentials, operation: Operation): Promise<IssuedCredentials | null> {
    const { access, registry, clock, telemetry = NO_TELEMETRY } = this.#options;
    const target = callTarget(row, registry.get(row.provider));
    const refresh = () => refreshAtProvider(access, target, credentials, detached(operation, clock));
    return watchedRefresh(telemetry, row, refresh);
  }

  async #save(row: ConnectionRecord, issued: IssuedCredentials, requestId: string): Promise<VersionedCredentials> {
    const { credentials } = this.#options;
    const outcome = await this.#saver.save({ row, issued, requestId });
    if (outcome === "SUPERSEDED") return credentials.read(await this.#row(row));
    const { credentialsVersion, accountGeneration } = row;
    const credential = { version: credentialsVersion + 1, accountGeneration, value: issued.credentials };
    if (outcome === "PENDING") credentials.keep(row.id, credential);
    return credential;
  }

  /** Saves a refusal as the connection's status, and any failure as an event. */
  async #noteFailure(row: ConnectionRecord, error: CrmError, requestId: string): Promise<void> {
    const { store, directory, clock, onBackgroundError } = this.#options;
    if (error.code === "NEEDS_REAUTH") {
      const event = { ...NEEDS_REAUTH, requestId, detail: error.details.detail ?? null };
      const changed = await store.connections.setStatus(row.id, row.credentialsVersion, "NEEDS_REAUTH", event);
      directory.forget(row.id);
      if (changed) this.#report(row, "NEEDS_REAUTH", error.code, requestId);
      return;
    }
    this.#report(row, "FAILED", error.code, requestId);
    const now = clock.monotonic();
    const account = `${row.id} ${row.accountGeneration}`;
    if (now - (this.#failureNotedAt.get(account) ?? -Infinity) < FAILURE_NOTE_INTERVAL_MS) return;
    this.#failureNotedAt.set(account, now);
    await store.events.append(row, refreshFailed(error, requestId)).catch(onBackgroundError);
  }

  #report(
    { id: connectionId, workspaceId, environment, endUserId, provider }: ConnectionRecord,
    outcome: RenewalResult["outcome"],
    code: ErrorCode | null,
    requestId: string,
  ): void {
    this.#options.onRenewal?.({
      outcome,
      provider,
      workspaceId,
      environment,
      endUserId,
      connectionId,
      code,
      requestId,
    });
  }

  async #newerThan(refused: number, connection: ConnectionRecord): Promise<VersionedCredentials | null> {
    const credential = await this.#options.credentials.read(await this.#row(connection));
    return credential.version > refused ? credential : null;
  }

  async #row({ workspaceId, environment, id }: ConnectionRecord): Promise<ConnectionRecord> {
    const row = await this.#options.store.connections.get(workspaceId, environment, id);
    if (!row) throw new CrmError("CONNECTION_NOT_FOUND");
    return row;
  }
}
