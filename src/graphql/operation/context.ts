import { CrmError } from "../../errors/crm-error.js";
import type { ConnectService } from "../../connections/connect-service.js";
import type { ConnectionService } from "../../connections/connection-service.js";
import type { OperationScope } from "../../connections/operation.js";
import type { Principal } from "../../connections/principal.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { UpstreamCall } from "../../upstream/request.js";
import type { CursorCodec } from "../paging/cursor.js";
import type { OperationBudget } from "./budget.js";
import { DirectoryLoaders } from "./directory-loaders.js";
import type { OperationShape } from "./analysis.js";
import { fieldSetsFor } from "./field-sets.js";
import type { MeteredContext } from "./metered-schema.js";
import type { OpenConnection } from "./open-connection.js";
import { RecordLoaders } from "./record-loaders.js";

export interface OperationContextOptions {
  principal: Principal;
  /** From `?provider=` on the URL. */
  defaultProvider: string | null;
  /** From the header `X-End-User-Id`. */
  defaultEndUserId: string | null;
  connections: ConnectionService;
  connect: ConnectService;
  cursors: CursorCodec;
  scope: Omit<OperationScope, "onCall">;
  /** Whether the calls are asked for in the answer. */
  traceCalls: boolean;
  onCall?: (call: UpstreamCall) => void;
}

/** What the resolvers of one operation share. Apollo hands them a shallow copy, which `#private` members would not survive. */
export class OperationContext implements MeteredContext {
  readonly principal: Principal;
  readonly defaultProvider: string | null;
  readonly defaultEndUserId: string | null;
  readonly connections: ConnectionService;
  readonly connect: ConnectService;
  readonly cursors: CursorCodec;
  readonly scope: OperationScope;
  readonly traceCalls: boolean;
  readonly calls: UpstreamCall[] = [];
  /** Set when the operation is known, before the first resolver runs. */
  shape: OperationShape | null = null;
  /** Set with it. */
  budget: OperationBudget | null = null;
  readonly directory: DirectoryLoaders;
  /** True once a create has succeeded: the answer then hints at 201. */
  created = false;
  private readonly opened = new Map<string, Promise<OpenConnection>>();
  private readonly lookups = new Map<string, Promise<ConnectionRecord>>();

  constructor(options: OperationContextOptions) {
    this.principal = options.principal;
    this.defaultProvider = options.defaultProvider;
    this.defaultEndUserId = options.defaultEndUserId;
    this.connections = options.connections;
    this.connect = options.connect;
    this.cursors = options.cursors;
    this.traceCalls = options.traceCalls;
    this.directory = new DirectoryLoaders(options.connections.directory, options.principal);
    this.scope = {
      ...options.scope,
      onCall: (call) => {
        if (this.traceCalls) this.calls.push(call);
        options.onCall?.(call);
      },
    };
  }

  /**
   * Called before each field of a mutation: it sees what the fields before it have changed.
   * @throws CrmError SERVICE_UNAVAILABLE when the caller has hung up: nobody would learn what became of a write
   */
  beginMutation(): void {
    this.directory.clear();
    this.lookups.clear();
    if (!this.scope.signal.aborted) return;
    throw new CrmError("SERVICE_UNAVAILABLE", { detail: "The caller went away.", outcome: "NOT_SENT" });
  }

  /** Opens a connection once per operation, however many fields use it. */
  open(record: ConnectionRecord): Promise<OpenConnection> {
    let opened = this.opened.get(record.id);
    if (!opened) this.opened.set(record.id, (opened = this.openOnce(record)));
    return opened;
  }

  /** @throws CrmError CONNECTION_NOT_FOUND */
  connectionById(id: string): Promise<ConnectionRecord> {
    return this.directory.connectionsById.load(id);
  }

  /** @throws CrmError PROVIDER_NOT_FOUND, END_USER_NOT_FOUND or CONNECTION_NOT_FOUND */
  connectionByProvider(endUserId: string, provider: string): Promise<ConnectionRecord> {
    return this.lookup(`${provider} ${endUserId}`, () =>
      this.connections.directory.byProvider(this.principal, endUserId, provider),
    );
  }

  /** Records that are asked for together look their connection up together, and so stay in one batch. */
  private lookup(key: string, find: () => Promise<ConnectionRecord>): Promise<ConnectionRecord> {
    let found = this.lookups.get(key);
    if (!found) this.lookups.set(key, (found = find()));
    return found;
  }

  private async openOnce(record: ConnectionRecord): Promise<OpenConnection> {
    const provider = this.connections.registry.get(record.provider);
    const context = await this.connections.open(record, this.scope);
    const select = fieldSetsFor(provider, this.shape!);
    const loaders = new RecordLoaders({ provider, context, select, connectionId: record.id });
    return { record, provider, context, select, loaders };
  }
}
