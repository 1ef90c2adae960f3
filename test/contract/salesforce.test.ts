import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeContract } from "./contract-suite.js";
import { salesforceSubject } from "./salesforce/subject.js";
import { adapterOf, edgeIds, getOne } from "./stage/adapter.js";
import { openStage, type Stage } from "./stage/stage.js";

describeContract(salesforceSubject);

/** Behaviour of Salesforce that no other CRM has. */
describe("Salesforce only", () => {
  const contacts = adapterOf(salesforceSubject.provider, "contact");
  const meetings = adapterOf(salesforceSubject.provider, "meeting");
  let stage: Stage;
  beforeAll(async () => (stage = await openStage(salesforceSubject)));
  afterAll(() => stage.close());

  test("a contact that a duplicate rule refuses names the existing contact", async () => {
    const { context } = stage.connect({ account: "duplicates" });
    const input = { lastName: "Twice", emails: [{ address: "twice@example.com" }] };
    const existing = await contacts.create!(context, input);
    const error = await stage.failure(contacts.create!(context, input));
    expect([error.code, error.details.existingId]).toEqual(["DUPLICATE_RECORD", existing]);
  });

  test("without Shared Activities, an event has one person, and more are refused by name", async () => {
    const account = "team-unshared";
    const { context } = stage.connect({ account });
    const native = await stage.native(account);
    const [one, two] = [...(await native.all("contact")).keys()];
    const times = { startAt: new Date("2026-06-10T09:00:00.000Z"), endAt: new Date("2026-06-10T10:00:00.000Z") };
    const id = await meetings.create!(context, { ...times, contactIds: [one!] });
    await meetings.update!(context, id, { contactIds: [two!] });
    expect(await edgeIds(meetings, context, await getOne(meetings, context, id), "contacts")).toEqual([two]);
    const before = await native.count("meeting");
    const error = await stage.failure(meetings.create!(context, { ...times, contactIds: [one!, two!] }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.contactIds"]]);
    expect(await native.count("meeting")).toBe(before);
  });

  test("an update of only the start or only the end is refused if the meeting then ends before it starts", async () => {
    const { context } = stage.connect({ account: "written" });
    const startAt = new Date("2026-06-10T09:00:00.000Z");
    const endAt = new Date("2026-06-10T10:00:00.000Z");
    const id = await meetings.create!(context, { startAt, endAt });
    const update = meetings.update!(context, id, { endAt: new Date("2026-06-10T08:00:00.000Z") });
    expect((await stage.failure(update)).code).toBe("INVALID_DATE_RANGE");
  });
});
