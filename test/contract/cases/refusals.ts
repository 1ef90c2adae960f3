import { describe, expect, test } from "@jest/globals";
import type { ContactInput, LeadInput, MeetingInput } from "../../../src/providers/contract/input.js";
import type { CrmError } from "../../../src/errors/crm-error.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { writableInputs } from "../../../src/providers/mapping/write-record.js";
import type { ResourceContext } from "../ground.js";
import { adapterOf, everything, getOne, type AnyAdapter } from "../stage/adapter.js";
import { NO_RECORDS } from "./coverage.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf, updatable, type Input } from "../subject.js";

type Every<Shape> = { [Name in keyof Shape]-?: NonNullable<Shape[Name]> };

const SHARED = { ownerId: "1", tags: ["vip"], customFields: [{ key: "shoe_size", value: "44" }] };
const PERSON = {
  ...SHARED,
  firstName: "Ann",
  lastName: "Lee",
  fullName: "Ann Lee",
  title: "CEO",
  emails: [{ address: "ann@example.com" }],
  phones: [{ number: "+1 617 555 0100" }],
  addresses: [{ city: "Boston" }],
  description: "text",
};
const CONTACT: Every<ContactInput> = {
  ...PERSON,
  department: "Sales",
  company: { name: "Acme" },
  lifecycleStage: "LEAD",
  rawLifecycleStage: "lead",
  leadSource: "Web",
  websites: ["https://example.com"],
  doNotContact: true,
};
const LEAD: Every<LeadInput> = {
  ...PERSON,
  subject: "Renewal",
  companyName: "Acme",
  source: "Web",
  status: "NEW",
  rawStatus: "new",
  rating: "HOT",
  value: { amount: "1.00", currency: "USD" },
  contactId: "1",
};
const MEETING: Every<MeetingInput> = {
  ...SHARED,
  title: "Demo",
  description: "text",
  internalNotes: "text",
  startAt: new Date("2026-06-10T09:00:00.000Z"),
  endAt: new Date("2026-06-10T10:00:00.000Z"),
  isAllDay: true,
  location: "Room 4",
  videoUrl: "https://meet.example.com/1",
  status: "SCHEDULED",
  rawStatus: "scheduled",
  contactIds: ["1"],
  leadIds: ["1"],
};
/** Every input of the unified model; the compiler reports a missing one. */
const ALL_INPUTS: Record<ResourceName, Input> = { contact: CONTACT, lead: LEAD, meeting: MEETING };

export function describeRefusals({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const own = resourceOf(subject, resource);
  const { create, update, delete: remove } = adapter;
  if (!create && !update && !remove) return;

  /** The error, which must come before any call. */
  async function refusal(run: () => Promise<unknown>) {
    const { stage } = ground();
    let error: Awaited<ReturnType<typeof stage.failure>> | undefined;
    const requests = await stage.recorded(async () => (error = await stage.failure(run())));
    expect(requests).toEqual([]);
    return error!;
  }

  const refused = own.refused(NO_RECORDS);
  const unheld = Object.keys(ALL_INPUTS[resource]).filter((name) => !writableInputs(adapter.map).includes(name));

  describe("refusals", () => {
    if (create) describeCreates(create);
    if (update) describeUpdates(update);

    test("updating or deleting a record that does not exist fails", async () => {
      for (const id of [...own.missingIds, ...own.malformedIds]) await expectGone(id);
    });

    if (remove)
      test("updating or deleting a deleted record fails", async () => {
        const { writer, make } = ground();
        const id = await make(resource);
        await expect(getOne(adapter, writer.context, id, everything(adapter))).resolves.toMatchObject({ nativeId: id });
        await remove(writer.context, id);
        await expectGone(id);
      });
  });

  async function expectGone(id: string): Promise<void> {
    const { stage, writer, fresh } = ground();
    const code = `${resource.toUpperCase()}_NOT_FOUND`;
    const input = updatable(own, own.full(fresh).input);
    const writes = [
      ...(update ? [() => update(writer.context, id, input)] : []),
      ...(remove ? [() => remove(writer.context, id)] : []),
    ];
    for (const write of writes) expect([id, (await stage.failure(write())).code]).toEqual([id, code]);
  }

  function describeUpdates(update: NonNullable<AnyAdapter["update"]>): void {
    test("an update names every input that the CRM cannot hold, all at once", async () => {
      const { writer } = ground();
      const input = { ...unheldInput(), shoeSize: 44 };
      const error = await refusal(() => update(writer.context, own.missingIds[0]!, input));
      expect(error.code).toBe("INVALID_INPUT");
      expect(inputsNamed(error)).toEqual(
        Object.keys(input)
          .map((name) => `input.${name}`)
          .sort(),
      );
    });

    const cases = refused.flatMap(({ input, errors }, index) =>
      Object.keys(updatable(own, input)).length === Object.keys(input).length
        ? [[errors.join(", "), index] as const]
        : [],
    );
    if (cases.length > 0)
      test.each(cases)("an update refuses %s by name (case %i)", async (_paths, index) => {
        const { writer, fresh } = ground();
        const { input, errors } = own.refused(fresh)[index]!;
        const updating = await refusal(() => update(writer.context, own.missingIds[0]!, input));
        expect([updating.code, Object.keys(updating.details.errors!).sort()]).toEqual([
          "INVALID_INPUT",
          [...errors].sort(),
        ]);
      });

    test("an update refuses by name the inputs that only a create accepts", async () => {
      const { writer, fresh } = ground();
      const { input } = own.full(fresh);
      for (const name of own.createOnly) {
        const error = await refusal(() => update(writer.context, own.missingIds[0]!, { [name]: input[name] }));
        expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", [`input.${name}`]]);
      }
    });
  }

  function unheldInput(): Input {
    return Object.fromEntries(unheld.map((name) => [name, ALL_INPUTS[resource][name]]));
  }

  function describeCreates(create: NonNullable<AnyAdapter["create"]>): void {
    test("a create names all missing required inputs at once", async () => {
      const { writer } = ground();
      for (const input of [{}, Object.fromEntries(own.required.map((path) => [path.replace("input.", ""), null]))]) {
        const error = await refusal(() => create(writer.context, input));
        expect(error.code).toBe("MISSING_REQUIRED");
        expect(Object.keys(error.details.errors!).sort()).toEqual([...own.required].sort());
        for (const message of Object.values(error.details.errors!)) expect(message).toContain(subject.provider.name);
      }
    });

    test("a create names every input that the CRM cannot hold, all at once", async () => {
      const { writer, fresh } = ground();
      const input = { ...unheldInput(), shoeSize: 44 };
      const error = await refusal(() => create(writer.context, { ...own.minimal(fresh), ...input }));
      expect(error.code).toBe("INVALID_INPUT");
      expect(inputsNamed(error)).toEqual(
        Object.keys(input)
          .map((name) => `input.${name}`)
          .sort(),
      );
    });

    test("null for an input that the CRM does not have is accepted", async () => {
      const { writer, fresh } = ground();
      const nulls = Object.fromEntries(unheld.map((name) => [name, null]));
      await expect(create(writer.context, { ...own.minimal(fresh), ...nulls })).resolves.toEqual(expect.any(String));
    });

    test.each(refused.map(({ errors }, index) => [errors.join(", "), index] as const))(
      "a create refuses %s by name (case %i)",
      async (_paths, index) => {
        const { writer, fresh } = ground();
        const { input, errors } = own.refused(fresh)[index]!;
        const creating = await refusal(() => create(writer.context, { ...own.minimal(fresh), ...input }));
        expect([creating.code, Object.keys(creating.details.errors!).sort()]).toEqual([
          "INVALID_INPUT",
          [...errors].sort(),
        ]);
      },
    );

    const customInput = (key: string) => ({ customFields: [{ key, value: "x" }] });
    test.each(["", "shoe size", "../x", "__proto__", ...own.standardKeys])(
      "%p is refused as the key of a custom field",
      async (key) => {
        const { writer, fresh } = ground();
        const error = await refusal(() => create(writer.context, { ...own.minimal(fresh), ...customInput(key) }));
        expect(error.code).toBe("INVALID_INPUT");
        expect(Object.keys(error.details.errors!)[0]).toMatch(/^input\.customFields/);
      },
    );

    test("an unknown custom field is refused by name, and nothing is created", async () => {
      const { stage, writer, fresh } = ground();
      const client = await stage.native(WRITE_ACCOUNT);
      const before = await client.count(resource);
      for (const key of ["no_such_field", "x_no_such_field", "No_Such_Field__c"]) {
        const input = { ...own.minimal(fresh), ...customInput(key) };
        const error = await stage.failure(create(writer.context, input));
        expect([error.code, Object.keys(error.details.errors ?? {})]).toEqual([
          "INVALID_INPUT",
          [expect.stringMatching(/^input\.customFields/)],
        ]);
      }
      expect(await client.count(resource)).toBe(before);
    });

    const { unknownThere } = own;
    if (unknownThere)
      test("the problems of several look-ups are named at once, and nothing is created", async () => {
        const { stage, writer, fresh } = ground();
        const client = await stage.native(WRITE_ACCOUNT);
        const before = await client.count(resource);
        const { input, errors } = unknownThere(fresh);
        const error = await stage.failure(create(writer.context, { ...own.minimal(fresh), ...input }));
        expect([error.code, Object.keys(error.details.errors ?? {}).sort()]).toEqual([
          "INVALID_INPUT",
          [...errors].sort(),
        ]);
        expect(await client.count(resource)).toBe(before);
      });

    test("a reference to an unknown record is refused by name, and nothing is created", async () => {
      const { stage, writer, fresh } = ground();
      const minimal = own.minimal(fresh);
      const references = {
        contactId: own.missingIds[0]!,
        contactIds: [own.missingIds[0]!],
        leadIds: [own.missingIds[0]!],
      };
      for (const [name, value] of Object.entries(references)) {
        if (!writableInputs(adapter.map).includes(name)) continue;
        const client = await stage.native(WRITE_ACCOUNT);
        const before = await client.count(resource);
        const error = await stage.failure(create(writer.context, { ...minimal, [name]: value }));
        expect([error.code, Object.keys(error.details.errors ?? {})[0]]).toEqual([
          "INVALID_INPUT",
          expect.stringMatching(new RegExp(`^input\\.${name}`)),
        ]);
        expect(await client.count(resource)).toBe(before);
      }
    });

    test("an unknown owner is refused by name", async () => {
      const { stage, writer, fresh } = ground();
      if (!writableInputs(adapter.map).includes("ownerId")) return;
      for (const ownerId of [own.missingIds[0]!, "nobody", "1'; --"]) {
        const error = await stage.failure(create(writer.context, { ...own.minimal(fresh), ownerId }));
        expect([error.code, Object.keys(error.details.errors ?? {})]).toEqual(["INVALID_INPUT", ["input.ownerId"]]);
      }
    });
  }
}

function inputsNamed({ details }: CrmError): string[] {
  return Object.keys(details.errors!)
    .map((path) => path.split(".").slice(0, 2).join("."))
    .sort();
}
