import { fieldSetsFor, type FieldSets } from "../field-sets.js";
import { filterNames, type MergedListing } from "../merged/merged-listing.js";
import { limitOfRead } from "../merged/merge-stream.js";
import { startsInMerged } from "../merged/merged-cursor.js";
import { firstShare, MAX_ROUNDS } from "../merged/planned-reads.js";
import { supportOf, withoutJudged, type Support } from "../merged/support.js";
import { windowReads } from "../merged/window.js";
import { MAX_PAGE_SIZE } from "../page-size.js";
import type { OperationContext } from "../context.js";
import type { OperationShape } from "../analysis.js";
import type { PlannedField } from "../plan.js";
import { ConnectionPricer } from "./connection-pricer.js";
import { adapterOf, type PricedAdapter } from "./costs.js";
import { nativeOrNull, type PricedConnection } from "./priced-work.js";
import { addCost, addTally, newTally, type Tally } from "./tally.js";

/** A page over all connections of an end user. */
export interface MergedWork {
  listing: MergedListing;
  field: PlannedField;
  shape: OperationShape;
  after: string | null;
}

export interface MergedPart {
  connection: PricedConnection;
  tally: Tally;
}

/** Prices the part of each connection. Every one of them may have all the records of the page. */
export function mergedParts(
  context: Pick<OperationContext, "connections" | "cursors" | "maxWindow">,
  { listing, field, shape, after }: MergedWork,
): MergedPart[] {
  const starts = startsInMerged(context.cursors, after);
  const { resource, filter, order } = listing;
  const all = listing.connections.map(({ id, provider: slug, endUserId }) => {
    const provider = context.connections.registry.get(slug);
    const support = supportOf(provider, resource, order.field, filterNames(filter));
    return { connection: { id, provider, endUserId }, support, start: starts(id) };
  });
  const open = all.filter(({ support, start }) => support.way !== "UNSUPPORTED" && !start.isOver);
  const share = firstShare(field.length, open.length);
  return all.map(({ connection, support, start }) => {
    const adapter = adapterOf(connection.provider, resource);
    const tally = newTally();
    if (!adapter || support.way === "UNSUPPORTED" || start.isOver) return { connection, tally };
    const select = fieldSetsFor(connection.provider, shape);
    const limit = limitOfRead(start.given, share);
    addTally(tally, readsOf({ connection, listing, field, adapter, select }, support, limit, context.maxWindow));
    const pricer = new ConnectionPricer(connection.provider, select);
    pricer.arrive([{ resource, count: field.length, fields: field.below, path: field.path }], 1);
    addTally(tally, pricer.tally);
    return { connection, tally };
  });
}

interface PartOfMerge {
  connection: PricedConnection;
  listing: MergedListing;
  field: PlannedField;
  adapter: PricedAdapter;
  select: FieldSets;
}

/** Prices the reads of one listing. @param limit the most records of the first read */
function readsOf(
  { connection, listing, field, adapter, select }: PartOfMerge,
  support: Exclude<Support, { way: "UNSUPPORTED" }>,
  limit: number,
  maxWindow: number,
): Tally {
  const { resource, order } = listing;
  const tally = newTally();
  const isWindow = support.way === "WINDOW";
  const asked = isWindow ? withoutJudged(listing.filter, support.judged) : listing.filter;
  const filter = nativeOrNull(() => asked, connection, "filter");
  if (!filter) return tally;
  const query = { filter, orderBy: isWindow ? null : order, select: select[resource] };
  const addReads = (reads: number, most: number): void => {
    if (reads === 0) return;
    const cost = adapter.cost.list({ ...query, limit: most });
    const calls = Math.max(cost.calls, cost.continued ?? 0) * reads;
    addCost(tally, { ...cost, calls }, field.path);
  };
  if (isWindow) addReads(windowReads(maxWindow), MAX_PAGE_SIZE);
  else {
    addReads(1, limit);
    addReads(MAX_ROUNDS - 1, field.length);
  }
  return tally;
}
