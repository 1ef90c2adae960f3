import { CrmError } from "../../../errors/crm-error.js";
import type { Provider } from "../../../providers/contract/contract.js";
import { RESOURCES, type ResourceName } from "../../../providers/contract/model.js";
import { selectsFields } from "../../../providers/contract/selection.js";
import type { FieldSets } from "../field-sets.js";
import { withNativeIds, withoutNulls } from "../native-ids.js";
import type { PlannedField } from "../plan.js";
import { ConnectionPricer } from "./connection-pricer.js";
import { adapterOf } from "./costs.js";
import { pageCost, type PageStart } from "./list-reads.js";
import { addCost, newTally, type Tally } from "./tally.js";

/** A connection that the price counts for. */
export interface PricedConnection {
  provider: Provider;
  /** Null for a connection that the operation creates. */
  id: string | null;
  /** The end user (`eu_…`). Null for a connection that the operation creates. */
  endUserId: string | null;
}

/** A field that works on one resource of one connection. */
export interface PricedWork {
  connection: PricedConnection;
  select: FieldSets;
  resource: ResourceName;
  field: PlannedField;
  args: Readonly<Record<string, unknown>>;
}

export type WriteKind = "create" | "update" | "delete";

const listTallies = new WeakMap<PlannedField, Map<string, Tally>>();

/**
 * Prices a page of a list and everything below it. The price of a page without filter, order and cursor is kept with the
 * plan of its operation.
 */
export function listTally(work: PricedWork, start: PageStart): Tally {
  const { connection, field, args } = work;
  if (args["filter"] || args["orderBy"] || start.continues) return pricedList(work, start);
  let kept = listTallies.get(field);
  if (!kept) listTallies.set(field, (kept = new Map<string, Tally>()));
  let tally = kept.get(connection.provider.slug);
  if (!tally) kept.set(connection.provider.slug, (tally = pricedList(work, start)));
  return tally;
}

function pricedList({ connection, select, resource, field, args }: PricedWork, start: PageStart): Tally {
  const adapter = adapterOf(connection.provider, resource);
  const filter = nativeOrNull(() => withoutNulls(args["filter"] ?? {}), connection, "filter");
  if (!adapter || !filter) return newTally();
  const orderBy = args["orderBy"] ?? null;
  const cost = pageCost(adapter, { filter, orderBy, limit: field.length, select: select[resource] }, start);
  const pricer = new ConnectionPricer(connection.provider, select);
  addCost(pricer.tally, cost, field.path);
  pricer.arrive([{ resource, count: field.length, fields: field.below, path: field.path }], 1);
  return pricer.tally;
}

/** Prices the look-up of the columns that an account has. */
export function capabilitiesTally(provider: Provider, path: string): Tally {
  const tally = newTally();
  for (const resource of RESOURCES) {
    const columns = adapterOf(provider, resource)?.cost.columns;
    if (columns) addCost(tally, columns, path);
  }
  return tally;
}

/** Prices the definitions of a resource's custom fields. */
export function definitionsTally(provider: Provider, resource: ResourceName, path: string): Tally {
  const tally = newTally();
  const cost = adapterOf(provider, resource)?.cost.customFields;
  if (cost) addCost(tally, cost, path);
  return tally;
}

/** Prices a create, update or delete of a record, and what is read of it afterwards. */
export function writeTally(kind: WriteKind, { connection, select, resource, field, args }: PricedWork): Tally {
  const adapter = adapterOf(connection.provider, resource);
  if (!adapter?.[kind]) return newTally();
  const pricer = new ConnectionPricer(connection.provider, select);
  const { tally } = pricer;
  if (kind === "delete") {
    addCost(tally, adapter.cost.delete!(), field.path);
    return tally;
  }
  const input = nativeOrNull(() => args["input"] ?? {}, connection, "input");
  if (!input) return newTally();
  addCost(tally, adapter.cost[kind]!(input), field.path);
  if (!selectsFields(select[resource])) return tally;
  const place = { resource, count: 1, fields: field.below, path: field.path };
  // What the CRM's answer to the write holds is not read again.
  const answered = adapter.cost.answered({ mode: kind, input }, select[resource]);
  if (!answered) pricer.load([place], 1);
  else {
    addCost(tally, answered, field.path);
    pricer.arrive([place], 1);
  }
  return tally;
}

/** Null if the ids in the values are refused, which makes no call. */
export function nativeOrNull(values: () => object, { id }: PricedConnection, path: string): object | null {
  try {
    return withNativeIds(values(), id ?? "", path);
  } catch (error) {
    if (error instanceof CrmError) return null;
    throw error;
  }
}
