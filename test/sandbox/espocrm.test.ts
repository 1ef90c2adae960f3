import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { espocrmSandbox } from "../../src/sandbox/crms/espocrm/index.js";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";

type Rec = Record<string, unknown>;

interface Page {
  total: number;
  list: Rec[];
}

/** Calls EspoCRM as its REST documentation describes. Every test that writes has its own account. */
const NOW = Date.UTC(2026, 10, 1, 12, 0, 0);
let server: SandboxServer;
beforeAll(async () => (server = await startSandboxServer(espocrmSandbox, { now: () => NOW })));
afterAll(() => server.close());

function espo(account: string, key = `espocrm-api-key-${account}`) {
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${server.origin}/api/v1/${path}`, {
      method,
      headers: { "X-Api-Key": key, "Content-Type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const reason = response.headers.get("x-status-reason");
    const type = response.headers.get("content-type");
    return { status: response.status, reason, type, text, json: text === "" ? null : (JSON.parse(text) as unknown) };
  }
  async function answer<Answer = Rec>(method: string, path: string, body?: unknown): Promise<Answer> {
    const { status, json, reason } = await call(method, path, body);
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${reason}`);
    return json as Answer;
  }
  const list = (path: string) => answer<Page>("GET", path);
  const create = (entity: string, values: Rec) => answer<Rec & { id: string }>("POST", entity, values);
  return { call, answer, list, create };
}

/** `where` as PHP's http_build_query writes it. */
function where(...items: Rec[]): string {
  const flat = (name: string, value: unknown): string[] =>
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, part]) => flat(`${name}[${key}]`, part))
      : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`];
  return flat("where", items).join("&");
}

const TIMES = { dateStart: "2026-06-10 09:00:00", dateEnd: "2026-06-10 10:00:00" };

describe("access", () => {
  test("the key that the sandbox hands out is that of an API user", async () => {
    const { url, apiKey } = espocrmSandbox.credentials("demo", server.origin, NOW);
    expect(url).toBe(server.origin);
    const { user } = await espo("demo", apiKey).answer<{ user: Rec }>("GET", "App/user");
    expect(user).toMatchObject({ userName: "crmesh", type: "api" });
    expect(user["id"]).toMatch(/^[0-9a-f]{17}$/);
  });

  test.each(["wrong", "", "espocrm-api-key-Not An Account"])(
    "the key %j is refused with an empty body",
    async (key) => {
      const { status, text, reason } = await espo("demo", key).call("GET", "App/user");
      expect([status, text, reason]).toEqual([401, "", null]);
    },
  );

  test("accounts share nothing", async () => {
    const [one, other] = [espo("one"), espo("other")];
    const { id } = await one.create("Contact", { lastName: "Here" });
    expect((await other.call("GET", `Contact/${id}`)).status).toBe(404);
  });

  test("users who left and API users are listed for administrators only", async () => {
    const names = async (key?: string) =>
      (await espo("demo", key).list("User?select=userName")).list.map(({ userName }) => userName);
    expect(await names()).toHaveLength(seedAccount("demo").owners.length + 1);
    expect(await names("espocrm-admin-key-demo")).toEqual(expect.arrayContaining(["left", "crmesh"]));
  });
});

describe("records", () => {
  test("a contact is created, read, changed by PUT and PATCH, and deleted, always with 200", async () => {
    const { call, answer, create } = espo("crud");
    const { list } = await answer<Page>("GET", "Account?maxSize=1&select=name");
    const made = await create("Contact", {
      firstName: "Ann",
      lastName: "Lee",
      title: "CEO",
      accountId: list[0]!["id"],
      emailAddress: "Ann@Example.com",
      phoneNumberData: [{ phoneNumber: "+16175550105", type: "Office" }],
      shoeSize: 44,
    });
    expect(made).toMatchObject({
      name: "Ann Lee",
      title: "CEO",
      accountName: list[0]!["name"],
      emailAddress: "Ann@Example.com",
      emailAddressData: [{ emailAddress: "Ann@Example.com", lower: "ann@example.com", primary: true, optOut: false }],
      phoneNumberData: [{ phoneNumber: "+16175550105", type: "Office", primary: true }],
      createdAt: "2026-11-01 12:00:00",
      deleted: false,
    });
    expect(made).not.toHaveProperty("shoeSize");
    // The answer to a create leaves out what nobody has set.
    const read = await answer<Rec>("GET", `Contact/${made.id}`);
    expect(made["phoneNumber"]).toBe("+16175550105");
    expect(read).toMatchObject(made);
    expect(made).not.toHaveProperty("addressCity");
    expect(read["addressCity"]).toBeNull();
    expect(await answer("PUT", `Contact/${made.id}`, { firstName: "" })).toMatchObject({
      firstName: null,
      name: "Lee",
    });
    expect(await answer("PATCH", `Contact/${made.id}`, { lastName: "Li" })).toMatchObject({ name: "Li" });
    expect(await call("DELETE", `Contact/${made.id}`)).toMatchObject({
      status: 200,
      text: "true",
      type: expect.stringContaining("json"),
    });
    for (const method of ["GET", "DELETE"]) {
      const gone = await call(method, `Contact/${made.id}`);
      expect([gone.status, gone.text]).toEqual([404, ""]);
      expect(gone.reason).toContain("does not exist");
    }
    const shown = await espo("crud", "espocrm-admin-key-crud").answer("GET", `Contact/${made.id}`);
    expect(shown).toMatchObject({ id: made.id, deleted: true });
  });

  test("a contact without an account keeps no title", async () => {
    const { create, answer } = espo("titles");
    const { id, title } = await create("Contact", { lastName: "Lee", title: "CEO" });
    // The answer to the create shows what was sent.
    expect([title, (await answer<Rec>("GET", `Contact/${id}`))["title"]]).toEqual(["CEO", null]);
  });

  test("a lead has its company's name, a source of the list, and an amount with a currency", async () => {
    const { create, answer } = espo("leads");
    const { id } = await create("Lead", {
      accountName: "Acme",
      opportunityAmount: 10.5,
      opportunityAmountCurrency: "EUR",
    });
    expect(await answer("GET", `Lead/${id}`)).toMatchObject({ status: "New", name: null, opportunityAmount: 10.5 });
    const { createdContactId } = await answer("POST", "Lead/action/convert", {
      id,
      records: { Contact: { lastName: "Lee" } },
    });
    expect(await answer("GET", `Lead/${id}`)).toMatchObject({
      status: "Converted",
      convertedAt: "2026-11-01 12:00:00",
      createdContactId,
      createdContactName: "Lee",
    });
  });

  test("a meeting needs an assigned user, who then attends it", async () => {
    const { call, create } = espo("meetings");
    const values = { name: "Demo", ...TIMES };
    expect(await call("POST", "Meeting", values)).toMatchObject({
      status: 400,
      json: { messageTranslation: { label: "validationFailure", data: { field: "assignedUser", type: "required" } } },
    });
    const { list } = (await call("GET", "User?maxSize=1&orderBy=userName&select=name")).json as Page;
    const [user] = list as [Rec & { id: string }];
    const made = await create("Meeting", { ...values, assignedUserId: user.id, joinUrl: "https://x.example" });
    expect(made).toMatchObject({
      status: "Planned",
      usersIds: [user.id],
      usersNames: { [user.id]: user["name"] },
      usersColumns: { [user.id]: { status: "None" } },
    });
    expect(made["joinUrl"]).toBeNull();
  });

  test("an update answers lists as they were sent, and what it has from before beside them", async () => {
    const { create, answer } = espo("updates");
    const { list } = await answer<Page>("GET", "Account?maxSize=1&select=name");
    const given = { accountId: list[0]!["id"], title: "CEO", emailAddress: "old@x.example" };
    const { id } = await create("Contact", { lastName: "Lee", ...given });
    const emailAddressData = [{ emailAddress: "new@x.example", primary: true }];
    const updated = await answer<Rec>("PUT", `Contact/${id}`, { emailAddressData, accountId: null });
    expect(updated).toMatchObject({ emailAddress: "old@x.example", emailAddressData, title: "CEO", accountName: null });
    expect(updated["emailAddressData"]).toEqual(emailAddressData);
    const whole = {
      emailAddress: "new@x.example",
      primary: true,
      optOut: false,
      invalid: false,
      lower: "new@x.example",
    };
    expect(await answer("GET", `Contact/${id}`)).toMatchObject({
      emailAddress: "new@x.example",
      emailAddressData: [whole],
      title: null,
    });
  });

  test("a meeting may end before it starts, takes ISO 8601, and keeps its length when its start moves", async () => {
    const { create, answer } = espo("times");
    const values = { name: "Demo", assignedUserId: "x" };
    const backwards = { dateStart: "2026-06-10 10:00:00", dateEnd: "2026-06-10 09:00:00" };
    expect(await create("Meeting", { ...values, ...backwards })).toMatchObject(backwards);
    const { id } = await create("Meeting", { ...values, ...TIMES, dateStart: "2026-06-10T11:00:00+02:00" });
    expect(await answer("PUT", `Meeting/${id}`, { dateStart: "2026-06-10 12:00:00" })).toMatchObject({
      dateStart: "2026-06-10 12:00:00",
      dateEnd: "2026-06-10 13:00:00",
    });
    const both = { dateStart: "2026-06-10 11:00:00", dateEnd: "2026-06-10 13:00:00" };
    expect(await answer("PUT", `Meeting/${id}`, both)).toMatchObject(both);
    const days = { isAllDay: true, dateStartDate: "2026-06-10", dateEndDate: "2026-06-11" };
    expect(await answer("PUT", `Meeting/${id}`, days)).toMatchObject({
      ...days,
      dateStart: "2026-06-10 00:00:00",
      dateEnd: "2026-06-12 00:00:00",
    });
  });

  test("links show the attendees of a meeting and their roles", async () => {
    const { create } = espo("links");
    const [one, two] = [await create("Contact", { lastName: "One" }), await create("Contact", { lastName: "Two" })];
    const meeting = await create("Meeting", {
      name: "Demo",
      ...TIMES,
      assignedUserId: "x",
      contactsIds: [one.id, two.id],
      contactsColumns: { [two.id]: { status: "Declined" } },
    });
    expect(meeting).toMatchObject({
      contactsNames: { [one.id]: "One", [two.id]: "Two" },
      contactsColumns: { [one.id]: { status: "None" }, [two.id]: { status: "Declined" } },
    });
  });
});

describe("lists", () => {
  test("pages by offset reach every record once, in a stable order", async () => {
    const { list } = espo("demo");
    const seen: unknown[] = [];
    for (let offset = 0; ; offset += 150) {
      const page = await list(`Contact?select=id&maxSize=150&offset=${offset}&orderBy=createdAt&order=desc`);
      expect(page.total).toBe(1000);
      if (page.list.length === 0) break;
      seen.push(...page.list.map(({ id }) => id));
    }
    expect(new Set(seen).size).toBe(1000);
    expect(seen).toHaveLength(1000);
  });

  test("a page has 200 records at most, and more are refused", async () => {
    const { call, list } = espo("demo");
    expect((await list("Contact?select=id")).list).toHaveLength(200);
    const { status, text, reason } = await call("GET", "Contact?maxSize=201");
    expect([status, text]).toEqual([403, ""]);
    expect(reason).toContain("Max size should not exceed 200");
  });

  test("without a total, a list shows only whether there are more records", async () => {
    const { call } = espo("demo");
    const total = async (offset: number) => {
      const { json } = await call("GET", `Meeting?select=id&offset=${offset}&maxSize=100`, undefined, {
        "X-No-Total": "true",
      });
      return (json as Page).total;
    };
    expect([await total(0), await total(100)]).toEqual([-1, -2]);
  });

  test("a list has the selected fields, linked records only if selected, and never all addresses", async () => {
    const { list, create } = espo("select");
    const [contact] = (await list("Contact?maxSize=1&select=id,firstName,emailAddressData&orderBy=id")).list;
    expect(Object.keys(contact!).sort()).toEqual(["assignedUserId", "createdById", "firstName", "id"]);
    expect((await list("Meeting?maxSize=1")).list[0]).not.toHaveProperty("contactsIds");
    expect((await list("Meeting?maxSize=1&select=contactsIds")).list[0]).toMatchObject({
      contactsIds: expect.any(Array),
      contactsNames: expect.any(Object),
      contactsColumns: expect.any(Object),
    });
    const { id } = await create("Lead", { lastName: "Long", description: "x".repeat(12_000) });
    const query = `Lead?select=description&${where({ type: "equals", attribute: "id", value: id })}`;
    expect(String((await list(query)).list[0]!["description"])).toHaveLength(10_000);
  });

  test.each([
    [
      "in",
      { type: "in", attribute: "status", value: ["New", "dead"] },
      ({ status }: Rec) => ["New", "Dead"].includes(String(status)),
    ],
    ["equals", { type: "equals", attribute: "status", value: "new" }, ({ status }: Rec) => status === "New"],
    ["notIn", { type: "notIn", attribute: "status", value: ["New"] }, ({ status }: Rec) => status !== "New"],
    ["isNull", { type: "isNull", attribute: "source" }, ({ source }: Rec) => source === null],
    ["isNotNull", { type: "isNotNull", attribute: "source" }, ({ source }: Rec) => source !== null],
    [
      "startsWith",
      { type: "startsWith", attribute: "accountName", value: "cafe" },
      ({ accountName }: Rec) => accountName === "Café Noir SARL",
    ],
    [
      "greaterThan",
      { type: "greaterThan", attribute: "opportunityAmount", value: "9000" },
      ({ opportunityAmount }: Rec) => Number(opportunityAmount) > 9000,
    ],
    [
      "before",
      { type: "before", attribute: "createdAt", value: "2026-02-01 00:00:00" },
      ({ createdAt }: Rec) => String(createdAt) < "2026-02-01 00:00:00",
    ],
    [
      "like",
      { type: "like", attribute: "accountName", value: "_lobex" },
      ({ accountName }: Rec) => accountName === "Globex",
    ],
    [
      "or",
      {
        type: "or",
        value: [
          { type: "equals", attribute: "accountName", value: "HOOLI" },
          {
            type: "and",
            value: [
              { type: "contains", attribute: "name", value: "müller" },
              { type: "isTrue", attribute: "doNotCall" },
            ],
          },
        ],
      },
      ({ accountName, lastName, doNotCall }: Rec) =>
        accountName === "Hooli" || (lastName === "Müller" && doNotCall === true),
    ],
  ] as const)("the condition %s", async (_type, item, passes) => {
    const { list } = espo("demo");
    const everything = [...(await list("Lead?orderBy=id")).list, ...(await list("Lead?orderBy=id&offset=200")).list];
    const found = await list(`Lead?orderBy=id&${where(item)}`);
    const expected = everything.filter(passes).map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(0);
    expect([found.total, found.list.map(({ id }) => id)]).toEqual([expected.length, expected.slice(0, 200)]);
  });

  test("a wildcard in a text counts, unless a backslash comes before it", async () => {
    const { list } = espo("demo");
    const total = async (value: string) =>
      (await list(`Lead?select=id&${where({ type: "contains", attribute: "accountName", value })}`)).total;
    expect([await total("%"), await total("\\%")]).toEqual([300, 0]);
  });

  test("a batch is read by its ids, and missing records are omitted", async () => {
    const { list } = espo("demo");
    const some = (await list("Contact?select=id&maxSize=3&orderBy=id")).list.map(({ id }) => id);
    const value = [...some, "fffffffffffffffff"];
    const found = await list(`Contact?select=id&${where({ type: "in", attribute: "id", value })}`);
    expect(found.list.map(({ id }) => id).sort()).toEqual([...some].sort());
  });

  test.each([
    [400, `Contact?${where({ type: "equals", attribute: "shoeSize", value: "44" })}`],
    [400, `Contact?${where({ type: "resembles", attribute: "name", value: "Ann" })}`],
    [400, `Contact?${where({ type: "linkedWith", attribute: "friends", value: ["1"] })}`],
    [400, "Contact?orderBy=shoeSize"],
    [404, "Invoice"],
  ])("%i with a reason at most: %s", async (status, path) => {
    const answer = await espo("demo").call("GET", path);
    expect([answer.status, answer.text]).toEqual([status, ""]);
  });
});

describe("refusals", () => {
  test.each([
    ["Contact", {}, "lastName", "required"],
    ["Contact", { lastName: "x".repeat(101) }, "lastName", "maxLength"],
    ["Contact", { lastName: "Lee", emailAddress: "nowhere" }, "emailAddress", "emailAddress"],
    ["Lead", { status: "Ripe" }, "status", "valid"],
    ["Lead", { opportunityAmount: 1, opportunityAmountCurrency: "XTS" }, "opportunityAmount", "validCurrency"],
    ["Lead", { accountName: "a < b" }, "accountName", "pattern"],
    ["Meeting", { name: "Demo", assignedUserId: "x" }, "dateStart", "required"],
    ["Meeting", { name: "Demo", assignedUserId: "x", dateStart: "tomorrow" }, "dateStart", "valid"],
  ])("a %s of %j fails at %s: %s", async (entity, values, field, type) => {
    const { status, json } = await espo("refusals").call("POST", entity, values);
    const body = { messageTranslation: { label: "validationFailure", scope: null, data: { field, type } } };
    expect([status, json]).toEqual([400, body]);
  });

  test("a duplicate is refused with the existing records, and created if the call skips the check", async () => {
    const { call, create } = espo("duplicates");
    const values = { firstName: "Ann", lastName: "Twice" };
    const { id } = await create("Contact", values);
    const { status, reason, json } = await call("POST", "Contact", { ...values, emailAddress: "ann@example.com" });
    expect([status, reason, json]).toEqual([409, "duplicate", [expect.objectContaining({ id, lastName: "Twice" })]]);
    expect((await call("POST", "Contact", values, { "X-Skip-Duplicate-Check": "true" })).status).toBe(200);
  });

  test("JSON that cannot be read is an error of the server", async () => {
    const { status, text } = await espo("refusals").call("POST", "Contact", "{");
    expect([status, text]).toEqual([500, ""]);
  });

  test.each([
    ["PROVIDER_ERROR", 500],
    ["PROVIDER_RATE_LIMITED", 429],
    ["PROVIDER_UNAVAILABLE", 503],
    ["PROVIDER_AUTH_FAILED", 403],
    ["NEEDS_REAUTH", 401],
  ])("the fault %s is %i", async (fault, status) => {
    const headers = { "X-Api-Key": "espocrm-api-key-demo", "X-Sandbox-Fault": fault };
    const response = await fetch(`${server.origin}/api/v1/Contact`, { headers });
    expect(response.status).toBe(status);
  });
});

describe("definitions", () => {
  test("metadata is read by its key, and marks custom fields", async () => {
    const fields = await espo("demo").answer<Record<string, Rec>>("GET", "Metadata?key=entityDefs.Contact.fields");
    expect(fields["lastName"]).toMatchObject({ type: "varchar", required: true });
    expect(fields["cScore"]).toEqual({ type: "float", isCustom: true });
    const options = await espo("demo").answer<string[]>("GET", "Metadata?key=entityDefs.Lead.fields.status.options");
    expect(options).toContain("Recycled");
  });

  test("labels are in the default language", async () => {
    const labels = await espo("demo").answer<Record<string, { fields: Rec }>>("GET", "I18n");
    expect(labels["Lead"]!.fields).toMatchObject({ cFirstMet: "First met", convertedAt: "Converted At" });
  });
});

describe("the seed", () => {
  test("holds everybody with all addresses and numbers", async () => {
    const { list, answer } = espo("seeded");
    const { people } = seedAccount("seeded");
    const index = people.findIndex(({ emails, phone, mobile }) => emails.length > 2 && phone && mobile);
    const person = people[index]!;
    const item = { type: "equals", attribute: "emailAddress", value: person.emails[2]!.toLowerCase() };
    const [found] = (await list(`Contact?select=id&${where(item)}`)).list;
    expect(await answer("GET", `Contact/${String(found!["id"])}`)).toMatchObject({
      firstName: person.firstName,
      lastName: person.lastName,
      emailAddressData: person.emails.map((emailAddress) => expect.objectContaining({ emailAddress })),
      phoneNumberData: [
        expect.objectContaining({ phoneNumber: person.phone, type: "Office" }),
        expect.objectContaining({ phoneNumber: person.mobile, type: "Mobile" }),
      ],
    });
  });
});
