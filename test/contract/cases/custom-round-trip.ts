import { describe, expect, test } from "@jest/globals";
import type { CustomField } from "../../../src/providers/contract/model.js";
import type { CaseContext } from "../ground.js";
import { adapterOf, getOne, listAll } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf, resourcesOf } from "../subject.js";

const CUSTOM = new Set(["customFields"]);

const isFilled = ({ value }: CustomField) => value !== null && !(Array.isArray(value) && value.length === 0);

/** What is read of a custom field can be written back. */
export function describeCustomRoundTrip({ subject, ground }: CaseContext): void {
  describe("custom values", () => {
    for (const resource of resourcesOf(subject)) {
      const adapter = adapterOf(subject.provider, resource);
      if (!adapter.map.custom || !adapter.create || resourceOf(subject, resource).custom.length === 0) continue;
      test(`every value that is read of a ${resource} can be written, and is read again`, async () => {
        const { stage, fresh } = ground();
        const { context } = stage.connect({ account: WRITE_ACCOUNT });
        const records = await listAll(adapter, context, { select: CUSTOM });
        const seeded = records.flatMap(({ fields }) => fields["customFields"] as CustomField[]).filter(isFilled);
        const values = new Map(seeded.map(({ key, value }) => [key, { key, value }]));
        for (const { key, value } of resourceOf(subject, resource).custom)
          if (!values.has(key)) values.set(key, { key, value });
        const customFields = [...values.values()];
        const input = { ...resourceOf(subject, resource).minimal(fresh), customFields };
        const id = await adapter.create!(context, input);
        const first = (await getOne(adapter, context, id, CUSTOM)).fields["customFields"] as CustomField[];
        for (const field of customFields) expect(first).toContainEqual(expect.objectContaining(field));
        const again = first.filter(isFilled).map(({ key, value }) => ({ key, value }));
        await adapter.update!(context, id, { customFields: again });
        expect((await getOne(adapter, context, id, CUSTOM)).fields["customFields"]).toEqual(first);
      });
    }
  });
}
