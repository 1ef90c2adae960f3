import { describe, expect, test } from "@jest/globals";
import type { Selection } from "../../../src/providers/contract/selection.js";
import type { ResourceContext } from "../ground.js";
import { adapterOf, everything } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf } from "../subject.js";

/** Records of a batch that are also read alone. */
const SINGLE = 12;

export function describeBatches({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const own = resourceOf(subject, resource);
  const { missingIds, malformedIds, readSingly = false, columnsReadApart = false } = own;

  describe("batch reads", () => {
    test("missing, malformed and duplicate ids do not affect the other records of a batch", async () => {
      const { reader, world } = ground();
      const [one, two, three] = [...world.records[resource].keys()];
      const ids = [one!, missingIds[0]!, two!, one!, ...malformedIds, three!, ...missingIds];
      const found = await adapter.get(reader.context, ids, everything(adapter));
      expect([...found.keys()].sort()).toEqual([one, two, three].sort());
      for (const [id, record] of found) expect(record.nativeId).toBe(id);
    });

    test.each([
      ["missing", missingIds],
      ["malformed", malformedIds],
    ])("%s ids alone are absent, one by one and together", async (_kind, ids) => {
      const { reader } = ground();
      for (const id of ids) expect((await adapter.get(reader.context, [id], everything(adapter))).size).toBe(0);
      expect((await adapter.get(reader.context, ids, everything(adapter))).size).toBe(0);
      expect((await adapter.get(reader.context, [], everything(adapter))).size).toBe(0);
    });

    test("a batch takes one call, or one for each record that is read singly; fields need as many more as for one record", async () => {
      const { stage, world } = ground();
      const connection = stage.connect();
      async function callsFor(ids: readonly string[], select: Selection): Promise<number> {
        connection.calls.length = 0;
        await adapter.get(connection.context, ids, select);
        return connection.calls.length;
      }
      for (const select of [new Set(["nativeId"]), everything(adapter)]) {
        const size = adapter.batchSize(select);
        const known = [...world.records[resource].keys()].slice(0, size);
        const absent = Array.from({ length: size - known.length }, (_, index) => subject.absentId(resource, index));
        const batch = [...known, ...absent];
        expect(batch).toHaveLength(size);
        // Definitions are cached, so they do not count as calls of the batch.
        await callsFor(batch, select);
        const whole = await callsFor(batch, select);
        const columns = columnsReadApart && select.has("customFields") ? 1 : 0;
        const records = (readSingly ? size : 1) + columns + (own.absentReadSingly ? absent.length : 0);
        // Not every record has all parts that take a further call.
        let alone = 0;
        for (const id of known.slice(0, SINGLE)) alone = Math.max(alone, await callsFor([id], select));
        expect(whole - records).toBeLessThanOrEqual(alone - 1);
        if (select.size === 1) expect(whole).toBe(records);
        expect((await adapter.get(connection.context, batch, select)).size).toBe(known.length);
      }
    });

    if (!adapter.delete) return;
    test("a deleted record is absent from reads by id, lists and edges", async () => {
      const { writer, stage, make } = ground();
      const id = await make(resource);
      const native = await stage.native(WRITE_ACCOUNT);
      expect(await native.get(resource, id)).not.toBeNull();
      await adapter.delete!(writer.context, id);
      expect(await native.get(resource, id)).toBeNull();
      const other = await make(resource);
      expect((await adapter.get(writer.context, [id], new Set())).size).toBe(0);
      expect([...(await adapter.get(writer.context, [id, other], new Set())).keys()]).toEqual([other]);
    });
  });
}
