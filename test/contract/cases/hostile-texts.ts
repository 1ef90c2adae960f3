import { describe, expect, test } from "@jest/globals";
import type { ResourceContext } from "../ground.js";
import { adapterOf, everything, getOne } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { HOSTILE_TEXTS, MEGABYTE } from "./hostile-strings.js";
import { resourceOf } from "../subject.js";

/** Checks that a text is read back unchanged, or refused with an error that names the field. */
export function describeHostileTexts({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const { create } = adapter;
  const own = resourceOf(subject, resource);
  if (!create) return;

  async function expectRoundTripOrRefusal(name: string, text: string): Promise<void> {
    const { stage, writer, fresh } = ground();
    const client = await stage.native(WRITE_ACCOUNT);
    const before = await client.count(resource);
    try {
      const id = await create!(writer.context, { ...own.minimal(fresh), [name]: text });
      const { fields } = await getOne(adapter, writer.context, id, everything(adapter));
      expect(fields[name]).toBe(text);
    } catch (error) {
      const refusal = await stage.failure(Promise.reject(error));
      expect([refusal.code, Object.keys(refusal.details.errors ?? {})]).toEqual(["INVALID_INPUT", [`input.${name}`]]);
      expect(await client.count(resource)).toBe(before);
    }
  }

  /** The inputs that the CRM refuses by name, each alone. */
  async function refusedOf(texts: Readonly<Record<string, string>>): Promise<Set<string>> {
    const { stage, writer, fresh } = ground();
    const refused = new Set<string>();
    for (const [name, text] of Object.entries(texts)) {
      try {
        await create!(writer.context, { ...own.minimal(fresh), [name]: text });
      } catch (error) {
        const refusal = await stage.failure(Promise.reject(error));
        expect([refusal.code, Object.keys(refusal.details.errors ?? {})]).toEqual(["INVALID_INPUT", [`input.${name}`]]);
        refused.add(name);
      }
    }
    return refused;
  }

  describe("hostile texts", () => {
    test.each(HOSTILE_TEXTS)("%s", async (_kind, text) => {
      for (const name of own.textInputs) await expectRoundTripOrRefusal(name, text);
    });

    test("a megabyte", async () => {
      for (const name of own.textInputs) await expectRoundTripOrRefusal(name, MEGABYTE);
    });

    test("the text of one field does not reach another field", async () => {
      const { writer, fresh } = ground();
      const texts = Object.fromEntries(own.textInputs.map((name, index) => [name, `a ${HOSTILE_TEXTS[index]![1]} z`]));
      const single = Object.entries(texts).filter(([, text]) => !text.includes("\n"));
      const refused = await refusedOf(Object.fromEntries(single));
      const input = Object.fromEntries(single.filter(([name]) => !refused.has(name)));
      expect(Object.keys(input)).not.toEqual([]);
      const id = await create(writer.context, { ...own.minimal(fresh), ...input });
      const { fields } = await getOne(adapter, writer.context, id, everything(adapter));
      expect(fields).toMatchObject(input);
    });
  });
}
