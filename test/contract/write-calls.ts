import type { ResourceName } from "../../src/providers/contract/model.js";

/** The calls of writes with a plain selection, and with one of everything, by the name of the case. */
type Calls = Readonly<Record<string, number>>;

type Pair = readonly [plain: number, beyond: number];

/** Null for a write that the CRM does not have. */
const calls = (create: Pair | null, update: Pair | null, remove?: number): Calls => ({
  ...(create && { "create plain": create[0], "create beyond": create[1] }),
  ...(update && { "update plain": update[0], "update beyond": update[1] }),
  ...(remove === undefined ? {} : { delete: remove }),
});

export const WRITE_CALLS: Readonly<Record<string, { readonly [Resource in ResourceName]?: Calls }>> = {
  hubspot: { contact: calls([1, 2], [1, 2], 2), lead: calls([1, 2], [1, 2], 2), meeting: calls([1, 2], [1, 2], 2) },
  salesforce: { contact: calls([2, 2], [2, 2], 1), lead: calls([2, 2], [2, 2], 1), meeting: calls([2, 2], [2, 2], 1) },
  odoo: { contact: calls([2, 2], [2, 2], 1), lead: calls([2, 2], [2, 2], 1), meeting: calls([2, 3], [2, 3], 1) },
  pipedrive: { contact: calls([1, 1], [2, 2], 2), lead: calls([1, 1], [1, 1], 1), meeting: calls([1, 2], [2, 3], 2) },
  zoho: { contact: calls([2, 2], [2, 2], 1), lead: calls([2, 2], [2, 2], 1), meeting: calls([2, 2], [2, 2], 1) },
  dynamics365: { contact: calls([1, 1], [1, 1], 1), lead: calls([1, 2], [1, 2], 1), meeting: calls([1, 2], [1, 2], 1) },
  close: { contact: calls([1, 2], [1, 2], 1), lead: calls([1, 1], [1, 1], 1), meeting: calls(null, [1, 1], 1) },
  attio: { contact: calls([1, 1], [1, 1], 1), meeting: calls([1, 1], null) },
  espocrm: { contact: calls([1, 2], [1, 2], 1), lead: calls([1, 2], [1, 2], 1), meeting: calls([1, 2], [1, 2], 1) },
  twenty: { contact: calls([1, 1], [1, 1], 1), meeting: calls([1, 2], [1, 2], 1) },
};
