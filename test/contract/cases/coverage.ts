import { describe, expect, test } from "@jest/globals";
import { writableInputs } from "../../../src/providers/mapping/write-record.js";
import type { ResourceContext } from "../ground.js";
import { adapterOf, edgeNames, linkedFields, ownFields } from "../stage/adapter.js";
import { resourceOf, WRITES, type Fresh } from "../subject.js";

/** For the names of inputs alone; nothing is written with it. */
export const NO_RECORDS: Fresh = {
  unique: () => "u",
  contacts: ["1", "2", "3"],
  leads: ["1", "2", "3"],
  companies: ["1"],
  owners: ["1", "2"],
};

/** The suite exercises what the adapter declares, all of it, and claims nothing that the adapter does not have. */
export function describeCoverage({ subject, resource }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const declared = resourceOf(subject, resource);

  describe("coverage", () => {
    test("every field is exercised", () => {
      const linked = linkedFields(adapter.map).map(({ name }) => name);
      expect([...Object.keys(declared.fields), ...linked].sort()).toEqual(
        [...ownFields(adapter.map), ...linked].sort(),
      );
    });

    test("every input is exercised", () => {
      const cases = [declared.full(NO_RECORDS), ...declared.variants(NO_RECORDS)];
      const exercised = new Set(cases.flatMap(({ input }) => Object.keys(input)));
      if (declared.custom.length > 0) exercised.add("customFields");
      expect([...exercised].sort()).toEqual(adapter.create || adapter.update ? writableInputs(adapter.map).sort() : []);
    });

    test("every operation is exercised, and none is there that is not", () => {
      const there = WRITES.filter((write) => adapter[write.toLowerCase() as "create" | "update" | "delete"]);
      expect(there).toEqual(WRITES.filter((write) => (declared.operations ?? WRITES).includes(write)));
      // Without a create the records that the other writes are tried on come from elsewhere.
      expect(declared.arrange !== undefined).toBe(adapter.create === undefined);
    });

    test("inputs that only a create takes are declared as such", () => {
      // One that an update has no use for, because there is none, is no exception.
      const declaredOnly = adapter.update ? declared.createOnly : [];
      expect([...(adapter.map.createOnly ?? [])].sort()).toEqual([...declaredOnly].sort());
    });

    test("every filter is exercised", () => {
      expect(Object.keys(declared.filters).sort()).toEqual(Object.keys(adapter.map.filters).sort());
    });

    test("every order is exercised", () => {
      expect(Object.keys(declared.orders).sort()).toEqual(Object.keys(adapter.map.orders).sort());
    });

    test("every edge is exercised", () => {
      expect([...declared.edges].sort()).toEqual(edgeNames(adapter).sort());
    });

    test("custom fields are exercised where there are any", () => {
      expect(declared.custom.length > 0).toBe(adapter.map.custom !== undefined);
    });
  });
}
