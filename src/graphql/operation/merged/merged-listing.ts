import type { ResourceFilters } from "../../../providers/contract/input.js";
import type { ResourceName } from "../../../providers/contract/model.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import type { OperationContext } from "../context.js";
import { withoutNulls } from "../native-ids.js";
import type { PageArgs } from "../read-page.js";
import { defaultOrder, type MergeOrder } from "./rank.js";

export interface MergedArgs<Resource extends ResourceName = ResourceName> extends PageArgs {
  filter?: ResourceFilters[Resource] | null;
  orderBy?: MergeOrder | null;
  /** Slugs. Null for all. */
  providers?: readonly string[] | null;
}

/** What a merged page lists, apart from the page itself. */
export interface MergedListing<Resource extends ResourceName = ResourceName> {
  resource: Resource;
  connections: readonly ConnectionRecord[];
  filter: ResourceFilters[Resource];
  order: MergeOrder;
  /** A text that is equal for equal listings. Cursors are bound to it. */
  key: string;
}

/**
 * Finds the connections of a merged listing.
 * @param endUserId the end user (`eu_…`); null for one whom crmesh does not know
 * @throws CrmError PROVIDER_NOT_FOUND
 */
export async function mergedListing<Resource extends ResourceName>(
  context: OperationContext,
  endUserId: string | null,
  resource: Resource,
  { filter, orderBy, providers }: Pick<MergedArgs<Resource>, "filter" | "orderBy" | "providers">,
): Promise<MergedListing<Resource>> {
  const slugs = providers ? [...new Set(providers)].sort() : null;
  for (const slug of slugs ?? []) context.connections.registry.get(slug);
  const all = endUserId === null ? [] : await context.directory.connectionsOf.load(endUserId);
  const connections = all.filter(
    ({ status, provider }) => status !== "DISCONNECTED" && (slugs === null || slugs.includes(provider)),
  );
  const given = withoutNulls(filter ?? {});
  const order = orderBy ? { field: orderBy.field, direction: orderBy.direction } : defaultOrder(resource);
  const set = Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1));
  const key = JSON.stringify([endUserId, resource, set, order.field, order.direction, slugs]);
  return { resource, connections, filter: given, order, key };
}

/** The names of the filters that are set. */
export function filterNames(filter: object): string[] {
  return Object.entries(filter).flatMap(([name, value]) => (value === undefined || value === null ? [] : [name]));
}
