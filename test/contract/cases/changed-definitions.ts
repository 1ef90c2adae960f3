import { describe, expect, test } from "@jest/globals";
import { writableInputs } from "../../../src/providers/mapping/write-record.js";
import type { CaseContext } from "../ground.js";
import { adapterOf, getOne } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { customFieldPath } from "../../../src/providers/contract/selection.js";
import { resourceOf, resourcesOf, type StandardFieldSubject } from "../subject.js";

/** Whether the CRM stores something else than the label of the field's option, and tells the label in its definitions. */
const hasLabel = ({ type, native, optionLabels }: StandardFieldSubject) =>
  type === "SELECT" && optionLabels !== undefined && optionLabels[0] !== native;

/** The answer without the options that have one of the texts, wherever it lists them. */
function withoutOption(text: string, gone: readonly string[]): string {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return text;
  }
  const has = (value: unknown): boolean =>
    typeof value === "object" && value !== null ? Object.values(value).some(has) : gone.includes(String(value));
  const isOption = (item: unknown) => has(item) && !(Array.isArray(item) ? item : [item]).some(holdsList);
  const holdsList = (value: unknown): boolean =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).some((part) => (Array.isArray(part) && part.length > 1) || holdsList(part));
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter((item) => !isOption(item)).map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, walk(part)]));
  };
  return JSON.stringify(walk(answer));
}

/** What an administrator adds at the CRM while crmesh remembers the definitions from before. */
export function describeChangedDefinitions({ subject, ground }: CaseContext): void {
  const { provider } = subject;
  const open = () => ground().stage.connect({ account: WRITE_ACCOUNT }).context;

  describe("definitions that have changed", () => {
    for (const resource of resourcesOf(subject)) {
      const adapter = adapterOf(provider, resource);
      const [custom] = resourceOf(subject, resource).custom;
      const { create } = adapter;
      if (custom && create)
        test(`a ${resource} is created with a custom field that is new`, async () => {
          const { stage, fresh } = ground();
          const context = open();
          const { key, value } = custom;
          const ofTheCrm = key.split(".").at(-1)!;
          // The definitions are remembered as they were before the field was added.
          await stage.changing(
            (text) => text.replaceAll(`"${ofTheCrm}"`, `"${ofTheCrm}_old"`),
            () =>
              adapter.get(context, [subject.absentId(resource, 0)], new Set(["customFields"])).catch(() => undefined),
          );
          const input = { ...resourceOf(subject, resource).minimal(fresh), customFields: [{ key, value }] };
          const id = await create(context, input);
          const { fields } = await getOne(adapter, open(), id, new Set(["customFields"]));
          expect(fields["customFields"]).toContainEqual(expect.objectContaining({ key, value }));
          // A key that is nobody's is still refused.
          const unknown = { ...input, customFields: [{ key: `${key}x`, value }] };
          expect((await stage.failure(create(context, unknown))).code).toBe("INVALID_INPUT");
        });

      const field = resourceOf(subject, resource).standard?.fields.find(hasLabel);
      if (field && create)
        test(`an option that is new has its label when a ${resource} is read, and one that is gone is looked for once`, async () => {
          const { stage, fresh } = ground();
          const context = open();
          const { key, value, optionLabels } = field;
          const input = { ...resourceOf(subject, resource).minimal(fresh), customFields: [{ key, value }] };
          const id = await create(context, input);
          const select = new Set([customFieldPath(key)]);
          const reading = open();
          const read = async () => (await getOne(adapter, reading, id, select)).fields["customFields"];
          const whole = expect.objectContaining({ key, value, optionLabels });
          const without = (run: () => Promise<unknown>) =>
            stage.changing(
              // The record itself keeps the value.
              (text) => (text.includes(id) ? text : withoutOption(text, [optionLabels![0]!, String(value)])),
              run,
            );
          // The definitions are remembered as they were before the option was added.
          await without(() => adapter.get(reading, [subject.absentId(resource, 0)], select).catch(() => undefined));
          expect(await read()).toEqual([whole]);
          const calls = async () => (await stage.recorded(read)).length;
          const usual = await calls();
          // The option is deleted, and the record keeps it.
          const later = open();
          const readLater = async () => (await getOne(adapter, later, id, select)).fields["customFields"];
          await without(async () => {
            await adapter.get(later, [subject.absentId(resource, 0)], select).catch(() => undefined);
            expect(await readLater()).not.toEqual([whole]);
            expect((await stage.recorded(readLater)).length).toBe(usual);
          });
        });

      if (create && writableInputs(adapter.map).includes("ownerId"))
        test(`a ${resource} is given to a user who is new, and the user has a name`, async () => {
          const { stage, fresh } = ground();
          const context = open();
          const ownerId = fresh.owners[1]!;
          const other = ownerId.replace(/.$/, (last) => (last === "1" ? "2" : "1"));
          const before = await stage.changing(
            (text) => text.replaceAll(ownerId, other),
            () => provider.owners.load(context, [ownerId]).catch(() => new Map()),
          );
          expect(before.has(ownerId)).toBe(false);
          const id = await create(context, { ...resourceOf(subject, resource).minimal(fresh), ownerId });
          const { fields } = await getOne(adapter, context, id, new Set(["owner"]));
          expect(fields["owner"]).toMatchObject({ id: ownerId });
          // Another one has joined since: nobody has looked for that one yet.
          expect((await provider.owners.load(open(), [ownerId])).get(ownerId)).toMatchObject({ id: ownerId });
        });
    }

    test("a user who has joined since is found, and one who does not exist is looked for once", async () => {
      const { stage, world, reader } = ground();
      const context = stage.connect().context;
      const [someone] = [...world.owners.keys()];
      const other = someone!.replace(/.$/, (last) => (last === "1" ? "2" : "1"));
      await stage.changing(
        (text) => text.replaceAll(someone!, other),
        () => provider.owners.load(context, [...world.owners.keys()].slice(1)).catch(() => undefined),
      );
      expect((await provider.owners.load(context, [someone!])).has(someone!)).toBe(true);
      const absent = subject.absentId("contact", 7);
      await provider.owners.load(reader.context, [absent]);
      const first = await stage.recorded(() => provider.owners.load(reader.context, [absent]));
      const second = await stage.recorded(() => provider.owners.load(reader.context, [absent]));
      expect(second.length).toBe(first.length);
    });
  });
}
