import { CrmError, invalidInput } from "../../errors/crm-error.js";
import type { ErrorCode } from "../../errors/catalogue.js";
import type { ListQuery, Page, ResourceAdapter, Written } from "../../providers/contract/contract.js";
import { notFound } from "../../providers/kit/adapter-kit.js";
import { unwritten } from "../../providers/kit/written-values.js";
import type { OrderBy, ResourceFilters, ResourceInputs } from "../../providers/contract/input.js";
import type { ResourceName, UnifiedRecord } from "../../providers/contract/model.js";
import { selectsFields } from "../../providers/contract/selection.js";
import { requireScope } from "../../connections/access/principal.js";
import type { ConnectionRecord } from "../../store/connections.js";
import { encodeGlobalId } from "./global-id.js";
import type { Loaded } from "./loaded.js";
import { withNativeIds, withoutNulls } from "./native-ids.js";
import { pageSize } from "./page-size.js";
import { pageKey, readPage, type PageArgs, type PageOf } from "./read-page.js";
import type { OperationContext } from "./context.js";
import { assertDateRanges } from "./date-ranges.js";
import type { OpenConnection } from "./open-connection.js";
import { pricedAdapter } from "./price/costs.js";
import { connectionOf } from "./target.js";
import { pageCost } from "./price/list-reads.js";

export interface ListArgs<Resource extends ResourceName> extends PageArgs {
  filter?: ResourceFilters[Resource] | null;
  orderBy?: OrderBy<Resource> | null;
}

/** Reads and writes one resource at all providers. */
export class ResourceService<Resource extends ResourceName> {
  readonly #resource: Resource;
  /** The code of the error for a record that does not exist. */
  readonly #missing: ErrorCode;

  constructor(resource: Resource) {
    this.#resource = resource;
    this.#missing = notFound(resource).code;
  }

  async get(context: OperationContext, connection: ConnectionRecord, nativeId: string): Promise<Loaded<Resource>> {
    this.#require(context, "read");
    return this.load(await context.open(connection), nativeId);
  }

  /**
   * Reads records of one connection that global ids name, and makes GraphQL objects. It creates few promises, because one
   * operation may name a thousand records.
   * @returns for each record its GraphQL object or the error of its read, which is the resource's NOT_FOUND for all of them
   *   if the connection belongs to another end user
   */
  async getNamed<Type>(
    context: OperationContext,
    connectionId: string,
    nativeIds: readonly string[],
    from: (loaded: Loaded<Resource>) => Type,
  ): Promise<(Type | Error)[]> {
    const link = await this.#openToRead(context, connectionId).catch((error: Error) => error);
    if (link instanceof Error) return nativeIds.map(() => link);
    const records = await link.loaders.records(this.#resource).loadMany(nativeIds);
    return records.map((record) => (record instanceof Error ? record : from({ record, link })));
  }

  #openToRead(context: OperationContext, connectionId: string): Promise<OpenConnection> {
    return context.shared(`${this.#resource}s of ${connectionId}`, async () => {
      this.#require(context, "read");
      const record = await connectionOf(context, connectionId, { missing: () => notFound(this.#resource) });
      const link = await context.open(record);
      this.#adapter(link);
      return link;
    });
  }

  /** Reads a record with the loader of an open connection. The caller has already checked the API key scope. */
  async load(link: OpenConnection, nativeId: string): Promise<Loaded<Resource>> {
    this.#adapter(link);
    return { record: await link.loaders.records(this.#resource).load(nativeId), link };
  }

  /**
   * Reads a record that another record links to, and makes a GraphQL object. Returns null if the CRM no longer has the
   * record. It creates few promises, because it runs for every linked record.
   */
  loadLinked<Type>(
    link: OpenConnection,
    nativeId: string,
    from: (loaded: Loaded<Resource>) => Type,
  ): Promise<Type | null> {
    if (!link.provider.resources[this.#resource]) return this.load(link, nativeId).then(from);
    const loading = link.loaders.records(this.#resource).load(nativeId);
    return loading.then((record) => from({ record, link }), this.#nullIfGone);
  }

  readonly #nullIfGone = (error: unknown): null => {
    if (error instanceof CrmError && error.code === this.#missing) return null;
    throw error;
  };

  async list<Type>(
    context: OperationContext,
    connection: ConnectionRecord,
    args: ListArgs<Resource>,
    from: (loaded: Loaded<Resource>) => Type,
  ): Promise<PageOf<Type>> {
    this.#require(context, "read");
    const filter = withNativeIds(assertDateRanges(withoutNulls(args.filter ?? {})), connection.id, "filter");
    const orderBy = args.orderBy ?? null;
    const link = await context.open(connection);
    const adapter = this.#adapter(link);
    const select = link.select[this.#resource];
    const listing = JSON.stringify([connection.id, this.#resource, filter, orderBy]);
    const page = await link.loaders.page(pageKey(listing, args), async () => {
      const maxReads = (given: number) =>
        pageCost(
          pricedAdapter(adapter),
          { filter, orderBy, limit: pageSize(args.first), select },
          { continues: Boolean(args.after), given },
        ).reads;
      const read = await this.#located(link, () =>
        readPage(
          context.cursors,
          listing,
          args,
          (cursor, limit) => adapter.list(link.context, { filter, orderBy, limit, cursor, select }),
          maxReads,
        ),
      );
      const loader = link.loaders.records(this.#resource);
      for (const { node } of read.edges) loader.prime(node.nativeId, node);
      return read;
    });
    return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: from({ record: node, link }) })) };
  }

  /** One call of a list, for a page that is merged of several lists. The records also answer loads by their ids. */
  async part(
    context: OperationContext,
    connection: ConnectionRecord,
    query: Omit<ListQuery<Resource>, "select">,
  ): Promise<{ page: Page<Resource>; link: OpenConnection }> {
    this.#require(context, "read");
    const link = await context.open(connection);
    const adapter = this.#adapter(link);
    const select = link.select[this.#resource];
    const page = await this.#located(link, () => adapter.list(link.context, { ...query, select }));
    const loader = link.loaders.records(this.#resource);
    for (const record of page.records) loader.prime(record.nativeId, record);
    return { page, link };
  }

  async create(
    context: OperationContext,
    connection: ConnectionRecord,
    input: ResourceInputs[Resource],
  ): Promise<Loaded<Resource>> {
    this.#require(context, "write");
    const native = withNativeIds(input, connection.id, "input");
    const link = await context.openForWrite(connection);
    this.#requireReadBack(context, link);
    const create = this.#operation(link, "create");
    const select = link.select[this.#resource];
    const written = await this.#located(link, () => link.write(() => create(link.context, native, select)));
    context.created = true;
    return this.#afterWrite(link, written, "create", native);
  }

  async update(
    context: OperationContext,
    connection: ConnectionRecord,
    nativeId: string,
    input: ResourceInputs[Resource],
  ): Promise<Loaded<Resource>> {
    this.#require(context, "write");
    if (Object.values(input).every((value) => value === undefined)) {
      throw invalidInput({ input: "The input is empty. Give at least one field to change." });
    }
    const native = withNativeIds(input, connection.id, "input");
    const link = await context.openForWrite(connection);
    this.#requireReadBack(context, link);
    const update = this.#operation(link, "update");
    const select = link.select[this.#resource];
    const written = await this.#located(link, () => link.write(() => update(link.context, nativeId, native, select)));
    link.loaders.records(this.#resource).clear(nativeId);
    return this.#afterWrite(link, { ...written, nativeId }, "update", native);
  }

  async delete(
    context: OperationContext,
    connection: ConnectionRecord,
    nativeId: string,
  ): Promise<{ id: string; nativeId: string }> {
    this.#require(context, "write");
    const link = await context.openForWrite(connection);
    const remove = this.#operation(link, "delete");
    await this.#located(link, () => link.write(() => remove(link.context, nativeId)));
    link.loaders.records(this.#resource).clear(nativeId);
    return { id: this.#globalId(link, nativeId), nativeId };
  }

  /**
   * Makes the record of the CRM's answer to the write, or reads it if the answer does not hold all selected fields. Fields
   * that cannot be read have errors like the one below.
   * @throws CrmError with the outcome COMPLETED and the record's id if the read fails, and with the outcome PARTIAL if a
   *   selected field has another value than the one that was written
   */
  async #afterWrite(
    link: OpenConnection,
    written: Written<Resource>,
    mode: "create" | "update",
    input: ResourceInputs[Resource],
  ): Promise<Loaded<Resource>> {
    const { nativeId } = written;
    if (!selectsFields(link.select[this.#resource])) {
      const bare = { nativeId, fields: {}, links: {}, raw: {} } as UnifiedRecord<Resource>;
      return { record: bare, link };
    }
    const recordId = this.#globalId(link, nativeId);
    const { record } = await this.#recordOf(link, written);
    const problem = unwritten(this.#adapter(link).map, mode, input, record);
    if (problem) throw problem.with({ provider: link.provider.slug, connectionId: link.record.id, recordId });
    return { record, link };
  }

  async #recordOf(link: OpenConnection, { nativeId, record: made }: Written<Resource>): Promise<Loaded<Resource>> {
    const completed = ({ code, details }: CrmError) =>
      new CrmError(code, { ...details, outcome: "COMPLETED", recordId: this.#globalId(link, nativeId) });
    try {
      // What the answer holds need not be read again in this operation.
      if (made) link.loaders.records(this.#resource).prime(nativeId, await made());
      const { record } = await this.load(link, nativeId);
      if (!record.failures) return { record, link };
      const failures = Object.entries(record.failures).map(([path, failure]) => [path, completed(failure)] as const);
      return { record: { ...record, failures: Object.fromEntries(failures) }, link };
    } catch (error) {
      throw error instanceof CrmError ? completed(error) : error;
    }
  }

  /** Adds the provider and the connection to every error, and turns native ids of other records into global ids. */
  async #located<Result>(link: OpenConnection, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      const { existingId } = error.details;
      const located = error.with({ provider: link.provider.slug, connectionId: link.record.id });
      if (existingId === undefined) throw located;
      throw new CrmError(error.code, { ...located.details, existingId: this.#globalId(link, existingId) });
    }
  }

  #globalId(link: OpenConnection, nativeId: string): string {
    return encodeGlobalId({ kind: this.#resource, connectionId: link.record.id, nativeId });
  }

  #require(context: OperationContext, right: "read" | "write"): void {
    requireScope(context.principal, `${this.#resource}s:${right}` as const);
  }

  /** Checks, before the write, the scope for reading the result. Without this scope a mutation may select only the ids. */
  #requireReadBack(context: OperationContext, link: OpenConnection): void {
    if (selectsFields(link.select[this.#resource])) this.#require(context, "read");
  }

  /** @throws CrmError UNSUPPORTED_RESOURCE, which lists the resources of the provider, if it does not have this one */
  #adapter({ provider, record }: OpenConnection): ResourceAdapter<Resource> {
    const adapter = provider.resources[this.#resource];
    if (adapter) return adapter;
    throw new CrmError("UNSUPPORTED_RESOURCE", {
      provider: provider.slug,
      connectionId: record.id,
      detail: `${provider.name} does not support ${this.#resource}s. It supports ${Object.keys(provider.resources).join("s, ")}s.`,
    });
  }

  #operation<Name extends "create" | "update" | "delete">(
    link: OpenConnection,
    name: Name,
  ): NonNullable<ResourceAdapter<Resource>[Name]> {
    const adapter = this.#adapter(link);
    const operation = adapter[name];
    if (operation) return operation.bind(adapter) as NonNullable<ResourceAdapter<Resource>[Name]>;
    const there = (["create", "update", "delete"] as const).filter((candidate) => adapter[candidate]);
    throw new CrmError("UNSUPPORTED_RESOURCE", {
      provider: link.provider.slug,
      connectionId: link.record.id,
      detail: `${link.provider.name} cannot ${name} ${this.#resource}s. Supported operations: ${["list", "get", ...there].join(", ")}.`,
    });
  }
}

export const contactService = new ResourceService("contact");
export const leadService = new ResourceService("lead");
export const meetingService = new ResourceService("meeting");

/** The services by the name of their resource. */
export const RESOURCE_SERVICES: { readonly [Resource in ResourceName]: ResourceService<Resource> } = {
  contact: contactService,
  lead: leadService,
  meeting: meetingService,
};
