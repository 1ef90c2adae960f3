import { CrmError } from "../../errors/crm-error.js";
import type { ProviderRegistry } from "../../providers/registry.js";
import type { StoreChange } from "../../store/changes.js";
import type { ConnectionEventRecord } from "../../store/connection-events.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { ConnectedEndUser, EndUserRecord } from "../../store/end-users.js";
import type { Store } from "../../store/open-store.js";
import type { Clock } from "../../upstream/clock.js";
import { KnownRows } from "./known-rows.js";
import { LastUses } from "./last-uses.js";
import type { Tenant } from "./principal.js";

export interface EndUserDetails {
  id: string;
  displayName?: string | null | undefined;
  email?: string | null | undefined;
}

/** Finds end users and connections within one workspace and environment, and remembers them. */
export class ConnectionDirectory {
  readonly #store: Store;
  readonly #registry: ProviderRegistry;
  readonly #endUsers: KnownRows<EndUserRecord>;
  readonly #connections: KnownRows<ConnectionRecord>;
  readonly #lastUses: LastUses;

  constructor(options: {
    store: Store;
    registry: ProviderRegistry;
    clock: Pick<Clock, "now" | "monotonic">;
    onBackgroundError: (error: unknown) => void;
  }) {
    const { store, clock, onBackgroundError } = options;
    this.#store = store;
    this.#registry = options.registry;
    const common = { changes: store.changes, monotonic: () => clock.monotonic(), onBackgroundError };
    this.#endUsers = new KnownRows({
      ...common,
      nameOf: (row: EndUserRecord) => endUserName(row, row.externalId),
      reread: ({ workspaceId, environment, id }) => store.endUsers.get(workspaceId, environment, id),
    });
    this.#connections = new KnownRows({
      ...common,
      nameOf: (row: ConnectionRecord) => connectionName(row.endUserId, row.provider),
      reread: async ({ workspaceId, environment, id }) => {
        const found = await store.connections.get(workspaceId, environment, id);
        return found?.status === "DISCONNECTED" ? null : found;
      },
    });
    this.#lastUses = new LastUses({ save: (uses) => store.connections.touch(uses), clock, onBackgroundError });
  }

  /** @throws CrmError END_USER_NOT_FOUND */
  async endUser(tenant: Tenant, externalId: string): Promise<EndUserRecord> {
    const { workspaceId, environment } = tenant;
    const name = endUserName(tenant, externalId);
    const kept = this.#endUsers.byName(name);
    if (kept) return kept;
    const read = () => this.#store.endUsers.find(workspaceId, environment, externalId);
    const found = await this.#endUsers.read(name, read, listOf);
    if (!found) throw new CrmError("END_USER_NOT_FOUND");
    return found;
  }

  /** Finds an end user by crmesh's own id (`eu_…`). @throws CrmError END_USER_NOT_FOUND */
  async endUserById(tenant: Tenant, id: string): Promise<EndUserRecord> {
    const found = (await this.endUsersById(tenant, [id])).get(id);
    if (!found) throw new CrmError("END_USER_NOT_FOUND");
    return found;
  }

  /** Finds several end users by the workspace's ids. The map has no entry for unknown ids. */
  endUsers(tenant: Tenant, externalIds: readonly string[]): Promise<ReadonlyMap<string, EndUserRecord>> {
    const { workspaceId, environment } = tenant;
    return cachedOrLoaded(
      tenant,
      externalIds,
      (externalId) => this.#endUsers.byName(endUserName(tenant, externalId)),
      async (others) => {
        const read = () => this.#store.endUsers.findMany(workspaceId, environment, others);
        const found = await this.#endUsers.readAlone(read, all);
        return found.map((endUser) => [endUser.externalId, endUser]);
      },
    );
  }

  /** Finds several end users by crmesh's own ids (`eu_…`). The map has no entry for unknown ids. */
  endUsersById(tenant: Tenant, ids: readonly string[]): Promise<ReadonlyMap<string, EndUserRecord>> {
    return cachedOrLoaded(
      tenant,
      ids,
      (id) => this.#endUsers.byId(id),
      async (others) => {
        const read = () => this.#store.endUsers.getMany(tenant.workspaceId, tenant.environment, others);
        const found = await this.#endUsers.readAlone(read, all);
        return found.map((endUser) => [endUser.id, endUser]);
      },
    );
  }

  upsertEndUser({ workspaceId, environment }: Tenant, { id, ...details }: EndUserDetails): Promise<EndUserRecord> {
    const upsert = () => this.#store.endUsers.upsert({ workspaceId, environment, externalId: id, ...details });
    return this.#endUsers.readAlone(upsert, listOf);
  }

  /** @throws CrmError PROVIDER_NOT_FOUND, END_USER_NOT_FOUND or CONNECTION_NOT_FOUND */
  async byProvider(tenant: Tenant, endUserId: string, slug: string): Promise<ConnectionRecord> {
    const provider = this.#registry.get(slug);
    const endUser = this.#endUsers.byName(endUserName(tenant, endUserId));
    const kept = endUser && this.#connections.byName(connectionName(endUser.id, slug));
    if (kept) return kept;
    const found = await this.#readConnected(tenant, endUserId, slug);
    if (!found) throw new CrmError("END_USER_NOT_FOUND");
    if (!found.connection) throw new CrmError("CONNECTION_NOT_FOUND", { provider: provider.slug });
    return found.connection;
  }

  /** @throws CrmError CONNECTION_NOT_FOUND, also for a connection of another workspace or environment */
  async byId(tenant: Tenant, id: string): Promise<ConnectionRecord> {
    const found = (await this.byIds(tenant, [id])).get(id);
    if (!found) throw new CrmError("CONNECTION_NOT_FOUND");
    return found;
  }

  /** Finds several connections by id. The map has no entry for ids that this workspace and environment do not have. */
  byIds(tenant: Tenant, ids: readonly string[]): Promise<ReadonlyMap<string, ConnectionRecord>> {
    return cachedOrLoaded(
      tenant,
      ids,
      (id) => this.#connections.byId(id),
      async (others) => {
        const read = async () => {
          const found = await this.#store.connections.getMany(tenant.workspaceId, tenant.environment, others);
          return found.filter(({ status }) => status !== "DISCONNECTED");
        };
        const active = await this.#connections.readAlone(read, all);
        return active.map((connection) => [connection.id, connection]);
      },
    );
  }

  /** Lists the connections of an end user (`eu_…`), oldest first. */
  async list(tenant: Tenant, endUserId: string): Promise<ConnectionRecord[]> {
    return (await this.lists(tenant, [endUserId])).get(endUserId) ?? [];
  }

  /** Lists the connections of several end users (`eu_…`), oldest first. The map has no entry for end users without any. */
  async lists(tenant: Tenant, endUserIds: readonly string[]): Promise<ReadonlyMap<string, ConnectionRecord[]>> {
    const { workspaceId, environment } = tenant;
    const found = await this.#store.connections.listByEndUsers(workspaceId, environment, endUserIds);
    // The row may name a provider that this version no longer supports.
    return Map.groupBy(
      found.filter(({ provider }) => this.#registry.has(provider)),
      ({ endUserId }) => endUserId,
    );
  }

  /** Several events of connections by their ids; those that do not exist in this workspace and environment are left out. */
  async eventsById(tenant: Tenant, ids: readonly string[]): Promise<ReadonlyMap<string, ConnectionEventRecord>> {
    const found = await this.#store.events.getMany(tenant.workspaceId, tenant.environment, ids);
    return new Map(found.map((event) => [event.id, event]));
  }

  /** Forgets what is remembered of a connection whose row has changed. */
  forget(id: string): void {
    this.#connections.forget(id);
  }

  /** Forgets what has changed in the store. */
  noteChange({ table, id }: StoreChange): void {
    if (table === "connection") this.#connections.forget(id);
    if (table === "end_user") this.#endUsers.forget(id);
  }

  /** Saves the time of a connection's last use, at most once a minute and in the background. */
  touch(id: string): void {
    const lastUsedAt = this.#lastUses.note(id);
    if (lastUsedAt) this.#connections.amend(id, { lastUsedAt });
  }

  /** Saves the last uses that are not saved yet. */
  close(): Promise<void> {
    return this.#lastUses.close();
  }

  /** Reads an end user and its connection together. Both are remembered. */
  #readConnected(tenant: Tenant, endUserId: string, slug: string): Promise<ConnectedEndUser | null> {
    const { workspaceId, environment } = tenant;
    const read = () => this.#store.endUsers.findConnected(workspaceId, environment, endUserId, slug);
    const name = endUserName(tenant, endUserId);
    return this.#endUsers.read(
      `${slug} ${name}`,
      () => this.#connections.readAlone(read, (found) => listOf(found?.connection ?? null)),
      (found) => listOf(found?.endUser ?? null),
    );
  }
}

function endUserName({ workspaceId, environment }: Tenant, externalId: string): string {
  return `${workspaceId} ${environment} ${externalId}`;
}

function connectionName(endUserId: string, slug: string): string {
  return `${endUserId} ${slug}`;
}

const all = <Row>(rows: readonly Row[]) => rows;
const listOf = <Row>(row: Row | null) => (row ? [row] : []);

/** Takes rows from a cache, if they are the tenant's, and loads the others together. The map has no entry for unknown ids. */
async function cachedOrLoaded<Row extends Tenant>(
  { workspaceId, environment }: Tenant,
  ids: readonly string[],
  cached: (id: string) => Row | undefined,
  load: (others: readonly string[]) => Promise<readonly (readonly [id: string, row: Row])[]>,
): Promise<ReadonlyMap<string, Row>> {
  const known = new Map<string, Row>();
  for (const id of ids) {
    const row = cached(id);
    if (row?.workspaceId === workspaceId && row.environment === environment) known.set(id, row);
  }
  const others = ids.filter((id) => !known.has(id));
  if (others.length > 0) for (const [id, row] of await load(others)) known.set(id, row);
  return known;
}
