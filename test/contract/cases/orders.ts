import { describe, expect, test } from "@jest/globals";
import { ORDER_FIELDS } from "../../../src/providers/contract/input.js";
import type { ResourceContext } from "../ground.js";
import { adapterOf, listAll } from "../stage/adapter.js";
import { resourceOf } from "../subject.js";

const SMALL_LIMIT = { contact: 83, lead: 29, meeting: 17 };

export function describeOrders({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const { orders } = resourceOf(subject, resource);
  const compare = (one: string | number, other: string | number) =>
    typeof one === "string" && typeof other === "string" ? subject.collate(one, other) : Number(one) - Number(other);

  describe("lists", () => {
    test.each([1, 7, 100, 250])("pages of at most %i return the same records in the same order", async (limit) => {
      const { reader } = ground();
      const whole = await listAll(adapter, reader.context, { limit: 100 });
      const page = { filter: {}, orderBy: null, limit, select: new Set<string>() };
      const ids: string[] = [];
      // A page may be short or empty, because some CRMs list what is no record of this kind.
      for (let pages = 0, cursor: string | null = null; pages < 2 || (ids.length === 0 && pages < 20); pages += 1) {
        const { records, next } = await adapter.list(reader.context, { ...page, cursor });
        ids.push(...records.map(({ nativeId }) => nativeId));
        cursor = next;
        if (cursor === null) break;
      }
      expect(ids).toEqual(whole.slice(0, ids.length).map(({ nativeId }) => nativeId));
      expect(ids.length).toBeGreaterThan(0);
    });

    const cases = Object.keys(orders).flatMap((field) =>
      (["ASC", "DESC"] as const).flatMap((direction) =>
        [SMALL_LIMIT[resource], 100].map((limit) => [field, direction, limit] as const),
      ),
    );
    if (cases.length > 0)
      test.each(cases)(
        "a list ordered by %s %s in pages of %i has every record once and in order",
        async (field, direction, limit) => {
          const { reader, world, stage } = ground();
          const listed = await listAll(adapter, reader.context, { orderBy: { field, direction }, limit });
          const ids = stage.counting(resource, listed).map(({ nativeId }) => nativeId);
          expect(new Set(ids).size).toBe(ids.length);
          expect([...ids].sort()).toEqual([...world.records[resource].keys()].sort());
          const keys = ids.map((id) => orders[field]!(world.records[resource].get(id)!));
          const present = keys.filter((key) => key !== null);
          // Records without a value come first or last, all together.
          const begin = keys[0] === null ? keys.length - present.length : 0;
          expect(keys.slice(begin, begin + present.length)).toEqual(present);
          const sorted = [...present].sort((one, other) => compare(one, other) * (direction === "ASC" ? 1 : -1));
          // Compares ranks, so that records which the CRM sorts as equal may come in any order.
          const unsorted = present.filter((key, index) => compare(key, sorted[index]!) !== 0);
          expect(unsorted).toEqual([]);
        },
      );

    const unknown = ORDER_FIELDS[resource].filter((field) => !(field in orders));
    test.each([...unknown, "SHOE_SIZE"])(
      "the unsupported order %s is refused by name, before any call",
      async (field) => {
        const { stage, reader } = ground();
        const requests = await stage.recorded(async () => {
          const error = await stage.failure(
            listAll(adapter, reader.context, { orderBy: { field, direction: "ASC" }, limit: 10 }),
          );
          expect(error.code).toBe("INVALID_INPUT");
          expect(error.details.errors!["orderBy"]).toContain(field);
          expect(error.details.errors!["orderBy"]).toContain(subject.provider.name);
        });
        expect(requests).toEqual([]);
      },
    );
  });
}
