import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeContract } from "./contract-suite.js";
import { odooSubject } from "./odoo/subject.js";
import { adapterOf } from "./stage/adapter.js";
import { openStage, WRITE_ACCOUNT, type Stage } from "./stage/stage.js";
import { resourceOf } from "./subject.js";

describeContract(odooSubject);

/** Behaviour that only Odoo has: some values are records in Odoo, and names in crmesh. */
describe("Odoo only", () => {
  let stage: Stage;
  beforeAll(async () => (stage = await openStage(odooSubject)));
  afterAll(() => stage.close());

  const UNKNOWN = "Nowhere-on-Earth";
  test.each([
    ["contact", { tags: ["customer", UNKNOWN] }, "input.tags.1"],
    ["contact", { addresses: [{ city: "X", country: UNKNOWN }] }, "input.addresses.0.country"],
    ["contact", { addresses: [{ state: UNKNOWN, country: "DE" }] }, "input.addresses.0.state"],
    ["lead", { source: UNKNOWN }, "input.source"],
    ["lead", { rawStatus: UNKNOWN }, "input.rawStatus"],
    ["lead", { tags: [UNKNOWN] }, "input.tags.0"],
    ["lead", { value: { amount: "1", currency: "XTS" } }, "input.value.currency"],
    ["meeting", { tags: [UNKNOWN] }, "input.tags.0"],
  ] as const)("a %s with %j is refused by name, and nothing is created", async (resource, input, path) => {
    const adapter = adapterOf(odooSubject.provider, resource);
    const { context } = stage.connect({ account: WRITE_ACCOUNT });
    const native = await stage.native(WRITE_ACCOUNT);
    const before = await native.count(resource);
    const { minimal } = resourceOf(odooSubject, resource);
    const fresh = await stage.fresh();
    const error = await stage.failure(adapter.create!(context, { ...minimal(fresh), ...input }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", [path]]);
    expect(await native.count(resource)).toBe(before);
  });

  test("all unknown names are reported at once", async () => {
    const leads = adapterOf(odooSubject.provider, "lead");
    const { context } = stage.connect({ account: WRITE_ACCOUNT });
    const input = { subject: "x", source: UNKNOWN, rawStatus: UNKNOWN, tags: ["Product", UNKNOWN] };
    const error = await stage.failure(leads.create!(context, input));
    expect(Object.keys(error.details.errors!).sort()).toEqual(["input.rawStatus", "input.source", "input.tags.1"]);
  });

  test("an update of only the start or only the end is refused if the meeting then ends before it starts", async () => {
    const meetings = adapterOf(odooSubject.provider, "meeting");
    const { context } = stage.connect({ account: WRITE_ACCOUNT });
    const startAt = new Date("2026-06-10T09:00:00.000Z");
    const endAt = new Date("2026-06-10T10:00:00.000Z");
    const id = await meetings.create!(context, { title: "x", startAt, endAt });
    const update = meetings.update!(context, id, { endAt: new Date("2026-06-10T08:00:00.000Z") });
    expect((await stage.failure(update)).code).toBe("INVALID_DATE_RANGE");
  });
});
