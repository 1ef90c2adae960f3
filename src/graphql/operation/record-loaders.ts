import DataLoader from "dataloader";
import { CrmError } from "../../errors/crm-error.js";
import { notFound } from "../../providers/kit/adapter-kit.js";
import type { EdgeIds, EdgeLoader, Provider, ProviderContext } from "../../providers/contract/contract.js";
import type { EdgeName, Owner, ResourceName, UnifiedRecord } from "../../providers/contract/model.js";
import type { FieldSets } from "./field-sets.js";

export interface RecordLoaderOptions {
  provider: Provider;
  context: ProviderContext;
  select: FieldSets;
  connectionId: string;
  /** Decides when a batch is sent. */
  schedule: (dispatch: () => void) => void;
}

/** The DataLoaders of one connection and operation. Each is created at its first use. */
export class RecordLoaders {
  readonly #provider: Provider;
  readonly #context: ProviderContext;
  readonly #select: FieldSets;
  readonly #connectionId: string;
  readonly #schedule: RecordLoaderOptions["schedule"];
  readonly #records: { [Resource in ResourceName]?: DataLoader<string, UnifiedRecord<Resource>> } = {};
  readonly #edges = new Map<string, DataLoader<string, EdgeIds>>();
  readonly #pages = new Map<string, Promise<unknown>>();
  #owners: DataLoader<string, Owner | null> | undefined;

  constructor(options: RecordLoaderOptions) {
    this.#provider = options.provider;
    this.#context = options.context;
    this.#select = options.select;
    this.#connectionId = options.connectionId;
    this.#schedule = options.schedule;
  }

  /** Returns the loader of a resource. It rejects with the resource's NOT_FOUND only for ids that the CRM does not have. */
  records<Resource extends ResourceName>(resource: Resource): DataLoader<string, UnifiedRecord<Resource>> {
    return (this.#records[resource] ??= this.#recordLoader(resource));
  }

  /** Returns the loader of the ids at the other end of an edge. It finds no ids if the CRM does not have the edge. */
  edges(resource: ResourceName, edge: EdgeName): DataLoader<string, EdgeIds> {
    const key = `${resource} ${edge}`;
    let loader = this.#edges.get(key);
    if (!loader) this.#edges.set(key, (loader = this.#edgeLoader(resource, edge)));
    return loader;
  }

  /** Reads a page of a list. All fields of the operation that request the same page share the result. */
  page<Page>(key: string, read: () => Promise<Page>): Promise<Page> {
    let page = this.#pages.get(key) as Promise<Page> | undefined;
    if (!page) this.#pages.set(key, (page = read()));
    return page;
  }

  /** Returns the loader of the CRM's users. It finds null for users that the CRM no longer has. */
  owners(): DataLoader<string, Owner | null> {
    const { load, batchSize } = this.#provider.owners;
    return (this.#owners ??= new DataLoader(
      async (ids) => {
        const found = await load(this.#context, ids);
        return ids.map((id) => found.get(id) ?? null);
      },
      { maxBatchSize: batchSize, batchScheduleFn: this.#schedule },
    ));
  }

  #recordLoader<Resource extends ResourceName>(resource: Resource): DataLoader<string, UnifiedRecord<Resource>> {
    const adapter = this.#provider.resources[resource];
    if (!adapter) throw new CrmError("UNSUPPORTED_RESOURCE");
    const select = this.#select[resource];
    return new DataLoader<string, UnifiedRecord<Resource>>(
      async (ids) => {
        const found = await adapter.get(this.#context, ids, select);
        return ids.map((id) => found.get(id) ?? this.#missing(resource));
      },
      { maxBatchSize: adapter.batchSize(select), batchScheduleFn: this.#schedule },
    );
  }

  #missing(resource: ResourceName): CrmError {
    return notFound(resource).with({ provider: this.#provider.slug, connectionId: this.#connectionId });
  }

  #edgeLoader(resource: ResourceName, edge: EdgeName): DataLoader<string, EdgeIds> {
    const edges: Partial<Record<EdgeName, EdgeLoader>> | undefined = this.#provider.resources[resource]?.edges;
    const reader = edges?.[edge];
    const none: EdgeIds = { ids: [], complete: true };
    if (!reader) return new DataLoader((ids) => Promise.resolve(ids.map(() => none)));
    return new DataLoader(
      async (ids) => {
        const found = await reader.load(this.#context, ids);
        return ids.map((id) => found.get(id) ?? none);
      },
      { maxBatchSize: reader.batchSize, batchScheduleFn: this.#schedule },
    );
  }
}
