import { LRUCache } from "lru-cache";
import { CrmError } from "../../errors/crm-error.js";
import type { ProviderRegistry } from "../../providers/registry.js";
import type { ConnectionEventRecord } from "../../store/connection-events.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { EndUserRecord } from "../../store/end-users.js";
import type { Store } from "../../store/open-store.js";
import type { Clock } from "../../upstream/clock.js";
import type { Tenant } from "./principal.js";

/** Milliseconds until this process sees a change that another process made to a connection. */
export const LOOKUP_TTL_MS = 5_000;
const MAX_LOOKUPS = 10_000;
/** Resolution 0 reads the clock at each look-up. The default sets timers, which cost more. */
const LOOKUPS = { max: MAX_LOOKUPS, ttl: LOOKUP_TTL_MS, ttlResolution: 0 };
/** Milliseconds between two updates of a connection's last use. */
const TOUCH_INTERVAL_MS = 60_000;

export interface EndUserDetails {
  id: string;
  displayName?: string | null | undefined;
  email?: string | null | undefined;
}

/** Finds end users and connections within one workspace and environment, and caches them for LOOKUP_TTL_MS. */
export class ConnectionDirectory {
  readonly #store: Store;
  readonly #registry: ProviderRegistry;
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  readonly #onBackgroundError: (error: unknown) => void;
  readonly #endUsers = new LRUCache<string, EndUserRecord>(LOOKUPS);
  readonly #endUsersById = new LRUCache<string, EndUserRecord>(LOOKUPS);
  readonly #byProvider = new LRUCache<string, ConnectionRecord>(LOOKUPS);
  readonly #byId = new LRUCache<string, ConnectionRecord>(LOOKUPS);
  readonly #touchedAt = new LRUCache<string, number>({ max: MAX_LOOKUPS });

  constructor(options: {
    store: Store;
    registry: ProviderRegistry;
    clock: Pick<Clock, "now" | "monotonic">;
    onBackgroundError: (error: unknown) => void;
  }) {
    this.#store = options.store;
    this.#registry = options.registry;
    this.#clock = options.clock;
    this.#onBackgroundError = options.onBackgroundError;
  }

  /** @throws CrmError END_USER_NOT_FOUND */
  async endUser({ workspaceId, environment }: Tenant, externalId: string): Promise<EndUserRecord> {
    const key = `${workspaceId} ${environment} ${externalId}`;
    const kept = this.#endUsers.get(key);
    if (kept) return kept;
    const found = await this.#store.endUsers.find(workspaceId, environment, externalId);
    if (!found) throw new CrmError("END_USER_NOT_FOUND");
    return this.#remember(found);
  }

  /** Finds an end user by crmesh's own id (`eu_…`). @throws CrmError END_USER_NOT_FOUND */
  async endUserById({ workspaceId, environment }: Tenant, id: string): Promise<EndUserRecord> {
    const found = await this.#store.endUsers.get(workspaceId, environment, id);
    if (!found) throw new CrmError("END_USER_NOT_FOUND");
    return found;
  }

  /** Finds several end users by the workspace's ids. The map has no entry for unknown ids. */
  endUsers(tenant: Tenant, externalIds: readonly string[]): Promise<ReadonlyMap<string, EndUserRecord>> {
    const { workspaceId, environment } = tenant;
    return cachedOrLoaded(
      tenant,
      externalIds,
      (externalId) => this.#endUsers.get(`${workspaceId} ${environment} ${externalId}`),
      async (others) => {
        const found = await this.#store.endUsers.findMany(workspaceId, environment, others);
        return found.map((endUser) => [endUser.externalId, this.#remember(endUser)]);
      },
    );
  }

  /** Finds several end users by crmesh's own ids (`eu_…`). The map has no entry for unknown ids. */
  endUsersById(tenant: Tenant, ids: readonly string[]): Promise<ReadonlyMap<string, EndUserRecord>> {
    return cachedOrLoaded(
      tenant,
      ids,
      (id) => this.#endUsersById.get(id),
      async (others) => {
        const found = await this.#store.endUsers.getMany(tenant.workspaceId, tenant.environment, others);
        return found.map((endUser) => [endUser.id, this.#remember(endUser)]);
      },
    );
  }

  async upsertEndUser(
    { workspaceId, environment }: Tenant,
    { id, ...details }: EndUserDetails,
  ): Promise<EndUserRecord> {
    const saved = await this.#store.endUsers.upsert({ workspaceId, environment, externalId: id, ...details });
    return this.#remember(saved);
  }

  /** @throws CrmError PROVIDER_NOT_FOUND, END_USER_NOT_FOUND or CONNECTION_NOT_FOUND */
  async byProvider(tenant: Tenant, endUserId: string, slug: string): Promise<ConnectionRecord> {
    const provider = this.#registry.get(slug);
    const endUser = await this.endUser(tenant, endUserId);
    const key = `${endUser.id} ${slug}`;
    const kept = this.#byProvider.get(key);
    if (kept) return kept;
    const found = await this.#store.connections.find(tenant.workspaceId, tenant.environment, endUser.id, slug);
    if (!found) throw new CrmError("CONNECTION_NOT_FOUND", { provider: provider.slug });
    this.#byProvider.set(key, found);
    return found;
  }

  /** @throws CrmError CONNECTION_NOT_FOUND, also for a connection of another workspace or environment */
  async byId({ workspaceId, environment }: Tenant, id: string): Promise<ConnectionRecord> {
    const kept = this.#byId.get(id);
    if (kept && kept.workspaceId === workspaceId && kept.environment === environment) return kept;
    const found = await this.#store.connections.get(workspaceId, environment, id);
    if (!found || found.status === "DISCONNECTED") throw new CrmError("CONNECTION_NOT_FOUND");
    this.#byId.set(id, found);
    return found;
  }

  /** Finds several connections by id. The map has no entry for ids that this workspace and environment do not have. */
  byIds(tenant: Tenant, ids: readonly string[]): Promise<ReadonlyMap<string, ConnectionRecord>> {
    return cachedOrLoaded(
      tenant,
      ids,
      (id) => this.#byId.get(id),
      async (others) => {
        const found = await this.#store.connections.getMany(tenant.workspaceId, tenant.environment, others);
        const active = found.filter(({ status }) => status !== "DISCONNECTED");
        for (const connection of active) this.#byId.set(connection.id, connection);
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

  #remember(endUser: EndUserRecord): EndUserRecord {
    const { id, workspaceId, environment, externalId } = endUser;
    this.#endUsers.set(`${workspaceId} ${environment} ${externalId}`, endUser);
    this.#endUsersById.set(id, endUser);
    return endUser;
  }

  /** Drops the cached copies of a connection whose row has changed. */
  forget(id: string): void {
    this.#byId.delete(id);
    for (const [key, record] of this.#byProvider.entries()) if (record.id === id) this.#byProvider.delete(key);
  }

  /** Saves the time of a connection's last use, at most once a minute and in the background. */
  touch(id: string): void {
    const now = this.#clock.monotonic();
    if (now - (this.#touchedAt.get(id) ?? -Infinity) < TOUCH_INTERVAL_MS) return;
    this.#touchedAt.set(id, now);
    this.#store.connections.touch(id, new Date(this.#clock.now())).catch(this.#onBackgroundError);
  }
}

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
