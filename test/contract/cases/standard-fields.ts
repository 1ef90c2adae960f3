import { describe, expect, test } from "@jest/globals";
import type { CustomField } from "../../../src/providers/contract/model.js";
import { customFieldPath } from "../../../src/providers/contract/selection.js";
import type { ResourceContext } from "../ground.js";
import { adapterOf, getOne, listAll } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf } from "../subject.js";
import { WRONG_VALUES } from "./wrong-values.js";

const labelsIn = (options: ReadonlyMap<string, string> | undefined, value: unknown) =>
  [value].flat().map((one) => options?.get(String(one)));

/** Fields of the CRM's own that the model does not have are read and written by their native names. */
export function describeStandardFields({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const own = resourceOf(subject, resource);
  const { standard } = own;

  describe("standard fields outside the model", () => {
    if (!standard) {
      test("the CRM tells of none", () => {
        expect(adapter.map.custom).toBeUndefined();
      });
      return;
    }
    const { fields, readOnly, inModel } = standard;
    const keys = fields.map(({ key }) => key);
    const named = new Set([...keys, ...readOnly].map(customFieldPath));
    const customOf = async (id: string, select: ReadonlySet<string>) =>
      (await getOne(adapter, ground().writer.context, id, select)).fields["customFields"] as CustomField[];

    test("the definitions have them, marked as the CRM’s own, with the labels of their options", async () => {
      const definitions = await adapter.customFields!(ground().reader.context);
      const byKey = new Map(definitions.map((definition) => [definition.key, definition]));
      for (const { key, label, type, value, optionLabels } of fields) {
        expect(byKey.get(key)).toMatchObject({ key, label, type, isStandard: true });
        const options = byKey.get(key)!.optionLabels;
        // The label of a record that the field refers to stands in the record.
        if (type === "OTHER") expect([key, options]).toEqual([key, undefined]);
        else if (optionLabels) expect([key, labelsIn(options, value)]).toEqual([key, optionLabels]);
      }
      for (const key of readOnly) expect(byKey.get(key)).toMatchObject({ isStandard: true, isReadOnly: true });
      for (const { key } of own.custom) expect([key, byKey.get(key)?.isStandard]).toEqual([key, undefined]);
      for (const key of [...Object.keys(inModel), ...own.standardKeys])
        expect([key, byKey.get(key)]).toEqual([key, undefined]);
    });

    const { create, update } = adapter;
    // An old version may have none of them.
    if (named.size === 0) return;
    if (create && update)
      test("they are written and read by their native names, and only if they are named", async () => {
        const { stage, writer, fresh } = ground();
        const client = await stage.native(WRITE_ACCOUNT);
        const customFields = fields.map(({ key, value }) => ({ key, value }));
        const id = await create(writer.context, { ...own.minimal(fresh), customFields });
        const read = await customOf(id, named);
        for (const { key, label, type, value, optionLabels } of fields) {
          const field = { key, label, type, value, isStandard: true, ...(optionLabels && { optionLabels }) };
          expect(read).toContainEqual(field);
        }
        expect(read.map(({ key }) => key).sort()).toEqual([...keys, ...readOnly].sort());
        const natives = Object.fromEntries(fields.map((field) => [field.key, field.native]));
        expect(await client.get(resource, id)).toMatchObject(natives);
        expect((await customOf(id, new Set(["customFields"]))).filter(({ isStandard }) => isStandard)).toEqual([]);
        // What is read can be written back.
        await update(writer.context, id, { customFields: read.filter(({ key }) => keys.includes(key)) });
        expect(await client.get(resource, id)).toMatchObject(natives);
      });

    if (create)
      test("a listing reads them by their names, too", async () => {
        const { reader } = ground();
        const records = await listAll(adapter, reader.context, { select: named });
        expect(records.length).toBeGreaterThan(0);
        for (const { fields: found } of records)
          expect((found["customFields"] as CustomField[]).map(({ key }) => key).sort()).toEqual(
            [...keys, ...readOnly].sort(),
          );
      });

    const wrong = fields.flatMap(({ key, type }) => (WRONG_VALUES[type] ?? []).map((value) => [key, value] as const));
    if (create && wrong.length > 0)
      test.each(wrong)("of %s, the value %j is refused by its key", async (key, value) => {
        const { stage, writer, fresh } = ground();
        const input = { ...own.minimal(fresh), customFields: [{ key, value }] };
        const { code, details } = await stage.failure(create(writer.context, input));
        expect([code, Object.keys(details.errors ?? {})]).toEqual(["INVALID_INPUT", [`input.customFields.${key}`]]);
      });

    if (create && readOnly.length > 0)
      test.each(readOnly)("%s can only be read, so that writing it is refused by its key", async (key) => {
        const { stage, writer, fresh } = ground();
        const client = await stage.native(WRITE_ACCOUNT);
        const before = await client.count(resource);
        const input = { ...own.minimal(fresh), customFields: [{ key, value: "1" }] };
        const { code, details } = await stage.failure(create(writer.context, input));
        expect([code, Object.keys(details.errors ?? {})]).toEqual(["INVALID_INPUT", [`input.customFields.${key}`]]);
        expect(await client.count(resource)).toBe(before);
      });

    if (create)
      test.each(Object.entries(inModel))("%s is not writable twice: the refusal names %s", async (key, name) => {
        const { stage, writer, fresh } = ground();
        const refused = async () => {
          const customFields = [{ key, value: "x" }];
          const { code, details } = await stage.failure(
            create(writer.context, { ...own.minimal(fresh), customFields }),
          );
          expect([code, Object.keys(details.errors ?? {})]).toEqual(["INVALID_INPUT", ["input.customFields.0.key"]]);
          expect(Object.values(details.errors ?? {})[0]).toContain(` ${name} in crmesh`);
        };
        // No call is needed to know it.
        expect(await stage.recorded(refused)).toEqual([]);
      });
  });
}
