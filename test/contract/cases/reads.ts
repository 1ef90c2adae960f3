import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "@jest/globals";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceContext } from "../ground.js";
import { needing } from "./needing.js";
import { adapterOf, edgeIds, everything, getOne, linkedFields, listAll, type AnyRecord } from "../stage/adapter.js";
import { EDGE_TARGETS, type ResourceName } from "../../../src/providers/contract/model.js";
import { resourceOf } from "../subject.js";

interface Mismatch {
  id: string;
  field: string;
  is: unknown;
  should: unknown;
}

/** Compares every record of the account, field by field, with the CRM's own client. */
export function describeReads(context: ResourceContext): void {
  const { subject, resource, ground } = context;
  const adapter = adapterOf(subject.provider, resource);
  const { fields } = resourceOf(subject, resource);

  function native(id: string): NativeRecord {
    const { records, unlisted } = ground().world;
    return (records[resource].get(id) ?? unlisted[resource].get(id))!;
  }

  function mismatches(records: readonly AnyRecord[]): Mismatch[] {
    const { world } = ground();
    return records.flatMap(({ nativeId: id, fields: read }) =>
      Object.entries(fields).flatMap(([field, truth]) => {
        const [is, should] = [read[field], truth.of(native(id), world, id)];
        return isDeepStrictEqual(plain(is), plain(should)) ? [] : [{ id, field, is, should }];
      }),
    );
  }

  describe("reads", () => {
    test("a full list has every record of the CRM once, with the values of the CRM", async () => {
      const { reader, world, stage } = ground();
      const listed = await listAll(adapter, reader.context, { select: everything(adapter) });
      const records = stage.counting(resource, listed);
      expect(records.map(({ nativeId }) => nativeId).sort()).toEqual([...world.records[resource].keys()].sort());
      expect(mismatches(records).slice(0, 5)).toEqual([]);
    });

    test("records that lists omit can be read by id", async () => {
      const { reader, world } = ground();
      const ids = [...world.unlisted[resource].keys()];
      const found = await adapter.get(reader.context, ids, everything(adapter));
      expect([...found.keys()].sort()).toEqual(ids.sort());
      expect(mismatches([...found.values()]).slice(0, 5)).toEqual([]);
    });

    needing(context, ["SEED"], () => {
      test("every field has a value in at least one sandbox record", () => {
        const { world } = ground();
        const natives = [...world.records[resource], ...world.unlisted[resource]];
        const hollow = Object.entries(fields).filter(([, truth]) =>
          natives.every(([id, native]) => isNothing(truth.of(native, world, id))),
        );
        // Fields without a value in the seed are covered by the write cases.
        const written = new Set(Object.keys(resourceOf(subject, resource).full(ground().fresh).reads));
        expect(hollow.map(([name]) => name).filter((name) => !written.has(name))).toEqual([]);
      });
    });

    test("reads by id, in a batch or one by one, return the same as the list", async () => {
      const { reader, world } = ground();
      const ids = [...world.records[resource].keys()].slice(0, 30);
      const select = everything(adapter);
      const batch = await adapter.get(reader.context, ids, select);
      expect([...batch.keys()].sort()).toEqual([...ids].sort());
      expect(mismatches([...batch.values()])).toEqual([]);
      for (const id of ids.slice(0, 3)) {
        const single = await getOne(adapter, reader.context, id);
        expect(mismatches([single])).toEqual([]);
      }
    });

    test("date-times are ISO 8601 in UTC with milliseconds", async () => {
      const { reader } = ground();
      const records = await listAll(adapter, reader.context, { select: everything(adapter) });
      for (const name of ["createdAt", "updatedAt", "startAt", "endAt"]) {
        if (!(name in adapter.map.fields)) continue;
        // Not every meeting has an end.
        const times = records.map(({ fields: own }) => own[name]).filter((time) => time !== null);
        expect(times).not.toEqual([]);
        for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }
    });

    test("a record has its native form in raw", async () => {
      const { reader, world } = ground();
      const known = new Set(Object.values(fields).flatMap((truth) => truth.native));
      const textsOf = (native: NativeRecord) =>
        Object.entries(native).flatMap(([name, value]) =>
          known.has(name) && typeof value === "string" && /^[\w .@-]{6,}$/.test(value) ? [value] : [],
        );
      // Not every record has a text that JSON leaves unescaped.
      const [id, native] = [...world.records[resource]].find(([, one]) => textsOf(one).length > 0)!;
      const { raw } = await getOne(adapter, reader.context, id, new Set(["raw"]));
      expect(JSON.stringify(raw)).toContain(id);
      const kept = textsOf(native);
      expect(kept.length).toBeGreaterThan(0);
      for (const text of kept) expect(JSON.stringify(raw)).toContain(text);
    });

    const linked = linkedFields(adapter.map);
    const edges = [...new Set(linked.map(({ edge }) => `LINKS ${resource}.${edge}` as const))];
    if (linked.length === 0) return;
    needing(context, edges, () => {
      test("fields of a linked record are read from that record", async () => {
        const { reader, world } = ground();
        const [id] = [...world.records[resource].keys()].filter((one) =>
          linked.every(({ edge }) => world.links[resource][edge]!.has(one)),
        );
        const record = await getOne(adapter, reader.context, id!);
        for (const { edge, field } of linked) {
          const target = (EDGE_TARGETS[resource] as Record<string, ResourceName>)[edge]!;
          const other = adapterOf(subject.provider, target);
          const [otherId] = await edgeIds(adapter, reader.context, record, edge);
          const { fields: read } = await getOne(other, reader.context, otherId!, selected(field));
          const truth = resourceOf(subject, target).fields[field]!;
          expect(read[field]).toEqual(truth.of(world.records[target].get(otherId!)!, world, otherId!));
        }
      });
    });
  });
}

/** As the graph selects a field of a linked record: a lead has the name of its contact's company. */
const selected = (field: string) => new Set(field === "company" ? [field, "company.name"] : [field]);

/** Removes undefined parts, which mean "not known yet". */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
