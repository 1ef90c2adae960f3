import { describe, expect, test } from "@jest/globals";
import type { ResourceContext } from "../ground.js";
import { adapterOf, getOne } from "../stage/adapter.js";
import { resourceOf, updatable } from "../subject.js";

/** Lists whose entries have types. */
const LISTS = ["emails", "phones", "addresses"];

/** An entry that stays in a list keeps its type if the update says none, as the first step of adding another entry. */
export function describeKeptTypes({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const own = resourceOf(subject, resource);
  const { create, update } = adapter;
  const lists = LISTS.filter((name) => adapter.map.fields[name]?.write);
  if (!create || !update || lists.length === 0) return;

  const read = async (id: string, name: string) =>
    (await getOne(adapter, ground().writer.context, id, new Set([name]))).fields[name] as Record<string, unknown>[];

  describe("types of entries", () => {
    test.each(lists)("the entries of %s keep their types in an update without types", async (name) => {
      const { writer, fresh } = ground();
      const input = updatable(own, own.full(fresh).input);
      if (input[name] === undefined) return;
      const id = await create(writer.context, { ...own.minimal(fresh), ...input });
      const before = await read(id, name);
      // The last entry alone, then all of them: a CRM with a field for each type has one field left.
      const untyped = before.map((entry) =>
        Object.fromEntries(
          Object.entries(entry).filter(([member]) => !["type", "rawType", "isPrimary"].includes(member)),
        ),
      );
      await update(writer.context, id, { [name]: untyped });
      expect(await read(id, name)).toEqual(before);
      await update(writer.context, id, { [name]: untyped.slice(-1) });
      const { isPrimary: _primary, rawType: _raw, ...last } = before.at(-1)!;
      expect(await read(id, name)).toMatchObject([last]);
    });
  });
}
