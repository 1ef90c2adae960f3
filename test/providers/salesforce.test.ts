import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { FastifyInstance } from "fastify";
import jsforce from "jsforce";
import { eventually } from "../support/eventually.js";
import { CrmConnections, REQUEST_TIMEOUT_MS, type CrmConnection } from "../support/crm-connections.js";
import { passTimeouts } from "../support/time-outs.js";
import { CrmError } from "../../src/errors/crm-error.js";
import type { Credentials, ListQuery } from "../../src/providers/contract/contract.js";
import type { ContactFilter, LeadFilter, MeetingFilter, MeetingInput } from "../../src/providers/contract/input.js";
import type { ResourceName, UnifiedRecord } from "../../src/providers/contract/model.js";
import { salesforce } from "../../src/providers/crm/salesforce/index.js";
import { longId } from "../../src/providers/crm/salesforce/dialect.js";
import { after, cursorAt, orderBy, type Order } from "../../src/providers/crm/salesforce/paging.js";
import type { Selection } from "../../src/providers/contract/selection.js";
import type { SandboxCrm, SandboxFault } from "../../src/sandbox/kit/crm.js";
import { createSalesforceSandbox, salesforceSandbox } from "../../src/sandbox/crms/salesforce/index.js";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { startSandboxServer, type SandboxServer, type SandboxServerOptions } from "../../src/sandbox/kit/server.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";
import { withIdWrites } from "../support/id-writes.js";

/** Behaviour that only Salesforce has. The contract suite tests the common behaviour of all adapters. */

const CLIENT = { id: "crmesh-sandbox", secret: "sandbox-secret" };
/** Maximum length of URI and headers together. The headers of these tests have far less than a kilobyte. */
const URI_MAX = 4_096;

const servers: SandboxServer[] = [];
const opened: CrmConnections[] = [];
const uris: string[] = [];
let server: SandboxServer;

beforeAll(async () => {
  server = await start((app) => void app.addHook("onRequest", async ({ url }) => void uris.push(url)));
});

afterAll(async () => {
  for (const connections of opened) await connections.close();
  await Promise.all(servers.map((each) => each.close()));
});

/** The sandbox with one change. */
async function start(
  bend: (app: FastifyInstance) => void,
  options: SandboxServerOptions = {},
  crm: SandboxCrm = salesforceSandbox,
): Promise<SandboxServer> {
  const bent: SandboxCrm = {
    ...crm,
    register(app, sandboxOptions) {
      bend(app);
      crm.register(app, sandboxOptions);
    },
  };
  const started = await startSandboxServer(bent, { slowMs: 50, ...options });
  servers.push(started);
  return started;
}

interface ConnectOptions {
  at?: SandboxServer;
  fault?: SandboxFault;
  credentials?: Credentials;
  timeoutMs?: number;
}

function connect(account: string, options: ConnectOptions = {}): CrmConnection {
  const { at = server, fault, credentials, timeoutMs = REQUEST_TIMEOUT_MS } = options;
  const connections = new CrmConnections({
    provider: salesforce,
    origin: at.origin,
    oauthClient: CLIENT,
    timeoutMs,
  });
  opened.push(connections);
  return connections.connect(credentials ?? salesforceSandbox.credentials(account, at.origin, Date.now()), { fault });
}

/** The data of an account, read by a client that shares no code with the adapter. */
function native(account: string, at = server) {
  const { accessToken = "" } = salesforceSandbox.credentials(account, at.origin, Date.now());
  return new jsforce.Connection({ instanceUrl: at.origin, accessToken, version: "66.0" });
}

async function rows(account: string, soql: string): Promise<Record<string, unknown>[]> {
  const { records } = await native(account).query(soql, { autoFetch: true, maxFetch: 10_000 });
  return records;
}

async function idsOf(account: string, object: string, where = ""): Promise<string[]> {
  return (await rows(account, `SELECT Id FROM ${object}${where} ORDER BY Id`)).map(({ Id }) => String(Id));
}

const contact = withIdWrites(salesforce.resources.contact!);
const lead = withIdWrites(salesforce.resources.lead!);
const meeting = withIdWrites(salesforce.resources.meeting!);

type AnyFilter = ContactFilter & LeadFilter & MeetingFilter;
interface Listing {
  filter?: AnyFilter;
  orderBy?: ListQuery["orderBy"];
  limit?: number;
  select?: Selection;
}

async function listAll(
  resource: ResourceName,
  { context }: CrmConnection,
  { filter = {}, orderBy: order = null, limit = 100, select = new Set() }: Listing = {},
): Promise<UnifiedRecord[]> {
  const { list } = salesforce.resources[resource] as unknown as { list: typeof contact.list };
  const records: UnifiedRecord[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await list(context, { filter, orderBy: order as never, limit, cursor, select });
    records.push(...page.records);
    if (page.next === null) return records;
    // A page with a next page is full, and the next page is not empty.
    expect(page.records).toHaveLength(limit);
    cursor = page.next;
  }
}

const nativeIds = (records: readonly UnifiedRecord[]) => records.map(({ nativeId }) => nativeId);

async function failure(run: Promise<unknown>): Promise<CrmError> {
  const error: unknown = await run.then(
    () => new Error("This was expected to fail."),
    (reason: unknown) => reason,
  );
  if (error instanceof CrmError) return error;
  throw error;
}

describe("connection", () => {
  test.each([
    undefined,
    "",
    "acme",
    "ftp://acme.my.salesforce.com",
    "https://acme.my.salesforce.com/services",
    "https://user:pw@acme.my.salesforce.com",
    "https://acme.my.salesforce.com/?x=1",
  ])("%p is no instance URL", (instanceUrl) => {
    const given: Credentials = instanceUrl === undefined ? {} : { instanceUrl };
    expect(() => salesforce.origin(given, undefined)).toThrow(
      expect.objectContaining({
        code: "INVALID_INPUT",
        details: { errors: { "credentials.instanceUrl": expect.any(String) } },
      }),
    );
    expect(salesforce.origin(given, "http://127.0.0.1:1")).toBe("http://127.0.0.1:1");
  });

  test("an instance URL gives the origin, with or without a last slash", () => {
    for (const instanceUrl of ["https://acme.my.salesforce.com", "https://acme.my.salesforce.com/"])
      expect(salesforce.origin({ instanceUrl }, undefined)).toBe("https://acme.my.salesforce.com");
  });

  test("one call proves a credential and names the organization", async () => {
    const { exchange, calls } = connect("verify");
    const credentials = salesforceSandbox.credentials("verify", server.origin, Date.now());
    const { accountName } = await salesforce.verify(exchange, credentials);
    expect(accountName).toMatch(/^Organization 00D\w{15}$/);
    expect(calls).toHaveLength(1);
    const error = await failure(salesforce.verify(exchange, { ...credentials, accessToken: "wrong" }));
    expect([error.code, error.details.upstream]).toEqual([
      "PROVIDER_AUTH_FAILED",
      { status: 401, code: "INVALID_SESSION_ID" },
    ]);
  });

  test("an expired session is renewed and the call repeated", async () => {
    const good = salesforceSandbox.credentials("renew", server.origin, Date.now());
    const connection = connect("renew", { credentials: { ...good, accessToken: "sf-renew-1" } });
    expect(await listAll("contact", connection, { limit: 1000 })).toHaveLength(1000);
    expect(connection.calls.map(({ method, status }) => [method, status])).toEqual([
      ["GET", 401],
      ["POST", 200],
      ["GET", 200],
    ]);
  });

  test("a refused refresh token needs a new authorization; no refresh token leaves the refusal as it is", async () => {
    const good = salesforceSandbox.credentials("renew", server.origin, Date.now());
    const revoked = connect("renew", { credentials: { ...good, accessToken: "x", refreshToken: "revoked" } });
    const error = await failure(listAll("contact", revoked));
    expect([error.code, error.details.upstream?.code]).toEqual(["NEEDS_REAUTH", "invalid_grant"]);
    const without = { accessToken: "x", instanceUrl: server.origin };
    expect((await failure(listAll("contact", connect("renew", { credentials: without })))).code).toBe(
      "PROVIDER_AUTH_FAILED",
    );
  });
});

describe("answers", () => {
  const answer = (status: number, body: unknown, isJson = true) =>
    salesforce.traits.classify({ status, headers: {}, body: new AnswerBody(body), isJson });
  const entry = (errorCode: string, message = "", fields?: string[]) => [
    { message, errorCode, ...(fields ? { fields } : {}) },
  ];

  test.each([
    [401, entry("INVALID_SESSION_ID"), "PROVIDER_AUTH_FAILED", true],
    [401, entry("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"), "PROVIDER_AUTH_FAILED", true],
    [403, entry("API_DISABLED_FOR_ORG"), "PROVIDER_AUTH_FAILED", false],
    [400, entry("INSUFFICIENT_ACCESS_OR_READONLY"), "PROVIDER_AUTH_FAILED", false],
    [403, entry("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), "PROVIDER_RATE_LIMITED", false],
    [404, entry("NOT_FOUND"), "PROVIDER_ERROR", false],
    [400, entry("MALFORMED_QUERY"), "PROVIDER_ERROR", false],
    [400, entry("UNABLE_TO_LOCK_ROW"), "PROVIDER_UNAVAILABLE", false],
    [400, entry("CANNOT_UPDATE_CONVERTED_LEAD"), "INVALID_INPUT", false],
    [400, entry("REQUIRED_FIELD_MISSING", "", ["LastName"]), "MISSING_REQUIRED", false],
    [400, null, "PROVIDER_ERROR", false],
    [500, entry("UNKNOWN_EXCEPTION"), "PROVIDER_ERROR", false],
    [503, entry("SERVER_UNAVAILABLE"), "PROVIDER_UNAVAILABLE", false],
  ])("%i %j means %s", (status, body, code, credentialRefused) => {
    expect(answer(status, body)).toMatchObject({ code, credentialRefused, details: { upstream: { status } } });
  });

  test.each([
    [200, "PROVIDER_ERROR"],
    [302, "PROVIDER_ERROR"],
    [400, "PROVIDER_ERROR"],
    [401, "PROVIDER_AUTH_FAILED"],
    [403, "PROVIDER_AUTH_FAILED"],
    [404, "PROVIDER_ERROR"],
    [414, "PROVIDER_ERROR"],
    [420, "PROVIDER_UNAVAILABLE"],
    [429, "PROVIDER_RATE_LIMITED"],
    [500, "PROVIDER_ERROR"],
    [502, "PROVIDER_UNAVAILABLE"],
    [503, "PROVIDER_UNAVAILABLE"],
    [504, "PROVIDER_UNAVAILABLE"],
  ])("a page of HTML with %i means %s, and is not passed on", (status, code) => {
    const error = answer(status, "<html>We are down for maintenance</html>", false)!;
    expect(error.code).toBe(code);
    expect(JSON.stringify(error.details)).not.toContain("html");
  });

  test("both limits say how long to wait: the daily one a minute, the concurrent one as long as a long call", () => {
    const limit = (message: string) => answer(403, entry("REQUEST_LIMIT_EXCEEDED", message))!.details.retryAfter;
    expect(limit("TotalRequests Limit exceeded.")).toBe(60);
    expect(limit("ConcurrentPerOrgLongTxn Limit exceeded.")).toBe(20);
  });

  test("a deleted record is not found, whatever the status", () => {
    for (const status of [400, 404]) {
      expect(answer(status, entry("ENTITY_IS_DELETED"))).toMatchObject({
        code: "PROVIDER_ERROR",
        details: { upstream: { status: 404, code: "ENTITY_IS_DELETED" } },
      });
    }
    expect(answer(400, entry("ENTITY_IS_DELETED", "entity is deleted", ["AccountId"]))).toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  test("a duplicate names a record of the same object only", () => {
    const duplicate = (type: string, id: string) =>
      answer(400, [
        {
          errorCode: "DUPLICATES_DETECTED",
          message: "Use one of these records?",
          duplicateResult: {
            duplicateRuleEntityType: "Contact",
            matchResults: [{ entityType: type, matchRecords: [{ record: { attributes: { type }, Id: id } }] }],
          },
        },
      ])!;
    expect(duplicate("Contact", "003000000000001AAA")).toMatchObject({
      code: "DUPLICATE_RECORD",
      details: { existingId: "003000000000001AAA" },
    });
    expect(duplicate("Lead", "00Q000000000001AAA").details.existingId).toBeUndefined();
    expect(answer(400, [{ errorCode: "DUPLICATES_DETECTED" }])).toMatchObject({ code: "DUPLICATE_RECORD" });
  });

  test("an Apex traceback goes no further", () => {
    const message = "LeadTrigger: execution of BeforeInsert\n\ncaused by: System.NullPointerException";
    for (const fields of [["LastName"], []]) {
      const error = answer(400, entry("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message, fields))!;
      expect(error.code).toBe("INVALID_INPUT");
      expect(JSON.stringify(error.details)).not.toMatch(/LeadTrigger|NullPointer/);
    }
  });

  test.each([
    ["PROVIDER_ERROR", "PROVIDER_ERROR", 3],
    ["PROVIDER_RATE_LIMITED", "PROVIDER_RATE_LIMITED", 1],
    ["PROVIDER_UNAVAILABLE", "PROVIDER_UNAVAILABLE", 3],
    ["PROVIDER_AUTH_FAILED", "PROVIDER_AUTH_FAILED", 1],
    ["NEEDS_REAUTH", "NEEDS_REAUTH", 2],
    ["TIMEOUT", "PROVIDER_UNAVAILABLE", 3],
  ] as const)("the fault %s becomes %s after %i calls", async (fault, code, calls) => {
    const connection = connect("faulty", { fault, timeoutMs: fault === "TIMEOUT" ? 100 : REQUEST_TIMEOUT_MS });
    expect((await failure(listAll("contact", connection))).code).toBe(code);
    expect(connection.calls).toHaveLength(calls);
  });

  test("a create without an answer is sent once, and its error says that it may have happened", async () => {
    const connection = connect("unanswered", { fault: "TIMEOUT" });
    const created = () => idsOf("unanswered", "Contact", " WHERE LastName = 'Onceonly'");
    const error = await passTimeouts(REQUEST_TIMEOUT_MS, async (pass) => {
      const failed = failure(contact.create(connection.context, { lastName: "Onceonly" }));
      await eventually(async () => (await created()).length > 0 || undefined);
      pass();
      return failed;
    });
    expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", "UNKNOWN"]);
    expect(await created()).toHaveLength(1);
  });

  test("the daily limit of an org reads as a rate limit", async () => {
    const limited = await start(() => undefined, { limits: "enforce" }, createSalesforceSandbox({ dailyRequests: 2 }));
    const connection = connect("limited", { at: limited });
    await listAll("contact", connection, { limit: 1000 });
    await listAll("contact", connection, { limit: 1000 });
    const error = await failure(contact.create(connection.context, { lastName: "X" }));
    expect([error.code, error.details.retryAfter, error.details.upstream]).toEqual([
      "PROVIDER_RATE_LIMITED",
      60,
      { status: 403, code: "REQUEST_LIMIT_EXCEEDED" },
    ]);
  });
});

describe("ids", () => {
  test("both forms are known; a wrong checksum, prefix or length is none", () => {
    expect(longId("0012w00001AbCdE")).toBe("0012w00001AbCdEAAV".slice(0, 15) + longId("0012w00001AbCdE")!.slice(15));
    expect(longId("a0B000000000001", "a0B")).toHaveLength(18);
    expect(longId("003000000000001AAA", "003")).toBe("003000000000001AAA");
    for (const text of ["003000000000001AAB", "00Q000000000001AAA", "003", "", "003000000000001AA", "003000'00000001"])
      expect(longId(text, "003")).toBeNull();
  });

  test("the checksum is that of the ids Salesforce itself gives out", async () => {
    const ids = await idsOf("ids", "Contact");
    expect(ids.filter((id) => longId(id.slice(0, 15)) !== id)).toEqual([]);
  });
});

describe("reads by id", () => {
  const withOwner = new Set(["fullName", "owner", "owner.name", "company", "company.name"]);

  test("100 contacts with their owners and accounts are one call, 900 a few, none of them too long", async () => {
    const ids = await idsOf("pristine", "Contact");
    for (const [count, calls] of [
      [100, 1],
      [contact.batchSize(withOwner), 1],
      // Several queries for the columns of related records, and one collections read for the others.
      [900, Math.ceil(900 / contact.batchSize(withOwner)) + 1],
    ] as const) {
      const connection = connect("pristine");
      uris.length = 0;
      const found = await contact.get(connection.context, ids.slice(0, count), withOwner);
      expect([found.size, connection.calls.length]).toEqual([count, calls]);
      expect(Math.max(...uris.map((uri) => uri.length))).toBeLessThan(URI_MAX);
    }
  });

  test("without columns of related records the whole account is one call", async () => {
    const ids = await idsOf("pristine", "Contact");
    const connection = connect("pristine");
    expect(contact.batchSize(new Set(["fullName", "owner"]))).toBe(2000);
    const found = await contact.get(connection.context, ids, new Set(["fullName", "owner"]));
    expect(found.size).toBe(1000);
    expect(connection.calls).toMatchObject([{ method: "POST", records: 1000 }]);
  });

  test.each([
    ["by query", withOwner],
    ["by collection", new Set(["fullName"])],
  ])("%s every id is answered in the form it was asked in; what cannot be one is not asked", async (_how, select) => {
    const [first, second] = await idsOf("pristine", "Contact");
    const [someLead] = await idsOf("pristine", "Lead");
    const connection = connect("pristine");
    const short = first!.slice(0, 15);
    const missing = longId("003zzzzzzzzzzzz")!;
    const strange = [`${second!.slice(0, 15)}ZZZ`, someLead!, "", "1' OR Name != '", missing];
    const found = await contact.get(connection.context, [short, first!, second!, second!, ...strange], select);
    expect([...found.keys()].sort()).toEqual([short, first!, second!].sort());
    expect(found.get(short)!.nativeId).toBe(first);
    expect(connection.calls).toHaveLength(1);
    connection.calls.length = 0;
    expect((await contact.get(connection.context, strange.slice(0, -1), select)).size).toBe(0);
    expect(connection.calls).toEqual([]);
  });

  test("an owner, and a queue as one, come with the lead; users and queues are found by id as well", async () => {
    const connection = connect("pristine");
    const select = new Set(["owner", "owner.name", "owner.email"]);
    const leads = await listAll("lead", connection, { limit: 300, select });
    const owners = leads.map(({ fields }) => fields.owner!);
    const queue = owners.find(({ id }) => id.startsWith("00G"))!;
    const user = owners.find(({ id }) => id.startsWith("005"))!;
    expect(queue).toEqual({ id: queue.id, name: "Unassigned leads", email: null });
    expect(seedAccount("pristine").owners.map(({ email }) => email)).toContain(user.email);
    const found = await salesforce.owners.load(connection.context, [user.id, queue.id, user.id.slice(0, 15), "7"]);
    expect(found.get(user.id)).toEqual(user);
    expect(found.get(queue.id)).toEqual(queue);
    expect([...found.keys()].sort()).toEqual([user.id, queue.id, user.id.slice(0, 15)].sort());
  });
});

describe("lists", () => {
  test.each([
    ["contact", "NAME", "LastName", "Contact"],
    ["contact", "CREATED_AT", "CreatedDate", "Contact"],
    ["lead", "UPDATED_AT", "SystemModstamp", "Lead"],
    ["lead", "NAME", "LastName", "Lead"],
    ["meeting", "STARTS_AT", "StartDateTime", "Event"],
  ] as const)("%ss by %s lose and repeat nothing, however equal they are", async (resource, field, column, object) => {
    const where = object === "Event" ? " WHERE IsChild = false" : "";
    for (const direction of ["ASC", "DESC"] as const) {
      const wanted = await rows("pristine", `SELECT Id FROM ${object}${where} ORDER BY ${column} ${direction}, Id ASC`);
      const listing = { orderBy: { field, direction }, limit: 37 };
      const listed = await listAll(resource, connect("pristine"), listing);
      expect(nativeIds(listed)).toEqual(wanted.map(({ Id }) => Id));
    }
  });

  test.each(["ASC", "DESC"] as const)("empty values come last, each once (%s)", async (direction) => {
    const connection = native("nulls");
    const ids = await idsOf("nulls", "Event");
    const when = ["2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"];
    await connection
      .sobject("Event")
      .update(ids.slice(0, 40).map((Id, index) => ({ Id, ReminderDateTime: when[index % 2]! })));
    const order: Order = { column: "ReminderDateTime", direction };
    const seen: Record<string, unknown>[] = [];
    for (let place = ""; ;) {
      const page = await rows("nulls", `SELECT Id,ReminderDateTime FROM Event${place}${orderBy(order)} LIMIT 9`);
      seen.push(...page);
      if (page.length === 0) break;
      place = ` WHERE ${after(cursorAt(page.at(-1)!, order), order)}`;
    }
    expect(seen.map(({ Id }) => Id).sort()).toEqual(ids);
    const values = seen.map(({ ReminderDateTime }) => ReminderDateTime);
    expect(values.slice(40).every((value) => value === null)).toBe(true);
    expect(new Set(values.slice(0, 20)).size).toBe(1);
  });

  test.each(["", "x", Buffer.from("{}").toString("base64url"), Buffer.from(`["1' OR"]`).toString("base64url")])(
    "%p is no cursor",
    async (cursor) => {
      const { context, calls } = connect("pristine");
      const error = await failure(
        contact.list(context, { filter: {}, orderBy: null, limit: 5, cursor, select: new Set() }),
      );
      expect([error.code, Object.keys(error.details.errors!), calls]).toEqual(["INVALID_INPUT", ["after"], []]);
    },
  );

  test("rows that fill a page with their sub-selects are followed to the end", async () => {
    const connection = connect("crowded");
    const contacts = (await idsOf("crowded", "Contact")).slice(0, 50);
    const crowd = Array.from({ length: 60 }, (_, index) => ({
      Subject: `Crowd ${index}`,
      StartDateTime: "2027-01-05T10:00:00Z",
      DurationInMinutes: 30,
      EventWhoIds: contacts,
    }));
    await native("crowded").sobject("Event").create(crowd);
    const select = new Set(["title", "attendees"]);
    const listed = await listAll("meeting", connection, { filter: { name: "Crowd" }, limit: 60, select });
    expect(listed).toHaveLength(60);
    expect(new Set(listed.map(({ fields }) => (fields as { attendees: [] }).attendees.length))).toEqual(new Set([50]));
    expect(connection.calls.length).toBeGreaterThan(1);
  });

  test("a sub-select that comes in pages is followed to its end", async () => {
    const rest = "/services/data/v66.0/query/relations-1";
    const kept: unknown[] = [];
    const paged = await start((app) => {
      app.addHook("onRequest", async ({ url }, reply) => {
        if (url === rest) await reply.send({ totalSize: 50, done: true, records: kept.splice(0) });
      });
      app.addHook("preSerialization", async (_request, _reply, payload) => {
        const [event] = (payload as { records?: { EventRelations?: { records: unknown[] } }[] } | null)?.records ?? [];
        if (!event?.EventRelations) return payload;
        kept.push(...event.EventRelations.records.splice(1));
        Object.assign(event.EventRelations, { done: false, nextRecordsUrl: rest });
        return payload;
      });
    });
    const connection = connect("paged", { at: paged });
    const { records } = await native("paged", paged).query("SELECT Id FROM Contact LIMIT 50");
    const contactIds = records.map(({ Id }) => String(Id));
    const times = { startAt: new Date("2027-01-05T10:00:00Z"), endAt: new Date("2027-01-05T11:00:00Z") };
    const id = await meeting.create(connection.context, { ...times, contactIds });
    const found = await meeting.get(connection.context, [id], new Set(["contacts"]));
    expect(found.get(id)!.links.contacts).toEqual(contactIds);
  });

  test("an invitation's copy is no meeting of its own", async () => {
    const all = await idsOf("pristine", "Event");
    const listed = await listAll("meeting", connect("pristine"));
    expect(listed).toHaveLength(seedAccount("pristine").meetings.length);
    expect(all.length).toBeGreaterThan(listed.length);
  });
});

describe("filters", () => {
  const HOSTILE = [
    "O'Brien' OR Name != '",
    "back\\slash\\",
    "100%_sure",
    "line\nbreak\rand\ttab",
    "\\' OR Id != null --",
    'double "quote"',
    "plus+and&amp=x%27",
    "Zoë 😀",
    "%",
    "_",
  ];

  test.each(HOSTILE)("%j is a text like any other", async (text) => {
    const connection = connect("hostile");
    const key = text.replace(/\s/g, " ").trim();
    const { id } = await native("hostile").sobject("Lead").create({ LastName: key, Company: "X", Phone: text });
    const words = nativeIds(await listAll("lead", connection, { filter: { name: text } }));
    expect(words).toContain(id);
    const others = await rows("hostile", "SELECT Id,Name FROM Lead");
    const matching = others.filter(({ Name }) =>
      text.split(/\s+/).every((word) => String(Name).toLowerCase().includes(word.toLowerCase())),
    );
    expect(words.sort()).toEqual(matching.map(({ Id }) => Id).sort());
    expect(nativeIds(await listAll("lead", connection, { filter: { phone: text.trim() } }))).toEqual([id]);
    expect(await listAll("lead", connection, { filter: { email: text } })).toEqual([]);
    expect(await listAll("lead", connection, { filter: { ownerId: text } })).toEqual([]);
    const event = { Subject: key, StartDateTime: "2027-01-05T10:00:00Z", DurationInMinutes: 30 };
    const created = await native("hostile").sobject("Event").create(event);
    expect(nativeIds(await listAll("meeting", connection, { filter: { search: text } }))).toContain(created.id);
    expect(await listAll("meeting", connection, { filter: { attendeeEmail: text } })).toEqual([]);
  });

  test("a search finds every word anywhere, and ends where a query does", async () => {
    const connection = connect("pristine");
    const [person] = seedAccount("pristine").people.filter(({ lastName, phone }) => lastName === "Müller" && phone);
    const found = await listAll("contact", connection, {
      filter: { search: `müller ${person!.company.toUpperCase()} ${person!.phone}` },
      select: new Set(["phones"]),
    });
    expect(found).toHaveLength(1);
    expect((found[0]!.fields as { phones: { number: string }[] }).phones[0]!.number).toBe(person!.phone);
    expect(await listAll("contact", connection, { filter: { search: " " } })).toEqual([]);
    connection.calls.length = 0;
    const error = await failure(listAll("contact", connection, { filter: { search: "ü".repeat(1000) } }));
    expect([error.code, Object.keys(error.details.errors!), connection.calls]).toEqual([
      "INVALID_INPUT",
      ["filter"],
      [],
    ]);
  });

  test("every lead has exactly the status it is found by", async () => {
    const connection = connect("statuses");
    const ids = await idsOf("statuses", "Lead");
    const found: string[] = [];
    for (const status of ["NEW", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "OTHER"] as const) {
      const leads = await listAll("lead", connection, { filter: { status }, select: new Set(["status", "rawStatus"]) });
      for (const { fields } of leads) expect(fields).toMatchObject({ status });
      found.push(...nativeIds(leads));
    }
    expect(found.sort()).toEqual(ids);
  });

  test("bounds between two seconds are kept", async () => {
    const connection = connect("pristine");
    const [{ CreatedDate }] = (await rows("pristine", "SELECT CreatedDate FROM Contact ORDER BY CreatedDate")) as [
      { CreatedDate: string },
    ];
    const at = (offset: number) => new Date(Date.parse(CreatedDate.replace("+0000", "Z")) + offset);
    const count = async (filter: AnyFilter) => (await listAll("contact", connection, { filter, limit: 1000 })).length;
    expect(await count({ createdSince: at(0) })).toBe(1000);
    expect(await count({ createdSince: at(1) })).toBe(999);
    expect(await count({ createdUntil: at(0) })).toBe(0);
    expect(await count({ createdUntil: at(1) })).toBe(1);
  });

  test.each(["shared", "owned-unshared"])("meetings are found by anyone's address (%s)", async (account) => {
    const connection = connect(account);
    const seed = seedAccount(account);
    const emailOf = (index: number) => seed.people[index]!.emails[0]!;
    const second = seed.meetings.find(({ people }) => people.length === 2 && emailOf(people[1]!))!;
    const titles = (records: UnifiedRecord[]) => records.map(({ fields }) => (fields as { title: string }).title);
    const find = async (attendeeEmail: string, filter: AnyFilter = {}) =>
      titles(
        await listAll("meeting", connection, { filter: { ...filter, attendeeEmail }, select: new Set(["title"]) }),
      );
    for (const person of second.people) expect(await find(emailOf(person).toUpperCase())).toContain(second.title);
    expect(await find(emailOf(second.people[0]!), { startsUntil: new Date(second.start) })).not.toContain(second.title);
    expect(await find("nobody@example.com")).toEqual([]);
    const withLead = seed.meetings.find(({ lead: about }) => about !== null)!;
    const leadPerson = seed.people[seed.leads[withLead.lead!]!.person]!;
    expect(await find(leadPerson.emails[0]!)).toContain(withLead.title);
  });

  test("more meetings of one person than a query can name still come in order, page by page", async () => {
    const connection = connect("busy");
    const [one, two] = await idsOf("busy", "Contact");
    await native("busy")
      .sobject("Contact")
      .update([{ Id: one!, Email: "busy@one.example" }]);
    const events = Array.from({ length: 330 }, (_, index) => ({
      Subject: `Busy ${index}`,
      // Some records have the same time.
      StartDateTime: new Date(Date.UTC(2027, 0, 1) + Math.floor(index / 4) * 3_600_000).toISOString(),
      DurationInMinutes: 30,
      EventWhoIds: [two!, one!],
    }));
    for (const part of [events.slice(0, 200), events.slice(200)]) await native("busy").sobject("Event").create(part);
    for (const direction of ["ASC", "DESC"] as const) {
      const listed = await listAll("meeting", connection, {
        filter: { attendeeEmail: "busy@one.example", startsSince: new Date("2027-01-01T00:00:00Z") },
        orderBy: { field: "STARTS_AT", direction },
        limit: 50,
      });
      const soql = `SELECT Id FROM Event WHERE Subject LIKE 'Busy%' ORDER BY StartDateTime ${direction}, Id`;
      expect(nativeIds(listed)).toEqual((await rows("busy", soql)).map(({ Id }) => Id));
    }
  });
});

describe("edges", () => {
  test.each(["pristine", "edges-unshared"])("contacts lead to the meetings that lead to them (%s)", async (account) => {
    const connection = connect(account);
    const meetings = await listAll("meeting", connection, { select: new Set(["contacts", "leads"]) });
    const wanted = new Map<string, Set<string>>();
    for (const { nativeId, links } of meetings) {
      for (const id of links.contacts!) wanted.set(id, (wanted.get(id) ?? new Set()).add(nativeId));
    }
    const ids = await idsOf(account, "Contact");
    connection.calls.length = 0;
    const loader = contact.edges.meetings!;
    const found = await loader.load(connection.context, ids.slice(0, loader.batchSize));
    expect(connection.calls).toHaveLength(2);
    expect([...found.keys()].sort()).toEqual(ids.slice(0, loader.batchSize).filter((id) => wanted.has(id)));
    for (const [id, edge] of found) expect(edge).toEqual({ ids: [...wanted.get(id)!].sort(), complete: true });
    // An edge loader reads the same ids as the record has.
    const [first] = meetings;
    const own = await meeting.edges.contacts!.load(connection.context, [first!.nativeId]);
    expect(own.get(first!.nativeId)).toEqual({ ids: first!.links.contacts, complete: true });
  });

  test("contacts and the leads they came from find each other", async () => {
    const connection = connect("pristine");
    const leads = await listAll("lead", connection, {
      filter: { status: "CONVERTED" },
      select: new Set(["contact", "convertedContact", "isConverted", "convertedAt"]),
    });
    const [converted] = leads;
    const [contactId] = converted!.links.convertedContact!;
    expect(converted!.links.contact).toEqual([contactId]);
    expect(converted!.fields).toMatchObject({
      isConverted: true,
      convertedAt: expect.stringMatching(/T00:00:00\.000Z$/),
    });
    connection.calls.length = 0;
    const short = contactId!.slice(0, 15);
    const edges = await contact.edges.leads!.load(connection.context, [contactId!, short, "x"]);
    expect(connection.calls).toHaveLength(1);
    expect(edges.get(short)!.ids).toContain(converted!.nativeId);
    expect(edges.get(contactId!)).toEqual(edges.get(short));
  });
});

describe("custom fields", () => {
  test.each([
    ["NUMBER", 0, 0],
    ["BOOLEAN", false, false],
    ["DATE", "2026-03-08", "2026-03-08"],
    ["DATE_TIME", "2026-03-08T06:30:00.000+0000", "2026-03-08T06:30:00.000Z"],
    ["MULTI_SELECT", "a;b c", ["a", "b c"]],
    ["SELECT", "a", "a"],
    ["TEXT", "", null],
    ["TEXT", null, null],
    ["OTHER", 7, "7"],
  ] as const)("a %s that is %p reads as %p", (type, value, wanted) => {
    expect(contact.map.custom!.read(value, type)).toEqual(wanted);
  });

  test("a list is written as Salesforce keeps it", () => {
    expect(contact.map.custom!.write(["a", "b c"])).toBe("a;b c");
    expect(contact.map.custom!.write(null)).toBeNull();
  });
});

describe("contacts and leads", () => {
  test("null clears, and says no to nothing that a create leaves out", async () => {
    const connection = connect("written");
    const [account] = await idsOf("written", "Account");
    const id = await contact.create(connection.context, {
      firstName: "Maria del Carmen",
      lastName: "de la Cruz",
      emails: [{ address: "maria@clear.example" }],
      phones: [
        { number: "1", type: "OTHER" },
        { number: "2", type: "OTHER" },
        { number: "3", type: "HOME" },
      ],
      addresses: [
        { type: "OTHER", street1: "Flat 2", street2: "Main St 1", city: "München" },
        { type: "MAILING", postalCode: "80331" },
      ],
      company: { id: account! },
      doNotContact: true,
      ownerId: null,
      customFields: [{ key: "Crmesh_Score__c", value: 4.5 }],
    });
    const read = async () => (await native("written").sobject("Contact").retrieve(id)) as Record<string, unknown>;
    expect(await read()).toMatchObject({
      Name: "Maria del Carmen de la Cruz",
      OtherPhone: "1",
      AssistantPhone: "2",
      HomePhone: "3",
      Phone: null,
      OtherStreet: "Flat 2\nMain St 1",
      MailingPostalCode: "80331",
      AccountId: account,
      DoNotCall: true,
      Crmesh_Score__c: 4.5,
    });
    const select = new Set(["phones", "addresses", "customFields", "company", "company.name", "url"]);
    expect((await contact.get(connection.context, [id], select)).get(id)!.fields).toMatchObject({
      phones: [
        { number: "3", type: "HOME", rawType: null, isPrimary: true },
        { number: "1", type: "OTHER", rawType: null, isPrimary: false },
        { number: "2", type: "OTHER", rawType: "AssistantPhone", isPrimary: false },
      ],
      addresses: [
        { type: "MAILING", street1: null, postalCode: "80331" },
        { type: "OTHER", street1: "Flat 2", street2: "Main St 1", city: "München" },
      ],
      company: { id: account, name: expect.any(String) },
      customFields: [
        { key: "Crmesh_Note__c", label: "Note", type: "TEXT", value: null },
        { key: "Crmesh_Score__c", label: "Score", type: "NUMBER", value: 4.5 },
      ],
      url: `${server.origin}/${id}`,
    });
    const cleared = { phones: null, addresses: null, company: null, doNotContact: null, emails: null, firstName: null };
    await contact.update(connection.context, id, {
      ...cleared,
      customFields: [{ key: "Crmesh_Score__c", value: null }],
    });
    expect(await read()).toMatchObject({
      Name: "de la Cruz",
      Email: null,
      OtherPhone: null,
      AssistantPhone: null,
      HomePhone: null,
      OtherStreet: null,
      OtherCity: null,
      MailingPostalCode: null,
      AccountId: null,
      DoNotCall: false,
      Crmesh_Score__c: null,
    });
  });

  test("Salesforce's refusals come under the caller's names", async () => {
    const { context } = connect("refused");
    const refusal = async (run: Promise<unknown>) => {
      const { code, details } = await failure(run);
      return [code, Object.keys(details.errors ?? {})];
    };
    const create = (input: Parameters<NonNullable<typeof contact.create>>[1]) =>
      refusal(contact.create(context, { lastName: "Refused", ...input }));
    expect(await create({ emails: [{ address: "not an address" }] })).toEqual(["INVALID_INPUT", ["input.emails"]]);
    expect(await create({ company: { id: "003000000000001AAA" } })).toEqual(["INVALID_INPUT", ["input.company"]]);
    expect(await create({ title: "x".repeat(200) })).toEqual(["INVALID_INPUT", ["input.title"]]);
    expect(await create({ customFields: [{ key: "Absent__c", value: 1 }] })).toEqual([
      "INVALID_INPUT",
      ["input.customFields.Absent__c"],
    ]);
    const [id] = await idsOf("refused", "Contact");
    expect(await refusal(contact.update(context, id!, { lastName: null }))).toEqual([
      "MISSING_REQUIRED",
      ["input.lastName"],
    ]);
    expect(await refusal(lead.create(context, { lastName: "X", companyName: "Y", rawStatus: "No such" }))).toEqual([
      "INVALID_INPUT",
      ["input.status"],
    ]);
    const [converted] = await idsOf("refused", "Lead", " WHERE IsConverted = true");
    expect(await refusal(lead.update(context, converted!, { title: "X" }))).toEqual(["INVALID_INPUT", []]);
    expect(await refusal(contact.update(context, longId("003zzzzzzzzzzzz")!, { title: "X" }))).toEqual([
      "CONTACT_NOT_FOUND",
      [],
    ]);
    await contact.delete!(context, id!);
    expect(await refusal(contact.delete!(context, id!))).toEqual(["CONTACT_NOT_FOUND", []]);
  });

  test("a duplicate says of what", async () => {
    const { context } = connect("duplicates");
    const twin = { lastName: "Twin", emails: [{ address: "twin@example.com" }] };
    const existing = await contact.create(context, twin);
    const error = await failure(contact.create(context, twin));
    expect([error.code, error.details.existingId]).toEqual(["DUPLICATE_RECORD", existing]);
  });
});

describe("meetings", () => {
  const select = new Set(["startAt", "endAt", "isAllDay", "title", "contacts", "leads", "attendees"]);
  const event = async (account: string, id: string) =>
    (await native(account).sobject("Event").retrieve(id)) as Record<string, unknown>;
  const read = async ({ context }: CrmConnection, id: string) => (await meeting.get(context, [id], select)).get(id)!;
  const timed: MeetingInput = {
    title: "Call",
    startAt: new Date("2026-03-08T23:45:00Z"),
    endAt: new Date("2026-03-09T01:15:00Z"),
  };

  test("an all-day meeting is of whole days, wherever the process is", async () => {
    const connection = connect("days");
    const id = await meeting.create(connection.context, {
      startAt: new Date("2026-03-08T00:00:00Z"),
      endAt: new Date("2026-03-11T00:00:00Z"),
      isAllDay: true,
    });
    expect(await event("days", id)).toMatchObject({
      IsAllDayEvent: true,
      ActivityDate: "2026-03-08",
      DurationInMinutes: 3 * 24 * 60,
    });
    const times = { isAllDay: true, startAt: "2026-03-08T00:00:00.000Z", endAt: "2026-03-11T00:00:00.000Z" };
    expect((await read(connection, id)).fields).toMatchObject(times);
    const oneDay = await meeting.create(connection.context, {
      startAt: new Date("2026-11-01T00:00:00Z"),
      isAllDay: true,
    });
    expect((await read(connection, oneDay)).fields).toMatchObject({
      startAt: "2026-11-01T00:00:00.000Z",
      endAt: "2026-11-02T00:00:00.000Z",
    });
  });

  test("a meeting that becomes all-day covers the days it touched, and back", async () => {
    const connection = connect("days");
    const id = await meeting.create(connection.context, timed);
    await meeting.update(connection.context, id, { isAllDay: true });
    expect((await read(connection, id)).fields).toMatchObject({
      isAllDay: true,
      startAt: "2026-03-08T00:00:00.000Z",
      endAt: "2026-03-10T00:00:00.000Z",
    });
    await meeting.update(connection.context, id, { endAt: new Date("2026-03-12T00:00:00Z") });
    expect((await read(connection, id)).fields).toMatchObject({ isAllDay: true, endAt: "2026-03-12T00:00:00.000Z" });
    await meeting.update(connection.context, id, { endAt: null });
    expect((await read(connection, id)).fields).toMatchObject({ isAllDay: true, endAt: "2026-03-09T00:00:00.000Z" });
    await meeting.update(connection.context, id, { ...timed, isAllDay: false });
    expect(await event("days", id)).toMatchObject({
      IsAllDayEvent: false,
      StartDateTime: "2026-03-08T23:45:00.000+0000",
      EndDateTime: "2026-03-09T01:15:00.000+0000",
      DurationInMinutes: 90,
    });
  });

  test("moving one end leaves the other, or is refused", async () => {
    const connection = connect("days");
    const id = await meeting.create(connection.context, timed);
    await meeting.update(connection.context, id, { startAt: new Date("2026-03-09T00:45:00Z") });
    expect(await event("days", id)).toMatchObject({ DurationInMinutes: 30, ActivityDate: "2026-03-09" });
    for (const name of ["startAt", "endAt"] as const) {
      const cleared = await failure(meeting.update(connection.context, id, { [name]: null }));
      expect([cleared.code, Object.keys(cleared.details.errors!)]).toEqual(["MISSING_REQUIRED", [`input.${name}`]]);
    }
    const error = await failure(meeting.update(connection.context, id, { endAt: new Date("2026-03-09T00:00:00Z") }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_DATE_RANGE", ["input.endAt"]]);
  });

  test("what an event cannot be is refused before any call", async () => {
    const { context, calls } = connect("days");
    const [contactId] = await idsOf("days", "Contact");
    const [leadId, other] = await idsOf("days", "Lead");
    const many = Array.from({ length: 51 }, (_, index) => longId(`0030000000000${String(index + 10)}`)!);
    for (const [input, code, paths] of [
      [{}, "MISSING_REQUIRED", ["input.startAt", "input.endAt", "input.isAllDay"]],
      [{ ...timed, endAt: null, isAllDay: false }, "MISSING_REQUIRED", ["input.endAt"]],
      [{ isAllDay: true }, "MISSING_REQUIRED", ["input.startAt"]],
      [{ ...timed, isAllDay: true }, "INVALID_INPUT", ["input.startAt"]],
      [{ ...timed, contactIds: [contactId!], leadIds: [leadId!] }, "INVALID_INPUT", ["input.leadIds"]],
      [{ ...timed, leadIds: [leadId!, other!] }, "INVALID_INPUT", ["input.leadIds.1"]],
      [{ ...timed, contactIds: [contactId!, leadId!] }, "INVALID_INPUT", ["input.contactIds.1"]],
      [{ ...timed, contactIds: many }, "INVALID_INPUT", ["input.contactIds"]],
      [{ ...timed, videoUrl: "https://x.example" }, "INVALID_INPUT", ["input.videoUrl"]],
    ] as const) {
      const error = await failure(meeting.create(context, input as MeetingInput));
      expect([error.code, Object.keys(error.details.errors!)]).toEqual([code, paths]);
    }
    expect(calls).toEqual([]);
  });

  test("contacts, then a lead, then nobody: each list is replaced as a whole", async () => {
    const connection = connect("people");
    const [a, b, c] = await idsOf("people", "Contact");
    const [leadId] = await idsOf("people", "Lead");
    const id = await meeting.create(connection.context, { ...timed, contactIds: [b!, a!] });
    expect(await event("people", id)).toMatchObject({ WhoId: b });
    const links = async () => (await read(connection, id)).links;
    expect(await links()).toEqual({ contacts: [b, a], leads: [] });
    await meeting.update(connection.context, id, { contactIds: [c!.slice(0, 15), a!] });
    expect(await links()).toEqual({ contacts: [c, a], leads: [] });
    await meeting.update(connection.context, id, { leadIds: [] });
    expect(await links()).toEqual({ contacts: [c, a], leads: [] });
    const conflict = await failure(meeting.update(connection.context, id, { leadIds: [leadId!] }));
    expect([conflict.code, Object.keys(conflict.details.errors!)]).toEqual(["INVALID_INPUT", ["input.leadIds"]]);
    await meeting.update(connection.context, id, { contactIds: [], leadIds: [leadId!] });
    expect(await links()).toEqual({ contacts: [], leads: [leadId] });
    await meeting.update(connection.context, id, { leadIds: null });
    expect(await links()).toEqual({ contacts: [], leads: [] });
    expect(await event("people", id)).toMatchObject({ WhoId: null, Subject: "Call" });
  });

  test("the invited are attendees with their answers; taking one off takes the invitation too", async () => {
    const connection = connect("invited");
    const [a, b] = await idsOf("invited", "Contact", " WHERE Email != null");
    const [leadId] = await idsOf("invited", "Lead", " WHERE Email = null");
    const id = await meeting.create(connection.context, { ...timed, contactIds: [a!] });
    const user = (await event("invited", id))["OwnerId"] as string;
    const invite = (RelationId: string, Status: string) =>
      native("invited").sobject("EventRelation").create({ EventId: id, RelationId, Status, IsInvitee: true });
    for (const [who, status] of [
      [b!, "Declined"],
      [leadId!, "New"],
      [user, "Accepted"],
    ] as const)
      await invite(who, status);
    const names = new Map((await rows("invited", "SELECT Id,Name,Email FROM Contact")).map((row) => [row["Id"], row]));
    const person = (contactId: string) => ({
      name: names.get(contactId)!["Name"],
      email: names.get(contactId)!["Email"],
      contactId,
      ownerId: null,
      isOrganizer: false,
    });
    const record = await read(connection, id);
    expect((record.fields as { attendees: unknown }).attendees).toEqual([
      { ...person(a!), response: null },
      { ...person(b!), response: "DECLINED" },
      {
        name: expect.any(String),
        email: null,
        contactId: null,
        ownerId: null,
        isOrganizer: false,
        response: "NEEDS_ACTION",
      },
      {
        name: "Integration User",
        email: "integration@example.com",
        contactId: null,
        ownerId: user,
        isOrganizer: true,
        response: "ACCEPTED",
      },
    ]);
    // The lead is only invited. It does not prevent contacts, and stays if they are removed.
    await meeting.update(connection.context, id, { contactIds: [a!] });
    expect((await read(connection, id)).links).toEqual({ contacts: [a], leads: [leadId] });
  });

  test("without Shared Activities an event is with one person", async () => {
    const account = "single-unshared";
    const connection = connect(account);
    const [a, b] = await idsOf(account, "Contact");
    const [leadId] = await idsOf(account, "Lead");
    const id = await meeting.create(connection.context, { ...timed, contactIds: [a!] });
    expect(connection.calls).toHaveLength(1);
    const links = async () => (await read(connection, id)).links;
    expect(await links()).toEqual({ contacts: [a], leads: [] });
    const [attendee] = (await read(connection, id)).fields.attendees!;
    expect(attendee).toMatchObject({ contactId: a, name: expect.any(String), response: null });
    await meeting.update(connection.context, id, { contactIds: null, leadIds: [leadId!] });
    expect(await links()).toEqual({ contacts: [], leads: [leadId] });
    await meeting.update(connection.context, id, { leadIds: [], contactIds: [] });
    expect(await links()).toEqual({ contacts: [], leads: [] });
    for (const refused of [
      meeting.create(connection.context, { ...timed, contactIds: [a!, b!] }),
      meeting.update(connection.context, id, { contactIds: [a!, b!] }),
    ]) {
      const { code, details } = await failure(refused);
      expect([code, details.errors]).toEqual([
        "INVALID_INPUT",
        { "input.contactIds": expect.stringContaining("Shared Activities") },
      ]);
    }
  });

  test("an update whose second call fails says that half of it is done", async () => {
    const broken = await start((app) =>
      app.addHook("onRequest", async ({ method, url }, reply) => {
        if (method === "DELETE" && url.includes("/composite/")) await reply.code(503).send("<html>down</html>");
      }),
    );
    const connection = connect("half", { at: broken });
    const { records } = await native("half", broken).query("SELECT Id FROM Contact LIMIT 2");
    const [a, b] = records.map(({ Id }) => String(Id));
    const id = await meeting.create(connection.context, { ...timed, contactIds: [a!, b!] });
    const error = await failure(meeting.update(connection.context, id, { contactIds: [b!] }));
    expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", "PARTIAL"]);
  });
});

describe("orgs that differ", () => {
  test("columns that a connection may not see are left out, and asked for no more", async () => {
    const hidden = ["HomePhone", "Department", "AccountId"];
    const refuse = (text: string) =>
      /\b(HomePhone|Department|AccountId|Account\.Name)\b/.test(text)
        ? [{ errorCode: "INVALID_FIELD", message: "\nFROM Contact\n^\nERROR at Row:1:Column:8\nNo such column" }]
        : null;
    const narrow = await start((app) => {
      app.addHook("preHandler", async ({ url, body }, reply) => {
        const refusal = refuse(`${new URLSearchParams(url.split("?")[1]).get("q")} ${JSON.stringify(body ?? null)}`);
        if (refusal) await reply.code(400).send(refusal);
      });
      app.addHook("preSerialization", async ({ url }, _reply, payload) => {
        if (!url.includes("/describe")) return payload;
        const { fields, ...rest } = payload as { fields: { name: string }[] };
        return { ...rest, fields: fields.filter(({ name }) => !hidden.includes(name)) };
      });
    });
    const connection = connect("hidden", { at: narrow });
    const select = new Set(["fullName", "phones", "department", "company", "company.name", "owner", "owner.name"]);
    const page = { filter: {}, orderBy: null, limit: 5, cursor: null, select };
    const { records } = await contact.list(connection.context, page);
    expect(records).toHaveLength(5);
    expect(records[0]!.fields).toMatchObject({
      fullName: expect.any(String),
      department: null,
      company: null,
      owner: { name: expect.any(String) },
    });
    expect(connection.calls.map(({ status }) => status)).toEqual([400, 200, 200]);
    connection.calls.length = 0;
    await contact.list(connection.context, page);
    await contact.get(connection.context, nativeIds(records), new Set(["phones", "department"]));
    expect(connection.calls.map(({ status }) => status)).toEqual([200, 200]);
    // A filter searches the columns that are there.
    const { records: all } = await contact.list(connection.context, { ...page, limit: 200 });
    const number = all.map(({ fields }) => fields.phones![0]?.number).find((one) => one !== undefined)!;
    const { records: found } = await contact.list(connection.context, { ...page, filter: { phone: number } });
    expect(found[0]!.fields.phones).toContainEqual(expect.objectContaining({ number }));
  });

  test("more custom fields than a URI holds come by another way", async () => {
    const names = Array.from({ length: 400 }, (_, index) => `A_rather_long_name_of_a_field_${index}__c`);
    const longest: number[] = [];
    const wide = await start((app) => {
      app.addHook("preHandler", async (request) => {
        longest.push(request.url.length);
        const body = request.body as { fields?: string[] } | undefined;
        if (body?.fields) body.fields = body.fields.filter((name) => !names.includes(name));
      });
      app.addHook("preSerialization", async ({ url }, _reply, payload) => {
        if (url.includes("/describe")) {
          const { fields, ...rest } = payload as { fields: object[] };
          return { ...rest, fields: [...fields, ...names.map((name) => ({ name, label: name, type: "string" }))] };
        }
        if (!url.includes("/composite/")) return payload;
        return (payload as object[]).map((record) => record && { ...record, [names.at(-1)!]: "here" });
      });
    });
    const connection = connect("many", { at: wide });
    const select = new Set(["fullName", "owner", "owner.name", "customFields"]);
    const listed = await listAll("contact", connection, {
      orderBy: { field: "NAME", direction: "ASC" },
      limit: 400,
      select,
    });
    expect(new Set(nativeIds(listed)).size).toBe(1000);
    const ids = nativeIds(listed).slice(0, 250);
    const found = await contact.get(connection.context, ids, select);
    for (const { fields } of [...listed.slice(0, 3), ...found.values()]) {
      expect(fields).toMatchObject({ fullName: expect.any(String), owner: { name: expect.any(String) } });
      const custom = fields.customFields!;
      expect([custom.length, custom.at(-1)!.value]).toEqual([402, "here"]);
    }
    expect(found.size).toBe(250);
    expect(Math.max(...longest)).toBeLessThan(URI_MAX);
  });

  test("an answer that is not of the documented shape is the CRM's fault", async () => {
    for (const payload of [
      { records: null },
      { records: [], done: false, nextRecordsUrl: "//evil.example/x" },
      "null",
    ]) {
      const strange = await start((app) =>
        app.addHook("onRequest", async ({ url }, reply) => {
          if (url.includes("/query")) await reply.type("application/json").send(payload);
        }),
      );
      expect((await failure(listAll("contact", connect("strange", { at: strange })))).code).toBe("PROVIDER_ERROR");
    }
  });
});
