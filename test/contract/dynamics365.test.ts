import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { DynamicsWebApi } from "dynamics-web-api";
import type { ProviderContext } from "../../src/providers/contract/contract.js";
import { dynamics365 } from "../../src/providers/crm/dynamics365/index.js";
import type { UpstreamResponse } from "../../src/upstream/request.js";
import { describeContract } from "./contract-suite.js";
import { apiOf } from "./dynamics365/native-client.js";
import { absentId } from "./dynamics365/shared.js";
import { dynamics365Subject } from "./dynamics365/subject.js";
import { adapterOf, edgeIds, everything, getOne, listAll } from "./stage/adapter.js";
import type { RecordedRequest } from "./stage/recording-proxy.js";
import { openStage, type Stage } from "./stage/stage.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";

describeContract(dynamics365Subject);

/** Behaviour of Dynamics 365 that no other CRM has. */
describe("Dynamics 365 only", () => {
  const contacts = adapterOf(dynamics365, "contact");
  const leads = adapterOf(dynamics365, "lead");
  const meetings = adapterOf(dynamics365, "meeting");
  const times = { startAt: new Date("2026-06-10T09:00:00.000Z"), endAt: new Date("2026-06-10T10:00:00.000Z") };
  let stage: Stage;

  beforeAll(async () => (stage = await openStage(dynamics365Subject)));
  afterAll(() => stage.close());

  const connect = (account: string) => stage.connect({ account }).context;
  const nativeOf = async (account: string): Promise<DynamicsWebApi> =>
    apiOf(stage.origin, dynamics365Subject.sandbox.typedCredential(account));
  const paths = (requests: readonly RecordedRequest[]) =>
    requests.map(({ method, url }) => `${method} ${url.split("?")[0]}`);

  async function idsOf(account: string, resource: "contact" | "lead"): Promise<string[]> {
    return [...(await (await stage.native(account)).all(resource)).keys()];
  }

  describe("paging", () => {
    const query = { filter: {}, orderBy: null, limit: 40, cursor: null, select: new Set(["fullName"]) };

    test("follows the next link unchanged, with the same preferences and without $top", async () => {
      const context = connect("paging");
      let link = "";
      const requests = await stage.recorded(async () => {
        const first = await contacts.list(context, query);
        link = first.next!;
        await contacts.list(context, { ...query, cursor: link });
      });
      expect(requests[1]!.url).toBe(link);
      expect(link).toMatch(/^\/api\/data\/v9\.2\/contacts\?.*skiptoken=/);
      for (const { url, headers } of requests) {
        expect(url).not.toMatch(/top=/);
        expect(headers["prefer"]).toBe(
          'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname",odata.maxpagesize=40',
        );
      }
    });

    test("a cursor of another selection continues with the fields of this selection, in the same order", async () => {
      const context = connect("paging");
      const orderBy = { field: "NAME", direction: "DESC" as const };
      const { next } = await contacts.list(context, { ...query, orderBy, select: new Set<string>() });
      const wanted = { ...query, orderBy, cursor: next, select: everything(contacts) };
      const records = (await contacts.list(context, wanted)).records;
      const straight = await listAll(contacts, context, { orderBy, limit: 80, select: everything(contacts) });
      expect(records.map(({ fields }) => fields)).toEqual(straight.slice(40, 80).map(({ fields }) => fields));
    });

    test.each(["/api/data/v9.2/systemusers?$select=fullname", "https://evil.example/api/data/v9.2/contacts?", "/x"])(
      "%s is refused as a cursor",
      async (cursor) => {
        const requests = await stage.recorded(async () => {
          const error = await stage.failure(contacts.list(connect("paging"), { ...query, cursor }));
          expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["after"]]);
        });
        expect(requests).toEqual([]);
      },
    );

    test.each(["https://evil.example/api/data/v9.2/contacts?$skiptoken=x", "/_api/contacts?$skiptoken=x"])(
      "a next link to %s is not followed",
      async (link) => {
        const answered = ok({ value: [], "@odata.nextLink": link });
        const context: ProviderContext = { ...connect("paging"), send: async () => answered };
        expect((await stage.failure(contacts.list(context, query))).code).toBe("PROVIDER_ERROR");
      },
    );
  });

  test("a batch is read with In(), in URLs short enough for every server", async () => {
    const context = connect("batches");
    const size = contacts.batchSize(everything(contacts));
    const ids = Array.from({ length: size }, (_, index) => absentId("contact", index));
    await contacts.get(context, ids, everything(contacts));
    const requests = await stage.recorded(() => contacts.get(context, ids, everything(contacts)));
    expect(requests).toHaveLength(1);
    expect(requests[0]!.url.length).toBeLessThan(16_000);
    const query = new URL(requests[0]!.url, stage.origin).searchParams;
    expect(query.get("$filter")).toBe("Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)");
    expect(query.get("@p1")).toBe("'contactid'");
    expect(JSON.parse(query.get("@p2")!)).toEqual(ids);
  });

  test("an update of a missing record does not create it", async () => {
    const context = connect("upserts");
    const id = absentId("contact", 7);
    const requests = await stage.recorded(async () => {
      const error = await stage.failure(contacts.update!(context, id, { title: "CEO" }));
      expect(error.code).toBe("CONTACT_NOT_FOUND");
    });
    expect(requests.map(({ method, headers }) => [method, headers["if-match"]])).toEqual([["PATCH", "*"]]);
    expect(await (await stage.native("upserts")).get("contact", id)).toBeNull();
  });

  test("wildcards and quotes in a filter are plain characters", async () => {
    const context = connect("wildcards");
    const names = ["100% O'Hara", "100 O'Hara", "a_c", "abc", "[ab]c", "ac"];
    for (const lastName of names) {
      await contacts.create!(context, {
        lastName,
        emails: [{ address: `${lastName.replace(/[ ']/g, "")}@wild.example` }],
      });
    }
    const found = async (filter: Record<string, string>) =>
      (await listAll(contacts, context, { filter, select: new Set(["lastName"]) })).map(
        ({ fields }) => fields["lastName"],
      );
    expect(await found({ name: "100% o'hara" })).toEqual(["100% O'Hara"]);
    expect(await found({ name: "a_c" })).toEqual(["a_c"]);
    expect(await found({ name: "[ab]c" })).toEqual(["[ab]c"]);
    expect(await found({ email: "A_C@wild.example" })).toEqual(["a_c"]);
    expect(await found({ email: "[ab]c@wild.example" })).toEqual(["[ab]c"]);
    expect(await found({ email: "100%OHara@wild.example" })).toEqual(["100% O'Hara"]);
  });

  test("a search text too long for a URL is refused by name", async () => {
    const error = await stage.failure(listAll(contacts, connect("long"), { filter: { search: "x".repeat(40_000) } }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["filter"]]);
  });

  describe("people of a meeting", () => {
    const account = "people";

    test("an update keeps participants that it does not name: users, accounts, plain addresses and roles", async () => {
      const context = connect(account);
      const api = await nativeOf(account);
      const [one, two] = await idsOf(account, "contact");
      const { value: users } = await api.retrieveMultiple<Record<string, string>>({
        collection: "systemusers",
        select: ["fullname"],
      });
      const { value: accounts } = await api.retrieveMultiple<Record<string, string>>({
        collection: "accounts",
        select: ["name"],
      });
      const user = String(users[1]!["systemuserid"]);
      const company = String(accounts[0]!["accountid"]);
      const id = await api.create<object, string>({
        collection: "appointments",
        data: {
          subject: "Mixed",
          scheduledstart: times.startAt,
          scheduledend: times.endAt,
          "regardingobjectid_account_appointment@odata.bind": `/accounts(${company})`,
          appointment_activity_parties: [
            { participationtypemask: 6, "partyid_contact@odata.bind": `/contacts(${one})` },
            { participationtypemask: 7, "partyid_systemuser@odata.bind": `/systemusers(${user})` },
            { participationtypemask: 5, "partyid_systemuser@odata.bind": `/systemusers(${user})` },
            { participationtypemask: 5, "partyid_account@odata.bind": `/accounts(${company})` },
            { participationtypemask: 6, addressused: "guest@outside.example" },
          ],
        },
      });
      await meetings.update!(context, id, { contactIds: [one!, two!] });
      const { fields } = await getOne(meetings, context, id);
      expect(fields["organizer"]).toEqual({ id: user, name: "Olivia Owner" });
      expect(fields["attendees"]).toEqual([
        expect.objectContaining({ contactId: one, isOrganizer: false }),
        expect.objectContaining({ ownerId: user, isOrganizer: true, name: "Olivia Owner" }),
        { name: accounts[0]!["name"], email: null, contactId: null, ownerId: null, isOrganizer: false, response: null },
        {
          name: null,
          email: "guest@outside.example",
          contactId: null,
          ownerId: null,
          isOrganizer: false,
          response: null,
        },
        expect.objectContaining({ contactId: two, isOrganizer: false }),
      ]);
      const row = (await (await stage.native(account)).get("meeting", id))!;
      expect(row["_regardingobjectid_value"]).toBe(company);
      const parties = row["appointment_activity_parties"] as Record<string, unknown>[];
      expect(parties.find((party) => party["_partyid_value"] === one)!["participationtypemask"]).toBe(6);
    });

    test("a lead becomes a participant; the first lead becomes the regarding record", async () => {
      const context = connect(account);
      const [one, two] = await idsOf(account, "lead");
      const id = await meetings.create!(context, { ...times, leadIds: [one!, two!] });
      const native = await stage.native(account);
      expect((await native.get("meeting", id))!["_regardingobjectid_value"]).toBe(one);
      expect([...(await edgeIds(meetings, context, await getOne(meetings, context, id), "leads"))].sort()).toEqual(
        [one, two].sort(),
      );
      await meetings.update!(context, id, { leadIds: [two!] });
      expect((await native.get("meeting", id))!["_regardingobjectid_value"]).toBe(two);
      await meetings.update!(context, id, { leadIds: null });
      expect((await native.get("meeting", id))!["_regardingobjectid_value"]).toBeNull();
    });

    test("the regarding contact of a meeting is one of its contacts and can be replaced", async () => {
      const context = connect(account);
      const [one, two] = await idsOf(account, "contact");
      const native = await stage.native(account);
      const id = await native.create("meeting", {
        subject: "About",
        scheduledstart: times.startAt,
        scheduledend: times.endAt,
        "regardingobjectid_contact_appointment@odata.bind": `/contacts(${one})`,
      });
      const contactsOf = async () => edgeIds(meetings, context, await getOne(meetings, context, id), "contacts");
      expect(await contactsOf()).toEqual([one]);
      expect((await contacts.edges["meetings"]!.load(context, [one!])).get(one!)!.ids).toContain(id);
      await meetings.update!(context, id, { contactIds: [two!] });
      expect(await contactsOf()).toEqual([two]);
    });

    test("one call reads a page of meetings with all participants, without nested expands", async () => {
      const query = { filter: {}, orderBy: null, limit: 50, cursor: null, select: new Set(["attendees", "contacts"]) };
      const requests = await stage.recorded(() => meetings.list(connect(account), query));
      expect(requests).toHaveLength(1);
      const expand = new URL(requests[0]!.url, stage.origin).searchParams.get("$expand");
      expect(expand).toMatch(/^appointment_activity_parties\(\$select=[\w,]+\)$/);
    });
  });

  describe("status", () => {
    const account = "status";

    test("is written by a second request after the create", async () => {
      const context = connect(account);
      const requests = await stage.recorded(() => leads.create!(context, { subject: "Late", status: "WORKING" }));
      expect(requests.map(({ method, body }) => [method, JSON.parse(body) as object])).toEqual([
        ["POST", { subject: "Late" }],
        ["PATCH", { statecode: 0, statuscode: 2 }],
      ]);
      // A new meeting is always scheduled.
      const scheduled = await stage.recorded(() => meetings.create!(context, { ...times, status: "SCHEDULED" }));
      expect(scheduled.map(({ method }) => method)).toEqual(["POST"]);
      const busy = await meetings.create!(context, { ...times, rawStatus: "Busy" });
      expect((await getOne(meetings, context, busy)).fields).toMatchObject({ status: "SCHEDULED", rawStatus: "Busy" });
    });

    test("has the outcome PARTIAL and the record's id if the second request fails", async () => {
      const context = connect(account);
      const send = (request: Parameters<ProviderContext["send"]>[0]) =>
        context.send(request.method === "PATCH" ? { ...request, json: { statecode: 0, statuscode: 4 } } : request);
      const error = await stage.failure(
        leads.create!({ ...context, send }, { subject: "Half", status: "UNQUALIFIED" }),
      );
      expect([error.code, error.details.outcome, Object.keys(error.details.errors!)]).toEqual([
        "INVALID_INPUT",
        "PARTIAL",
        ["input.status"],
      ]);
      const id = /[0-9a-f-]{36}/.exec(error.details.detail!)![0];
      expect((await getOne(leads, context, id)).fields).toMatchObject({ subject: "Half", status: "NEW" });
    });

    test("a closed record refuses updates unless they reopen it", async () => {
      const context = connect(account);
      const id = await meetings.create!(context, { ...times, title: "Over", status: "COMPLETED" });
      const error = await stage.failure(meetings.update!(context, id, { title: "Changed" }));
      expect([error.code, error.details.outcome]).toEqual(["INVALID_INPUT", undefined]);
      expect(error.details.detail).toContain("closed");
      await meetings.update!(context, id, { title: "Changed", status: "SCHEDULED" });
      expect((await getOne(meetings, context, id)).fields).toMatchObject({ title: "Changed", status: "SCHEDULED" });
      // The reverse order: the other fields first, and then the status, which closes the record.
      await meetings.update!(context, id, { title: "Once more", status: "CANCELLED" });
      expect((await getOne(meetings, context, id)).fields).toMatchObject({ title: "Once more", status: "CANCELLED" });
    });

    test("an unknown status is refused with the known labels, before any write", async () => {
      const context = connect(account);
      const requests = await stage.recorded(async () => {
        const error = await stage.failure(leads.create!(context, { subject: "x", rawStatus: "Napping" }));
        expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.rawStatus"]]);
        expect(error.details.errors!["input.rawStatus"]).toContain("Nurturing");
      });
      expect(paths(requests)).toEqual([expect.stringContaining("GET /api/data/v9.2/EntityDefinitions")]);
    });
  });

  test("unknown lead sources, currencies and accounts are refused by name", async () => {
    const context = connect("names");
    const cases = [
      [leads, { subject: "x", source: "Rumour" }, "input.source"],
      [leads, { subject: "x", value: { amount: "1", currency: "XTS" } }, "input.value.currency"],
      [contacts, { lastName: "x", leadSource: "Rumour" }, "input.leadSource"],
      [contacts, { lastName: "x", company: { id: absentId("contact", 3) } }, "input.company.id"],
      [
        contacts,
        { lastName: "x", customFields: [{ key: "new_segment", value: "Small" }] },
        "input.customFields.0.value",
      ],
    ] as const;
    for (const [adapter, input, path] of cases) {
      const error = await stage.failure(adapter.create!(context, input));
      expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", [path]]);
    }
  });

  test("an all-day meeting has the day of its user's time zone", async () => {
    const context = connect("zones");
    const native = await stage.native("zones");
    const cases = [
      ["2026-06-09T22:00:00Z", "2026-06-10T22:00:00Z", "2026-06-10", "2026-06-11"], // Berlin
      ["2026-06-10T07:00:00Z", "2026-06-12T07:00:00Z", "2026-06-10", "2026-06-12"], // Los Angeles
      ["2026-06-09T12:00:00Z", "2026-06-10T12:00:00Z", "2026-06-10", "2026-06-11"], // Auckland
      ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-29", "2026-03-30"], // 23 hours long
      ["2026-06-10T00:00:00Z", "2026-06-10T23:59:00Z", "2026-06-10", "2026-06-11"], // ends a minute early
    ] as const;
    for (const [scheduledstart, scheduledend, first, after] of cases) {
      const id = await native.create("meeting", { subject: "Zone", scheduledstart, scheduledend, isalldayevent: true });
      const { fields } = await getOne(meetings, context, id);
      expect(fields).toMatchObject({
        isAllDay: true,
        startAt: `${first}T00:00:00.000Z`,
        endAt: `${after}T00:00:00.000Z`,
      });
      const listed = async (startsSince: string) => {
        const filter = { startsSince: new Date(startsSince), name: "Zone" };
        return (await listAll(meetings, context, { filter })).map(({ nativeId }) => nativeId);
      };
      expect(await listed(`${first}T00:00:00.000Z`)).toContain(id);
      expect(await listed(`${first}T00:00:01.000Z`)).not.toContain(id);
    }
  });

  test("an appointment without a start is not a meeting", async () => {
    const native = await stage.native("startless");
    const id = await native.create("meeting", { subject: "Some day" });
    const context = connect("startless");
    expect((await meetings.get(context, [id], everything(meetings))).size).toBe(0);
    expect(await listAll(meetings, context, { filter: { name: "Some day" } })).toEqual([]);
  });

  test("a description that the app stored as HTML is read as text", async () => {
    const native = await stage.native("html");
    const description = '<div class="ck-content" data-wrapper="true"><p>One</p><p>Two &amp; <b>three</b></p></div>';
    const id = await native.create("meeting", {
      subject: "Rich",
      description,
      scheduledstart: times.startAt,
      scheduledend: times.endAt,
    });
    expect((await getOne(meetings, connect("html"), id)).fields["description"]).toBe("One\n\nTwo & three");
  });

  test("a qualified lead is converted, and has an edge to its contact and back", async () => {
    const account = "qualifying";
    const context = connect(account);
    const api = await nativeOf(account);
    const id = await leads.create!(context, { lastName: "Promising", emails: [{ address: "p@promising.example" }] });
    await api.callAction({
      collection: "leads",
      key: id,
      actionName: "Microsoft.Dynamics.CRM.QualifyLead",
      action: { CreateAccount: false, CreateContact: true, CreateOpportunity: false, Status: -1 },
    });
    const record = await getOne(leads, context, id);
    expect(record.fields).toMatchObject({ status: "CONVERTED", rawStatus: "Qualified", isConverted: true });
    const [contactId] = await edgeIds(leads, context, record, "convertedContact");
    const contact = await getOne(contacts, context, contactId!);
    expect(contact.fields).toMatchObject({ lastName: "Promising" });
    expect(await edgeIds(contacts, context, contact, "leads")).toEqual([id]);
    const error = await stage.failure(leads.update!(context, id, { subject: "Changed" }));
    expect(error.code).toBe("INVALID_INPUT");
  });

  test.each(["guarded", "guarded-500"])(
    "a duplicate is reported as DUPLICATE_RECORD and sent once (%s)",
    async (account) => {
      const connection = stage.connect({ account });
      const input = { lastName: "Twin", emails: [{ address: "twin@example.com" }] };
      await contacts.create!(connection.context, input);
      const requests = await stage.recorded(async () => {
        const error = await stage.failure(contacts.create!(connection.context, input));
        expect(error.code).toBe("DUPLICATE_RECORD");
        expect(error.details.upstream).toMatchObject({
          status: account === "guarded" ? 412 : 500,
          code: "0x80040333",
          requestId: expect.any(String),
        });
      });
      expect(requests).toHaveLength(1);
    },
  );

  test("duplicate detection is requested if the operator's setting says so", async () => {
    const context = connect("twins");
    const input = { lastName: "Twin", emails: [{ address: "twin@example.com" }] };
    await contacts.create!(context, input);
    await contacts.create!(context, input);
    const strict = { ...context, setting: () => "on" };
    expect((await stage.failure(contacts.create!(strict, input))).code).toBe("DUPLICATE_RECORD");
  });

  describe("answers", () => {
    const classify = dynamics365.traits.classify;
    const failed = (code: string, message = "x") => ({ error: { code, message } });

    test.each([
      ["0x80072322", 429, "PROVIDER_RATE_LIMITED"],
      ["0x80072321", 429, "PROVIDER_RATE_LIMITED"],
      ["0x80072326", 429, "PROVIDER_RATE_LIMITED"],
      ["0x8005F103", 503, "PROVIDER_RATE_LIMITED"],
      ["0x80040333", 412, "DUPLICATE_RECORD"],
      ["0x80040333", 500, "DUPLICATE_RECORD"],
      ["0x80040220", 403, "PROVIDER_AUTH_FAILED"],
      ["0x80072560", 403, "PROVIDER_AUTH_FAILED"],
      ["0x80040217", 404, "PROVIDER_ERROR"],
      ["0x8006088a", 404, "UNSUPPORTED_RESOURCE"],
      ["0x80040216", 500, "PROVIDER_ERROR"],
      ["", 503, "PROVIDER_UNAVAILABLE"],
      ["", 400, "PROVIDER_ERROR"],
    ])("%p with %i is %s", (code, status, expected) => {
      const error = classify(answer(status, failed(code), { "retry-after": "37" }))!;
      expect(error.code).toBe(expected);
      expect(error.credentialRefused).toBe(false);
      if (expected === "PROVIDER_RATE_LIMITED") expect(error.details.retryAfter).toBe(37);
    });

    test.each([
      ["nothing", ""],
      ["a page", "<html>401</html>"],
      ["JSON", failed("0x80040220")],
    ])("401 with %s is a refused credential", (_kind, body) => {
      const error = classify(answer(401, body))!;
      expect([error.code, error.credentialRefused]).toEqual(["PROVIDER_AUTH_FAILED", true]);
    });

    test("a list request with an answer that is not a list fails with PROVIDER_ERROR", async () => {
      const context: ProviderContext = { ...connect("odd"), send: async () => ok({ hello: "world" }) };
      const query = { filter: {}, orderBy: null, limit: 1, cursor: null, select: new Set<string>() };
      expect((await stage.failure(contacts.list(context, query))).code).toBe("PROVIDER_ERROR");
    });

    test("a 404 page of a server without the Web API is UNSUPPORTED_RESOURCE", () => {
      const error = classify(answer(404, "<html>404 - File or directory not found.</html>"))!;
      expect([error.code, error.details.detail]).toEqual(["UNSUPPORTED_RESOURCE", expect.stringContaining("address")]);
    });
  });

  test("the environment URL is normalised and gives the OAuth scope", () => {
    const { question, scopes } = dynamics365.oauth!;
    expect(scopes).toEqual(["offline_access"]);
    const answer = question!.read(" https://Contoso.crm4.dynamics.com/main.aspx?app=1 ");
    expect(answer).toBe("https://contoso.crm4.dynamics.com");
    expect(question!.scopes(answer)).toEqual(["https://contoso.crm4.dynamics.com/user_impersonation"]);
    expect(dynamics365.origin({ environmentUrl: answer }, undefined)).toBe(answer);
    expect(question!.read("https://contoso.api.crm.dynamics.com")).toBe("https://contoso.crm.dynamics.com");
    expect(() => question!.read("contoso")).toThrow("Validation failed");
  });

  test("a refresh returns a new refresh token, and the old refresh token stays valid", async () => {
    const connection = stage.connect({ account: "refreshing" });
    const before = await connection.credentials();
    const after = (await connection.renew(before))!;
    expect(after["refreshToken"]).not.toBe(before["refreshToken"]);
    expect(after["environmentUrl"]).toBe(before["environmentUrl"]);
    for (const credentials of [before, after]) expect(await connection.renew(credentials)).not.toBeNull();
  });
});

function ok(body: object): UpstreamResponse {
  return answer(200, body);
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}): UpstreamResponse {
  return { status, body: new AnswerBody(body), headers, isJson: typeof body === "object" };
}
