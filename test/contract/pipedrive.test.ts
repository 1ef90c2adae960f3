import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import type { AdapterRequest, ProviderContext } from "../../src/providers/contract/contract.js";
import { pipedrive } from "../../src/providers/crm/pipedrive/index.js";
import { createPipedriveSandbox } from "../../src/sandbox/crms/pipedrive/index.js";
import { startSandboxServer } from "../../src/sandbox/kit/server.js";
import type { UpstreamResponse } from "../../src/upstream/request.js";
import { CrmConnections } from "../support/crm-connections.js";
import { describeContract } from "./contract-suite.js";
import { apisOf } from "./pipedrive/native-client.js";
import { pipedriveSubject } from "./pipedrive/subject.js";
import { adapterOf, everything, getOne, listAll } from "./stage/adapter.js";
import { openStage, type Stage } from "./stage/stage.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";

describeContract(pipedriveSubject);

const contacts = adapterOf(pipedrive, "contact");
const leads = adapterOf(pipedrive, "lead");
const meetings = adapterOf(pipedrive, "meeting");

/** Behaviour of Pipedrive that no other CRM has. */
describe("Pipedrive only", () => {
  let stage: Stage;

  beforeAll(async () => (stage = await openStage(pipedriveSubject)));
  afterAll(() => stage.close());

  const connect = (account: string) => stage.connect({ account }).context;
  /** The account through the vendor's own client. */
  const apis = (account: string) => apisOf(stage.origin, pipedriveSubject.sandbox.typedCredential(account));
  const startAt = new Date("2031-05-01T08:00:00.000Z");

  test("ids beyond a double are read with all their digits", async () => {
    const context = connect("long-ids");
    const query = { filter: {}, orderBy: null, limit: 1, cursor: null, select: new Set(["owner"]) };
    const { records } = await stage.changing(
      (text) =>
        text.replace(/"owner_id":\d+/, '"owner_id":123456789012345678').replace(/"id":\d+/, '"id":9007199254740993'),
      () => contacts.list(context, query),
    );
    expect(records.map(({ nativeId, fields }) => [nativeId, fields["owner"]])).toEqual([
      ["9007199254740993", { id: "123456789012345678" }],
    ]);
  });

  describe("API versions", () => {
    test("people, activities and searches use v2; leads use v1", async () => {
      const context = connect("versions");
      const [person] = await listAll(contacts, context, { limit: 100 });
      const paths = async (run: () => Promise<unknown>) =>
        (await stage.recorded(run)).map(({ method, url }) => `${method} ${url.split("?")[0]}`);
      const query = { filter: {}, orderBy: null, limit: 5, cursor: null, select: new Set<string>() };
      expect(await paths(() => contacts.list(context, query))).toEqual(["GET /api/v2/persons"]);
      expect(await paths(() => meetings.list(context, query))).toEqual(["GET /api/v2/activities"]);
      expect(await paths(() => leads.list(context, query))).toEqual(["GET /api/v1/leads"]);
      const found = await paths(() => leads.list(context, { ...query, filter: { search: "Renewal" } }));
      expect(found[0]).toBe("GET /api/v2/leads/search");
      expect(found.slice(1).every((path) => path.startsWith("GET /api/v1/leads/"))).toBe(true);
      const created = await paths(() => leads.create!(context, { subject: "x", contactId: person!.nativeId }));
      expect(created).toEqual(["POST /api/v1/leads"]);
    });

    test("an update is a PATCH without absent inputs", async () => {
      const context = connect("patches");
      const id = await contacts.create!(context, { fullName: "Patch Me" });
      const requests = await stage.recorded(() => contacts.update!(context, id, { title: "CTO" }));
      const [write] = requests.filter(({ method }) => method !== "GET");
      expect([write!.method, JSON.parse(write!.body)]).toEqual(["PATCH", { job_title: "CTO" }]);
      const nothing = await stage.recorded(() => contacts.update!(context, id, { customFields: [] }));
      expect(nothing.filter(({ method }) => method !== "GET")).toEqual([]);
    });

    test("leads have no batch read, so each lead takes a call", async () => {
      const context = connect("lead-batch");
      const ids = (await listAll(leads, context, {})).slice(0, 3).map(({ nativeId }) => nativeId);
      const requests = await stage.recorded(() => leads.get(context, ids, new Set()));
      expect(requests.map(({ url }) => url).sort()).toEqual(ids.map((id) => `/api/v1/leads/${id}`).sort());
      expect(leads.batchSize(new Set())).toBe(20);
      // The names of their organizations take one call for all of them.
      const named = await stage.recorded(() => leads.get(context, ids, new Set(["companyName"])));
      expect(named.filter(({ url }) => url.startsWith("/api/v2/organizations"))).toHaveLength(1);
      expect(contacts.batchSize(new Set())).toBe(100);
    });
  });

  describe("leads", () => {
    test("the title of a lead is its subject, not a job title; names come from the person", () => {
      expect(leads.map.fields["subject"]!.reads).toEqual(["title"]);
      expect(leads.map.fields["title"]!.linked).toEqual({ edge: "contact", field: "title" });
      for (const field of ["firstName", "lastName", "fullName", "emails", "phones", "addresses"]) {
        expect(leads.map.fields[field]!.linked).toEqual({ edge: "contact", field });
      }
      expect(leads.map.fields["status"]).toBeUndefined();
    });

    test("archived leads can be read by id, but are not in lists, searches or edges", async () => {
      const context = connect("archive");
      const contactId = await contacts.create!(context, { fullName: "Arch Ive" });
      const id = await leads.create!(context, { subject: "Filed away", contactId });
      const named = async () => [
        (await listAll(leads, context, {})).map(({ nativeId }) => nativeId).includes(id),
        (await listAll(leads, context, { filter: { search: "filed AWAY" } })).length,
        (await contacts.edges["leads"]!.load(context, [contactId])).get(contactId)!.ids.length,
      ];
      expect(await named()).toEqual([true, 1, 1]);
      await apis("archive").leads.updateLead({ id, UpdateLeadRequest: { is_archived: true } });
      expect(await named()).toEqual([false, 0, 0]);
      expect((await getOne(leads, context, id)).fields["subject"]).toBe("Filed away");
    });

    test("a lead of an organization has no contact and has the organization's name", async () => {
      const account = "organizations";
      const [organization] = (await apis(account).organizations.getOrganizations({ limit: 1 })).data!;
      const request = { title: "Of a company", organization_id: organization!.id! };
      const { data } = await apis(account).leads.addLead({ AddLeadRequest: request });
      const { fields, links } = await getOne(leads, connect(account), data!.id);
      expect([fields["companyName"], links["contact"]]).toEqual([organization!.name, []]);
    });

    test("an amount without a currency is read as null", async () => {
      const read = leads.map.fields["value"]!.read;
      const context = { origin: "", customFields: [] };
      expect(read({ value: { amount: 5, currency: null } }, context)).toBeNull();
      expect(read({ value: null }, context)).toBeNull();
      expect(read({}, context)).toBeNull();
    });

    const LEAD_ID = "11111111-2222-3333-4444-555555555555";

    test("paging reads more_items_in_collection wherever it is in the answer", async () => {
      for (const [paging, next] of [
        [{ start: 0, limit: 1, more_items_in_collection: true }, 1],
        [{ pagination: { start: 0, limit: 1, more_items_in_collection: true, next_start: 7 } }, 7],
        [{ pagination: { start: 0, limit: 1, more_items_in_collection: false } }, null],
        [null, null],
      ] as const) {
        const answer = { success: true, data: [{ id: LEAD_ID }], additional_data: paging };
        const page = await leads.list(answering([answer]), listing(1));
        expect(page.next && (JSON.parse(page.next) as object)).toEqual(next && expect.objectContaining({ skip: next }));
      }
      expect((await leads.list(answering([{ success: true, data: null }]), listing(1))).records).toEqual([]);
    });
  });

  describe("labels", () => {
    test("an unknown label is refused by its path, for people and leads, and nothing is created", async () => {
      const context = connect("labels");
      const contactId = await contacts.create!(context, { fullName: "La Bel", tags: ["customer"] });
      for (const create of [
        () => contacts.create!(context, { fullName: "x", tags: ["Customer", "No such label"] }),
        () => leads.create!(context, { subject: "x", contactId, tags: ["Hot", "Customer"] }),
      ]) {
        const requests = await stage.recorded(async () => {
          const error = await stage.failure(create());
          expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.tags.1"]]);
        });
        expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
      }
    });

    test("definitions are read once", async () => {
      const context = connect("memo");
      const list = () => contacts.list(context, { ...listing(3), select: everything(contacts) });
      const first = await stage.recorded(list);
      const second = await stage.recorded(list);
      expect(first.filter(({ url }) => url.startsWith("/api/v2/personFields"))).toHaveLength(1);
      expect(second.map(({ url }) => url.split("?")[0])).toEqual(["/api/v2/persons", "/api/v2/organizations"]);
    });

    test("an unknown option is refused by its field", async () => {
      const context = connect("options");
      const field = pipedriveSubject.resources.contact!.custom.find(({ type }) => type === "SELECT")!;
      const input = { fullName: "x", customFields: [{ key: field.key, value: "No such option" }] };
      const error = await stage.failure(contacts.create!(context, input));
      expect(Object.keys(error.details.errors!)).toEqual([`input.customFields.${field.key}`]);
    });
  });

  describe("meetings", () => {
    test("activities of other types are absent from reads, lists and edges", async () => {
      const account = "types";
      const context = connect(account);
      const { activities } = apis(account);
      const { data } = await activities.addActivity({
        AddActivityRequest: { subject: "Ring", type: "call", due_date: "2031-05-01" },
      });
      const id = String(data!.id);
      expect((await meetings.get(context, [id], new Set())).size).toBe(0);
      expect((await listAll(meetings, context, {})).map(({ nativeId }) => nativeId)).not.toContain(id);
      for (const write of [
        () => meetings.update!(context, id, { title: "Mine" }),
        () => meetings.delete!(context, id),
      ]) {
        expect((await stage.failure(write())).code).toBe("MEETING_NOT_FOUND");
      }
      expect((await activities.getActivity({ id: Number(id) })).data).toMatchObject({
        subject: "Ring",
        is_deleted: false,
      });
    });

    test("the operator chooses the activity types that are meetings; new meetings get the first type", async () => {
      const context = withSetting(connect("chosen"), "lunch, call ,meeting");
      const id = await meetings.create!(context, { title: "Eat", startAt });
      const { activities } = apis("chosen");
      expect((await activities.getActivity({ id: Number(id) })).data).toMatchObject({ type: "lunch" });
      const titles = (await listAll(meetings, context, { select: new Set(["title"]) })).map(
        ({ fields }) => fields["title"],
      );
      expect(titles).toEqual(expect.arrayContaining(["Eat", "Call 0"]));
      expect(titles).not.toContain("Task 0");
      expect((await meetings.get(connect("chosen"), [id], new Set())).size).toBe(0);
    });

    test("a page without a meeting is an empty page with a next one: its caller reads on", async () => {
      const other = { success: true, data: [{ id: 1, type: "call" }], additional_data: { next_cursor: "more" } };
      expect(await meetings.list(answering([other]), listing(1))).toMatchObject({ records: [], next: "more" });
    });

    test("an activity without a date is not a meeting; an activity without a time is an all-day meeting", async () => {
      const account = "dates";
      const { activities } = apis(account);
      const add = async (request: object) =>
        String(
          (await activities.addActivity({ AddActivityRequest: { subject: "x", type: "meeting", ...request } })).data!
            .id,
        );
      const undated = await add({});
      const [day, week] = [
        await add({ due_date: "2031-05-01", due_time: "" }),
        await add({ due_date: "2031-05-01", duration: "168:00" }),
      ];
      const found = await meetings.get(
        connect(account),
        [undated, day, week],
        new Set(["startAt", "endAt", "isAllDay"]),
      );
      expect(found.has(undated)).toBe(false);
      expect(found.get(day)!.fields).toEqual({
        startAt: "2031-05-01T00:00:00.000Z",
        endAt: "2031-05-02T00:00:00.000Z",
        isAllDay: true,
      });
      expect(found.get(week)!.fields).toMatchObject({ endAt: "2031-05-08T00:00:00.000Z", isAllDay: true });
    });

    test.each([
      [{ due_time: "09:30", duration: "00:30" }, "2031-05-01T09:30:00.000Z", "2031-05-01T10:00:00.000Z"],
      [{ due_time: "09:30:00", duration: "01:30:00" }, "2031-05-01T09:30:00.000Z", "2031-05-01T11:00:00.000Z"],
      [{ due_time: "23:30", duration: "01:00" }, "2031-05-01T23:30:00.000Z", "2031-05-02T00:30:00.000Z"],
      [{ due_time: "09:00", duration: "56:00" }, "2031-05-01T09:00:00.000Z", "2031-05-03T17:00:00.000Z"],
      [{ due_time: "09:00", duration: null }, "2031-05-01T09:00:00.000Z", null],
      [{ due_time: "09:00", duration: "" }, "2031-05-01T09:00:00.000Z", null],
      [{ due_time: "00:00:00", duration: "24:00:00" }, "2031-05-01T00:00:00.000Z", "2031-05-02T00:00:00.000Z"],
    ])("%j is read in UTC", (times, start, end) => {
      const native = { due_date: "2031-05-01", ...times };
      const context = { origin: "", customFields: [] };
      const [begins, ends, isAllDay] = ["startAt", "endAt", "isAllDay"].map((name) =>
        meetings.map.fields[name]!.read(native, context),
      );
      expect([begins, ends, isAllDay]).toEqual([start, end, false]);
    });

    test("a duration is written in hours and minutes, with seconds if there are any", async () => {
      const context = connect("durations");
      const written = async (endAt: string) => {
        const requests = await stage.recorded(() =>
          meetings.create!(context, { title: "x", startAt, endAt: new Date(endAt) }),
        );
        return JSON.parse(requests.at(-1)!.body) as object;
      };
      expect(await written("2031-05-01T08:30:00.000Z")).toMatchObject({
        due_date: "2031-05-01",
        due_time: "08:00",
        duration: "00:30",
      });
      expect(await written("2031-05-03T10:00:00.000Z")).toMatchObject({ duration: "50:00" });
      expect(await written("2031-05-01T08:00:42.000Z")).toMatchObject({ duration: "00:00:42" });
    });

    test("contacts are written as participants, not as the read-only person_id", async () => {
      const context = connect("participants");
      const contactIds = (await listAll(contacts, context, {})).slice(0, 2).map(({ nativeId }) => nativeId);
      const requests = await stage.recorded(() => meetings.create!(context, { title: "x", startAt, contactIds }));
      const body = JSON.parse(requests.at(-1)!.body) as object;
      expect(body).toMatchObject({
        participants: [
          { person_id: Number(contactIds[0]), primary: true },
          { person_id: Number(contactIds[1]), primary: false },
        ],
      });
      expect(body).not.toHaveProperty("person_id");
    });

    test("participants are read with either flag name; attendees are requested only if selected", async () => {
      const context = connect("guests");
      const asked = async (select: string[]) => {
        const requests = await stage.recorded(() => meetings.list(context, { ...listing(3), select: new Set(select) }));
        return requests[0]!.url.includes("include_fields=attendees");
      };
      expect(await asked(["title", "contacts"])).toBe(false);
      expect(await asked(["attendees"])).toBe(true);
      expect(await asked(["organizer"])).toBe(true);
      const participants = [{ person_id: 3, primary_flag: true }, { person_id: 4 }];
      expect(meetings.map.edges!["contacts"]!.read({ participants })).toEqual(["3", "4"]);
    });

    test("the meetings of a contact are the meetings with this primary participant, and are reported as incomplete", async () => {
      const context = connect("primary");
      const [first, second] = (await listAll(contacts, context, {})).slice(-2).map(({ nativeId }) => nativeId);
      const id = await meetings.create!(context, { title: "x", startAt, contactIds: [first, second] });
      const loaded = await contacts.edges["meetings"]!.load(context, [first!, second!]);
      expect(loaded.get(first!)).toEqual({ ids: [id], complete: false });
      expect(loaded.get(second!)).toEqual({ ids: [], complete: false });
    });
  });

  describe("contact sync", () => {
    test("without contact sync, inputs that need it are refused by name, null changes nothing, and reads are empty", async () => {
      const server = await startSandboxServer(createPipedriveSandbox({ contactSync: false }));
      const connections = new CrmConnections({ provider: pipedrive, origin: server.origin });
      try {
        const { context } = connections.connect(server.credentials("unsynced"));
        const input = { fullName: "Sy Nc", title: "CTO", description: null, addresses: [{ city: "Lyon" }] };
        const error = await stage.failure(contacts.create!(context, input));
        expect([error.code, Object.keys(error.details.errors!).sort()]).toEqual([
          "INVALID_INPUT",
          ["input.addresses", "input.title"],
        ]);
        const id = await contacts.create!(context, { fullName: "Sy Nc" });
        await contacts.update!(context, id, { title: null, fullName: "Sy Nced" });
        const { fields } = await getOne(contacts, context, id, everything(contacts));
        expect(fields).toMatchObject({ fullName: "Sy Nced", title: null, addresses: [], description: null });
      } finally {
        await connections.close();
        await server.close();
      }
    });

    test("an address without parts is read as one line", () => {
      const read = contacts.map.fields["addresses"]!.read;
      expect(read({ postal_address: { value: "1 Main St, Boston" } }, { origin: "", customFields: [] })).toEqual([
        {
          type: null,
          rawType: null,
          street1: "1 Main St, Boston",
          street2: null,
          city: null,
          state: null,
          postalCode: null,
          country: null,
        },
      ]);
    });
  });

  describe("organizations", () => {
    test("the organizations of a batch take one more call, and only if their names are selected", async () => {
      const context = connect("batch");
      const ids = (await listAll(contacts, context, {})).slice(0, 100).map(({ nativeId }) => nativeId);
      const calls = async (select: string[]) =>
        (await stage.recorded(() => contacts.get(context, ids, new Set(select)))).map(({ url }) => url.split("?")[0]);
      expect(await calls(["company", "company.id"])).toEqual(["/api/v2/persons"]);
      expect(await calls(["company", "company.name"])).toEqual(["/api/v2/persons", "/api/v2/organizations"]);
    });

    test("an unknown organization is refused by name, and nothing is written", async () => {
      const context = connect("company");
      const id = await contacts.create!(context, { fullName: "Com Pany" });
      const requests = await stage.recorded(async () => {
        const error = await stage.failure(contacts.update!(context, id, { company: { id: "48999999" } }));
        expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.company.id"]]);
      });
      expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
    });
  });

  describe("deleted records", () => {
    test("are absent, although Pipedrive still returns them", async () => {
      const account = "deleted";
      const context = connect(account);
      const id = await contacts.create!(context, { fullName: "De Leted" });
      await apis(account).persons.deletePerson({ id: Number(id) });
      expect((await apis(account).persons.getPerson({ id: Number(id) })).data).toMatchObject({ is_deleted: true });
      expect((await contacts.get(context, [id], new Set())).size).toBe(0);
      const deleted = { success: true, data: [{ id: 7, is_deleted: true }, { id: 8 }], additional_data: null };
      expect([...(await contacts.get(answering([deleted]), ["7", "8"], new Set())).keys()]).toEqual(["8"]);
      expect((await contacts.list(answering([deleted]), listing(5))).records).toHaveLength(1);
    });
  });

  describe("credentials", () => {
    test.each([
      [{}, "MISSING_REQUIRED", ["credentials.apiToken", "credentials.accessToken"]],
      [{ accessToken: "a" }, "MISSING_REQUIRED", ["credentials.apiDomain"]],
      [
        { apiToken: "t", accessToken: "a", apiDomain: "https://acme.pipedrive.com" },
        "INVALID_INPUT",
        ["credentials.accessToken"],
      ],
      [{ accessToken: "a", apiDomain: "not an address" }, "INVALID_INPUT", ["credentials.apiDomain"]],
    ])("%j is refused before any call", async (credentials, code, names) => {
      const failure = (run: () => unknown) => stage.failure(Promise.resolve().then(run));
      const error = await failure(() => pipedrive.origin(credentials, undefined));
      expect([error.code, Object.keys(error.details.errors!)]).toEqual([code, names]);
      if (names.includes("credentials.apiDomain") && code === "INVALID_INPUT") return;
      const { exchange } = stage.connect({ account: "credentials" });
      const requests = await stage.recorded(async () => {
        expect((await failure(() => pipedrive.verify(exchange, credentials))).code).toBe(code);
      });
      expect(requests).toEqual([]);
    });

    test("an API token is sent in its own header, and verifying it finds the company's domain", async () => {
      const { exchange } = stage.connect({ account: "tokens" });
      const credentials = { apiToken: "pd-token-tokens" };
      expect(pipedrive.origin(credentials, undefined)).toBe("https://api.pipedrive.com");
      const requests = await stage.recorded(async () => {
        const verified = await pipedrive.verify(exchange, credentials);
        expect(verified).toEqual({
          accountName: "Company tokens",
          credentials: { ...credentials, apiDomain: "https://tokens.pipedrive.com" },
        });
        expect(pipedrive.origin(verified.credentials, undefined)).toBe("https://tokens.pipedrive.com");
      });
      expect(requests[0]!.headers).toMatchObject({ "x-api-token": "pd-token-tokens" });
      expect(requests[0]!.headers).not.toHaveProperty("authorization");
      const { context } = stage.connect({ account: "tokens", credentials });
      expect((await contacts.list(context, listing(3))).records).toHaveLength(3);
    });

    test("an access token has the origin of its API domain, and record URLs have that origin", async () => {
      expect(pipedrive.origin({ accessToken: "a", apiDomain: "https://acme.pipedrive.com/" }, undefined)).toBe(
        "https://acme.pipedrive.com",
      );
      const { url } = contacts.map.fields;
      const read = (origin: string) => url!.read({ id: 7 }, { origin, customFields: [] });
      expect(read("https://acme.pipedrive.com")).toBe("https://acme.pipedrive.com/person/7");
      expect(read("https://api.pipedrive.com")).toBeNull();
    });
  });

  describe("errors", () => {
    const { classify, rateLimit } = pipedrive.traits;
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}): UpstreamResponse => ({
      status,
      headers,
      body: new AnswerBody(body),
      isJson: typeof body !== "string",
    });
    const failed = (error: string, more: object = {}) => ({ success: false, error, ...more });

    test.each([
      ["a page of the content network", answer(403, "<html>cloudflare</html>"), "PROVIDER_RATE_LIMITED", 60],
      [
        "a burst",
        answer(429, failed("x"), { "x-ratelimit-reset": "1", "x-ratelimit-remaining": "0" }),
        "PROVIDER_RATE_LIMITED",
        1,
      ],
      ["a burst that names no time", answer(429, "busy"), "PROVIDER_RATE_LIMITED", 2],
      [
        "a Retry-After",
        answer(429, failed("x"), { "retry-after": "9", "x-ratelimit-reset": "1" }),
        "PROVIDER_RATE_LIMITED",
        9,
      ],
      [
        "the day's budget",
        answer(429, failed("x"), { "x-daily-ratelimit-token-remaining": "0" }),
        "PROVIDER_RATE_LIMITED",
        3600,
      ],
      [
        "a missing scope",
        answer(403, failed("Scope and URL mismatch", { errorCode: 403 })),
        "PROVIDER_AUTH_FAILED",
        undefined,
      ],
      ["a closed account", answer(402, failed("x")), "PROVIDER_AUTH_FAILED", undefined],
      [
        "the ceiling of a plan",
        answer(403, failed("x", { code: "feature_capping_leads_limit" })),
        "PROVIDER_ERROR",
        undefined,
      ],
      ["a failure in a 200", answer(200, failed("something broke")), "PROVIDER_ERROR", undefined],
      ["a page in a 200", answer(200, "<html></html>"), "PROVIDER_ERROR", undefined],
      ["a broken server", answer(500, failed("x")), "PROVIDER_ERROR", undefined],
      ["a server that is away", answer(503, "<html></html>"), "PROVIDER_UNAVAILABLE", undefined],
    ])("%s", (_kind, response, code, retryAfter) => {
      const error = classify(response);
      expect(error).toBeInstanceOf(CrmError);
      expect([error!.code, error!.details.retryAfter, error!.credentialRefused]).toEqual([code, retryAfter, false]);
    });

    test("a refused token may be renewed; 404 and 410 mean not found", () => {
      expect(classify(answer(401, failed("unauthorized access", { errorCode: 401 })))!.credentialRefused).toBe(true);
      for (const status of [404, 410])
        expect(classify(answer(status, failed("gone")))!.details.upstream!.status).toBe(404);
      expect(classify(answer(200, { success: true, data: [] }))).toBeNull();
      expect(classify(answer(201, { data: {} }))).toBeNull();
    });

    test.each([
      [400, "'org_id' is a read-only field.", ["org_id"]],
      [400, "Parameter 'shoe_size' is not allowed for this request", ["shoe_size"]],
      [400, "Validation failed: due_time: Expected HH:MM", ["due_time"]],
      [200, "Validation failed: name: Required", ["name"]],
      [400, "Name must be given.", []],
    ])("%i with “%s” names the native fields of the text", (status, sentence, names) => {
      const error = classify(answer(status, failed(sentence, { code: "ERR_BAD_REQUEST" })))!;
      expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", names]);
      expect(JSON.stringify(error.details)).not.toContain(sentence);
    });

    test("the burst limit follows the headers, except those of searches", () => {
      const headers = (limit: string) => ({
        "x-ratelimit-limit": limit,
        "x-ratelimit-remaining": "7",
        "x-ratelimit-reset": "2",
      });
      expect(rateLimit!(answer(200, {}, headers("160")))).toEqual({ limit: 160, remaining: 7, windowMs: 2000 });
      expect(rateLimit!(answer(200, {}, headers("10")))).toBeUndefined();
      expect(rateLimit!(answer(200, {}))).toBeUndefined();
    });

    test("searches have a separate rate limit", async () => {
      const lanes: (string | undefined)[] = [];
      const found = { success: true, data: { items: [] }, additional_data: { next_cursor: null } };
      const context = answering([found, { success: true, data: [] }], ({ lane }) => lanes.push(lane));
      await contacts.list(context, { ...listing(5), filter: { email: "a@b.example" } });
      await contacts.list(context, listing(5));
      expect(lanes).toEqual(["search", undefined]);
      expect(pipedrive.traits.rateRules).toContainEqual({ lane: "search", requests: 10, perMs: 2000 });
    });
  });

  describe("searches", () => {
    test("need two characters and refuse an order", async () => {
      const context = connect("searches");
      const failure = (query: object) => stage.failure(contacts.list(context, { ...listing(5), ...query }));
      expect((await failure({ filter: { search: " a " } })).details.errors).toHaveProperty(["filter.search"]);
      const orderBy = { field: "CREATED_AT", direction: "ASC" };
      expect((await failure({ filter: { search: "ann" }, orderBy })).details.errors).toHaveProperty("orderBy");
    });
  });
});

function listing(limit: number) {
  return { filter: {}, orderBy: null, limit, cursor: null, select: new Set<string>() };
}

/** A connection without a CRM, which gets these answers one after the other. */
function answering(
  answers: readonly object[],
  onSend: (request: AdapterRequest) => void = () => undefined,
): ProviderContext {
  const left = [...answers];
  const context: ProviderContext = {
    origin: "https://acme.pipedrive.com",
    async send(request) {
      onSend(request);
      return { status: 200, headers: {}, body: new AnswerBody(left.shift()), isJson: true };
    },
    setting: () => "meeting",
    memo: (_key, load) => load(context),
  };
  return context;
}

function withSetting(context: ProviderContext, meetingTypes: string): ProviderContext {
  return { ...context, setting: () => meetingTypes };
}
