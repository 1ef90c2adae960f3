import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import type { ProviderContext } from "../../src/providers/contract/contract.js";
import { twenty } from "../../src/providers/crm/twenty/index.js";
import { twentySandbox } from "../../src/sandbox/crms/twenty/index.js";
import { startSandboxServer } from "../../src/sandbox/kit/server.js";
import { describeContract } from "./contract-suite.js";
import { adapterOf, edgeIds, everything, getOne, listAll, plainAdapterOf } from "./stage/adapter.js";
import { openStage, READ_ACCOUNT, type Stage } from "./stage/stage.js";
import { absentId } from "./twenty/shared.js";
import { twentySubject } from "./twenty/subject.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";

describeContract(twentySubject);

const EVERYTHING = { filter: {}, orderBy: null, cursor: null, select: new Set<string>() };

/** Behaviour of Twenty that no other CRM has. */
describe("Twenty only", () => {
  const contacts = adapterOf(twenty, "contact");
  const meetings = adapterOf(twenty, "meeting");
  let stage: Stage;

  beforeAll(async () => (stage = await openStage(twentySubject)));
  afterAll(() => stage.close());

  const connect = (account: string) => stage.connect({ account }).context;
  const native = async (account: string, method: string, path: string, body?: unknown) => {
    const { apiKey } = twentySandbox.credentials(account, stage.origin, Date.now());
    const answer = await fetch(`${stage.origin}/rest/${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as { data: Record<string, { id: string }> };
  };
  /** The adapter's result for an answer of Twenty. */
  const classified = (status: number, body: unknown) =>
    twenty.traits.classify({ status, headers: {}, body: new AnswerBody(body), isJson: typeof body === "object" })!;
  const said = (status: number, error: string, ...messages: string[]) =>
    classified(status, { statusCode: status, error, messages });

  describe("a version that lists only meetings of connected calendars", () => {
    const RECENT = "recent";
    const at = (hour: number) => new Date(Date.UTC(2026, 5, 10, hour));
    const make = (hour: number) =>
      meetings.create!(connect(RECENT), { title: "Own", startAt: at(hour), endAt: at(hour + 1) });

    test("a meeting made through the API is read by its id, alone and in a batch, and each list says what it omits", async () => {
      const ids = await Promise.all([9, 10, 11].map(make));
      const page = await meetings.list(connect(RECENT), { ...EVERYTHING, limit: 5 });
      expect(page.omits).toContain("read by id");
      const listed = await listAll(meetings, connect(RECENT), { orderBy: null });
      expect(listed.length).toBeGreaterThan(5);
      expect(listed.map(({ nativeId }) => nativeId).filter((id) => ids.includes(id))).toEqual([]);
      const mixed = [...ids, listed[0]!.nativeId];
      const found = await meetings.get(connect(RECENT), mixed, new Set(["title"]));
      expect([...found.keys()].sort()).toEqual(mixed.sort());
      expect((await meetings.get(connect(RECENT), [ids[0]!], new Set())).size).toBe(1);
    });

    test.each(["ASC", "DESC"] as const)(
      "an ordered list (%s) goes on behind pages without a record, and ends",
      async (direction) => {
        const before = await listAll(meetings, connect(RECENT), {});
        // More than a page of them, at one moment and around it.
        for (let hour = 0; hour < 70; hour += 1) await make(hour);
        for (const field of ["STARTS_AT", "CREATED_AT"]) {
          const listed = await listAll(meetings, connect(RECENT), { orderBy: { field, direction }, limit: 10 });
          expect(listed.map(({ nativeId }) => nativeId).sort()).toEqual(before.map(({ nativeId }) => nativeId).sort());
        }
      },
    );

    test("a deleted contact keeps its e-mail address, and the refusal says so", async () => {
      const contact = { lastName: "Lee", emails: [{ address: "lee@taken.example" }] };
      await contacts.delete!(connect(RECENT), await contacts.create!(connect(RECENT), contact));
      const error = await stage.failure(contacts.create!(connect(RECENT), contact));
      expect([error.code, error.details.detail]).toEqual(["DUPLICATE_RECORD", expect.stringContaining("deleted")]);
    });

    const further = { url: "https://b.example.com/b", label: "By phone" };

    test("another video URL leaves the label and the further links of a meeting", async () => {
      const link = { primaryLinkUrl: "https://a.example.com/a", primaryLinkLabel: "Meet", secondaryLinks: [further] };
      const event = { title: "x", startsAt: at(9), endsAt: at(10), conferenceLink: link };
      const { data } = await native(RECENT, "POST", "calendarEvents", event);
      const { id } = data["createCalendarEvent"]!;
      const stored = async () => {
        const read = await native(RECENT, "GET", `calendarEvents/${id}`);
        return (read.data["calendarEvent"] as unknown as { conferenceLink: object }).conferenceLink;
      };
      await meetings.update!(connect(RECENT), id, { title: "y" });
      expect(await stored()).toEqual(link);
      await meetings.update!(connect(RECENT), id, { videoUrl: "https://c.example.com/c" });
      expect(await stored()).toEqual({ ...link, primaryLinkUrl: "https://c.example.com/c" });
      await meetings.update!(connect(RECENT), id, { videoUrl: null });
      expect((await getOne(meetings, connect(RECENT), id)).fields["videoUrl"]).toBeNull();
    });

    test("profiles that stay keep their labels", async () => {
      const [kept, gone] = ["https://www.linkedin.com/in/ann", "https://de.linkedin.com/in/ann"];
      const link = { primaryLinkUrl: gone, primaryLinkLabel: "Old", secondaryLinks: [{ url: kept, label: "Ann" }] };
      const { data } = await native(RECENT, "POST", "people", { name: { lastName: "Lee" }, linkedinLink: link });
      const { id } = data["createPerson"]!;
      const websites = ["https://at.linkedin.com/in/ann", kept];
      await contacts.update!(connect(RECENT), id, { websites });
      const read = await native(RECENT, "GET", `people/${id}`);
      expect(read.data["person"]).toMatchObject({
        linkedinLink: {
          primaryLinkUrl: websites[0],
          primaryLinkLabel: "",
          secondaryLinks: [{ url: kept, label: "Ann" }],
        },
      });
    });

    test.each([
      "mailto:ann@zoom.us",
      "zoommtg://zoom.us/join?confno=1",
      "ftp://a.example/x",
      "https://a_b.example.com/",
      "12/ab",
      "Room 4",
    ])("%s is no address of a web page, and is refused before a call", async (text) => {
      const input = { title: "x", startAt: at(9), endAt: at(10), videoUrl: text };
      const error = await stage.failure(meetings.create!(connect(RECENT), input));
      expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.videoUrl"]]);
    });

    test.each(["mailto:ann@linkedin.com", "ftp://linkedin.com/in/ann"])("%s is no profile", async (text) => {
      const error = await stage.failure(contacts.create!(connect(RECENT), { lastName: "Lee", websites: [text] }));
      expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.websites.0"]]);
    });

    test.each(["zoom.us/j/1", "http://localhost/x", "http://192.168.1.1/x", "https://münchen.de/x"])(
      "%s is an address of a web page",
      async (videoUrl) => {
        const id = await meetings.create!(connect(RECENT), { title: "x", startAt: at(9), endAt: at(10), videoUrl });
        expect((await getOne(meetings, connect(RECENT), id)).fields["videoUrl"]).not.toBeNull();
      },
    );

    test("texts of a calendar that shares only its times are null", async () => {
      const restricted = "FIELD_RESTRICTED_ADDITIONAL_PERMISSIONS_REQUIRED";
      const event = { title: restricted, description: restricted, startsAt: at(9), endsAt: at(10) };
      const { data } = await native(RECENT, "POST", "calendarEvents", event);
      const { fields } = await getOne(meetings, connect(RECENT), data["createCalendarEvent"]!.id);
      expect(fields).toMatchObject({ title: null, description: null, startAt: at(9).toISOString() });
    });
  });

  test("there are no leads; opportunities are not leads", () => {
    expect(Object.keys(twenty.resources)).toEqual(["contact", "meeting"]);
    expect(contacts.edges["leads"]).toBeUndefined();
  });

  describe("errors", () => {
    test.each([
      ["no token", 403, "FORBIDDEN_EXCEPTION", "Missing authentication token", true],
      ["a bad token", 401, "UNAUTHENTICATED", "No payload", true],
      ["an expired token", 401, "UNAUTHENTICATED", "Token has expired.", true],
      [
        "a lack of permission",
        403,
        "PermissionsException",
        "Entity performing the request does not have permission",
        false,
      ],
    ])("%s has its own error code", (_what, status, code, message, isRefused) => {
      const error = said(status, code, message);
      expect([error.code, error.credentialRefused]).toEqual(["PROVIDER_AUTH_FAILED", isRefused]);
    });

    test.each([
      ["on a read", 400, "BadRequestException", "Record not found"],
      ["on a write", 400, "EntityNotFoundError", 'Could not find any entity of type "person" matching: {}'],
      ["in recent versions", 404, "NotFoundException", "Record not found"],
    ])("a missing record %s", (_where, status, code, message) => {
      expect(said(status, code, message)).toMatchObject({
        code: "PROVIDER_ERROR",
        details: { upstream: { status: 404 } },
      });
    });

    test.each([
      [
        "of a choice",
        'invalid input value for enum workspace_x."person_crmeshChannel_enum": "SECRET"',
        ["crmeshChannel"],
      ],
      ["of a reference", 'insert or update on table "person" violates foreign key constraint "FK_SECRET"', []],
      ["of an id", 'invalid input syntax for type uuid: "SECRET"', []],
      ["of anything else", 'null value in column "SECRET" of relation "person" violates not-null constraint', []],
    ])("the database text %s is not in the error", (_what, message, fields) => {
      const error = said(400, "QueryFailedError", message);
      expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", fields]);
      expect(JSON.stringify([error, error.details])).not.toContain("SECRET");
    });

    test.each([
      [400, { messages: ["Limit reached (100 tokens per 60000 ms)"] }],
      [429, { statusCode: 429, message: "ThrottlerException: Too Many Requests" }],
      [429, "slow down"],
    ])("a refusal with status %i and %j is a rate limit", (status, body) => {
      expect(classified(status, body)).toMatchObject({ code: "PROVIDER_RATE_LIMITED", details: { retryAfter: 1 } });
    });

    test("a phone number that Twenty refuses is named", () => {
      const error = said(400, "RecordTransformerException", "Provided phone number is invalid 12");
      expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["phones"]]);
    });

    test("an e-mail address of another person is DUPLICATE_RECORD", async () => {
      const context = connect("duplicates");
      const emails = [{ address: "first@twice.example" }];
      await contacts.create!(context, { emails });
      const again = [{ address: "FIRST@twice.example" }, { address: "second@twice.example" }];
      expect((await stage.failure(contacts.create!(context, { emails: again }))).code).toBe("DUPLICATE_RECORD");
    });

    test("an unknown option is reported under its custom field", async () => {
      const input = { lastName: "x", customFields: [{ key: "crmeshChannel", value: "PIGEON" }] };
      const error = await stage.failure(contacts.create!(connect("choices"), input));
      expect([error.code, Object.keys(error.details.errors!)]).toEqual([
        "INVALID_INPUT",
        ["input.customFields.crmeshChannel"],
      ]);
    });

    test("an unknown company is named, and nothing is created", async () => {
      const context = connect("companies");
      const count = (await stage.native("companies")).count;
      const before = await count("contact");
      const error = await stage.failure(contacts.create!(context, { lastName: "x", company: { id: absentId(7) } }));
      expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.company.id"]]);
      expect(await count("contact")).toBe(before);
    });
  });

  describe("the account", () => {
    test("is at the cloud if no server address is given, else at the given server", () => {
      expect(twenty.origin({ apiKey: "k" }, undefined)).toBe("https://api.twenty.com");
      expect(twenty.origin({ apiKey: "k", url: " https://crm.acme.com/objects/people " }, undefined)).toBe(
        "https://crm.acme.com",
      );
      expect(twenty.origin({ apiKey: "k", url: "https://crm.acme.com" }, "http://127.0.0.1:1")).toBe(
        "http://127.0.0.1:1",
      );
      for (const url of ["crm", "ftp://crm.acme.com", "https://a:b@crm.acme.com"]) {
        expect(() => twenty.origin({ apiKey: "k", url }, undefined)).toThrow(CrmError);
      }
    });

    test("has record URLs in the cloud app or at its own server", async () => {
      const url = contacts.map.fields["url"]!;
      const at = (origin: string) => url.read({ id: "1" }, { origin, customFields: [] });
      expect(at("https://api.twenty.com")).toBe("https://app.twenty.com/object/person/1");
      expect(at("https://crm.acme.com")).toBe("https://crm.acme.com/object/person/1");
    });

    test("a refused key that works again is kept", async () => {
      const connection = stage.connect();
      const credentials = await connection.credentials();
      expect(await connection.renew(credentials)).toEqual(credentials);
    });
  });

  describe("phone numbers", () => {
    const numbers = async (account: string, phones: object) => {
      const { data } = await native(account, "POST", "people", { phones });
      const { fields } = await getOne(contacts, connect(account), data["createPerson"]!.id);
      return (fields["phones"] as { number: string }[]).map(({ number }) => number);
    };

    test.each([
      [{ primaryPhoneNumber: "617 555 0100", primaryPhoneCallingCode: "+1" }, ["+1 617 555 0100"]],
      [{ primaryPhoneNumber: "1515550000", primaryPhoneCallingCode: "49" }, ["+49 1515550000"]],
      [{ primaryPhoneNumber: "+49 151", primaryPhoneCallingCode: "+1" }, ["+49 151"]],
      [{ primaryPhoneNumber: "112" }, ["112"]],
      [{ primaryPhoneCallingCode: "+1" }, []],
      [{ additionalPhones: [{ number: "112" }, { number: "20", callingCode: "+44" }, {}] }, ["112", "+44 20"]],
    ])("%j reads as %j", async (phones, expected) => {
      expect(await numbers("phones", phones)).toEqual(expected);
    });

    test.each([
      ["+491515550000", "+49", "1515550000"],
      ["+49-151-5550000", "+49", "151-5550000"],
      ["+1 (617) 555-0100 ext. 5", "+1", "(617) 555-0100 ext. 5"],
      ["+390612345678", "+39", "0612345678"],
      ["0049 151 5550000", "", "0049 151 5550000"],
      ["+49", "", "+49"],
      ["call me", "", "call me"],
    ])("%s is written as calling code %j and number, without losing a digit", async (number, callingCode, rest) => {
      const context = connect("phones");
      const id = await contacts.create!(context, { phones: [{ number }] });
      expect(await (await stage.native("phones")).get("contact", id)).toMatchObject({
        "phones.primaryPhoneCallingCode": callingCode,
        "phones.primaryPhoneNumber": rest,
      });
      const [read] = (await getOne(contacts, context, id)).fields["phones"] as { number: string }[];
      expect(read!.number.replace(/\D/g, "")).toBe(number.replace(/\D/g, ""));
    });

    test("are found by their digits, in any grouping", async () => {
      const context = connect("found-phones");
      const ids = await Promise.all(
        [
          { primaryPhoneNumber: "1725550099", primaryPhoneCallingCode: "+49" },
          { primaryPhoneNumber: "+49 172 555 0099" },
          { primaryPhoneNumber: "112", additionalPhones: [{ number: "172 5550099", callingCode: "+49" }] },
        ].map(async (phones) => (await native("found-phones", "POST", "people", { phones })).data["createPerson"]!.id),
      );
      await native("found-phones", "POST", "people", { phones: { primaryPhoneNumber: "91725550099" } });
      const found = await listAll(contacts, context, { filter: { phone: "+49 (172) 5550099" } });
      expect(found.map(({ nativeId }) => nativeId).sort()).toEqual(ids.sort());
    });
  });

  describe("filters", () => {
    const HOSTILE = [`D"Angelo`, "O'Brien),id[is]:NOT_NULL,or(", "a[b]c", "(x)", "50%_off\\", "ann,bob", 'x"],y'];

    test.each(HOSTILE)("%j matches only its own text, by itself and with another filter", async (lastName) => {
      const context = connect("hostile");
      const createdSince = new Date(Date.now() - 60_000);
      const id = await contacts.create!(context, { lastName });
      await contacts.create!(context, { lastName: lastName.replace(/[^\w]/g, "#") });
      const found = async (filter: Record<string, unknown>) =>
        (await listAll(contacts, context, { filter })).map(({ nativeId }) => nativeId);
      expect(await found({ name: lastName })).toEqual([id]);
      expect(await found({ name: lastName, search: lastName, createdSince })).toEqual([id]);
      expect(await found({ name: lastName, createdUntil: createdSince })).toEqual([]);
    });

    test("an additional e-mail address finds its person; a part of an address does not", async () => {
      const context = connect("addresses");
      const emails = ["main@one.example", `o'brien"x@one.example`, "a_b@one.example"].map((address) => ({ address }));
      const id = await contacts.create!(context, { emails });
      const found = async (email: string) =>
        (await listAll(contacts, context, { filter: { email } })).map(({ nativeId }) => nativeId);
      for (const { address } of emails) expect(await found(address.toUpperCase())).toEqual([id]);
      for (const email of ["brien", "axb@one.example", "one.example", "%"]) expect(await found(email)).toEqual([]);
    });
  });

  describe("ordered listings", () => {
    const ACCOUNT = "crowded";
    const LISTED = 1000 + 130 + 30;

    beforeAll(async () => {
      // All records of a batch have one time, which is more precise than the API shows. The third batch is written in
      // parts, all within a millisecond.
      for (const size of [60, 60]) {
        const people = Array.from({ length: size }, (_, index) => ({ name: { lastName: `Batch ${index}` } }));
        await native(ACCOUNT, "POST", "batch/people", people);
      }
      const sameMoment = { createdAt: "2026-01-06T00:00:00.000Z" };
      await native(
        ACCOUNT,
        "POST",
        "batch/people",
        Array.from({ length: 40 }, () => sameMoment),
      );
    });

    test.each([
      ["CREATED_AT", "ASC", 25],
      ["CREATED_AT", "DESC", 25],
      ["CREATED_AT", "ASC", 100],
      ["CREATED_AT", "DESC", 100],
      ["UPDATED_AT", "DESC", 60],
      ["CREATED_AT", "DESC", 1],
    ] as const)(
      "by %s %s in pages of %i have every record of the same timestamp once",
      async (field, direction, limit) => {
        const filter = limit === 1 ? { createdSince: new Date("2026-05-01T00:00:00.000Z") } : {};
        const query = { orderBy: { field, direction }, limit, filter, select: new Set(["createdAt", "updatedAt"]) };
        const records = await listAll(contacts, connect(ACCOUNT), query);
        const unordered = await listAll(contacts, connect(ACCOUNT), { filter });
        expect(new Set(records.map(({ nativeId }) => nativeId)).size).toBe(records.length);
        expect(records).toHaveLength(unordered.length);
        if (limit !== 1) expect(records).toHaveLength(LISTED);
        const times = records.map(({ fields }) => String(fields[field === "CREATED_AT" ? "createdAt" : "updatedAt"]));
        expect(times).toEqual(direction === "ASC" ? times.toSorted() : times.toSorted().reverse());
      },
    );

    test("refuse an order by name", async () => {
      const orderBy = { field: "NAME", direction: "ASC" as const };
      expect((await stage.failure(listAll(contacts, connect(ACCOUNT), { orderBy }))).code).toBe("INVALID_INPUT");
    });
  });

  describe("meetings", () => {
    const times = { startAt: new Date("2026-06-10T09:00:00.000Z"), endAt: new Date("2026-06-10T10:00:00.000Z") };

    test("an event without a start is absent from lists and reads, and cannot be updated", async () => {
      const context = connect("beginnings");
      const { data } = await native("beginnings", "POST", "calendarEvents", { title: "Some day" });
      const { id } = data["createCalendarEvent"]!;
      expect((await listAll(meetings, context, {})).map(({ nativeId }) => nativeId)).not.toContain(id);
      const other = await meetings.create!(context, times);
      expect([...(await meetings.get(context, [id], new Set())).keys()]).toEqual([]);
      expect([...(await meetings.get(context, [id, other], new Set())).keys()]).toEqual([other]);
    });

    test("all-day events keep their days on a server in another time zone", async () => {
      const body = { isFullDay: true, startsAt: "2026-06-09T22:00:00.000Z", endsAt: "2026-06-11T22:00:00.000Z" };
      const { data } = await native("zones", "POST", "calendarEvents", body);
      const { fields } = await getOne(meetings, connect("zones"), data["createCalendarEvent"]!.id);
      expect(fields).toMatchObject({
        startAt: "2026-06-10T00:00:00.000Z",
        endAt: "2026-06-12T00:00:00.000Z",
        isAllDay: true,
      });
    });

    test("attendees are read with their responses; new contacts are invited by name and address", async () => {
      const account = "attendees";
      const context = connect(account);
      const ann = await contacts.create!(context, { firstName: "Ann", emails: [{ address: "ann@attendees.example" }] });
      const bob = await contacts.create!(context, { lastName: "Bob" });
      const id = await meetings.create!(context, { ...times, contactIds: [ann] });
      const member = [...(await (await stage.native(account)).owners()).keys()][0]!;
      await native(account, "POST", "calendarEventParticipants", {
        calendarEventId: id,
        workspaceMemberId: member,
        isOrganizer: true,
        handle: "me@own.example",
        responseStatus: "ACCEPTED",
      });
      await native(account, "POST", "calendarEventParticipants", {
        calendarEventId: id,
        handle: "stranger@else.example",
        responseStatus: "DECLINED",
      });
      const { fields } = await getOne(meetings, context, id);
      expect(fields["organizer"]).toEqual({ id: member });
      const [organizer, ...others] = fields["attendees"] as { email: string }[];
      const none = { name: null, contactId: null, ownerId: null, isOrganizer: false };
      expect(organizer).toEqual({
        ...none,
        email: "me@own.example",
        ownerId: member,
        isOrganizer: true,
        response: "ACCEPTED",
      });
      expect(others.sort((one, other) => (one.email < other.email ? -1 : 1))).toEqual([
        { ...none, name: "Ann", email: "ann@attendees.example", contactId: ann, response: "NEEDS_ACTION" },
        { ...none, email: "stranger@else.example", response: "DECLINED" },
      ]);
      await meetings.update!(context, id, { contactIds: [bob] });
      const record = await getOne(meetings, context, id, everything(meetings));
      expect(await edgeIds(meetings, context, record, "contacts")).toEqual([bob]);
      const emails = (record.fields["attendees"] as { email: string | null }[]).map(({ email }) => email);
      expect(emails).toEqual(expect.arrayContaining(["me@own.example", "stranger@else.example", null]));
      expect(emails).toHaveLength(3);
    });

    test("attendees beyond the first page of an event are read", async () => {
      const account = "crowd";
      const context = connect(account);
      const id = await meetings.create!(context, times);
      const people = (await listAll(contacts, context, {})).slice(0, 130).map(({ nativeId }) => nativeId);
      for (let start = 0; start < people.length; start += 60) {
        const batch = people.slice(start, start + 60).map((personId) => ({ calendarEventId: id, personId }));
        await native(account, "POST", "batch/calendarEventParticipants", batch);
      }
      // More than the cost of a read takes for granted.
      const plain = plainAdapterOf(twentySubject.provider, "meeting");
      const record = await getOne(plain, context, id, new Set(["contacts", "attendees"]));
      expect(record.fields["attendees"]).toHaveLength(130);
      expect([...record.links["contacts"]!].sort()).toEqual([...people].sort());
    });

    test("a deleted record can be restored in Twenty", async () => {
      const account = "restorable";
      const context = connect(account);
      const contact = await contacts.create!(context, { lastName: "Lee" });
      const meeting = await meetings.create!(context, { ...times, contactIds: [contact] });
      await meetings.delete!(context, meeting);
      await contacts.delete!(context, contact);
      for (const [plural, id] of [
        ["people", contact],
        ["calendarEvents", meeting],
      ] as const) {
        const found = await native(account, "GET", `${plural}?filter=deletedAt[is]:NOT_NULL`);
        expect(JSON.stringify(found)).toContain(id);
      }
    });

    test("a deleted meeting is not a meeting of its contacts", async () => {
      const context = connect("gone");
      const contact = await contacts.create!(context, { lastName: "Lee" });
      const [kept, gone] = [
        await meetings.create!(context, { ...times, contactIds: [contact] }),
        await meetings.create!(context, { ...times, contactIds: [contact] }),
      ];
      await meetings.delete!(context, gone);
      const edges = await contacts.edges["meetings"]!.load(context, [contact]);
      expect(edges.get(contact)).toEqual({ ids: [kept], complete: true });
    });

    test("a create whose attendees fail has the outcome PARTIAL", async () => {
      const context = connect("partial");
      const contact = await contacts.create!(context, { lastName: "Lee" });
      const refusing = {
        ...context,
        send: (request: Parameters<typeof context.send>[0]) =>
          request.path.startsWith("/rest/batch/")
            ? Promise.reject(said(403, "PermissionsException", "no"))
            : context.send(request),
      };
      const error = await stage.failure(meetings.create!(refusing, { ...times, title: "Half", contactIds: [contact] }));
      expect([error.code, error.details.outcome]).toEqual(["PROVIDER_AUTH_FAILED", "PARTIAL"]);
      expect(await listAll(meetings, context, { filter: { name: "Half" } })).toHaveLength(1);
    });
  });

  describe("custom fields", () => {
    test("composite custom fields are read and written unchanged", async () => {
      const context = connect("custom");
      const value = { amountMicros: "1250000", currencyCode: "EUR" };
      const id = await contacts.create!(context, { lastName: "x", customFields: [{ key: "crmeshBudget", value }] });
      const { fields } = await getOne(contacts, context, id);
      expect(fields["customFields"]).toContainEqual({ key: "crmeshBudget", label: "Budget", type: "OTHER", value });
    });

    test("definitions are read once for a connection", async () => {
      const { context } = stage.connect({ account: READ_ACCOUNT });
      const requests = await stage.recorded(async () => {
        for (let time = 0; time < 3; time += 1)
          await listAll(contacts, context, { select: new Set(["customFields"]), limit: 1000 });
      });
      expect(requests.filter(({ url }) => url.startsWith("/rest/metadata/"))).toHaveLength(1);
    });

    test.each([
      ["the older form", (objects: object[]) => ({ data: { objects }, pageInfo: { hasNextPage: false } })],
      ["the newer form", (data: object[]) => ({ data, pageInfo: { hasNextPage: false } })],
    ])("are read from %s of the metadata API", async (_form, answer) => {
      const { context } = stage.connect({ account: READ_ACCOUNT });
      const field = { name: "shoeSize", label: "Shoe size", type: "NUMBER", isCustom: true };
      const objects = [
        { nameSingular: "company", fields: [{ ...field, name: "other" }] },
        {
          nameSingular: "person",
          fields: [field, { ...field, name: "gone", isActive: false }, { ...field, name: "rel", type: "RELATION" }],
        },
      ];
      const remade: ProviderContext = {
        ...context,
        memo: (_name, read) => read(remade),
        send: (request: Parameters<typeof context.send>[0]) =>
          request.path.startsWith("/rest/metadata/")
            ? Promise.resolve({ status: 200, headers: {}, isJson: true, body: new AnswerBody(answer(objects)) })
            : context.send(request),
      };
      const page = { filter: {}, orderBy: null, limit: 1, cursor: null, select: new Set(["customFields"]) };
      const [record] = (await contacts.list(remade, page)).records;
      expect(record!.fields["customFields"]).toEqual([
        { key: "shoeSize", label: "Shoe size", type: "NUMBER", value: null },
      ]);
    });
  });

  test("the sandbox enforces the documented limit, and a call succeeds as soon as a token is back", async () => {
    let time = Date.UTC(2026, 10, 1);
    const server = await startSandboxServer(twentySandbox, { limits: "enforce", now: () => time });
    try {
      const { apiKey } = server.credentials("limited");
      const call = () =>
        fetch(`${server.origin}/rest/companies?limit=1`, { headers: { authorization: `Bearer ${apiKey!}` } });
      for (let calls = 0; calls < twenty.limits[0]!.requests; calls += 1) expect((await call()).status).toBe(200);
      expect((await call()).status).toBe(429);
      const refusal = await call();
      expect(classified(refusal.status, await refusal.json()).details.retryAfter).toBe(1);
      time += 600;
      expect([(await call()).status, (await call()).status]).toEqual([200, 429]);
    } finally {
      await server.close();
    }
  });
});
