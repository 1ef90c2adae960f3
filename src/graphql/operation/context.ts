import type { ConnectService } from "../../connections/linking/connect-service.js";
import type { ConnectionService } from "../../connections/lifecycle/connection-service.js";
import type { Operation } from "../../connections/calls/operation.js";
import type { Principal } from "../../connections/access/principal.js";
import { CrmError, type CrmErrorDetails } from "../../errors/crm-error.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { CallBound } from "../../upstream/call-bound.js";
import type { RequestRecord } from "../../observability/request-record.js";
import type { UpstreamCall } from "../../upstream/request.js";
import type { CursorCodec } from "./cursor.js";
import type { OperationBudget } from "./response-budget.js";
import { DirectoryLoaders } from "./directory-loaders.js";
import type { OperationShape } from "./analysis.js";
import { fieldSetsFor } from "./field-sets.js";
import { decodeGlobalId, type GlobalId } from "./global-id.js";
import type { ExecutionContext } from "./execution/execute.js";
import type { OpenConnection } from "./open-connection.js";
import type { OperationPrice } from "./price/price.js";
import { PendingTurns } from "./turns.js";
import { RecordLoaders } from "./record-loaders.js";

export interface OperationContextOptions {
  principal: Principal;
  /** Notes what the operation does. */
  record: RequestRecord;
  /** The provider in `?provider=` of the URL. */
  defaultProvider: string | null;
  /** The end user in the header `X-End-User-Id`. */
  defaultEndUserId: string | null;
  connections: ConnectionService;
  connect: ConnectService;
  cursors: CursorCodec;
  scope: Omit<Operation, "onCall">;
  /** Whether the caller requested the list of upstream calls in the answer. */
  traceCalls: boolean;
  /** Whether the caller requested the price in the answer. */
  showPrice?: boolean;
  /** Whether the operation is only priced, and not executed. */
  priceOnly?: boolean;
  onCall?: (call: UpstreamCall) => void;
}

/** The state that the resolvers of one operation share. Apollo copies it shallowly, which would lose `#private` members. */
export class OperationContext implements ExecutionContext {
  readonly principal: Principal;
  readonly record: RequestRecord;
  readonly defaultProvider: string | null;
  readonly defaultEndUserId: string | null;
  readonly connections: ConnectionService;
  readonly connect: ConnectService;
  readonly cursors: CursorCodec;
  readonly scope: Operation;
  readonly traceCalls: boolean;
  readonly showPrice: boolean;
  readonly priceOnly: boolean;
  readonly calls: UpstreamCall[] = [];
  /** Null until the operation is analysed, which happens before the first resolver runs. */
  shape: OperationShape | null = null;
  /** Null until the operation is analysed. */
  budget: OperationBudget | null = null;
  /** The coerced variables, as resolvers get them. Empty until they are checked. */
  variables: Record<string, unknown> = {};
  /** Null until the operation is priced, which happens before the first resolver runs. */
  price: OperationPrice | null = null;
  /** Why the operation would be refused; only for an operation that is only priced. */
  refusal: CrmError | null = null;
  readonly directory: DirectoryLoaders;
  readonly turns = new PendingTurns();
  /** The most records that crmesh reads of one CRM to sort them itself. Set before the first resolver runs. */
  maxWindow = 0;
  /** Failures that the answer has as data, and not among its errors. */
  readonly unshown: CrmError[] = [];
  /** True once a create has succeeded. An answer without errors then has the hint 201. */
  created = false;
  private readonly opened = new Map<string, Promise<OpenConnection>>();
  private readonly reads = new Map<string, Promise<unknown>>();
  private readonly globalIds = new Map<string, GlobalId | null>();
  private readonly lookups = new Map<string, Promise<ConnectionRecord>>();
  /** Connection id → the time limit of the connection, if the time began with the look-up of the connection. */
  private readonly bounds = new Map<string, CallBound>();

  constructor(options: OperationContextOptions) {
    this.principal = options.principal;
    this.record = options.record;
    this.defaultProvider = options.defaultProvider;
    this.defaultEndUserId = options.defaultEndUserId;
    if (this.defaultEndUserId !== null) this.record.noteEndUser(this.defaultEndUserId);
    this.connections = options.connections;
    this.connect = options.connect;
    this.cursors = options.cursors;
    this.traceCalls = options.traceCalls;
    this.showPrice = options.showPrice ?? false;
    this.priceOnly = options.priceOnly ?? false;
    this.directory = new DirectoryLoaders(options.connections.directory, options.principal);
    this.scope = {
      ...options.scope,
      onCall: (call) => {
        if (this.traceCalls) this.calls.push(call);
        options.onCall?.(call);
      },
    };
  }

  /** Opens a connection. All fields of an operation share the opened connection. */
  open(record: ConnectionRecord): Promise<OpenConnection> {
    let opened = this.opened.get(record.id);
    if (!opened) this.opened.set(record.id, (opened = this.openOnce(record)));
    return opened;
  }

  /**
   * Opens a connection for a mutation field, with its full time and with empty loaders, which contain nothing from before
   * the write. The fields that are selected of the result share the opened connection.
   * @throws CrmError with the outcome NOT_SENT if the caller has hung up or if the error is retryable
   */
  async openForWrite(record: ConnectionRecord): Promise<OpenConnection> {
    this.assertCallerPresent();
    this.opened.delete(record.id);
    this.bounds.delete(record.id);
    try {
      return await this.open(record);
    } catch (error) {
      throw error instanceof CrmError && error.definition.retryable ? error.with({ outcome: "NOT_SENT" }) : error;
    }
  }

  /**
   * Clears all caches. Call it before each mutation field: mutation fields run one after the other, and an earlier field may
   * have deleted a connection.
   * @throws CrmError as `assertCallerPresent` does
   */
  beginMutationField(): void {
    this.assertCallerPresent();
    for (const memo of [this.opened, this.reads, this.lookups, this.bounds, this.directory]) memo.clear();
  }

  /** @throws CrmError SERVICE_UNAVAILABLE, outcome NOT_SENT, if the caller has hung up: no more writes may begin */
  assertCallerPresent(): void {
    if (!this.scope.signal.aborted) return;
    throw new CrmError("SERVICE_UNAVAILABLE", {
      detail: "The caller closed the connection before this mutation field began.",
      outcome: "NOT_SENT",
    });
  }

  /** Reads something once for all fields of the operation that ask for the same. */
  shared<Result>(key: string, read: () => Promise<Result>): Promise<Result> {
    let shared = this.reads.get(key) as Promise<Result> | undefined;
    if (!shared) this.reads.set(key, (shared = read()));
    return shared;
  }

  /** Decodes a global id once: the price of an operation and its execution both need it. Null if the text is not a global id. */
  globalId(id: string): GlobalId | null {
    let decoded = this.globalIds.get(id);
    if (decoded === undefined) this.globalIds.set(id, (decoded = decodeGlobalId(id)));
    return decoded;
  }

  /** @throws CrmError CONNECTION_NOT_FOUND */
  connectionById(id: string): Promise<ConnectionRecord> {
    return this.lookup(id, { connectionId: id }, () => this.directory.connectionsById.load(id));
  }

  /** @throws CrmError PROVIDER_NOT_FOUND, END_USER_NOT_FOUND or CONNECTION_NOT_FOUND */
  connectionByProvider(endUserId: string, provider: string): Promise<ConnectionRecord> {
    this.record.noteEndUser(endUserId);
    return this.lookup(`${provider} ${endUserId}`, { provider }, () =>
      this.connections.directory.byProvider(this.principal, endUserId, provider),
    );
  }

  /** Looks a connection up once. Records that are requested together then wait for the same promise and stay in one batch. */
  private lookup(
    key: string,
    about: CrmErrorDetails,
    find: () => Promise<ConnectionRecord>,
  ): Promise<ConnectionRecord> {
    let found = this.lookups.get(key);
    if (!found) this.lookups.set(key, (found = this.lookUp(about, find)));
    return found;
  }

  private async lookUp(about: CrmErrorDetails, find: () => Promise<ConnectionRecord>): Promise<ConnectionRecord> {
    const bound = this.connections.bound(this.scope);
    try {
      const record = await bound.wait(find);
      if (!this.bounds.has(record.id)) this.bounds.set(record.id, bound);
      return record;
    } catch (error) {
      throw bound.isEnd(error) ? error.with(about) : error;
    }
  }

  private async openOnce(record: ConnectionRecord): Promise<OpenConnection> {
    const provider = this.connections.registry.get(record.provider);
    const budget = this.price?.budgetOf(provider, record.id);
    const opened = await this.connections.open(record, this.scope, { bound: this.bounds.get(record.id), budget });
    const { context } = opened;
    // An operation that names an end user has noted it already, by the workspace's own id.
    this.record.noteEndUser(record.endUserId);
    const select = fieldSetsFor(provider, this.shape!);
    const loaders = new RecordLoaders({
      provider,
      context,
      select,
      connectionId: record.id,
      schedule: this.turns.schedule,
    });
    return { ...opened, record, provider, select, loaders };
  }
}
