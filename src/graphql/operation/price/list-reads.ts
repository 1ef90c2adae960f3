import { MAX_PAGE_SIZE } from "../page-size.js";
import type { ListCost } from "../../../providers/contract/cost.js";
import type { PricedAdapter, PricedQuery } from "./costs.js";

/** The cost of one page of a list: all its calls of `list` together. */
export interface PageCost extends ListCost {
  /** The most calls of `list`. */
  reads: number;
}

/** Where a page begins. */
export interface PageStart {
  /** Whether the list goes on from a cursor. */
  continues: boolean;
  /** Records of the CRM's page that the caller already has: they are read again, and one read brings at most 100. */
  given: number;
}

export function pageCost(
  { cost: costs }: PricedAdapter,
  query: PricedQuery,
  { continues, given }: PageStart,
): PageCost {
  const limit = Math.min(given + query.limit, MAX_PAGE_SIZE);
  const cost = costs.list({ ...query, limit });
  const reads = (cost.reads ?? 1) + (given + query.limit > limit ? 1 : 0);
  const further = cost.continued ?? cost.calls;
  return { ...cost, calls: (continues ? further : cost.calls) + (reads - 1) * further, reads };
}
