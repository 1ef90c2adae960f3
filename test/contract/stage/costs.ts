import { isRefusal } from "../../../src/connections/calls/provider-context.js";
import { CrmError } from "../../../src/errors/crm-error.js";
import type { EdgeLoader, Provider, ProviderContext } from "../../../src/providers/contract/contract.js";
import type { Cost, ListCost } from "../../../src/providers/contract/cost.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { Selection } from "../../../src/providers/contract/selection.js";
import type { Input } from "../subject.js";
import type { AnyAdapter, AnyQuery, AnyWritten } from "./adapter.js";

/** The costs of the adapter of any resource. */
export interface AnyCost {
  list(query: Omit<AnyQuery, "cursor">): ListCost;
  get(ids: number, select: Selection): Cost;
  byEmails?(addresses: number, select: Selection): Cost;
  edges: Readonly<Record<string, ((records: number) => Cost) | undefined>>;
  readonly columns?: Cost;
  create?(input: Input): Cost;
  update?(input: Input): Cost;
  delete?(): Cost;
  answered(write: { mode: "create" | "update"; input: Input }, select: Selection): Cost | null;
}

/** The calls of one operation: its own, those of them that the CRM refused, and those that loaded definitions. */
interface Ledger {
  calls: number;
  refused: number;
  definitions: Map<string, number>;
}

/**
 * Runs an operation of an adapter and checks that it makes no more calls than its cost says. It counts in the context that
 * the operation gets, so operations that run at the same time do not disturb each other. Neither retries nor renewals of
 * credentials pass through there. As in a budget, refused calls do not count, up to the number of the cost; after one, the
 * columns of the account may be looked up.
 */
export async function withinCost<Result>(
  { provider, what, cost, columns }: { provider: Provider; what: string; cost: Cost; columns?: Cost | undefined },
  context: ProviderContext,
  run: (context: ProviderContext) => Promise<Result>,
): Promise<Result> {
  const ledger: Ledger = { calls: 0, refused: 0, definitions: new Map() };
  try {
    return await run(counting(context, provider, ledger, () => (ledger.calls += 1)));
  } finally {
    const excess = excessOf(provider, cost, ledger, columns);
    // Also after a refusal of the CRM, which the test may expect.
    // eslint-disable-next-line no-unsafe-finally
    if (excess !== null) throw new Error(`${provider.name}: ${what} ${excess}`);
  }
}

function excessOf(
  provider: Provider,
  cost: Cost,
  { calls: all, refused, definitions }: Ledger,
  columns: Cost | undefined,
): string | null {
  const calls = all - Math.min(refused, cost.calls);
  const known = [...(cost.definitions ?? []), ...(refused > 0 ? (columns?.definitions ?? []) : [])];
  if (calls > cost.calls) return `made ${calls} calls, and its cost is ${cost.calls}.`;
  for (const [name, made] of definitions) {
    if (!known.includes(name)) return `loaded the definition ${name}, which its cost does not name.`;
    const most = provider.cost.definitions[name]!;
    if (made > most) return `loaded the definition ${name} by ${made} calls, and its cost is ${most}.`;
  }
  return null;
}

function counting(context: ProviderContext, provider: Provider, ledger: Ledger, count: () => void): ProviderContext {
  return {
    origin: context.origin,
    async send(request) {
      count();
      try {
        return await context.send(request);
      } catch (error) {
        if (error instanceof CrmError && isRefusal(error)) ledger.refused += 1;
        throw error;
      }
    },
    setting: (name) => context.setting(name),
    forget: (key) => context.forget(key),
    memo(key, load) {
      return context.memo(key, (shared) => {
        if (!(key in provider.cost.definitions)) return load(counting(shared, provider, ledger, count));
        const { definitions } = ledger;
        definitions.set(key, 0);
        return load(counting(shared, provider, ledger, () => void definitions.set(key, definitions.get(key)! + 1)));
      });
    },
  };
}

/** The cost of a write and of its record. */
const withAnswer = (write: Cost, answered: Cost | null): Cost => ({
  calls: write.calls + (answered?.calls ?? 0),
  definitions: [...(write.definitions ?? []), ...(answered?.definitions ?? [])],
});

/** Makes the record at once, so that its calls are counted, too. */
async function made(write: Promise<AnyWritten>): Promise<AnyWritten> {
  const { nativeId, record } = await write;
  if (!record) return { nativeId };
  const shown = await record();
  return { nativeId, record: () => Promise.resolve(shown) };
}

const texts = (select: Selection) => `{ ${[...select].join(" ")} }`;

/** The adapter, each of whose operations must keep to its cost. */
export function costChecked(provider: Provider, resource: ResourceName, adapter: AnyAdapter): AnyAdapter {
  const cost = adapter.cost;
  const { columns } = cost;
  const check = (what: string, bound: Cost) => ({ provider, what: `${resource} ${what}`, cost: bound, columns });
  const getCost = (ids: number, select: Selection): Cost => {
    const size = adapter.batchSize(select);
    const [whole, rest] = [cost.get(Math.min(size, ids), select), ids % size];
    const calls = Math.floor(ids / size) * whole.calls + (rest > 0 ? cost.get(rest, select).calls : 0);
    return { ...whole, calls };
  };
  const { create, update, createSelecting, updateSelecting, byEmails } = adapter;
  const remove = adapter.delete;
  const edges = Object.entries(adapter.edges).map(([edge, loader]): [string, EdgeLoader | undefined] => [
    edge,
    loader && {
      batchSize: loader.batchSize,
      load(context, ids) {
        // An edge of the record itself is read with the record.
        const bound = cost.edges[edge]?.(ids.length) ?? getCost(ids.length, new Set([edge]));
        return withinCost(check(`edge ${edge} of ${ids.length}`, bound), context, (own) => loader.load(own, ids));
      },
    },
  ]);
  return {
    ...adapter,
    list(context, query) {
      const { continued, ...first } = cost.list(query);
      const bound = query.cursor === null ? first : { ...first, calls: Math.max(first.calls, continued ?? 0) };
      const { filter, orderBy, limit, select } = query;
      const what = `list of ${limit} by ${JSON.stringify({ filter, orderBy })} ${texts(select)}`;
      return withinCost(check(what, bound), context, (own) => adapter.list(own, query));
    },
    get(context, ids, select) {
      const what = `get of ${ids.length} ${texts(select)}`;
      return withinCost(check(what, getCost(ids.length, select)), context, (own) => adapter.get(own, ids, select));
    },
    ...(byEmails && {
      byEmails: {
        ...byEmails,
        find(context, addresses, select) {
          const what = `search by ${addresses.length} e-mail addresses ${texts(select)}`;
          const bound = cost.byEmails!(addresses.length, select);
          return withinCost(check(what, bound), context, (own) => byEmails.find(own, addresses, select));
        },
      },
    }),
    ...(create && {
      create(context, input) {
        const what = `create with ${Object.keys(input).join(", ")}`;
        return withinCost(check(what, cost.create!(input)), context, (own) => create(own, input));
      },
    }),
    ...(update && {
      update(context, id, input) {
        const what = `update with ${Object.keys(input).join(", ")}`;
        return withinCost(check(what, cost.update!(input)), context, (own) => update(own, id, input));
      },
    }),
    ...(createSelecting && {
      createSelecting(context, input, select) {
        const what = `create with ${Object.keys(input).join(", ")}, selecting ${texts(select)}`;
        const bound = withAnswer(cost.create!(input), cost.answered({ mode: "create", input }, select));
        return withinCost(check(what, bound), context, (own) => made(createSelecting(own, input, select)));
      },
    }),
    ...(updateSelecting && {
      updateSelecting(context, id, input, select) {
        const what = `update with ${Object.keys(input).join(", ")}, selecting ${texts(select)}`;
        const bound = withAnswer(cost.update!(input), cost.answered({ mode: "update", input }, select));
        return withinCost(check(what, bound), context, (own) => made(updateSelecting(own, id, input, select)));
      },
    }),
    ...(remove && {
      delete: (context, id) => withinCost(check("delete", cost.delete!()), context, (own) => remove(own, id)),
    }),
    edges: Object.fromEntries(edges),
  };
}

/** The owners of a provider, whose load must keep to its cost. */
export function costCheckedOwners(provider: Provider): Provider["owners"] {
  const { batchSize, load } = provider.owners;
  return {
    batchSize,
    load(context, ids) {
      const check = { provider, what: `owners of ${ids.length}`, cost: provider.cost.owners(ids.length) };
      return withinCost(check, context, (own) => load(own, ids));
    },
  };
}
