import { describe, expect, test } from "@jest/globals";
import { PhoneNumberResolver } from "../../../src/graphql/schema/shared/phone.js";
import type { PhoneNumber } from "../../../src/providers/contract/model.js";
import type { CaseContext } from "../ground.js";
import { adapterOf, getOne, listAll } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf, resourcesOf } from "../subject.js";

/** Notations that people and CRMs use. Each number is another one. */
const NOTATIONS = [
  "+12125550101",
  "+1 212 555 0102",
  "+1 212-555-0103",
  "+1-212-555-0104",
  "+1 (212) 555-0105",
  "+1 2125550106",
  "+49 89 1234567",
  "+49 (0)89 1234568",
  "+49 151 55500179",
  "+4915155500180",
  "+33 6 12 34 56 78",
  "+33612345679",
];

/** A contact or a lead is found again by the number that the graph returns for it. */
export function describePhones({ subject, ground }: CaseContext): void {
  const resolver = new PhoneNumberResolver();

  describe("phone numbers", () => {
    for (const resource of resourcesOf(subject)) {
      const adapter = adapterOf(subject.provider, resource);
      if (!adapter.create || !("phone" in adapter.map.filters)) continue;
      const isInput = "phones" in adapter.map.fields && !adapter.map.fields["phones"]!.linked;
      if (!isInput) continue;

      test(`the e164 of a number of a ${resource} finds it, in whatever usual notation it was written`, async () => {
        const { stage, fresh } = ground();
        const { context } = stage.connect({ account: WRITE_ACCOUNT });
        const { minimal } = resourceOf(subject, resource);
        const lost: unknown[] = [];
        for (const number of NOTATIONS) {
          const id = await adapter.create!(context, { ...minimal(fresh), phones: [{ number }] });
          const { fields } = await getOne(adapter, context, id, new Set(["phones"]));
          const [phone] = fields["phones"] as [PhoneNumber];
          const phoneFilter = resolver.e164(phone)!;
          expect(phoneFilter).toMatch(/^\+\d+$/);
          const found = await listAll(adapter, context, {
            filter: { phone: phoneFilter },
            select: new Set(["phones"]),
          });
          if (!found.some(({ nativeId }) => nativeId === id)) lost.push([number, phone.number, phoneFilter]);
          for (const record of found) {
            const own = (record.fields["phones"] as PhoneNumber[]).map((one) => resolver.e164(one));
            expect(own).toContain(phoneFilter);
          }
        }
        expect(lost).toEqual([]);
      });
    }
  });
}
