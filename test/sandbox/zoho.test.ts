import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";
import { LongNumber } from "../../src/upstream/long-number.js";
import { zohoSandbox } from "../../src/sandbox/crms/zoho/index.js";
import { locationOf, openPage, submit } from "./browser.js";
import { sdkCall, sdkConnection, sdkTokens, type SdkCall } from "./zoho/sdk.js";

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0);
const HOUR = 60 * 60 * 1000;

type Row = Record<string, unknown> & { id: string };

let server: SandboxServer;
let clock = NOW;

beforeAll(async () => {
  server = await startSandboxServer(zohoSandbox, { now: () => clock });
});
afterAll(() => server.close());

/** Through the vendor's own client. */
const sdk = (account: string, call: SdkCall) => sdkCall(sdkConnection(server.origin, account, clock), call);

async function rows(account: string, call: SdkCall): Promise<Row[]> {
  const { status, json } = await sdk(account, call);
  expect([200, 204]).toContain(status);
  return (json?.["data"] ?? []) as Row[];
}

interface Outcome {
  code: string;
  details: Record<string, unknown> & { id: string };
  status: string;
}

async function written(account: string, call: SdkCall): Promise<{ status: number; outcomes: Outcome[] }> {
  const { status, json } = await sdk(account, call);
  return { status, outcomes: json!["data"] as Outcome[] };
}

async function created(account: string, module: string, record: Record<string, unknown>): Promise<string> {
  const { status, outcomes } = await written(account, { call: "create", module, records: [record] });
  expect([status, outcomes.map(({ code }) => code)]).toEqual([201, ["SUCCESS"]]);
  return outcomes[0]!.details.id;
}

interface Raw {
  account?: string;
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  origin?: string;
}

async function call(method: string, path: string, raw: Raw = {}) {
  const { account = "raw", origin = server.origin, body } = raw;
  const token = raw.token ?? zohoSandbox.credentials(account, origin, clock)["accessToken"];
  const response = await fetch(`${origin}/crm/v8${path}`, {
    method,
    headers: { authorization: `Zoho-oauthtoken ${token}`, ...raw.headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? null : JSON.parse(text), headers: response.headers };
}

async function codeOf(answer: ReturnType<typeof call>): Promise<[number, string]> {
  const { status, json } = await answer;
  return [status, json.code];
}

const query = (text: string, raw: Raw = {}) => call("POST", "/coql", { ...raw, body: { select_query: text } });

describe("seeded records, through Zoho's own client", () => {
  const account = "seeded";
  const seed = seedAccount(account);

  test("every person is a contact, none without a last name", async () => {
    const fields = "First_Name,Last_Name,Full_Name,Email,Secondary_Email,Mobile,Account_Name,Owner,Email_Opt_Out";
    const found: Row[] = [];
    for (let page = 1; page <= 5; page += 1) {
      const parameters = { fields, page, per_page: 200, sort_by: "id", sort_order: "asc" };
      found.push(...(await rows(account, { call: "list", module: "Contacts", parameters })));
    }
    expect(found).toHaveLength(seed.people.length);
    found.forEach((row, index) => {
      const person = seed.people[index]!;
      const names = person.lastName === null ? [null, person.firstName] : [person.firstName, person.lastName];
      expect([row["First_Name"], row["Last_Name"]]).toEqual(names);
      expect(row["Full_Name"]).toBe(names.filter(Boolean).join(" "));
      expect([row["Email"], row["Secondary_Email"]]).toEqual([person.emails[0] ?? null, person.emails[1] ?? null]);
      expect(row["Account_Name"]).toMatchObject({ name: person.company, id: expect.any(String) });
      expect(row["Owner"]).toMatchObject({ email: seed.owners[person.owner ?? 0]!.email });
      expect(row["Email_Opt_Out"]).toBe(person.doNotContact);
    });
  });

  test("converted leads are hidden unless they are requested", async () => {
    const fields = "Last_Name,Lead_Status,Converted__s,Converted_Date_Time,Converted_Contact";
    const list = async (converted: string) => {
      const found: Row[] = [];
      for (let page = 1; page <= 2; page += 1) {
        found.push(
          ...(await rows(account, { call: "list", module: "Leads", parameters: { fields, page, converted } })),
        );
      }
      return found;
    };
    const converted = seed.leads.filter(({ status }) => status === "converted").length;
    const hidden = await list("true");
    expect(hidden).toHaveLength(converted);
    for (const row of hidden) {
      expect(row).toMatchObject({ Converted__s: true, Converted_Date_Time: expect.any(String) });
      expect(row["Converted_Contact"]).toMatchObject({ id: expect.any(String) });
    }
    expect(await list("both")).toHaveLength(seed.leads.length);
    expect(await list("false")).toHaveLength(seed.leads.length - converted);
    const [one] = await rows(account, { call: "get", module: "Leads", id: hidden[0]!.id });
    expect(one).toMatchObject({ Converted__s: true });
    const count = await sdk(account, { call: "count", module: "Leads" });
    expect(count.json).toEqual({ count: seed.leads.length - converted });
  });

  test("meetings are events with their people, in the user's zone", async () => {
    const fields =
      "Event_Title,Start_DateTime,End_DateTime,All_day,Who_Id,What_Id,$se_module,Participants,$event_cancelled";
    const parameters = { fields, sort_by: "id", sort_order: "asc" };
    const found = await rows(account, { call: "list", module: "Events", parameters });
    expect(found).toHaveLength(seed.meetings.length);
    found.forEach((row, index) => {
      const meeting = seed.meetings[index]!;
      expect(row["Event_Title"]).toBe(meeting.title);
      expect(row["Start_DateTime"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
      if (meeting.allDay) {
        expect(String(row["Start_DateTime"]).slice(0, 19)).toBe(new Date(meeting.start).toISOString().slice(0, 19));
        expect(String(row["End_DateTime"]).slice(10, 19)).toBe("T23:59:59");
      } else expect(Date.parse(String(row["Start_DateTime"]))).toBe(meeting.start);
      expect(row["All_day"]).toBe(meeting.allDay);
      expect(row["$se_module"]).toBe(meeting.lead === null ? null : "Leads");
      expect(row["$event_cancelled"]).toBe(meeting.status === "cancelled");
      expect(row["Who_Id"] === null).toBe(meeting.people.length === 0);
    });
  });

  test("users and fields", async () => {
    const users = async (type: string) =>
      ((await sdk(account, { call: "users", parameters: { type } })).json!["users"] as Row[]).map(({ email }) => email);
    expect(await users("AllUsers")).toEqual(seed.owners.map(({ email }) => email));
    expect(await users("CurrentUser")).toEqual([seed.owners[0]!.email]);
    expect(await users("ActiveUsers")).toHaveLength(seed.owners.length - 1);
    const fields = (await sdk(account, { call: "fields", module: "Leads" })).json!["fields"] as Row[];
    const status = fields.find((field) => field["api_name"] === "Lead_Status")!;
    expect((status["pick_list_values"] as Row[]).map((value) => value["actual_value"])).toContain("Junk Lead");
    expect(fields.find((field) => field["api_name"] === "Crmesh_Score")).toMatchObject({
      custom_field: true,
      data_type: "double",
    });
  });

  test("accounts are separate orgs", async () => {
    const [ours] = await rows(account, { call: "list", module: "Contacts", parameters: { fields: "id", per_page: 1 } });
    expect(await rows("another", { call: "get", module: "Contacts", id: ours!.id })).toEqual([]);
  });
});

describe("writing, through Zoho's own client", () => {
  const account = "writing";

  test.each([
    ["Contacts", { Last_Name: "Lee", Crmesh_Score: 2.5, Lead_Source: "Trade Show" }, { Title: "CEO" }],
    ["Leads", { Last_Name: "Lee", Company: "Acme", Lead_Status: "Contacted" }, { Designation: "CEO" }],
    [
      "Events",
      { Event_Title: "Demo", Start_DateTime: "2026-06-10T09:00:00Z", End_DateTime: "2026-06-10T10:00:00Z" },
      { Venue: "Room 4" },
    ],
  ])("a record of %s is made, read, changed and deleted", async (module, record, change) => {
    const id = await created(account, module, { ...record, Tag: [{ name: "vip" }] });
    const read = async () => (await rows(account, { call: "get", module, id }))[0];
    const times = Object.entries(record).filter(([name]) => name.endsWith("_DateTime"));
    const others = Object.fromEntries(Object.entries(record).filter(([name]) => !name.endsWith("_DateTime")));
    expect(await read()).toMatchObject({ ...others, Tag: [{ name: "vip" }] });
    for (const [name, value] of times)
      expect(Date.parse(String((await read())![name]))).toBe(Date.parse(String(value)));
    const { status, outcomes } = await written(account, { call: "update", module, id, records: [change] });
    expect([status, outcomes[0]!.code]).toEqual([200, "SUCCESS"]);
    expect(await read()).toMatchObject({ ...others, ...change });
    expect((await written(account, { call: "remove", module, id })).outcomes[0]!.code).toBe("SUCCESS");
    expect(await read()).toBeUndefined();
    const again = await written(account, { call: "remove", module, id });
    expect([again.status, again.outcomes[0]!.code]).toEqual([202, "INVALID_DATA"]);
  });

  test("several at once, each with its own result", async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ Last_Name: `Many ${index}` }));
    const made = await written(account, { call: "create", module: "Contacts", records: many });
    expect([made.status, made.outcomes.length]).toEqual([201, 100]);
    const [one, two] = made.outcomes.map(({ details }) => details.id);
    const parameters = { ids: `${one},${two},1234567890` };
    const removed = await written(account, { call: "removeAll", module: "Contacts", parameters });
    expect([removed.status, removed.outcomes.map(({ code }) => code)]).toEqual([
      207,
      ["SUCCESS", "SUCCESS", "INVALID_DATA"],
    ]);
    const tooMany = { data: [...many, ...many] };
    expect(await codeOf(call("POST", "/Contacts", { account, body: tooMany }))).toEqual([400, "INVALID_DATA"]);
  });

  test("a lead becomes a contact, once", async () => {
    const id = await created(account, "Leads", { Last_Name: "Turner", Company: "Turners", Email: "t@turners.example" });
    const { status, json } = await sdk(account, { call: "convert", id });
    const [{ details }] = json!["data"] as [{ details: { Contacts: Row; Accounts: Row } }];
    expect([status, details.Contacts["name"], details.Accounts["name"]]).toEqual([200, "Turner", "Turners"]);
    const [contact] = await rows(account, { call: "get", module: "Contacts", id: details.Contacts.id });
    expect(contact).toMatchObject({ Email: "t@turners.example", Account_Name: { id: details.Accounts.id } });
    const again = call("POST", `/Leads/${id}/actions/convert`, { account, body: { data: [{}] } });
    expect(await codeOf(again)).toEqual([400, "CANNOT_PERFORM_ACTION"]);
  });

  test("all-day meetings are shown as days in the user's zone", async () => {
    const body = {
      data: [
        {
          Event_Title: "Fair",
          All_day: true,
          Start_DateTime: "2026-06-10T15:00:00+00:00",
          End_DateTime: "2026-06-11T15:00:00+00:00",
        },
      ],
    };
    const { json } = await call("POST", "/Events", { account, body });
    const [event] = await rows(account, { call: "get", module: "Events", id: json.data[0].details.id });
    expect(event!["Start_DateTime"]).toMatch(/T00:00:00[+-]/);
    expect(event!["End_DateTime"]).toMatch(/T23:59:59[+-]/);
  });

  const start = { Start_DateTime: "2026-06-10T09:00:00+00:00" };
  test.each([
    ["Contacts", {}, "MANDATORY_NOT_FOUND", "Last_Name"],
    ["Events", { Event_Title: "X" }, "MANDATORY_NOT_FOUND", "Start_DateTime"],
    ["Contacts", { Last_Name: "X", Email: "nobody" }, "INVALID_DATA", "Email"],
    ["Contacts", { Last_Name: "x".repeat(81) }, "INVALID_DATA", "Last_Name"],
    ["Contacts", { Last_Name: 7 }, "INVALID_DATA", "Last_Name"],
    ["Contacts", { Last_Name: "X", Owner: { id: "1" } }, "INVALID_DATA", "Owner"],
    ["Contacts", { Last_Name: "X", Account_Name: { id: "1" } }, "INVALID_DATA", "Account_Name"],
    ["Contacts", { Last_Name: "X", Email_Opt_Out: "yes" }, "INVALID_DATA", "Email_Opt_Out"],
    ["Contacts", { Last_Name: "X", Crmesh_Score: "7" }, "INVALID_DATA", "Crmesh_Score"],
    // One digit more than a decimal field holds.
    ["Contacts", { Last_Name: "X", Crmesh_Score: new LongNumber("90071992547409931") }, "INVALID_DATA", "Crmesh_Score"],
    ["Events", { Event_Title: "X", Start_DateTime: "2026-06-10T09:00:00.000Z" }, "INVALID_DATA", "Start_DateTime"],
    ["Events", { Event_Title: "X", ...start, What_Id: { id: "1" } }, "DEPENDENT_FIELD_MISSING", "$se_module"],
    [
      "Events",
      { Event_Title: "X", ...start, Participants: [{ type: "contact", participant: "1" }] },
      "INVALID_DATA",
      "Participants",
    ],
  ])("%s refuses %j: %s of %s", async (module, record, code, field) => {
    const { status, json } = await call("POST", `/${module}`, { account, body: { data: [record] } });
    expect([status, json.data[0].code, json.data[0].details.api_name]).toEqual([202, code, field]);
    const strict = await call("POST", `/${module}`, { account: "strict-raw", body: { data: [record] } });
    expect([strict.status, strict.json.data[0].code]).toEqual([400, code]);
  });

  test("an address that another contact has is a duplicate", async () => {
    const id = await created(account, "Contacts", { Last_Name: "One", Email: "same@example.com" });
    const again = { call: "create", module: "Contacts", records: [{ Last_Name: "Two", Email: "SAME@example.com" }] };
    const { outcomes } = await written(account, again);
    expect(outcomes[0]).toMatchObject({
      code: "DUPLICATE_DATA",
      details: { api_name: "Email", duplicate_record: { id } },
    });
  });
});

describe("lists", () => {
  const list = (parameters: string, raw: Raw = {}) => call("GET", `/Contacts?${parameters}`, raw);

  test("tokens lead on from the first page to the end, for the parameters that they were given for", async () => {
    const account = "tokens";
    const seen: string[] = [];
    let token: string | null = null;
    do {
      const parameters = { fields: "id,Last_Name", per_page: 170, ...(token === null ? {} : { page_token: token }) };
      const { json } = await sdk(account, { call: "list", module: "Contacts", parameters });
      seen.push(...(json!["data"] as Row[]).map(({ id }) => id));
      token = (json!["info"] as { next_page_token: string | null }).next_page_token;
    } while (token !== null);
    expect(new Set(seen).size).toBe(1000);
    expect(seen).toEqual([...seen].sort().reverse());

    const first = await list("fields=id&per_page=10", { account });
    const shown = first.json.info.next_page_token;
    const next = (more: string, raw: Raw = {}) => codeOf(list(`page_token=${shown}&${more}`, { account, ...raw }));
    expect(await next("fields=id,Email&per_page=10")).toEqual([400, "TOKEN_BOUND_DATA_MISMATCH"]);
    expect(await next("fields=id&per_page=20")).toEqual([400, "TOKEN_BOUND_DATA_MISMATCH"]);
    expect(await next("fields=id&per_page=10&page=2")).toEqual([400, "AMBIGUITY_DURING_PROCESSING"]);
    expect(await next("fields=id&per_page=10", { account: "another" })).toEqual([400, "INVALID_DATA"]);
    expect(await codeOf(list("fields=id&page_token=nonsense", { account }))).toEqual([400, "INVALID_DATA"]);
    clock += 25 * HOUR;
    expect(await next("fields=id&per_page=10")).toEqual([400, "EXPIRED_VALUE"]);
    clock = NOW;
  });

  test.each([
    ["", "REQUIRED_PARAM_MISSING"],
    [`fields=${Array.from({ length: 51 }, (_, index) => `F${index}`).join(",")}`, "LIMIT_EXCEEDED"],
    ["fields=id&per_page=201", "INVALID_DATA"],
    ["fields=id&page=11&per_page=200", "DISCRETE_PAGINATION_LIMIT_EXCEEDED"],
    ["fields=id&sort_by=Last_Name", "INVALID_DATA"],
    [`fields=id&ids=${"1".repeat(1025)}`, "LIMIT_EXCEEDED"],
  ])("%s is refused: %s", async (parameters, code) => {
    expect(await codeOf(list(parameters))).toEqual([400, code]);
  });

  test("a missing record has no body", async () => {
    for (const parameters of ["fields=id&page=9", "fields=id&ids=1,2"]) {
      expect(await list(parameters)).toMatchObject({ status: 204, json: null });
    }
    expect(await codeOf(list("fields=id&ids=1,2", { account: "strict-raw" }))).toEqual([400, "INVALID_DATA"]);
    expect(await codeOf(call("GET", "/Contacts/1", { account: "strict-raw" }))).toEqual([400, "INVALID_DATA"]);
  });
});

describe("queries", () => {
  const names = async (where: string, rest = "") => {
    const { status, json } = await query(`select Last_Name from Contacts where ${where} ${rest}`);
    return status === 204 ? [] : json.data.map((row: Row) => row["Last_Name"]);
  };

  test("quotes within quotes are written twice", async () => {
    const found = await names("Last_Name = 'O''Brien'", "limit 3");
    expect(found).toEqual(["O'Brien", "O'Brien", "O'Brien"]);
    expect(await names("Last_Name = 'O'' or id is not null'")).toEqual([]);
  });

  test("like, in, between, joins, null and order", async () => {
    const all = seedAccount("raw").people;
    const withName = (name: string) => all.filter(({ lastName }) => lastName === name).length;
    expect(await names("Last_Name like 'müll%'", "limit 2000")).toHaveLength(withName("Müller"));
    expect(await names("Last_Name like '%mül%ler%'")).toEqual([]);
    expect(await names("Last_Name in ('Li', 'Hansen')", "limit 2000")).toHaveLength(
      withName("Li") + withName("Hansen"),
    );
    const acme = all.filter(({ company }) => company === "Acme GmbH").length;
    expect(await names("Account_Name.Account_Name = 'Acme GmbH'", "limit 2000")).toHaveLength(acme);
    const ordered = await names(
      "((First_Name is not null and Email is not null) and Phone is null)",
      "order by Last_Name desc limit 50",
    );
    expect(ordered).toEqual([...ordered].sort(new Intl.Collator("en").compare).reverse());
    const january = "Created_Time between '2026-01-01T00:00:00+00:00' and '2026-01-31T23:59:59Z'";
    expect((await names(january, "limit 2000")).length).toBeGreaterThan(100);
    const { json } = await query("select Owner, Last_Name from Contacts where id is not null limit 1, 2");
    expect(json.info).toEqual({ count: 2, more_records: true });
    // The answer to a query has only the last names of users.
    expect(json.data[0].Owner).toEqual({ id: expect.any(String), name: expect.stringMatching(/^\S+$/) });
    const about = await query("select id from Events where 'What_Id->Leads.Last_Name' is not null limit 5");
    expect(about.json.info.count).toBe(5);
  });

  test.each([
    ["select Last_Name from Contacts", "SYNTAX_ERROR"],
    ["select id from Contacts where id is not null and Email is null and Phone is null", "SYNTAX_ERROR"],
    ["select id from Contacts where Last_Name = 'x", "SYNTAX_ERROR"],
    ["select id from Contacts where Nonsense = 'x'", "INVALID_QUERY"],
    ["select Nonsense from Contacts where id is not null", "INVALID_QUERY"],
    ["select id from Contacts where Description = 'x'", "INVALID_QUERY"],
    ["select id from Contacts where Email_Opt_Out != 'true'", "INVALID_QUERY"],
    ["select id from Contacts where Owner like 'x%'", "INVALID_QUERY"],
    ["select id from Contacts where Created_Time > 'yesterday'", "INVALID_QUERY"],
    ["select id from Contacts where id is not null limit 2001", "LIMIT_EXCEEDED"],
    ["select id from Contacts where id is not null limit 200 offset 100000", "LIMIT_EXCEEDED"],
    ["select id from Nowhere where id is not null", "INVALID_MODULE"],
  ])("%s: %s", async (text, code) => {
    expect(await codeOf(query(text))).toEqual([400, code]);
  });
});

describe("access", () => {
  test("tokens expire, and an unknown token gets the same refusal", async () => {
    const { accessToken } = zohoSandbox.credentials("expiring", server.origin, clock);
    expect((await call("GET", "/users", { token: accessToken! })).status).toBe(200);
    clock += HOUR;
    expect(await codeOf(call("GET", "/users", { token: accessToken! }))).toEqual([401, "INVALID_TOKEN"]);
    clock = NOW;
    expect(await codeOf(call("GET", "/users", { token: "nonsense" }))).toEqual([401, "INVALID_TOKEN"]);
    const { accessToken: good } = zohoSandbox.credentials("raw", server.origin, clock);
    const bearer = await fetch(`${server.origin}/crm/v8/users`, { headers: { authorization: `Bearer ${good}` } });
    expect(bearer.status).toBe(200);
  });

  test.each([
    ["GET", "/Nowhere?fields=id", undefined, 400, "INVALID_MODULE"],
    ["GET", "/settings/fields?module=Nowhere", undefined, 400, "INVALID_MODULE"],
    ["GET", "/no/such/place/at/all", undefined, 404, "INVALID_URL_PATTERN"],
    ["POST", "/Contacts", "{", 400, "INVALID_DATA"],
    ["POST", "/Contacts", { Last_Name: "X" }, 400, "MANDATORY_NOT_FOUND"],
  ])("%s %s with %j: %i %s", async (method, path, body, status, code) => {
    expect(await codeOf(call(method, path, { body }))).toEqual([status, code]);
  });

  test.each([
    ["PROVIDER_ERROR", 500, "INTERNAL_ERROR"],
    ["PROVIDER_RATE_LIMITED", 429, "TOO_MANY_REQUESTS"],
    ["PROVIDER_AUTH_FAILED", 401, "OAUTH_SCOPE_MISMATCH"],
    ["NEEDS_REAUTH", 401, "INVALID_TOKEN"],
  ])("%s is spoken as %i %s", async (fault, status, code) => {
    expect(await codeOf(call("GET", "/users", { headers: { "x-sandbox-fault": fault } }))).toEqual([status, code]);
  });

  test("credits are reported after half of them are used, and their end does not state a wait", async () => {
    let time = NOW;
    const limited = await startSandboxServer(zohoSandbox, { now: () => time, limits: "enforce" });
    try {
      const token = () => zohoSandbox.credentials("limited", limited.origin, time)["accessToken"]!;
      const users = () => call("GET", "/users", { origin: limited.origin, token: token() });
      for (let count = 1; count < 2500; count += 1)
        expect((await users()).headers.has("x-api-credits-remaining")).toBe(false);
      expect((await users()).headers.get("x-api-credits-remaining")).toBe("2500");
      for (let count = 0; count < 2500; count += 1) await users();
      const refused = await users();
      expect([refused.status, refused.json.code]).toEqual([429, "TOO_MANY_REQUESTS"]);
      expect(refused.headers.get("x-api-credits-remaining")).toBe("0");
      expect(refused.headers.has("retry-after")).toBe(false);
      time += 24 * HOUR;
      expect((await users()).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});

describe("OAuth, with Zoho's own client as the app", () => {
  const client = { id: "crmesh-sandbox", secret: "sandbox-secret" };
  const redirectUrl = "http://127.0.0.1:4999/callback";

  function consentUrl(scope = "ZohoCRM.modules.contacts.ALL,ZohoCRM.users.READ") {
    const url = new URL("/oauth/v2/auth", server.origin);
    const parameters = {
      response_type: "code",
      client_id: client.id,
      redirect_uri: redirectUrl,
      scope,
      access_type: "offline",
      prompt: "consent",
      state: "s1",
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  async function codeFor(account: string): Promise<URLSearchParams> {
    const page = await openPage(consentUrl());
    expect(page.html).toContain("ZohoCRM.users.READ");
    return locationOf(await submit(page, { button: "Accept", typed: { account } })).searchParams;
  }

  async function postToken(path: string, fields: Record<string, string>) {
    const response = await fetch(`${server.origin}${path}`, { method: "POST", body: new URLSearchParams(fields) });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  }

  test("consent, code, tokens, a call, a renewal and revocation", async () => {
    const callback = await codeFor("customer");
    expect(Object.fromEntries(callback)).toMatchObject({
      state: "s1",
      location: "us",
      "accounts-server": "https://accounts.zoho.com",
    });
    const connection = { origin: server.origin, account: "customer", client, redirectUrl };
    const tokens = await sdkTokens({ ...connection, grantToken: callback.get("code")! });
    const { accessToken, refreshToken } = tokens as { accessToken: string; refreshToken: string };
    const known = zohoSandbox.credentials("customer", server.origin, clock)["accessToken"]!;
    const firstUser = (await call("GET", "/users", { token: known })).json.users[0].id;
    const usable = (token: string) =>
      call("GET", "/users", { token }).then(({ status, json }) => [status, json.users?.[0].id]);
    expect(await usable(accessToken)).toEqual([200, firstUser]);

    clock += 1000;
    const renewed = await sdkTokens({ ...connection, refreshToken });
    expect(renewed["accessToken"]).not.toBe(accessToken);
    expect(await usable(renewed["accessToken"]!)).toEqual([200, firstUser]);
    // The answer to a refresh has no new refresh token, but the API's address.
    const form = {
      client_id: client.id,
      client_secret: client.secret,
      grant_type: "refresh_token",
      refresh_token: refreshToken,
    };
    const { json } = await postToken("/oauth/v2/token", form);
    expect(json).toEqual({
      access_token: expect.any(String),
      scope: "ZohoCRM.modules.contacts.ALL ZohoCRM.users.READ",
      api_domain: server.origin,
      token_type: "Bearer",
      expires_in: 3600,
    });

    expect(await postToken("/oauth/v2/token/revoke", { token: refreshToken })).toMatchObject({
      status: 200,
      json: { status: "success" },
    });
    expect(await usable(accessToken)).toEqual([401, undefined]);
    expect(await postToken("/oauth/v2/token", form)).toEqual({ status: 200, json: { error: "invalid_code" } });
    await expect(sdkTokens({ ...connection, refreshToken })).rejects.toThrow("invalid_code");
    clock = NOW;
  });

  test("a code is good once; refusals come with 200", async () => {
    const code = (await codeFor("once")).get("code")!;
    const form = { client_id: client.id, client_secret: client.secret, grant_type: "authorization_code", code };
    const exchange = (more: Record<string, string>) => postToken("/oauth/v2/token", { ...form, ...more });
    expect(await exchange({ redirect_uri: `${redirectUrl}/x` })).toEqual({
      status: 200,
      json: { error: "invalid_redirect_uri" },
    });
    expect(await exchange({ client_secret: "wrong" })).toEqual({ status: 200, json: { error: "invalid_client" } });
    expect((await exchange({ redirect_uri: redirectUrl })).json).toHaveProperty("refresh_token");
    expect(await exchange({ redirect_uri: redirectUrl })).toEqual({ status: 200, json: { error: "invalid_code" } });
  });

  test("parameters may be in the URL", async () => {
    const code = (await codeFor("in-query")).get("code")!;
    const parameters = new URLSearchParams({
      client_id: client.id,
      client_secret: client.secret,
      grant_type: "authorization_code",
      redirect_uri: redirectUrl,
      code,
    });
    const response = await fetch(`${server.origin}/oauth/v2/token?${parameters.toString()}`, { method: "POST" });
    expect(await response.json()).toMatchObject({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
    });
  });

  test("a user who rejects sends the app away empty-handed", async () => {
    const page = await openPage(consentUrl());
    const callback = locationOf(await submit(page, { button: "Reject" })).searchParams;
    expect([callback.get("error"), callback.get("code")]).toEqual(["access_denied", null]);
    expect((await openPage(consentUrl("No.Such.Scope"))).status).toBe(302);
  });

  test("too many token requests are refused like denied access", async () => {
    const response = await fetch(`${server.origin}/oauth/v2/token`, {
      method: "POST",
      headers: { "x-sandbox-fault": "PROVIDER_RATE_LIMITED" },
      body: new URLSearchParams({ grant_type: "refresh_token" }),
    });
    expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([400, "Access Denied"]);
  });
});
