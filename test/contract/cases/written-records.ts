import { describe, expect, test } from "@jest/globals";
import { CrmError } from "../../../src/errors/crm-error.js";
import type { Selection } from "../../../src/providers/contract/selection.js";
import type { ResourceContext } from "../ground.js";
import {
  adapterOf,
  edgeNames,
  everything,
  getOne,
  ownFields,
  type AnyRecord,
  type AnyWritten,
} from "../stage/adapter.js";
import { WRITE_CALLS } from "../write-calls.js";
import { resourceOf, updatable, type Input } from "../subject.js";

const PLAIN_TEXTS = ["description", "internalNotes", "subject", "lastName", "title", "fullName"];

/**
 * A record after a write is made of the CRM's answer to the write if this holds everything that is selected, and is read
 * otherwise. Nobody may see the difference, except by the number of calls.
 */
export function describeWrittenRecords({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const own = resourceOf(subject, resource);
  const { map, cost, createSelecting: create, updateSelecting: update } = adapter;
  const remove = adapter.delete;
  if (!create && !update) return;

  const fields = [...ownFields(map), ...edgeNames(adapter)];
  const alone = [...fields, ...(map.custom ? ["customFields"] : [])].map((name) => new Set([name]));
  const context = () => ground().writer.context;

  /** What the graph makes of a write. */
  async function recordAfter({ nativeId, record }: AnyWritten, select: Selection): Promise<AnyRecord> {
    return record ? record() : getOne(adapter, context(), nativeId, select);
  }

  /** Compares the record of an answer with the one that is read, and the decision with the price. */
  async function expectAsRead(
    mode: "create" | "update",
    input: Input,
    select: Selection,
    write: () => Promise<AnyWritten>,
  ): Promise<boolean> {
    const written = await write();
    const what = { mode, input: Object.keys(input), select: [...select] };
    const isAnswered = cost.answered({ mode, input }, select) !== null;
    expect({ ...what, isAnswered: written.record !== undefined }).toEqual({ ...what, isAnswered });
    if (!written.record) return false;
    const shown = await written.record();
    const read = await getOne(adapter, context(), written.nativeId, select);
    const { nativeId, fields: values, links, failures } = shown;
    expect({ ...what, nativeId, fields: values, links, failures }).toEqual({
      ...what,
      nativeId: read.nativeId,
      fields: read.fields,
      links: read.links,
      failures: undefined,
    });
    return true;
  }

  describe("records after writes", () => {
    if (create)
      test("a create answers what a read does, field by field and together, and the price knows", async () => {
        const { fresh } = ground();
        const held = new Set<string>();
        const inputs = () => [own.full(fresh), ...own.variants(fresh)].map(({ input }) => input);
        for (const select of alone) {
          const input = { ...own.minimal(fresh), ...inputs()[0]! };
          if (await expectAsRead("create", input, select, () => create(context(), input, select)))
            held.add([...select][0]!);
        }
        for (const select of [everything(adapter), held].filter(({ size }) => size > 0)) {
          for (const index of inputs().keys()) {
            const input = { ...own.minimal(fresh), ...inputs()[index] };
            await expectAsRead("create", input, select, () => create(context(), input, select));
          }
          const input = own.minimal(fresh);
          await expectAsRead("create", input, select, () => create(context(), input, select));
        }
      });

    if (update)
      test("an update answers what a read does, field by field and together, and the price knows", async () => {
        const { fresh, make } = ground();
        const id = await make(resource);
        const held = new Set<string>();
        for (const select of alone) {
          const input = updatable(own, own.full(fresh).input);
          if (await expectAsRead("update", input, select, () => update(context(), id, input, select)))
            held.add([...select][0]!);
        }
        const full = updatable(own, own.full(fresh).input);
        const changes = [full, ...own.variants(fresh).map(({ input }) => updatable(own, input))];
        const single = Object.entries(full).map(([name, value]) => ({ [name]: value }));
        for (const select of [everything(adapter), held].filter(({ size }) => size > 0)) {
          let record = await make(resource);
          for (const input of [...changes, ...(select === held ? single : [])]) {
            if (Object.keys(input).length === 0) continue;
            try {
              await expectAsRead("update", input, select, () => update(context(), record, input, select));
            } catch (error) {
              // A value that needs another one, or that another record has.
              if (!(error instanceof CrmError) || error.code === "PROVIDER_ERROR") throw error;
              // The record may be closed by now.
              record = await make(resource);
            }
          }
        }
      });

    test("take the calls that the table says, also if the answer does not hold what is selected", async () => {
      const { stage, fresh, make } = ground();
      const expected = WRITE_CALLS[subject.provider.slug]![resource]!;
      const input = () => ({ ...own.minimal(fresh) });
      // A text that stands in one native field, so that an update of it looks at nothing.
      const text = PLAIN_TEXTS.find((name) => fields.includes(name) && own.textInputs.includes(name))!;
      const plain = new Set(["createdAt", text]);
      const beyond = everything(adapter);
      const change = () => ({ [text]: `Changed ${fresh.unique()}` });
      /** Definitions that are loaded once are known by then. */
      const calls = async (write: () => Promise<unknown>): Promise<number> => {
        await write();
        return (await stage.recorded(write)).length;
      };
      const made: Record<string, number> = {};
      for (const [name, select] of [
        ["plain", plain],
        ["beyond", beyond],
      ] as const) {
        if (create)
          made[`create ${name}`] = await calls(async () => {
            await recordAfter(await create(context(), input(), select), select);
          });
        if (update && !own.createOnly.includes(text)) {
          const id = await make(resource);
          made[`update ${name}`] = await calls(async () => {
            await recordAfter(await update(context(), id, change(), select), select);
          });
        }
      }
      if (remove) {
        const ids = [await make(resource), await make(resource)];
        made["delete"] = await calls(async () => void (await remove(context(), ids.pop()!)));
      }
      expect(made).toEqual(expected);
    });
  });
}
