import { CrmError } from "../../errors/crm-error.js";
import type { Credentials, Provider } from "../../providers/contract/contract.js";
import type { ProviderRegistry } from "../../providers/registry.js";
import type { ConnectionEventRecord } from "../../store/connection-events.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { Store } from "../../store/open-store.js";
import type { CallBound } from "../../upstream/call-bound.js";
import type { UpstreamHealth } from "../../upstream/health.js";
import { changeBy } from "../credentials/connection-changes.js";
import type { ConnectionDirectory } from "../access/directory.js";
import { readCredentials } from "../credentials/credential-input.js";
import type { CredentialStore, RenewedCredentials } from "../credentials/credential-store.js";
import { DefinitionCache } from "../calls/definition-cache.js";
import type { InFlight } from "../credentials/in-flight.js";
import { namingInputs } from "../credentials/given-credentials.js";
import { connectionBound, type OperationScope } from "../calls/operation.js";
import type { Tenant } from "../access/principal.js";
import type { OpenedConnection } from "../calls/provider-context.js";
import { explainFailure, openConnection, reachOf } from "./open-connection.js";
import { expiryOf } from "./renewal.js";
import { revokeAtProvider } from "./revocation.js";
import type { UpstreamAccess } from "../calls/upstream-access.js";

export interface ConnectionServiceOptions {
  store: Store;
  registry: ProviderRegistry;
  directory: ConnectionDirectory;
  credentials: CredentialStore;
  access: UpstreamAccess;
  inFlight: InFlight;
  /** Slug → the operator's choices for that provider's settings. */
  settings: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Milliseconds that an operation may take at one connection. */
  connectionTimeoutMs: number;
  /** A fresh Connect page on which the end user can mend this connection. */
  reconnectUrl(connection: ConnectionRecord): Promise<string>;
  now: () => number;
  /** Called with failures that must not fail the request. */
  onBackgroundError: (error: unknown) => void;
}

/** A credential that a call has proved, and what the provider said of it. */
export interface AuthorizedCredentials extends RenewedCredentials {
  accountName: string | null;
}

/** What an end user (`eu_…`) is to be connected with. */
export interface NewLink {
  tenant: Tenant;
  endUserId: string;
  provider: Provider;
}

const MAX_RECONNECT_ATTEMPTS = 5;

/** Makes, uses and ends connections. */
export class ConnectionService {
  readonly #options: ConnectionServiceOptions;
  readonly #definitions: DefinitionCache;

  constructor(options: ConnectionServiceOptions) {
    this.#options = options;
    this.#definitions = new DefinitionCache(options.now);
  }

  get registry(): ProviderRegistry {
    return this.#options.registry;
  }

  get directory(): ConnectionDirectory {
    return this.#options.directory;
  }

  /**
   * Saves a connection from a credential that the caller holds, after one call has proved it.
   * @throws CrmError CONNECTION_ALREADY_EXISTS, MISSING_REQUIRED, INVALID_INPUT, or what the CRM answered
   */
  async create(
    tenant: Tenant,
    input: { endUserId: string; provider: string; credentials: unknown },
    operation: OperationScope,
  ): Promise<ConnectionRecord> {
    const provider = this.registry.get(input.provider);
    const given = readCredentials(provider, input.credentials);
    const endUser = await this.directory.endUser(tenant, input.endUserId);
    const link = { tenant, endUserId: endUser.id, provider };
    const existing = await this.#find(link);
    if (existing && existing.status !== "NEEDS_REAUTH") throw alreadyConnected(provider);
    const authorized = await this.prove(link, given, operation);
    return this.save(link, authorized, operation, existing?.id ?? null);
  }

  /**
   * Checks a credential by one cheap call; what is wrong with it is named as the caller knows it.
   * @throws CrmError INVALID_INPUT, or what the CRM answered
   */
  async prove(
    { tenant, provider }: NewLink,
    given: Credentials,
    operation: OperationScope,
  ): Promise<AuthorizedCredentials> {
    // The address is checked in the sandbox too, where no call goes to it.
    namingInputs(given, () => provider.origin(given, undefined));
    const reach = { ...tenant, provider, connectionId: null };
    const { exchange } = this.#options.access.api(reach, given, operation, this.bound(operation));
    const proved = await namingInputs(given, () => provider.verify(exchange, given));
    return { ...proved, scopes: null, expiresAt: expiryOf(proved.credentials) };
  }

  /**
   * Makes the connection, or gives an existing one its new credential, and with it keeps its id.
   * @param replacing the connection that may be given the credential; any other is in the way
   * @throws CrmError CONNECTION_ALREADY_EXISTS, END_USER_NOT_FOUND
   */
  async save(
    link: NewLink,
    { credentials, accountName, scopes, expiresAt }: AuthorizedCredentials,
    operation: OperationScope,
    replacing: string | null,
  ): Promise<ConnectionRecord> {
    const { tenant, endUserId, provider } = link;
    const { connections } = this.#options.store;
    // A refresh that comes between reading and writing changes the version; what the end user did now still counts.
    for (let attempt = 1; attempt <= MAX_RECONNECT_ATTEMPTS; attempt += 1) {
      const existing = await this.#find(link);
      if (!existing) break;
      if (existing.id !== replacing) throw alreadyConnected(provider);
      const renamed = accountName !== existing.accountName;
      const change = {
        credentials: await this.#options.credentials.encrypt(existing.id, credentials),
        accountName,
        scopes,
        tokenExpiresAt: expiresAt,
      };
      const event = changeBy(
        operation,
        "RECONNECTED",
        renamed
          ? `The account changed from ${existing.accountName ?? "unknown"} to ${accountName ?? "unknown"}.`
          : null,
      );
      const saved = await connections.updateCredentials(existing.id, existing.credentialsVersion, change, event);
      this.directory.forget(existing.id);
      if (saved) return (await this.#find(link)) ?? { ...existing, status: "ACTIVE" };
    }
    const id = connections.newId();
    const { workspaceId, environment } = tenant;
    const result = await connections.create(
      {
        id,
        workspaceId,
        environment,
        endUserId,
        provider: provider.slug,
        credentials: await this.#options.credentials.encrypt(id, credentials),
        accountName,
        scopes,
        tokenExpiresAt: expiresAt,
      },
      changeBy(operation, "CREATED"),
    );
    if (result.outcome === "CREATED") return result.connection;
    throw result.outcome === "ALREADY_EXISTS" ? alreadyConnected(provider) : new CrmError("END_USER_NOT_FOUND");
  }

  /**
   * Ends a connection, erases its credential, and revokes it at the provider where that exists. A revocation that
   * fails does not keep the connection; it is noted as an event.
   * @throws CrmError CONNECTION_NOT_FOUND
   */
  remove(tenant: Tenant, id: string, operation: OperationScope): Promise<ConnectionRecord> {
    return this.#options.inFlight.run(() => this.#remove(tenant, id, operation));
  }

  async #remove(tenant: Tenant, id: string, operation: OperationScope): Promise<ConnectionRecord> {
    await this.directory.byId(tenant, id);
    const { connections } = this.#options.store;
    const { workspaceId, environment } = tenant;
    // A renewal under way would leave a token behind that nobody knows to revoke.
    const last = await this.#options.credentials.whileNobodyRenews(id, "WAIT", async () => {
      const row = await connections.get(workspaceId, environment, id);
      const event = changeBy(operation, "DISCONNECTED");
      return row && (await connections.disconnect(workspaceId, environment, id, event)) ? row : null;
    });
    this.directory.forget(id);
    if (!last) throw new CrmError("CONNECTION_NOT_FOUND");
    await revokeAtProvider(this.#options, last, operation);
    return { ...last, status: "DISCONNECTED", credentials: null };
  }

  /** Begins the time that an operation has at one connection. */
  bound(operation: OperationScope): CallBound {
    return connectionBound(operation, this.#options.connectionTimeoutMs, this.#options.now);
  }

  /**
   * A connection as one operation uses it.
   * @param bound how long all of that may take; default: begins now
   * @throws CrmError NEEDS_REAUTH and the like
   */
  async open(
    connection: ConnectionRecord,
    operation: OperationScope,
    bound: CallBound = this.bound(operation),
  ): Promise<OpenedConnection> {
    const { credentials, directory } = this.#options;
    const provider = this.registry.get(connection.provider);
    try {
      // Where the CRM is can depend on the credential, e.g. Salesforce's instance.
      const { value } = await bound.wait(() => credentials.read(connection));
      const parts = { ...this.#options, definitions: this.#definitions };
      const opened = openConnection(parts, { connection, provider, credentials: value }, operation, bound);
      directory.touch(connection.id);
      return opened;
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      throw await explainFailure(this.#options, { connection, provider }, error);
    }
  }

  /** How calls through a connection have fared lately, as this process has seen it; null for one that is disconnected. */
  async health(connection: ConnectionRecord, operation: OperationScope): Promise<UpstreamHealth | null> {
    if (connection.credentials === null) return null;
    const { value } = await this.#options.credentials.peek(connection);
    const reach = reachOf(connection, this.registry.get(connection.provider));
    const { scope } = this.#options.access.api(reach, value, operation);
    return this.#options.access.client.health(scope);
  }

  /**
   * What happened to an end user's connections, those that have ended too, newest first.
   * @param endUserId the workspace's own id
   * @param page `before` is the id of an event, which is left out
   * @throws CrmError END_USER_NOT_FOUND, CONNECTION_NOT_FOUND for a connection that was never this end user's
   */
  async events(
    tenant: Tenant,
    endUserId: string,
    page: { connectionId: string | null; before: string | null; limit: number },
  ): Promise<ConnectionEventRecord[]> {
    const { connections, events } = this.#options.store;
    const { workspaceId, environment } = tenant;
    const { id } = await this.directory.endUser(tenant, endUserId);
    if (page.connectionId !== null) {
      const connection = await connections.get(workspaceId, environment, page.connectionId);
      if (connection?.endUserId !== id) throw new CrmError("CONNECTION_NOT_FOUND");
    }
    return events.listByEndUser({ workspaceId, environment, endUserId: id, ...page });
  }

  /** Ends what goes on without a caller. */
  close(): Promise<void> {
    return this.#definitions.close();
  }

  #find({ tenant, endUserId, provider }: NewLink): Promise<ConnectionRecord | null> {
    const { workspaceId, environment } = tenant;
    return this.#options.store.connections.find(workspaceId, environment, endUserId, provider.slug);
  }
}

function alreadyConnected({ slug }: Provider): CrmError {
  return new CrmError("CONNECTION_ALREADY_EXISTS", { provider: slug });
}
