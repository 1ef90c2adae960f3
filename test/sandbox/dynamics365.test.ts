import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DynamicsWebApi, type RequestError } from "dynamics-web-api";
import { dynamics365Sandbox } from "../../src/sandbox/crms/dynamics365/index.js";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";
import { LongNumber } from "../../src/upstream/long-number.js";
import { locationOf, openPage, submit, textOf } from "./browser.js";
import { challengeOf, CLIENT, postForm, REDIRECT_URI, VERIFIER } from "./oauth-apps.js";

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0);
const HOUR = 60 * 60 * 1000;
const NOBODY = "ffffffff-ffff-4fff-8fff-000000000001";

let server: SandboxServer;
let clock = NOW;

beforeAll(async () => {
  server = await startSandboxServer(dynamics365Sandbox, { now: () => clock });
});

afterAll(() => server.close());

function connect(account: string, accessToken = tokenOf(account)) {
  return new DynamicsWebApi({
    serverUrl: server.origin,
    dataApi: { version: "9.2" },
    onTokenRefresh: () => Promise.resolve(accessToken),
  });
}

function tokenOf(account: string): string {
  return dynamics365Sandbox.credentials(account, server.origin, clock)["accessToken"]!;
}

interface Raw {
  account?: string;
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  origin?: string;
}

async function call(method: string, path: string, { account = "raw", token, body, headers, origin }: Raw = {}) {
  const response = await fetch(`${origin ?? server.origin}/api/data/v9.2/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token ?? tokenOf(account)}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return { status: response.status, text, json: isJson ? JSON.parse(text) : null, headers: response.headers };
}

/** Returns the content of a refusal, without texts on which callers cannot rely. */
async function refusal(answer: ReturnType<typeof call>) {
  const { status, json } = await answer;
  return [status, json.error.code];
}

/** The same through DynamicsWebApi. */
async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => new Error("The call was expected to fail."),
    (reason: unknown) => reason as RequestError,
  );
  return [(error as RequestError).status, (error as RequestError).code];
}

async function created(collection: string, data: object, account = "raw"): Promise<string> {
  return connect(account).create<object, string>({ collection, data });
}

describe("seeded records, through DynamicsWebApi", () => {
  const account = "seeded";
  const seed = seedAccount(account);

  test("every person is a contact of an account, with the numbers and the labels of choices", async () => {
    const { value } = await connect(account).retrieveAll({
      collection: "contacts",
      select: [
        "fullname",
        "emailaddress1",
        "mobilephone",
        "leadsourcecode",
        "_parentcustomerid_value",
        "_ownerid_value",
      ],
      includeAnnotations: "*",
      orderBy: ["createdon"],
    });
    expect(value).toHaveLength(seed.people.length);
    const byMail = new Map(value.map((row) => [row.emailaddress1, row]));
    for (const [index, person] of seed.people.entries()) {
      if (person.emails[0] === undefined) continue;
      const row = byMail.get(person.emails[0]);
      expect(row.fullname).toBe([person.firstName, person.lastName].filter(Boolean).join(" "));
      expect(row.mobilephone).toBe(person.mobile);
      expect(row.leadsourcecode_Formatted).toBe(
        person.source === "Referral" ? "Employee Referral" : (person.source ?? undefined),
      );
      if (index % 30 !== 5) expect(row._parentcustomerid_value_Formatted).toBe(person.company);
      expect(["systemuser", "team"]).toContain(row._ownerid_value_LogicalName);
    }
  });

  test("leads have the state and its reason that go together", async () => {
    const { value } = await connect(account).retrieveAll({ collection: "leads", select: ["statecode", "statuscode"] });
    expect(value).toHaveLength(seed.leads.length);
    const pairs = new Set(value.map(({ statecode, statuscode }) => `${statecode}/${statuscode}`));
    expect([...pairs].sort()).toEqual(["0/1", "0/100000000", "0/2", "1/3", "2/5"]);
  });

  test("meetings are appointments with their parties, an owner among them", async () => {
    const { value } = await connect(account).retrieveAll({
      collection: "appointments",
      select: ["subject", "scheduledstart", "scheduleddurationminutes", "isalldayevent"],
      expand: [{ property: "appointment_activity_parties", select: ["participationtypemask", "_partyid_value"] }],
      orderBy: ["createdon"],
    });
    expect(value).toHaveLength(seed.meetings.length);
    for (const [index, meeting] of seed.meetings.entries()) {
      const row = value[index];
      expect(row.subject).toBe(meeting.title);
      expect(row.scheduleddurationminutes * 60_000).toBe(meeting.end - meeting.start);
      if (!meeting.allDay) expect(new Date(row.scheduledstart).getTime()).toBe(meeting.start);
      const masks = row.appointment_activity_parties.map(
        (party: { participationtypemask: number }) => party.participationtypemask,
      );
      expect(masks).toContain(9);
      expect(masks.includes(8)).toBe(meeting.lead !== null);
    }
  });

  test("accounts are separate environments", async () => {
    const ours = await connect(account).retrieveMultiple({ collection: "contacts", select: ["contactid"], top: 1 });
    const id = ours.value[0].contactid;
    expect(await failure(connect("another").retrieve({ collection: "contacts", key: id }))).toEqual([
      404,
      "0x80040217",
    ]);
  });
});

describe("records", () => {
  test("DynamicsWebApi creates, reads, updates and deletes each kind", async () => {
    const api = connect("crud");
    const [start, end] = [new Date("2026-06-10T09:00:00Z"), new Date("2026-06-10T10:30:00Z")];
    const records = [
      ["contacts", { firstname: "Ann", lastname: "Lee" }, { fullname: "Ann Lee" }, { lastname: "Li" }],
      ["leads", { subject: "Pilot", leadqualitycode: 1 }, { statecode: 0, statuscode: 1 }, { subject: "Pilot 2" }],
      [
        "appointments",
        { subject: "Demo", scheduledstart: start, scheduledend: end },
        { scheduleddurationminutes: 90 },
        { subject: "Demo 2" },
      ],
    ] as const;
    for (const [collection, data, more, change] of records) {
      const key = await api.create<object, string>({ collection, data });
      expect(await api.retrieve({ collection, key })).toMatchObject({ ...data, ...more });
      await api.update({ collection, key, data: change, ifmatch: "*" });
      expect(await api.retrieve({ collection, key })).toMatchObject(change);
      await api.deleteRecord({ collection, key });
      expect(await failure(api.retrieve({ collection, key }))).toEqual([404, "0x80040217"]);
      expect(await failure(api.deleteRecord({ collection, key }))).toEqual([404, "0x80040217"]);
    }
  });

  test("a create answers 204 and names the record in a header, or 201 with it and without the header", async () => {
    const bare = await call("POST", "contacts", { body: { lastname: "Lee" } });
    expect([bare.status, bare.text]).toEqual([204, ""]);
    expect(bare.headers.get("odata-entityid")).toMatch(
      new RegExp(`^${server.origin}/api/data/v9.2/contacts\\([0-9a-f-]{36}\\)$`),
    );
    const headers = { prefer: "return=representation" };
    const whole = await call("POST", "contacts?$select=fullname", { body: { lastname: "Lee" }, headers });
    expect([whole.status, whole.headers.get("odata-entityid")]).toEqual([201, null]);
    expect(whole.json).toMatchObject({ fullname: "Lee", contactid: expect.any(String) });
    expect(whole.json.lastname).toBeUndefined();
  });

  test("an answer with the row ignores $expand", async () => {
    const headers = { prefer: "return=representation" };
    const body = { subject: "Call", scheduledstart: "2026-06-10T09:00:00Z", scheduledend: "2026-06-10T10:00:00Z" };
    const expanding =
      "appointments?$select=subject&$expand=appointment_activity_parties($select=participationtypemask)";
    const { json } = await call("POST", expanding, { body, headers });
    expect([json.subject, json.appointment_activity_parties]).toEqual(["Call", undefined]);
  });

  test("a PATCH creates a missing row, unless If-Match forbids it", async () => {
    const headers = { "if-match": "*" };
    expect(await refusal(call("PATCH", `contacts(${NOBODY})`, { body: { lastname: "X" }, headers }))).toEqual([
      404,
      "0x80040217",
    ]);
    expect((await call("PATCH", `contacts(${NOBODY})`, { body: { lastname: "X" } })).status).toBe(204);
    expect((await call("GET", `contacts(${NOBODY})?$select=lastname`)).json.lastname).toBe("X");
    const once = { "if-none-match": "*" };
    expect((await call("PATCH", `contacts(${NOBODY})`, { body: { lastname: "Y" }, headers: once })).status).toBe(412);
  });

  test("references are written by navigation, read as ids, and cleared by null", async () => {
    const api = connect("raw");
    const { value } = await api.retrieveMultiple({ collection: "accounts", select: ["name"], top: 1 });
    const account = value[0].accountid as string;
    const bound = { lastname: "Bound", "parentcustomerid_account@odata.bind": `/accounts(${account})` };
    const id = await created("contacts", bound);
    const parent = async () =>
      (await call("GET", `contacts(${id})?$select=_parentcustomerid_value`)).json._parentcustomerid_value;
    expect(await parent()).toBe(account);
    await call("PATCH", `contacts(${id})`, { body: { parentcustomerid_account: null } });
    expect(await parent()).toBeNull();
    await call("PATCH", `contacts(${id})`, { body: { "parentcustomerid_account@odata.bind": `accounts(${account})` } });
    expect(await parent()).toBe(account);
    const body = { lastname: "x", "parentcustomerid_account@odata.bind": `/accounts(${NOBODY})` };
    expect(await refusal(call("POST", "contacts", { body }))).toEqual([404, "0x80040217"]);
    const wrong = { lastname: "x", "parentcustomerid_account@odata.bind": `/leads(${NOBODY})` };
    expect(await refusal(call("POST", "contacts", { body: wrong }))).toEqual([400, "0x80048d19"]);
  });

  test("money has all its 18 digits", async () => {
    const body = { lastname: "Long", estimatedamount: new LongNumber("12345678901234.5678") };
    const headers = { prefer: "return=representation" };
    expect((await call("POST", "leads", { body, headers })).text).toContain('"estimatedamount":12345678901234.5678');
  });

  test("values that no column takes are refused, each with its code", async () => {
    const refused = (set: string, body: object) => refusal(call("POST", set, { body }));
    expect(await refused("contacts", { shoesize: 44 })).toEqual([400, "0x80048d19"]);
    expect(await refused("contacts", { firstname: 44 })).toEqual([400, "0x80048d19"]);
    expect(await refused("contacts", { firstname: "x".repeat(51) })).toEqual([400, "0x80044331"]);
    expect(await refused("leads", { leadqualitycode: 9 })).toEqual([400, "0x8004431a"]);
    expect(await refused("leads", { leadqualitycode: "1" })).toEqual([400, "0x80048d19"]);
    expect(await refused("leads", { statuscode: 4 })).toEqual([400, "0x80048408"]);
    expect(await refused("contacts", { new_interests: "1,9" })).toEqual([400, "0x8004431a"]);
    expect(await refused("contacts", { new_score: 100e9 + 1 })).toEqual([400, "0x8004431a"]);
    expect(await refused("leads", { estimatedamount: 1e15 })).toEqual([400, "0x8004431a"]);
    expect(await refused("contacts", { new_renewal: "2026-01-01T00:00:00Z" })).toEqual([400, "0x80048d19"]);
    expect(
      await refused("appointments", { scheduledstart: "2026-06-10T09:00:00Z", scheduledend: "2026-06-10T08:00:00Z" }),
    ).toEqual([400, "0x80048d19"]);
    expect(await refused("activityparties", { participationtypemask: 5 })).toEqual([400, "0x80048d19"]);
    expect(await refused("shoes", {})).toEqual([404, "0x8006088a"]);
  });

  test("states change with their reason, a closed record only back again", async () => {
    const id = await created("leads", { subject: "State", statecode: 2 });
    const change = (body: object) => call("PATCH", `leads(${id})`, { body, headers: { "if-match": "*" } });
    expect((await call("GET", `leads(${id})`)).json).toMatchObject({ statecode: 0, statuscode: 1 });
    expect(await refusal(change({ statecode: 2, statuscode: 1 }))).toEqual([400, "0x80048408"]);
    expect((await change({ statecode: 2, statuscode: 4 })).status).toBe(204);
    expect(await refusal(change({ subject: "Changed" }))).toEqual([400, ""]);
    expect((await change({ statecode: 0, statuscode: 1 })).status).toBe(204);
    expect((await change({ subject: "Changed" })).status).toBe(204);
  });

  test("a qualified lead becomes a contact that remembers it", async () => {
    const api = connect("raw");
    const key = await created("leads", { firstname: "Ann", lastname: "Lee" });
    const action = { CreateAccount: false, CreateContact: true, CreateOpportunity: false, Status: -1 };
    const request = { collection: "leads", key, actionName: "Microsoft.Dynamics.CRM.QualifyLead" };
    const { value } = await api.callAction<{ value: Record<string, string>[] }>({ ...request, action });
    expect(value[0]!["@odata.type"]).toBe("#Microsoft.Dynamics.CRM.contact");
    const contact = await api.retrieve({
      collection: "contacts",
      key: value[0]!["contactid"]!,
      select: ["lastname", "_originatingleadid_value"],
    });
    expect(contact).toMatchObject({ lastname: "Lee", _originatingleadid_value: key });
    expect(await api.retrieve({ collection: "leads", key })).toMatchObject({ statecode: 1, statuscode: 3 });
  });

  test("parties come and go with their appointment, and a list of them replaces the one before", async () => {
    const [contact, lead] = [
      await created("contacts", { lastname: "Guest" }),
      await created("leads", { subject: "L" }),
    ];
    const id = await created("appointments", {
      subject: "Parties",
      "regardingobjectid_lead_appointment@odata.bind": `/leads(${lead})`,
      appointment_activity_parties: [
        { participationtypemask: 5, "partyid_contact@odata.bind": `/contacts(${contact})` },
        { participationtypemask: 6, addressused: "guest@outside.example" },
      ],
    });
    const path = `appointments(${id})?$select=subject&$expand=appointment_activity_parties($select=participationtypemask,addressused)`;
    const parties = async () =>
      (await call("GET", path)).json.appointment_activity_parties as Record<string, unknown>[];
    const masks = async () => (await parties()).map((party) => party["participationtypemask"]);
    expect(await masks()).toEqual([5, 6, 8, 9]);
    expect((await parties())[1]).toMatchObject({ addressused: "guest@outside.example" });
    const body = {
      appointment_activity_parties: [{ participationtypemask: 6, "partyid_lead@odata.bind": `/leads(${lead})` }],
    };
    await call("PATCH", `appointments(${id})`, { body });
    expect(await masks()).toEqual([6, 8, 9]);
    await call("DELETE", `leads(${lead})`);
    expect(await masks()).toEqual([9]);
    expect((await call("GET", `activityparties?$filter=_partyid_value eq ${lead}`)).json.value).toEqual([]);
    // Existing rows are also available by a link.
    const { value } = (
      await call(
        "GET",
        `appointments?$select=subject&$filter=activityid eq ${id}&$expand=appointment_activity_parties($select=participationtypemask)`,
      )
    ).json;
    const link = String(value[0]["appointment_activity_parties@odata.nextLink"]).split("/v9.2/")[1]!;
    expect((await call("GET", link)).json.value).toHaveLength(1);
  });
});

describe("queries", () => {
  const account = "queries";

  test("DynamicsWebApi pages to the end, in pages of the size that it asks for", async () => {
    const api = connect(account);
    const request = { collection: "contacts", select: ["fullname"], maxPageSize: 300, orderBy: ["fullname desc"] };
    const pages: number[] = [];
    const ids = new Set<string>();
    let link: string | undefined;
    do {
      const page = await api.retrieveMultiple(request, link);
      pages.push(page.value.length);
      for (const row of page.value) ids.add(row.contactid as string);
      link = page.oDataNextLink;
    } while (link !== undefined);
    expect(pages).toEqual([300, 300, 300, 100]);
    expect(ids.size).toBe(1000);
  });

  test("a page begins after the last row of the previous page, also if that row was deleted", async () => {
    const prefer = { prefer: "odata.maxpagesize=2" };
    const first = await call("GET", "contacts?$select=contactid", { account: "gone", headers: prefer });
    const [one, two] = first.json.value.map((row: { contactid: string }) => row.contactid);
    await call("DELETE", `contacts(${two})`, { account: "gone" });
    const path = String(first.json["@odata.nextLink"]).split("/v9.2/")[1]!;
    const second = await call("GET", path, { account: "gone", headers: prefer });
    expect(second.json.value).toHaveLength(2);
    expect(second.json.value.map((row: { contactid: string }) => row.contactid)).not.toContain(one);
    expect(second.headers.get("preference-applied")).toBe("odata.maxpagesize=2");
  });

  test("an invented paging cookie, or one of another query, is refused", async () => {
    expect(await refusal(call("GET", "contacts?$skiptoken=nonsense"))).toEqual([400, "0x80060888"]);
    const other = await call("GET", "leads?$select=subject", { headers: { prefer: "odata.maxpagesize=1" } });
    const token = String(other.json["@odata.nextLink"]).split("skiptoken=")[1]!;
    expect(await refusal(call("GET", `contacts?$skiptoken=${token}`))).toEqual([400, "0x80060888"]);
  });

  test("$top ends a query; $skip, $search and unknown names are refused", async () => {
    const top = await call("GET", "contacts?$select=fullname&$top=3", { headers: { prefer: "odata.maxpagesize=2" } });
    expect(top.json.value).toHaveLength(3);
    expect(top.json["@odata.nextLink"]).toBeUndefined();
    for (const query of [
      "$skip=1",
      "$search=x",
      "$format=json",
      "$select=shoesize",
      "$orderby=shoesize",
      "$filter=shoesize eq 1",
      "$filter=fullname eq 'x",
      "$filter=fullname is 1",
      "$expand=shoes",
    ]) {
      expect([query, await refusal(call("GET", `contacts?${query}`))]).toEqual([query, [400, "0x80060888"]]);
    }
  });

  test("filters", async () => {
    const names = ["Zorro Ann", "zorro O'Brien", "Zorro 100%", "Zorro 1000"];
    for (const lastname of names)
      await created("contacts", { lastname, jobtitle: lastname.length > 10 ? "Long" : null }, account);
    const found = async (filter: string) => {
      const { value } = await connect(account).retrieveMultiple({
        collection: "contacts",
        select: ["lastname"],
        filter: `startswith(lastname,'ZORRO') and (${filter})`,
        orderBy: ["lastname"],
      });
      return value.map((row) => row.lastname);
    };
    expect(await found("lastname eq 'ZORRO ann'")).toEqual(["Zorro Ann"]);
    expect(await found("contains(lastname,'o''b')")).toEqual(["zorro O'Brien"]);
    // A wildcard, the character itself, and a comparison, which has no wildcards.
    expect(await found("contains(lastname,'100%')")).toEqual(["Zorro 100%", "Zorro 1000"]);
    expect(await found("contains(lastname,'100[%]')")).toEqual(["Zorro 100%"]);
    expect(await found("lastname eq 'Zorro 100%'")).toEqual(["Zorro 100%"]);
    expect(await found("contains(lastname,'[0-1]00')")).toEqual(["Zorro 100%", "Zorro 1000"]);
    expect(await found("endswith(lastname,'nn') or not (jobtitle ne null)")).toEqual([
      "Zorro 100%",
      "Zorro 1000",
      "Zorro Ann",
    ]);
    expect(await found("jobtitle eq null and lastname ne 'Zorro Ann'")).toEqual(["Zorro 100%", "Zorro 1000"]);
    expect(await found("createdon ge 2026-11-20T00:00:00Z and createdon lt 2026-11-21T00:00:00Z")).toHaveLength(4);
    expect(await found("owninguser/fullname eq '# crmesh' and statecode eq 0")).toHaveLength(4);
    expect(await found("parentcustomerid_account/name ne null")).toEqual([]);
  });

  test("In() takes a column by its own name, its values as JSON", async () => {
    const { value } = await connect(account).retrieveMultiple({
      collection: "leads",
      select: ["_parentcontactid_value"],
      filter: "_parentcontactid_value ne null",
      top: 2,
    });
    const contacts = value.map((row) => String(row._parentcontactid_value));
    const query = (column: string) =>
      `leads?$select=_parentcontactid_value&$filter=Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)&@p1='${column}'&@p2=${encodeURIComponent(JSON.stringify(contacts))}`;
    const { json } = await call("GET", query("parentcontactid"), { account });
    expect(json.value.map((row: Record<string, string>) => row["_parentcontactid_value"]).sort()).toEqual(
      contacts.sort(),
    );
    expect((await call("GET", query("_parentcontactid_value"), { account })).status).toBe(400);
    const inline = `leads?$filter=Microsoft.Dynamics.CRM.In(PropertyName='parentcontactid',PropertyValues=["${contacts[0]}"])`;
    expect((await call("GET", inline, { account })).json.value).toHaveLength(1);
  });

  test("annotations are returned if they are requested", async () => {
    const path = "contacts?$select=_ownerid_value,statecode&$top=1";
    const plain = (await call("GET", path)).json.value[0];
    expect(Object.keys(plain).sort()).toEqual(["@odata.etag", "_ownerid_value", "contactid", "statecode"]);
    const prefer =
      'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"';
    const told = (await call("GET", path, { headers: { prefer } })).json.value[0];
    expect(told["statecode@OData.Community.Display.V1.FormattedValue"]).toBe("Active");
    expect(told["_ownerid_value@OData.Community.Display.V1.FormattedValue"]).toEqual(expect.any(String));
    expect(["systemuser", "team"]).toContain(told["_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"]);
  });

  test("DynamicsWebApi counts", async () => {
    const api = connect(account);
    expect(await api.count({ collection: "leads" })).toBe(300);
  });
});

describe("definitions", () => {
  test("tell the organization's own columns from the others, days from moments, and what can be chosen", async () => {
    const api = connect("definitions");
    const select = ["LogicalName", "AttributeType", "AttributeTypeName", "IsCustomAttribute", "DisplayName"];
    const { value } = await api.retrieveAttributes({ entityKey: "LogicalName='contact'", select });
    const own = value.filter((column) => column.IsCustomAttribute);
    expect(own.map((column) => [column.LogicalName, column.AttributeTypeName.Value])).toContainEqual([
      "new_interests",
      "MultiSelectPicklistType",
    ]);
    expect(own.find((column) => column.LogicalName === "new_score").DisplayName.UserLocalizedLabel.Label).toBe("Score");
    const dates = await api.retrieveAttributes({
      entityKey: "LogicalName='contact'",
      castType: "Microsoft.Dynamics.CRM.DateTimeAttributeMetadata",
      select: ["LogicalName", "DateTimeBehavior"],
    });
    expect(dates.value.find((column) => column.LogicalName === "new_renewal").DateTimeBehavior.Value).toBe("DateOnly");
    const status = await api.retrieveAttribute({
      entityKey: "LogicalName='lead'",
      attributeKey: "LogicalName='statuscode'",
      castType: "Microsoft.Dynamics.CRM.StatusAttributeMetadata",
      expand: [{ property: "OptionSet", select: ["Options"] }],
    });
    expect(status.OptionSet.Options).toContainEqual(expect.objectContaining({ Value: 100000000, State: 0 }));
    expect((await call("GET", "EntityDefinitions(LogicalName='shoe')/Attributes")).status).toBe(404);
  });
});

describe("refusals", () => {
  test("without a good token: 401, whatever the body", async () => {
    const expired = tokenOf("expiring");
    clock += HOUR;
    try {
      const answer = await call("GET", "WhoAmI", { token: expired });
      expect([answer.status, answer.text]).toEqual([401, ""]);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer authorization_uri=/);
    } finally {
      clock = NOW;
    }
    const unknown = await call("GET", "WhoAmI", { token: "nonsense" });
    expect([unknown.status, unknown.json]).toEqual([401, null]);
    expect((await call("GET", "WhoAmI", { token: expired })).status).toBe(200);
  });

  test("a missing privilege: 403", async () => {
    const headers = { "x-sandbox-fault": "PROVIDER_AUTH_FAILED" };
    expect(await refusal(call("GET", "contacts", { headers }))).toEqual([403, "0x80040220"]);
  });

  test.each([
    ["twins", 412],
    ["twins-500", 500],
  ])("duplicates are looked for where a caller does not suppress it (%s)", async (account, status) => {
    const body = { lastname: "Twin", emailaddress1: "twin@example.com" };
    const headers = { "mscrm.suppressduplicatedetection": "false" };
    expect((await call("POST", "contacts", { account, body, headers })).status).toBe(204);
    expect((await call("POST", "contacts", { account, body })).status).toBe(204);
    expect(await refusal(call("POST", "contacts", { account, body, headers }))).toEqual([status, "0x80040333"]);
    expect(
      await failure(connect(account).create({ collection: "contacts", data: body, duplicateDetection: true })),
    ).toEqual([status, "0x80040333"]);
  });

  test("more than 6000 requests in five minutes: 429 with the wait", async () => {
    let now = NOW;
    const strict = await startSandboxServer(dynamics365Sandbox, { now: () => now, limits: "enforce" });
    try {
      const raw = {
        account: "busy",
        origin: strict.origin,
        token: dynamics365Sandbox.credentials("busy", strict.origin, now)["accessToken"]!,
      };
      const first = await call("GET", "WhoAmI", raw);
      expect(first.headers.get("x-ms-ratelimit-burst-remaining-xrm-requests")).toBe("5999");
      for (let batch = 0; batch < 60; batch += 1) {
        await Promise.all(Array.from({ length: 100 }, () => call("GET", "WhoAmI", raw)));
      }
      now += 100_000;
      const refused = await call("GET", "WhoAmI", raw);
      expect([refused.status, refused.json.error.code, refused.headers.get("retry-after")]).toEqual([
        429,
        "0x80072322",
        "200",
      ]);
      now += 200_000;
      expect((await call("GET", "WhoAmI", raw)).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

describe("consent at Microsoft Entra ID", () => {
  const AUTHORITY = "/organizations/oauth2/v2.0";
  const SECRET = { client_id: CLIENT.id, client_secret: CLIENT.secret };
  const scope = "https://contoso.crm4.dynamics.com/user_impersonation offline_access";

  const authorize = (parameters: Record<string, string>) =>
    openPage(
      `${server.origin}${AUTHORITY}/authorize?${new URLSearchParams({
        client_id: CLIENT.id,
        redirect_uri: REDIRECT_URI,
        response_type: "code",
        state: "s",
        ...parameters,
      })}`,
    );
  const token = (form: Record<string, string>) =>
    postForm(`${server.origin}${AUTHORITY}/token`, { ...SECRET, ...form });

  async function codeFor(account: string): Promise<string> {
    const page = await authorize({ scope, code_challenge: challengeOf(VERIFIER), code_challenge_method: "S256" });
    expect(textOf(page)).toContain("https://contoso.crm4.dynamics.com/user_impersonation");
    return locationOf(await submit(page, { button: "Accept", typed: { account } })).searchParams.get("code")!;
  }

  const exchange = (code: string, more: Record<string, string> = {}) =>
    token({ grant_type: "authorization_code", code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER, ...more });

  test("a code becomes tokens, the tokens open the environment, and new ones come while the old are good", async () => {
    const { status, body } = await exchange(await codeFor("consenting"));
    expect([status, body]).toEqual([
      200,
      {
        token_type: "Bearer",
        scope: "https://contoso.crm4.dynamics.com/user_impersonation",
        expires_in: 3599,
        ext_expires_in: 3599,
        access_token: expect.any(String),
        refresh_token: expect.any(String),
      },
    ]);
    const api = connect("", String(body["access_token"]));
    expect(await api.count({ collection: "contacts" })).toBe(1000);
    const old = String(body["refresh_token"]);
    const seen = new Set([old]);
    let latest = old;
    for (let round = 0; round < 3; round += 1) {
      const refreshed = await token({ grant_type: "refresh_token", refresh_token: latest });
      expect(refreshed.status).toBe(200);
      latest = String(refreshed.body["refresh_token"]);
      seen.add(latest);
    }
    expect(seen.size).toBe(4);
    expect((await token({ grant_type: "refresh_token", refresh_token: old })).status).toBe(200);
    expect(server.refreshes("consenting")).toBe(4);
  });

  test("what is wrong with a call for tokens is said in OAuth's words", async () => {
    const code = await codeFor("wrong");
    const errorOf = async (answer: ReturnType<typeof token>) => {
      const { status, body } = await answer;
      return [status, body["error"]];
    };
    expect(await errorOf(exchange(code, { client_secret: "x" }))).toEqual([401, "invalid_client"]);
    expect(await errorOf(exchange(code, { code_verifier: "x".repeat(50) }))).toEqual([400, "invalid_grant"]);
    expect(await errorOf(exchange("nonsense"))).toEqual([400, "invalid_grant"]);
    expect((await exchange(code)).status).toBe(200);
    expect(await errorOf(exchange(code))).toEqual([400, "invalid_grant"]);
    expect(await errorOf(token({ grant_type: "refresh_token", refresh_token: "nonsense" }))).toEqual([
      400,
      "invalid_grant",
    ]);
    expect(await errorOf(token({ grant_type: "password" }))).toEqual([400, "unsupported_grant_type"]);
  });

  test("the app gets the error if a user declines or a scope does not exist", async () => {
    const declined = locationOf(await submit(await authorize({ scope }), { button: "Cancel" })).searchParams;
    expect([declined.get("error"), declined.get("state")]).toEqual(["access_denied", "s"]);
    expect(locationOf(await authorize({ scope: "shoes" })).searchParams.get("error")).toBe("invalid_scope");
  });

  test("when the user takes the app's access back, its tokens end; there is no endpoint for it", async () => {
    const { body } = await exchange(await codeFor("revoking"));
    server.revoke("revoking");
    expect((await call("GET", "WhoAmI", { token: String(body["access_token"]) })).status).toBe(401);
    const refused = await token({ grant_type: "refresh_token", refresh_token: String(body["refresh_token"]) });
    expect([refused.status, refused.body["error"]]).toEqual([400, "invalid_grant"]);
    expect((await postForm(`${server.origin}${AUTHORITY}/revoke`, SECRET)).status).toBe(404);
  });

  test("the token endpoint has its own words for faults", async () => {
    const form = {
      ...SECRET,
      grant_type: "refresh_token",
      refresh_token: dynamics365Sandbox.credentials("f", "", clock)["refreshToken"]!,
    };
    const answer = async (fault: string) =>
      (await postForm(`${server.origin}${AUTHORITY}/token`, form, { "x-sandbox-fault": fault })).status;
    expect(await answer("PROVIDER_ERROR")).toBe(500);
    expect(await answer("PROVIDER_UNAVAILABLE")).toBe(503);
    expect(await answer("NEEDS_REAUTH")).toBe(400);
    expect(await answer("PROVIDER_AUTH_FAILED")).toBe(200);
  });
});
