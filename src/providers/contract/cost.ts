import type { ListQuery } from "./contract.js";
import type { ResourceInputs } from "./input.js";
import type { EdgeName, ResourceName } from "./model.js";
import type { Selection } from "./selection.js";

/**
 * An upper bound of the upstream calls of one step, known before its first call. It counts first attempts, not retries and
 * not renewals of credentials.
 */
export interface Cost {
  calls: number;
  /**
   * Names of the definitions (`ProviderContext.memo`) that the step may load. An operation loads each at most once per
   * connection, so they are counted there once; `Provider.cost.definitions` has their numbers of calls.
   */
  definitions?: readonly string[];
  /** What the bound takes for granted, e.g. "at most 5 attendees a meeting". Absent if the bound always holds. */
  assumption?: string;
}

/** What the operations of one resource cost at one CRM. */
export interface ResourceCost<Resource extends ResourceName = ResourceName> {
  /** One call of `list`, which brings at most `limit` records. */
  list(query: Omit<ListQuery<Resource>, "cursor">): Cost;
  /** One call of `get` for this number of ids, which is at most `batchSize(select)`. */
  get(ids: number, select: Selection): Cost;
  /** One call of an edge's `load` for this number of records, which is at most its `batchSize`. */
  readonly edges: { readonly [Edge in EdgeName<Resource>]?: (records: number) => Cost };
  create?(input: ResourceInputs[Resource]): Cost;
  update?(input: ResourceInputs[Resource]): Cost;
  delete?(): Cost;
}

/** What the parts of a provider cost that belong to no resource. */
export interface ProviderCost {
  /** Calls that load a definition, by the name of the memo. */
  readonly definitions: Readonly<Record<string, number>>;
  /** One call of `owners.load` for this number of ids, which is at most its `batchSize`. */
  owners(ids: number): Cost;
}
