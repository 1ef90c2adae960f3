import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import type { ProviderContext } from "../../src/providers/contract/contract.js";
import { keysetPage } from "../../src/providers/crm/close/paging.js";
import { capabilitiesOf } from "../../src/providers/capabilities.js";
import { apiKeyOf } from "../../src/sandbox/crms/close/index.js";
import type { UpstreamResponse } from "../../src/upstream/request.js";
import { closeSubject } from "./close/subject.js";
import { describeContract } from "./contract-suite.js";
import { adapterOf, edgeIds, everything, getOne, listAll, plainAdapterOf } from "./stage/adapter.js";
import { openStage, WRITE_ACCOUNT, type Stage } from "./stage/stage.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";

describeContract(closeSubject);

/** Behaviour of Close that no other CRM has. */
describe("Close only", () => {
  const { provider } = closeSubject;
  const contacts = adapterOf(provider, "contact");
  const leads = adapterOf(provider, "lead");
  const meetings = adapterOf(provider, "meeting");
  let time = Date.now();
  let stage: Stage;

  beforeAll(async () => (stage = await openStage(closeSubject, { now: () => time })));
  afterAll(() => stage.close());

  const connect = (account: string) => stage.connect({ account }).context;

  describe("meetings of a Close that ignores the order", () => {
    /** Close's list in another order, as if `_order_by` did not exist. */
    const shuffled = (text: string) => {
      const answer = JSON.parse(text) as { data?: { id?: string }[] };
      const isMeetings = answer.data?.[0]?.id?.startsWith("acti") ?? false;
      return isMeetings ? JSON.stringify({ ...answer, data: answer.data!.toReversed() }) : text;
    };
    const all = (orderBy: { field: string; direction: "ASC" } | null) =>
      stage.changing(shuffled, () => listAll(meetings, connect("other-order"), { orderBy, limit: 7 }));

    test("a list that nobody ordered has every meeting once", async () => {
      const before = await listAll(meetings, connect("other-order"), {});
      expect(before.length).toBeGreaterThan(7);
      const ids = (await all(null)).map(({ nativeId }) => nativeId);
      expect(ids.sort()).toEqual(before.map(({ nativeId }) => nativeId).sort());
    });

    test("an ordered list says that it is not in order", async () => {
      const error = await stage.failure(all({ field: "CREATED_AT", direction: "ASC" }));
      expect([error.code, error.details.detail]).toEqual([
        "PROVIDER_ERROR",
        expect.stringContaining("not in the order"),
      ]);
    });
  });

  describe("credentials", () => {
    const keyOf = (account: string) => ({ apiKey: apiKeyOf(account) });

    test("an API key is sent as the user name of Basic authentication and works like a token", async () => {
      const account = "by-key";
      const connection = stage.connect({ credentials: keyOf(account) });
      const requests = await stage.recorded(async () => {
        expect(await provider.verify(connection.exchange, keyOf(account))).toEqual({
          accountName: `Sandbox ${account}`,
          credentials: keyOf(account),
        });
        const id = await contacts.create!(connection.context, { fullName: "By key" });
        expect((await getOne(contacts, connection.context, id)).fields).toMatchObject({ fullName: "By key" });
      });
      const expected = `Basic ${Buffer.from(`${apiKeyOf(account)}:`).toString("base64")}`;
      expect(requests.map(({ headers }) => headers.authorization)).toEqual(requests.map(() => expected));
    });

    test("a key that Close refuses cannot be renewed", async () => {
      const wrong = { apiKey: "api_forged-0123456789" };
      const connection = stage.connect({ credentials: wrong });
      const error = await stage.failure(provider.verify(connection.exchange, wrong));
      expect([error.code, await connection.renew(wrong)]).toEqual(["PROVIDER_AUTH_FAILED", null]);
    });

    test("none or both of API key and token are refused before any call", async () => {
      const { exchange } = stage.connect();
      const requests = await stage.recorded(async () => {
        const none = await stage.failure(provider.verify(exchange, {}));
        expect([none.code, Object.keys(none.details.errors!)]).toEqual([
          "MISSING_REQUIRED",
          ["credentials.apiKey", "credentials.accessToken"],
        ]);
        const both = await stage.failure(provider.verify(exchange, { ...keyOf("x"), accessToken: "y" }));
        expect([both.code, Object.keys(both.details.errors!)]).toEqual(["INVALID_INPUT", ["credentials.apiKey"]]);
      });
      expect(requests).toEqual([]);
    });
  });

  test("every path ends with a slash", async () => {
    const context = connect("slashes");
    const requests = await stage.recorded(async () => {
      const id = await contacts.create!(context, { fullName: "Slash", customFields: [] });
      await contacts.update!(context, id, { title: "CEO" });
      const [meeting] = await listAll(meetings, context, {});
      await meetings.update!(context, meeting!.nativeId, { internalNotes: "x" });
      await listAll(leads, context, { filter: { status: "NEW" }, select: everything(leads) });
      await contacts.edges.meetings!.load(context, [id]);
      await provider.owners.load(context, ["user_1"]);
      await contacts.delete!(context, id);
    });
    expect(requests.length).toBeGreaterThan(8);
    for (const { url } of requests) expect(url).toMatch(/^\/api\/v1\/[a-z_/]+(?:\w+\/)?\/?(\?.*)?$/);
    for (const { url } of requests) expect(url.split("?")[0]).toMatch(/\/$/);
  });

  describe("a Close lead is a company with contacts", () => {
    test("a contact without a company gets a new lead with the contact's name", async () => {
      const context = connect("companies");
      const id = await contacts.create!(context, { fullName: "Ann Alone", company: null });
      const record = await getOne(contacts, context, id);
      const company = record.fields["company"] as { id: string; name: string };
      expect(company.name).toBe("Ann Alone");
      expect(await edgeIds(contacts, context, record, "leads")).toEqual([company.id]);
      const lead = await getOne(leads, context, company.id);
      expect(lead.fields).toMatchObject({ companyName: "Ann Alone", status: "NEW" });
      expect(await edgeIds(leads, context, lead, "contact")).toEqual([id]);
    });

    test("a contact is created in the given lead and cannot move to another lead", async () => {
      const context = connect("companies");
      const lead = await leads.create!(context, { companyName: "Acme" });
      const id = await contacts.create!(context, { fullName: "Bob", company: { id: lead } });
      expect((await getOne(contacts, context, id)).fields["company"]).toEqual({ id: lead, name: "Acme" });
      const error = await stage.failure(contacts.update!(context, id, { company: null }));
      expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.company"]]);
    });

    test("an unknown lead is refused by name", async () => {
      const company = { id: `lead_${"0".repeat(43)}` };
      const create = contacts.create!(connect("companies"), { fullName: "Carl", company });
      const error = await stage.failure(create);
      expect([error.code, error.details.errors]).toEqual([
        "INVALID_INPUT",
        { "input.company": "Close: Object does not exist." },
      ]);
    });

    test("a new lead is created together with its first contact", async () => {
      const context = connect("companies");
      const id = await leads.create!(context, {
        companyName: "Globex",
        fullName: "Maria del Carmen",
        title: "CEO",
        emails: [{ address: "maria@globex.example" }],
        phones: [{ number: "+491515550000", type: "MOBILE" }],
      });
      const lead = await getOne(leads, context, id);
      const [contact] = await edgeIds(leads, context, lead, "contact");
      expect((await getOne(contacts, context, contact!)).fields).toMatchObject({
        fullName: "Maria del Carmen",
        title: "CEO",
        emails: [{ address: "maria@globex.example" }],
        phones: [{ number: "+491515550000", type: "MOBILE" }],
        company: { id, name: "Globex" },
      });
      // A second one comes after it.
      await contacts.create!(context, { fullName: "Second", company: { id } });
      const again = await getOne(leads, context, id);
      expect(await edgeIds(leads, context, again, "contact")).toEqual([contact]);
    });

    test("a lead without a name shows the name of its contact; a lead without contacts has no contact", async () => {
      const context = connect("companies");
      const native = await stage.native("companies");
      const unnamed = await native.create("lead", { contacts: [{ emails: [{ email: "who@nowhere.example" }] }] });
      expect((await getOne(leads, context, unnamed)).fields["companyName"]).toBe("who@nowhere.example");
      const nothing = { fullName: "", title: "", emails: [], phones: null };
      const lonely = await leads.create!(context, { companyName: "Empty", ...nothing });
      expect(await edgeIds(leads, context, await getOne(leads, context, lonely), "contact")).toEqual([]);
    });

    test("errors of a contact inside a lead name the inputs of the lead", async () => {
      const context = connect("companies");
      const input = { companyName: "Bad", emails: [{ address: "a@b.example" }, { address: "nonsense" }] };
      const ofLead = await stage.failure(leads.create!(context, input));
      expect([ofLead.code, ofLead.details.errors]).toEqual([
        "INVALID_INPUT",
        { "input.emails": "Close: Invalid email address. (contacts.0.emails.1.email)" },
      ]);
      const ofContact = await stage.failure(contacts.create!(context, { phones: [{ number: "none" }] }));
      expect(ofContact.details.errors).toEqual({ "input.phones": "Close: Invalid phone number. (phones.0.phone)" });
    });
  });

  describe("lead statuses of the organization", () => {
    test("an unknown status is refused by name before any write", async () => {
      const context = connect("statuses");
      const create = leads.create!(context, { companyName: "Acme", rawStatus: "Frozen" });
      const requests = await stage.recorded(async () => {
        const error = await stage.failure(create);
        expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.rawStatus"]]);
        expect(error.details.errors!["input.rawStatus"]).toContain("Potential, Interested, Bad Fit");
      });
      expect(requests.filter((request) => closeSubject.isWrite(request))).toEqual([]);
    });

    test("a status is found by another usual label; a missing status is named", async () => {
      const context = connect("statuses");
      const renamed = answering(context, "status/lead/", {
        data: [
          { id: "stat_1", label: "potential" },
          { id: "stat_2", label: "Not Interested" },
        ],
      });
      const written: unknown[] = [];
      const watching: ProviderContext = {
        ...renamed,
        memo: (_name, read) => read(watching),
        send(request) {
          if (request.method === "PUT") written.push(request.json);
          return request.method === "PUT" ? Promise.resolve(answer(200, { id: "lead_1" })) : renamed.send(request);
        },
      };
      await leads.update!(watching, `lead_${"1".repeat(43)}`, { status: "UNQUALIFIED" });
      await leads.update!(watching, `lead_${"1".repeat(43)}`, { status: "NEW" });
      expect(written).toEqual([{ status_id: "stat_2" }, { status_id: "stat_1" }]);
      const error = await stage.failure(leads.update!(watching, `lead_${"1".repeat(43)}`, { status: "QUALIFIED" }));
      expect(Object.keys(error.details.errors!)).toEqual(["input.status"]);
    });
  });

  describe("meetings of the calendar", () => {
    test("meetings have no create, and the capabilities say so", async () => {
      expect(meetings.create).toBeUndefined();
      const capability = capabilitiesOf(provider).find(({ resource }) => resource === "meeting")!;
      expect(capability.operations).toEqual(["LIST", "GET", "UPDATE", "DELETE"]);
      expect(capability.writableInputs).toEqual(["internalNotes"]);
      const native = await stage.native(WRITE_ACCOUNT);
      const authorization = `Basic ${Buffer.from(`${apiKeyOf(WRITE_ACCOUNT)}:`).toString("base64")}`;
      const before = await native.count("meeting");
      const refused = await fetch(`${stage.origin}/api/v1/activity/meeting/`, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify({ title: "Made up", starts_at: "2026-06-10T09:00:00Z" }),
      });
      expect([refused.status, await native.count("meeting")]).toEqual([405, before]);
    });

    test("a calendar event with people of two leads is one meeting in each lead, with the contacts of that lead", async () => {
      const account = "calendar";
      const context = connect(account);
      const native = await stage.native(account);
      const people: string[] = [];
      for (const name of ["one", "two"]) {
        people.push(await contacts.create!(context, { fullName: name, emails: [{ address: `${name}@sync.example` }] }));
      }
      await native.create("meeting", {
        title: "Both",
        starts_at: "2031-05-01T08:00:00.000Z",
        ends_at: "2031-05-01T09:30:00.000Z",
        status: "declined-by-lead",
        attendees: [
          { email: "one@sync.example", status: "no" },
          { email: "two@sync.example", status: "maybe" },
          { email: "stranger@sync.example", name: "Stranger" },
        ],
      });
      const edges = await contacts.edges.meetings!.load(context, people);
      for (const [index, person] of people.entries()) {
        const { ids, complete } = edges.get(person)!;
        expect([ids.length, complete]).toEqual([1, true]);
        const record = await getOne(meetings, context, ids[0]!);
        expect(record.fields).toMatchObject({
          startAt: "2031-05-01T08:00:00.000Z",
          endAt: "2031-05-01T09:30:00.000Z",
          isAllDay: false,
          status: "OTHER",
          rawStatus: "declined-by-lead",
          organizer: null,
          attendees: [
            { email: "one@sync.example", response: "DECLINED", contactId: index === 0 ? person : null },
            { email: "two@sync.example", response: "TENTATIVE", contactId: index === 1 ? person : null },
            { name: "Stranger", response: "NEEDS_ACTION", contactId: null, ownerId: null },
          ],
        });
        expect(await edgeIds(meetings, context, record, "contacts")).toEqual([person]);
      }
    });

    test("a batch of ids too long for a URL takes one call", async () => {
      const connection = stage.connect({ account: "calendar" });
      const all = await listAll(meetings, connection.context, { limit: 100 });
      const ids = all.slice(0, 100).map(({ nativeId }) => nativeId);
      const requests = await stage.recorded(async () => {
        expect((await meetings.get(connection.context, ids, new Set())).size).toBe(100);
      });
      expect(requests.map(({ method, url }) => [method, url])).toEqual([["POST", "/api/v1/activity/meeting/"]]);
      expect(requests[0]!.headers["x-http-method-override"]).toBe("GET");
    });
  });

  describe("searches", () => {
    test("a record that the search does not find yet is read by id, also in a batch", async () => {
      let later = Date.now();
      const lagging = await openStage(closeSubject, { indexLagMs: 60_000, now: () => later });
      try {
        const { context } = lagging.connect({ account: WRITE_ACCOUNT });
        const [known] = (await contacts.list(context, firstPage(1))).records;
        const id = await contacts.create!(context, { fullName: "Just now" });
        const found = await contacts.get(context, [known!.nativeId, id], everything(contacts));
        expect(found.get(id)!.fields).toMatchObject({ fullName: "Just now", company: { name: "Just now" } });
        expect(found.size).toBe(2);
        later += 60_000;
      } finally {
        await lagging.close();
      }
    });

    test("if Close refuses a search for many ids, each id is read alone; other errors are reported", async () => {
      const connection = stage.connect();
      const ids = (await listAll(contacts, connection.context, {})).slice(0, 5).map(({ nativeId }) => nativeId);
      const failing = (status: number): ProviderContext => ({
        ...connection.context,
        send: (request) =>
          request.path.endsWith("/data/search/")
            ? Promise.reject(new CrmError("PROVIDER_ERROR", { upstream: { status } }))
            : connection.context.send(request),
      });
      // More than the cost of a batch takes for granted.
      const plain = plainAdapterOf(closeSubject.provider, "contact");
      const found = await plain.get(failing(400), [...ids, `cont_${"0".repeat(43)}`], new Set(["fullName"]));
      expect([...found.keys()]).toEqual(ids);
      const error = await stage.failure(contacts.get(failing(500), ids, new Set(["fullName"])));
      expect(error.details.upstream).toEqual({ status: 500 });
    });

    test("a list continues after Close's cursor has expired", async () => {
      const context = connect("slow");
      const ids = new Set<string>();
      let cursor: string | null = null;
      do {
        const page = await leads.list(context, { ...firstPage(100), cursor });
        for (const { nativeId } of page.records) ids.add(nativeId);
        cursor = page.next;
        time += 31_000;
      } while (cursor !== null);
      expect(ids.size).toBe(305);
    });

    test("records with the same timestamp appear once, in both directions", async () => {
      const context = connect("imported");
      const native = await stage.native("imported");
      time += 5;
      const names = Array.from({ length: 230 }, (_, index) => `Import ${index}`);
      await native.create("lead", { name: "Import", contacts: names.map((name) => ({ name })) });
      // More records of one time than the cost of a list takes for granted.
      const plain = plainAdapterOf(closeSubject.provider, "contact");
      for (const direction of ["ASC", "DESC"] as const) {
        for (const field of ["CREATED_AT", "UPDATED_AT"]) {
          const query = { filter: { name: "Import" }, orderBy: { field, direction }, limit: 30 };
          const found = await listAll(plain, context, { ...query, select: new Set(["fullName"]) });
          expect(found.map(({ fields }) => fields["fullName"]).sort()).toEqual([...names].sort());
        }
      }
    });

    test("a list continues after the 10,000 records of one Close search", async () => {
      const context = connect("large");
      const native = await stage.native("large");
      for (let lead = 0; lead < 94; lead += 1) {
        time += 7;
        const people = Array.from({ length: 100 }, (_, index) => ({ name: `Crowd ${lead * 100 + index}` }));
        await native.create("lead", { name: `Crowd ${lead}`, contacts: people });
      }
      const listed = await listAll(contacts, context, { limit: 100 });
      expect(listed).toHaveLength(10_400);
      expect(new Set(listed.map(({ nativeId }) => nativeId)).size).toBe(10_400);
    }, 60_000);

    test("a list reports a cap if more records share a millisecond than Close returns", async () => {
      const rows = [{ id: "cont_1", date_created: "2026-01-01T00:00:00.000000+00:00" }];
      const cursor = JSON.stringify({ at: "2026-01-01T00:00:00.000Z", seen: ["cont_1"] });
      let left = 10_000;
      const page = await keysetPage({ order: null, limit: 100, cursor }, async () => {
        left -= rows.length;
        return { rows, resume: left > 0 ? "next" : null };
      });
      expect(page).toMatchObject({ records: [], next: null, cap: { records: 10_000 } });
    });

    test("an e-mail address matches in any case and a phone number in any notation, but never a part", async () => {
      const context = connect("exact");
      const id = await leads.create!(context, {
        companyName: "Exact",
        emails: [{ address: "Ann.Lee@exact.example" }],
        phones: [{ number: "+49 151 555-0000" }],
      });
      const by = async (filter: object) =>
        (await listAll(leads, context, { filter: { ...filter } })).map(({ nativeId }) => nativeId);
      expect(await by({ email: "ann.lee@EXACT.example" })).toEqual([id]);
      expect(await by({ email: "lee@exact.example" })).toEqual([]);
      expect(await by({ phone: "+49 (151) 5550000" })).toEqual([id]);
      expect(await by({ phone: "+49151555" })).toEqual([]);
    });
  });

  test("custom fields are also read from answers in the older format", async () => {
    const connection = stage.connect();
    const [{ nativeId } = { nativeId: "" }] = (await contacts.list(connection.context, firstPage(1))).records;
    const key = `cf_${"contactScore".padEnd(43, "0")}`;
    const nested = answering(connection.context, `contact/${nativeId}/`, { id: nativeId, custom: { [key]: 4 } });
    const { fields } = await getOne(contacts, nested, nativeId, new Set(["customFields"]));
    expect(fields["customFields"]).toContainEqual({ key: `custom.${key}`, label: "Score", type: "NUMBER", value: 4 });
  });

  describe("answers of Close", () => {
    const classify = (status: number, body: unknown, headers: UpstreamResponse["headers"] = {}) =>
      provider.traits.classify(answer(status, body, headers))!;

    test("the rate limit is read from the RateLimit header of every answer", async () => {
      const { traits } = provider;
      const stated = (header: string) => traits.rateLimit!(answer(200, {}, { ratelimit: header }));
      expect(stated("limit=100, remaining=50, reset=5")).toEqual({ limit: 100, remaining: 50, windowMs: null });
      expect(stated("limit=16;reset=0.25")).toEqual({ limit: 16, remaining: null, windowMs: null });
      expect(stated("nonsense")).toBeUndefined();
      expect(traits.rateLimit!(answer(200, {}))).toBeUndefined();
    });

    test.each([
      [{ ratelimit: "limit=16, remaining=0, reset=0.75", "retry-after": "1" }, {}, 0.75],
      [{ "retry-after": "7" }, {}, 7],
      [{}, { rate_reset: 3.5 }, 3.5],
      [{}, { error: { rate_reset: 2, message: "x" } }, 2],
      [{ ratelimit: "limit=16, remaining=0, reset=0" }, { error: "x" }, 5],
    ])("a refusal for the limit with %j and %j is over after %d s", (headers, body, retryAfter) => {
      const error = classify(429, body, headers);
      expect([error.code, error.details.retryAfter]).toEqual(["PROVIDER_RATE_LIMITED", retryAfter]);
    });

    test.each([
      [{ "field-errors": { lead: "Object does not exist." } }, { lead: "Close: Object does not exist." }],
      [{ errors: [], "field-errors": { name: ["Too long.", 5] } }, { name: "Close: Too long." }],
      [{ "field-errors": { emails: { errors: ["Too many."], "field-errors": {} } } }, { emails: "Close: Too many." }],
      [{ "field-errors": { emails: { "1": { email: "Bad." } } } }, { emails: "Close: Bad. (emails.1.email)" }],
    ])("%j names the fields at fault", (body, errors) => {
      const error = classify(400, body);
      expect([error.code, error.details.errors]).toEqual(["INVALID_INPUT", errors]);
    });

    test.each([
      [400, { errors: ["Something with a secret in it."], "field-errors": {} }, "PROVIDER_ERROR"],
      [400, "<html>", "PROVIDER_ERROR"],
      [401, { error: "x" }, "PROVIDER_AUTH_FAILED"],
      [402, { error: "x" }, "PROVIDER_AUTH_FAILED"],
      [403, { error: "x" }, "PROVIDER_AUTH_FAILED"],
      [405, { error: "x" }, "PROVIDER_ERROR"],
      [500, null, "PROVIDER_ERROR"],
      [504, "", "PROVIDER_UNAVAILABLE"],
    ])("%d with %j is %s, and the error does not contain its text", (status, body, code) => {
      const error = classify(status, body);
      expect([error.code, error.credentialRefused]).toEqual([code, status === 401]);
      expect(JSON.stringify(error.details)).not.toContain("secret");
    });

    test("a rate limit error has the wait that Close names", async () => {
      const limited = await openStage(closeSubject, { limits: "enforce", now: () => time });
      try {
        const connection = limited.connect({ account: "limited" });
        for (let call = 0; call < 16; call += 1) await contacts.list(connection.context, firstPage(1));
        const error = await limited.failure(contacts.list(connection.context, firstPage(1)));
        expect([error.code, error.details.retryAfter]).toEqual(["PROVIDER_RATE_LIMITED", 1]);
      } finally {
        await limited.close();
      }
    });
  });

  const firstPage = (limit: number) => ({
    filter: {},
    orderBy: null,
    limit,
    cursor: null,
    select: new Set<string>(),
  });

  /** The connection with another answer to one path. */
  function answering(context: ProviderContext, path: string, body: unknown): ProviderContext {
    return {
      ...context,
      send: (request) => (request.path.endsWith(path) ? Promise.resolve(answer(200, body)) : context.send(request)),
    };
  }

  function answer(status: number, body: unknown, headers: UpstreamResponse["headers"] = {}): UpstreamResponse {
    return { status, headers, body: new AnswerBody(body), isJson: typeof body === "object" };
  }
});
