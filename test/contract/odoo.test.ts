import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeContract } from "./contract-suite.js";
import { describeMeetingPeople } from "./odoo/meeting-people.js";
import { odooSubject } from "./odoo/subject.js";
import { LEADS_GROUP } from "../../src/sandbox/crms/odoo/seed/base-data.js";
import { openOdoo } from "./odoo/native-client.js";
import { adapterOf, everything, getOne, listAll } from "./stage/adapter.js";
import { openStage, WRITE_ACCOUNT, type Stage } from "./stage/stage.js";
import { resourceOf } from "./subject.js";

describeContract(odooSubject);
describeMeetingPeople(odooSubject);

const byNumber = (one: number, other: number) => one - other;

/** Behaviour that only Odoo has: some values are records in Odoo, and names in crmesh. */
describe("Odoo only", () => {
  let stage: Stage;
  beforeAll(async () => (stage = await openStage(odooSubject)));
  afterAll(() => stage.close());
  const clientOf = (account: string) => openOdoo(stage.origin, stage.credentials(account));

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

  test("in a database that has leads switched off, opportunities are the leads", async () => {
    const account = "no-leads";
    const client = await clientOf(account);
    const [group] = await client.call<{ id: number }[]>("res.groups", "search_read", [[["name", "=", LEADS_GROUP]]]);
    await client.call("res.groups", "write", [[group!.id], { users: [[6, 0, []]] }]);
    await stage.verify(account);
    const { context } = stage.connect({ account });
    const leads = adapterOf(odooSubject.provider, "lead");
    const contacts = adapterOf(odooSubject.provider, "contact");
    const [contactId] = [...(await client.all("contact")).keys()];
    const id = await leads.create!(context, { subject: "Seen in the pipeline", contactId });
    expect((await client.get("lead", id))!["type"]).toBe("opportunity");

    const opportunities = await client.call<number[]>("crm.lead", "search", [[["type", "=", "opportunity"]]], {
      context: { active_test: false },
    });
    const listed = await listAll(leads, context, { select: everything(leads) });
    expect(listed.map(({ nativeId }) => Number(nativeId)).sort(byNumber)).toEqual(opportunities.sort(byNumber));
    const own = listed.find(({ nativeId }) => nativeId === id)!;
    expect(own.fields).toMatchObject({ status: "NEW", isConverted: false, convertedAt: null });
    expect(own.links).toMatchObject({ contact: [contactId], convertedContact: [] });
    // Only the stage Won means that something came of a lead.
    const won = listed.filter(({ fields }) => fields["rawStatus"] === "Won");
    const converted = await listAll(leads, context, { filter: { status: "CONVERTED" } });
    expect(won.length).toBeGreaterThan(0);
    expect(converted.map(({ nativeId }) => nativeId)).toEqual(won.map(({ nativeId }) => nativeId));
    expect((await contacts.edges["leads"]!.load(context, [contactId!])).get(contactId!)!.ids).toContain(id);
  });

  test("a tag that only an archived record has is refused, because Odoo would show it nowhere", async () => {
    const client = await clientOf(WRITE_ACCOUNT);
    const { context } = stage.connect({ account: WRITE_ACCOUNT });
    const contacts = adapterOf(odooSubject.provider, "contact");
    await client.call("res.partner.category", "create", [{ name: "Retired", active: false }]);
    const input = { fullName: "Tagged", tags: ["customer", "Retired"] };
    const error = await stage.failure(contacts.create!(context, input));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.tags.1"]]);
  });

  test("a lead with a contact is not given another e-mail address or number, which Odoo would give to the contact", async () => {
    const leads = adapterOf(odooSubject.provider, "lead");
    const contacts = adapterOf(odooSubject.provider, "contact");
    const { context } = stage.connect({ account: WRITE_ACCOUNT });
    const details = { emails: [{ address: "ann@shared.example" }], phones: [{ number: "+49 30 1" }] };
    const contactId = await contacts.create!(context, { fullName: "Ann Shared", ...details });
    const other = { emails: [{ address: "new@shared.example" }], phones: [{ number: "+49 30 2" }] };
    const both = ["input.emails", "input.phones"];
    const refused = async (write: Promise<unknown>) => {
      const { code, details: said } = await stage.failure(write);
      return [code, Object.keys(said.errors!).sort()];
    };
    expect(await refused(leads.create!(context, { subject: "x", contactId, ...other }))).toEqual([
      "INVALID_INPUT",
      both,
    ]);
    const id = await leads.create!(context, { subject: "x", contactId, ...details });
    expect(await refused(leads.update!(context, id, other))).toEqual(["INVALID_INPUT", both]);
    await leads.update!(context, id, { ...details, subject: "y" });
    const read = async () => (await getOne(leads, context, id)).fields;
    expect(await read()).toMatchObject({ subject: "y", emails: [{ address: "ann@shared.example" }] });
    const stranger = await contacts.create!(context, { fullName: "Bob Shared", ...other });
    expect(await refused(leads.update!(context, id, { contactId: stranger }))).toEqual([
      "INVALID_INPUT",
      ["input.contactId"],
    ]);
    await leads.update!(context, id, { fullName: "Ann", companyName: "Shared & Co" });
    await leads.update!(context, id, { contactId: null });
    expect(await read()).toMatchObject({ fullName: "Ann", companyName: "Shared & Co" });
    await leads.update!(context, id, other);
    expect(await read()).toMatchObject({ emails: [{ address: "new@shared.example" }] });
  });

  test("the first person of a company without an address does not give it theirs", async () => {
    const contacts = adapterOf(odooSubject.provider, "contact");
    const { context } = stage.connect({ account: WRITE_ACCOUNT });
    const native = await stage.native(WRITE_ACCOUNT);
    const company = await native.create("contact", { name: "Fresh Ltd", is_company: true });
    const address = { street1: "Own St 1", city: "Boston" };
    const input = { fullName: "First", company: { id: company }, addresses: [address] };
    const id = await contacts.create!(context, input);
    expect((await getOne(contacts, context, id)).fields["addresses"]).toEqual([expect.objectContaining(address)]);
    expect(await native.get("contact", company)).toMatchObject({ street: false, city: false });
  });

  test("a person who moves to another company keeps the address", async () => {
    const contacts = adapterOf(odooSubject.provider, "contact");
    const { context } = stage.connect({ account: WRITE_ACCOUNT });
    const native = await stage.native(WRITE_ACCOUNT);
    const company = await native.create("contact", { name: "Moved Ltd", is_company: true, city: "Elsewhere" });
    const id = await contacts.create!(context, { fullName: "Mover", addresses: [{ city: "Boston" }] });
    await contacts.update!(context, id, { company: { id: company } });
    const read = async () => (await getOne(contacts, context, id)).fields["addresses"];
    expect(await read()).toEqual([expect.objectContaining({ city: "Boston" })]);
    // The same company and address again change nothing.
    await contacts.update!(context, id, { company: { id: company }, addresses: [{ city: "Boston" }] });
    expect(await read()).toEqual([expect.objectContaining({ city: "Boston" })]);
    expect(await native.get("contact", company)).toMatchObject({ city: "Elsewhere" });
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
