import { describe, expect, test } from "@jest/globals";
import type { ResourceContext } from "../ground.js";
import { adapterOf, edgeNames, everything, getOne, ownFields } from "../stage/adapter.js";
import { READ_ACCOUNT, WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf, updatable } from "../subject.js";

/**
 * Operations that cost most: wide selections, full pages and batches, and writes with all inputs. The adapter itself fails
 * each operation that exceeds its cost (`costChecked`). Each test opens a connection of its own, which has loaded no
 * definitions.
 */
export function describeCosts({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const own = resourceOf(subject, resource);
  const wide = everything(adapter);
  const whole = new Set([...wide, "raw"]);
  const selections = [
    ["everything", wide],
    ["everything and raw", whole],
    ["raw alone", new Set(["raw"])],
    ["nothing", new Set<string>()],
    ...[...ownFields(adapter.map), ...edgeNames(adapter), "customFields"].map(
      (name) => [name, new Set([name])] as const,
    ),
  ] as const;
  const connect = () => ground().stage.connect({ account: READ_ACCOUNT }).context;
  const page = { filter: {}, orderBy: null, limit: 100, cursor: null };

  describe("costs", () => {
    test.each(selections)("full pages and batches of %s keep to their cost", async (_name, select) => {
      const { world } = ground();
      const context = connect();
      const first = await adapter.list(context, { ...page, select });
      if (first.next !== null) await adapter.list(context, { ...page, cursor: first.next, select });
      const ids = [...world.records[resource].keys()].slice(0, adapter.batchSize(select));
      expect((await adapter.get(connect(), ids, select)).size).toBe(ids.length);
    });

    test("every order and every filter keeps to its cost, with a wide selection", async () => {
      const { world } = ground();
      const queries = [
        ...Object.keys(own.orders).map((field) => ({ ...page, orderBy: { field, direction: "DESC" as const } })),
        ...Object.entries(own.filters).map(([name, filter]) => ({
          ...page,
          filter: { [name]: filter.values(world)[0] },
        })),
      ];
      const context = connect();
      for (const query of queries) {
        const first = await adapter.list(context, { ...query, select: wide });
        if (first.next !== null) await adapter.list(context, { ...query, cursor: first.next, select: wide });
      }
    });

    test("a filter and an order that the CRM lacks cost nothing", () => {
      const query = { filter: {}, orderBy: null, limit: 100, select: wide };
      expect(adapter.cost.list({ ...query, filter: { shoeSize: "44" } }).calls).toBe(0);
      expect(adapter.cost.list({ ...query, orderBy: { field: "SHOE_SIZE", direction: "ASC" } }).calls).toBe(0);
    });

    const loaders = Object.entries(adapter.edges);
    if (loaders.length > 0)
      test.each(loaders)("a full batch of the edge %s keeps to its cost", async (_edge, loader) => {
        const ids = [...ground().world.records[resource].keys()].slice(0, loader!.batchSize);
        await loader!.load(connect(), ids);
      });

    const { create, update } = adapter;
    if (!create && !update) return;
    test("writes with all inputs keep to their cost, and what they can load is a known definition", async () => {
      const { stage, fresh, make } = ground();
      const { definitions } = subject.provider.cost;
      const inputs = () => [own.full(fresh), ...own.variants(fresh)].map(({ input }) => input);
      // Texts of their own, for CRMs that refuse duplicates.
      const others = inputs();
      for (const [index, input] of inputs().entries()) {
        const { context } = stage.connect({ account: WRITE_ACCOUNT });
        const given = { ...own.minimal(fresh), ...input };
        const id = create ? await create(context, given) : await make(resource);
        const changes = updatable(own, others[index]!);
        await getOne(adapter, context, id, wide);
        // The CRM may refuse changes of the first record, such as one that was created closed.
        if (update) await update(context, await make(resource), changes);
        const costs = [adapter.cost.create?.(given), adapter.cost.update?.(changes), adapter.cost.get(1, wide)];
        const named = costs.flatMap((cost) => cost?.definitions ?? []);
        expect(named.filter((name) => !(name in definitions))).toEqual([]);
      }
    });
  });
}
