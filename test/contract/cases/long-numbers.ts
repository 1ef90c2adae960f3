import { describe, expect, test } from "@jest/globals";
import { LongNumber } from "../../../src/upstream/long-number.js";
import type { CaseContext } from "../ground.js";
import { needing } from "./needing.js";
import { adapterOf, everything, getOne } from "../stage/adapter.js";
import { resourceOf } from "../subject.js";

/** A double rounds it to …992. */
const LONG = "9007199254740993";
/** A number that a double holds and no other field of a record has; the answers say it otherwise. */
const MARK = 7654321.25;

const GIVEN: readonly (readonly [string, unknown])[] = [
  ["a number", new LongNumber(LONG)],
  ["a string of digits", LONG],
];

/** Numbers beyond a double, on their way to the CRM and back. */
export function describeLongNumbers(context: CaseContext): void {
  const { subject, ground } = context;
  const contacts = adapterOf(subject.provider, "contact");
  const own = resourceOf(subject, "contact");
  const { key } = own.custom.find(({ type }) => type === "NUMBER")!;
  const { longNumbers: fate } = subject;

  const numberOf = (fields: Record<string, unknown>) =>
    (fields["customFields"] as { key: string; value: unknown }[]).find((field) => field.key === key)!.value;
  const read = (id: string) => getOne(contacts, ground().writer.context, id, everything(contacts));

  describe("numbers beyond a double", () => {
    needing(context, ["CUSTOM_FIELDS contact"], () => {
      test.each(GIVEN)(`%s is sent with all its digits and is ${fate} there`, async (kind, value) => {
        const { stage, writer, make } = ground();
        const id = await make("contact");
        let outcome: unknown;
        const requests = await stage.recorded(async () => {
          outcome = await contacts.update!(writer.context, id, { customFields: [{ key, value }] }).catch(
            (error: unknown) => error,
          );
        });
        const [sent, ...others] = requests.filter((request) => subject.isWrite(request)).map(({ body }) => body);
        expect(others).toEqual([]);
        const isText = fate === "SPELLED" || (typeof value === "string" && subject.numbersFromTexts === true);
        expect([kind, sent]).toEqual([kind, expect.stringContaining(isText ? `"${LONG}"` : `:${LONG}`)]);

        if (fate === "REFUSED") {
          const error = await stage.failure(Promise.reject(outcome));
          expect([error.code, Object.keys(error.details.errors!)]).toEqual([
            "INVALID_INPUT",
            [`input.customFields.${key}`],
          ]);
          return;
        }
        expect(outcome).toBeUndefined();
        const { fields, raw } = await read(id);
        // Some servers print only 14 digits of a double.
        if (fate === "ROUNDED") expect([9007199254740992, 9007199254741000]).toContain(numberOf(fields));
        else expect(numberOf(fields)).toBe(LONG);
        if (fate !== "ROUNDED") expect(JSON.stringify(raw)).toContain(`"${LONG}"`);
      });
    });

    needing(context, ["PLAYED_ANSWERS"], () => {
      test("a long number of the CRM is a string of digits, in the custom field and in raw", async () => {
        const { stage, writer, fresh } = ground();
        const customFields = [{ key, value: MARK }];
        const id = await contacts.create!(writer.context, { ...own.minimal(fresh), customFields });
        for (const digits of [LONG, "-123456789012345678", "12345678901234.5678"]) {
          const { fields, raw } = await stage.changing(
            (text) => text.replaceAll(String(MARK), digits),
            () => read(id),
          );
          expect(numberOf(fields)).toBe(digits);
          expect(JSON.stringify(raw)).toContain(`"${digits}"`);
        }
        expect(numberOf((await read(id)).fields)).toBe(MARK);
      });
    });

    needing(context, ["CUSTOM_FIELDS contact"], () => {
      test("text that spells no number is refused by name, where its field is known", async () => {
        const { stage, writer, fresh } = ground();
        const input = { ...own.minimal(fresh), customFields: [{ key, value: "12 apples" }] };
        let error: Awaited<ReturnType<typeof stage.failure>> | undefined;
        const requests = await stage.recorded(
          async () => (error = await stage.failure(contacts.create!(writer.context, input))),
        );
        // Salesforce's own refusal of such text names no field, so the adapter looks for it in the definitions.
        expect([error!.code, Object.keys(error!.details.errors!)]).toEqual([
          "INVALID_INPUT",
          [`input.customFields.${key}`],
        ]);
        const writes = requests.filter((request) => subject.isWrite(request));
        expect(writes).toHaveLength(subject.numbersFromTexts === true || fate === "SPELLED" ? 1 : 0);
      });
    });

    const lead = subject.resources.lead;
    if (!lead || !("value" in lead.fields)) return;
    needing(context, ["PLAYED_ANSWERS"], () => {
      test("an amount of 18 digits is read with all of them", async () => {
        const { stage, writer, fresh, make } = ground();
        const leads = adapterOf(subject.provider, "lead");
        const id = await make("lead");
        const { currency } = lead.full(fresh).reads["value"] as { currency: string };
        await leads.update!(writer.context, id, { value: { amount: String(MARK), currency } });
        const { fields, raw } = await stage.changing(
          (text) => text.replaceAll(String(MARK), "1234567890123456.78"),
          () => getOne(leads, writer.context, id, new Set(["value", "raw"])),
        );
        expect(fields["value"]).toEqual({ amount: "1234567890123456.78", currency });
        expect(JSON.stringify(raw)).toContain('"1234567890123456.78"');
      });
    });
  });
}
