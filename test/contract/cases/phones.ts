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

/** Numbers with the extension 12, in the notations of people and of CRMs. Each number is another one. */
const WITH_EXTENSION = [
  "+1 212 555 0111 ext. 12",
  "+1 212-555-0112 x12",
  "+12125550113x12",
  "+1 (212) 555-0114 ext 12",
  "+12125550115;ext=12",
  "+49 89 1234570 ext. 12",
];
/** How callers put together what the graph returns for such a number. */
const TOGETHER = [
  (e164: string, extension: string) => `${e164} ext. ${extension}`,
  (e164: string, extension: string) => `${e164}x${extension}`,
  (e164: string, extension: string) => `${e164};ext=${extension}`,
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

      test(`the e164 and the extension of a number of a ${resource} find it, and nobody with another extension`, async () => {
        const { stage, fresh } = ground();
        const { context } = stage.connect({ account: WRITE_ACCOUNT });
        const { minimal } = resourceOf(subject, resource);
        const select = new Set(["phones"]);
        const lost: unknown[] = [];
        for (const number of WITH_EXTENSION) {
          const create = (text: string) => adapter.create!(context, { ...minimal(fresh), phones: [{ number: text }] });
          const id = await create(number);
          const [phone] = (await getOne(adapter, context, id, select)).fields["phones"] as [PhoneNumber];
          const [e164, extension] = [resolver.e164(phone)!, resolver.extension(phone)];
          expect(e164).toMatch(/^\+\d+$/);
          // A CRM that stores no extensions finds the number by its E.164 form alone.
          const filters = extension === null ? [e164] : TOGETHER.map((together) => together(e164, extension));
          for (const phoneFilter of [phone.number, ...filters]) {
            const found = await listAll(adapter, context, { filter: { phone: phoneFilter }, select });
            if (!found.some(({ nativeId }) => nativeId === id)) lost.push([number, phone.number, phoneFilter]);
            for (const record of found) {
              const own = (record.fields["phones"] as PhoneNumber[]).map((one) => [
                resolver.e164(one),
                resolver.extension(one),
              ]);
              expect(own).toContainEqual([e164, extension]);
            }
          }
          if (extension === null) continue;
          const other = await create(number.replace(/12$/, "13"));
          const found = await listAll(adapter, context, { filter: { phone: `${e164} ext. ${extension}` }, select });
          expect(found.map(({ nativeId }) => nativeId)).not.toContain(other);
        }
        expect(lost).toEqual([]);
      });
    }
  });
}
