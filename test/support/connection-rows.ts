import type { RenewalRows } from "../../src/connections/credentials/renewal.js";
import type { ConnectionRecord } from "../../src/store/connections.js";
import type { Environment } from "../../src/store/schema.js";

/** Rows of CRM connections in memory, for tests of calls and renewals that need no database. */
export class ConnectionRows implements RenewalRows {
  readonly #rows = new Map<string, ConnectionRecord>();
  readonly #leases = new Map<string, string>();

  /** Adds an ACTIVE row in a workspace of its own, so that no two connections share a circuit. */
  add(provider: string, credentials: string, environment: Environment = "test"): ConnectionRecord {
    const number = this.#rows.size + 1;
    const at = new Date();
    const row: ConnectionRecord = {
      id: `connection-${number}`,
      workspaceId: `workspace-${number}`,
      environment,
      endUserId: `end-user-${number}`,
      provider,
      status: "ACTIVE",
      credentials,
      credentialsVersion: 1,
      accountGeneration: 1,
      accountName: null,
      scopes: null,
      tokenExpiresAt: null,
      redirectUrl: null,
      createdAt: at,
      updatedAt: at,
      lastUsedAt: null,
    };
    this.#rows.set(row.id, row);
    return row;
  }

  readonly connections: RenewalRows["connections"] = {
    get: async (_workspaceId, _environment, id) => this.#rows.get(id) ?? null,
    updateCredentials: async (id, expectedVersion, { credentials }) =>
      this.#change(id, expectedVersion, { credentials, credentialsVersion: expectedVersion + 1, status: "ACTIVE" }),
    setStatus: async (id, expectedVersion, status) => this.#change(id, expectedVersion, { status }) !== null,
  };

  readonly refreshLeases: RenewalRows["refreshLeases"] = {
    take: async (id, holder) => {
      if (!this.#leases.has(id)) this.#leases.set(id, holder);
      return this.#leases.get(id) === holder;
    },
    release: async (id, holder) => {
      if (this.#leases.get(id) === holder) this.#leases.delete(id);
    },
  };

  readonly events: RenewalRows["events"] = { append: async () => undefined };

  #change(id: string, expectedVersion: number, change: Partial<ConnectionRecord>): ConnectionRecord | null {
    const row = this.#rows.get(id);
    if (row?.credentialsVersion !== expectedVersion) return null;
    const changed = { ...row, ...change };
    this.#rows.set(id, changed);
    return changed;
  }
}
