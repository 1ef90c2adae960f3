import http from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { CrmConnections, REQUEST_TIMEOUT_MS, type CrmConnection } from "../support/crm-connections.js";
import { passTimeouts } from "../support/time-outs.js";
import { CrmError } from "../../src/errors/crm-error.js";
import type { Credentials, ListQuery, ProviderContext } from "../../src/providers/contract/contract.js";
import type { ResourceName } from "../../src/providers/contract/model.js";
import { odoo } from "../../src/providers/crm/odoo/index.js";
import type { SandboxFault } from "../../src/sandbox/kit/crm.js";
import { odooSandbox } from "../../src/sandbox/crms/odoo/index.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";
import type { UpstreamResponse } from "../../src/upstream/request.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";
import { withIdWrites } from "../support/id-writes.js";

/** Behaviour that only Odoo has. The contract suite tests the common behaviour of all adapters. */

const contacts = withIdWrites(odoo.resources.contact!);
const leads = withIdWrites(odoo.resources.lead!);
const meetings = withIdWrites(odoo.resources.meeting!);

let server: SandboxServer;
let connections: CrmConnections;
/** No test writes to this account. */
let reader: CrmConnection;
let writer: CrmConnection;

beforeAll(async () => {
  server = await startSandboxServer(odooSandbox);
  connections = new CrmConnections({ provider: odoo, origin: server.origin });
  reader = await connect("pristine");
  writer = await connect("written");
});

afterAll(async () => {
  await connections.close();
  await server.close();
});

interface ConnectOptions {
  fault?: SandboxFault;
  credentials?: Credentials;
}

/** A connection after its first call has verified the credential. */
async function connect(account: string, { fault, credentials }: ConnectOptions = {}): Promise<CrmConnection> {
  return connections.connect(credentials ?? (await proved(account)), { fault });
}

async function proved(account: string): Promise<Credentials> {
  return (await verify(odooSandbox.credentials(account, server.origin, Date.now()))).credentials;
}

function verify(credentials: Credentials) {
  return odoo.verify(connections.connect(credentials).exchange, credentials);
}

/** An independent client without code of the adapter. */
async function native<Result = Record<string, unknown>[]>(
  account: string,
  model: string,
  method: string,
  args: unknown[],
  kwargs: object = {},
): Promise<Result> {
  const { apiKey } = odooSandbox.credentials(account, server.origin, Date.now());
  const params = { service: "object", method: "execute_kw", args: [account, 2, apiKey, model, method, args, kwargs] };
  const response = await fetch(`${server.origin}/jsonrpc`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", method: "call", id: 9, params }),
  });
  const answer = (await response.json()) as { result: Result; error?: unknown };
  if (answer.error) throw new Error(JSON.stringify(answer.error));
  return answer.result;
}

async function nativeRecord(model: string, id: string): Promise<Record<string, unknown>> {
  return (await native("written", model, "read", [[Number(id)]]))[0]!;
}

function query<Resource extends ResourceName>(over: Partial<ListQuery<Resource>>): ListQuery<Resource> {
  return { filter: {}, orderBy: null, limit: 100, cursor: null, select: new Set(), ...over };
}

async function idsOf(
  adapter: { list(context: ProviderContext, query: never): Promise<{ records: { nativeId: string }[] }> },
  filter: object,
): Promise<string[]> {
  const { records } = await adapter.list(writer.context, query({ filter }) as never);
  return records.map(({ nativeId }) => nativeId);
}

async function failure(promise: Promise<unknown>): Promise<CrmError> {
  const error: unknown = await promise.then(
    () => new Error("The call was expected to fail."),
    (reason: unknown) => reason,
  );
  if (error instanceof CrmError) return error;
  throw error;
}

const EVENT = { startAt: new Date("2026-06-10T09:00:00Z"), endAt: new Date("2026-06-10T09:30:00Z") };

async function readMeeting(id: string, ...fields: string[]) {
  return (await meetings.get(writer.context, [id], new Set(fields))).get(id)!;
}

async function readLead(id: string, ...fields: string[]) {
  return (await leads.get(writer.context, [id], new Set(fields))).get(id)!;
}

async function readContact(id: string, ...fields: string[]) {
  return (await contacts.get(writer.context, [id], new Set(fields))).get(id)!;
}

describe("the connection", () => {
  const credentials = { database: "pristine", login: "admin@pristine.example", apiKey: "odoo-sandbox-pristine" };

  test("the address is reduced to its origin", () => {
    expect(odoo.origin({ url: "https://acme.odoo.com/web/login?db=x#home" }, undefined)).toBe("https://acme.odoo.com");
    expect(odoo.origin({ url: " http://odoo.example:8069 " }, undefined)).toBe("http://odoo.example:8069");
    expect(odoo.origin({ url: "https://acme.odoo.com" }, "http://127.0.0.1:1")).toBe("http://127.0.0.1:1");
  });

  test.each(["", "acme.odoo.com", "ftp://acme.odoo.com", "file:///etc/passwd", "https://me:secret@acme.odoo.com"])(
    "%p is no address of an Odoo",
    (url) => {
      const run = () => odoo.origin({ url }, undefined);
      expect(run).toThrow(CrmError);
      try {
        run();
      } catch (error) {
        expect((error as CrmError).code).toBe("INVALID_INPUT");
        expect(Object.keys((error as CrmError).details.errors!)).toEqual(["credentials.url"]);
        expect(inspect(error)).not.toContain("me:secret");
      }
    },
  );

  test("verifying finds the user id", async () => {
    const verified = await verify(credentials);
    expect(verified).toEqual({ accountName: "pristine", credentials: { ...credentials, uid: "2", api: "JSON-RPC" } });
  });

  test.each([
    ["a wrong key", { ...credentials, apiKey: "wrong" }],
    ["a wrong login", { ...credentials, login: "nobody" }],
    ["a database that does not exist", { ...credentials, database: "No Such Database" }],
  ])("%s is refused with a plain reason", async (_what, wrong) => {
    const error = await failure(verify(wrong));
    expect(error.code).toBe("PROVIDER_AUTH_FAILED");
    expect(error.credentialRefused).toBe(false);
    expect(error.details.detail).toMatch(/^Odoo /);
  });

  test("a stale user id is looked up again, once", async () => {
    const stale = await connect("pristine", { credentials: { ...credentials, uid: "777" } });
    expect((await contacts.list(stale.context, query({ limit: 2 }))).records).toHaveLength(2);
    expect((await contacts.list(stale.context, query({ limit: 2 }))).records).toHaveLength(2);
    // The refused call, the login, the repeated call. Then calls as usual.
    expect(stale.calls).toHaveLength(4);
  });

  test("a key that is revoked needs the end user", async () => {
    const revoked = await connect("pristine", { credentials: { ...credentials, apiKey: "revoked", uid: "2" } });
    expect((await failure(contacts.list(revoked.context, query({})))).code).toBe("NEEDS_REAUTH");
  });

  test("the credential is in the body, never in the address or a header", () => {
    const request = odoo.authorize(
      { method: "POST", path: "/json/2/m/f", json: { model: "m", method: "f", args: {} }, safe: true },
      { ...credentials, uid: "2" },
    );
    expect(JSON.stringify({ ...request, json: null })).not.toContain(credentials.apiKey);
    expect(request.path).toBe("/jsonrpc");
    expect(request.json).toMatchObject({ params: { args: ["pristine", 2, credentials.apiKey, "m", "f", [], {}] } });
  });
});

describe("reads", () => {
  test("pages of contacts lose and repeat nothing while others are added and deleted", async () => {
    const { context } = await connect("paged");
    const before = await native<number[]>("paged", "res.partner", "search", [
      [
        ["is_company", "=", false],
        ["type", "not in", ["invoice", "delivery"]],
      ],
    ]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await contacts.list(context, query<"contact">({ limit: 97, cursor }));
      seen.push(...page.records.map(({ nativeId }) => nativeId));
      await native("paged", "res.partner", "create", [{ name: "Zelda" }]);
      if (cursor === null) await native("paged", "res.partner", "unlink", [[Number(seen[0])]]);
      cursor = page.next;
    } while (cursor !== null && seen.length < 2_000);
    expect(new Set(seen).size).toBe(seen.length);
    expect(before.filter((id) => !seen.includes(String(id)))).toEqual([]);
  });

  test("an order by a time with hidden microseconds neither loses nor repeats", async () => {
    const seen: { nativeId: string; updatedAt: string }[] = [];
    let cursor: string | null = null;
    do {
      const page = await leads.list(
        reader.context,
        query<"lead">({
          limit: 19,
          cursor,
          orderBy: { field: "UPDATED_AT", direction: "DESC" },
          select: new Set(["updatedAt"]),
        }),
      );
      for (const { nativeId, fields } of page.records) seen.push({ nativeId, updatedAt: fields.updatedAt! });
      cursor = page.next;
    } while (cursor !== null);
    const domain = [["type", "=", "lead"]];
    const all = await native("pristine", "crm.lead", "search", [domain], { context: { active_test: false } });
    expect(new Set(seen.map(({ nativeId }) => nativeId)).size).toBe(all.length);
    expect(seen.map(({ updatedAt }) => updatedAt)).toEqual(
      seen
        .map(({ updatedAt }) => updatedAt)
        .sort()
        .reverse(),
    );
  });

  test("a batch is one call, whatever ids it contains", async () => {
    const connection = await connect("pristine");
    const ids = ["11", "12", "999999", "abc", "1 OR 1=1", "99999999999999", "-1", "0", "", "13"];
    const found = await contacts.get(connection.context, ids, new Set(["fullName", "emails"]));
    expect([...found.keys()]).toEqual(["11", "12", "13"]);
    expect(connection.calls).toHaveLength(1);
    expect((await contacts.get(connection.context, ["abc"], new Set())).size).toBe(0);
    expect(connection.calls).toHaveLength(1);
  });

  test("attendees of a whole page take one more call, and none when they are not selected", async () => {
    const connection = await connect("pristine");
    const page = await meetings.list(connection.context, query({ limit: 50, select: new Set(["attendees"]) }));
    expect(connection.calls).toHaveLength(2);
    await meetings.list(connection.context, query({ limit: 50, select: new Set(["title"]) }));
    expect(connection.calls).toHaveLength(3);
    for (const { nativeId, fields } of page.records) {
      const theirs = await native("pristine", "calendar.attendee", "search_read", [
        [["event_id", "=", Number(nativeId)]],
        ["partner_id", "email", "state"],
      ]);
      expect(fields.attendees!.map(({ contactId }) => contactId)).toEqual(
        theirs.map(({ partner_id: partner }) => String((partner as number[])[0])),
      );
      expect(fields.attendees!.filter(({ isOrganizer }) => isOrganizer)).toHaveLength(1);
      expect(fields.attendees![0]).toMatchObject({
        isOrganizer: true,
        response: "ACCEPTED",
        ownerId: expect.any(String),
      });
    }
  });

  test("tags are names, read only if selected, and their definitions are cached", async () => {
    const connection = await connect("pristine");
    const page = await contacts.list(connection.context, query({ limit: 50, select: new Set(["tags"]) }));
    expect(page.records.flatMap(({ fields }) => fields.tags!)).toContain("customer");
    expect(connection.calls).toHaveLength(2);
    await contacts.list(connection.context, query({ limit: 50, select: new Set(["tags"]) }));
    expect(connection.calls).toHaveLength(3);
  });

  test("a tag that is newer than the kept definitions is still named", async () => {
    const id = await contacts.create(writer.context, { fullName: "Tagged", tags: ["customer"] });
    expect((await readContact(id, "tags")).fields.tags).toEqual(["customer"]);
    const tag = await native<number>("written", "res.partner.category", "create", [{ name: "Brand new" }]);
    await native("written", "res.partner", "write", [[Number(id)], { category_id: [[4, tag, 0]] }]);
    expect((await readContact(id, "tags")).fields.tags).toEqual(["customer", "Brand new"]);
  });

  test("listings hold people; a company can be read by its id", async () => {
    const company = await native<number>("written", "res.partner", "create", [{ name: "Acme", is_company: true }]);
    expect(await idsOf(contacts, { name: "Acme" })).not.toContain(String(company));
    expect((await readContact(String(company), "fullName")).fields.fullName).toBe("Acme");
  });

  test("false is nothing, zero is a number", async () => {
    const bare = await native<number>("written", "crm.lead", "create", [{ name: "Bare", user_id: false }]);
    const select = ["emails", "phones", "addresses", "description", "owner", "source", "rating", "value", "fullName"];
    const { fields, links } = await readLead(String(bare), ...select, "contact", "tags", "customFields", "convertedAt");
    expect(fields).toEqual({
      emails: [],
      phones: [],
      addresses: [],
      description: null,
      owner: null,
      source: null,
      rating: null,
      value: { amount: "0", currency: "USD" },
      fullName: null,
      tags: [],
      convertedAt: null,
      customFields: [
        { key: "x_crmesh_note", label: "Note", type: "TEXT", value: null },
        { key: "x_crmesh_score", label: "Score", type: "NUMBER", value: 0 },
        { key: "x_crmesh_region", label: "Region", type: "OTHER", value: null },
      ],
    });
    expect(links).toEqual({ contact: [] });
  });

  test("owners are users, with their addresses", async () => {
    const owners = await odoo.owners.load(reader.context, ["6", "7", "999", "x"]);
    expect([...owners.values()]).toEqual([
      { id: "6", name: "Olivia Owner", email: "olivia@example.com" },
      { id: "7", name: "Peter Pan", email: "peter@example.com" },
    ]);
  });

  test("an archived contact is not listed, but found by its id", async () => {
    const id = await contacts.create(writer.context, { fullName: "Archie Archived" });
    await native("written", "res.partner", "write", [[Number(id)], { active: false }]);
    expect(await idsOf(contacts, { name: "Archie" })).toEqual([]);
    expect((await readContact(id, "fullName")).fields.fullName).toBe("Archie Archived");
  });
});

describe("filters", () => {
  test("wildcards and quotes are text", async () => {
    const name = `100%_of\\ "O'Brien"`;
    const id = await contacts.create(writer.context, { fullName: name });
    expect(await idsOf(contacts, { name: `%_of\\ "o'b` })).toEqual([id]);
    expect(await idsOf(contacts, { search: `100%_OF\\` })).toEqual([id]);
    expect(await idsOf(contacts, { name: "100_" })).toEqual([]);
    expect(await idsOf(contacts, { email: "%" })).toEqual([]);
    expect(await idsOf(contacts, { name: `'), ('id', '>', 0), ('name', 'ilike', '` })).toEqual([]);
    expect(await idsOf(contacts, { ownerId: "1 OR 1=1" })).toEqual([]);
  });

  test("several filters must all hold, alternatives inside one included", async () => {
    const number = "+1 709 555 0199";
    const input = { fullName: "Filter Fred", phones: [{ number, type: "MOBILE" as const }], ownerId: "6" };
    const id = await contacts.create(writer.context, input);
    const other = await contacts.create(writer.context, { ...input, fullName: "Filter Frida", ownerId: "7" });
    expect(await idsOf(contacts, { phone: number })).toEqual([id, other]);
    expect(await idsOf(contacts, { phone: number, ownerId: "7", name: "fri", search: "frida" })).toEqual([other]);
  });

  test("bounds of time divide the records as they are shown", async () => {
    const id = await contacts.create(writer.context, { fullName: "Timely Tim" });
    const shown = new Date((await readContact(id, "createdAt")).fields.createdAt!);
    const at = (ms: number) => new Date(shown.getTime() + ms);
    const find = (filter: object) => idsOf(contacts, { name: "Timely Tim", ...filter });
    expect(await find({ createdSince: shown })).toEqual([id]);
    expect(await find({ createdSince: at(1) })).toEqual([]);
    expect(await find({ createdUntil: shown })).toEqual([]);
    expect(await find({ createdUntil: at(1) })).toEqual([id]);
    expect(await find({ updatedSince: at(-1), updatedUntil: at(1000) })).toEqual([id]);
  });

  test("an all-day meeting begins at midnight, for filters too", async () => {
    const id = await meetings.create(writer.context, {
      title: "Offsite 77",
      startAt: new Date("2031-05-05T00:00:00Z"),
      isAllDay: true,
    });
    const find = (filter: object) => idsOf(meetings, { name: "Offsite 77", ...filter });
    expect(await find({ startsSince: new Date("2031-05-05T00:00:00Z") })).toEqual([id]);
    expect(await find({ startsSince: new Date("2031-05-05T00:00:01Z") })).toEqual([]);
    expect(await find({ startsUntil: new Date("2031-05-05T00:00:00Z") })).toEqual([]);
    expect(await find({ startsUntil: new Date("2031-05-05T00:00:01Z") })).toEqual([id]);
  });

  test("an attendee's address", async () => {
    const email = "only_one@attendee.example";
    const person = await contacts.create(writer.context, { fullName: "Only One", emails: [{ address: email }] });
    const id = await meetings.create(writer.context, { title: "One", ...EVENT, contactIds: [person] });
    expect(await idsOf(meetings, { attendeeEmail: email.toUpperCase() })).toEqual([id]);
    expect(await idsOf(meetings, { attendeeEmail: "onlyXone@attendee.example" })).toEqual([]);
  });

  test.each(["NEW", "QUALIFIED", "WORKING", "UNQUALIFIED", "CONVERTED"] as const)(
    "leads of status %s are those that read so",
    async (status) => {
      const page = await leads.list(reader.context, query<"lead">({ filter: { status }, select: new Set(["status"]) }));
      expect(page.records.length).toBeGreaterThan(10);
      expect(new Set(page.records.map(({ fields }) => fields.status))).toEqual(new Set([status]));
    },
  );

  test("a stage of the customer's own is OTHER", async () => {
    const stage = await native<number>("written", "crm.stage", "create", [{ name: "Limbo", sequence: 9 }]);
    const id = await native<number>("written", "crm.lead", "create", [{ name: "Strange", stage_id: stage }]);
    const { fields } = await readLead(String(id), "status", "rawStatus");
    expect(fields).toEqual({ status: "OTHER", rawStatus: "Limbo" });
    expect(await idsOf(leads, { status: "OTHER" })).toEqual([String(id)]);
  });
});

describe("contacts", () => {
  test("a country and a state are found by code or by name", async () => {
    for (const [state, country] of [
      ["Bavaria", "Germany"],
      ["by", "de"],
    ]) {
      const address = {
        street1: "Main St 1",
        street2: "Back yard",
        city: "München",
        postalCode: "80331",
        state,
        country,
      };
      const id = await contacts.create(writer.context, { fullName: "Heidi", addresses: [address] });
      expect((await readContact(id, "addresses")).fields.addresses).toEqual([
        { type: null, rawType: null, ...address, state: "Bavaria", country: "Germany" },
      ]);
      const record = await nativeRecord("res.partner", id);
      expect([record["street2"], record["zip"]]).toEqual(["Back yard", "80331"]);
    }
  });

  test.each([
    [{ country: "Atlantis" }, "input.addresses.0.country"],
    [{ country: "Germany", state: "Texas" }, "input.addresses.0.state"],
    [{ state: "Nowhere" }, "input.addresses.0.state"],
    [{ state: "CA" }, null],
  ])("the address %p", async (address, path) => {
    const create = contacts.create(writer.context, { fullName: "Ann", addresses: [address] });
    if (path === null) {
      const { fields } = await readContact(await create, "addresses");
      expect(fields.addresses![0]).toMatchObject({ state: "California" });
      return;
    }
    const error = await failure(create);
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", [path]]);
  });

  test("a name is one text: its parts are joined, and cannot be changed separately", async () => {
    const id = await contacts.create(writer.context, { firstName: "Maria del Carmen", lastName: "de la Cruz" });
    expect((await nativeRecord("res.partner", id))["name"]).toBe("Maria del Carmen de la Cruz");
    const error = await failure(contacts.update(writer.context, id, { firstName: "Eva" }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.fullName"]]);
    await contacts.update(writer.context, id, { firstName: null, lastName: "Cruz" });
    expect((await nativeRecord("res.partner", id))["name"]).toBe("Cruz");
    await contacts.update(writer.context, id, { fullName: "Eva Cruz" });
    expect((await nativeRecord("res.partner", id))["name"]).toBe("Eva Cruz");
    expect(
      Object.keys((await failure(contacts.update(writer.context, id, { fullName: null }))).details.errors!),
    ).toEqual(["input.fullName"]);
  });

  test("a company is a partner by id, or only a name", async () => {
    const company = await native<number>("written", "res.partner", "create", [{ name: "Globex 2", is_company: true }]);
    const id = await contacts.create(writer.context, { fullName: "Bob", company: { id: String(company) } });
    expect((await readContact(id, "company")).fields.company).toEqual({ id: String(company), name: "Globex 2" });
    await contacts.update(writer.context, id, { company: { name: "Hooli" } });
    expect((await readContact(id, "company")).fields.company).toEqual({ id: null, name: "Hooli" });
    await contacts.update(writer.context, id, { company: null });
    expect((await readContact(id, "company")).fields.company).toBeNull();
    const error = await failure(contacts.create(writer.context, { fullName: "Eve", company: { id: "424242" } }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.company"]]);
  });

  test("null clears a field, which is then false in Odoo", async () => {
    const id = await contacts.create(writer.context, {
      fullName: "Cleo Clear",
      title: "CEO",
      emails: [{ address: "cleo@example.com" }],
      phones: [{ number: "+1 1" }, { number: "+1 2" }],
      addresses: [{ city: "Boston", state: "Massachusetts", country: "US" }],
      websites: ["https://cleo.example"],
      description: "a <b> & c\nd",
      tags: ["customer"],
      ownerId: "6",
      company: { name: "Acme" },
    });
    const before = await readContact(id, "description", "phones", "owner");
    expect(before.fields).toEqual({
      description: "a <b> & c\nd",
      phones: [
        { number: "+1 1", type: "WORK", rawType: null, isPrimary: true },
        { number: "+1 2", type: "MOBILE", rawType: null, isPrimary: false },
      ],
      owner: { id: "6", name: "Olivia Owner" },
    });
    const nulls = ["title", "emails", "phones", "addresses", "websites", "description", "tags", "ownerId", "company"];
    await contacts.update(writer.context, id, Object.fromEntries(nulls.map((name) => [name, null])));
    expect(await nativeRecord("res.partner", id)).toMatchObject({
      name: "Cleo Clear",
      function: false,
      email: false,
      phone: false,
      mobile: false,
      city: false,
      state_id: false,
      country_id: false,
      website: false,
      comment: false,
      category_id: [],
      user_id: false,
      company_name: false,
    });
  });

  test("an unknown tag is refused and not made", async () => {
    const error = await failure(contacts.create(writer.context, { fullName: "Ann", tags: ["customer", "vip-42"] }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.tags.1"]]);
    expect(await native("written", "res.partner.category", "search", [[["name", "=", "vip-42"]]])).toEqual([]);
  });

  test("all problems of look-ups are reported at once, and nothing is written", async () => {
    const before = await native<number>("written", "res.partner", "search_count", [[]]);
    const error = await failure(
      contacts.create(writer.context, {
        fullName: "Ann",
        tags: ["no-such"],
        addresses: [{ country: "Atlantis" }],
        customFields: [{ key: "x_unknown", value: 1 }],
      }),
    );
    expect(Object.keys(error.details.errors!)).toEqual([
      "input.tags.0",
      "input.addresses.0.country",
      "input.customFields.x_unknown",
    ]);
    expect(await native<number>("written", "res.partner", "search_count", [[]])).toBe(before);
  });

  test("custom fields are written by their type", async () => {
    const customFields = [
      { key: "x_crmesh_note", value: "2026-01-01T00:00:00Z" },
      { key: "x_crmesh_score", value: "7.5" },
    ];
    const id = await contacts.create(writer.context, { fullName: "Ann", customFields });
    expect(await nativeRecord("res.partner", id)).toMatchObject({
      x_crmesh_note: "2026-01-01T00:00:00Z",
      x_crmesh_score: 7.5,
    });
    const wrong = [{ key: "x_crmesh_score", value: "many" }];
    const error = await failure(contacts.update(writer.context, id, { customFields: wrong }));
    expect(Object.keys(error.details.errors!)).toEqual(["input.customFields.x_crmesh_score"]);
  });

  test("edges of many contacts take two calls, the second one for contacts that no meeting lists", async () => {
    const connection = await connect("pristine");
    const ids = (await contacts.list(connection.context, query({ limit: 100 }))).records.map(
      ({ nativeId }) => nativeId,
    );
    connection.calls.length = 0;
    const found = await contacts.edges.meetings!.load(connection.context, [...ids, "nobody"]);
    expect(connection.calls).toHaveLength(2);
    expect(found.size).toBeGreaterThan(10);
    for (const [id, { ids: events }] of found) {
      const domain = [["partner_ids", "in", [Number(id)]]];
      const theirs = await native<number[]>("pristine", "calendar.event", "search", [domain], { order: "id" });
      expect(events).toEqual(theirs.map(String));
    }
  });
});

describe("leads", () => {
  test("a lead that is lost or converted is still read", async () => {
    const id = await leads.create(writer.context, { subject: "Lost cause", contactId: "11" });
    expect((await nativeRecord("crm.lead", id))["type"]).toBe("lead");
    await leads.update(writer.context, id, { status: "UNQUALIFIED" });
    expect(await nativeRecord("crm.lead", id)).toMatchObject({ active: false, probability: 0 });
    expect((await readLead(id, "status", "isConverted")).fields).toEqual({ status: "UNQUALIFIED", isConverted: false });
    await leads.update(writer.context, id, { status: "QUALIFIED" });
    expect((await readLead(id, "status", "rawStatus")).fields).toEqual({ status: "QUALIFIED", rawStatus: "Qualified" });

    await native("written", "crm.lead", "convert_opportunity", [[Number(id)], 11]);
    const { fields, links } = await readLead(id, "status", "isConverted", "convertedAt", "contact", "convertedContact");
    expect(fields).toMatchObject({ status: "CONVERTED", isConverted: true, convertedAt: expect.stringMatching(/Z$/) });
    expect(links).toEqual({ contact: ["11"], convertedContact: ["11"] });
    expect(await idsOf(leads, { name: "Lost cause" })).toEqual([]);
    expect(await idsOf(leads, { name: "Lost cause", status: "CONVERTED" })).toEqual([id]);
    expect((await contacts.edges.leads!.load(writer.context, ["11", "12"])).get("11")!.ids).toContain(id);
  });

  test("opportunities that never were leads are none", async () => {
    const values = { name: "Direct deal", type: "opportunity", partner_id: 14 };
    const id = String(await native<number>("written", "crm.lead", "create", [values]));
    expect(await idsOf(leads, { status: "CONVERTED", name: "Direct deal" })).toEqual([]);
    expect((await contacts.edges.leads!.load(writer.context, ["14"])).get("14")?.ids ?? []).not.toContain(id);
  });

  test("stages are written by name, and the error for an unknown name lists the existing stages", async () => {
    const id = await leads.create(writer.context, { subject: "Staged", rawStatus: "proposition" });
    expect((await readLead(id, "status", "rawStatus")).fields).toEqual({ status: "WORKING", rawStatus: "Proposition" });
    const error = await failure(leads.update(writer.context, id, { rawStatus: "Nirvana" }));
    expect(error.details.errors!["input.rawStatus"]).toContain("New, Qualified, Proposition, Won");
  });

  test.each([
    ["HOT", "3"],
    ["WARM", "2"],
    ["COLD", "1"],
    [null, "0"],
  ] as const)("the rating %s is priority %s", async (rating, priority) => {
    const id = await leads.create(writer.context, { subject: "Rated", rating: "HOT" });
    await leads.update(writer.context, id, { rating });
    expect((await nativeRecord("crm.lead", id))["priority"]).toBe(priority);
    expect((await readLead(id, "rating")).fields).toEqual({ rating });
  });

  test("a value is in the currency of the company, and in no other", async () => {
    const id = await leads.create(writer.context, { subject: "Paid", value: { amount: "1234.56", currency: "USD" } });
    expect((await readLead(id, "value")).fields.value).toEqual({ amount: "1234.56", currency: "USD" });
    const euros = { value: { amount: "1", currency: "EUR" } };
    for (const run of [
      () => leads.create(writer.context, { subject: "Paid", ...euros }),
      () => leads.update(writer.context, id, euros),
    ]) {
      const error = await failure(run());
      expect(error.details.errors).toEqual({
        "input.value.currency": "Odoo stores this value in USD. Give the amount in this currency.",
      });
    }
  });

  test("a source is found by its name", async () => {
    const id = await leads.create(writer.context, { subject: "Sourced", source: "trade show" });
    expect((await readLead(id, "source")).fields.source).toBe("Trade Show");
    const error = await failure(leads.update(writer.context, id, { source: "Moon" }));
    expect(Object.keys(error.details.errors!)).toEqual(["input.source"]);
  });
});

describe("meetings", () => {
  const times = ["startAt", "endAt", "isAllDay"];

  test.each([
    ["one day", "2026-03-29", "2026-03-30", "2026-03-29", "2026-03-29"],
    ["three days", "2026-06-29", "2026-07-02", "2026-06-29", "2026-07-01"],
    ["New Year", "2026-12-31", "2027-01-02", "2026-12-31", "2027-01-01"],
  ])("all day, %s: dates are inclusive in Odoo and shift in no time zone", async (_kind, from, to, first, last) => {
    const [startAt, endAt] = [new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`)];
    const id = await meetings.create(writer.context, { title: "Offsite", startAt, endAt, isAllDay: true });
    expect(await nativeRecord("calendar.event", id)).toMatchObject({
      allday: true,
      start_date: first,
      stop_date: last,
    });
    expect((await readMeeting(id, ...times)).fields).toEqual({
      startAt: `${from}T00:00:00.000Z`,
      endAt: `${to}T00:00:00.000Z`,
      isAllDay: true,
    });
    await meetings.update(writer.context, id, { isAllDay: false });
    expect(await nativeRecord("calendar.event", id)).toMatchObject({
      allday: false,
      start: `${from} 00:00:00`,
      stop: `${to} 00:00:00`,
      start_date: false,
    });
    await meetings.update(writer.context, id, { isAllDay: true });
    expect(await nativeRecord("calendar.event", id)).toMatchObject({
      allday: true,
      start_date: first,
      stop_date: last,
    });
  });

  test("an all-day meeting without an end is one day; any other needs its end", async () => {
    const startAt = new Date("2026-08-01T00:00:00Z");
    const id = await meetings.create(writer.context, { title: "Day", startAt, isAllDay: true });
    expect((await readMeeting(id, "endAt")).fields.endAt).toBe("2026-08-02T00:00:00.000Z");
    const missing = await failure(meetings.create(writer.context, { title: "Open", startAt, isAllDay: false }));
    expect([missing.code, Object.keys(missing.details.errors!)]).toEqual(["MISSING_REQUIRED", ["input.endAt"]]);
    const timed = await meetings.create(writer.context, { title: "Timed", ...EVENT });
    const cleared = await failure(meetings.update(writer.context, timed, { endAt: null }));
    expect([cleared.code, Object.keys(cleared.details.errors!)]).toEqual(["MISSING_REQUIRED", ["input.endAt"]]);
  });

  test("a start that moves leaves the end, though Odoo would move it along", async () => {
    const id = await meetings.create(writer.context, { title: "Moved", ...EVENT });
    await meetings.update(writer.context, id, { startAt: new Date("2026-06-10T08:15:00Z") });
    expect(await nativeRecord("calendar.event", id)).toMatchObject({
      start: "2026-06-10 08:15:00",
      stop: "2026-06-10 09:30:00",
    });
    const error = await failure(meetings.update(writer.context, id, { startAt: new Date("2026-06-10T10:00:00Z") }));
    expect(error.code).toBe("INVALID_DATE_RANGE");
  });

  test("contacts and lead are linked, replaced and unlinked", async () => {
    const lead = await leads.create(writer.context, { subject: "Met" });
    const input = { title: "Linked", ...EVENT, contactIds: ["11", "12"], leadIds: [lead] };
    const id = await meetings.create(writer.context, input);
    expect((await readMeeting(id, "contacts", "leads")).links).toEqual({ contacts: ["11", "12"], leads: [lead] });
    await meetings.update(writer.context, id, { contactIds: ["12", "13"], leadIds: null });
    const { links, fields } = await readMeeting(id, "contacts", "leads", "attendees");
    expect(links).toEqual({ contacts: ["12", "13"], leads: [] });
    expect(fields.attendees!.map(({ contactId }) => contactId)).toEqual(["12", "13"]);
  });

  test("a lead that a meeting was made from can be unlinked, a document of another kind stays", async () => {
    const modelId = async (model: string) =>
      (await native<number[]>("written", "ir.model", "search", [[["model", "=", model]]]))[0]!;
    const made = async (model: string, res_id: number) => {
      const document = { res_model_id: await modelId(model), res_id };
      const values = { name: "Made", start: "2026-06-10 09:00:00", stop: "2026-06-10 10:00:00", ...document };
      return String(await native<number>("written", "calendar.event", "create", [values]));
    };
    const ofLead = await made("crm.lead", 5);
    expect((await readMeeting(ofLead, "leads")).links).toEqual({ leads: ["5"] });
    await meetings.update(writer.context, ofLead, { leadIds: [] });
    expect((await readMeeting(ofLead, "leads")).links).toEqual({ leads: [] });
    const ofPartner = await made("res.partner", 12);
    expect((await readMeeting(ofPartner, "leads")).links).toEqual({ leads: [] });
    await meetings.update(writer.context, ofPartner, { leadIds: [] });
    expect(await nativeRecord("calendar.event", ofPartner)).toMatchObject({ res_model: "res.partner", res_id: 12 });
  });

  test("several leads are more than a meeting has", async () => {
    const error = await failure(meetings.create(writer.context, { title: "Two", ...EVENT, leadIds: ["1", "2"] }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.leadIds.1"]]);
  });
});

describe("refusals", () => {
  test.each([
    ["contactIds", { contactIds: ["11", "424242"] }],
    ["leadIds", { leadIds: ["424242"] }],
    ["ownerId", { ownerId: "424242" }],
  ])("%s of a record that does not exist is named, and nothing is written", async (name, reference) => {
    const before = await native<number>("written", "calendar.event", "search_count", [[]]);
    const creating = await failure(meetings.create(writer.context, { title: "Broken", ...EVENT, ...reference }));
    expect([creating.code, Object.keys(creating.details.errors!)]).toEqual(["INVALID_INPUT", [`input.${name}`]]);
    const updating = await failure(meetings.update(writer.context, "1", reference));
    expect([updating.code, Object.keys(updating.details.errors!)]).toEqual(["INVALID_INPUT", [`input.${name}`]]);
    expect(await native<number>("written", "calendar.event", "search_count", [[]])).toBe(before);
  });

  test.each(["999999", "abc", "99999999999999999999"])(
    "the record %s can be neither updated nor deleted",
    async (id) => {
      for (const run of [
        () => contacts.update(writer.context, id, { fullName: "Ann" }),
        () => contacts.delete!(writer.context, id),
      ]) {
        expect((await failure(run())).code).toBe("CONTACT_NOT_FOUND");
      }
      expect((await failure(leads.update(writer.context, id, { title: "CEO" }))).code).toBe("LEAD_NOT_FOUND");
      expect((await failure(meetings.update(writer.context, id, { isAllDay: true }))).code).toBe("MEETING_NOT_FOUND");
    },
  );

  test("Odoo's words for its users are passed on, its traceback is not", async () => {
    const args = [[6], ["partner_id"]];
    const [partner] = await native<{ partner_id: number[] }[]>("written", "res.users", "read", args);
    const error = await failure(contacts.delete!(writer.context, String(partner!.partner_id[0])));
    expect(error.code).toBe("INVALID_INPUT");
    expect(error.details.detail).toMatch(/^Odoo: You cannot delete contacts linked to an active user\./);
    expect(error.details.detail!.length).toBeLessThanOrEqual(300);
    expect(inspect(error, { depth: 10 })).not.toMatch(/File "\/|Traceback|debug/);
  });
});

describe("answers of a server", () => {
  const answer = (over: Partial<UpstreamResponse>): UpstreamResponse => ({
    status: 200,
    headers: {},
    body: new AnswerBody("<html>"),
    isJson: false,
    ...over,
  });
  const fault = (name: string, message: string) =>
    answer({
      isJson: true,
      body: new AnswerBody({
        jsonrpc: "2.0",
        error: { code: 200, data: { name, message, debug: "Traceback", arguments: ["x"] } },
      }),
    });

  test.each([
    ["throttling", answer({ status: 429 }), "PROVIDER_RATE_LIMITED", { retryAfter: 5 }],
    [
      "throttling with a time",
      answer({ status: 429, headers: { "retry-after": "17" } }),
      "PROVIDER_RATE_LIMITED",
      { retryAfter: 17 },
    ],
    ["a broken gateway", answer({ status: 502 }), "PROVIDER_UNAVAILABLE", {}],
    [
      "an outage with a time",
      answer({ status: 503, headers: { "retry-after": "3" } }),
      "PROVIDER_UNAVAILABLE",
      { retryAfter: 3 },
    ],
    ["a slow gateway", answer({ status: 504 }), "PROVIDER_UNAVAILABLE", {}],
    ["an error page", answer({ status: 500 }), "PROVIDER_ERROR", { upstream: { status: 500 } }],
    ["a proxy that refuses", answer({ status: 403 }), "PROVIDER_AUTH_FAILED", {}],
    ["a redirect", answer({ status: 303 }), "PROVIDER_ERROR", {}],
    ["a page instead of an answer", answer({}), "PROVIDER_ERROR", { upstream: { status: 200 } }],
    [
      "a wrong value",
      fault("builtins.ValueError", "bad"),
      "PROVIDER_ERROR",
      { upstream: { status: 200, code: "builtins.ValueError" } },
    ],
    [
      "a missing permission",
      fault("odoo.exceptions.AccessError", "no"),
      "PROVIDER_AUTH_FAILED",
      { detail: "The Odoo user lacks a permission." },
    ],
    [
      "an app that is not installed",
      fault("odoo.exceptions.UserError", "Object crm.lead doesn't exist"),
      "UNSUPPORTED_RESOURCE",
      {},
    ],
    ["a long complaint", fault("odoo.exceptions.UserError", "x".repeat(1000)), "INVALID_INPUT", { errors: {} }],
    [
      "a missing value",
      fault("odoo.exceptions.ValidationError", "- Create/update: a field is not set.\nField: Subject (name)\n"),
      "INVALID_INPUT",
      { errors: { name: "Odoo needs a value here." } },
    ],
  ])("%s is understood", (_what, response, code, details) => {
    const error = odoo.traits.classify(response)!;
    expect(error.code).toBe(code);
    expect(error.details).toMatchObject(details);
    expect(error.credentialRefused).toBe(false);
    // At most 300 characters of Odoo's, and the words before them.
    expect((error.details.detail ?? "").length).toBeLessThanOrEqual(320);
    expect(inspect(error.details)).not.toMatch(/Traceback|<html>/);
  });

  test("a traceback inside a message stays inside", () => {
    const error = odoo.traits.classify(
      fault("odoo.exceptions.UserError", 'Oops\nTraceback (most recent call last):\n  File "/opt/x.py"'),
    )!;
    expect(error.code).toBe("INVALID_INPUT");
    expect(error.details.detail).toBeUndefined();
  });

  test.each([
    ["PROVIDER_ERROR", "PROVIDER_ERROR"],
    ["PROVIDER_RATE_LIMITED", "PROVIDER_RATE_LIMITED"],
    ["PROVIDER_UNAVAILABLE", "PROVIDER_UNAVAILABLE"],
    ["PROVIDER_AUTH_FAILED", "PROVIDER_AUTH_FAILED"],
    ["NEEDS_REAUTH", "NEEDS_REAUTH"],
  ] as const)("the fault %s is told apart in reads and writes, and leaks nothing", async (injected, code) => {
    const operations: ((context: ProviderContext) => Promise<unknown>)[] = [
      (context) => contacts.list(context, query({ select: new Set(["tags"]) })),
      (context) => leads.get(context, ["1"], new Set(["phones"])),
      (context) => meetings.create(context, { title: "Demo", ...EVENT }),
      (context) => contacts.update(context, "11", { fullName: "Ann", addresses: [{ country: "DE" }] }),
      (context) => contacts.delete!(context, "11"),
      (context) => contacts.edges.meetings!.load(context, ["11"]),
      (context) => odoo.owners.load(context, ["6"]),
    ];
    for (const run of operations) {
      // A separate circuit, because this test is not about circuits.
      const { context } = await connect("faulty", { fault: injected });
      const error = await failure(run(context));
      expect([error.code, error.details.provider]).toEqual([code, "odoo"]);
      expect(inspect(error, { depth: 10 })).not.toMatch(/Traceback|File "\/|<html|odoo-sandbox-faulty/);
    }
  });

  test("a create without an answer is sent once, and its error says that it may have happened", async () => {
    const { context } = await connect("silent", { fault: "TIMEOUT" });
    const created = () => native<number>("silent", "calendar.event", "search_count", [[["name", "=", "Unheard"]]]);
    const error = await passTimeouts(REQUEST_TIMEOUT_MS, async (pass) => {
      const failed = failure(meetings.create(context, { title: "Unheard", ...EVENT }));
      await eventually(async () => (await created()) > 0 || undefined);
      pass();
      return failed;
    });
    expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", "UNKNOWN"]);
    expect(await created()).toBe(1);
  });
});

test("a lead does not take a number that may not be the one of its contact, which the user may not see", async () => {
  const { context } = await connect("narrow");
  const contactId = await contacts.create(context, { fullName: "Hidden Number" });
  const id = await leads.create(context, { subject: "Without a number", contactId });
  expect((await leads.get(context, [id], new Set(["contact"]))).get(id)!.links["contact"]).toEqual([contactId]);
  const phones = [{ number: "+49 30 1" }];
  const named = async (run: () => Promise<unknown>) =>
    Object.keys(((await run().catch((error: unknown) => error)) as CrmError).details.errors!);
  expect(await named(() => leads.create(context, { subject: "With one", contactId, phones }))).toEqual([
    "input.phones",
  ]);
  const own = await leads.create(context, { subject: "With its own", phones });
  expect(await named(() => leads.update(context, own, { contactId }))).toEqual(["input.contactId"]);
});

describe("databases that lack fields", () => {
  let stub: http.Server;
  let asked: { method: string; args: unknown[]; kwargs: Record<string, unknown> }[];
  let connections: CrmConnections;
  let connection: CrmConnection;

  /** An Odoo without mobile numbers. */
  beforeAll(async () => {
    asked = [];
    stub = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { params } = JSON.parse(Buffer.concat(chunks).toString()) as { params: { args: unknown[] } };
        const [, , , , method, args, kwargs] = params.args as [
          unknown,
          unknown,
          unknown,
          unknown,
          string,
          unknown[],
          never,
        ];
        asked.push({ method, args, kwargs });
        const fields = { name: { type: "char", string: "Name" }, phone: { type: "char", string: "Phone" } };
        const result = method === "fields_get" ? fields : method === "create" ? 5 : [{ id: 5, phone: "+1 1" }];
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));
      });
    });
    await new Promise<void>((resolve) => stub.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(stub.address() as AddressInfo).port}`;
    const credentials = { url: origin, database: "d", login: "l", apiKey: "k", uid: "2" };
    connections = new CrmConnections({ provider: odoo, origin });
    connection = connections.connect(credentials);
  });

  afterAll(async () => {
    await connections.close();
    await new Promise((resolve) => stub.close(resolve));
  });

  test("are asked for none of them, and told so once", async () => {
    const found = await contacts.get(connection.context, ["5"], new Set(["phones"]));
    expect(found.get("5")!.fields.phones).toEqual([{ number: "+1 1", type: "WORK", rawType: null, isPrimary: true }]);
    const filter = { phone: "+1 1" };
    await contacts.list(connection.context, query<"contact">({ filter, select: new Set(["phones"]) }));
    expect(asked.map(({ method }) => method)).toEqual(["fields_get", "search_read", "search_read"]);
    expect(asked[1]!.kwargs["fields"]).toEqual(["id", "phone"]);
    expect(JSON.stringify(asked[2]!.kwargs["domain"])).not.toContain("mobile");
  });

  test("take a phone number, but no mobile one", async () => {
    asked.length = 0;
    await contacts.create(connection.context, { fullName: "Ann", phones: [{ number: "+1 1" }] });
    expect(asked.map(({ args }) => args)).toEqual([[{ name: "Ann", phone: "+1 1" }]]);
    const phones = [{ number: "+1 2", type: "MOBILE" as const }];
    const error = await failure(contacts.create(connection.context, { fullName: "Ann", phones }));
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.phones"]]);
  });
});
