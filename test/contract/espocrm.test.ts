import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { espocrm } from "../../src/providers/crm/espocrm/index.js";
import { existingOf } from "../../src/providers/kit/resource-kit.js";
import { describeContract } from "./contract-suite.js";
import { espocrmSubject } from "./espocrm/subject.js";
import { adapterOf, edgeIds, everything, getOne, listAll } from "./stage/adapter.js";
import { openStage, WRITE_ACCOUNT, type Stage } from "./stage/stage.js";
import { resourceOf } from "./subject.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";

describeContract(espocrmSubject);

const TIMES = { startAt: new Date("2026-06-10T09:00:00.000Z"), endAt: new Date("2026-06-10T10:00:00.000Z") };
const ABSENT = espocrmSubject.absentId("contact", 7);

/** Behaviour of EspoCRM that no other CRM has. */
describe("EspoCRM only", () => {
  const contacts = adapterOf(espocrm, "contact");
  const leads = adapterOf(espocrm, "lead");
  const meetings = adapterOf(espocrm, "meeting");
  let stage: Stage;
  let words = 0;
  beforeAll(async () => (stage = await openStage(espocrmSubject)));
  afterAll(() => stage.close());
  const writer = () => stage.connect({ account: WRITE_ACCOUNT });
  const native = () => stage.native(WRITE_ACCOUNT);
  const unique = () => `own${(words += 1)}`;

  describe("answers without a body", () => {
    const classify = (status: number, reason: string | undefined, body: unknown = "") => {
      const headers = reason === undefined ? {} : { "x-status-reason": reason };
      return espocrm.traits.classify({ status, headers, body: new AnswerBody(body), isJson: typeof body !== "string" });
    };

    test("a refused key and a missing permission have different errors", () => {
      // EspoCRM 9 says so with another status.
      for (const status of [403, 400]) {
        const error = classify(status, "Forbidden attribute 'salary' in where.");
        expect(error).toMatchObject({ code: "PROVIDER_AUTH_FAILED", credentialRefused: false });
        expect(error?.details.upstream).toEqual({ status });
      }
      expect(classify(401, undefined)).toMatchObject({ code: "PROVIDER_AUTH_FAILED", credentialRefused: true });
      expect(classify(403, "No read access.")).toMatchObject({
        code: "PROVIDER_AUTH_FAILED",
        credentialRefused: false,
        details: { upstream: { status: 403, code: "No read access" } },
      });
    });

    test("a page that is too large is not reported as a missing permission", () => {
      expect(classify(403, "Max size should not exceed 50. Use offset and limit.")).toMatchObject({
        code: "PROVIDER_ERROR",
        details: { detail: expect.stringContaining("recordListMaxSizeLimit") },
      });
    });

    test("the reason text of EspoCRM is not in the error", () => {
      const error = classify(404, "Record Ann Lee <ann@example.com> does not exist.");
      expect(error?.details).toEqual({ upstream: { status: 404 } });
      const linked = classify(400, "Record 'Contact' `0f1e2d` not found. Record 'Contact' `0f1e2d` not found.");
      expect(linked?.details).toEqual({ upstream: { status: 400, code: "Linked record not found" } });
    });

    test("a 404 page of the web server is not a missing record", () => {
      expect(classify(404, undefined, "<html><h1>404 Not Found</h1></html>")?.code).toBe("PROVIDER_UNAVAILABLE");
    });

    test("a missing field is MISSING_REQUIRED, any other field error is INVALID_INPUT", () => {
      const failure = (field: string, type: string) => ({
        messageTranslation: { label: "validationFailure", scope: null, data: { field, type } },
      });
      expect(classify(400, undefined, failure("assignedUser", "required"))).toMatchObject({
        code: "MISSING_REQUIRED",
        details: { errors: { assignedUserId: expect.any(String) } },
      });
      expect(classify(400, undefined, failure("emailAddress", "emailAddress"))?.code).toBe("INVALID_INPUT");
      expect(classify(400, "Not existing attribute 'x' in where.")?.code).toBe("PROVIDER_ERROR");
    });

    test("a conflict without a duplicate is not DUPLICATE_RECORD", () => {
      expect(classify(409, "Conflict", "")?.code).toBe("PROVIDER_ERROR");
      expect(classify(409, "duplicate", [{ id: "1a" }])).toMatchObject({
        code: "DUPLICATE_RECORD",
        details: { existingId: "1a" },
      });
      expect(classify(409, "duplicate", "")?.code).toBe("DUPLICATE_RECORD");
    });
  });

  test("a duplicate names the first existing record", async () => {
    const { context } = writer();
    const input = () => ({ lastName: unique(), emails: [{ address: "twice@example.com" }] });
    const existing = await contacts.create!(context, input());
    const error = await stage.failure(contacts.create!(context, input()));
    expect([error.code, error.details.existingId]).toEqual(["DUPLICATE_RECORD", existing]);
  });

  test.each([
    ["cVisits", 1.5],
    ["cVisits", 2 ** 31],
    ["cTotal", 5],
  ])("a value that EspoCRM would change without a word is refused: %s of %p", async (key, value) => {
    const { context } = writer();
    const input = { lastName: unique(), customFields: [{ key, value }] };
    const { code, details } = await stage.failure(contacts.create!(context, input));
    expect([code, Object.keys(details.errors!)]).toEqual(["INVALID_INPUT", [`input.customFields.${key}`]]);
  });

  test("a number or address that another record has keeps its type and its opt-out there", async () => {
    const { context } = writer();
    const client = await native();
    const [number, written, address] = ["+49307654321", "+49 (0)30 7654321", "shared@example.com"];
    const holder = await client.create("lead", {
      lastName: unique(),
      phoneNumberData: [{ phoneNumber: number, type: "Office", primary: true }],
      emailAddressData: [{ emailAddress: address, optOut: true, primary: true }],
    });
    const before = await client.get("lead", holder);
    const shared = { phones: [{ number: written }], emails: [{ address }, { address: `${unique()}@example.com` }] };
    const id = await contacts.create!(context, { lastName: unique(), ...shared });
    const other = await contacts.create!(context, { lastName: unique() });
    await contacts.update!(context, other, { phones: shared.phones });
    for (const one of [id, other])
      expect((await getOne(contacts, context, one)).fields["phones"]).toMatchObject([{ number, type: "WORK" }]);
    const phones = [{ number: "+49301234567" }, { number: written, type: "MOBILE" }];
    const refusals = [
      contacts.create!(context, { lastName: unique(), phones }),
      contacts.update!(context, id, { phones }),
    ];
    for (const refused of refusals) {
      const { code, details } = await stage.failure(refused);
      expect([code, Object.keys(details.errors!)]).toEqual(["INVALID_INPUT", ["input.phones.1.type"]]);
    }
    const { phoneNumberData, emailAddressData } = (await client.get("lead", holder))!;
    expect({ phoneNumberData, emailAddressData }).toEqual({
      phoneNumberData: before!["phoneNumberData"],
      emailAddressData: before!["emailAddressData"],
    });
    expect(emailAddressData).toMatchObject([{ optOut: true }]);
  });

  test("a meeting without an owner belongs to the API user, who is read once", async () => {
    const { context } = writer();
    const requests = await stage.recorded(async () => {
      for (const title of [unique(), unique()]) {
        const id = await meetings.create!(context, { title, ...TIMES });
        const { fields } = await getOne(meetings, context, id, new Set(["owner", "attendees"]));
        expect(fields["owner"]).toMatchObject({ name: "crmesh" });
        // The user who creates a meeting has accepted it.
        expect(fields["attendees"]).toMatchObject([{ name: "crmesh", isOrganizer: true, response: "ACCEPTED" }]);
      }
    });
    expect(requests.filter(({ url }) => url.includes("App/user"))).toHaveLength(1);
  });

  test("a meeting that ends before it starts is refused, although EspoCRM accepts it", async () => {
    const { context } = writer();
    const backwards = { startAt: TIMES.endAt, endAt: TIMES.startAt };
    const requests = await stage.recorded(async () => {
      const error = await stage.failure(meetings.create!(context, { title: unique(), ...backwards }));
      expect(error.code).toBe("INVALID_DATE_RANGE");
    });
    expect(requests).toEqual([]);
    const id = await (
      await native()
    ).create("meeting", {
      name: unique(),
      dateStart: "2026-06-10 10:00:00",
      dateEnd: "2026-06-10 09:00:00",
      assignedUserId: "1",
    });
    expect(id).toMatch(/^[0-9a-f]{17}$/);
    const made = await meetings.create!(context, { title: unique(), ...TIMES });
    const early = new Date("2026-06-10T08:00:00.000Z");
    expect((await stage.failure(meetings.update!(context, made, { endAt: early }))).code).toBe("INVALID_DATE_RANGE");
  });

  test("a deleted record that EspoCRM still shows to administrators is absent", async () => {
    const { context } = writer();
    const admin = stage.connect({ credentials: { url: stage.origin, apiKey: `espocrm-admin-key-${WRITE_ACCOUNT}` } });
    const id = await contacts.create!(context, { lastName: unique() });
    await contacts.delete!(context, id);
    const response = await fetch(`${stage.origin}/api/v1/Contact/${id}`, {
      headers: { "X-Api-Key": `espocrm-admin-key-${WRITE_ACCOUNT}` },
    });
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ id, deleted: true })]);
    for (const select of [new Set(["lastName"]), everything(contacts)]) {
      expect((await contacts.get(admin.context, [id], select)).size).toBe(0);
    }
    const write = contacts.update!(admin.context, id, { emails: [{ address: "late@example.com" }] });
    expect((await stage.failure(write)).code).toBe("CONTACT_NOT_FOUND");
  });

  test("pages and URLs stay within the limits of the server", async () => {
    const { context } = stage.connect();
    const requests = await stage.recorded(async () => {
      const records = await listAll(contacts, context, { limit: 1000 });
      const ids = records.map(({ nativeId }) => nativeId);
      expect((await existingOf(contacts)(context, ids.slice(0, 350))).size).toBe(350);
      const { meetings: edge } = contacts.edges;
      await edge!.load(context, ids.slice(0, edge!.batchSize));
    });
    const sizes = requests.map(({ url }) => Number(new URL(url, stage.origin).searchParams.get("maxSize") ?? 0));
    expect(Math.max(...sizes)).toBe(200);
    expect(Math.max(...requests.map(({ url }) => url.length))).toBeLessThan(8_000);
  });

  test.each([
    ["contact", { emails: [{ address: "no address" }] }, "input.emails"],
    ["contact", { firstName: "x".repeat(101) }, "input.firstName"],
    ["lead", { source: "Carrier pigeon" }, "input.source"],
    ["lead", { rawStatus: "Ripe" }, "input.status"],
    ["lead", { value: { amount: "1", currency: "XTS" } }, "input.value"],
    ["lead", { companyName: "a <b> c" }, "input.companyName"],
    ["meeting", { title: "1 = 1" }, "input.title"],
    ["meeting", { customFields: [{ key: "cInterests", value: ["Cooking"] }] }, "input.customFields.cInterests"],
  ] as const)("an error of EspoCRM for a %s in %j names the unified input", async (resource, input, path) => {
    const adapter = adapterOf(espocrm, resource);
    const client = await native();
    const before = await client.count(resource);
    const minimal = resourceOf(espocrmSubject, resource).minimal(await stage.fresh());
    const error = await stage.failure(adapter.create!(writer().context, { ...minimal, ...input }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", [path]]);
    expect(error.details.upstream).toMatchObject({ status: 400, code: expect.any(String) });
    expect(await client.count(resource)).toBe(before);
  });

  test("custom fields are checked against the metadata, which is read once, and again for a key that is not in it", async () => {
    const { context } = writer();
    const pathsOf = async (key: string, isRefused: boolean) => {
      const requests = await stage.recorded(async () => {
        const create = contacts.create!(context, { lastName: unique(), customFields: [{ key, value: 44 }] });
        if (!isRefused) return create;
        const error = await stage.failure(create);
        expect(Object.keys(error.details.errors!)).toEqual([`input.customFields.${key}`]);
      });
      return requests.map(({ method, url }) => `${method} ${url.split("?")[0]}`);
    };
    const metadata = ["GET /api/v1/Metadata", "GET /api/v1/I18n"];
    // What was read a moment ago has no such key either, so the first refusal needs no second look.
    expect(await pathsOf("cShoeSize", true)).toEqual(metadata);
    expect(await pathsOf("cScore", false)).toEqual(["GET /api/v1/App/user", "POST /api/v1/Contact"]);
    expect(await pathsOf("cScore", false)).toEqual(["POST /api/v1/Contact"]);
    expect(await pathsOf("cShoeSize", true)).toEqual(metadata);
  });

  test("labels that an administrator has changed are those of fields and options, at the entity and at all entities", async () => {
    const changes = [
      ['"Dr.":"Dr."', '"Dr.":"Doctor"'],
      ['"Consulting":"Consulting"', '"Consulting":"Advice"'],
      ['"middleName":"Middle Name"', '"middleName":"Second Name"'],
    ] as const;
    const change = (text: string) => changes.reduce((left, [from, to]) => left.replace(from, to), text);
    const [own, other] = await stage.changing(change, () => {
      const { context } = stage.connect();
      return Promise.all([contacts.customFields!(context), leads.customFields!(context)]);
    });
    const labelOf = (key: string) => own.find((one) => one.key === key)?.label;
    expect([labelOf("middleName"), labelOf("cNote")]).toEqual(["Second Name", "Note"]);
    expect(own.find(({ key }) => key === "salutationName")?.optionLabels?.get("Dr.")).toBe("Doctor");
    expect(other.find(({ key }) => key === "industry")?.optionLabels?.get("Consulting")).toBe("Advice");
  });

  test("a text that lists cut off is read in full", async () => {
    const { context } = writer();
    const description = "0123456789".repeat(1500);
    const lastName = `${unique()}long`;
    const id = await leads.create!(context, { lastName, description });
    const select = new Set(["description"]);
    expect((await getOne(leads, context, id, select)).fields["description"]).toBe(description);
    const [listed] = await listAll(leads, context, { filter: { name: lastName }, select });
    expect(listed!.fields["description"]).toBe(description);
  });

  test("a listed person has all e-mail addresses, and each address finds the person in any case", async () => {
    const { context } = writer();
    const key = unique();
    const emails = [{ address: `${key}@one.example` }, { address: `${key}@two.example` }];
    const id = await contacts.create!(context, { lastName: key, emails });
    const filter = { email: `${key}@TWO.example` };
    const [found] = await listAll(contacts, context, { filter, select: new Set(["emails"]) });
    expect(found).toMatchObject({ nativeId: id, fields: { emails } });
  });

  test("replacing addresses and numbers keeps opt-outs and number types", async () => {
    const client = await native();
    const id = await client.create("contact", {
      lastName: unique(),
      emailAddressData: [
        { emailAddress: "Out@example.com", primary: true, optOut: true },
        { emailAddress: "gone@example.com", optOut: true },
      ],
      phoneNumberData: [{ phoneNumber: "+16175550105", primary: true, type: "Home" }],
    });
    await contacts.update!(writer().context, id, {
      emails: [{ address: "new@example.com" }, { address: "out@example.com" }],
      phones: [{ number: "+16175550105" }],
    });
    expect(await client.get("contact", id)).toMatchObject({
      emailAddressData: [
        { emailAddress: "new@example.com", primary: true, optOut: false },
        { emailAddress: "out@example.com", primary: false, optOut: true },
      ],
      phoneNumberData: [{ phoneNumber: "+16175550105", type: "Home" }],
    });
  });

  test("a title is stored with the given or the existing account", async () => {
    const { context } = writer();
    const [company] = await (await native()).companies();
    const input = { lastName: unique(), title: "CEO" };
    const created = await stage.failure(contacts.create!(context, input));
    expect(Object.keys(created.details.errors!)).toEqual(["input.title"]);
    const id = await contacts.create!(context, { ...input, company: { id: company } });
    await contacts.update!(context, id, { title: "CTO" });
    expect((await getOne(contacts, context, id)).fields["title"]).toBe("CTO");
    const leaving = await stage.failure(contacts.update!(context, id, { title: "CFO", company: null }));
    expect(Object.keys(leaving.details.errors!)).toEqual(["input.title"]);
    await contacts.update!(context, id, { company: null });
    expect((await getOne(contacts, context, id)).fields).toMatchObject({ title: null, company: null });
    const updated = await stage.failure(contacts.update!(context, id, { title: "CFO" }));
    expect(Object.keys(updated.details.errors!)).toEqual(["input.title"]);
  });

  test("an unknown account is refused by name", async () => {
    const create = contacts.create!(writer().context, { lastName: unique(), company: { id: ABSENT } });
    const error = await stage.failure(create);
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.company.id"]]);
  });

  test("the contacts and leads of a meeting include its parent record", async () => {
    const { context } = writer();
    const { contacts: people, leads: prospects, owners } = await stage.fresh();
    const id = await (
      await native()
    ).create("meeting", {
      name: unique(),
      dateStart: "2026-06-10 09:00:00",
      dateEnd: "2026-06-10 10:00:00",
      assignedUserId: owners[0],
      parentType: "Contact",
      parentId: people[1],
      contactsIds: [people[0]],
      contactsColumns: { [people[0]!]: { status: "Tentative" } },
      leadsIds: [prospects[0]],
    });
    const record = await getOne(meetings, context, id);
    expect([...(await edgeIds(meetings, context, record, "contacts"))].sort()).toEqual(people.slice(0, 2).sort());
    expect(record.fields["attendees"]).toMatchObject([
      { contactId: people[0], response: "TENTATIVE" },
      { contactId: null, ownerId: null, response: "NEEDS_ACTION" },
      { ownerId: owners[0], isOrganizer: true },
    ]);
    const edge = await contacts.edges["meetings"]!.load(context, people.slice(0, 2));
    for (const person of people.slice(0, 2)) expect(edge.get(person)!.ids).toContain(id);
  });

  test("a converted lead has an edge to its contact and back", async () => {
    const { context } = writer();
    const lead = await leads.create!(context, { firstName: "Ann", lastName: unique() });
    const response = await fetch(`${stage.origin}/api/v1/Lead/action/convert`, {
      method: "POST",
      headers: { "X-Api-Key": `espocrm-api-key-${WRITE_ACCOUNT}`, "Content-Type": "application/json" },
      body: JSON.stringify({ id: lead, records: { Contact: { description: "Was a lead." } } }),
    });
    expect(response.status).toBe(200);
    const record = await getOne(leads, context, lead);
    expect(record.fields).toMatchObject({ status: "CONVERTED", isConverted: true });
    expect(record.fields["convertedAt"]).toMatch(/^2\d{3}-/);
    const [contact] = await edgeIds(leads, context, record, "convertedContact");
    const edge = await contacts.edges["leads"]!.load(context, [contact!]);
    expect(edge.get(contact!)!.ids).toEqual([lead]);
  });

  test("renewing a valid key returns the same key", async () => {
    const connection = stage.connect();
    const credentials = await connection.credentials();
    expect(await connection.renew(credentials)).toEqual(credentials);
    expect((await espocrm.verify(connection.exchange, credentials)).accountName).toBe(new URL(stage.origin).host);
  });

  test.each(["ftp://crm.acme.com", "crm.acme.com", "https://me:secret@crm.acme.com"])(
    "%s is refused as a server address",
    (url) => {
      expect(() => espocrm.origin({ url }, undefined)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
      expect(espocrm.origin({ url: "https://crm.acme.com/#Contact" }, undefined)).toBe("https://crm.acme.com");
    },
  );
});
