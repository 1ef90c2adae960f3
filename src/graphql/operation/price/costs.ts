import type { EdgeLoader, Provider, ResourceAdapter } from "../../../providers/contract/contract.js";
import type { Cost, ListCost } from "../../../providers/contract/cost.js";
import type { AnyFieldMap } from "../../../providers/contract/field-map.js";
import type { ResourceName } from "../../../providers/contract/model.js";
import type { Selection } from "../../../providers/contract/selection.js";

/** A page of a list, as its cost depends on it. */
export interface PricedQuery {
  filter: object;
  orderBy: object | null;
  limit: number;
  select: Selection;
}

/** The costs of any resource, for code that treats all resources alike. */
export interface AnyResourceCost {
  readonly brings?: ReadonlySet<string>;
  list(query: PricedQuery): ListCost;
  get(ids: number, select: Selection): Cost;
  byEmails?(addresses: number, select: Selection): Cost;
  readonly edges: Readonly<Record<string, ((records: number) => Cost) | undefined>>;
  readonly columns?: Cost;
  readonly customFields?: Cost;
  create?(input: object): Cost;
  update?(input: object): Cost;
  delete?(): Cost;
  answered(write: { mode: "create" | "update"; input: object }, select: Selection): Cost | null;
}

/** What the price needs to know of an adapter. */
export interface PricedAdapter {
  readonly map: AnyFieldMap;
  batchSize(select: Selection): number;
  readonly byEmails?: { readonly batchSize: number } | undefined;
  readonly edges: Readonly<Record<string, EdgeLoader | undefined>>;
  readonly cost: AnyResourceCost;
  readonly create?: unknown;
  readonly update?: unknown;
  readonly delete?: unknown;
}

export function pricedAdapter<Resource extends ResourceName>(adapter: ResourceAdapter<Resource>): PricedAdapter {
  return adapter;
}

export function adapterOf({ resources }: Provider, resource: ResourceName): PricedAdapter | undefined {
  return resources[resource];
}
