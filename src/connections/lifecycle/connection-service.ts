import { CrmError } from "../../errors/crm-error.js";
import type { Credentials, Provider } from "../../providers/contract/contract.js";
import type { ProviderRegistry } from "../../providers/registry.js";
import type { ConnectionEventRecord } from "../../store/connection-events.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { Store } from "../../store/open-store.js";
import type { CallBound } from "../../upstream/call-bound.js";
import { NO_TELEMETRY, type Telemetry } from "../../observability/telemetry/telemetry.js";
import type { UpstreamHealth } from "../../upstream/health.js";
import { changeBy } from "../credentials/connection-changes.js";
import type { ConnectionDirectory } from "../access/directory.js";
import { readCredentials, withInputPaths } from "../credentials/credential-input.js";
import type { CredentialStore } from "../credentials/credential-store.js";
import type { CallBudget } from "../calls/call-budget.js";
import { callTarget } from "../calls/call-target.js";
import { DefinitionCache } from "../calls/definition-cache.js";
import type { InFlight } from "../credentials/in-flight.js";
import { connectionBound, type MonotonicClock, type Operation } from "../calls/operation.js";
import type { Tenant } from "../access/principal.js";
import type { OpenedConnection } from "../calls/provider-context.js";
import { connectionSpan, explainFailure, openConnection } from "./open-connection.js";
import { expiryOf, type IssuedCredentials } from "../credentials/provider-refresh.js";
import type { Renewal } from "../credentials/renewal.js";
import { revokeAtProvider } from "./revocation.js";
import type { UpstreamAccess } from "../calls/upstream-access.js";

export interface ConnectionServiceOptions {
  store: Store;
  registry: ProviderRegistry;
  directory: ConnectionDirectory;
  credentials: CredentialStore;
  renewal: Renewal;
  access: UpstreamAccess;
  inFlight: InFlight;
  /** Slug → the operator's values of that provider's settings. */
  settings: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Milliseconds that an operation may take at one connection. */
  connectionTimeoutMs: number;
  /** Returns a new Connect link on which the end user can reconnect this connection. */
  reconnectUrl: (connection: ConnectionRecord) => Promise<string>;
  clock: MonotonicClock;
  /** Called with errors that must not fail the request. */
  onBackgroundError: (error: unknown) => void;
  /** Off by default. */
  telemetry?: Telemetry;
}

/** Credentials with which a call to the provider has succeeded. */
export interface VerifiedCredentials extends IssuedCredentials {
  accountName: string | null;
  /** The end user returns to this URL after a reconnect. Null or absent keeps the stored URL. */
  redirectUrl?: string | null;
}

/** The end user and the provider between which a connection is to exist. */
export interface ConnectionTarget {
  tenant: Tenant;
  /** crmesh's own id (`eu_…`). */
  endUserId: string;
  provider: Provider;
}

/**
 * The existing connection that may get new credentials: the one of this id, none, or any. If it is `required`, no new
 * connection is created in its place.
 */
export type Replaceable = { id: string; required?: boolean } | "NONE" | "ANY";

const MAX_RECONNECT_ATTEMPTS = 5;

/** Creates, opens and ends connections. */
export class ConnectionService {
  readonly #options: ConnectionServiceOptions;
  readonly #definitions: DefinitionCache;

  constructor(options: ConnectionServiceOptions) {
    this.#options = options;
    this.#definitions = new DefinitionCache(options.clock);
  }

  get registry(): ProviderRegistry {
    return this.#options.registry;
  }

  get directory(): ConnectionDirectory {
    return this.#options.directory;
  }

  /**
   * Creates a connection from the caller's credentials, after one call to the CRM has verified them. A connection with
   * the status NEEDS_REAUTH gets these credentials and keeps its id.
   * @throws CrmError CONNECTION_ALREADY_EXISTS, MISSING_REQUIRED, INVALID_INPUT, or what the CRM answered
   */
  async create(
    tenant: Tenant,
    input: { endUserId: string; provider: string; credentials: unknown },
    operation: Operation,
  ): Promise<ConnectionRecord> {
    const { directory, registry } = this.#options;
    const provider = registry.get(input.provider);
    const given = readCredentials(provider, input.credentials);
    const endUser = await directory.endUser(tenant, input.endUserId);
    const target = { tenant, endUserId: endUser.id, provider };
    const existing = await this.#find(target);
    if (existing && existing.status !== "NEEDS_REAUTH") throw alreadyConnected(provider);
    const verified = await this.verify(target, given, operation);
    return this.save(target, verified, operation, existing ? { id: existing.id } : "NONE");
  }

  /**
   * Verifies credentials by one cheap call. Errors name the fields by their path in the caller's input.
   * @throws CrmError INVALID_INPUT, or what the CRM answered
   */
  async verify(
    { tenant: { workspaceId, environment }, endUserId, provider }: ConnectionTarget,
    given: Credentials,
    operation: Operation,
  ): Promise<VerifiedCredentials> {
    // Check the address for the sandbox too, although sandbox calls do not use it.
    withInputPaths(given, () => provider.origin(given, undefined));
    const target = { workspaceId, environment, endUserId, provider, connectionId: null };
    const { exchange } = this.#options.access.api(target, given, operation, this.bound(operation));
    const verified = await withInputPaths(given, () => provider.verify(exchange, given));
    return { ...verified, scopes: null, expiresAt: expiryOf(verified.credentials) };
  }

  /**
   * Creates the connection, or gives the existing one its new credentials. It then keeps its id.
   * @throws CrmError CONNECTION_ALREADY_EXISTS if the existing connection is not `replaceable`, CONNECTION_NOT_FOUND if there is
   *   none but one is required, END_USER_NOT_FOUND
   */
  async save(
    target: ConnectionTarget,
    { credentials, accountName, scopes, expiresAt, redirectUrl }: VerifiedCredentials,
    operation: Operation,
    replaceable: Replaceable,
  ): Promise<ConnectionRecord> {
    const { tenant, endUserId, provider } = target;
    const { connections } = this.#options.store;
    // A refresh between reading and writing changes the version. The end user's new credentials still win.
    for (let attempt = 1; attempt <= MAX_RECONNECT_ATTEMPTS; attempt += 1) {
      const existing = await this.#find(target);
      if (!existing && typeof replaceable === "object" && replaceable.required)
        throw new CrmError("CONNECTION_NOT_FOUND");
      if (!existing) break;
      if (!mayReplace(existing, replaceable)) throw alreadyConnected(provider);
      const renamed = accountName !== existing.accountName;
      const event = changeBy(
        operation,
        "RECONNECTED",
        renamed
          ? `The account changed from ${existing.accountName ?? "unknown"} to ${accountName ?? "unknown"}.`
          : null,
      );
      const update = {
        credentials,
        accountName,
        scopes,
        tokenExpiresAt: expiresAt,
        redirectUrl: redirectUrl ?? undefined,
      };
      const saved = await this.#options.credentials.replace(existing, update, event);
      if (saved) return saved;
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
        redirectUrl,
      },
      changeBy(operation, "CREATED"),
    );
    if (result.outcome === "CREATED") return result.connection;
    throw result.outcome === "ALREADY_EXISTS" ? alreadyConnected(provider) : new CrmError("END_USER_NOT_FOUND");
  }

  /**
   * Ends a connection, erases its credentials, and revokes them if the provider supports that. If the revocation fails,
   * the connection has ended all the same, and an event records the failure.
   * @throws CrmError CONNECTION_NOT_FOUND
   */
  remove(tenant: Tenant, id: string, operation: Operation): Promise<ConnectionRecord> {
    return this.#options.inFlight.run(() => this.#remove(tenant, id, operation));
  }

  async #remove(tenant: Tenant, id: string, operation: Operation): Promise<ConnectionRecord> {
    const { directory, renewal, store } = this.#options;
    await directory.byId(tenant, id);
    const { connections } = store;
    const { workspaceId, environment } = tenant;
    // A renewal at the same time would issue a token that is not revoked.
    const last = await renewal.holdingLease(id, async () => {
      const row = await connections.get(workspaceId, environment, id);
      const event = changeBy(operation, "DISCONNECTED");
      return row && (await connections.disconnect(workspaceId, environment, id, event)) ? row : null;
    });
    directory.forget(id);
    if (!last) throw new CrmError("CONNECTION_NOT_FOUND");
    await revokeAtProvider(this.#options, last, operation);
    return { ...last, status: "DISCONNECTED", credentials: null };
  }

  /** Begins the time limit of an operation at one connection. */
  bound(operation: Operation): CallBound {
    return connectionBound(operation, this.#options.connectionTimeoutMs, this.#options.clock);
  }

  /**
   * Opens a connection for one operation.
   * @param limits `bound` limits the opening and everything that uses it, and begins now by default; `budget` limits the
   *   number of calls
   * @throws CrmError such as NEEDS_REAUTH
   */
  async open(
    connection: ConnectionRecord,
    operation: Operation,
    { bound = this.bound(operation), budget }: { bound?: CallBound | undefined; budget?: CallBudget | undefined } = {},
  ): Promise<OpenedConnection> {
    const { credentials, directory, registry, telemetry = NO_TELEMETRY } = this.#options;
    const provider = registry.get(connection.provider);
    const part = telemetry.tracing?.part(connectionSpan(connection));
    try {
      // The CRM's address can depend on the credentials, e.g. Salesforce's instance.
      const read = () => bound.wait(() => credentials.read(connection));
      const { value, accountGeneration } = credentials.atHand(connection) ?? (await (part ? part.run(read) : read()));
      const parts = { ...this.#options, definitions: this.#definitions };
      // The row may be older than the credentials, if the end user has just reconnected.
      const current = { ...connection, accountGeneration };
      const opened = openConnection(parts, { connection: current, provider, credentials: value }, operation, {
        bound,
        budget,
        part,
      });
      directory.touch(connection.id);
      return opened;
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      throw await explainFailure(this.#options, { connection, provider }, operation, error);
    }
  }

  /** The health of a connection's recent calls, as this process has seen it. Null if the connection is disconnected. */
  async health(connection: ConnectionRecord, operation: Operation): Promise<UpstreamHealth | null> {
    if (connection.credentials === null) return null;
    const { value, accountGeneration } = await this.#options.credentials.peek(connection);
    const { access, registry } = this.#options;
    const target = callTarget({ ...connection, accountGeneration }, registry.get(connection.provider));
    const { call } = access.api(target, value, operation);
    return access.client.health(call);
  }

  /**
   * Lists the events of an end user's connections, newest first. Ended connections are included.
   * @param endUserId the workspace's own id
   * @param page `before` is the id of the event before which the page begins
   * @throws CrmError END_USER_NOT_FOUND, CONNECTION_NOT_FOUND for a connection that was never this end user's
   */
  async events(
    tenant: Tenant,
    endUserId: string,
    page: { connectionId: string | null; before: string | null; limit: number },
  ): Promise<ConnectionEventRecord[]> {
    const { directory, store } = this.#options;
    const { connections, events } = store;
    const { workspaceId, environment } = tenant;
    const { id } = await directory.endUser(tenant, endUserId);
    if (page.connectionId !== null) {
      const connection = await connections.get(workspaceId, environment, page.connectionId);
      if (connection?.endUserId !== id) throw new CrmError("CONNECTION_NOT_FOUND");
    }
    return events.listByEndUser({ workspaceId, environment, endUserId: id, ...page });
  }

  /** Ends the shared loads of definitions. */
  close(): Promise<void> {
    return this.#definitions.close();
  }

  #find({ tenant, endUserId, provider }: ConnectionTarget): Promise<ConnectionRecord | null> {
    const { workspaceId, environment } = tenant;
    return this.#options.store.connections.find(workspaceId, environment, endUserId, provider.slug);
  }
}

function mayReplace({ id }: ConnectionRecord, replaceable: Replaceable): boolean {
  return replaceable === "ANY" || (replaceable !== "NONE" && replaceable.id === id);
}

function alreadyConnected({ slug }: Provider): CrmError {
  return new CrmError("CONNECTION_ALREADY_EXISTS", { provider: slug });
}
