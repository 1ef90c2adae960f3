import { MAX_PAGE_SIZE } from "../page-size.js";
import type { ListCost } from "../../../providers/contract/cost.js";
import type { PricedAdapter, PricedQuery } from "./costs.js";

/** The cost of one page of a list, and the most calls of `list` that it may take. */
export interface PageCost extends ListCost {
  reads: number;
}

/** The calls of `list` for one page at a CRM without costs. */
const UNPRICED_READS = 5;

/**
 * Prices a page of a list.
 * @param given records of the CRM's page that the caller already has: they are read again, and one read brings at most 100
 */
export function pageCost({ cost: costs }: PricedAdapter, query: PricedQuery, given: number): PageCost {
  const limit = Math.min(given + query.limit, MAX_PAGE_SIZE);
  const cost: ListCost = costs ? costs.list({ ...query, limit }) : { calls: 1, reads: UNPRICED_READS };
  return { ...cost, reads: (cost.reads ?? 1) + (given + query.limit > limit ? 1 : 0) };
}
