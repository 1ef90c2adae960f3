import { describe, expect, test } from "@jest/globals";
import type { ResourceContext } from "../ground.js";
import { needing } from "./needing.js";
import { adapterOf, edgeIds, everything, getOne, type AnyAdapter, type AnyRecord } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { NO_RECORDS } from "./coverage.js";
import { resourceOf, updatable, type Fields, type WriteCase } from "../subject.js";

/** Unified fields that an input changes in addition to the field of the same name. */
const ALSO_CHANGED: Readonly<Record<string, readonly string[]>> = {
  firstName: ["fullName"],
  lastName: ["fullName"],
  fullName: ["firstName", "lastName"],
  emails: ["fullName"],
  status: ["rawStatus", "isConverted"],
  rawStatus: ["status", "isConverted"],
  lifecycleStage: ["rawLifecycleStage"],
  rawLifecycleStage: ["lifecycleStage"],
  rating: ["rawRating"],
  ownerId: ["owner", "organizer", "attendees"],
  contactId: ["contact"],
  contactIds: ["contacts", "leads", "attendees"],
  leadIds: ["leads", "contacts", "attendees"],
  startAt: ["status", "rawStatus"],
  endAt: ["status", "rawStatus"],
};
/** Unified fields that every write may change. */
const ALWAYS_CHANGED = ["updatedAt", "lastActivityAt"];
/** Inputs that are read back as a field of another name. */
const FIELD_OF_INPUT: Readonly<Record<string, string>> = { ownerId: "owner" };
/** Inputs that are read back as an edge. */
const EDGE_OF_INPUT: Readonly<Record<string, string>> = {
  contactId: "contact",
  contactIds: "contacts",
  leadIds: "leads",
};

export function describeWrites(context: ResourceContext): void {
  const { subject, resource, ground } = context;
  const adapter = adapterOf(subject.provider, resource);
  const own = resourceOf(subject, resource);
  const { create, update } = adapter;
  if (!create && !update) return;

  const read = (id: string) => getOne(adapter, ground().writer.context, id, everything(adapter));

  async function native(id: string) {
    const client = await ground().stage.native(WRITE_ACCOUNT);
    return (await client.get(resource, id))!;
  }

  async function expectWritten(id: string, written: WriteCase): Promise<void> {
    const record = await read(id);
    expect(record.fields).toMatchObject(written.reads);
    expect(await native(id)).toMatchObject(written.native);
    for (const [edge, ids] of Object.entries(written.links ?? {})) {
      const linked = await edgeIds(adapter, ground().writer.context, record, edge);
      expect({ edge, ids: [...linked].sort() }).toEqual({ edge, ids: [...ids].sort() });
    }
  }

  function expectSame(before: AnyRecord, after: AnyRecord, changed: readonly string[]): void {
    const may = new Set([...ALWAYS_CHANGED, ...changed.flatMap((name) => [name, ...(ALSO_CHANGED[name] ?? [])])]);
    const kept = (fields: Fields) => Object.fromEntries(Object.entries(fields).filter(([name]) => !may.has(name)));
    expect(kept(after.fields)).toEqual(kept(before.fields));
  }

  /** Makes a record with all inputs: by a create if the adapter has one, else by an update. */
  async function makeFull(): Promise<{ id: string; written: WriteCase }> {
    const { writer, fresh, make } = ground();
    const written = own.full(fresh);
    if (create) return { id: await create(writer.context, written.input), written };
    const id = await make(resource);
    await update!(writer.context, id, updatable(own, written.input));
    return { id, written };
  }

  const { custom } = own;
  const variants = own.variants(NO_RECORDS).map(({ input }, index) => [Object.keys(input).join(" + "), index] as const);
  const inputs = Object.keys(own.full(NO_RECORDS).input);

  describe("writes", () => {
    if (create) describeCreates(create);
    if (update) describeUpdates(update);
    if (custom.length > 0 && create && update)
      needing(context, [`CUSTOM_FIELDS ${resource}`], () => describeCustomFields(create, update));
  });

  function describeCreates(create: NonNullable<AnyAdapter["create"]>): void {
    test("a create with all inputs is read back by the adapter and by the CRM's own client", async () => {
      const { id, written } = await makeFull();
      await expectWritten(id, written);
    });

    if (variants.length > 0)
      test.each(variants)("a create with %s is read back (variant %i)", async (_names, index) => {
        const { writer, fresh } = ground();
        const variant = own.variants(fresh)[index]!;
        const id = await create(writer.context, { ...own.minimal(fresh), ...variant.input });
        await expectWritten(id, variant);
      });

    test("an empty text is stored as no value", async () => {
      const { writer, fresh } = ground();
      const texts = own.textInputs.filter((name) => !(name in own.minimal(fresh)) && !own.notCleared[name]);
      const blank = Object.fromEntries(texts.map((name) => [name, ""]));
      const id = await create(writer.context, { ...own.minimal(fresh), ...blank });
      const { fields } = await read(id);
      for (const name of texts) expect([name, fields[name]]).toEqual([name, null]);
    });

    test("a create treats null like an absent input", async () => {
      const { writer, fresh } = ground();
      const minimal = own.minimal(fresh);
      const optional = inputs.filter((name) => !(name in minimal) && own.notCleared[name] === undefined);
      const nulls = Object.fromEntries(optional.map((name) => [name, null]));
      const [one, other] = [
        await create(writer.context, minimal),
        await create(writer.context, { ...own.minimal(fresh), ...nulls }),
      ];
      const [withoutNulls, withNulls] = [await read(one), await read(other)];
      expectSame(withoutNulls, withNulls, [...Object.keys(minimal), "createdAt", "url"]);
    });
  }

  function describeUpdates(update: NonNullable<AnyAdapter["update"]>): void {
    const changeable = inputs.filter((name) => !own.createOnly.includes(name));

    test("an update with all inputs is read back", async () => {
      const { writer, fresh, make } = ground();
      const id = await make(resource);
      const written = own.full(fresh);
      await update(writer.context, id, updatable(own, written.input));
      const links = Object.entries(written.links ?? {}).filter(
        ([edge]) => !own.createOnly.some((name) => EDGE_OF_INPUT[name] === edge),
      );
      if (own.createOnly.length === 0) await expectWritten(id, written);
      else await expectWritten(id, { ...onlyUpdated(written), links: Object.fromEntries(links) });
    });

    if (variants.length > 0)
      test.each(variants)("an update of %s changes nothing else (variant %i)", async (_names, index) => {
        const { writer, fresh } = ground();
        const variant = own.variants(fresh)[index]!;
        const input = updatable(own, variant.input);
        if (Object.keys(input).length === 0) return;
        const { id } = await makeFull();
        const before = await read(id);
        await update(writer.context, id, input);
        await expectWritten(id, variant);
        expectSame(before, await read(id), [...Object.keys(input), ...(variant.alsoChanges ?? [])]);
      });

    test.each(changeable)("an update of only %s changes nothing else", async (name) => {
      const { writer, fresh } = ground();
      const { id } = await makeFull();
      const before = await read(id);
      const { input } = own.full(fresh);
      await update(writer.context, id, { [name]: input[name] });
      expectSame(before, await read(id), [name]);
    });

    test.each(changeable)("null clears %s and changes nothing else", async (name) => {
      const { stage, writer } = ground();
      const { id } = await makeFull();
      const before = await read(id);
      const exception = own.notCleared[name];
      if (exception === "REFUSED") {
        const error = await stage.failure(update(writer.context, id, { [name]: null }));
        expect(["INVALID_INPUT", "MISSING_REQUIRED"]).toContain(error.code);
        expect(Object.keys(error.details.errors!)).toContain(`input.${name}`);
        expectSame(before, await read(id), []);
        return;
      }
      await update(writer.context, id, { [name]: null });
      const after = await read(id);
      expectSame(before, after, [name]);
      if (exception) {
        expect(after.fields).toMatchObject(exception);
        return;
      }
      const edge = EDGE_OF_INPUT[name];
      if (edge) {
        expect(await edgeIds(adapter, writer.context, after, edge)).toEqual([]);
        return;
      }
      const field = FIELD_OF_INPUT[name] ?? name;
      const value = after.fields[field];
      expect(Array.isArray(value) ? value : [value].filter((one) => one !== null)).toEqual([]);
      const record = await native(id);
      for (const nativeName of own.fields[field]!.native) {
        expect([nativeName, subject.isEmpty(record[nativeName])]).toEqual([nativeName, true]);
      }
    });
  }

  /** Removes the expectations that an update cannot meet, because only a create sets those fields. */
  function onlyUpdated(written: WriteCase): WriteCase {
    const names = new Set(
      own.createOnly.flatMap((name) => [name, ...(ALSO_CHANGED[name] ?? []), FIELD_OF_INPUT[name] ?? name]),
    );
    const natives = new Set([...names].flatMap((name) => own.fields[name]?.native ?? []));
    const without = (all: Fields, gone: ReadonlySet<string>) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !gone.has(name)));
    return { ...written, reads: without(written.reads, names), native: without(written.native, natives) };
  }

  function describeCustomFields(
    create: NonNullable<AnyAdapter["create"]>,
    update: NonNullable<AnyAdapter["update"]>,
  ): void {
    test("custom fields are written, read with their type, kept and cleared", async () => {
      const { writer, fresh } = ground();
      const customFields = custom.map(({ key, value }) => ({ key, value }));
      const id = await create(writer.context, { ...own.minimal(fresh), customFields });
      const definitions = custom.map(({ key, label, type, value }) => ({ key, label, type, value }));
      const alike = (all: readonly object[]) => expect.arrayContaining(all.map((one) => expect.objectContaining(one)));
      expect((await read(id)).fields["customFields"]).toEqual(alike(definitions));
      expect(await native(id)).toMatchObject(Object.fromEntries(custom.map((field) => [field.key, field.native])));
      const [first, ...others] = definitions;
      await update(writer.context, id, { customFields: [{ key: first!.key, value: null }] });
      expect((await read(id)).fields["customFields"]).toEqual(alike([{ ...first, value: null }, ...others]));
      expect(subject.isEmpty((await native(id))[first!.key])).toBe(true);
    });
  }
}
