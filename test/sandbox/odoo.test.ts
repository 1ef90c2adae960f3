import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { odooSandbox } from "../../src/sandbox/crms/odoo/index.js";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";

interface Answer {
  jsonrpc: string;
  id: unknown;
  result?: unknown;
  error?: {
    code: number;
    message: string;
    data: { name: string; message: string; arguments: string[]; context: object; debug: string };
  };
}

type Rec = Record<string, unknown> & { id: number };

/** Every test that writes has its own account, so that no test depends on another. */
const NOW = Date.UTC(2026, 10, 1, 12, 0, 0);
let server: SandboxServer;
let clock = NOW;

beforeAll(async () => {
  server = await startSandboxServer(odooSandbox, { now: () => clock });
});
afterAll(() => server.close());

async function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  const type = { "content-type": "application/json" };
  return fetch(`${server.origin}/jsonrpc`, { method: "POST", headers: { ...type, ...headers }, body });
}

async function rpc(service: string, method: string, args: unknown[], headers = {}): Promise<Answer> {
  const body = { jsonrpc: "2.0", method: "call", params: { service, method, args }, id: 7 };
  const response = await post(JSON.stringify(body), headers);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

/** One database, used by its administrator. */
function odoo(db: string) {
  const key = `odoo-sandbox-${db}`;
  const ask = (model: string, method: string, args: unknown[], kw: object = {}, headers = {}) =>
    rpc("object", "execute_kw", [db, 2, key, model, method, args, kw], headers);
  async function call<Result>(model: string, method: string, args: unknown[], kw: object = {}): Promise<Result> {
    const answer = await ask(model, method, args, kw);
    if (answer.error) throw new Error(`${answer.error.data.name}: ${answer.error.data.message}`);
    return answer.result as Result;
  }
  const one = async (model: string, id: number, fields: string[] = []) => {
    const [record] = await call<Rec[]>(model, "read", [[id]], { fields });
    if (record === undefined) throw new Error(`${model} ${id} is not there`);
    return record;
  };
  const create = (model: string, values: object) => call<number>(model, "create", [values]);
  const search = (model: string, domain: unknown[], kw: object = {}) => call<number[]>(model, "search", [domain], kw);
  const refusal = async (model: string, method: string, args: unknown[], kw: object = {}) => {
    const { error, result } = await ask(model, method, args, kw);
    if (error === undefined) throw new Error(`not refused: ${JSON.stringify(result)}`);
    return error.data;
  };
  return { ask, call, one, create, search, refusal };
}

describe("logging in", () => {
  test("the credentials that the sandbox hands out open the account", async () => {
    const { url, database, login, apiKey } = odooSandbox.credentials("demo", server.origin, NOW);
    expect(url).toBe(server.origin);
    const { result } = await rpc("common", "authenticate", [database, login, apiKey, {}]);
    expect(result).toBe(2);
    const rows = await rpc("object", "execute_kw", [
      database,
      result,
      apiKey,
      "res.users",
      "read",
      [[2]],
      { fields: ["login"] },
    ]);
    expect(rows.result).toEqual([{ id: 2, login: "admin@demo.example" }]);
  });

  test("the version needs no login", async () => {
    expect((await rpc("common", "version", [])).result).toMatchObject({ server_serie: "17.0", protocol_version: 1 });
  });

  test("a wrong password or login is no error, but false", async () => {
    expect(await rpc("common", "authenticate", ["demo", "admin@demo.example", "wrong", {}])).toEqual({
      jsonrpc: "2.0",
      id: 7,
      result: false,
    });
    expect((await rpc("common", "authenticate", ["demo", "nobody", "odoo-sandbox-demo", {}])).result).toBe(false);
  });

  test.each([
    ["a wrong key", [2, "wrong"]],
    ["another account's key", [2, "odoo-sandbox-other"]],
    ["an unknown user", [77, "odoo-sandbox-demo"]],
    ["the false of a failed login", [false, "odoo-sandbox-demo"]],
  ])("%s on a call is AccessDenied", async (_what, [uid, key]) => {
    const { error } = await rpc("object", "execute_kw", ["demo", uid, key, "res.partner", "search", [[]], {}]);
    expect(error?.data.name).toBe("odoo.exceptions.AccessDenied");
  });

  test("a name that can be no database has none", async () => {
    const { error } = await rpc("common", "authenticate", ["../etc", "admin", "x", {}]);
    expect(error?.data.name).toBe("psycopg2.OperationalError");
  });
});

describe("the envelope", () => {
  test("an error has the recorded shape, traceback and all, inside a 200", async () => {
    const { error, id, result } = await odoo("demo").ask("res.partner", "search", [[["nope", "=", 1]]]);
    expect(id).toBe(7);
    expect(result).toBeUndefined();
    expect(error).toMatchObject({
      code: 200,
      message: "Odoo Server Error",
      data: { name: "builtins.ValueError", context: {} },
    });
    expect(error?.data.arguments).toEqual([error?.data.message]);
    expect(error?.data.debug).toMatch(/^Traceback \(most recent call last\):[^]*ValueError: Invalid field/);
  });

  test("malformed JSON is a 400 page", async () => {
    const response = await post('{"jsonrpc": "2.0", ');
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(await response.text()).toContain("400 Bad Request");
  });

  test("a body that is not JSON, a list, and another path are pages too", async () => {
    expect((await post("a=b", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(400);
    expect((await post("[]")).status).toBe(400);
    const lost = await fetch(`${server.origin}/json/2/res.partner/search`, { method: "POST" });
    expect([lost.status, lost.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
  });

  test("unknown models, methods, services and arguments", async () => {
    const { refusal } = odoo("demo");
    expect((await refusal("res.partner", "explode", [[1]])).name).toBe("builtins.AttributeError");
    expect((await refusal("no.such.model", "search", [[]])).message).toBe("Object no.such.model doesn't exist");
    expect((await refusal("res.partner", "_write", [[1], {}])).name).toBe("odoo.exceptions.AccessError");
    expect((await refusal("res.partner", "search_read", [[]], { fileds: [] })).name).toBe("builtins.TypeError");
    expect((await refusal("res.partner", "search", [])).name).toBe("builtins.TypeError");
    expect((await rpc("db", "list", [])).error?.data.name).toBe("builtins.KeyError");
    expect((await refusal("res.partner", "constructor", [[1]])).name).toBe("builtins.AttributeError");
  });

  test("execute takes the same call without the lists", async () => {
    const answer = await rpc("object", "execute", [
      "demo",
      2,
      "odoo-sandbox-demo",
      "res.partner",
      "read",
      [1],
      ["name"],
    ]);
    expect(answer.result).toEqual([{ id: 1, name: "Acme GmbH" }]);
  });
});

describe("listing", () => {
  const seed = seedAccount("demo");

  test("pages of partners reach every person, company and user once", async () => {
    const { call } = odoo("demo");
    const seen: Rec[] = [];
    for (let page: Rec[] = [], offset = 0; offset === 0 || page.length > 0; offset += 200) {
      page = await call("res.partner", "search_read", [[], ["name", "email", "is_company"]], {
        offset,
        limit: 200,
        order: "id",
      });
      seen.push(...page);
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.length).toBe(await call("res.partner", "search_count", [[]]));
    const people = seen.slice(10, 10 + seed.people.length);
    expect(people.map(({ email }) => email)).toEqual(seed.people.map((person) => person.emails[0] ?? false));
    expect(seen.slice(0, 10).every((company) => company["is_company"] === true)).toBe(true);
    expect(seen.slice(10 + seed.people.length).map(({ name }) => name)).toEqual([
      // Addresses of a company for invoices and deliveries, which have no names.
      false,
      false,
      "Administrator",
      "Olivia Owner",
      "Peter Pan",
      "Renée Zellweger",
      "Sam Sales",
    ]);
  });

  test("a person reads as in Odoo: false if empty, pairs, no fractions of a second", async () => {
    const { one } = odoo("demo");
    const index = seed.people.findIndex(
      (each) => each.state === "Bavaria" && each.owner === 1 && each.lastName === null,
    );
    const person = seed.people[index]!;
    const partner = await one("res.partner", 11 + index);
    expect(partner).toMatchObject({
      name: person.firstName,
      street2: false,
      parent_id: [expect.any(Number), person.company],
      commercial_company_name: person.company,
      user_id: [7, "Peter Pan"],
      country_id: [expect.any(Number), "Germany"],
      state_id: [expect.any(Number), "Bavaria (DE)"],
      create_date: new Date(person.createdAt).toISOString().slice(0, 19).replace("T", " "),
      x_crmesh_note: false,
    });
    const bare = await odoo("demo").call<Rec[]>("res.partner", "read", [[11 + index], ["parent_id"]], { load: false });
    expect(bare[0]?.["parent_id"]).toEqual(expect.any(Number));
  });

  test("several order terms, with empty values first when descending", async () => {
    const { call } = odoo("demo");
    const rows = await call<Rec[]>("crm.lead", "search_read", [[]], {
      fields: ["priority"],
      order: "priority desc, id asc",
    });
    const sorted = rows.toSorted((a, b) => Number(b["priority"]) - Number(a["priority"]) || a.id - b.id);
    expect(rows).toEqual(sorted);
    expect(new Set(rows.map((row) => row["priority"])).size).toBe(4);
    const emails = await call<Rec[]>("res.partner", "search_read", [[]], {
      fields: ["email"],
      order: "email desc",
      limit: 1,
    });
    expect(emails[0]?.["email"]).toBe(false);
  });

  test("a bad order or domain is refused, never ignored", async () => {
    const { refusal } = odoo("demo");
    const named = async (domain: unknown, kw = {}) => (await refusal("res.partner", "search", [domain], kw)).name;
    expect(await named([], { order: "name; drop table res_partner" })).toBe("odoo.exceptions.UserError");
    expect(await named([], { order: "nope desc" })).toBe("builtins.ValueError");
    expect(await named([["name", "equals", "x"]])).toBe("builtins.ValueError");
    expect(await named([["name", "="]])).toBe("builtins.ValueError");
    expect(await named(["|", ["name", "=", "x"]])).toBe("builtins.ValueError");
    expect(await named([["email.name", "=", "x"]])).toBe("builtins.ValueError");
    expect(await named([["write_date", ">", "yesterday"]])).toBe("psycopg2.errors.InvalidDatetimeFormat");
    expect(await named("name = 1")).toBe("builtins.AssertionError");
  });

  test("a read omits deleted records, and refuses unknown fields", async () => {
    const { call, refusal } = odoo("demo");
    expect(await call("res.partner", "read", [[999_999]])).toEqual([]);
    expect(await call("res.partner", "read", [[11, 999_999], ["id"]])).toEqual([{ id: 11 }]);
    expect(await refusal("res.partner", "read", [[11], ["nope"]])).toMatchObject({
      name: "builtins.ValueError",
      message: "Invalid field 'nope' on model 'res.partner'",
    });
  });

  test("lost leads are hidden until the domain or the context asks for them", async () => {
    const { call } = odoo("demo");
    const lost = seed.leads.filter((lead) => lead.status === "unqualified").length;
    const count = (domain: unknown[], kw = {}) => call<number>("crm.lead", "search_count", [domain], kw);
    expect(lost).toBeGreaterThan(0);
    expect(await count([])).toBe(seed.leads.length - lost);
    expect(await count([["active", "in", [true, false]]])).toBe(seed.leads.length);
    expect(await count([], { context: { active_test: false } })).toBe(seed.leads.length);
    expect(await count([["type", "=", "lead"]])).toBe(
      seed.leads.filter(({ status }) => status !== "converted" && status !== "unqualified").length,
    );
  });

  test("meetings of a person, an address and a lead", async () => {
    const { search } = odoo("demo");
    const index = seed.meetings.findIndex((meeting) => meeting.people.includes(8));
    const email = seed.people[8]!.emails[0]!;
    expect(await search("calendar.event", [["partner_ids", "in", [19]]])).toEqual([index + 1]);
    expect(await search("calendar.event", [["partner_ids.email", "=", email]])).toEqual([index + 1]);
    const [withLead] = await search("calendar.event", [["opportunity_id", "!=", false]], { limit: 1, order: "id" });
    const event = await odoo("demo").one("calendar.event", withLead!);
    expect(event).toMatchObject({ res_model: "crm.lead", opportunity_id: [event["res_id"], expect.any(String)] });
  });
});

describe("domains", () => {
  const { create, search } = odoo("domains");
  const ids: Record<string, number> = {};
  const inTest: unknown[] = ["function", "=", "domain test"];
  const names = async (...domain: unknown[]) => {
    const found = new Set(await search("res.partner", ["&", inTest, ...domain]));
    return Object.keys(ids).filter((name) => found.has(ids[name]!));
  };

  beforeAll(async () => {
    const firm = await create("res.partner", { name: "Firm", is_company: true, email: "firm@example.com" });
    for (const values of [
      { name: "100% sure", email: "A_1@example.com", parent_id: firm },
      { name: "100 sure", email: "AB1@example.com", phone: "1" },
      { name: "ÜNAL back\\slash", phone: "2" },
    ]) {
      ids[values.name] = await create("res.partner", { ...values, function: "domain test" });
    }
  });

  test.each<[string, unknown[], string[]]>([
    ["like escapes %", [["name", "like", "100\\%"]], ["100% sure"]],
    ["like takes % as any text", [["name", "like", "1%sure"]], ["100% sure", "100 sure"]],
    ["=like takes _ as one character", [["email", "=like", "A_1@%"]], ["100% sure", "100 sure"]],
    ["=like escapes _", [["email", "=like", "A\\_1@%"]], ["100% sure"]],
    ["=like is anchored", [["name", "=like", "sure"]], []],
    ["like escapes a backslash", [["name", "like", "back\\\\slash"]], ["ÜNAL back\\slash"]],
    ["ilike ignores case", [["name", "ilike", "ünal"]], ["ÜNAL back\\slash"]],
    ["like does not", [["name", "like", "ünal"]], []],
    ["=ilike", [["email", "=ilike", "ab1@EXAMPLE.com"]], ["100 sure"]],
    ["not ilike keeps empty values", [["email", "not ilike", "ab1"]], ["100% sure", "ÜNAL back\\slash"]],
    ["!= keeps empty values", [["email", "!=", "AB1@example.com"]], ["100% sure", "ÜNAL back\\slash"]],
    ["= false is empty", [["email", "=", false]], ["ÜNAL back\\slash"]],
    ["!= false is not empty", [["phone", "!=", false]], ["100 sure", "ÜNAL back\\slash"]],
    ["in with false", [["phone", "in", ["1", false]]], ["100% sure", "100 sure"]],
    ["not in keeps empty values", [["phone", "not in", ["1"]]], ["100% sure", "ÜNAL back\\slash"]],
    ["in nothing", [["phone", "in", []]], []],
    ["> leaves empty values out", [["phone", ">", "1"]], ["ÜNAL back\\slash"]],
    ["| takes two terms", ["|", ["phone", "=", "1"], ["phone", "=", "2"]], ["100 sure", "ÜNAL back\\slash"]],
    ["! takes one term", ["!", ["phone", "=", "1"]], ["100% sure", "ÜNAL back\\slash"]],
    ["! of an or", ["!", "|", ["phone", "=", "1"], ["phone", "=", "2"]], ["100% sure"]],
    ["! of > leaves empty values out, as SQL does", ["!", ["phone", ">", "1"]], ["100 sure"]],
    ["a path through a many2one", [["parent_id.email", "=", "firm@example.com"]], ["100% sure"]],
    ["a many2one by name", [["parent_id", "ilike", "fir"]], ["100% sure"]],
    ["a many2one that is empty", [["parent_id", "=", false]], ["100 sure", "ÜNAL back\\slash"]],
    ["text that looks like code", [["name", "=", "' OR 1=1 --"]], []],
  ])("%s", async (_what, domain, expected) => {
    expect(await names(...domain)).toEqual(expected);
  });

  test("the terms that no operator joins are joined by and", async () => {
    expect(await search("res.partner", [inTest, ["phone", "!=", false], ["email", "!=", false]])).toEqual([
      ids["100 sure"],
    ]);
  });
});

describe("stored date-times have microseconds", () => {
  test("so that the seconds read back are before the record, and a bound by them repeats it", async () => {
    const { create, one, search } = odoo("micros");
    const id = await create("res.partner", { name: "Ann" });
    const { write_date } = await one("res.partner", id, ["write_date"]);
    expect(write_date).toBe("2026-11-01 12:00:00");
    const found = (operator: string, value: unknown) =>
      search("res.partner", [
        ["write_date", operator, value],
        ["id", "=", id],
      ]);
    expect(await found(">", write_date)).toEqual([id]);
    expect(await found("=", write_date)).toEqual([]);
    expect(await found("<=", write_date)).toEqual([]);
    expect(await found("<=", "2026-11-01")).toEqual([id]);
  });

  test("records of one second are ordered by their hidden microseconds", async () => {
    const { call, create, search } = odoo("micros");
    const first = await create("res.partner", { name: "Same second 1" });
    const second = await create("res.partner", { name: "Same second 2" });
    await call("res.partner", "write", [[first], { phone: "1" }]);
    const domain = [["name", "like", "Same second"]];
    expect(await search("res.partner", domain, { order: "create_date" })).toEqual([first, second]);
    expect(await search("res.partner", domain, { order: "write_date" })).toEqual([second, first]);
  });
});

describe("partners", () => {
  const { call, create, one, refusal } = odoo("partners");

  test("every field written reads back", async () => {
    const [country] = await call<number[]>("res.country", "search", [[["code", "=", "US"]]]);
    const [state] = await call<number[]>("res.country.state", "search", [
      [
        ["code", "=", "MA"],
        ["country_id", "=", country],
      ],
    ]);
    const tag = await create("res.partner.category", { name: "VIP" });
    const written = {
      email: "ann@example.com",
      phone: "+1 617 555 0100",
      mobile: "+49 151 5550100",
      function: "CEO",
      street: "1 Main St",
      street2: "Floor 2",
      city: "Boston",
      zip: "02108",
      lang: "de_DE",
      tz: "America/St_Johns",
      type: "other",
      x_crmesh_note: "a note",
      x_crmesh_score: 4.5,
      is_company: false,
      company_name: "Freelance Inc",
    };
    const links = { country_id: country, state_id: state, user_id: 2, category_id: [[6, 0, [tag]]] };
    const id = await create("res.partner", {
      ...written,
      ...links,
      name: "Ann 🦊 O'Brien",
      website: "example.com",
      comment: "5 < 6 & so",
    });
    expect(await one("res.partner", id)).toMatchObject({
      ...written,
      id,
      name: "Ann 🦊 O'Brien",
      display_name: "Freelance Inc, Ann 🦊 O'Brien",
      country_id: [country, "United States"],
      state_id: [state, "Massachusetts (US)"],
      user_id: [2, "Administrator"],
      category_id: [tag],
      website: "http://example.com",
      comment: "<p>5 &lt; 6 &amp; so</p>",
      active: true,
      create_date: "2026-11-01 12:00:00",
    });
  });

  test("html loses scripts, handlers and unknown tags", async () => {
    const comment = '<p onclick="x()">Hi <angles> <b>you</b><script>alert(1)</script></p>';
    const id = await create("res.partner", { name: "Html", comment });
    expect((await one("res.partner", id))["comment"]).toBe("<p>Hi  <b>you</b></p>");
  });

  test("write changes the named fields, clears fields with false, and otherwise changes only write_date", async () => {
    const id = await create("res.partner", { name: "Bob", phone: "1", email: "bob@example.com" });
    clock = NOW + 60_000;
    expect(await call("res.partner", "write", [[id], { phone: false, email: "" }])).toBe(true);
    clock = NOW;
    expect(await one("res.partner", id)).toMatchObject({
      name: "Bob",
      phone: false,
      email: "",
      create_date: "2026-11-01 12:00:00",
      write_date: "2026-11-01 12:01:00",
    });
  });

  test("a list of dicts makes a list of ids, or nothing when one is bad", async () => {
    const made = await call<number[]>("res.partner", "create", [[{ name: "L1" }, { name: "L2" }]]);
    expect(made).toHaveLength(2);
    const bad = await refusal("res.partner", "create", [[{ name: "L3" }, { name: "L4", user_id: 999 }]]);
    expect(bad.name).toBe("odoo.exceptions.ValidationError");
    expect(await call("res.partner", "search_count", [[["name", "in", ["L1", "L2", "L3", "L4"]]]])).toBe(2);
  });

  test("a company's name stands before its people's", async () => {
    const parent_id = await create("res.partner", { name: "Hooli GmbH", is_company: true });
    const id = await create("res.partner", { name: "Gavin", parent_id });
    expect(await one("res.partner", id)).toMatchObject({
      display_name: "Hooli GmbH, Gavin",
      parent_id: [parent_id, "Hooli GmbH"],
    });
    expect((await refusal("res.partner", "write", [[parent_id], { parent_id: id }])).name).toBe(
      "odoo.exceptions.ValidationError",
    );
    expect((await one("res.partner", parent_id, ["parent_id"]))["parent_id"]).toBe(false);
  });

  test("a deleted record is gone, and references to it are emptied", async () => {
    const parent_id = await create("res.partner", { name: "Gone", is_company: true });
    const id = await create("res.partner", { name: "Left", parent_id });
    expect(await call("res.partner", "unlink", [[parent_id]])).toBe(true);
    expect(await call("res.partner", "read", [[parent_id]])).toEqual([]);
    expect((await one("res.partner", id))["parent_id"]).toBe(false);
    for (const [method, args] of [
      ["unlink", [[parent_id]]],
      ["write", [[parent_id], { name: "x" }]],
    ] as const) {
      expect((await refusal("res.partner", method, [...args])).name).toBe("odoo.exceptions.MissingError");
    }
    expect((await refusal("res.partner", "unlink", [[9001]])).name).toBe("odoo.exceptions.UserError");
  });

  const OUT_OF_RANGE = "psycopg2.errors.NumericValueOutOfRange";
  test.each<[string, object, string]>([
    ["an unknown field", { name: "x", nope: 1 }, "builtins.ValueError"],
    ["a prototype's name", JSON.parse('{"name":"x","__proto__":{"a":1}}') as object, "builtins.ValueError"],
    ["a bad selection value", { name: "x", type: "friend" }, "builtins.ValueError"],
    ["a bad number", { name: "x", x_crmesh_score: "much" }, "builtins.ValueError"],
    [
      "a tag's colour beyond 32 bits",
      { name: "x", category_id: [[0, 0, { name: "x", color: 2 ** 31 }]] },
      OUT_OF_RANGE,
    ],
    ["a NUL character", { name: "x\0" }, "builtins.ValueError"],
    ["no name", { email: "x@example.com" }, "odoo.exceptions.ValidationError"],
    ["a country that is not there", { name: "x", country_id: 9999 }, "odoo.exceptions.ValidationError"],
    ["a tag that is not there", { name: "x", category_id: [[4, 9999]] }, "odoo.exceptions.ValidationError"],
  ])("%s is refused", async (_what, values, name) => {
    expect((await refusal("res.partner", "create", [values])).name).toBe(name);
  });

  test.each([
    "'; DROP TABLE res_partner; --",
    '"><script>',
    "%_\\",
    "${7*7}{{x}}",
    "\u202Eabc",
    "👩‍👩‍👧",
    "x".repeat(100_000),
  ])("text stays text (%#)", async (name) => {
    const id = await create("res.partner", { name });
    expect((await one("res.partner", id, ["name"]))["name"]).toBe(name);
    expect(
      await call("res.partner", "search", [
        [
          ["name", "=", name],
          ["id", "=", id],
        ],
      ]),
    ).toEqual([id]);
  });

  test("fields_get returns types, labels, choices and custom fields", async () => {
    const fields = await call<Record<string, object>>("res.partner", "fields_get", []);
    expect(fields["x_crmesh_note"]).toMatchObject({ type: "char", string: "Note", required: false, readonly: false });
    expect(fields["x_crmesh_score"]).toMatchObject({ type: "float", string: "Score" });
    expect(fields["parent_id"]).toMatchObject({ type: "many2one", relation: "res.partner" });
    const some = await call("crm.lead", "fields_get", [["type"]], { attributes: ["selection"] });
    expect(some).toEqual({
      type: {
        selection: [
          ["lead", "Lead"],
          ["opportunity", "Opportunity"],
        ],
      },
    });
  });
});

describe("x2many commands", () => {
  const { call, create, one, refusal } = odoo("commands");

  test("set, add, take out, empty, create and bare ids", async () => {
    const tags: number[] = [];
    for (const name of ["a", "b", "c"]) tags.push(await create("crm.tag", { name }));
    const [a, b, c] = tags;
    const id = await create("crm.lead", { name: "Tagged", tag_ids: [[6, 0, [a, b]]] });
    const after = async (...commands: unknown[]) => {
      await call("crm.lead", "write", [[id], { tag_ids: commands }]);
      return (await one("crm.lead", id))["tag_ids"];
    };
    expect((await one("crm.lead", id))["tag_ids"]).toEqual([a, b]);
    expect(await after([4, c])).toEqual([a, b, c]);
    expect(await after([3, a], [3, b])).toEqual([c]);
    expect(await after([5])).toEqual([]);
    expect(await after(a, b)).toEqual([a, b]);
    expect(await after([5], [0, 0, { name: "d" }])).toEqual([Number(c) + 1]);
    expect(await call("crm.tag", "search_count", [[["id", "in", tags]]])).toBe(3);
    expect((await refusal("crm.lead", "write", [[id], { tag_ids: [["x"]] }])).name).toBe("builtins.ValueError");
  });
});

describe("leads", () => {
  const { call, create, one, refusal } = odoo("leads");

  test("a new lead has Odoo's defaults, and takes the details of its customer", async () => {
    const partner_id = await create("res.partner", {
      name: "Ann",
      email: "ann@example.com",
      city: "Lyon",
      function: "CTO",
    });
    const id = await create("crm.lead", {
      name: "Pilot",
      partner_id,
      function: "CEO",
      expected_revenue: 1234.567,
      description: "soon",
    });
    expect(await one("crm.lead", id)).toMatchObject({
      type: "lead",
      contact_name: "Ann",
      email_from: "ann@example.com",
      city: "Lyon",
      function: "CEO",
      stage_id: [1, "New"],
      user_id: [2, "Administrator"],
      priority: "0",
      expected_revenue: 1234.57,
      company_currency: [1, "USD"],
      description: "<p>soon</p>",
      active: true,
      date_conversion: false,
      lost_reason_id: false,
    });
    await call("crm.lead", "write", [[id], { email_from: "new@example.com" }]);
    expect((await one("res.partner", partner_id))["email"]).toBe("new@example.com");
  });

  test("convert_opportunity links the customer, or unlinks it with false", async () => {
    const partner = await create("res.partner", { name: "Customer" });
    const id = await create("crm.lead", { name: "Convert me" });
    expect(await call("crm.lead", "convert_opportunity", [[id], partner])).toBe(true);
    expect(await one("crm.lead", id)).toMatchObject({
      type: "opportunity",
      partner_id: [partner, "Customer"],
      date_conversion: "2026-11-01 12:00:00",
    });
    await call("crm.lead", "convert_opportunity", [[id], false]);
    expect((await one("crm.lead", id))["partner_id"]).toBe(false);
  });

  test.each<[string, object, string]>([
    ["no name", { email_from: "x@example.com" }, "odoo.exceptions.ValidationError"],
    ["a bad priority", { name: "x", priority: "9" }, "builtins.ValueError"],
    ["a probability over 100", { name: "x", probability: 101 }, "odoo.exceptions.ValidationError"],
    ["an ISO 8601 date-time", { name: "x", date_closed: "2026-01-01T10:00:00Z" }, "builtins.ValueError"],
  ])("%s is refused", async (_what, values, name) => {
    expect((await refusal("crm.lead", "create", [values])).name).toBe(name);
  });
});

describe("meetings", () => {
  const { call, create, one, refusal } = odoo("meetings");
  const timed = { name: "Call", start: "2026-03-29 00:30:00", stop: "2026-03-29 02:00:00" };

  test("a meeting invites its partners, keeps their answers, and uninvites them", async () => {
    const [ann, bob] = [
      await create("res.partner", { name: "Ann", email: "a@example.com" }),
      await create("res.partner", { name: "Bob" }),
    ];
    const id = await create("calendar.event", {
      ...timed,
      partner_ids: [[6, 0, [9001, ann]]],
      location: "Room 4",
      description: "Hi",
    });
    const event = await one("calendar.event", id);
    expect(event).toMatchObject({
      ...timed,
      duration: 1.5,
      allday: false,
      start_date: false,
      user_id: [2, "Administrator"],
    });
    expect(event).toMatchObject({
      description: expect.stringMatching(/^<p>Hi<\/p><div>Organized by: /),
      location: "Room 4",
      privacy: "public",
      show_as: "busy",
    });
    const attendees = () =>
      call<Rec[]>("calendar.attendee", "search_read", [[["event_id", "=", id]]], {
        fields: ["common_name", "email", "state"],
        order: "id",
      });
    const [own, invited] = await attendees();
    expect(own).toMatchObject({ common_name: "Administrator", state: "accepted" });
    expect(invited).toMatchObject({ common_name: "Ann", email: "a@example.com", state: "needsAction" });
    expect(event["attendee_ids"]).toEqual([own?.id, invited?.id]);
    await call("calendar.attendee", "write", [[invited!.id], { state: "tentative" }]);
    await call("calendar.event", "write", [[id], { partner_ids: [[6, 0, [ann, bob]]] }]);
    expect(await attendees()).toMatchObject([{ common_name: "Ann", state: "tentative" }, { common_name: "Bob" }]);
    await call("calendar.event", "unlink", [[id]]);
    expect(await call("calendar.attendee", "read", [[invited!.id]])).toEqual([]);
  });

  test("archived partners are seen through a many2one only", async () => {
    const partner = await create("res.partner", { name: "Archived", email: "archived@example.com" });
    const event = await create("calendar.event", { ...timed, partner_ids: [[4, partner]] });
    const lead = await create("crm.lead", { name: "Of an archived partner", partner_id: partner });
    const events = () => call("calendar.event", "search", [[["partner_ids.email", "=", "archived@example.com"]]]);
    expect(await events()).toEqual([event]);
    await call("res.partner", "write", [[partner], { active: false }]);
    expect(await events()).toEqual([]);
    expect((await one("calendar.event", event))["partner_ids"]).toEqual([]);
    const leads = await call("crm.lead", "search", [[["partner_id.email", "=", "archived@example.com"]]]);
    expect(leads).toEqual([lead]);
    expect((await one("crm.lead", lead))["partner_id"]).toEqual([partner, "Archived"]);
  });

  test("without partners, only the creating user is invited", async () => {
    expect((await one("calendar.event", await create("calendar.event", timed)))["partner_ids"]).toEqual([9001]);
  });

  test("start, stop and duration agree", async () => {
    const id = await create("calendar.event", { name: "Short", start: "2026-06-30 23:40:00", duration: 0.5 });
    const times = async (values: object) => {
      await call("calendar.event", "write", [[id], values]);
      const { start, stop, duration } = await one("calendar.event", id);
      return [start, stop, duration];
    };
    expect(await times({})).toEqual(["2026-06-30 23:40:00", "2026-07-01 00:10:00", 0.5]);
    expect(await times({ start: "2026-07-02 10:00:00" })).toEqual(["2026-07-02 10:00:00", "2026-07-02 10:30:00", 0.5]);
    expect(await times({ stop: "2026-07-02 10:20:00" })).toEqual(["2026-07-02 10:00:00", "2026-07-02 10:20:00", 0.33]);
    expect(await times({ duration: 2 })).toEqual(["2026-07-02 10:00:00", "2026-07-02 12:00:00", 2]);
  });

  test("an all-day meeting by its dates, the last included", async () => {
    const id = await create("calendar.event", {
      name: "Fair",
      allday: true,
      start_date: "2026-03-29",
      stop_date: "2026-03-30",
    });
    expect(await one("calendar.event", id)).toMatchObject({
      allday: true,
      start_date: "2026-03-29",
      stop_date: "2026-03-30",
      start: "2026-03-29 08:00:00",
      stop: "2026-03-30 18:00:00",
    });
    await call("calendar.event", "write", [[id], { start_date: "2026-03-28" }]);
    expect(await one("calendar.event", id)).toMatchObject({ start: "2026-03-28 08:00:00", stop_date: "2026-03-30" });
    await call("calendar.event", "write", [[id], { allday: false }]);
    expect(await one("calendar.event", id)).toMatchObject({ start_date: false, stop: "2026-03-30 18:00:00" });
  });

  test("an all-day meeting by start and stop", async () => {
    const values = { name: "Trip", allday: true, start: "2026-10-25 00:00:00", stop: "2026-10-26 00:00:00" };
    expect(await one("calendar.event", await create("calendar.event", values))).toMatchObject({
      ...values,
      start_date: "2026-10-25",
      stop_date: "2026-10-26",
    });
  });

  test("a lead's meeting hangs on opportunity_id and res_model_id; res_model alone is lost", async () => {
    const lead = await create("crm.lead", { name: "Linked" });
    const [model] = await call<number[]>("ir.model", "search", [[["model", "=", "crm.lead"]]]);
    const linked = await create("calendar.event", {
      ...timed,
      opportunity_id: lead,
      res_model_id: model,
      res_id: lead,
    });
    expect(await one("calendar.event", linked)).toMatchObject({
      res_model: "crm.lead",
      opportunity_id: [lead, "Linked"],
    });
    const lost = await create("calendar.event", { ...timed, res_model: "crm.lead", res_id: lead });
    expect(await one("calendar.event", lost)).toMatchObject({ res_model: false, opportunity_id: false });
    await call("crm.lead", "unlink", [[lead]]);
    expect(await one("calendar.event", linked)).toMatchObject({ res_model: false, res_id: 0, opportunity_id: false });
  });

  test.each<[string, object, string]>([
    ["an ISO 8601 start", { ...timed, start: "2026-03-29T00:30:00Z" }, "builtins.ValueError"],
    ["a day that does not exist", { ...timed, start: "2026-02-30 10:00:00" }, "builtins.ValueError"],
    ["an end before the start", { ...timed, stop: "2026-03-29 00:00:00" }, "odoo.exceptions.ValidationError"],
    [
      "a last day before the first",
      { name: "x", allday: true, start_date: "2026-02-02", stop_date: "2026-02-01" },
      "odoo.exceptions.ValidationError",
    ],
    ["no name", { start: timed.start, stop: timed.stop }, "odoo.exceptions.ValidationError"],
    ["no start", { ...timed, start: false }, "odoo.exceptions.ValidationError"],
    ["a partner that is not there", { ...timed, partner_ids: [[6, 0, [99_999]]] }, "odoo.exceptions.ValidationError"],
  ])("%s is refused and leaves nothing behind", async (_what, values, name) => {
    const count = () => call("calendar.event", "search_count", [[]]);
    const before = await count();
    expect((await refusal("calendar.event", "create", [values])).name).toBe(name);
    expect(await count()).toBe(before);
  });
});

describe("seeded meetings", () => {
  test("are those of the account, all-day ones by their days", async () => {
    const { meetings } = seedAccount("demo");
    const events = await odoo("demo").call<Rec[]>("calendar.event", "search_read", [[]], { order: "id" });
    const written = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
    expect(events.map((event) => (event["allday"] ? event["start_date"] : event["start"]))).toEqual(
      meetings.map(({ allDay, start }) => (allDay ? written(start).slice(0, 10) : written(start))),
    );
    expect(events.map((event) => (event["allday"] ? event["stop_date"] : event["stop"]))).toEqual(
      meetings.map(({ allDay, end }) => (allDay ? written(end - 1).slice(0, 10) : written(end))),
    );
    expect(events.map((event) => (event["partner_ids"] as number[]).length)).toEqual(
      meetings.map(({ people }) => people.length + 1),
    );
  });
});

describe("faults", () => {
  const search = (fault: string) =>
    odoo("demo").ask("res.partner", "search", [[], 0, 1], {}, { "x-sandbox-fault": fault });
  const login = (fault: string) =>
    rpc("common", "authenticate", ["demo", "admin@demo.example", "odoo-sandbox-demo", {}], {
      "x-sandbox-fault": fault,
    });

  test.each([
    ["PROVIDER_RATE_LIMITED", 429],
    ["PROVIDER_UNAVAILABLE", 502],
  ])("%s is the proxy's page", async (fault, status) => {
    const response = await post("{}", { "x-sandbox-fault": fault });
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "text/html; charset=utf-8"]);
  });

  test("PROVIDER_ERROR is an exception inside a 200, with a traceback", async () => {
    const { error } = await search("PROVIDER_ERROR");
    expect(error?.data.name).toBe("werkzeug.exceptions.InternalServerError");
    expect(error?.data.debug).toContain("Traceback");
  });

  test("PROVIDER_AUTH_FAILED refuses calls, but lets the login pass", async () => {
    expect((await search("PROVIDER_AUTH_FAILED")).error?.data.name).toBe("odoo.exceptions.AccessError");
    expect((await login("PROVIDER_AUTH_FAILED")).result).toBe(2);
  });

  test("NEEDS_REAUTH refuses both in Odoo's two ways", async () => {
    expect((await search("NEEDS_REAUTH")).error?.data.name).toBe("odoo.exceptions.AccessDenied");
    expect(await login("NEEDS_REAUTH")).toEqual({ jsonrpc: "2.0", id: 7, result: false });
  });

  test("without a fault the same call is answered", async () => {
    expect((await search("")).result).toHaveLength(1);
  });
});
