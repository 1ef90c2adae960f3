import { LRUCache } from "lru-cache";
import { CrmError } from "../../errors/crm-error.js";
import type { Credentials } from "../../providers/contract/contract.js";
import type { NewConnectionEvent } from "../../store/connection-events.js";
import type { ConnectionRecord, Connections, CredentialsChange } from "../../store/connections.js";
import type { Vault } from "../../store/vault.js";
import type { ConnectionDirectory } from "../access/directory.js";
import type { VersionedCredentials } from "../calls/provider-context.js";

const MAX_DECRYPTED = 10_000;

/** The new credentials of a CRM connection. Absent fields keep their stored value; null clears it. */
export interface CredentialsUpdate extends Omit<CredentialsChange, "credentials"> {
  credentials: Credentials;
}

/** Reads, decrypts and writes the credentials of CRM connections. Decrypts each version once. */
export class CredentialStore {
  readonly #connections: Pick<Connections, "updateCredentials">;
  readonly #vault: Pick<Vault, "encrypt" | "decrypt">;
  readonly #directory: Pick<ConnectionDirectory, "forget">;
  readonly #decrypted = new LRUCache<string, VersionedCredentials>({ max: MAX_DECRYPTED });

  constructor(options: {
    store: { connections: Pick<Connections, "updateCredentials"> };
    vault: Pick<Vault, "encrypt" | "decrypt">;
    directory: Pick<ConnectionDirectory, "forget">;
  }) {
    this.#connections = options.store.connections;
    this.#vault = options.vault;
    this.#directory = options.directory;
  }

  encrypt(connectionId: string, credentials: Credentials): Promise<string> {
    return this.#vault.encrypt(connectionId, credentials);
  }

  /** @throws CrmError NEEDS_REAUTH if the connection has that status, CONNECTION_NOT_FOUND if it is disconnected */
  async read(connection: ConnectionRecord): Promise<VersionedCredentials> {
    if (connection.status === "NEEDS_REAUTH") throw new CrmError("NEEDS_REAUTH");
    return this.peek(connection);
  }

  /** What `read` returns, if that is decrypted already; null otherwise, and where `read` throws. */
  atHand({ id, status, credentials, credentialsVersion }: ConnectionRecord): VersionedCredentials | null {
    if (status === "NEEDS_REAUTH" || credentials === null) return null;
    const kept = this.#decrypted.get(id);
    return kept && kept.version >= credentialsVersion ? kept : null;
  }

  /** Like `read`, but also returns a credential that the provider has refused. @throws CrmError CONNECTION_NOT_FOUND */
  async peek(connection: ConnectionRecord): Promise<VersionedCredentials> {
    if (connection.credentials === null) throw new CrmError("CONNECTION_NOT_FOUND");
    const kept = this.#decrypted.get(connection.id);
    if (kept && kept.version >= connection.credentialsVersion) return kept;
    const value = (await this.#vault.decrypt(connection.id, connection.credentials)) as Credentials;
    const credential = versioned(connection, value);
    this.#decrypted.set(connection.id, credential);
    return credential;
  }

  /**
   * Saves new credentials, and makes the connection ACTIVE, if its credentials have not changed since it was read.
   * @returns the changed row; null if another change came first, or the connection is disconnected
   * @throws StoreUnavailableError
   */
  async replace(
    { id, credentialsVersion }: ConnectionRecord,
    { credentials, ...change }: CredentialsUpdate,
    event: NewConnectionEvent,
  ): Promise<ConnectionRecord | null> {
    const encrypted = { ...change, credentials: await this.encrypt(id, credentials) };
    const changed = await this.#connections.updateCredentials(id, credentialsVersion, encrypted, event);
    if (changed) this.#decrypted.set(id, versioned(changed, credentials));
    // `keep` may have put a credential here that another one has now replaced.
    else this.#decrypted.delete(id);
    this.#directory.forget(id);
    return changed;
  }

  /** Uses a credential in this process although it could not be saved yet. */
  keep(connectionId: string, credential: VersionedCredentials): void {
    this.#decrypted.set(connectionId, credential);
    this.#directory.forget(connectionId);
  }
}

function versioned(
  { credentialsVersion: version, accountGeneration }: ConnectionRecord,
  value: Credentials,
): VersionedCredentials {
  return { version, accountGeneration, value };
}
