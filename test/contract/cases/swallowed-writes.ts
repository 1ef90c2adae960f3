import { describe, expect, test } from "@jest/globals";
import { differences } from "../../../src/providers/kit/written-values.js";
import type { ResourceContext } from "../ground.js";
import { needing } from "./needing.js";
import { adapterOf, everything, getOne, type AnyRecord } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf, updatable, type Input } from "../subject.js";
import { WRONG_VALUES } from "./wrong-values.js";

/** A write that the CRM drops or changes without a word is found by what the CRM then shows, without a further call. */
export function describeSwallowedWrites(context: ResourceContext): void {
  const { subject, resource, ground } = context;
  const adapter = adapterOf(subject.provider, resource);
  const own = resourceOf(subject, resource);
  const { map, create, update } = adapter;
  if (!create && !update) return;

  const read = (id: string) => getOne(adapter, ground().writer.context, id, everything(adapter));
  const found = (mode: "create" | "update", input: Input, record: AnyRecord) =>
    Object.keys(differences(map, mode, input, record));

  describe("values after a write", () => {
    if (create)
      test("all values of a create came out as they were written", async () => {
        const { writer, fresh } = ground();
        for (const written of [own.full(fresh), ...own.variants(fresh)]) {
          const input = { ...own.minimal(fresh), ...written.input };
          const id = await create(writer.context, input);
          expect([input, found("create", input, await read(id))]).toEqual([input, []]);
        }
      });

    if (update)
      test("an update that came out is no difference, and one that did not is named", async () => {
        const { writer, fresh, make } = ground();
        const id = await make(resource);
        const full = updatable(own, own.full(fresh).input);
        // A start alone may come after the end that is stored.
        const { startAt, endAt } = full;
        const times = startAt === undefined ? {} : { startAt, endAt };
        for (const [name, value] of Object.entries(full)) {
          const before = await read(id);
          await update(writer.context, id, { ...(name in times && times), [name]: value });
          const after = await read(id);
          expect([name, found("update", { [name]: value }, after)]).toEqual([name, []]);
          // The record as it would be if the CRM had dropped the update.
          const shown = fieldsOf(name).filter((field) => !isSame(before, after, field));
          expect([name, found("update", { [name]: value }, before).length]).toEqual([name, shown.length > 0 ? 1 : 0]);
          if (own.notCleared[name] !== undefined || own.minimal(fresh)[name] !== undefined) continue;
          await update(writer.context, id, { [name]: null });
          expect([name, found("update", { [name]: null }, await read(id))]).toEqual([name, []]);
          await update(writer.context, id, { [name]: value });
        }
      });

    needing(context, [`CUSTOM_FIELDS ${resource}`], describeCustomValues);

    if (create)
      test("a text with NUL is refused by its path, wherever it is", async () => {
        const { stage, writer, fresh } = ground();
        const text = "a\0b";
        const texts = own.textInputs.map((name) => [{ [name]: text }, `input.${name}`] as const);
        const nested = own.custom.slice(0, 1).map(({ key }) => {
          const customFields = [{ key, value: [text] }];
          return [{ customFields }, "input.customFields.0.value.0"] as const;
        });
        for (const [input, path] of [...texts, ...nested]) {
          const error = await stage.failure(create(writer.context, { ...own.minimal(fresh), ...input }));
          expect([error.code, Object.keys(error.details.errors ?? {})]).toEqual(["INVALID_INPUT", [path]]);
        }
      });
  });

  function describeCustomValues(): void {
    if (create && update && own.custom.length > 0)
      test("null clears every custom field", async () => {
        const { writer, fresh } = ground();
        const customFields = own.custom.map(({ key, value }) => ({ key, value }));
        const id = await create(writer.context, { ...own.minimal(fresh), customFields });
        const nulls = own.custom.map(({ key }) => ({ key, value: null }));
        await update(writer.context, id, { customFields: nulls });
        const after = await read(id);
        expect(found("update", { customFields: nulls }, after)).toEqual([]);
        const stored = after.fields["customFields"] as { key: string; value: unknown }[];
        for (const { key } of own.custom) {
          const { value } = stored.find((one) => one.key === key)!;
          const isCleared = value === null || value === false || value === 0 || (value as unknown[]).length === 0;
          expect([key, isCleared]).toEqual([key, true]);
        }
      });

    const wrong = own.custom.flatMap(({ key, type }) =>
      (WRONG_VALUES[type] ?? []).map((value) => [key, value] as const),
    );
    if (create && wrong.length > 0)
      test.each(wrong)("a custom field %s with the value %j is refused by its key", async (key, value) => {
        const { stage, writer, fresh } = ground();
        const client = await stage.native(WRITE_ACCOUNT);
        const before = await client.count(resource);
        const input = { ...own.minimal(fresh), customFields: [{ key, value }] };
        const { code, details } = await stage.failure(create(writer.context, input));
        expect([code, Object.keys(details.errors ?? {})]).toEqual(["INVALID_INPUT", [`input.customFields.${key}`]]);
        expect(await client.count(resource)).toBe(before);
      });
  }

  /** The fields and edges that show an input. */
  function fieldsOf(name: string): string[] {
    const others: Readonly<Record<string, string>> = {
      ownerId: "owner",
      contactId: "contact",
      contactIds: "contacts",
      leadIds: "leads",
    };
    const isPart = ["firstName", "lastName"].includes(name) && !map.fields[name];
    return [others[name] ?? (isPart ? "fullName" : name)];
  }

  function isSame(before: AnyRecord, after: AnyRecord, field: string): boolean {
    const of = ({ fields, links }: AnyRecord) => JSON.stringify(field in fields ? fields[field] : links[field]);
    return of(before) === of(after);
  }
}
