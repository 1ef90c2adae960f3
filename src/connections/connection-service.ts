import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import type { CredentialExchange, Credentials, Provider, ProviderContext } from "../providers/contract.js";
import type { ProviderRegistry } from "../providers/registry.js";
import type { ConnectionRecord } from "../store/connections.js";
import type { EndUserRecord } from "../store/end-users.js";
import type { Store } from "../store/open-store.js";
import type { Environment } from "../store/schema.js";
import type { Vault } from "../store/vault.js";
import type { CallScope } from "../upstream/request.js";
import type { UpstreamClient } from "../upstream/upstream-client.js";
import { callScope } from "./call-scope.js";
import { readCredentials } from "./credential-input.js";
import { CredentialStore } from "./credential-store.js";
import type { OperationScope } from "./operation.js";
import type { Origins } from "./origins.js";
import type { Principal } from "./principal.js";
import { createProviderContext, DefinitionCache, upstreamRequest } from "./provider-context.js";

/** Milliseconds after which a connection that was deleted by another process is surely refused here. */
const LOOKUP_TTL_MS = 5_000;
const MAX_LOOKUPS = 10_000;
/** The clock is read at each look-up: the default sets a timer to read it less often, which costs more. */
const LOOKUPS = { max: MAX_LOOKUPS, ttl: LOOKUP_TTL_MS, ttlResolution: 0 };
/** Milliseconds between two notes of a connection's last use. */
const TOUCH_INTERVAL_MS = 60_000;

export type OAuthClients = (provider: Provider, environment: Environment) => { id: string; secret: string } | null;

export interface ConnectionServiceOptions {
  store: Store;
  vault: Vault;
  registry: ProviderRegistry;
  client: UpstreamClient;
  origins: Origins;
  oauthClients: OAuthClients;
  now: () => number;
  /** Called with failures that must not fail the request, such as noting the last use. */
  onBackgroundError: (error: unknown) => void;
}

export interface NewConnection {
  endUserId: string;
  provider: string;
  credentials: unknown;
}

/** End users and their connections, always within one workspace and environment. */
export class ConnectionService {
  readonly #options: ConnectionServiceOptions;
  readonly #credentials: CredentialStore;
  readonly #definitions = new DefinitionCache();
  readonly #endUsers = new LRUCache<string, EndUserRecord>(LOOKUPS);
  readonly #byProvider = new LRUCache<string, ConnectionRecord>(LOOKUPS);
  readonly #byId = new LRUCache<string, ConnectionRecord>(LOOKUPS);
  readonly #touchedAt = new LRUCache<string, number>({ max: MAX_LOOKUPS });

  constructor(options: ConnectionServiceOptions) {
    this.#options = options;
    this.#credentials = new CredentialStore({
      connections: options.store.connections,
      vault: options.vault,
      now: options.now,
      onChange: (id) => this.#forget(id),
    });
  }

  get registry(): ProviderRegistry {
    return this.#options.registry;
  }

  /** @throws CrmError END_USER_NOT_FOUND */
  async endUser({ workspaceId, environment }: Principal, externalId: string): Promise<EndUserRecord> {
    const key = `${workspaceId} ${environment} ${externalId}`;
    const kept = this.#endUsers.get(key);
    if (kept) return kept;
    const found = await this.#options.store.endUsers.find(workspaceId, environment, externalId);
    if (!found) throw new CrmError("END_USER_NOT_FOUND");
    this.#endUsers.set(key, found);
    return found;
  }

  /** The end user with the store's own id, as a connection names it. */
  async endUserOf({ workspaceId, environment, endUserId }: ConnectionRecord): Promise<EndUserRecord> {
    const found = await this.#options.store.endUsers.get(workspaceId, environment, endUserId);
    if (!found) throw new CrmError("END_USER_NOT_FOUND");
    return found;
  }

  async upsertEndUser(
    { workspaceId, environment }: Principal,
    input: { id: string; displayName?: string | null; email?: string | null },
  ): Promise<EndUserRecord> {
    const { id, ...details } = input;
    const saved = await this.#options.store.endUsers.upsert({ workspaceId, environment, externalId: id, ...details });
    this.#endUsers.set(`${workspaceId} ${environment} ${id}`, saved);
    return saved;
  }

  /** @throws CrmError PROVIDER_NOT_FOUND, END_USER_NOT_FOUND or CONNECTION_NOT_FOUND */
  async byProvider(principal: Principal, endUserId: string, slug: string): Promise<ConnectionRecord> {
    const provider = this.registry.get(slug);
    const endUser = await this.endUser(principal, endUserId);
    const key = `${endUser.id} ${slug}`;
    const kept = this.#byProvider.get(key);
    if (kept) return kept;
    const { workspaceId, environment } = principal;
    const found = await this.#options.store.connections.find(workspaceId, environment, endUser.id, slug);
    if (!found) throw new CrmError("CONNECTION_NOT_FOUND", { provider: provider.slug });
    this.#byProvider.set(key, found);
    return found;
  }

  /** @throws CrmError CONNECTION_NOT_FOUND, also for a connection of another workspace or environment */
  async byId({ workspaceId, environment }: Principal, id: string): Promise<ConnectionRecord> {
    const kept = this.#byId.get(id);
    if (kept && kept.workspaceId === workspaceId && kept.environment === environment) return kept;
    const found = await this.#options.store.connections.get(workspaceId, environment, id);
    if (!found || found.status === "DISCONNECTED") throw new CrmError("CONNECTION_NOT_FOUND");
    this.#byId.set(id, found);
    return found;
  }

  /** Those of an end user, oldest first. @throws CrmError END_USER_NOT_FOUND */
  async list(principal: Principal, endUserId: string): Promise<ConnectionRecord[]> {
    const { workspaceId, environment } = principal;
    const endUser = await this.endUser(principal, endUserId);
    const found = await this.#options.store.connections.listByEndUser(workspaceId, environment, endUser.id);
    // A provider that this version no longer knows cannot be spoken to.
    return found.filter(({ provider }) => this.registry.has(provider));
  }

  /**
   * Saves a connection after one call has proved its credential.
   * @throws CrmError CONNECTION_ALREADY_EXISTS, MISSING_REQUIRED, INVALID_INPUT, or what the CRM answered
   */
  async create(principal: Principal, input: NewConnection, operation: OperationScope): Promise<ConnectionRecord> {
    const { workspaceId, environment } = principal;
    const { store } = this.#options;
    const provider = this.registry.get(input.provider);
    const given = readCredentials(provider, input.credentials);
    const endUser = await this.endUser(principal, input.endUserId);
    const alreadyThere = () => new CrmError("CONNECTION_ALREADY_EXISTS", { provider: provider.slug });
    const existing = await store.connections.find(workspaceId, environment, endUser.id, provider.slug);
    if (existing && existing.status !== "NEEDS_REAUTH") throw alreadyThere();

    // The address is checked in the sandbox too, where no call goes to it.
    namingInputs(given, () => provider.origin(given, undefined));
    const origin = this.#options.origins.of(provider, environment, given);
    const scope = callScope(
      { provider: provider.slug, environment, workspaceId, connectionId: null },
      origin,
      operation,
    );
    const exchange = this.#exchange(provider, environment, origin.origin, scope);
    const { accountName, credentials } = await namingInputs(given, () => provider.verify(exchange, given));

    if (existing) return this.#reconnect(existing, credentials);
    const id = store.connections.newId();
    const result = await store.connections.create({
      id,
      workspaceId,
      environment,
      endUserId: endUser.id,
      provider: provider.slug,
      credentials: await this.#credentials.encrypt(id, credentials),
      accountName,
    });
    if (result.outcome === "CREATED") return result.connection;
    throw result.outcome === "ALREADY_EXISTS" ? alreadyThere() : new CrmError("END_USER_NOT_FOUND");
  }

  /** A connection whose authorisation ended is given the new credential, and with it keeps its id. */
  async #reconnect(existing: ConnectionRecord, credentials: Credentials): Promise<ConnectionRecord> {
    const { id, workspaceId, environment, credentialsVersion, provider } = existing;
    const jwe = await this.#credentials.encrypt(id, credentials);
    const { connections } = this.#options.store;
    const saved = await connections.updateCredentials(id, credentialsVersion, jwe);
    this.#forget(id);
    const current = saved ? await connections.get(workspaceId, environment, id) : null;
    if (!current) throw new CrmError("CONNECTION_ALREADY_EXISTS", { provider });
    return current;
  }

  /** @throws CrmError CONNECTION_NOT_FOUND */
  async remove(principal: Principal, id: string): Promise<ConnectionRecord> {
    const connection = await this.byId(principal, id);
    const { workspaceId, environment } = principal;
    const removed = await this.#options.store.connections.disconnect(workspaceId, environment, id);
    this.#forget(id);
    if (!removed) throw new CrmError("CONNECTION_NOT_FOUND");
    return { ...connection, status: "DISCONNECTED", credentials: null };
  }

  /** What the adapter of a connection works with during one operation. */
  async open(connection: ConnectionRecord, operation: OperationScope): Promise<ProviderContext> {
    const { origins, client } = this.#options;
    const { id, workspaceId, environment } = connection;
    const provider = this.registry.get(connection.provider);
    const credentialsFor = (scope: CallScope, origin: string) =>
      this.#credentials.source({
        connection,
        provider,
        exchange: this.#exchange(provider, environment, origin, scope),
        remember: scope.remember,
      });
    const identity = { provider: provider.slug, environment, workspaceId, connectionId: id };
    try {
      // Where the CRM is can depend on the credential, e.g. Salesforce's instance.
      const { value } = await this.#credentials.read(connection);
      const origin = origins.of(provider, environment, value);
      const scope = callScope(identity, origin, operation);
      this.#touch(id);
      return createProviderContext({
        provider,
        client,
        credentials: credentialsFor(scope, origin.origin),
        origin: origin.origin,
        scope,
        definitions: this.#definitions,
      });
    } catch (error) {
      throw error instanceof CrmError ? error.with({ provider: provider.slug, connectionId: id }) : error;
    }
  }

  #exchange(provider: Provider, environment: Environment, origin: string, scope: CallScope): CredentialExchange {
    return {
      origin,
      send: (request) => this.#options.client.send(upstreamRequest(origin, request), scope, provider.traits),
      client: this.#options.oauthClients(provider, environment),
      now: this.#options.now,
    };
  }

  #touch(id: string): void {
    const now = this.#options.now();
    if (now - (this.#touchedAt.get(id) ?? 0) < TOUCH_INTERVAL_MS) return;
    this.#touchedAt.set(id, now);
    this.#options.store.connections.touch(id, new Date(now)).catch(this.#options.onBackgroundError);
  }

  #forget(id: string): void {
    this.#byId.delete(id);
    for (const [key, connection] of this.#byProvider.entries()) if (connection.id === id) this.#byProvider.delete(key);
  }
}

/** Runs a check of given credentials; what it finds wrong with them is named as the caller knows it. */
function namingInputs<Result>(given: Credentials, check: () => Result): Result {
  const rename = (error: unknown): never => {
    if (!(error instanceof CrmError) || !error.details.errors) throw error;
    const errors: Record<string, string> = {};
    for (const [path, problem] of Object.entries(error.details.errors)) errors[inputPathOf(path, given)] = problem;
    throw new CrmError(error.code, { ...error.details, errors });
  };
  try {
    const result = check();
    return (result instanceof Promise ? result.catch(rename) : result) as Result;
  } catch (error) {
    return rename(error);
  }
}

/** A host that may not be reached stands in the one credential that is an address. */
function inputPathOf(path: string, given: Credentials): string {
  const address = Object.keys(given).find((name) => URL.canParse(given[name]!));
  return path === "host" && address !== undefined ? `input.credentials.${address}` : `input.${path}`;
}
