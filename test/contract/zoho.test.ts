import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { authorizationUrl } from "../../src/providers/oauth/authorization.js";
import { serverOfCallback } from "../../src/providers/contract/oauth.js";
import { exchangeCode, refreshGrant, revokeGrant } from "../../src/providers/oauth/grants.js";
import type { UpstreamResponse } from "../../src/upstream/request.js";
import { zohoSandbox } from "../../src/sandbox/crms/zoho/index.js";
import { locationOf, openPage, submit } from "../sandbox/browser.js";
import { sdkCall, sdkConnection } from "../sandbox/zoho/sdk.js";
import { LongNumber } from "../../src/upstream/long-number.js";
import { describeContract } from "./contract-suite.js";
import { adapterOf, edgeIds, everything, getOne, listAll, plainAdapterOf } from "./stage/adapter.js";
import { openStage, READ_ACCOUNT, type Stage } from "./stage/stage.js";
import { zohoSubject } from "./zoho/subject.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";

describeContract(zohoSubject);

/** Behaviour of Zoho that no other CRM has. */
describe("Zoho CRM only", () => {
  const { provider } = zohoSubject;
  const contacts = adapterOf(provider, "contact");
  const leads = adapterOf(provider, "lead");
  const meetings = adapterOf(provider, "meeting");
  /** An account of the other of the two kinds on which sources disagree. */
  const STRICT = "strict-org";
  let stage: Stage;

  beforeAll(async () => (stage = await openStage(zohoSubject)));
  afterAll(() => stage.close());

  const connect = (account: string) => stage.connect({ account }).context;

  test("where the related list needs another scope, a contact's meetings are those that name it, and not complete", async () => {
    const load = async () => {
      const { context } = stage.connect();
      const ids = (
        await contacts.list(context, { filter: {}, orderBy: null, limit: 40, cursor: null, select: new Set() })
      ).records;
      return contacts.edges["meetings"]!.load(
        context,
        ids.map(({ nativeId }) => nativeId),
      );
    };
    const refusal = { code: "OAUTH_SCOPE_MISMATCH", details: {}, message: "invalid oauth scope", status: "error" };
    const answer = { status: 401, headers: { "content-type": "application/json" }, text: JSON.stringify(refusal) };
    const whole = await load();
    const named = await stage.answering(({ url }) => (url.includes("/Invited_Events") ? answer : null), load);
    expect([...whole.values()].every(({ complete }) => complete)).toBe(true);
    expect([...named.values()].every(({ complete }) => !complete)).toBe(true);
    const count = (edges: typeof whole) => [...edges.values()].flatMap(({ ids }) => ids).length;
    expect(count(named)).toBeGreaterThan(0);
    expect(count(named)).toBeLessThan(count(whole));
  });

  async function call(account: string, method: string, path: string, body?: object) {
    const { accessToken = "" } = zohoSandbox.credentials(account, stage.origin, Date.now());
    const answer = await fetch(`${stage.origin}/crm/v8${path}`, {
      method,
      headers: { authorization: `Zoho-oauthtoken ${accessToken}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, text: await answer.text() };
  }

  async function failureOf(promise: Promise<unknown>) {
    const { code, details } = await stage.failure(promise);
    return { code, errors: Object.keys(details.errors ?? {}), upstream: details.upstream };
  }

  describe("fields", () => {
    test("a long integer is a text of digits in Zoho's JSON, however a caller gives it", async () => {
      const context = connect("long-integers");
      const id = await contacts.create!(context, { lastName: "Long" });
      const key = "Crmesh_Number";
      for (const value of ["123456789012345678", new LongNumber("123456789012345678"), 42]) {
        const requests = await stage.recorded(() => contacts.update!(context, id, { customFields: [{ key, value }] }));
        expect(requests.at(-1)!.body).toContain(`"${key}":"${String(value)}"`);
        const { fields } = await getOne(contacts, context, id, new Set(["customFields"]));
        const read = value === 42 ? 42 : String(value);
        expect(fields["customFields"]).toContainEqual({ key, label: "Crmesh Number", type: "NUMBER", value: read });
      }
      const tooLong = contacts.update!(context, id, { customFields: [{ key, value: "1234567890123456789" }] });
      expect(await failureOf(tooLong)).toMatchObject({ code: "INVALID_INPUT", errors: [`input.customFields.${key}`] });
    });

    test.each([
      ["broad-org", 60, contacts],
      // Hundreds of own fields are more than the cost takes for granted.
      ["wide-org", 300, plainAdapterOf(provider, "contact")],
    ] as const)(
      "more fields than one call can select are read by several calls and joined by id (%s)",
      async (account, count, adapter) => {
        const context = connect(account);
        const keyOf = (number: number) =>
          `Own_Field_Of_The_Organization_With_A_Long_Name_${String(number).padStart(3, "0")}`;
        const customFields = [
          { key: keyOf(1), value: "first" },
          { key: keyOf(count), value: "last" },
        ];
        const id = await adapter.create!(context, { lastName: "Wide", customFields });
        const read = async (run: () => Promise<{ fields: Record<string, unknown> }>) => {
          const { fields } = await run();
          expect(fields).toMatchObject({ lastName: "Wide", fullName: "Wide" });
          expect(fields["customFields"]).toHaveLength(count + 5);
          expect(fields["customFields"]).toEqual(
            expect.arrayContaining(customFields.map((one) => expect.objectContaining(one))),
          );
        };
        const select = everything(adapter);
        const requests = await stage.recorded(() => read(() => getOne(adapter, context, id, select)));
        const asked = requests.map(
          ({ url }) => new URL(url, "http://zoho").searchParams.get("fields")?.split(",") ?? [],
        );
        expect(asked.every((names) => names.length <= 50)).toBe(true);
        const names = asked.flat();
        expect(new Set(names).size).toBeGreaterThan(count + 30);
        // No call repeats a field, and long names take no more calls than short ones.
        expect(names).toHaveLength(new Set(names).size);
        const readings = asked.filter((some) => some.length > 0);
        expect(readings).toHaveLength(Math.ceil(names.length / 50));
        await read(async () => (await listAll(adapter, context, { select })).find(({ nativeId }) => nativeId === id)!);
      },
    );
  });

  describe("paging", () => {
    test("uses page numbers for 2,000 rows and ids after them, for any page size", async () => {
      const account = "large";
      const context = connect(account);
      for (let batch = 0; batch < 15; batch += 1) {
        const data = Array.from({ length: 100 }, (_, index) => ({ Last_Name: `Crowd ${batch * 100 + index}` }));
        expect((await call(account, "POST", "/Contacts", { data })).status).toBe(201);
      }
      const ids: string[] = [];
      let cursor: string | null = null;
      const limits = [100, 83, 30, 200, 7];
      const requests = await stage.recorded(async () => {
        for (let turn = 0; turn === 0 || cursor !== null; turn += 1) {
          const limit = limits[turn % limits.length]!;
          const select = turn % 2 === 0 ? new Set(["fullName"]) : new Set(["emails", "owner"]);
          const page = await contacts.list(context, { filter: {}, orderBy: null, limit, cursor, select });
          expect(page.records.length).toBeLessThanOrEqual(limit);
          expect(page.cap).toBeNull();
          ids.push(...page.records.map(({ nativeId }) => nativeId));
          cursor = page.next;
        }
      });
      expect(ids).toHaveLength(2500);
      expect(ids).toEqual([...new Set(ids)].sort());
      const lists = requests
        .map(({ url }) => new URL(url, "http://zoho").searchParams)
        .filter((query) => query.has("page"));
      expect(lists.length).toBeGreaterThan(10);
      for (const query of lists) {
        expect(Number(query.get("page")) * Number(query.get("per_page"))).toBeLessThanOrEqual(2_000);
      }
      expect(requests.some(({ url }) => url.includes("page_token"))).toBe(false);
      expect(requests.some(({ url }) => url.endsWith("/coql"))).toBe(true);
    });

    test("takes one call for a page of 100, as long as numbers reach it", async () => {
      const context = connect("large");
      let cursor: string | null = null;
      for (let page = 0; page < 20; page += 1) {
        const query = { filter: {}, orderBy: null, limit: 100, cursor, select: new Set(["fullName"]) };
        const requests = await stage.recorded(async () => (cursor = (await contacts.list(context, query)).next));
        expect(requests).toHaveLength(1);
      }
    });

    test("an empty module is an empty page", async () => {
      const account = "emptied";
      const ids = [...(await (await stage.native(account)).all("meeting")).keys()];
      for (let at = 0; at < ids.length; at += 50) {
        await call(account, "DELETE", `/Events?ids=${ids.slice(at, at + 50).join(",")}`);
      }
      expect((await call(account, "GET", "/Events?fields=id")).status).toBe(204);
      for (const orderBy of [null, { field: "CREATED_AT", direction: "ASC" as const }]) {
        const query = { filter: {}, orderBy, limit: 10, cursor: null, select: everything(meetings) };
        expect(await meetings.list(connect(account), query)).toMatchObject({ records: [], next: null, cap: null });
      }
    });
  });

  describe("errors", () => {
    test.each(["written", STRICT])(
      "a record that Zoho refuses fails, even with a status of success (%s)",
      async (account) => {
        const context = connect(account);
        const emails = [{ address: "no address at all" }];
        const status = account === STRICT ? 400 : 202;
        const refusal = { code: "INVALID_INPUT", errors: ["input.emails"], upstream: { status, code: "INVALID_DATA" } };
        expect(await failureOf(contacts.create!(context, { lastName: "X", emails }))).toEqual(refusal);
        const id = await contacts.create!(context, { lastName: "Y" });
        expect(await failureOf(contacts.update!(context, id, { emails }))).toEqual(refusal);
        const gone = await failureOf(contacts.update!(context, id, { company: { id: "123456789" } }));
        expect(gone).toMatchObject({ code: "INVALID_INPUT", errors: ["input.company"] });
      },
    );

    test("a field that the org's layout requires is named", () => {
      const classify = (details: object) =>
        provider.traits.classify(answered(202, { data: [refused("MANDATORY_NOT_FOUND", details)] }));
      expect(classify({ api_name: "Company", json_path: "$.data[0].Company" })).toMatchObject({
        code: "MISSING_REQUIRED",
        details: { errors: { Company: expect.any(String) } },
      });
    });

    test("all errors of a record are named", () => {
      const errors = ["Email", "Phone"].map((name) => refused("INVALID_DATA", { json_path: `$.data[0].${name}` }));
      const several = { data: [refused("MULTIPLE_OR_MULTI_ERRORS", { errors })] };
      expect(provider.traits.classify(answered(400, several))).toMatchObject({
        code: "INVALID_INPUT",
        details: { errors: { Email: expect.any(String), Phone: expect.any(String) } },
      });
    });

    test.each([
      [400, "INVALID_MODULE", "UNSUPPORTED_RESOURCE"],
      [400, "RECORD_LOCKED", "INVALID_INPUT"],
      [412, "ALREADY_MODIFIED", "INVALID_INPUT"],
      [403, "NO_PERMISSION", "PROVIDER_AUTH_FAILED"],
      [403, "OAUTH_SCOPE_MISMATCH", "PROVIDER_AUTH_FAILED"],
      [404, "INVALID_URL_PATTERN", "PROVIDER_ERROR"],
      [200, "INTERNAL_ERROR", "PROVIDER_ERROR"],
      [502, "NO_SUCH_CODE", "PROVIDER_UNAVAILABLE"],
    ])("%i with %s is %s", (status, code, expected) => {
      expect(provider.traits.classify(answered(status, refused(code, {})))?.code).toBe(expected);
    });

    test("a duplicate has the id of the existing record, from both places in the answer", async () => {
      const context = connect("duplicates");
      const emails = [{ address: "twice@example.com" }];
      const existing = await contacts.create!(context, { lastName: "Twice", emails });
      const error = await stage.failure(contacts.create!(context, { lastName: "Again", emails }));
      expect([error.code, error.details.existingId]).toEqual(["DUPLICATE_RECORD", existing]);
      const older = provider.traits.classify(answered(202, { data: [refused("DUPLICATE_DATA", { id: "42" })] }));
      expect(older).toMatchObject({ code: "DUPLICATE_RECORD", details: { existingId: "42" } });
    });

    test.each(["written", STRICT])(
      "a missing record is absent in reads, and writes fail with NOT_FOUND (%s)",
      async (account) => {
        const context = connect(account);
        const [known] = [...(await (await stage.native(account)).all("contact")).keys()];
        expect([...(await contacts.get(context, ["1234567890"], new Set())).keys()]).toEqual([]);
        expect([...(await contacts.get(context, ["1234567890", known!], new Set())).keys()]).toEqual([known]);
        const writes = [
          () => contacts.update!(context, "1234567890", { title: "X" }),
          () => contacts.delete!(context, "1234567890"),
        ];
        for (const write of writes) expect((await failureOf(write())).code).toBe("CONTACT_NOT_FOUND");
      },
    );

    test("a 401 for a missing scope does not renew the token", async () => {
      const { context } = stage.connect({ fault: "PROVIDER_AUTH_FAILED" });
      const requests = await stage.recorded(async () => {
        const error = await stage.failure(contacts.get(context, ["1234567890"], new Set()));
        expect([error.code, error.credentialRefused]).toEqual(["PROVIDER_AUTH_FAILED", false]);
        expect(error.details.upstream).toEqual({ status: 401, code: "OAUTH_SCOPE_MISMATCH" });
      });
      expect(requests.map(({ url }) => url.split("?")[0])).toEqual(["/crm/v8/Contacts"]);
    });

    test("a rate limit without a time has a longer retryAfter if no API credits are left", () => {
      const limited = (headers: Record<string, string>) =>
        provider.traits.classify(answered(429, refused("TOO_MANY_REQUESTS", {}), headers))?.details.retryAfter;
      expect(limited({})).toBe(10);
      expect(limited({ "x-api-credits-remaining": "12" })).toBe(10);
      expect(limited({ "x-api-credits-remaining": "0" })).toBe(300);
    });

    test("a rate limit of the token endpoint is PROVIDER_RATE_LIMITED, not a refused connection", async () => {
      const credentials = {
        ...zohoSandbox.credentials(READ_ACCOUNT, stage.origin, Date.now()),
        accessToken: "expired",
      };
      const { context } = stage.connect({ credentials, laterFault: "PROVIDER_RATE_LIMITED" });
      const error = await stage.failure(contacts.list(context, firstPage()));
      expect([error.code, error.details.upstream]).toEqual([
        "PROVIDER_RATE_LIMITED",
        { status: 400, code: "Access Denied" },
      ]);
    });
  });

  describe("leads", () => {
    test.each(["written", STRICT])("a converted lead is not listed, but can be read by id (%s)", async (account) => {
      const context = connect(account);
      const before = Date.now() - 1000;
      const lastName = `Converted ${account}`;
      const id = await leads.create!(context, { lastName, companyName: "Acme" });
      const found = async (filter: object) =>
        (await listAll(leads, context, { filter: { ...filter, name: lastName } })).map(({ nativeId }) => nativeId);
      expect(await found({})).toEqual([id]);
      const answer = await sdkCall(sdkConnection(stage.origin, account), { call: "convert", id });
      const [{ details }] = answer.json!["data"] as [{ details: { Contacts: { id: string } } }];
      const lead = await getOne(leads, context, id);
      expect(lead.fields).toMatchObject({ status: "CONVERTED", isConverted: true, lastName });
      expect(Date.parse(lead.fields["convertedAt"] as string)).toBeGreaterThan(before);
      expect(await edgeIds(leads, context, lead, "convertedContact")).toEqual([details.Contacts.id]);
      expect((await contacts.edges.leads!.load(context, [details.Contacts.id])).get(details.Contacts.id)).toEqual({
        ids: [id],
        complete: true,
      });
      expect(await found({})).toEqual([]);
      expect(await found({ status: "CONVERTED" })).toEqual([id]);
      expect((await listAll(leads, context, {})).map(({ nativeId }) => nativeId)).not.toContain(id);
    });

    test("an unknown status is refused by name before any write", async () => {
      const context = connect("written");
      const refusal = { code: "INVALID_INPUT", errors: ["input.rawStatus"] };
      const create = leads.create!(context, { lastName: "X", rawStatus: "Nowhere-on-Earth" });
      expect(await failureOf(create)).toMatchObject(refusal);
      // In other orgs, this status is called "New".
      const id = await leads.create!(context, { lastName: "X", status: "NEW" });
      expect((await getOne(leads, context, id)).fields["rawStatus"]).toBe("Not Contacted");
    });
  });

  describe("meetings", () => {
    const startAt = new Date("2031-05-01T08:00:00.000Z");
    const endAt = new Date("2031-05-01T09:00:00.000Z");

    test.each(["zone-a", "zone-b", "zone-c", "zone-d", "zone-e"])(
      "all-day meetings have the days of the user's time zone (%s)",
      async (account) => {
        const context = connect(account);
        const days = { startAt: new Date("2031-03-09T00:00:00.000Z"), endAt: new Date("2031-03-11T00:00:00.000Z") };
        const id = await meetings.create!(context, { title: "Off-site", isAllDay: true, ...days });
        const times = { startAt: "2031-03-09T00:00:00.000Z", endAt: "2031-03-11T00:00:00.000Z", isAllDay: true };
        expect((await getOne(meetings, context, id)).fields).toMatchObject(times);
        const starting = async (startsSince: string, startsUntil: string) => {
          const filter = { startsSince: new Date(startsSince), startsUntil: new Date(startsUntil) };
          return (await listAll(meetings, context, { filter })).map(({ nativeId }) => nativeId);
        };
        expect(await starting("2031-03-09T00:00:00.000Z", "2031-03-09T00:00:01.000Z")).toEqual([id]);
        expect(await starting("2031-03-09T00:00:01.000Z", "2031-03-12T00:00:00.000Z")).toEqual([]);
        expect(await starting("2031-03-01T00:00:00.000Z", "2031-03-09T00:00:00.000Z")).toEqual([]);
      },
    );

    test("an update of contacts and leads keeps the other participants", async () => {
      const account = "written";
      const context = connect(account);
      const native = await stage.native(account);
      const people = [...(await native.all("contact")).keys()].slice(0, 2);
      const [user] = [...(await native.owners()).keys()];
      const id = await native.create("meeting", {
        Event_Title: "Crowded",
        Start_DateTime: startAt.toISOString(),
        End_DateTime: endAt.toISOString(),
        Participants: [
          { type: "user", participant: user },
          { type: "email", participant: "guest@example.com" },
          { type: "contact", participant: people[0] },
        ],
      });
      await meetings.update!(context, id, { contactIds: [people[1]!] });
      const { fields } = await getOne(meetings, context, id);
      expect(fields["attendees"]).toEqual([
        expect.objectContaining({ ownerId: user, contactId: null, name: "Olivia Owner" }),
        expect.objectContaining({ ownerId: null, contactId: null, email: "guest@example.com" }),
        expect.objectContaining({ ownerId: null, contactId: people[1] }),
      ]);
    });

    test("the related record of a meeting stays when its participants change, unless it is a lead", async () => {
      const account = "written";
      const context = connect(account);
      const native = await stage.native(account);
      const [firm] = await native.companies();
      const [contactId] = [...(await native.all("contact")).keys()];
      const [leadId] = [...(await native.all("lead")).keys()];
      const data = [
        {
          Event_Title: "About a firm",
          Start_DateTime: "2031-05-01T08:00:00+00:00",
          End_DateTime: "2031-05-01T09:00:00+00:00",
          What_Id: { id: firm },
          $se_module: "Accounts",
        },
      ];
      const answer = JSON.parse((await call(account, "POST", "/Events", { data })).text) as {
        data: [{ details: { id: string } }];
      };
      const { id } = answer.data[0].details;
      await meetings.update!(context, id, { leadIds: [leadId!] });
      expect(await native.get("meeting", id)).toMatchObject({ What_Id: { id: firm }, $se_module: "Accounts" });
      expect(await edgeIds(meetings, context, await getOne(meetings, context, id), "leads")).toEqual([leadId]);
      const other = await meetings.create!(context, { title: "About a lead", startAt, endAt, leadIds: [leadId!] });
      expect(await native.get("meeting", other)).toMatchObject({ What_Id: { id: leadId }, $se_module: "Leads" });
      await meetings.update!(context, other, { contactIds: [contactId!], leadIds: null });
      expect(await native.get("meeting", other)).toMatchObject({ Who_Id: { id: contactId }, What_Id: null });
    });

    test("a meeting without an end is refused by name, also in an update", async () => {
      const context = connect("written");
      const refusal = { code: "MISSING_REQUIRED", errors: ["input.endAt"] };
      const create = meetings.create!(context, { title: "X", startAt, isAllDay: false });
      expect(await failureOf(create)).toMatchObject(refusal);
      const id = await meetings.create!(context, { title: "X", startAt, endAt });
      expect(await failureOf(meetings.update!(context, id, { endAt: null }))).toMatchObject({
        errors: ["input.endAt"],
      });
    });

    test("participants that a list omits are read separately", async () => {
      const account = "sparse-org";
      const context = connect(account);
      const [id, native] = [...(await (await stage.native(account)).all("meeting"))].find(([, { Who_Id }]) => Who_Id)!;
      expect(native).not.toHaveProperty("Participants");
      const alone = await (await stage.native(account)).get("meeting", id);
      const participants = alone!["Participants"] as { name: string }[];
      const listed = await listAll(meetings, context, { select: everything(meetings) });
      const { fields } = listed.find(({ nativeId }) => nativeId === id)!;
      expect((fields["attendees"] as { name: string }[]).map(({ name }) => name)).toEqual(
        participants.map(({ name }) => name),
      );
      expect((await getOne(meetings, context, id)).fields).toEqual(fields);
    });
  });

  describe("data centres", () => {
    test("the callback names the accounts server and the token answer the API domain; a renewal keeps both and the refresh token", async () => {
      const definition = provider.oauth!;
      const exchange = stage.oauth();
      const redirectUri = "http://127.0.0.1:4999/callback";
      const query = {
        clientId: zohoSubject.oauthClient!.id,
        redirectUri,
        state: "state-1",
        codeVerifier: "x".repeat(50),
      };
      const url = new URL(await authorizationUrl(definition, exchange.server, query));
      expect(url.searchParams.get("scope")).toBe(definition.scopes.join(","));
      expect([url.searchParams.get("access_type"), url.searchParams.get("prompt")]).toEqual(["offline", "consent"]);
      const page = await openPage(url.href);
      const callback = locationOf(
        await submit(page, { button: "Accept", typed: { account: "consenting" } }),
      ).searchParams;
      expect(serverOfCallback(definition, callback, "eu").id).toBe("com");
      const grant = await exchangeCode(exchange, definition, { ...query, callback });
      expect(grant.credentials).toMatchObject({ apiDomain: stage.origin, authorizationServer: "com" });
      expect(grant.scopes!.sort()).toEqual([...definition.scopes].sort());
      const again = await stage.failure(exchangeCode(exchange, definition, { ...query, callback }));
      expect([again.code, again.details.upstream]).toEqual([
        "PROVIDER_AUTH_FAILED",
        { status: 200, code: "invalid_code" },
      ]);
      // A second use of a code revokes its grant, so the next grant is a new one.
      const other = { ...grant.credentials, ...zohoSandbox.credentials("consenting", stage.origin, Date.now()) };
      const renewed = await refreshGrant(exchange, definition, other);
      expect(renewed!.credentials).toMatchObject({
        apiDomain: stage.origin,
        authorizationServer: "com",
        refreshToken: other.refreshToken,
      });
      const connection = stage.connect({ credentials: { ...renewed!.credentials } });
      const { accountName } = await provider.verify(connection.exchange, renewed!.credentials);
      expect(accountName).toBe("Olivia Owner");
      expect(await revokeGrant(exchange, definition, renewed!.credentials)).toBe(true);
      expect(await revokeGrant(exchange, definition, renewed!.credentials)).toBe(false);
    });

    test("the API domain comes from the token answer; the default is the first data centre", () => {
      expect(provider.origin({}, undefined)).toBe("https://www.zohoapis.com");
      expect(provider.origin({ apiDomain: "https://www.zohoapis.eu" }, undefined)).toBe("https://www.zohoapis.eu");
      expect(provider.origin({ apiDomain: "https://www.zohoapis.eu" }, "http://127.0.0.1:1")).toBe(
        "http://127.0.0.1:1",
      );
      expect(() => provider.origin({ apiDomain: "zohoapis.eu" }, undefined)).toThrow(
        expect.objectContaining({ code: "INVALID_INPUT" }),
      );
    });

    test.each([
      ["https://www.zohoapis.com.au", "https://crm.zoho.com.au/crm/tab/Contacts/7"],
      ["https://www.zohoapis.ca", "https://crm.zohocloud.ca/crm/tab/Contacts/7"],
      ["https://www.zohoapis.com", "https://crm.zoho.com/crm/tab/Contacts/7"],
    ])("a record of %s has a url at %s", (origin, url) => {
      expect(contacts.map.fields["url"]!.read({ id: "7" }, { origin, customFields: [] })).toBe(url);
    });

    test("every data centre has its own accounts server", () => {
      const { servers, serverParameter } = provider.oauth!;
      expect(serverParameter).toBe("accounts-server");
      expect(servers.map(({ tokenEndpoint }) => new URL(tokenEndpoint).host)).toEqual(
        [
          ...["zoho.com", "zoho.eu", "zoho.in", "zoho.com.au", "zoho.jp", "zoho.com.cn", "zoho.sa", "zohocloud.ca"],
          ...["zoho.uk", "zoho.ae", "zoho.sg"],
        ].map((domain) => `accounts.${domain}`),
      );
    });
  });
});

function firstPage() {
  return { filter: {}, orderBy: null, limit: 1, cursor: null, select: new Set<string>() };
}

function refused(code: string, details: object) {
  return { code, details, message: "refused", status: "error" };
}

function answered(status: number, body: unknown, headers: Record<string, string> = {}): UpstreamResponse {
  return { status, headers, body: new AnswerBody(body), isJson: true };
}
