import { describe, expect, test } from "@jest/globals";
import type { ResourceContext } from "../ground.js";
import { adapterOf, listAll, type AnyPage } from "../stage/adapter.js";
import { resourceOf } from "../subject.js";

const SMALL_PAGE = 2;
/** After each of these pages, these of the records given so far are deleted: an early one, the last one, and the last ones. */
const DELETIONS: readonly ((given: readonly string[]) => readonly string[])[] = [
  (given) => given.slice(0, 1),
  (given) => given.slice(-1),
  (given) => given.slice(-3),
];
const LATE = new Date("2100-01-01T00:00:00Z");

/** A caller reads page by page, while records that the caller already has are deleted: no other record may get lost. */
export function describeResumption({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const own = resourceOf(subject, resource);
  const { orders, pagedByTheCrm, isKept = () => false } = own;
  const ordered = Object.keys(orders).flatMap((field) =>
    (["ASC", "DESC"] as const).map((direction) => ({
      name: `by ${field} ${direction}`,
      orderBy: { field, direction },
    })),
  );
  const listings = [
    { name: "without an order", orderBy: null, filter: {} },
    ...ordered.map((order) => ({ ...order, filter: {} })),
    ...("createdUntil" in adapter.map.filters
      ? [{ name: "with a filter", orderBy: null, filter: { createdUntil: LATE } }]
      : []),
  ];

  const create = adapter.create;
  if (create && orders["STARTS_AT"]) {
    test.each([
      ["ASC", "1990-01-01"],
      ["DESC", "2090-01-01"],
    ])("a meeting that is created before the position, by STARTS_AT %s, repeats no other", async (direction, day) => {
      const { writer, fresh } = ground();
      const times = { startAt: new Date(`${day}T09:00:00.000Z`), endAt: new Date(`${day}T10:00:00.000Z`) };
      const make = () => create(writer.context, { ...own.minimal(fresh), ...times });
      // Two pages at least, all of meetings that begin at the same time.
      for (let count = 0; count < 2 * SMALL_PAGE; count += 1) await create(writer.context, own.minimal(fresh));
      const given: string[] = [];
      let cursor: string | null = null;
      for (let page = 0; page === 0 || cursor !== null; page += 1) {
        if (page > 500) throw new Error("The listing has no end.");
        const orderBy = { field: "STARTS_AT", direction: direction as "ASC" | "DESC" };
        const limit = page < 4 ? SMALL_PAGE : 100;
        const listed: AnyPage = await adapter.list(writer.context, {
          ...{ filter: {}, orderBy, limit, cursor },
          select: new Set(),
        });
        given.push(...listed.records.map(({ nativeId }) => nativeId));
        cursor = listed.next;
        if (page < 4) await make();
      }
      expect(given.filter((id, index) => given.indexOf(id) !== index)).toEqual([]);
    });
  }

  describe("a listing of which seen records are deleted between its pages", () => {
    if (pagedByTheCrm !== undefined) {
      test("is paged by the CRM’s own cursor, and the provider’s page says what that means", () => {
        expect(subject.provider.notes.quirks.filter((quirk) => quirk.includes(pagedByTheCrm))).toHaveLength(1);
      });
      return;
    }

    test.each(listings)("$name holds every other record once", async ({ orderBy, filter }) => {
      const { stage } = ground();
      const account = `resumed-${resource}`;
      await stage.verify(account);
      const { context } = stage.connect({ account });
      const client = await stage.native(account);
      const whole = (await listAll(adapter, context, { orderBy, filter })).map(({ nativeId }) => nativeId);

      const given: string[] = [];
      let cursor: string | null = null;
      const read = async (limit: number) => {
        const query = { filter, orderBy, limit, cursor, select: new Set<string>() };
        const page: AnyPage = await adapter.list(context, query);
        given.push(...page.records.map(({ nativeId }) => nativeId));
        cursor = page.next;
      };
      for (const victims of DELETIONS) {
        // Two pages, so that the deleted ones are not always those of the CRM's first page.
        await read(SMALL_PAGE);
        await read(SMALL_PAGE);
        expect(given.length).toBeGreaterThan(0);
        expect(cursor).not.toBeNull();
        const there = await client.all(resource);
        const owners = [...(await client.owners()).values()];
        const removable = given.filter((id) => there.has(id) && !isKept(there.get(id)!, owners));
        for (const id of victims(removable)) await client.remove(resource, id);
      }
      for (let page = 0; cursor !== null; page += 1) {
        if (page > 100) throw new Error("The listing has no end.");
        await read(100);
      }
      expect(given).toEqual(whole);
    });
  });
}
