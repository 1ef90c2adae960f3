import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "@hubspot/api-client";
import { AssociationSpecAssociationCategoryEnum as Category } from "@hubspot/api-client/lib/codegen/crm/associations/v4/index.js";
import { FilterOperatorEnum as Operator } from "@hubspot/api-client/lib/codegen/crm/contacts/index.js";
import { hubspotSandbox } from "../../src/sandbox/crms/hubspot/index.js";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { type SandboxServer, startSandboxServer } from "../../src/sandbox/kit/server.js";

/** Tests the imitation through HubSpot's own SDK. */

const HUBSPOT_DEFINED = Category.HubspotDefined;
const seed = seedAccount("pristine");
let server: SandboxServer;
/** The account for tests that write. Each test has its own records. */
let client: Client;
/** An account to which no test writes. It has exactly the data of its seed. */
let pristine: Client;

beforeAll(async () => {
  server = await startSandboxServer(hubspotSandbox);
  client = clientOf("sdk");
  pristine = clientOf("pristine");
});

afterAll(() => server.close());

function clientOf(account: string): Client {
  const { accessToken } = hubspotSandbox.credentials(account, server.origin, Date.now());
  return new Client({ accessToken: accessToken!, basePath: server.origin });
}

/** The status and body of the refusal that the SDK throws. */
async function refusal(
  call: Promise<unknown>,
): Promise<{ code: number; body: { message: string; category?: string } }> {
  const error: unknown = await call.then(
    () => new Error("the call was expected to fail"),
    (reason: unknown) => reason,
  );
  const { code, body } = error as { code: number; body: unknown };
  return { code, body: (typeof body === "string" ? JSON.parse(body) : body) as { message: string } };
}

async function idsOfFirst(count: number, from = client): Promise<string[]> {
  const page = await from.crm.contacts.basicApi.getPage(count);
  return page.results.map(({ id }) => id);
}

/** The ids of the records of that type that are associated with one record. */
async function associated(from: string, id: string, to: string): Promise<string[]> {
  const { results } = await client.crm.associations.v4.batchApi.getPage(from, to, { inputs: [{ id }] });
  return results.flatMap((one) => one.to.map(({ toObjectId }) => String(toObjectId)));
}

describe("contacts", () => {
  test("a full listing has every contact once, in pages of 100", async () => {
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = await pristine.crm.contacts.basicApi.getPage(100, after);
      pages.push(page.results.map(({ id }) => id));
      after = page.paging?.next?.after;
    } while (after !== undefined);
    expect(pages.map((page) => page.length)).toEqual(Array.from({ length: 10 }, () => 100));
    expect(new Set(pages.flat()).size).toBe(seed.people.length);
  });

  test("a page stays whole when a contact of an earlier page is deleted meanwhile", async () => {
    const first = await client.crm.contacts.basicApi.getPage(3);
    const cursor = first.paging!.next!.after;
    const extra = await client.crm.contacts.basicApi.create({ properties: { lastname: "Short-lived" } });
    const before = await client.crm.contacts.basicApi.getPage(3, cursor);
    await client.crm.contacts.basicApi.archive(extra.id);
    const again = await client.crm.contacts.basicApi.getPage(3, cursor);
    expect(again.results.map(({ id }) => id)).toEqual(before.results.map(({ id }) => id));
    expect(first.results.map(({ id }) => id)).not.toContain(before.results[0]!.id);
  });

  test("the seed is all there: several addresses, missing names, owners, ISO dates", async () => {
    const properties = ["firstname", "lastname", "email", "hs_additional_emails", "mobilephone", "hubspot_owner_id"];
    const all = await pristine.crm.contacts.getAll(100, undefined, properties);
    const owners = await pristine.crm.owners.ownersApi.getPage();
    const ownerId = (index: number | null) =>
      index === null ? null : owners.results.find(({ email }) => email === seed.owners[index]!.email)!.id;
    const wanted = seed.people.map((person) => ({
      firstname: person.firstName,
      lastname: person.lastName,
      email: person.emails[0] ?? null,
      hs_additional_emails: person.emails.slice(1).join(";") || null,
      mobilephone: person.mobile,
      hubspot_owner_id: ownerId(person.owner),
      createdate: new Date(person.createdAt).toISOString(),
      lastmodifieddate: new Date(person.updatedAt).toISOString(),
    }));
    expect(all.map(({ properties }) => properties)).toEqual(
      wanted.map((person, index) => ({ ...person, hs_object_id: all[index]!.id })),
    );
    expect(wanted.some(({ hs_additional_emails }) => hs_additional_emails?.includes(";"))).toBe(true);
  });

  test("without a selection the documented defaults come back", async () => {
    const page = await pristine.crm.contacts.basicApi.getPage();
    expect(page.results).toHaveLength(10);
    expect(Object.keys(page.results[0]!.properties).sort()).toEqual(
      ["createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"].sort(),
    );
  });

  test("batch read answers 207 and names every missing id in one entry", async () => {
    const [one, two] = await idsOfFirst(2, pristine);
    const inputs = ["7", one!, "8", two!].map((id) => ({ id }));
    const answer = await pristine.crm.contacts.batchApi.readWithHttpInfo(
      { inputs, properties: ["email"], propertiesWithHistory: [] },
      false,
    );
    expect(answer.httpStatusCode).toBe(207);
    expect(answer.data.results.map(({ id }) => id).sort()).toEqual([one, two].sort());
    expect(answer.data).toMatchObject({
      numErrors: 1,
      errors: [{ category: "OBJECT_NOT_FOUND", context: { ids: ["7", "8"] } }],
    });
  });

  test("batch read by e-mail, further addresses included", async () => {
    const person = seed.people.find(({ emails }) => emails.length > 1)!;
    const answer = await pristine.crm.contacts.batchApi.readWithHttpInfo({
      inputs: [{ id: person.emails[1]! }],
      idProperty: "email",
      properties: ["email"],
      propertiesWithHistory: [],
    });
    expect(answer.httpStatusCode).toBe(200);
    expect(answer.data.results[0]!.properties.email).toBe(person.emails[0]);
  });

  test("create, read back, update, clear and delete", async () => {
    const api = client.crm.contacts.basicApi;
    const created = await api.create({
      properties: { firstname: "Ada", email: "ada@crud.example", crmesh_note: "hello", crmesh_score: "7.5" },
    });
    const read = await api.getById(
      "ADA@crud.example",
      ["firstname", "lastname", "crmesh_note", "crmesh_score"],
      [],
      [],
      false,
      "email",
    );
    expect(read.id).toBe(created.id);
    // The answer to a create has the properties with a value, and that to an update those that were written.
    const always = ["createdate", "hs_object_id", "lastmodifieddate"];
    const namesOf = ({ properties }: { properties: object }) => Object.keys(properties).sort();
    const written = ["firstname", "email", "crmesh_note", "crmesh_score"];
    expect(namesOf(created)).toEqual([...always, ...written].sort());
    expect(read.properties).toMatchObject({
      firstname: "Ada",
      lastname: null,
      crmesh_note: "hello",
      crmesh_score: "7.5",
    });
    const answer = await api.update(created.id, { properties: { firstname: "", lastname: "Byron" } });
    expect(namesOf(answer)).toEqual([...always, "firstname", "lastname"].sort());
    const updated = await api.getById(created.id, ["firstname", "lastname"]);
    expect(updated.properties).toMatchObject({ firstname: null, lastname: "Byron" });
    expect(updated.updatedAt.getTime()).toBeGreaterThanOrEqual(created.updatedAt.getTime());
    await api.archive(created.id);
    expect(await refusal(api.getById(created.id))).toMatchObject({ code: 404, body: { category: "OBJECT_NOT_FOUND" } });
    expect((await api.getById(created.id, [], [], [], true)).archived).toBe(true);
  });

  test("a duplicate is refused with the id of the holder, also among further addresses", async () => {
    const api = client.crm.contacts.basicApi;
    const holder = await api.create({
      properties: { email: "one@dup.example", hs_additional_emails: "two@dup.example;three@dup.example" },
    });
    for (const email of ["one@dup.example", "Three@Dup.example"]) {
      expect(await refusal(api.create({ properties: { email } }))).toMatchObject({
        code: 409,
        body: { category: "CONFLICT", message: `Contact already exists. Existing ID: ${holder.id}` },
      });
    }
    const other = await api.create({ properties: { email: "four@dup.example" } });
    expect((await refusal(api.update(other.id, { properties: { email: "two@dup.example" } }))).code).toBe(409);
    expect((await api.update(holder.id, { properties: { email: "one@dup.example" } })).id).toBe(holder.id);
  });

  test("a lifecycle stage only moves forward until it is cleared", async () => {
    const api = client.crm.contacts.basicApi;
    const { id } = await api.create({ properties: { lastname: "Stage", lifecyclestage: "customer" } });
    const stageAfter = async (lifecyclestage: string) => {
      await api.update(id, { properties: { lifecyclestage } });
      return (await api.getById(id, ["lifecyclestage"])).properties.lifecyclestage;
    };
    expect(await stageAfter("lead")).toBe("customer");
    expect(await stageAfter("")).toBeNull();
    expect(await stageAfter("lead")).toBe("lead");
  });

  test("a batch of creates is all or nothing", async () => {
    const inputs = [{ email: "fresh@batch.example" }, { email: "not an address" }].map((properties) => ({
      properties,
      associations: [],
    }));
    expect(await refusal(client.crm.contacts.batchApi.create({ inputs }))).toMatchObject({ code: 400 });
    expect(
      (await refusal(client.crm.contacts.basicApi.getById("fresh@batch.example", [], [], [], false, "email"))).code,
    ).toBe(404);
  });
});

describe("search", () => {
  const find = (
    filters: { propertyName: string; operator: Operator; value?: string; values?: string[]; highValue?: string }[],
    within = pristine,
  ) =>
    within.crm.contacts.searchApi.doSearch({
      filterGroups: [{ filters }],
      properties: ["firstname", "email"],
      limit: 200,
    });

  test("texts match in any case, and filters of a group all hold", async () => {
    const wanted = seed.people.filter((person) => person.firstName === "Jürgen" && person.country === "Germany").length;
    const found = await find([
      { propertyName: "firstname", operator: Operator.Eq, value: "jÜRGEN" },
      { propertyName: "country", operator: Operator.Eq, value: "germany" },
    ]);
    expect(wanted).toBeGreaterThan(0);
    expect(found.total).toBe(wanted);
  });

  test("groups are alternatives; a list of texts wants lower case", async () => {
    const named = (name: string) => seed.people.filter(({ firstName }) => firstName === name).length;
    const found = await pristine.crm.contacts.searchApi.doSearch({
      filterGroups: ["Olga", "Tom"].map((value) => ({
        filters: [{ propertyName: "firstname", operator: Operator.Eq, value }],
      })),
    });
    expect(found.total).toBe(named("Olga") + named("Tom"));
    expect((await find([{ propertyName: "firstname", operator: Operator.In, values: ["olga", "tom"] }])).total).toBe(
      found.total,
    );
    expect((await find([{ propertyName: "firstname", operator: Operator.In, values: ["Olga", "Tom"] }])).total).toBe(0);
  });

  test("changed since a moment, oldest change first, page by page without loss or repeat", async () => {
    const since = Date.UTC(2026, 3, 1);
    const until = Date.parse("2026-05-01T00:00:00Z");
    const wanted = seed.people.filter(({ createdAt, updatedAt }) => updatedAt >= since && createdAt < until).length;
    const seen: { id: string; at: number }[] = [];
    let after: string | undefined;
    do {
      const page = await pristine.crm.contacts.searchApi.doSearch({
        filterGroups: [
          {
            filters: [
              { propertyName: "lastmodifieddate", operator: Operator.Gte, value: String(since) },
              { propertyName: "createdate", operator: Operator.Lt, value: "2026-05-01T00:00:00Z" },
            ],
          },
        ],
        sorts: ["lastmodifieddate"],
        limit: 200,
        ...(after === undefined ? {} : { after }),
      });
      seen.push(...page.results.map(({ id, updatedAt }) => ({ id, at: updatedAt.getTime() })));
      after = page.paging?.next?.after;
    } while (after !== undefined);
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).sort((one, other) => one - other));
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.length).toBe(wanted);
    expect(wanted).toBeGreaterThan(200);
  });

  test("presence, ranges, tokens, numbers", async () => {
    const score = async (crmesh_score: string) =>
      (await client.crm.contacts.basicApi.create({ properties: { lastname: "Scored", crmesh_score } })).id;
    const ids = [await score("9"), await score("10"), await score("100")];
    const scored = async (operator: Operator, value?: string, highValue?: string) => {
      const filter = {
        propertyName: "crmesh_score",
        operator,
        ...(value ? { value } : {}),
        ...(highValue ? { highValue } : {}),
      };
      return (await find([filter], client)).results.map(({ id }) => id);
    };
    expect(await scored(Operator.HasProperty)).toEqual(ids);
    expect(await scored(Operator.Gt, "9")).toEqual(ids.slice(1));
    expect(await scored(Operator.Between, "9", "10")).toEqual(ids.slice(0, 2));
    const emails = seed.people.flatMap(({ emails: [first] }) => first ?? []);
    const wildcard = await find([{ propertyName: "email", operator: Operator.ContainsToken, value: "jurgen*" }]);
    expect(wildcard.total).toBe(emails.filter((email) => email.startsWith("jurgen")).length);
    expect((await find([{ propertyName: "email", operator: Operator.ContainsToken, value: "jurge" }])).total).toBe(0);
  });

  test("a query looks into names, addresses and phones with or without the country code", async () => {
    const index = seed.people.findIndex(({ phone, emails }) => phone !== null && emails.length > 0);
    const { phone, emails } = seed.people[index]!;
    for (const query of [emails[0]!.toUpperCase(), phone!, phone!.replace("+1 ", "")]) {
      const found = await pristine.crm.contacts.searchApi.doSearch({ query, properties: ["email"] });
      expect(found.results.map(({ properties }) => properties.email)).toEqual([emails[0]]);
    }
  });

  test("records are found by an associated id", async () => {
    // The first lead of the seed belongs to the first person.
    const { person } = seed.leads[0]!;
    const [contact] = (await pristine.crm.contacts.basicApi.getPage(1)).results;
    const found = await pristine.crm.objects.leads.searchApi.doSearch({
      filterGroups: [
        { filters: [{ propertyName: "associations.contact", operator: Operator.Eq, value: contact!.id }] },
      ],
      properties: ["hs_lead_name"],
    });
    const subjects = seed.leads.filter((lead) => lead.person === person).map(({ subject }) => subject);
    expect(found.results.map(({ properties }) => properties.hs_lead_name)).toEqual(subjects);
  });
});

describe("leads", () => {
  const primary = (id: string) => [
    { to: { id }, types: [{ associationCategory: HUBSPOT_DEFINED, associationTypeId: 578 }] },
  ];

  test("a lead shows its contact and cannot exist without one", async () => {
    const api = client.crm.objects.leads.basicApi;
    const contact = await client.crm.contacts.basicApi.create({
      properties: { firstname: "Lea", lastname: "Der", email: "lea@lead.example" },
    });
    expect(await refusal(api.create({ properties: { hs_lead_name: "Alone" } }))).toMatchObject({ code: 400 });
    expect(
      await refusal(api.create({ properties: { hs_lead_name: "Astray" }, associations: primary("7") })),
    ).toMatchObject({
      code: 400,
      body: { message: "One or more associations are not valid" },
    });
    expect(await refusal(api.create({ properties: {}, associations: primary(contact.id) }))).toMatchObject({
      code: 400,
    });
    const created = await api.create({
      properties: { hs_lead_name: "Real", hs_lead_type: "NEW BUSINESS", hs_lead_label: "HOT" },
      associations: primary(contact.id),
    });
    const lead = await api.getById(
      created.id,
      ["hs_pipeline_stage", "hs_associated_contact_email", "hs_associated_contact_firstname", "hs_primary_contact_id"],
      [],
      ["contacts"],
    );
    expect(lead.properties).toMatchObject({
      hs_pipeline_stage: "new-stage-id",
      hs_associated_contact_email: "lea@lead.example",
      hs_associated_contact_firstname: "Lea",
      hs_primary_contact_id: contact.id,
    });
    expect(lead.associations!.contacts!.results.map(({ id }) => id)).toContain(contact.id);

    const inputs = [{ _from: { id: created.id }, to: [{ id: contact.id }] }];
    await client.crm.associations.v4.batchApi.archive("leads", "contacts", { inputs });
    expect((await refusal(api.getById(created.id))).code).toBe(404);
  });

  test("stages come from the pipeline, and no other is taken", async () => {
    const [lead] = (await client.crm.objects.leads.basicApi.getPage(1)).results;
    const move = (hs_pipeline_stage: string) =>
      client.crm.objects.leads.basicApi.update(lead!.id, { properties: { hs_pipeline_stage } });
    expect((await move("qualified-stage-id")).properties.hs_pipeline_stage).toBe("qualified-stage-id");
    expect((await refusal(move("won"))).body.message).toContain("INVALID_OPTION");
  });
});

describe("meetings", () => {
  test("a meeting keeps every written field, in UTC, and its attendees both ways", async () => {
    const api = client.crm.objects.meetings.basicApi;
    const [contactId] = await idsOfFirst(1);
    const [owner] = (await client.crm.owners.ownersApi.getPage()).results;
    const properties = {
      hs_timestamp: "2026-03-29T01:30:00+02:00",
      hs_meeting_title: "Kick-off",
      hs_meeting_body: "<p>Agenda</p>",
      hs_internal_meeting_notes: "quiet",
      hs_meeting_start_time: String(Date.UTC(2026, 2, 28, 23, 30)),
      hs_meeting_end_time: "2026-03-29T01:00",
      hs_meeting_location: "Room 4",
      hs_meeting_external_url: "https://meet.example.com/1",
      hs_meeting_outcome: "SCHEDULED",
      hubspot_owner_id: owner!.id,
    };
    const created = await api.create({
      properties,
      associations: [
        { to: { id: contactId! }, types: [{ associationCategory: HUBSPOT_DEFINED, associationTypeId: 200 }] },
      ],
    });
    const read = await api.getById(created.id, Object.keys(properties), [], ["contacts"]);
    expect(read.properties).toMatchObject({
      ...properties,
      hs_timestamp: "2026-03-28T23:30:00.000Z",
      hs_meeting_start_time: "2026-03-28T23:30:00.000Z",
      hs_meeting_end_time: "2026-03-29T01:00:00.000Z",
    });
    expect(read.associations!.contacts!.results).toEqual([
      expect.objectContaining({ id: contactId, type: "meeting_event_to_contact" }),
    ]);
    expect(await associated("contacts", contactId!, "meetings")).toContain(created.id);
  });

  test("a start is required, and dates have to be dates", async () => {
    const api = client.crm.objects.meetings.basicApi;
    expect((await refusal(api.create({ properties: { hs_meeting_title: "When?" } }))).body).toMatchObject({
      message: expect.stringContaining("Some required properties were not set"),
      context: { properties: ["hs_timestamp"] },
    });
    expect((await refusal(api.create({ properties: { hs_timestamp: "soon" } }))).body.message).toContain(
      "INVALID_DATE",
    );
  });

  test("the seeded ones carry the seed's instants, all-day ones from midnight to midnight", async () => {
    const page = await pristine.crm.objects.meetings.basicApi.getPage(100, undefined, [
      "hs_meeting_start_time",
      "hs_meeting_end_time",
    ]);
    const times = page.results.map(({ properties }) => [
      properties.hs_meeting_start_time,
      properties.hs_meeting_end_time,
    ]);
    const wanted = seed.meetings.slice(0, 100);
    expect(times).toEqual(wanted.map(({ start, end }) => [new Date(start).toISOString(), new Date(end).toISOString()]));
    expect(wanted.some(({ allDay }) => allDay)).toBe(true);
  });
});

describe("associations", () => {
  test("many at once: the associated records, and 207 for records without any", async () => {
    const meetings = (await pristine.crm.objects.meetings.basicApi.getPage(10)).results.map(({ id }) => id);
    const inputs = [...meetings, "7"].map((id) => ({ id }));
    const answer = await pristine.crm.associations.v4.batchApi.getPageWithHttpInfo("meetings", "contacts", { inputs });
    expect(answer.httpStatusCode).toBe(207);
    const counts = new Map(answer.data.results.map(({ _from, to }) => [_from.id, to.length]));
    expect(meetings.map((id) => counts.get(id) ?? 0)).toEqual(
      seed.meetings.slice(0, 10).map(({ people }) => people.length),
    );
    expect(answer.data.results[0]!.to[0]!.associationTypes).toEqual([
      expect.objectContaining({ category: "HUBSPOT_DEFINED", typeId: 200, label: null }),
    ]);
    expect(JSON.stringify(answer.data)).toContain("NO_ASSOCIATIONS_FOUND");
  });

  test("a contact has the id of its primary company as a property, which only associations change", async () => {
    const properties = ["associatedcompanyid"];
    const [one, other] = (await client.crm.companies.basicApi.getPage(2)).results.map(({ id }) => id);
    const employed = async (...links: [company: string, typeId: number][]) => {
      const associations = links.map(([id, associationTypeId]) => ({
        to: { id },
        types: [{ associationCategory: HUBSPOT_DEFINED, associationTypeId }],
      }));
      return (await client.crm.contacts.basicApi.create({ properties: { firstname: "Employed" }, associations })).id;
    };
    const companyOf = async (id: string) =>
      (await client.crm.contacts.basicApi.getById(id, properties)).properties["associatedcompanyid"];
    const [plain, primary] = [279, 1];
    expect(await companyOf(await employed([one!, plain]))).toBeNull();
    expect(await companyOf(await employed([one!, primary], [other!, primary]))).toBe(other);
    const contact = await employed([one!, primary], [other!, plain]);
    const read = await client.crm.contacts.batchApi.read({
      inputs: [{ id: contact }],
      properties,
      propertiesWithHistory: [],
    });
    expect(read.results[0]!.properties["associatedcompanyid"]).toBe(one);
    const given = { properties: { associatedcompanyid: other! } };
    expect(await refusal(client.crm.contacts.basicApi.update(contact, given))).toMatchObject({ code: 400 });
    const inputs = [{ _from: { id: contact }, to: [{ id: one! }] }];
    await client.crm.associations.v4.batchApi.archive("contacts", "companies", { inputs });
    expect(await companyOf(contact)).toBeNull();
  });

  test("associate and archive work from either end", async () => {
    const { batchApi } = client.crm.associations.v4;
    const [contact, other] = await idsOfFirst(2);
    const lead = (await client.crm.objects.leads.basicApi.getPage(1)).results[0]!.id;
    const meeting = (
      await client.crm.objects.meetings.basicApi.create({ properties: { hs_timestamp: "2026-05-05T10:00:00Z" } })
    ).id;
    const associate = (from: string, to: string, pairs: string[][]) =>
      batchApi.createDefault(from, to, {
        inputs: pairs.map(([one, two]) => ({ _from: { id: one! }, to: { id: two! } })),
      });
    const archive = (from: string, to: string, one: string, two: string) =>
      batchApi.archive(from, to, { inputs: [{ _from: { id: one }, to: [{ id: two }] }] });

    await associate("meetings", "contacts", [[meeting, contact!]]);
    await associate("contacts", "meetings", [[other!, meeting]]);
    await associate("leads", "meetings", [[lead, meeting]]);
    expect(await associated("meetings", meeting, "contacts")).toEqual([contact, other]);
    expect(await associated("meetings", meeting, "leads")).toEqual([lead]);

    await archive("contacts", "meetings", contact!, meeting);
    await archive("meetings", "leads", meeting, lead);
    expect(await associated("meetings", meeting, "contacts")).toEqual([other]);
    expect(await associated("meetings", meeting, "leads")).toEqual([]);
    // A lead that loses a meeting stays.
    expect((await client.crm.objects.leads.basicApi.getById(lead)).id).toBe(lead);
  });
});

describe("the portal", () => {
  test("owners by page, e-mail and id; owners who left only on request", async () => {
    const api = pristine.crm.owners.ownersApi;
    const { results } = await api.getPage();
    expect(results.map(({ email }) => email)).toEqual(seed.owners.map(({ email }) => email));
    expect(results[0]!.id).not.toBe(String(results[0]!.userId));
    expect((await api.getPage("peter@example.com")).results).toHaveLength(1);
    expect((await api.getById(Number(results[1]!.id))).email).toBe("peter@example.com");
    const [former] = (await api.getPage(undefined, undefined, 100, true)).results;
    expect(former).toMatchObject({ archived: true, email: "fiona@example.com" });
    expect((await refusal(api.getById(Number(former!.id)))).code).toBe(404);
  });

  test("properties have type, options and the party that defined them", async () => {
    const { results } = await client.crm.properties.coreApi.getAll("contacts");
    const custom = results.filter(({ hubspotDefined }) => hubspotDefined === false);
    expect(custom.map(({ name, label, type }) => [name, label, type])).toEqual([
      ["crmesh_note", "Note", "string"],
      ["crmesh_score", "Score", "number"],
    ]);
    const ofLeads = (await client.crm.properties.coreApi.getAll("0-136")).results;
    const leadType = ofLeads.find(({ name }) => name === "hs_lead_type")!;
    expect(leadType.options.map(({ value }) => value)).toContain("NEW BUSINESS");
  });

  test("a refresh token gives an access token that works", async () => {
    const oauth = new Client({ basePath: server.origin }).oauth.tokensApi;
    const answer = await oauth.create(
      "refresh_token",
      undefined,
      undefined,
      "crmesh-sandbox",
      "sandbox-secret",
      "hs-rt-sdk",
    );
    expect(answer).toMatchObject({ tokenType: "bearer", refreshToken: "hs-rt-sdk", expiresIn: 1800 });
    const refreshed = new Client({ basePath: server.origin, accessToken: answer.accessToken });
    expect((await refreshed.crm.contacts.basicApi.getPage(1)).results).toHaveLength(1);
  });
});
