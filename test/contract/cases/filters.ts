import { describe, expect, test } from "@jest/globals";
import type { FilterName } from "../../../src/providers/contract/input.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { ResourceContext } from "../ground.js";
import { adapterOf, listAll } from "../stage/adapter.js";
import { HOSTILE_TEXTS } from "./hostile-strings.js";
import { resourceOf } from "../subject.js";

const DAY = new Date("2026-02-01T00:00:00.000Z");
const SHARED = {
  name: "Ann",
  search: "Ann",
  ownerId: "1",
  createdSince: DAY,
  createdUntil: DAY,
  updatedSince: DAY,
  updatedUntil: DAY,
};

/** Every filter of the unified model; the compiler reports a missing one. */
const ALL_FILTERS: { [Resource in ResourceName]: Record<FilterName<Resource>, unknown> } = {
  contact: { ...SHARED, email: "ann@example.com", phone: "+1 617 555 0001" },
  lead: { ...SHARED, email: "ann@example.com", phone: "+1 617 555 0001", status: "NEW" },
  meeting: { ...SHARED, startsSince: DAY, startsUntil: DAY, attendeeEmail: "ann@example.com" },
};

export function describeFilters({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const { filters } = resourceOf(subject, resource);
  const names = Object.keys(filters);

  /** The ids of the records that match all filters, according to the CRM's own client. */
  function passing(filter: Record<string, unknown>): string[] {
    const { world } = ground();
    const revealed = resourceOf(subject, resource).revealsUnlisted?.(filter) ? world.unlisted[resource] : [];
    return [...world.records[resource], ...revealed]
      .filter(([id, native]) =>
        Object.entries(filter).every(([name, value]) => filters[name]!.passes(native, value as never, world, id)),
      )
      .map(([id]) => id)
      .sort();
  }

  async function listed(filter: Record<string, unknown>): Promise<string[]> {
    const { reader, stage } = ground();
    const records = await listAll(adapter, reader.context, { filter });
    return stage
      .counting(resource, records)
      .map(({ nativeId }) => nativeId)
      .sort();
  }

  describe("filters", () => {
    if (names.length > 0)
      test.each(names)("%s returns exactly the matching records", async (name) => {
        const { world } = ground();
        const values = filters[name]!.values(world);
        const counts: number[] = [];
        for (const value of values) {
          const expected = passing({ [name]: value });
          expect({ value, ids: await listed({ [name]: value }) }).toEqual({ value, ids: expected });
          counts.push(expected.length);
        }
        const all = world.records[resource].size;
        // A filter that matches all records or none proves nothing.
        expect(counts.some((count) => count > 0 && count < all)).toBe(true);
      });

    if (names.length === 0) return;
    const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const));
    if (pairs.length > 0)
      test.each(pairs)("%s and %s are both applied, or the combination is refused", async (one, other) => {
        const { world, stage } = ground();
        const filter = { [one]: filters[one]!.values(world)[0], [other]: filters[other]!.values(world)[0] };
        try {
          expect(await listed(filter)).toEqual(passing(filter));
        } catch (error) {
          const refusal = await stage.failure(Promise.reject(error));
          expect([refusal.code, Object.keys(refusal.details.errors ?? {})[0]]).toEqual([
            "INVALID_INPUT",
            expect.stringMatching(/^filter/),
          ]);
        }
      });

    test("paging through a filtered and ordered list loses no record", async () => {
      const { reader, world, stage } = ground();
      const [field] = Object.keys(adapter.map.orders);
      const name = "createdSince" in filters ? "createdSince" : names[0]!;
      const filter = { [name]: filters[name]!.values(world)[0] };
      const orderBy = field === undefined ? null : { field, direction: "DESC" as const };
      try {
        const records = await listAll(adapter, reader.context, { filter, orderBy, limit: 13 });
        expect(
          stage
            .counting(resource, records)
            .map(({ nativeId }) => nativeId)
            .sort(),
        ).toEqual(passing(filter));
      } catch (error) {
        const refusal = await stage.failure(Promise.reject(error));
        expect(refusal.code).toBe("INVALID_INPUT");
      }
    });

    const unknown = Object.keys(ALL_FILTERS[resource]).filter((name) => !names.includes(name));
    test("unsupported filters are refused by name, all at once and before any call", async () => {
      const { stage, reader } = ground();
      const values = ALL_FILTERS[resource] as Record<string, unknown>;
      const filter = { ...Object.fromEntries(unknown.map((name) => [name, values[name]])), shoeSize: "44" };
      const requests = await stage.recorded(async () => {
        const error = await stage.failure(listAll(adapter, reader.context, { filter }));
        expect(error.code).toBe("INVALID_INPUT");
        expect(Object.keys(error.details.errors!).sort()).toEqual(
          Object.keys(filter)
            .map((name) => `filter.${name}`)
            .sort(),
        );
        for (const message of Object.values(error.details.errors!)) expect(message).toContain(subject.provider.name);
      });
      expect(requests).toEqual([]);
    });

    test("filters without a value are ignored", async () => {
      const { world } = ground();
      const filter = Object.fromEntries<unknown>(
        [...names, "shoeSize"].map((name) => [name, name === "shoeSize" ? null : undefined]),
      );
      expect(await listed(filter)).toHaveLength(world.records[resource].size);
    });

    const textFilters = names.filter(
      (name) => typeof (ALL_FILTERS[resource] as Record<string, unknown>)[name] === "string" && name !== "status",
    );
    if (textFilters.length === 0) return;
    test.each(textFilters.flatMap((name) => HOSTILE_TEXTS.map(([kind, text]) => [name, kind, text] as const)))(
      "%s treats %s as plain text",
      async (name, _kind, text) => {
        const { stage } = ground();
        try {
          expect(await listed({ [name]: text })).toEqual(passing({ [name]: text }));
        } catch (error) {
          const refusal = await stage.failure(Promise.reject(error));
          expect(refusal.code).toBe("INVALID_INPUT");
          expect(Object.keys(refusal.details.errors!)[0]).toMatch(/^filter/);
        }
      },
    );
  });
}
