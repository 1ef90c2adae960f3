import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "@hubspot/api-client";
import { hubspotSandbox } from "../../src/sandbox/crms/hubspot/index.js";
import { describeContract } from "./contract-suite.js";
import { hubspotSubject } from "./hubspot/subject.js";
import { adapterOf, everything, getOne, listAll, plainAdapterOf } from "./stage/adapter.js";
import { openStage, type Stage } from "./stage/stage.js";
import { resourceOf } from "./subject.js";

describeContract(hubspotSubject);

const ANY = { filter: {}, orderBy: null, cursor: null, limit: 100, select: new Set<string>() };

/** Behaviour of HubSpot that no other CRM has. */
describe("HubSpot only", () => {
  const contacts = adapterOf(hubspotSubject.provider, "contact");
  const meetings = adapterOf(hubspotSubject.provider, "meeting");
  let stage: Stage;

  beforeAll(async () => (stage = await openStage(hubspotSubject)));
  afterAll(() => stage.close());

  const connect = (account: string) => stage.connect({ account }).context;

  test("a duplicate e-mail address is refused with the id of the existing contact", async () => {
    const context = connect("duplicates");
    const emails = [{ address: "first@twice.example" }, { address: "second@twice.example" }];
    const existing = await contacts.create!(context, { emails });
    for (const address of ["first@twice.example", "SECOND@twice.example"]) {
      const error = await stage.failure(contacts.create!(context, { emails: [{ address }] }));
      expect([error.code, error.details.existingId]).toEqual(["DUPLICATE_RECORD", existing]);
    }
  });

  test("owners beyond the first hundred are read in pages, once, and unknown ones are remembered", async () => {
    const client = await stage.native("staffed");
    const known = [...(await client.owners()).keys()];
    const unknown = ["999001", "999002"];
    const { context } = stage.connect({ account: "staffed" });
    const load = () => hubspotSubject.provider.owners.load(context, [...known, ...unknown]);
    const first = await stage.recorded(async () => {
      expect([...(await load()).keys()].sort()).toEqual([...known].sort());
    });
    expect(known.length).toBeGreaterThan(150);
    // Two pages of owners, one of archived owners, and two calls for each unknown one.
    expect(first).toHaveLength(2 + 1 + 2 * unknown.length);
    expect(await stage.recorded(load)).toEqual([]);
  });

  test("a contact that was merged is read by its former ids, alone and in batches of any size", async () => {
    const account = "merges";
    const context = connect(account);
    const client = new Client({
      accessToken: hubspotSandbox.credentials(account, stage.origin, Date.now())["accessToken"]!,
      basePath: stage.origin,
    });
    const make = (index: number) =>
      contacts.create!(context, { firstName: "Pat", emails: [{ address: `m${index}@merge.example` }] });
    const pairs = await Promise.all(
      [0, 2, 4, 6].map(async (index) => [await make(index), await make(index + 1)] as const),
    );
    for (const [primaryObjectId, objectIdToMerge] of pairs)
      await client.crm.contacts.basicApi.merge({ primaryObjectId, objectIdToMerge });

    const former = pairs.flat();
    const alone = await Promise.all(former.map((id) => getOne(contacts, context, id)));
    const survivors = alone.map(({ nativeId }) => nativeId);
    expect(new Set(survivors).size).toBe(pairs.length);
    const { missingIds } = resourceOf(hubspotSubject, "contact");
    for (const ids of [former.slice(0, 2), former, [...former, ...missingIds, survivors[0]!]]) {
      const found = await contacts.get(context, ids, everything(contacts));
      const expected = ids.filter((id) => !missingIds.includes(id));
      expect([...found.keys()].sort()).toEqual([...expected].sort());
      const whole = new Map([...former, ...survivors].map((id, index) => [id, alone[index % alone.length]!]));
      for (const id of expected) expect(found.get(id)!.fields).toEqual(whole.get(id)!.fields);
      expect(expected.map((id) => found.get(id)!.nativeId)).toEqual(expected.map((id) => whole.get(id)!.nativeId));
    }
  });

  test("a meeting without a start has its timeline timestamp as the start, also in filters", async () => {
    const context = connect("timeline");
    const native = await stage.native("timeline");
    const id = await native.create("meeting", { hs_timestamp: "2031-05-01T08:00:00.000Z", hs_meeting_title: "Logged" });
    expect((await getOne(meetings, context, id)).fields).toMatchObject({ startAt: "2031-05-01T08:00:00.000Z" });
    const between = async (startsSince: string, startsUntil: string) => {
      const filter = { startsSince: new Date(startsSince), startsUntil: new Date(startsUntil) };
      return (await listAll(meetings, context, { filter })).map(({ nativeId }) => nativeId);
    };
    expect(await between("2031-05-01T08:00:00.000Z", "2031-05-01T08:00:01.000Z")).toEqual([id]);
    expect(await between("2031-05-01T08:00:01.000Z", "2031-05-02T00:00:00.000Z")).toEqual([]);
    expect(await between("2031-04-01T00:00:00.000Z", "2031-05-01T08:00:00.000Z")).toEqual([]);
  });

  test("a meeting with more contacts than one HubSpot answer holds is read in full and can be reduced to one contact", async () => {
    const account = "crowded";
    const context = connect(account);
    const id = await meetings.create!(context, { title: "All hands", startAt: new Date("2031-06-01T08:00:00.000Z") });
    const people = (await listAll(contacts, context, {})).map(({ nativeId }) => nativeId);
    const { accessToken } = hubspotSandbox.credentials(account, stage.origin, Date.now());
    const path = "/crm/v4/associations/meetings/contacts/batch/associate/default";
    const answer = await fetch(`${stage.origin}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
      body: JSON.stringify({ inputs: people.map((person) => ({ from: { id }, to: { id: person } })) }),
    });
    expect(answer.status).toBe(200);
    // More than the cost of an edge takes for granted.
    const crowded = plainAdapterOf(hubspotSubject.provider, "meeting");
    const contactsOf = async () => (await crowded.edges.contacts!.load(context, [id])).get(id);
    expect(people.length).toBeGreaterThan(500);
    expect(await contactsOf()).toEqual({ ids: expect.arrayContaining(people), complete: true });
    await meetings.update!(context, id, { contactIds: [people[7]!] });
    expect(await contactsOf()).toEqual({ ids: [people[7]], complete: true });
  });

  describe("the rules of an administrator", () => {
    const leads = adapterOf(hubspotSubject.provider, "lead");
    const firstContact = async (context: ReturnType<typeof connect>) =>
      (await contacts.list(context, { ...ANY, limit: 1 })).records[0]!.nativeId;
    const refusal = async (run: Promise<unknown>) => {
      const { code, details } = await stage.failure(run);
      return [code, Object.keys(details.errors ?? {}).sort()];
    };

    test("for new records name each input that is missing, also a custom field", async () => {
      const context = connect("ruled");
      const missing = ["input.customFields.crmesh_note", "input.phones"];
      expect(await refusal(contacts.create!(context, { firstName: "Ann" }))).toEqual(["MISSING_REQUIRED", missing]);
      const contactId = await firstContact(context);
      const lead = leads.create!(context, { subject: "Offer", contactId });
      expect(await refusal(lead)).toEqual(["MISSING_REQUIRED", ["input.rating"]]);
      const meeting = meetings.create!(context, { title: "Call", startAt: new Date("2031-06-01T08:00:00.000Z") });
      expect(await refusal(meeting)).toEqual(["MISSING_REQUIRED", ["input.location"]]);
    });

    test("for the value of another property name the input that is missing, in a create and in an update", async () => {
      const context = connect("ruled");
      const customFields = [{ key: "crmesh_note", value: "Met at a fair" }];
      const rest = { firstName: "Ann", phones: [{ number: "+1 1" }], customFields };
      const customer = { ...rest, lifecycleStage: "CUSTOMER" as const };
      expect(await refusal(contacts.create!(context, customer))).toEqual(["MISSING_REQUIRED", ["input.title"]]);
      const id = await contacts.create!(context, rest);
      const update = contacts.update!(context, id, { lifecycleStage: "CUSTOMER" });
      expect(await refusal(update)).toEqual(["MISSING_REQUIRED", ["input.title"]]);
      await contacts.update!(context, id, { lifecycleStage: "CUSTOMER", title: "CEO" });
      expect((await getOne(contacts, context, id)).fields).toMatchObject({ lifecycleStage: "CUSTOMER", title: "CEO" });
    });

    test("say what HubSpot says of them, and nothing was created", async () => {
      const context = connect("ruled");
      const native = await stage.native("ruled");
      const before = await native.count("contact");
      const error = await stage.failure(contacts.create!(context, { firstName: "Ann" }));
      expect(error.details.errors!["input.phones"]).toBe("HubSpot: A value for phone must be provided");
      expect(error.details.upstream).toEqual(
        expect.objectContaining({ status: 400, code: "MISSING_REQUIRED_PROPERTY" }),
      );
      expect(await native.count("contact")).toBe(before);
    });

    test("and a user who may not associate records are told apart, and the update is partial", async () => {
      const context = connect("ruled-links");
      const [meeting] = (await meetings.list(context, { ...ANY, limit: 1 })).records;
      const stranger = (await contacts.list(connect("ruled-links"), ANY)).records.at(-1)!.nativeId;
      const linked = await meetings.edges.contacts!.load(context, [meeting!.nativeId]);
      expect(linked.get(meeting!.nativeId)!.ids).not.toContain(stranger);
      const update = { title: "Renamed", contactIds: [stranger] };
      const error = await stage.failure(meetings.update!(context, meeting!.nativeId, update));
      expect([error.code, error.details.outcome]).toEqual(["PROVIDER_AUTH_FAILED", "PARTIAL"]);
      expect(error.details.detail).toContain("Edit Associations");
    });
  });

  test("a search too long to select fields reads the fields by id, in the same order", async () => {
    const context = connect("long-search");
    const word = "x".repeat(2700);
    const lastNames = ["Alpha", "Beta", "Gamma"];
    for (const lastName of lastNames) await contacts.create!(context, { firstName: word, lastName });
    const orderBy = { field: "NAME", direction: "DESC" as const };
    const query = { filter: { search: word }, orderBy, select: everything(contacts) };
    const found = await listAll(contacts, context, query);
    expect(found.map(({ fields }) => fields["lastName"])).toEqual(lastNames.reverse());
    const error = await stage.failure(listAll(contacts, context, { filter: { search: word + word } }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["filter"]]);
  });

  describe("HubSpot ends a search after 10,000 records", () => {
    const account = "large";
    const page = { filter: {}, orderBy: null, limit: 100, select: new Set<string>() };
    beforeAll(async () => {
      const { accessToken } = hubspotSandbox.credentials(account, stage.origin, Date.now());
      const { batchApi } = new Client({ accessToken: accessToken!, basePath: stage.origin }).crm.contacts;
      for (let batch = 0; batch < 92; batch += 1) {
        const inputs = Array.from({ length: 100 }, (_, index) => ({
          properties: { lastname: `Crowd ${batch * 100 + index}` },
          associations: [],
        }));
        await batchApi.create({ inputs });
      }
    });

    test("but a list in the order of a stamp begins a new search at the last stamp, and goes on to the end", async () => {
      const context = connect(account);
      const filter = { createdSince: new Date("2020-01-01T00:00:00.000Z") };
      expect(await listAll(contacts, context, {})).toHaveLength(10_200);
      const ids = (await listAll(contacts, context, { filter })).map(({ nativeId }) => nativeId);
      expect(new Set(ids).size).toBe(10_200);
      expect(ids).toHaveLength(10_200);
    });

    test("and a list in the order of a name stops there, and says so", async () => {
      const query = { ...page, orderBy: { field: "NAME", direction: "ASC" as const } };
      const at = (skip: number) => JSON.stringify({ from: null, skip, seen: [] });
      const beforeLast = await contacts.list(connect(account), { ...query, cursor: at(9_800) });
      expect(beforeLast).toMatchObject({ next: expect.any(String), cap: null });
      const last = await contacts.list(connect(account), { ...query, cursor: beforeLast.next });
      expect(last.records).toHaveLength(100);
      expect(last).toMatchObject({ next: null, cap: { records: 10_000, reason: expect.stringContaining("10000") } });
      // A limit that does not divide the window ends there all the same.
      const odd = await contacts.list(connect(account), { ...query, cursor: at(9_950) });
      expect(odd).toMatchObject({ next: null, cap: { records: 10_000 } });
      expect(odd.records).toHaveLength(50);
    });
  });
});
