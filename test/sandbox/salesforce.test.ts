import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import jsforce from "jsforce";
import { createSalesforceSandbox, salesforceSandbox } from "../../src/sandbox/crms/salesforce/index.js";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";

const VERSION = "66.0";
const API = `/services/data/v${VERSION}`;
const NOW = Date.UTC(2026, 10, 20, 12, 0, 0);
const HOUR = 60 * 60 * 1000;

let server: SandboxServer;
let clock = NOW;

beforeAll(async () => {
  server = await startSandboxServer(salesforceSandbox, { now: () => clock });
});

afterAll(() => server.close());

function connect(account: string) {
  const { accessToken = "" } = salesforceSandbox.credentials(account, server.origin, clock);
  return new jsforce.Connection({ instanceUrl: server.origin, accessToken, version: VERSION });
}

interface Raw {
  account?: string;
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  origin?: string;
}

async function call(method: string, path: string, { account = "raw", token, body, headers, origin }: Raw = {}) {
  const response = await fetch(`${origin ?? server.origin}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token ?? `00Dsandbox-${account}`}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? null : JSON.parse(text), headers: response.headers };
}

const query = (soql: string, raw: Raw = {}) => call("GET", `${API}/query?q=${encodeURIComponent(soql)}`, raw);

async function records(soql: string, account = "raw") {
  const { status, json } = await query(soql, { account });
  expect({ soql, error: status === 200 ? null : json }).toEqual({ soql, error: null });
  return json.records;
}

async function one(soql: string, account = "raw") {
  const rows = await records(soql, account);
  expect({ soql, found: rows.length }).toEqual({ soql, found: 1 });
  return rows[0];
}

const create = (type: string, body: object, raw: Raw = {}) => call("POST", `${API}/sobjects/${type}`, { ...raw, body });

async function created(type: string, body: object, account = "raw"): Promise<string> {
  const { status, json } = await create(type, body, { account });
  expect({ status, json }).toEqual({ status: 201, json: { id: expect.any(String), success: true, errors: [] } });
  return json.id;
}

/** Returns the content of a refusal, without texts on which callers cannot rely. */
async function refusal(answer: Promise<{ status: number; json: { errorCode: string; fields?: string[] }[] }>) {
  const { status, json } = await answer;
  return { status, errors: json.map(({ errorCode, fields }) => (fields ? [errorCode, ...fields] : [errorCode])) };
}

describe("seeded records, through jsforce", () => {
  const account = "seeded";
  const seed = seedAccount(account);
  const connection = () => connect(account);

  test("every person is a contact, none without a last name", async () => {
    const found = await connection()
      .query("SELECT Id, FirstName, LastName, Name, Email, Phone, MobilePhone, Account.Name, Owner.Email FROM Contact")
      .execute({ autoFetch: true, maxFetch: 5000 });
    expect(found.totalSize).toBe(seed.people.length);
    expect(found.records).toHaveLength(seed.people.length);
    found.records.forEach((row, index) => {
      const person = seed.people[index]!;
      const names = person.lastName === null ? [null, person.firstName] : [person.firstName, person.lastName];
      expect([row.FirstName, row.LastName]).toEqual(names);
      expect(row.Name).toBe(names.filter(Boolean).join(" "));
      expect(row.Email).toBe(person.emails[0] ?? null);
      expect(row.MobilePhone).toBe(person.mobile);
      expect(row.Account.Name).toBe(person.company);
      expect(row.Owner.Email).toBe(
        person.owner === null ? "integration@example.com" : seed.owners[person.owner]!.email,
      );
    });
  });

  test("leads have the status of their seed, and converted ones lead to their contact", async () => {
    const found = await connection().query(
      "SELECT Status, IsConverted, ConvertedDate, ConvertedContact.Email, ConvertedContactId, AnnualRevenue, Owner.Type, Owner.Email FROM Lead",
    );
    expect(found.totalSize).toBe(seed.leads.length);
    found.records.forEach((row, index) => {
      const lead = seed.leads[index]!;
      const converted = lead.status === "converted";
      expect(row.IsConverted).toBe(converted);
      expect(row.Status === "Closed - Converted").toBe(converted);
      expect(row.ConvertedDate === null).toBe(!converted);
      if (converted) expect(row.ConvertedContact.Email).toBe(seed.people[lead.person]!.emails[0] ?? null);
      else expect(row.ConvertedContactId).toBeNull();
      expect(row.AnnualRevenue).toBe(lead.value);
      // A lead without a user as owner is in a queue, which has no e-mail address.
      expect(row.Owner.Type).toBe(lead.owner === null ? "Queue" : "User");
      expect(row.Owner.Email).toBe(lead.owner === null ? null : seed.owners[lead.owner]!.email);
    });
    const statuses = await connection().query(
      "SELECT ApiName, IsDefault, IsConverted FROM LeadStatus ORDER BY SortOrder",
    );
    expect(statuses.records.map((row) => [row.ApiName, row.IsDefault, row.IsConverted])).toEqual([
      ["Open - Not Contacted", true, false],
      ["Working - Contacted", false, false],
      ["Closed - Converted", false, true],
      ["Closed - Not Converted", false, false],
    ]);
  });

  test("meetings are events with all their people, and times that agree", async () => {
    const found = await connection().query(
      `SELECT Id, Subject, StartDateTime, EndDateTime, DurationInMinutes, ActivityDate, ActivityDateTime, IsAllDayEvent,
       Who.Name, (SELECT RelationId, Relation.Email, Relation.Type, Status FROM EventRelations WHERE IsDeleted = false)
       FROM Event WHERE IsChild = false`,
    );
    expect(found.totalSize).toBe(seed.meetings.length);
    found.records.forEach((row, index) => {
      const meeting = seed.meetings[index]!;
      expect(row.Subject).toBe(meeting.title);
      expect(row.StartDateTime).toBe(new Date(meeting.start).toISOString().replace("Z", "+0000"));
      expect(Date.parse(row.EndDateTime)).toBe(meeting.end);
      expect(row.DurationInMinutes * 60_000).toBe(meeting.end - meeting.start);
      expect(row.ActivityDateTime).toBe(row.StartDateTime);
      expect(row.ActivityDate).toBe(new Date(meeting.start).toISOString().slice(0, 10));
      expect(row.IsAllDayEvent).toBe(meeting.allDay);
      const people = row.EventRelations.records.filter((relation: { Relation: { Type: string } }) =>
        ["Contact", "Lead"].includes(relation.Relation.Type),
      );
      const expected = meeting.lead === null ? meeting.people : [seed.leads[meeting.lead]!.person];
      expect(people.map((relation: { Relation: { Email: string } }) => relation.Relation.Email)).toEqual(
        expected.map((person) => seed.people[person]!.emails[0] ?? null),
      );
    });
  });

  test("an invited user has a separate event, marked as a child", async () => {
    const children = await records("SELECT Subject, OwnerId, IsGroupEvent FROM Event WHERE IsChild = true", account);
    expect(children).toHaveLength(seed.meetings.length / 10);
    expect(children[0]).toMatchObject({ Subject: seed.meetings[0]!.title, IsGroupEvent: true });
  });

  test("accounts are separate orgs", async () => {
    const ours = await one("SELECT Id FROM Contact LIMIT 1", account);
    const theirs = await one("SELECT Id FROM Contact LIMIT 1", "another");
    expect(ours.Id).not.toBe(theirs.Id);
    await expect(connect("another").retrieve("Contact", ours.Id)).rejects.toMatchObject({ errorCode: "NOT_FOUND" });
  });
});

describe("paging", () => {
  test("jsforce follows pages of the size it asks for", async () => {
    const pages: number[] = [];
    const connection = connect("paging");
    const headers = { "Sforce-Query-Options": "batchSize=300" };
    let page = await connection.query("SELECT Id FROM Contact", { headers });
    pages.push(page.records.length);
    const ids = new Set(page.records.map((row) => row.Id));
    while (!page.done) {
      page = await connection.queryMore(page.nextRecordsUrl!);
      pages.push(page.records.length);
      page.records.forEach((row) => ids.add(row.Id));
    }
    expect(pages).toEqual([300, 300, 300, 100]);
    expect(ids.size).toBe(1000);
  });

  test("a page holds fewer records where sub-selects fill it", async () => {
    const soql = "SELECT Id, (SELECT Id FROM EventRelations) FROM Event";
    const { json } = await query(soql, { headers: { "sforce-query-options": "batchSize=200" } });
    expect(json.done).toBe(false);
    expect(json.records.length).toBeLessThan(200);
    expect(json.nextRecordsUrl).toMatch(new RegExp(`^${API}/query/\\w+-${json.records.length}$`));
    const next = await call("GET", json.nextRecordsUrl);
    expect(json.records.at(-1).Id).not.toBe(next.json.records[0].Id);
    expect(next.json.totalSize).toBe(json.totalSize);
  });

  test("LIMIT and OFFSET; an OFFSET beyond 2000 is refused", async () => {
    const all = await records("SELECT Id FROM Contact ORDER BY Name, Id LIMIT 10");
    const some = await records("SELECT Id FROM Contact ORDER BY Name, Id LIMIT 3 OFFSET 4");
    expect(some).toEqual(all.slice(4, 7));
    expect(await refusal(query("SELECT Id FROM Contact OFFSET 2001"))).toEqual({
      status: 400,
      errors: [["NUMBER_OUTSIDE_VALID_RANGE"]],
    });
  });

  test("a locator that nobody gave out is refused, other accounts' ones included", async () => {
    const { json } = await query("SELECT Id FROM Contact", { headers: { "sforce-query-options": "batchSize=200" } });
    const invalid = { status: 400, errors: [["INVALID_QUERY_LOCATOR"]] };
    expect(await refusal(call("GET", json.nextRecordsUrl, { account: "another" }))).toEqual(invalid);
    expect(await refusal(call("GET", `${API}/query/01gXX-2000`))).toEqual(invalid);
    expect(await refusal(call("GET", json.nextRecordsUrl.replace(/-\d+$/, "-99999")))).toEqual(invalid);
  });
});

describe("SOQL", () => {
  const account = "soql";
  const names = async (where: string) =>
    (
      await records(`SELECT LastName FROM Contact WHERE AccountId = null AND (${where}) ORDER BY LastName`, account)
    ).map((row: { LastName: string }) => row.LastName);

  beforeAll(async () => {
    const rows = [
      { LastName: "O'Brien", Email: "ob@example.com", Department: "50%", Crmesh_Score__c: 1.5 },
      { LastName: "Back\\slash", Email: "BACK@example.com", Department: "a_b", Birthdate: "1990-02-28" },
      { LastName: "line\nbreak", Department: "aXb", DoNotCall: true, Crmesh_Score__c: -2 },
      { LastName: "Zoë", Birthdate: "1990-03-01", Crmesh_Score__c: 10 },
    ];
    for (const row of rows) await created("Contact", row, account);
  });

  test("compares texts without regard to case, and knows the escapes", async () => {
    expect(await names("LastName = 'o\\'brien'")).toEqual(["O'Brien"]);
    expect(await names("LastName = 'BACK\\\\SLASH'")).toEqual(["Back\\slash"]);
    expect(await names("LastName = 'line\\nbreak'")).toEqual(["line\nbreak"]);
    expect(await names("LastName = 'ZO\\u00cb'")).toEqual(["Zoë"]);
    expect(await names("Email IN ('back@EXAMPLE.com', 'nobody@example.com')")).toEqual(["Back\\slash"]);
  });

  test("LIKE has wildcards, and takes escaped ones as they are", async () => {
    expect(await names("Department LIKE 'A_B'")).toEqual(["Back\\slash", "line\nbreak"]);
    expect(await names("Department LIKE 'a\\_b'")).toEqual(["Back\\slash"]);
    expect(await names("Department LIKE '50\\%'")).toEqual(["O'Brien"]);
    expect(await names("LastName LIKE '%b%n'")).toEqual(["O'Brien"]);
    expect(await names("LastName LIKE '%'")).toHaveLength(4);
  });

  test("numbers, booleans, nulls, and dates", async () => {
    expect(await names("Crmesh_Score__c > -2.5 AND Crmesh_Score__c <= 1.5")).toEqual(["line\nbreak", "O'Brien"]);
    expect(await names("DoNotCall = TRUE")).toEqual(["line\nbreak"]);
    expect(await names("Email = null")).toEqual(["line\nbreak", "Zoë"]);
    expect(await names("Birthdate >= 1990-03-01")).toEqual(["Zoë"]);
    // An empty value is neither before nor after any value, but it differs from every value.
    expect(await names("Birthdate < 2999-01-01")).toEqual(["Back\\slash", "Zoë"]);
    expect(await names("Birthdate != 1990-03-01")).toEqual(["Back\\slash", "line\nbreak", "O'Brien"]);
  });

  test("AND, OR, NOT, parentheses, IN and NOT IN", async () => {
    expect(await names("(Email = null OR Department = '50%') AND NOT (DoNotCall = true)")).toEqual(["O'Brien", "Zoë"]);
    expect(await names("NOT LastName LIKE '%e%'")).toEqual(["Back\\slash", "Zoë"]);
    expect(await names("LastName NOT IN ('Zoë', 'O\\'Brien')")).toEqual(["Back\\slash", "line\nbreak"]);
    expect(await refusal(query("SELECT Id FROM Contact WHERE Name = 'a' AND Name = 'b' OR Name = 'c'"))).toEqual({
      status: 400,
      errors: [["MALFORMED_QUERY"]],
    });
  });

  test("date-times take any offset; a + that was not encoded is no date-time", async () => {
    const row = await one("SELECT Id, CreatedDate FROM Contact ORDER BY CreatedDate, Id LIMIT 1", account);
    const at = new Date(Date.parse(row.CreatedDate));
    const utc = at.toISOString();
    const inNewfoundland = `${new Date(at.getTime() - 3.5 * HOUR).toISOString().slice(0, 19)}-03:30`;
    const ahead = `${new Date(at.getTime() + 2 * HOUR).toISOString().slice(0, 19)}+02:00`;
    for (const literal of [utc, inNewfoundland, ahead]) {
      expect(await one(`SELECT Id FROM Contact WHERE CreatedDate <= ${literal}`, account)).toMatchObject({
        Id: row.Id,
      });
      expect(await records(`SELECT Id FROM Contact WHERE CreatedDate < ${literal}`, account)).toEqual([]);
    }
    const soql = `SELECT Id FROM Contact WHERE CreatedDate <= ${ahead}`;
    expect((await call("GET", `${API}/query?q=${soql.replaceAll(" ", "%20")}`, { account })).status).toBe(400);
    expect((await call("GET", `${API}/query?q=${soql.replaceAll(" ", "%20").replace("+", "%2B")}`)).status).toBe(200);
  });

  test("orders by several columns, empty ones where they are wanted", async () => {
    const order = async (by: string) =>
      (await records(`SELECT LastName FROM Contact WHERE AccountId = null ORDER BY ${by}`, account)).map(
        (row: { LastName: string }) => row.LastName,
      );
    expect(await order("DoNotCall DESC, LastName DESC")).toEqual(["line\nbreak", "Zoë", "O'Brien", "Back\\slash"]);
    expect((await order("Crmesh_Score__c ASC NULLS FIRST"))[0]).toBe("Back\\slash");
    expect(await order("Crmesh_Score__c DESC NULLS LAST")).toEqual(["Zoë", "O'Brien", "line\nbreak", "Back\\slash"]);
  });

  test("COUNT() and sub-queries on ids", async () => {
    expect((await query("SELECT COUNT() FROM Event WHERE IsChild = false")).json).toEqual({
      totalSize: 200,
      done: true,
      records: [],
    });
  });

  test("keyset paging by Id", async () => {
    const first = await records("SELECT Id FROM Lead ORDER BY Id LIMIT 100");
    const next = await records(`SELECT Id FROM Lead WHERE Id > '${first[99].Id}' ORDER BY Id LIMIT 500`);
    expect(next).toHaveLength(200);
  });

  test.each([
    ["SELECT Nope FROM Contact", "INVALID_FIELD"],
    ["SELECT Id FROM Contact WHERE Nope = 'x'", "INVALID_FIELD"],
    ["SELECT Id FROM Contact ORDER BY Nope", "INVALID_FIELD"],
    ["SELECT Nobody.Name FROM Contact", "INVALID_FIELD"],
    ["SELECT Owner.Nope FROM Lead", "INVALID_FIELD"],
    // Only users own contacts, and a user has no Type.
    ["SELECT Owner.Type FROM Contact", "INVALID_FIELD"],
    ["SELECT Id, Id FROM Contact", "INVALID_FIELD"],
    ["SELECT EventWhoIds FROM Event", "INVALID_FIELD"],
    ["SELECT Id FROM Contact WHERE CreatedDate > '2026-01-01T00:00:00Z'", "INVALID_FIELD"],
    ["SELECT Id FROM Contact WHERE LastName = 5", "INVALID_FIELD"],
    ["SELECT Id FROM Contact WHERE Description LIKE '%a%'", "INVALID_FIELD"],
    ["SELECT Id FROM Nothing", "INVALID_TYPE"],
    ["SELECT Id, (SELECT Id FROM Nothings) FROM Event", "MALFORMED_QUERY"],
    ["SELECT Id, (SELECT Id, (SELECT Id FROM EventRelations) FROM EventRelations) FROM Event", "MALFORMED_QUERY"],
    ["", "MALFORMED_QUERY"],
    ["SELECT", "MALFORMED_QUERY"],
    ["SELECT FROM Contact", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact WHERE", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact WHERE Name = 'open", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact WHERE Name = 'bad \\q escape'", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact WHERE Name = 'x' '", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact; DELETE FROM Contact", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact WHERE Id IN ()", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact WHERE Birthdate = 2026-02-30", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact LIMIT -1", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact LIMIT 1.5", "MALFORMED_QUERY"],
    ["DELETE FROM Contact", "MALFORMED_QUERY"],
  ])("%s is refused", async (soql, errorCode) => {
    expect(await refusal(query(soql))).toEqual({ status: 400, errors: [[errorCode]] });
  });

  test("nesting that would take the stack down is refused", async () => {
    const nested = [`${"(".repeat(4000)}Id = null${")".repeat(4000)}`, `${"NOT ".repeat(2000)}Id = null`];
    for (const where of nested) {
      expect(await refusal(query(`SELECT Id FROM Contact WHERE ${where}`))).toEqual({
        status: 400,
        errors: [["MALFORMED_QUERY"]],
      });
    }
  });

  test("names the missing column and its position", async () => {
    const { json } = await query("SELECT Id,\n Nope__c FROM Contact");
    expect(json[0].message).toContain("No such column 'Nope__c' on entity 'Contact'");
    expect(json[0].message).toContain("ERROR at Row:2:Column:2");
  });

  test("a value that breaks out of its quotes finds nothing more", async () => {
    const hostile = "x' OR Name LIKE '%";
    expect(await refusal(query(`SELECT Id FROM Contact WHERE LastName = 'a' AND Name = '${hostile}'`))).toEqual({
      status: 400,
      errors: [["MALFORMED_QUERY"]],
    });
    const escaped = hostile.replaceAll("'", "\\'");
    expect(await records(`SELECT Id FROM Contact WHERE Name = '${escaped}'`)).toEqual([]);
    expect(await records("SELECT Id FROM Contact WHERE Id = '__proto__'")).toEqual([]);
    expect((await query("SELECT __proto__ FROM Contact")).status).toBe(400);
    expect((await query("SELECT constructor FROM Contact")).status).toBe(400);
  });

  test("no LIKE pattern is slow", async () => {
    await created("Contact", { LastName: "slow", Department: "a".repeat(80) }, account);
    const started = process.cpuUsage();
    expect(await records(`SELECT Id FROM Contact WHERE Department LIKE '${"%a".repeat(500)}%b'`, account)).toEqual([]);
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  });

  test("a request line that is too long is refused as such", async () => {
    const ids = Array.from({ length: 800 }, () => "'003000000000001AAA'").join(",");
    const response = await fetch(
      `${server.origin}${API}/query?q=${encodeURIComponent(`SELECT Id FROM Contact WHERE Id IN (${ids})`)}`,
      { headers: { authorization: "Bearer 00Dsandbox-raw" } },
    );
    expect([414, 431]).toContain(response.status);
  });
});

describe("writing, through jsforce", () => {
  const account = "writing";

  test("create, read, update, delete a contact", async () => {
    const contacts = connect(account).sobject("Contact");
    const made = await contacts.create({ LastName: "  Écrit  ", Email: "ecrit@example.com", DoNotCall: true });
    expect(made).toMatchObject({ success: true, errors: [] });
    const id = made.id!;
    expect(id).toMatch(/^003[0-9A-Za-z]{12}[A-Z0-5]{3}$/);
    const before = await contacts.retrieve(id);
    expect(before).toMatchObject({ Id: id, LastName: "Écrit", FirstName: null, Name: "Écrit", DoNotCall: true });
    expect(before.CreatedDate).toBe("2026-11-20T12:00:00.000+0000");

    clock += 90_500;
    await contacts.update({ Id: id, FirstName: "Jürgen", Email: "", Crmesh_Note__c: "hello", Crmesh_Score__c: 2.5 });
    const after = await contacts.retrieve(id.slice(0, 15));
    expect(after).toMatchObject({ Name: "Jürgen Écrit", Email: null, Crmesh_Note__c: "hello", Crmesh_Score__c: 2.5 });
    expect(after.LastModifiedDate).toBe("2026-11-20T12:01:30.000+0000");
    expect(after.SystemModstamp).toBe(after.LastModifiedDate);
    expect(after.CreatedDate).toBe(before.CreatedDate);
    const changed = await contacts.find(
      { SystemModstamp: { $gte: jsforce.SfDate.toDateTimeLiteral(new Date(clock - 1000)) } },
      ["Id"],
    );
    expect(changed.map((row) => row.Id)).toEqual([id]);

    await contacts.destroy(id);
    await expect(contacts.retrieve(id)).rejects.toMatchObject({ errorCode: "NOT_FOUND" });
    await expect(contacts.update({ Id: id, FirstName: "x" })).rejects.toMatchObject({ errorCode: "ENTITY_IS_DELETED" });
    await expect(contacts.destroy(id)).rejects.toMatchObject({ errorCode: "ENTITY_IS_DELETED" });
    expect(await contacts.count({ Id: id })).toBe(0);
    const all = await connect(account).query(`SELECT Id, IsDeleted FROM Contact WHERE Id = '${id}'`, { scanAll: true });
    expect(all.records).toMatchObject([{ Id: id, IsDeleted: true }]);
  });

  test("statuses are as in the documentation", async () => {
    const id = await created("Lead", { LastName: "Status", Company: "Co" });
    const path = `${API}/sobjects/Lead/${id}`;
    expect(await call("PATCH", path, { body: { Rating: "Hot" } })).toMatchObject({ status: 204, json: null });
    expect((await call("GET", `${path}?fields=rating,status`)).json).toEqual({
      attributes: { type: "Lead", url: path },
      Id: id,
      Rating: "Hot",
      Status: "Open - Not Contacted",
    });
    // Many clients send a content type even without a body.
    const headers = { "content-type": "application/json" };
    expect(await call("DELETE", path, { headers })).toMatchObject({ status: 204, json: null });
    expect(await refusal(call("GET", path))).toEqual({ status: 404, errors: [["NOT_FOUND"]] });
  });

  test.each<[string, object, (string | undefined)[][]]>([
    ["Contact", { LastName: "x", Website: "https://x.example" }, [["INVALID_FIELD"]]],
    ["Contact", { LastName: "x", IsDeleted: true }, [["INVALID_FIELD_FOR_INSERT_UPDATE", "IsDeleted"]]],
    ["Contact", { LastName: "x", Name: "y" }, [["INVALID_FIELD_FOR_INSERT_UPDATE", "Name"]]],
    ["Contact", { Id: "003000000000001AAA", LastName: "x" }, [["INVALID_FIELD_FOR_INSERT_UPDATE", "Id"]]],
    ["Contact", { FirstName: "x" }, [["REQUIRED_FIELD_MISSING", "LastName"]]],
    ["Contact", { LastName: "   " }, [["REQUIRED_FIELD_MISSING", "LastName"]]],
    ["Lead", {}, [["REQUIRED_FIELD_MISSING", "LastName", "Company"]]],
    ["Lead", { LastName: "x", Company: "y", Status: "Nope" }, [["INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Status"]]],
    ["Lead", { LastName: "x", Company: "y", EventWhoIds: [] }, [["INVALID_FIELD"]]],
    ["Contact", { LastName: "x".repeat(81) }, [["STRING_TOO_LONG", "LastName"]]],
    [
      "Contact",
      { LastName: "x", FirstName: "x".repeat(41), Email: "nobody" },
      [
        ["STRING_TOO_LONG", "FirstName"],
        ["INVALID_EMAIL_ADDRESS", "Email"],
      ],
    ],
    ["Contact", { LastName: "x", AccountId: "nonsense" }, [["MALFORMED_ID", "AccountId"]]],
    ["Contact", { LastName: "x", AccountId: "003000000000001AAA" }, [["MALFORMED_ID", "AccountId"]]],
    ["Contact", { LastName: "x", AccountId: "001000000000001AAA" }, [["INVALID_CROSS_REFERENCE_KEY", "AccountId"]]],
    ["Contact", { LastName: 5 }, [["JSON_PARSER_ERROR"]]],
    ["Contact", { LastName: "x", Birthdate: "1990-02-30" }, [["JSON_PARSER_ERROR"]]],
    ["Contact", { LastName: "x", DoNotCall: "perhaps" }, [["JSON_PARSER_ERROR"]]],
    ["Event", { Subject: "x" }, [["REQUIRED_FIELD_MISSING", "DurationInMinutes", "ActivityDateTime"]]],
    ["Event", { StartDateTime: "2026-01-01T10:00:00Z" }, [["REQUIRED_FIELD_MISSING", "DurationInMinutes"]]],
    ["Event", { IsAllDayEvent: true }, [["REQUIRED_FIELD_MISSING", "ActivityDateTime"]]],
    [
      "Event",
      { StartDateTime: "2026-01-01T10:00:00Z", EndDateTime: "2026-01-01T09:00:00Z" },
      [["FIELD_INTEGRITY_EXCEPTION", "EndDateTime"]],
    ],
    [
      "Event",
      { StartDateTime: "2026-01-01T10:00:00Z", EndDateTime: "2026-01-01T11:00:00Z", DurationInMinutes: 30 },
      [["FIELD_INTEGRITY_EXCEPTION", "DurationInMinutes", "EndDateTime"]],
    ],
    ["Event", { StartDateTime: "2026-01-01T10:00:00", DurationInMinutes: 30 }, [["JSON_PARSER_ERROR"]]],
    ["LeadStatus", { ApiName: "New" }, [["INSUFFICIENT_ACCESS_OR_READONLY"]]],
    ["User", { LastName: "x" }, [["INSUFFICIENT_ACCESS_OR_READONLY"]]],
  ])("%s %j is refused", async (type, body, errors) => {
    const before = (await query(`SELECT COUNT() FROM ${type}`)).json.totalSize;
    expect(await refusal(create(type, body))).toEqual({ status: 400, errors });
    expect((await query(`SELECT COUNT() FROM ${type}`)).json.totalSize).toBe(before);
  });

  test("an update cannot empty required fields or change a converted lead", async () => {
    const contact = await one("SELECT Id FROM Contact LIMIT 1");
    const path = `${API}/sobjects/Contact/${contact.Id}`;
    for (const field of ["LastName", "OwnerId"]) {
      expect(await refusal(call("PATCH", path, { body: { [field]: null } }))).toEqual({
        status: 400,
        errors: [["REQUIRED_FIELD_MISSING", field]],
      });
    }
    const lead = await one("SELECT Id FROM Lead WHERE IsConverted = true LIMIT 1");
    expect(await refusal(call("PATCH", `${API}/sobjects/Lead/${lead.Id}`, { body: { Rating: "Hot" } }))).toEqual({
      status: 400,
      errors: [["CANNOT_UPDATE_CONVERTED_LEAD"]],
    });
  });

  test("a body that is no JSON object is refused", async () => {
    for (const body of ["{", "[]", '"x"', "null"]) {
      expect(await refusal(call("POST", `${API}/sobjects/Contact`, { body }))).toEqual({
        status: 400,
        errors: [["JSON_PARSER_ERROR"]],
      });
    }
    expect(await refusal(create("Nothing", {}))).toEqual({ status: 404, errors: [["NOT_FOUND"]] });
    expect(await refusal(call("POST", `${API}/actions/standard/convertLead`, { body: {} }))).toEqual({
      status: 404,
      errors: [["NOT_FOUND"]],
    });
  });

  test("a duplicate contact is refused with the existing contact, unless the caller allows duplicates", async () => {
    const account = "duplicates";
    const person = { LastName: "Twin", Email: "twin@example.com" };
    const id = await created("Contact", person, account);
    const twin = { LastName: "TWIN", Email: "Twin@Example.com" };
    const { status, json } = await create("Contact", twin, { account });
    expect(status).toBe(400);
    expect(json).toEqual([
      {
        errorCode: "DUPLICATES_DETECTED",
        message: "Use one of these records?",
        duplicateResult: expect.objectContaining({
          allowSave: true,
          matchResults: [
            expect.objectContaining({
              entityType: "Contact",
              size: 1,
              matchRecords: [expect.objectContaining({ record: { attributes: { type: "Contact" }, Id: id } })],
            }),
          ],
        }),
      },
    ]);
    await created("Contact", { ...person, LastName: "Other" }, account);
    await created("Lead", { ...person, Company: "Co" }, account);
    await created("Lead", { ...person, Company: "Co" }, account);
    const headers = { "Sforce-Duplicate-Rule-Header": "allowSave=true" };
    expect((await create("Contact", twin, { account, headers })).status).toBe(201);
    // An update of another field does not cause the refusal again.
    expect((await call("PATCH", `${API}/sobjects/Contact/${id}`, { account, body: { Title: "x" } })).status).toBe(204);
    expect((await call("PATCH", `${API}/sobjects/Contact/${id}`, { account, body: person })).status).toBe(400);
  });
});

describe("events", () => {
  const account = "events";
  let contactIds: string[];
  let leadId: string;

  beforeAll(async () => {
    contactIds = (await records("SELECT Id FROM Contact LIMIT 60", account)).map((row: { Id: string }) => row.Id);
    leadId = (await one("SELECT Id FROM Lead LIMIT 1", account)).Id;
  });

  const read = (id: string) =>
    one(
      `SELECT WhoId, AccountId, StartDateTime, EndDateTime, ActivityDate, DurationInMinutes, IsAllDayEvent,
       (SELECT RelationId, IsParent FROM EventRelations WHERE IsDeleted = false) FROM Event WHERE Id = '${id}'`,
      account,
    );
  const people = async (id: string) =>
    ((await read(id)).EventRelations?.records ?? []).map((row: { RelationId: string }) => row.RelationId);
  const patch = async (id: string, body: object) => {
    expect(await call("PATCH", `${API}/sobjects/Event/${id}`, { account, body })).toMatchObject({ status: 204 });
  };

  test("a duration makes an end and an end makes a duration, across midnight too", async () => {
    const byDuration = await created(
      "Event",
      { StartDateTime: "2026-06-30T23:30:00Z", DurationInMinutes: 90 },
      account,
    );
    expect(await read(byDuration)).toMatchObject({ EndDateTime: "2026-07-01T01:00:00.000+0000" });
    const byEnd = await created(
      "Event",
      { ActivityDateTime: "2026-06-30T20:00:00.000-03:30", EndDateTime: "2026-07-01T00:00:00+0000" },
      account,
    );
    expect(await read(byEnd)).toMatchObject({ StartDateTime: "2026-06-30T23:30:00.000+0000", DurationInMinutes: 30 });
    await patch(byEnd, { StartDateTime: "2026-08-01T10:00:00Z" });
    expect(await read(byEnd)).toMatchObject({ EndDateTime: "2026-08-01T10:30:00.000+0000", DurationInMinutes: 30 });
    await patch(byEnd, { EndDateTime: "2026-08-01T12:00:00Z" });
    expect(await read(byEnd)).toMatchObject({ DurationInMinutes: 120 });
    const wrong = call("PATCH", `${API}/sobjects/Event/${byEnd}`, {
      account,
      body: { EndDateTime: "2026-08-01T09:59:00Z" },
    });
    expect(await refusal(wrong)).toEqual({ status: 400, errors: [["FIELD_INTEGRITY_EXCEPTION", "EndDateTime"]] });
  });

  test("an all-day event lasts whole days, by default one day", async () => {
    const one = await created("Event", { IsAllDayEvent: true, ActivityDate: "2026-03-29" }, account);
    expect(await read(one)).toMatchObject({
      ActivityDate: "2026-03-29",
      StartDateTime: "2026-03-29T00:00:00.000+0000",
      DurationInMinutes: 1440,
    });
    const three = await created(
      "Event",
      { IsAllDayEvent: true, StartDateTime: "2026-10-24T00:00:00Z", DurationInMinutes: 4320 },
      account,
    );
    expect(await read(three)).toMatchObject({ ActivityDate: "2026-10-24", DurationInMinutes: 4320 });
    await patch(three, { IsAllDayEvent: false, StartDateTime: "2026-10-24T08:00:00Z", DurationInMinutes: 60 });
    expect(await read(three)).toMatchObject({ IsAllDayEvent: false, EndDateTime: "2026-10-24T09:00:00.000+0000" });
  });

  test("EventWhoIds has the people of an event, and the first one is WhoId", async () => {
    const [a, b, c] = contactIds as [string, string, string];
    const times = { StartDateTime: "2026-12-24T10:00:00Z", DurationInMinutes: 30 };
    const id = await created("Event", { ...times, EventWhoIds: [a, b] }, account);
    expect((await read(id)).WhoId).toBe(a);
    expect(await people(id)).toEqual([a, b]);
    const contact = await one(`SELECT AccountId, LastActivityDate FROM Contact WHERE Id = '${b}'`, account);
    expect(contact.LastActivityDate).toBe("2026-12-24");

    await patch(id, { EventWhoIds: [c, b] });
    expect((await read(id)).WhoId).toBe(c);
    expect((await people(id)).toSorted()).toEqual([b, c].toSorted());
    await patch(id, { Subject: "untouched" });
    expect(await people(id)).toHaveLength(2);
    await patch(id, { EventWhoIds: null });
    expect(await read(id)).toMatchObject({ WhoId: null, AccountId: null, EventRelations: null });
  });

  test("a WhoId without EventWhoIds also creates a relation", async () => {
    const times = { StartDateTime: "2026-12-01T10:00:00Z", DurationInMinutes: 30 };
    const id = await created("Event", { ...times, WhoId: leadId.slice(0, 15) }, account);
    expect((await read(id)).WhoId).toBe(leadId);
    expect(await people(id)).toEqual([leadId]);
  });

  test("fifty contacts or one lead", async () => {
    const times = { StartDateTime: "2026-12-01T10:00:00Z", DurationInMinutes: 30 };
    const attempt = (EventWhoIds: unknown) => refusal(create("Event", { ...times, EventWhoIds }, { account }));
    await created("Event", { ...times, EventWhoIds: contactIds.slice(0, 50) }, account);
    const refused = { status: 400, errors: [["FIELD_INTEGRITY_EXCEPTION", "EventWhoIds"]] };
    expect(await attempt(contactIds.slice(0, 51))).toEqual(refused);
    expect(await attempt([leadId, contactIds[0]])).toEqual(refused);
    expect(await attempt(["nonsense"])).toEqual({ status: 400, errors: [["MALFORMED_ID", "EventWhoIds"]] });
    expect((await attempt("nonsense")).errors).toEqual([["JSON_PARSER_ERROR"]]);
  });

  test("an org without Shared Activities knows no EventWhoIds", async () => {
    const account = "events-unshared";
    const times = { StartDateTime: "2026-12-01T10:00:00Z", DurationInMinutes: 30 };
    const contact = await one("SELECT Id FROM Contact LIMIT 1", account);
    const { status, json } = await create("Event", { ...times, EventWhoIds: [contact.Id] }, { account });
    expect(status).toBe(400);
    expect(json).toEqual([
      { message: "No such column 'EventWhoIds' on sobject of type Event", errorCode: "INVALID_FIELD" },
    ]);
    await created("Event", { ...times, WhoId: contact.Id }, account);
  });

  test("invitations: a contact, and a user with a separate event", async () => {
    const times = { StartDateTime: "2026-12-01T10:00:00Z", DurationInMinutes: 30, Subject: "Invited" };
    const EventId = await created("Event", times, account);
    const RelationId = contactIds[5]!;
    const relation = await created("EventRelation", { EventId, RelationId, IsInvitee: true }, account);
    expect(relation).toMatch(/^0RE/);
    const user = await one("SELECT Id FROM User WHERE Email = 'sam@example.com'", account);
    await created("EventRelation", { EventId, RelationId: user.Id, IsInvitee: true }, account);
    const child = await one("SELECT Id, OwnerId FROM Event WHERE Subject = 'Invited' AND IsChild = true", account);
    expect(child.OwnerId).toBe(user.Id);
    expect((await create("EventRelation", { EventId: child.Id, RelationId }, { account })).status).toBe(400);
    await patch(EventId, { Subject: "Moved" });
    expect(await records(`SELECT Id FROM Event WHERE Subject = 'Moved'`, account)).toHaveLength(2);
    expect((await call("DELETE", `${API}/sobjects/Event/${EventId}`, { account })).status).toBe(204);
    expect(await records(`SELECT Id FROM Event WHERE Subject = 'Moved'`, account)).toEqual([]);
    expect(await records(`SELECT Id FROM EventRelation WHERE EventId = '${EventId}'`, account)).toEqual([]);
  });

  test("an event outlives its contact", async () => {
    const LastName = "Leaving";
    const leaving = await created("Contact", { LastName }, account);
    const times = { StartDateTime: "2026-12-01T10:00:00Z", DurationInMinutes: 30 };
    const id = await created("Event", { ...times, EventWhoIds: [leaving, contactIds[0]] }, account);
    await connect(account).sobject("Contact").destroy(leaving);
    expect((await read(id)).WhoId).toBe(contactIds[0]);
    expect(await people(id)).toEqual([contactIds[0]]);
  });
});

describe("collections", () => {
  const account = "collections";

  test("jsforce retrieves many records in the requested order, with null for missing records", async () => {
    const connection = connect(account);
    const rows = await records("SELECT Id FROM Contact ORDER BY Name LIMIT 3", account);
    const ids = rows.map((row: { Id: string }) => row.Id);
    // A well-formed id of another org, from Salesforce's own examples.
    const missing = "003R00000064wdt";
    const found = await connection.retrieve("Contact", [ids[2], missing, ids[0].slice(0, 15)], {
      fields: ["id", "Name"],
    });
    expect(found.map((row) => row?.Id ?? null)).toEqual([ids[2], null, ids[0]]);
  });

  test("the checksum of an id is Salesforce's own", async () => {
    const read = (id: string) =>
      call("POST", `${API}/composite/sobjects/Account`, { body: { ids: [id], fields: ["Id"] } });
    for (const id of ["001R00000064wdtIAA", "001R00000033I6AIAU"]) expect((await read(id)).json).toEqual([null]);
    expect(await refusal(read("001R00000064wdtIAU"))).toEqual({ status: 400, errors: [["MALFORMED_ID"]] });
  });

  test("one malformed id or unknown field fails the whole read", async () => {
    const { Id } = await one("SELECT Id FROM Lead LIMIT 1", account);
    const read = (body: object) => refusal(call("POST", `${API}/composite/sobjects/Lead`, { account, body }));
    expect(await read({ ids: [Id, "garbage"], fields: ["Id"] })).toEqual({ status: 400, errors: [["MALFORMED_ID"]] });
    const wrong = Id.slice(0, 17) + (Id.endsWith("A") ? "B" : "A");
    expect(await read({ ids: [wrong], fields: ["Id"] })).toEqual({ status: 400, errors: [["MALFORMED_ID"]] });
    for (const field of ["Nope", "Owner.Name", "EventWhoIds"]) {
      expect(await read({ ids: [Id], fields: [field] })).toEqual({ status: 400, errors: [["INVALID_FIELD"]] });
    }
    const tooMany = Array.from({ length: 2001 }, () => Id);
    expect((await read({ ids: tooMany, fields: ["Id"] })).status).toBe(400);
    const most = await call("POST", `${API}/composite/sobjects/Lead`, {
      account,
      body: { ids: tooMany.slice(1), fields: ["Id"] },
    });
    expect(most.json).toHaveLength(2000);
  });

  test("create, update and delete many, each with its own result", async () => {
    const connection = connect(account);
    const made = await connection.create("Contact", [
      { LastName: "One" },
      { FirstName: "No last name" },
      { LastName: "Three" },
    ]);
    expect(made.map((result) => result.success)).toEqual([true, false, true]);
    expect(made[1]!.errors).toMatchObject([{ statusCode: "REQUIRED_FIELD_MISSING", fields: ["LastName"] }]);
    const [one, , three] = made.map((result) => result.id ?? "");
    const changed = await connection.update("Contact", [
      { Id: one!, Title: "CEO" },
      { Id: "003R00000064wdt", Title: "nobody" },
      { Id: three!, Nope: 1 },
    ]);
    expect(changed).toMatchObject([
      { id: one, success: true, errors: [] },
      { success: false, errors: [{ statusCode: "INVALID_CROSS_REFERENCE_KEY" }] },
      { success: false, errors: [{ statusCode: "INVALID_FIELD" }] },
    ]);
    const gone = await connection.destroy("Contact", [three!, three!, "garbage"]);
    expect(gone).toMatchObject([
      { id: three, success: true },
      { success: false, errors: [{ statusCode: "ENTITY_IS_DELETED" }] },
      { success: false, errors: [{ statusCode: "MALFORMED_ID" }] },
    ]);
    expect(await connection.retrieve("Contact", [one!, three!], { fields: ["Title"] })).toEqual([
      expect.objectContaining({ Title: "CEO" }),
      null,
    ]);
  });

  test("all or none: one failure undoes the others", async () => {
    const connection = connect(account);
    const count = async () => (await query("SELECT COUNT() FROM Contact", { account })).json.totalSize;
    const before = await count();
    const made = await connection.create("Contact", [{ LastName: "Undone" }, {}], { allOrNone: true });
    expect(made).toMatchObject([
      { success: false, errors: [{ statusCode: "ALL_OR_NONE_OPERATION_ROLLED_BACK" }] },
      { success: false, errors: [{ statusCode: "REQUIRED_FIELD_MISSING" }] },
    ]);
    expect(await count()).toBe(before);
    const kept = await one("SELECT Id FROM Contact LIMIT 1", account);
    await connection.destroy("Contact", [kept.Id, "garbage"], { allOrNone: true });
    expect(await count()).toBe(before);
  });

  test("more than 200 writes are refused", async () => {
    const batch = (length: number) => ({
      records: Array.from({ length }, (_, index) => ({ attributes: { type: "Contact" }, LastName: `Bulk ${index}` })),
    });
    const path = `${API}/composite/sobjects`;
    expect(await refusal(call("POST", path, { account, body: batch(201) }))).toEqual({
      status: 400,
      errors: [["EXCEEDED_ID_LIMIT"]],
    });
    expect((await call("POST", path, { account, body: batch(200) })).json).toHaveLength(200);
  });
});

describe("metadata", () => {
  test("describes readable and writable fields, including custom fields", async () => {
    const connection = connect("metadata");
    const field = async (type: string, name: string) =>
      (await connection.describe(type)).fields.find((candidate) => candidate.name === name);
    expect(await field("Contact", "LastName")).toMatchObject({ nillable: false, createable: true, length: 80 });
    expect(await field("Contact", "Name")).toMatchObject({ createable: false, updateable: false, nameField: true });
    expect(await field("Contact", "Website")).toBeUndefined();
    expect(await field("Lead", "Birthdate")).toBeUndefined();
    expect(await field("Event", "EventWhoIds")).toBeUndefined();
    expect(await field("Event", "Description")).toMatchObject({ length: 32000, filterable: false });
    const status = await field("Lead", "Status");
    expect(status).toMatchObject({ type: "picklist", restrictedPicklist: true, defaultedOnCreate: true });
    expect(status!.picklistValues!.find((value) => value.defaultValue)?.value).toBe("Open - Not Contacted");
    for (const type of ["Contact", "Lead", "Event"]) {
      expect(await field(type, "Crmesh_Note__c")).toMatchObject({ custom: true, label: "Note", type: "string" });
      expect(await field(type, "Crmesh_Score__c")).toMatchObject({ custom: true, label: "Score", type: "double" });
    }
  });

  test("every described field can be read, by query and by id", async () => {
    const connection = connect("metadata");
    for (const type of ["Contact", "Lead", "Event", "EventRelation", "User", "Account", "LeadStatus"]) {
      const { fields } = await connection.describe(type);
      const [row] = (await connection.query(`SELECT ${fields.map(({ name }) => name).join(",")} FROM ${type} LIMIT 1`))
        .records;
      expect(Object.keys(row!)).toEqual(["attributes", ...fields.map(({ name }) => name)]);
      const [same] = await connection.retrieve(type, [row!.Id!]);
      expect(same).toEqual(row);
    }
  });

  test("versions 59 to 68, no others", async () => {
    for (const version of ["v59.0", "v68.0"]) {
      expect((await call("GET", `/services/data/${version}/limits`)).status).toBe(200);
    }
    for (const version of ["v58.0", "v69.0", "v66", "latest"]) {
      expect((await call("GET", `/services/data/${version}/limits`)).status).toBe(404);
    }
  });
});

describe("tokens", () => {
  const token = (form: Record<string, string>) =>
    fetch(`${server.origin}/services/oauth2/token`, { method: "POST", body: new URLSearchParams(form) });
  const app = { client_id: "crmesh-sandbox", client_secret: "sandbox-secret" };

  test("an expired or unknown token is answered in Salesforce's words", async () => {
    const expired = `sf-raw-${clock - 1}`;
    for (const wrong of [expired, "garbage", "sf-raw-", "sf-RAW-9999999999999", "00Dsandbox-", "00Dsandbox-A/../b"]) {
      const { status, json } = await call("GET", `${API}/limits`, { token: wrong });
      expect([status, json]).toEqual([
        401,
        [{ message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" }],
      ]);
    }
    const none = await fetch(`${server.origin}${API}/limits`);
    expect(none.status).toBe(401);
  });

  test("jsforce refreshes a session by itself", async () => {
    const connection = new jsforce.Connection({
      oauth2: { loginUrl: server.origin, clientId: app.client_id, clientSecret: app.client_secret },
      instanceUrl: server.origin,
      accessToken: `sf-tokens-${clock}`,
      refreshToken: salesforceSandbox.credentials("tokens", server.origin, clock).refreshToken!,
      version: VERSION,
    });
    let refreshed = "";
    connection.on("refresh", (accessToken: string) => (refreshed = accessToken));
    expect((await connection.query("SELECT Id FROM User")).totalSize).toBe(5);
    expect(refreshed).toBe(`sf-tokens-${clock + 2 * HOUR}`);
  });

  test("the token answer has Salesforce's shape: no expiry and no new refresh token", async () => {
    const response = await token({ ...app, grant_type: "refresh_token", refresh_token: "sf-rt-tokens" });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      access_token: `sf-tokens-${clock + 2 * HOUR}`,
      instance_url: server.origin,
      id: expect.stringMatching(/\/id\/00D\w{15}\/005\w{15}$/),
      issued_at: String(clock),
      signature: expect.any(String),
      scope: expect.stringContaining("refresh_token"),
      token_type: "Bearer",
    });
  });

  test.each([
    [{ refresh_token: "nonsense" }, "invalid_grant"],
    [{ refresh_token: "sf-rt-" }, "invalid_grant"],
    [{ client_id: "somebody" }, "invalid_client_id"],
    [{ client_secret: "wrong" }, "invalid_client"],
    [{ grant_type: "password" }, "unsupported_grant_type"],
  ])("%j is refused with %s", async (wrong, error) => {
    const form = { ...app, grant_type: "refresh_token", refresh_token: "sf-rt-tokens", ...wrong };
    const response = await token(form);
    expect([response.status, await response.json()]).toMatchObject([400, { error }]);
  });
});

describe("limits", () => {
  test("are counted per account and reported with every answer", async () => {
    const first = await call("GET", `${API}/limits`, { account: "counted" });
    expect(first.headers.get("sforce-limit-info")).toBe("api-usage=1/15000");
    expect(first.json.DailyApiRequests).toEqual({ Max: 15000, Remaining: 14999 });
    const refused = await query("SELECT", { account: "counted" });
    expect(refused.headers.get("sforce-limit-info")).toBe("api-usage=2/15000");
  });

  test("are enforced if requested, for 24 hours", async () => {
    let now = NOW;
    const strict = await startSandboxServer(createSalesforceSandbox({ dailyRequests: 3 }), {
      now: () => now,
      limits: "enforce",
    });
    try {
      const read = (account: string) => call("GET", `${API}/limits`, { account, origin: strict.origin });
      for (let index = 0; index < 3; index++) expect((await read("strict")).status).toBe(200);
      const { status, json, headers } = await read("strict");
      expect([status, json]).toEqual([
        403,
        [{ message: "TotalRequests Limit exceeded.", errorCode: "REQUEST_LIMIT_EXCEEDED" }],
      ]);
      expect(headers.get("retry-after")).toBeNull();
      expect((await read("other")).status).toBe(200);
      now += 25 * HOUR;
      expect((await read("strict")).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

describe("faults", () => {
  test.each([
    ["PROVIDER_ERROR", 500, "UNKNOWN_EXCEPTION"],
    ["PROVIDER_RATE_LIMITED", 403, "REQUEST_LIMIT_EXCEEDED"],
    ["PROVIDER_UNAVAILABLE", 503, "SERVER_UNAVAILABLE"],
    ["PROVIDER_AUTH_FAILED", 403, "API_DISABLED_FOR_ORG"],
    ["NEEDS_REAUTH", 401, "INVALID_SESSION_ID"],
  ])("%s is spoken as %i %s", async (fault, status, errorCode) => {
    const answer = call("GET", `${API}/limits`, { headers: { "x-sandbox-fault": fault } });
    expect(await refusal(answer)).toEqual({ status, errors: [[errorCode]] });
  });

  test("the token endpoint refuses the grant, and is untouched by a missing permission", async () => {
    const refresh = (fault: string) =>
      fetch(`${server.origin}/services/oauth2/token`, {
        method: "POST",
        headers: { "x-sandbox-fault": fault },
        body: new URLSearchParams({
          grant_type: "refresh_token",
          refresh_token: "sf-rt-faults",
          client_id: "crmesh-sandbox",
          client_secret: "sandbox-secret",
        }),
      });
    const refused = await refresh("NEEDS_REAUTH");
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: "invalid_grant", error_description: "expired access/refresh token" },
    ]);
    expect((await refresh("PROVIDER_AUTH_FAILED")).status).toBe(200);
    expect((await refresh("PROVIDER_UNAVAILABLE")).status).toBe(503);
  });
});
