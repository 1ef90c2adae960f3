import { describe, expect, test } from "@jest/globals";
import type { ResourceContext } from "../ground.js";
import { adapterOf, everything, getOne, ownFields, type AnyRecord } from "../stage/adapter.js";
import { resourceOf } from "../subject.js";

/** Checks that a request names exactly the native fields that the selection needs. */
export function describeSelection({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const { fields } = resourceOf(subject, resource);

  /** The id of the record with the most native values. */
  function richest(): string {
    const filled = (native: object) => Object.values(native).filter((value) => !subject.isEmpty(value)).length;
    const ranked = [...ground().world.records[resource]].sort(([, one], [, other]) => filled(other) - filled(one));
    return ranked[0]![0];
  }

  /** Reads the record and returns it with the native fields that were requested. */
  async function readAlone(id: string, select: readonly string[]) {
    const { stage, reader, world } = ground();
    const selection = new Set(select);
    const other = [...world.records[resource].keys()].find((one) => one !== id)!;
    const query = { filter: {}, orderBy: null, limit: 2, cursor: null, select: selection };
    let record: AnyRecord | undefined;
    const ways = [
      async () => (record = await getOne(adapter, reader.context, id, selection)),
      () => adapter.get(reader.context, [id, other], selection),
      () => adapter.list(reader.context, query),
    ];
    const asked: string[][] = [];
    for (const way of ways) {
      const requests = await stage.recorded(way);
      const names = requests.map((request) => subject.requestedFields(request, resource));
      // Some endpoints do not let a caller select fields; those requests are skipped.
      if (names.some((one) => one !== null)) asked.push([...new Set(names.flatMap((one) => one ?? []))].sort());
    }
    expect(asked.length > 0).toBe(subject.selectsFields ?? true);
    return { record: record!, asked };
  }

  describe("selection", () => {
    test.each(ownFields(adapter.map))(
      "a selection of %s alone requests only its native fields, and reads the same value",
      async (field) => {
        const { reader } = ground();
        const id = richest();
        const whole = await getOne(adapter, reader.context, id, everything(adapter));
        const parts = [...everything(adapter)].filter((path) => path.startsWith(`${field}.`));
        const { record, asked } = await readAlone(id, [field, ...parts]);
        const wanted = [...new Set([...adapter.map.identity, ...fields[field]!.native])].sort();
        expect(asked).toEqual(asked.map(() => wanted));
        expect(record.fields).toEqual({ [field]: whole.fields[field] });
        // Without nested fields, it may request fewer native fields but not more.
        const bare = await readAlone(id, [field]);
        expect(bare.asked.flat().filter((name) => !wanted.includes(name))).toEqual([]);
      },
    );

    test("an empty selection requests nothing but the id", async () => {
      const { asked } = await readAlone(richest(), ["nativeId"]);
      const identity = [...adapter.map.identity].sort();
      expect(asked).toEqual(asked.map(() => identity));
    });
  });
}
