import { describe, expect, test } from "@jest/globals";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { CaseContext } from "../ground.js";
import { adapterOf, everything, getOne, listAll } from "../stage/adapter.js";
import { readWorld } from "../stage/read-world.js";
import { resourceOf, resourcesOf, type World } from "../subject.js";

/** An account that lacks some columns, because of its edition, its version or the permissions of the connected user. */
const ACCOUNT = "narrow";

/** Columns that this user may not see, or that this org has not. */
export function describeNarrowAccounts({ subject, ground }: CaseContext): void {
  const { provider } = subject;
  const narrowed = resourcesOf(subject).filter((resource) => resourceOf(subject, resource).narrow);
  if (narrowed.length === 0) return;

  describe.each(narrowed)("an account that lacks columns, %s", (resource) => {
    const adapter = adapterOf(provider, resource);
    const { filters, minimal, narrow } = resourceOf(subject, resource);
    let seen: Promise<World> | undefined;
    const open = () => ground().stage.connect({ account: ACCOUNT });

    async function recordsOfTheAccount(): Promise<ReadonlyMap<string, NativeRecord>> {
      return (await ground().stage.native(ACCOUNT)).all(resource);
    }

    test("lists and reads answer the other fields", async () => {
      const { context } = open();
      const select = everything(adapter);
      const records = await listAll(adapter, context, { select });
      expect(records.map(({ nativeId }) => nativeId).sort()).toEqual([...(await recordsOfTheAccount()).keys()].sort());
      const [first] = records;
      expect((await getOne(adapter, context, first!.nativeId, select)).fields).toEqual(first!.fields);
      const filled = records.flatMap(({ fields }) => Object.keys(fields).filter((name) => fields[name] !== null));
      expect(new Set(filled).size).toBeGreaterThan(5);
      for (const { failures } of records) expect(failures).toBeUndefined();
    });

    test.each(Object.keys(filters))("the filter %s works over the columns that are there", async (name) => {
      const { stage } = ground();
      const { origin } = ground().world;
      // Filters come before the writes, so that one look at the account serves all of them.
      const world = await (seen ??= stage.native(ACCOUNT).then((native) => readWorld(subject, native, origin)));
      const [listed, unlisted] = [world.records[resource], world.unlisted[resource]];
      for (const value of filters[name]!.values(ground().world)) {
        const isRevealed = resourceOf(subject, resource).revealsUnlisted?.({ [name]: value }) ?? false;
        const candidates = [...listed, ...(isRevealed ? unlisted : [])];
        // Twice: the first one may have to find out what is missing.
        for (const { context } of [open(), open()].flatMap((one) => [one, one])) {
          const found = listAll(adapter, context, { filter: { [name]: value } });
          if (narrow!.refusedFilters.includes(name)) {
            const error = await stage.failure(found);
            expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", [`filter.${name}`]]);
            continue;
          }
          const expected = candidates.filter(([id, record]) =>
            filters[name]!.passes(record, value as never, world, id),
          );
          expect({ value, ids: (await found).map(({ nativeId }) => nativeId).sort() }).toEqual({
            value,
            ids: expected.map(([id]) => id).sort(),
          });
        }
      }
    });

    if (adapter.byEmails)
      test("a search by e-mail addresses works over the columns that are there", async () => {
        const records = await listAll(adapter, open().context, { select: new Set(["emails"]) });
        const known = records.find(({ fields }) => (fields["emails"] as unknown[]).length > 0);
        const [own] = (known?.fields["emails"] ?? []) as { address: string }[];
        const address = own?.address.toLowerCase() ?? "nobody@nowhere.example";
        const found = await adapter.byEmails!.find(open().context, [address], new Set());
        expect([...found.keys()]).toEqual(known ? [address] : []);
      });

    if (!adapter.create) return;
    test("a write leaves out what is not there, and a value without a place is refused by name", async () => {
      const { stage, fresh } = ground();
      for (const input of narrow!.writes(fresh)) {
        const { context } = open();
        const id = await adapter.create!(context, { ...minimal(fresh), ...input.input });
        await adapter.update!(context, id, input.input);
        const { fields } = await getOne(adapter, context, id);
        expect(fields).toMatchObject(input.reads);
      }
      for (const input of narrow!.writes(fresh)) {
        const select = new Set([...Object.keys(input.reads), "createdAt"]);
        for (const { context } of [open(), open()]) {
          const given = { ...minimal(fresh), ...input.input };
          const created = await adapter.createSelecting!(context, given, select);
          const updated = await adapter.updateSelecting!(context, created.nativeId, input.input, select);
          for (const { record } of [created, updated])
            if (record) expect((await record()).fields).toMatchObject(input.reads);
        }
      }
      const { context } = open();
      const id = await adapter.create!(context, minimal(fresh));
      const before = (await getOne(adapter, context, id)).fields;
      for (const { input, errors } of narrow!.refusedWrites(fresh)) {
        for (const connection of [open(), open()]) {
          for (const run of [
            () => adapter.create!(connection.context, { ...minimal(fresh), ...input }),
            () => adapter.update!(connection.context, id, input),
          ]) {
            const error = await stage.failure(run());
            expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", errors]);
          }
        }
      }
      const { updatedAt: _updatedAt, ...after } = (await getOne(adapter, context, id)).fields;
      expect(before).toMatchObject(after);
    });

    test("the account says which columns it has", async () => {
      const columns = await adapter.columns!(open().context);
      for (const [column, isThere] of Object.entries(narrow!.columns))
        expect([column, columns.has(column)]).toEqual([column, isThere]);
    });
  });
}
