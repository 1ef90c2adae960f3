import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import type { CredentialExchange, Credentials, Provider } from "../providers/contract.js";
import type { ConnectionRecord, Connections } from "../store/connections.js";
import type { Vault } from "../store/vault.js";
import type { CredentialSource, VersionedCredentials } from "./provider-context.js";

/** Milliseconds before its expiry at which a credential is renewed: longer than a request may take. */
const RENEW_AHEAD_MS = 60_000;
const MAX_DECRYPTED = 10_000;

export interface RenewalOptions {
  connection: ConnectionRecord;
  provider: Provider;
  exchange: CredentialExchange;
  /** False when a refusal must not be remembered, because the fault was injected. */
  remember: boolean;
}

/**
 * The credentials of connections: decrypted once per version, renewed ahead of expiry and after a refusal, by one
 * caller at a time however many wait.
 */
export class CredentialStore {
  readonly #connections: Connections;
  readonly #vault: Vault;
  readonly #now: () => number;
  readonly #onChange: (connectionId: string) => void;
  readonly #decrypted = new LRUCache<string, VersionedCredentials>({ max: MAX_DECRYPTED });
  readonly #renewals = new Map<string, Promise<VersionedCredentials | null>>();

  constructor(options: {
    connections: Connections;
    vault: Vault;
    now: () => number;
    /** Called after a connection's row has changed, so that copies of it are dropped. */
    onChange: (connectionId: string) => void;
  }) {
    this.#connections = options.connections;
    this.#vault = options.vault;
    this.#now = options.now;
    this.#onChange = options.onChange;
  }

  encrypt(connectionId: string, credentials: Credentials): Promise<string> {
    return this.#vault.encrypt(connectionId, credentials);
  }

  source(options: RenewalOptions): CredentialSource {
    return {
      current: async () => {
        const credential = await this.read(options.connection);
        const expiresAt = Date.parse(credential.value["expiresAt"] ?? "");
        if (!(expiresAt - this.#now() < RENEW_AHEAD_MS)) return credential;
        return (await this.#renewOnce(options, credential.version)) ?? credential;
      },
      renew: (refused) => this.#renewOnce(options, refused),
    };
  }

  /** @throws CrmError NEEDS_REAUTH where that is remembered; CONNECTION_NOT_FOUND for a disconnected one */
  async read(connection: ConnectionRecord): Promise<VersionedCredentials> {
    if (connection.status === "NEEDS_REAUTH") throw new CrmError("NEEDS_REAUTH");
    if (connection.credentials === null) throw new CrmError("CONNECTION_NOT_FOUND");
    const kept = this.#decrypted.get(connection.id);
    if (kept && kept.version >= connection.credentialsVersion) return kept;
    const value = (await this.#vault.decrypt(connection.id, connection.credentials)) as Credentials;
    const credential = { version: connection.credentialsVersion, value };
    this.#decrypted.set(connection.id, credential);
    return credential;
  }

  #renewOnce(options: RenewalOptions, refused: number): Promise<VersionedCredentials | null> {
    const key = `${options.connection.id} ${options.remember}`;
    const running = this.#renewals.get(key);
    if (running) return running;
    const renewal = this.#renew(options, refused).finally(() => this.#renewals.delete(key));
    this.#renewals.set(key, renewal);
    return renewal;
  }

  async #renew(options: RenewalOptions, refused: number): Promise<VersionedCredentials | null> {
    const { connection, provider, exchange, remember } = options;
    const row = await this.#connections.get(connection.workspaceId, connection.environment, connection.id);
    if (!row) throw new CrmError("CONNECTION_NOT_FOUND");
    const credential = await this.read(row);
    // Somebody else has renewed it in the meantime.
    if (credential.version > refused) return credential;
    try {
      const value = await provider.renew(exchange, credential.value);
      if (!value) return null;
      return await this.#save(row, value);
    } catch (error) {
      const refusedForGood = error instanceof CrmError && error.code === "NEEDS_REAUTH";
      if (
        refusedForGood &&
        remember &&
        (await this.#connections.setStatus(row.id, row.credentialsVersion, "NEEDS_REAUTH"))
      ) {
        this.#onChange(row.id);
      }
      throw error;
    }
  }

  async #save(row: ConnectionRecord, value: Credentials): Promise<VersionedCredentials> {
    const jwe = await this.#vault.encrypt(row.id, value);
    const saved = await this.#connections.updateCredentials(row.id, row.credentialsVersion, jwe);
    this.#onChange(row.id);
    if (!saved) {
      // Another process was faster; its credential is the one that stands.
      const current = await this.#connections.get(row.workspaceId, row.environment, row.id);
      if (!current) throw new CrmError("CONNECTION_NOT_FOUND");
      return this.read(current);
    }
    const credential = { version: row.credentialsVersion + 1, value };
    this.#decrypted.set(row.id, credential);
    return credential;
  }
}
