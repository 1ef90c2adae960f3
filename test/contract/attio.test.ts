import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { AdapterRequest, ProviderContext } from "../../src/providers/contract/contract.js";
import { authorizationUrl } from "../../src/providers/oauth/authorization.js";
import { exchangeCode, refreshGrant, revokeGrant } from "../../src/providers/oauth/grants.js";
import { attioSandbox, createAttioSandbox } from "../../src/sandbox/crms/attio/index.js";
import { attioSubject } from "./attio/subject.js";
import { describeContract } from "./contract-suite.js";
import { adapterOf, everything, getOne, listAll } from "./stage/adapter.js";
import type { RecordedRequest } from "./stage/recording-proxy.js";
import { openStage, READ_ACCOUNT, type Stage } from "./stage/stage.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";

describeContract(attioSubject);

/** Behaviour of Attio that no other CRM has. */
describe("Attio only", () => {
  const { provider } = attioSubject;
  const contacts = adapterOf(provider, "contact");
  const meetings = adapterOf(provider, "meeting");
  const START = new Date("2031-05-01T08:00:00.000Z");
  const END = new Date("2031-05-01T09:00:00.000Z");
  let stage: Stage;

  beforeAll(async () => (stage = await openStage(attioSubject)));
  afterAll(() => stage.close());

  const connect = (account: string) => stage.connect({ account }).context;

  test("an update after which a meeting has other people than the input says so", async () => {
    const { context } = stage.connect({ account: "linked" });
    const [meeting] = (
      await meetings.list(context, { filter: {}, orderBy: null, limit: 1, cursor: null, select: new Set() })
    ).records;
    const people = await listAll(contacts, context, {});
    const input = { contactIds: people.slice(0, 2).map(({ nativeId }) => nativeId) };
    await meetings.update!(context, meeting!.nativeId, input);
    const kept = (text: string) =>
      !text.includes('"linked_records"') ? text : text.replaceAll(input.contactIds[1]!, input.contactIds[0]!);
    const other = { contactIds: input.contactIds };
    const error = await stage.failure(
      stage.changing(kept, () =>
        meetings.update!(context, meeting!.nativeId, { contactIds: [people[2]!.nativeId, ...other.contactIds] }),
      ),
    );
    expect([error.code, error.details.outcome]).toEqual(["PROVIDER_ERROR", "PARTIAL"]);
  });
  const bodyOf = ({ body }: RecordedRequest) => JSON.parse(body) as { data: { values: Record<string, unknown> } };
  const writesIn = (requests: readonly RecordedRequest[]) => requests.filter((one) => attioSubject.isWrite(one));

  /** Direct calls of Attio's API, for requests that neither the adapter nor its client makes. */
  async function call(account: string, method: string, path: string, body?: object) {
    const { accessToken } = attioSandbox.credentials(account, stage.origin, Date.now());
    const response = await fetch(`${stage.origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect([path, response.status]).toEqual([path, 200]);
    return (await response.json()) as { data: Record<string, unknown> };
  }

  test("there are no leads, and no edge leads to leads", async () => {
    expect(provider.resources.lead).toBeUndefined();
    expect(Object.keys({ ...contacts.edges, ...contacts.map.edges })).toEqual(["meetings"]);
    expect(Object.keys({ ...meetings.edges, ...meetings.map.edges })).toEqual(["contacts"]);
  });

  describe("people", () => {
    test("values that have ended are not read", async () => {
      const context = connect(READ_ACCOUNT);
      const records = await listAll(contacts, context, { select: new Set(["title", "emails", "raw"]) });
      const changed = records.filter(({ raw }) => JSON.stringify(raw).includes("Trainee"));
      expect(changed.length).toBeGreaterThan(10);
      for (const { fields } of changed) {
        expect(fields["title"]).toEqual(expect.not.stringMatching("Trainee"));
        expect(JSON.stringify(fields["emails"])).not.toContain("former.example");
      }
      const email = "old@former.example";
      expect(await listAll(contacts, context, { filter: { email } })).toEqual([]);
    });

    test("a time with nine fractional digits is read with milliseconds", async () => {
      const context = connect(READ_ACCOUNT);
      const [record] = await listAll(contacts, context, { select: new Set(["createdAt", "raw"]) });
      const native = String(record!.raw["created_at"]);
      expect(native).toMatch(/T\d\d:\d\d:\d\d\.\d{9}Z$/);
      expect(record!.fields["createdAt"]).toBe(`${native.slice(0, 23)}Z`);
    });

    test("a name is always written with all three parts", async () => {
      const context = connect("names");
      const native = await stage.native("names");
      const create = async (input: object) => {
        let id = "";
        const requests = await stage.recorded(async () => (id = await contacts.create!(context, { ...input })));
        return { id, name: bodyOf(writesIn(requests)[0]!).data.values["name"] };
      };
      const nameOf = async (id: string) => {
        const { $first, $last, $full } = (await native.get("contact", id))!;
        return [$first, $last, $full];
      };
      const { id, name } = await create({ firstName: "Ann", lastName: "Lee" });
      expect(name).toEqual([{ first_name: "Ann", last_name: "Lee", full_name: "Ann Lee" }]);
      expect((await create({ fullName: "Maria del Carmen" })).name).toEqual([
        { first_name: "", last_name: "", full_name: "Maria del Carmen" },
      ]);
      expect((await create({ lastName: "Lee" })).name).toEqual([
        { first_name: "", last_name: "Lee", full_name: "Lee" },
      ]);
      await contacts.update!(context, id, { lastName: "Li" });
      expect(await nameOf(id)).toEqual(["Ann", "Li", "Ann Li"]);
      await contacts.update!(context, id, { fullName: "Ann Li" });
      expect(await nameOf(id)).toEqual(["Ann", "Li", "Ann Li"]);
      await contacts.update!(context, id, { fullName: "Dr. Bob" });
      expect(await nameOf(id)).toEqual(["", "", "Dr. Bob"]);
      await contacts.update!(context, id, { firstName: null, lastName: null });
      expect((await getOne(contacts, context, id)).fields).toMatchObject({ firstName: null, fullName: "" });
    });

    test("an update overwrites only the lists of its input and keeps all other values", async () => {
      const context = connect("lists");
      const input = {
        firstName: "Ann",
        emails: [{ address: "one@lists.example" }, { address: "two@lists.example" }],
        phones: [{ number: "+49 89 1234567" }],
        customFields: [{ key: "interests", value: ["Golf", "Chess"] }],
      };
      const id = await contacts.create!(context, input);
      const before = await getOne(contacts, context, id);
      const emails = [{ address: "three@lists.example" }];
      const requests = await stage.recorded(() => contacts.update!(context, id, { emails }));
      expect(writesIn(requests).map(({ method }) => method)).toEqual(["PUT"]);
      expect(Object.keys(bodyOf(writesIn(requests)[0]!).data.values)).toEqual(["email_addresses"]);
      const after = await getOne(contacts, context, id);
      expect(after.fields).toEqual({
        ...before.fields,
        emails: [{ address: "three@lists.example", type: null, rawType: null, isPrimary: true }],
      });
    });

    test("a phone number is read in its international form; a number without a country code is refused by name", async () => {
      const context = connect("phones");
      const id = await contacts.create!(context, { firstName: "Ann", phones: [{ number: "+49 (151) 555-50001" }] });
      const { fields, raw } = await getOne(contacts, context, id, new Set(["phones", "raw"]));
      expect(fields["phones"]).toEqual([{ number: "+4915155550001", type: null, rawType: null, isPrimary: true }]);
      expect(JSON.stringify(raw)).toContain("+49 (151) 555-50001");
      const found = await listAll(contacts, context, { filter: { phone: "+49 151 555 50001" } });
      expect(found.map(({ nativeId }) => nativeId)).toEqual([id]);
      const error = await stage.failure(
        contacts.create!(context, { phones: [{ number: "0151 5555" }], firstName: "B" }),
      );
      expect([error.code, error.details.errors]).toEqual([
        "INVALID_INPUT",
        { "input.phones": "Invalid phone number, possibly due to missing country information." },
      ]);
    });

    test("an address is written with all members of a location and read with all its lines", async () => {
      const context = connect("locations");
      const addresses = [{ city: "Boston", country: "us" }];
      const requests = await stage.recorded(() => contacts.create!(context, { firstName: "Ann", addresses }));
      const none = { line_1: null, line_2: null, line_3: null, line_4: null, region: null, postcode: null };
      const point = { latitude: null, longitude: null };
      expect(bodyOf(writesIn(requests)[0]!).data.values["primary_location"]).toEqual([
        { ...none, ...point, locality: "Boston", country_code: "US" },
      ]);
      const native = await stage.native("locations");
      const lines = { line_1: "a", line_2: "b", line_3: null, line_4: "d" };
      const id = await native.create("contact", {
        primary_location: [{ ...none, ...point, ...lines, locality: null, country_code: "FR" }],
      });
      const { fields } = await getOne(contacts, context, id, new Set(["addresses"]));
      expect(fields["addresses"]).toEqual([
        expect.objectContaining({ street1: "a", street2: "b\nd", city: null, country: "FR" }),
      ]);
    });

    test("the company names of a page take one more query", async () => {
      const page = { filter: {}, orderBy: null, limit: 100, cursor: null };
      const select = new Set(["company", "company.id", "company.name"]);
      const requests = await stage.recorded(() => contacts.list(connect(READ_ACCOUNT), { ...page, select }));
      expect(requests.map(({ url }) => url)).toEqual([
        "/v2/objects/people/records/query",
        "/v2/objects/companies/records/query",
      ]);
      const ids = new Set(["company", "company.id"]);
      expect(await stage.recorded(() => contacts.list(connect(READ_ACCOUNT), { ...page, select: ids }))).toHaveLength(
        1,
      );
    });

    test("a list request names its order; a page that is not full is the last", async () => {
      let ids: string[] = [];
      const requests = await stage.recorded(async () => {
        ids = (await listAll(contacts, connect(READ_ACCOUNT), { limit: 250 })).map(({ nativeId }) => nativeId);
      });
      expect(new Set(ids).size).toBe(1000);
      const bodies = requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
      // Each page begins at the time of the last person of the one before, with this person.
      expect(bodies.map(({ limit, offset }) => [limit, offset])).toEqual(
        [250, 251, 251, 251, 251].map((at) => [at, 0]),
      );
      const times = bodies.slice(1).map(({ filter }) => JSON.stringify(filter));
      for (const time of times) expect(time).toContain('{"created_at":{"$gte":"');
      expect(new Set(times).size).toBe(4);
      for (const { sorts } of bodies) expect(sorts).toEqual([{ attribute: "created_at", direction: "asc" }]);
    });

    test("a duplicate e-mail address is refused with the id of the existing person", async () => {
      const context = connect("duplicates");
      const emails = [{ address: "first@twice.example" }, { address: "second@twice.example" }];
      const existing = await contacts.create!(context, { emails });
      const other = await contacts.create!(context, { firstName: "Bob" });
      for (const address of ["first@twice.example", "SECOND@twice.example"]) {
        for (const write of [
          () => contacts.create!(context, { emails: [{ address }] }),
          () => contacts.update!(context, other, { emails: [{ address }] }),
        ]) {
          const error = await stage.failure(write());
          expect([error.code, error.details.existingId, error.details.upstream?.code]).toEqual([
            "DUPLICATE_RECORD",
            existing,
            "uniqueness_conflict",
          ]);
        }
      }
      // No other person may have the person's own address.
      await contacts.update!(context, existing, { emails: [...emails].reverse() });
    });

    test("attributes of the workspace are custom fields and are read once; archived and standard attributes are not", async () => {
      const context = connect("custom");
      const [mentor] = await listAll(contacts, context, { limit: 100 });
      const [member] = [...(await (await stage.native("custom")).owners()).keys()];
      const id = await contacts.create!(context, {
        firstName: "Ann",
        customFields: [
          { key: "mentor", value: { target_object: "people", target_record_id: mentor!.nativeId } },
          { key: "account_manager", value: { referenced_actor_type: "workspace-member", referenced_actor_id: member } },
        ],
      });
      const requests = await stage.recorded(async () => {
        const { fields } = await getOne(contacts, context, id, new Set(["customFields"]));
        const all = fields["customFields"] as { key: string; type: string; value: unknown }[];
        const keys = all.map(({ key }) => key);
        expect(keys).toContain("interests");
        for (const key of ["fax_number", "twitter", "name", "job_title"]) expect(keys).not.toContain(key);
        expect(all).toContainEqual({ key: "mentor", label: "Mentor", type: "OTHER", value: mentor!.nativeId });
        expect(all).toContainEqual(expect.objectContaining({ key: "account_manager", value: member }));
        expect(all).toContainEqual({ key: "interests", label: "Interests", type: "MULTI_SELECT", value: [] });
        expect(all).toContainEqual({ key: "score", label: "Score", type: "NUMBER", value: null });
      });
      expect(requests.filter(({ url }) => url.includes("/attributes"))).toEqual([]);
      const error = await stage.failure(
        contacts.update!(context, id, { customFields: [{ key: "lead_source", value: "Astrology" }] }),
      );
      expect(error.code).toBe("INVALID_INPUT");
    });

    test("the url of a person is the person's page in Attio", async () => {
      const [record] = await listAll(contacts, connect(READ_ACCOUNT), { limit: 100, select: new Set(["url"]) });
      expect(record!.fields["url"]).toMatch(/^https:\/\/app\.attio\.com\/.*\/person\//);
    });
  });

  describe("meetings", () => {
    const create = (context: ProviderContext, input: object = {}) =>
      meetings.create!(context, { title: "Demo", startAt: START, endAt: END, ...input });

    test("every new meeting has its own external reference, and a repeated request finds the first meeting", async () => {
      const context = connect("references");
      const requests = await stage.recorded(async () => {
        await create(context);
        await create(context);
      });
      const bodies = writesIn(requests).map(({ body }) => JSON.parse(body) as { data: { external_ref: string } });
      const refs = bodies.map(({ data }) => data.external_ref);
      expect(new Set(refs).size).toBe(2);
      for (const ref of refs) expect(ref).toMatch(/^[\da-f-]{36}$/);
      const native = await stage.native("references");
      const before = await native.count("meeting");
      await call("references", "POST", "/v2/meetings", bodies[0]);
      expect(await native.count("meeting")).toBe(before);
    });

    test("a meeting is created once without an external reference if Attio refuses the reference", async () => {
      const other = await openStage({ ...attioSubject, sandbox: createAttioSandbox({ externalRef: "REFUSED" }) });
      try {
        const { context } = other.connect({ account: "strict" });
        const native = await other.native("strict");
        const before = await native.count("meeting");
        const id = await create(context);
        expect(await native.get("meeting", id)).toMatchObject({ title: "Demo" });
        expect(await native.count("meeting")).toBe(before + 1);
      } finally {
        await other.close();
      }
    });

    test("an update of the contacts keeps links with companies", async () => {
      const context = connect("links");
      const native = await stage.native("links");
      const [one, two] = (await listAll(contacts, context, {})).map(({ nativeId }) => nativeId);
      const id = await create(context, { contactIds: [one] });
      const [company] = await native.companies();
      await call("links", "PATCH", `/v2/meetings/${id}`, {
        data: { linked_records: [{ object: "companies", record_id: company }] },
      });
      await meetings.update!(context, id, { contactIds: [two] });
      expect(await native.get("meeting", id)).toMatchObject({ $people: [two], $companies: [company] });
      await meetings.update!(context, id, { contactIds: null });
      expect(await native.get("meeting", id)).toMatchObject({ $people: [], $companies: [company] });
    });

    test.each([
      ["nothing of a meeting can be changed", { contactIds: [] }],
      ["no contact can be linked", { contactIds: ["first"] }],
    ])("where %s, the error says so", async (_kind, input) => {
      const other = await openStage({ ...attioSubject, sandbox: createAttioSandbox({ linksChange: false }) });
      try {
        const { context } = other.connect({ account: "older" });
        const [person] = await listAll(contacts, context, {});
        const contactIds = input.contactIds.map(() => person!.nativeId);
        const id = await create(context);
        const error = await other.failure(meetings.update!(context, id, { contactIds }));
        expect(error.code).toBe("UNSUPPORTED_RESOURCE");
        const [missing] = attioSubject.resources.meeting!.missingIds;
        const absent = await other.failure(meetings.update!(context, missing!, { contactIds }));
        expect(absent.code).toBe("MEETING_NOT_FOUND");
      } finally {
        await other.close();
      }
    });

    test("attendees are the participants; they have a contact only if the meeting is linked with that contact", async () => {
      const account = "attendees";
      const context = connect(account);
      const person = await contacts.create!(context, {
        fullName: "Ann Guest",
        emails: [{ address: "ann@guests.example" }],
      });
      const { data } = await call(account, "POST", "/v2/meetings", {
        data: {
          title: "Lunch",
          description: "",
          is_all_day: false,
          start: { datetime: "2031-06-01T12:00:00", timezone: "America/New_York" },
          end: { datetime: "2031-06-01T13:00:00", timezone: "America/New_York" },
          participants: [
            { email_address: "olivia@example.com", is_organizer: true, status: "accepted" },
            { email_address: "Ann@guests.example", is_organizer: false, status: "tentative" },
          ],
        },
      });
      const { meeting_id: id } = data["id"] as { meeting_id: string };
      const [owner] = [...(await (await stage.native(account)).owners()).values()];
      const read = async () => (await getOne(meetings, context, id)).fields;
      const member = { email: "olivia@example.com", contactId: null, ownerId: owner!.id, isOrganizer: true };
      const guest = { email: "ann@guests.example", ownerId: null, isOrganizer: false, response: "TENTATIVE" };
      expect(await read()).toMatchObject({
        startAt: "2031-06-01T16:00:00.000Z",
        timeZone: "America/New_York",
        organizer: owner,
        attendees: [
          { ...member, response: "ACCEPTED" },
          { ...guest, contactId: person },
        ],
      });
      await meetings.update!(context, id, { contactIds: [] });
      expect(await read()).toMatchObject({
        attendees: [
          { ...member, response: "ACCEPTED" },
          { ...guest, contactId: null, name: null },
        ],
      });
    });

    test("the filter startSince leaves out a meeting under way, which Attio's filter returns", async () => {
      const context = connect("running");
      const id = await create(context);
      const during = new Date("2031-05-01T08:30:00.000Z");
      const since = async (startsSince: Date) =>
        (await listAll(meetings, context, { filter: { startsSince } })).map(({ nativeId }) => nativeId);
      expect(await since(START)).toEqual([id]);
      expect(await since(during)).toEqual([]);
      const { data } = await call("running", "GET", `/v2/meetings?ends_from=${during.toISOString()}`);
      expect(JSON.stringify(data)).toContain(id);
    });
  });

  describe("limits", () => {
    test("retryAfter comes from the HTTP date of a refusal and is at least one second", async () => {
      const now = Date.now();
      const strict = await openStage(attioSubject, { limits: "enforce", now: () => now });
      try {
        const { context } = strict.connect({ account: "busy" });
        const page = { filter: {}, orderBy: null, limit: 1, cursor: null, select: new Set<string>() };
        for (let index = 0; index < 100; index += 1) await contacts.list(context, page);
        const error = await strict.failure(contacts.list(context, page));
        expect([error.code, error.details.upstream]).toEqual([
          "PROVIDER_RATE_LIMITED",
          { status: 429, code: "rate_limit_exceeded" },
        ]);
        expect(error.details.retryAfter).toBeGreaterThanOrEqual(1);
        // Attio counts writes separately.
        await expect(contacts.create!(context, { firstName: "Ann" })).resolves.toEqual(expect.any(String));
      } finally {
        await strict.close();
      }
    });

    test("reads and writes have separate rate limits, and a query counts as a read", async () => {
      const context = connect("lanes");
      const sent: [string, string | undefined, boolean][] = [];
      const watching: ProviderContext = {
        ...context,
        send(request: AdapterRequest) {
          sent.push([request.method, request.lane, request.safe]);
          return context.send(request);
        },
      };
      const id = await contacts.create!(watching, { firstName: "Ann" });
      await contacts.get(watching, [id], everything(contacts));
      await contacts.update!(watching, id, { title: "CEO" });
      await contacts.delete!(watching, id);
      const queries = sent.filter(([method, , safe]) => method === "POST" && safe);
      expect(queries.length).toBeGreaterThan(0);
      for (const [, lane, safe] of sent) expect(lane).toBe(safe ? undefined : "write");
      expect(sent.filter(([, , safe]) => !safe).map(([method]) => method)).toEqual(["POST", "PUT", "DELETE"]);
      expect(provider.traits.rateRules).toEqual([
        { requests: 100, perMs: 1000 },
        { lane: "write", requests: 25, perMs: 1000 },
      ]);
    });
  });

  test("an answer without a list is an error, not an empty list", async () => {
    const context = connect(READ_ACCOUNT);
    const send = async () => ({ status: 200, headers: {}, body: new AnswerBody({ records: [] }), isJson: true });
    const [id] = (await listAll(contacts, context, {})).map(({ nativeId }) => nativeId);
    for (const adapter of [contacts, meetings]) {
      const error = await stage.failure(listAll(adapter, { ...context, send }, {}));
      expect(error.code).toBe("PROVIDER_ERROR");
    }
    const error = await stage.failure(contacts.get({ ...context, send }, [id!], new Set()));
    expect(error.code).toBe("PROVIDER_ERROR");
  });

  test("consent gives a token that never expires and is not renewed; disconnecting revokes it", async () => {
    const definition = provider.oauth!;
    const exchange = stage.oauth();
    const redirectUri = "http://127.0.0.1:4999/callback";
    const query = { clientId: "crmesh-sandbox", redirectUri, state: "state-1", codeVerifier: "x".repeat(50) };
    const url = new URL(await authorizationUrl(definition, exchange.server, query));
    expect(url.searchParams.has("code_challenge")).toBe(false);
    const page = await (await fetch(url)).text();
    const consent = /name="consent" value="([^"]+)"/.exec(page)![1]!;
    const decided = await fetch(`${stage.origin}${url.pathname}`, {
      method: "POST",
      body: new URLSearchParams({ consent, account: "consenting", decision: "allow" }),
      redirect: "manual",
    });
    const callback = new URL(decided.headers.get("location")!).searchParams;
    const grant = await exchangeCode(exchange, definition, { ...query, callback });
    expect(grant).toMatchObject({ expiresAt: null, credentials: { authorizationServer: "attio" } });
    expect(Object.keys(grant.credentials).sort()).toEqual(["accessToken", "authorizationServer"]);
    const connection = stage.connect({ credentials: { ...grant.credentials } });
    const verified = await provider.verify(connection.exchange, grant.credentials);
    expect(verified.accountName).toBe("Workspace consenting");
    expect(await refreshGrant(exchange, definition, grant.credentials)).toBeNull();
    expect(await revokeGrant(exchange, definition, grant.credentials)).toBe(true);
    const error = await stage.failure(provider.verify(connection.exchange, grant.credentials));
    expect(error.code).toBe("PROVIDER_AUTH_FAILED");
  });

  test("introspection of an unknown token is a refused credential", async () => {
    const good = stage.connect({ account: "named" });
    const { accountName } = await provider.verify(good.exchange, await good.credentials());
    expect(accountName).toBe("Workspace named");
    const credentials = { accessToken: "attio-forged" };
    const wrong = stage.connect({ credentials });
    const error = await stage.failure(provider.verify(wrong.exchange, credentials));
    expect([error.code, error.credentialRefused, error.details.upstream?.status]).toEqual([
      "PROVIDER_AUTH_FAILED",
      true,
      200,
    ]);
  });
});
