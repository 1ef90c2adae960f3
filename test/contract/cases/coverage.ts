import { describe, expect, test } from "@jest/globals";
import { writableInputs } from "../../../src/providers/mapping/write-record.js";
import type { ResourceContext } from "../ground.js";
import { adapterOf, edgeNames, linkedFields, ownFields } from "../stage/adapter.js";
import { resourceOf, WRITES, type Fresh } from "../subject.js";

/** Stands in for records when only the names of inputs are needed; nothing is written with it. */
export const NO_RECORDS: Fresh = {
  unique: () => "u",
  contacts: ["1", "2", "3"],
  leads: ["1", "2", "3"],
  companies: ["1"],
  bareContact: "4",
  owners: ["1", "2"],
};

/** Checks that the subject covers everything that the adapter declares, and nothing else. */
export function describeCoverage({ subject, resource }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const declared = resourceOf(subject, resource);

  describe("coverage", () => {
    test("the subject covers every field of the adapter", () => {
      const linked = linkedFields(adapter.map).map(({ name }) => name);
      expect([...Object.keys(declared.fields), ...linked].sort()).toEqual(
        [...ownFields(adapter.map), ...linked].sort(),
      );
    });

    test("the subject covers every input", () => {
      const cases = [declared.full(NO_RECORDS), ...declared.variants(NO_RECORDS)];
      const exercised = new Set(cases.flatMap(({ input }) => Object.keys(input)));
      if (declared.custom.length > 0) exercised.add("customFields");
      expect([...exercised].sort()).toEqual(adapter.create || adapter.update ? writableInputs(adapter.map).sort() : []);
    });

    test("the subject lists exactly the operations of the adapter", () => {
      const there = WRITES.filter((write) => adapter[write.toLowerCase() as "create" | "update" | "delete"]);
      expect(there).toEqual(WRITES.filter((write) => (declared.operations ?? WRITES).includes(write)));
      // If the adapter has no create, the CRM's own client creates the records for the other writes.
      expect(declared.arrange !== undefined).toBe(adapter.create === undefined);
    });

    test("the adapter declares the inputs that only a create accepts", () => {
      // An adapter without an update does not declare such inputs.
      const declaredOnly = adapter.update ? declared.createOnly : [];
      expect([...(adapter.map.createOnly ?? [])].sort()).toEqual([...declaredOnly].sort());
    });

    test("the subject covers every filter", () => {
      expect(Object.keys(declared.filters).sort()).toEqual(Object.keys(adapter.map.filters).sort());
    });

    test("the subject covers every order", () => {
      expect(Object.keys(declared.orders).sort()).toEqual(Object.keys(adapter.map.orders).sort());
    });

    test("the subject covers every edge", () => {
      expect([...declared.edges].sort()).toEqual(edgeNames(adapter).sort());
    });

    test("the subject covers custom fields if the CRM has any", () => {
      expect(declared.custom.length > 0).toBe(adapter.map.custom !== undefined);
    });
  });
}
