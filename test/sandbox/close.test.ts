import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { apiKeyOf, closeSandbox } from "../../src/sandbox/crms/close/index.js";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";
import { locationOf, openPage, submit, textOf } from "./browser.js";
import { challengeOf, CLIENT, postForm, REDIRECT_URI, VERIFIER } from "./oauth-apps.js";

/** Close has no SDK for JavaScript, so these tests call its API with fetch, as its documentation describes. */

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0);
const HOUR = 60 * 60 * 1000;

let server: SandboxServer;
let clock = NOW;

beforeAll(async () => {
  server = await startSandboxServer(closeSandbox, { now: () => clock });
});

afterAll(() => server.close());

/** Returns the unchanged answer of the API. */
type Json = ReturnType<typeof JSON.parse>;

interface Raw {
  account?: string;
  authorization?: string;
  body?: unknown;
  headers?: Record<string, string>;
  origin?: string;
}

const basic = (key: string, password = "") => `Basic ${Buffer.from(`${key}:${password}`).toString("base64")}`;

async function call(method: string, path: string, raw: Raw = {}) {
  const { account = "raw", body, headers, origin = server.origin } = raw;
  const response = await fetch(path.startsWith("/__") ? `${origin}${path}` : `${origin}/api/v1${path}`, {
    method,
    redirect: "manual",
    headers: {
      authorization: raw.authorization ?? basic(apiKeyOf(account)),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? null : JSON.parse(text), headers: response.headers };
}

async function ok(method: string, path: string, raw: Raw = {}): Promise<Json> {
  const { status, json } = await call(method, path, raw);
  expect({ path, status, error: status === 200 ? null : json }).toEqual({ path, status: 200, error: null });
  return json;
}

/** Reads all pages with `_skip` and `_limit`. */
async function everything(path: string, account = "raw"): Promise<Json[]> {
  const records: Json[] = [];
  for (let more = true; more;) {
    const page = await ok("GET", `${path}?_skip=${records.length}&_limit=100`, { account });
    records.push(...(page["data"] as Json[]));
    more = page["has_more"] as boolean;
  }
  return records;
}

const search = (body: Json, raw: Raw = {}) => call("POST", "/data/search/", { ...raw, body });

async function found(query: Json, more: Json = {}, raw: Raw = {}): Promise<Json[]> {
  return (await ok("POST", "/data/search/", { ...raw, body: { query, ...more } }))["data"] as Json[];
}

const ofType = (type: string, ...queries: Json[]) => ({
  type: "and",
  queries: [{ type: "object_type", object_type: type }, ...queries],
});
const where = (type: string, name: string, condition: Json) => ({
  type: "field_condition",
  field: { type: "regular_field", object_type: type, field_name: name },
  condition,
});

const MISSING = "0".repeat(43);

describe("seeded records", () => {
  const account = "seeded";
  const seed = seedAccount(account);

  test("every person is a contact in a lead, and every lead of the seed a company", async () => {
    const contacts = await everything("/contact/", account);
    const leads = new Map((await everything("/lead/", account)).map((lead) => [lead["id"], lead]));
    expect(contacts).toHaveLength(seed.people.length);
    expect(leads.size).toBe(seed.leads.length + 5);
    const byEmail = new Map(contacts.map((contact) => [contact["emails"][0]?.email, contact]));
    for (const person of seed.people.filter(({ emails }) => emails.length > 0)) {
      const contact = byEmail.get(person.emails[0])!;
      expect(contact["name"]).toBe([person.firstName, person.lastName].filter(Boolean).join(" "));
      expect(contact["emails"].map(({ email }: Json) => email)).toEqual(person.emails);
      const lead = leads.get(contact["lead_id"])!;
      expect(lead["contact_ids"]).toContain(contact["id"]);
      expect(lead["display_name"]).toMatch(
        new RegExp(`^${person.company.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")} \\d+$`),
      );
    }
  });

  test("a lead has its status, its address and its contacts inside of it", async () => {
    const statuses = (await ok("GET", "/status/lead/", { account }))["data"] as Json[];
    expect(statuses.map(({ label }) => label)).toEqual([
      "Potential",
      "Interested",
      "Bad Fit",
      "Qualified",
      "Customer",
      "Nurture",
    ]);
    const leads = await everything("/lead/", account);
    for (const lead of leads) {
      expect(statuses.find(({ id }) => id === lead["status_id"])!["label"]).toBe(lead["status_label"]);
      expect(lead["html_url"]).toBe(`https://app.close.com/lead/${lead["id"]}/`);
    }
    const full = leads.find(({ contacts, addresses }) => contacts.length > 1 && addresses.length > 0)!;
    expect(full["contacts"][0]).toMatchObject({ id: full["contact_ids"][0], lead_id: full["id"] });
    expect(full["addresses"][0]).toMatchObject({
      city: expect.any(String),
      country: expect.stringMatching(/^[A-Z]{2}$/),
    });
  });

  test("meetings belong to the leads of their attendees, and none is all-day", async () => {
    const meetings = await everything("/activity/meeting/", account);
    const timed = seed.meetings.filter(({ allDay }) => !allDay);
    expect(new Set(meetings.map(({ title }) => title))).toEqual(new Set(timed.map(({ title }) => title)));
    expect(meetings.length).toBeGreaterThan(timed.length);
    const contacts = new Map((await everything("/contact/", account)).map((contact) => [contact["id"], contact]));
    for (const meeting of meetings) {
      expect(meeting["starts_at"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
      expect(meeting["duration"]).toBe((Date.parse(meeting["ends_at"]) - Date.parse(meeting["starts_at"])) / 1000);
      expect(contacts.get(meeting["contact_id"])!["lead_id"]).toBe(meeting["lead_id"]);
      for (const { contact_id: id } of meeting["attendees"] as Json[]) {
        if (id !== null) expect(contacts.get(id)!["lead_id"]).toBe(meeting["lead_id"]);
      }
      expect(meeting["attendees"].filter(({ is_organizer: is }: Json) => is)).toHaveLength(1);
    }
    expect(new Set(meetings.map(({ status }) => status))).toEqual(
      new Set(["upcoming", "in-progress", "completed", "canceled", "declined-by-lead", "declined-by-org"]),
    );
  });

  test("every account has its own data, the same at every start", async () => {
    const [one] = await everything("/lead/", account);
    const again = await startSandboxServer(closeSandbox, { now: () => clock });
    try {
      expect(await ok("GET", `/lead/${one!["id"]}/`, { account, origin: again.origin })).toEqual(one);
      expect((await call("GET", `/lead/${one!["id"]}/`, { account: "other", origin: again.origin })).status).toBe(404);
    } finally {
      await again.close();
    }
  });
});

describe("contacts", () => {
  test("are created, read, changed in the fields that a PUT names, and deleted", async () => {
    const lead = await ok("POST", "/lead/", { body: { name: "Bluth Company" } });
    const created = await ok("POST", "/contact/", {
      body: {
        lead_id: lead["id"],
        name: "John Smith",
        title: "President",
        phones: [{ phone: "+1 (905) 555-0002", type: "mobile" }],
        emails: [{ email: "john@example.com", type: "office" }],
        urls: [{ url: "http://twitter.com/google/", type: "url" }],
      },
    });
    expect(created).toMatchObject({
      id: expect.stringMatching(/^cont_\w{43}$/),
      lead_id: lead["id"],
      display_name: "John Smith",
      phones: [{ phone: "+19055550002", type: "mobile" }],
      emails: [{ email: "john@example.com", type: "office", is_unsubscribed: false }],
    });
    const path = `/contact/${created["id"]}/`;
    expect(await ok("GET", path)).toEqual(created);
    expect(await ok("GET", `${path}?_fields=id,title`)).toEqual({ id: created["id"], title: "President" });
    clock += 1000;
    const updated = await ok("PUT", path, { body: { title: "Johnny" } });
    expect(updated).toEqual({ ...created, title: "Johnny", date_updated: expect.any(String) });
    expect(updated["date_updated"] > created["date_updated"]).toBe(true);
    expect(await ok("PUT", path, { body: { emails: [] } })).toMatchObject({ emails: [], title: "Johnny" });
    expect(await ok("DELETE", path)).toEqual({});
    for (const method of ["GET", "PUT", "DELETE"]) {
      const gone = await call(method, path, method === "PUT" ? { body: {} } : {});
      expect([method, gone.status, gone.json]).toEqual([method, 404, { error: expect.stringContaining("Contact") }]);
    }
  });

  test("without a lead get one that is named after them", async () => {
    const contact = await ok("POST", "/contact/", { body: { name: "Gob Bluth" } });
    expect(await ok("GET", `/lead/${contact["lead_id"]}/`)).toMatchObject({
      name: "Gob Bluth",
      contact_ids: [contact["id"]],
      status_label: "Potential",
    });
  });

  test("their faults are reported field by field", async () => {
    const lead = await call("POST", "/contact/", { body: { lead_id: `lead_${MISSING}`, name: "x" } });
    expect([lead.status, lead.json]).toEqual([400, { errors: [], "field-errors": { lead: "Object does not exist." } }]);
    const nested = await call("POST", "/contact/", { body: { emails: [{ email: "a@b.example" }, { email: "no" }] } });
    expect(nested.json).toEqual({
      errors: [],
      "field-errors": {
        emails: {
          errors: [],
          "field-errors": { "1": { errors: [], "field-errors": { email: "Invalid email address." } } },
        },
      },
    });
    expect((await call("POST", "/contact/", { body: { name: 5, phones: "none" } })).json["field-errors"]).toEqual({
      name: "Not a valid string.",
      phones: "Not a list.",
    });
    expect((await call("POST", "/contact/", { body: "{" })).status).toBe(400);
    expect((await call("POST", "/contact/", { body: [] })).status).toBe(400);
    const form = await call("POST", "/contact/", { body: "name=x", headers: { "content-type": "text/plain" } });
    expect(form.status).toBe(415);
  });

  test("are listed by their lead", async () => {
    const contact = await ok("POST", "/contact/", { body: { name: "Alone" } });
    const listed = await ok("GET", `/contact/?lead_id=${contact["lead_id"]}`);
    expect(listed).toEqual({ data: [contact], has_more: false });
  });
});

describe("leads", () => {
  test("are created with contacts inside of them, read, changed and deleted with all they hold", async () => {
    const created = await ok("POST", "/lead/", {
      body: {
        name: "Bluth Company",
        url: "http://thebluthcompany.example/",
        description: "Best. Show. Ever.",
        status: "Qualified",
        contacts: [{ name: "Gob", emails: [{ type: "office", email: "gob@example.com" }] }],
        addresses: [{ label: "business", address_1: "747 Howard St", city: "San Francisco", country: "US" }],
      },
    });
    expect(created).toMatchObject({
      status_label: "Qualified",
      contacts: [{ name: "Gob", lead_id: created["id"] }],
      addresses: [{ address_1: "747 Howard St", zipcode: "" }],
    });
    const path = `/lead/${created["id"]}/`;
    expect(await ok("GET", path)).toEqual(created);
    const statuses = (await ok("GET", "/status/lead/"))["data"] as Json[];
    const updated = await ok("PUT", path, { body: { status_id: statuses[4]!["id"], description: null } });
    expect(updated).toMatchObject({ status_label: "Customer", description: "", name: "Bluth Company" });
    expect(await ok("DELETE", path)).toEqual({});
    expect((await call("GET", path)).json).toEqual({ error: "Empty query: Lead matching query does not exist." });
    expect((await call("GET", `/contact/${created["contact_ids"][0]}/`)).status).toBe(404);
  });

  test("have a status of the organization's, given one way", async () => {
    const unknown = await call("POST", "/lead/", { body: { name: "x", status_id: "stat_1" } });
    expect([unknown.status, unknown.json["field-errors"]]).toEqual([400, { status_id: "Invalid status." }]);
    const both = await call("POST", "/lead/", { body: { name: "x", status: "Potential", status_id: "stat_1" } });
    expect([both.status, both.json["errors"]]).toEqual([400, [expect.any(String)]]);
    const nested = await call("POST", "/lead/", { body: { contacts: [{ phones: [{ phone: "none" }] }] } });
    expect(nested.json["field-errors"].contacts["field-errors"]["0"]["field-errors"]).toHaveProperty("phones");
  });

  test("without a name are shown by their contact's", async () => {
    const lead = await ok("POST", "/lead/", { body: { contacts: [{ emails: [{ email: "a@b.example" }] }] } });
    expect(lead).toMatchObject({ name: "", display_name: "a@b.example" });
  });
});

describe("custom fields", () => {
  test("are defined by kind of record, including shared fields", async () => {
    const schema = (await ok("GET", "/custom_field_schema/contact/"))["fields"] as Json[];
    expect(schema.map(({ name, type, accepts_multiple_values: many }) => [name, type, many])).toEqual([
      ["Note", "textarea", false],
      ["Score", "number", false],
      ["Signed on", "date", false],
      ["Segment", "choices", false],
      ["Interests", "choices", true],
      ["Region", "text", false],
    ]);
  });

  test("are set, added to, taken from and unset under their ids", async () => {
    const [note, , , segment, interests] = (await ok("GET", "/custom_field_schema/lead/"))["fields"] as Json[];
    const key = (field: Json) => `custom.${field["id"]}`;
    const lead = await ok("POST", "/lead/", {
      body: { name: "x", [key(note)]: "text", [key(segment)]: "Small", [key(interests)]: ["Price"] },
    });
    expect(lead).toMatchObject({ [key(note)]: "text", [key(interests)]: ["Price"] });
    const path = `/lead/${lead["id"]}/`;
    const added = await ok("PUT", path, { body: { [`${key(interests)}.add`]: "Speed", [key(note)]: null } });
    expect(added[key(interests)]).toEqual(["Price", "Speed"]);
    expect(added).not.toHaveProperty([key(note)]);
    const removed = await ok("PUT", path, { body: { [`${key(interests)}.remove`]: "Price" } });
    expect(removed[key(interests)]).toEqual(["Speed"]);
    expect(await ok("GET", `${path}?_fields=id,custom`)).toEqual({
      id: lead["id"],
      [key(segment)]: "Small",
      [key(interests)]: ["Speed"],
    });
    const wrong = await call("PUT", path, { body: { [key(segment)]: "Huge", "custom.cf_none": 1 } });
    expect(wrong.json["field-errors"]).toEqual({
      [key(segment)]: "Not a valid choice.",
      "custom.cf_none": "Custom field does not exist.",
    });
  });
});

describe("meetings", () => {
  const account = "meetings";
  const list = (query: string) => ok("GET", `/activity/meeting/?${query}`, { account });

  test("cannot be made", async () => {
    const made = await call("POST", "/activity/meeting/", { account, body: { title: "x" } });
    expect([made.status, made.json]).toEqual([405, { error: expect.any(String) }]);
  });

  test("are read, annotated and deleted, and nothing else of them changes", async () => {
    const [meeting] = (await list("_limit=1"))["data"] as Json[];
    const path = `/activity/meeting/${meeting!["id"]}/`;
    expect(await ok("GET", path, { account })).toEqual(meeting);
    const body = { user_note_html: "<p>Went well</p>", outcome_id: "outcome_1", title: "Renamed" };
    expect(await ok("PUT", path, { account, body })).toEqual({
      ...meeting,
      user_note_html: "<p>Went well</p>",
      user_note: "Went well",
      outcome_id: "outcome_1",
      date_updated: expect.any(String),
    });
    expect(await ok("DELETE", path, { account })).toEqual({});
    expect((await call("GET", path, { account })).status).toBe(404);
  });

  test("are listed newest first, by id, by lead and by date, and sorted as documented", async () => {
    const all = await everything("/activity/meeting/", account);
    const dates = all.map((meeting) => meeting["date_created"] as string);
    expect(dates).toEqual([...dates].sort().reverse());
    const [one, two] = [all[3]!, all[7]!];
    const ids = ((await list(`id__in=${one["id"]},${two["id"]},acti_${MISSING}`))["data"] as Json[]).map(
      ({ id }) => id,
    );
    expect(ids).toEqual([one["id"], two["id"]]);
    const atLead = (await list(`lead_id=${one["lead_id"]}&_order_by=-activity_at`))["data"] as Json[];
    expect(atLead.map(({ lead_id: id }) => id)).toEqual(atLead.map(() => one["lead_id"]));
    const since = encodeURIComponent(one["date_created"] as string);
    const [from, after] = [dates.filter((date) => date >= dates[3]!), dates.filter((date) => date > dates[3]!)];
    expect((await list(`date_created__gte=${since}`))["data"]).toHaveLength(from.length);
    expect((await list(`date_created__gt=${since}&_order_by=date_created`))["data"]).toHaveLength(after.length);
    for (const refused of [
      "_order_by=-activity_at",
      "activity_at__gte=2026-01-01",
      "_order_by=title",
      "date_created__gte=x",
    ]) {
      expect([refused, (await call("GET", `/activity/meeting/?${refused}`, { account })).status]).toEqual([
        refused,
        400,
      ]);
    }
  });

  test("take their parameters in a body, too", async () => {
    const { data } = await list("_limit=2");
    const ids = (data as Json[]).map(({ id }) => id as string);
    const answer = await ok("POST", "/activity/meeting/", {
      account,
      headers: { "x-http-method-override": "GET" },
      body: { _params: { id__in: ids.join(","), _fields: "id" } },
    });
    expect(answer).toEqual({ data: ids.map((id) => ({ id })), has_more: false });
  });

  test("come out of the calendar, by a way that is no part of the API", async () => {
    const contact = await ok("POST", "/contact/", { account, body: { emails: [{ email: "guest@sync.example" }] } });
    const event = {
      title: "Synced",
      starts_at: "2027-01-05T09:00:00Z",
      ends_at: "2027-01-05T10:00:00+00:00",
      attendees: [{ email: "GUEST@sync.example", status: "yes" }, { email: "peter@example.com" }],
    };
    const { data } = await ok("POST", "/__sandbox/calendar-sync/", { account, body: event });
    expect(data).toEqual([
      expect.objectContaining({
        lead_id: contact["lead_id"],
        contact_id: contact["id"],
        user_name: "Peter Pan",
        status: "upcoming",
        duration: 3600,
      }),
    ]);
    const nobody = { ...event, attendees: [{ email: "stranger@sync.example" }] };
    expect(await ok("POST", "/__sandbox/calendar-sync/", { account, body: nobody })).toEqual({ data: [] });
    expect((await call("POST", "/__sandbox/calendar-sync/", { account, body: {} })).status).toBe(400);
  });
});

describe("Advanced Filtering", () => {
  const account = "searched";
  const raw = { account };

  test("gives ids, and the fields that are named", async () => {
    const title = where("contact", "title", { type: "text", mode: "full_words", value: "ceo" });
    const ids = await found(ofType("contact", title), {}, raw);
    expect(ids.length).toBeGreaterThan(50);
    expect(ids[0]).toEqual({ __object_type: "contact", id: expect.any(String) });
    const named = await found(ofType("contact", title), { _fields: { contact: ["id", "title", "custom"] } }, raw);
    expect(new Set(named.map((one) => one["title"]))).toEqual(new Set(["CEO"]));
  });

  test("pages by a cursor that is good for 30 seconds, to null at the end", async () => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await search({ query: ofType("contact"), _limit: 200, cursor }, raw);
      ids.push(...(page.json["data"] as Json[]).map(({ id }) => id as string));
      cursor = page.json["cursor"] as string | null;
    } while (cursor !== null);
    expect(new Set(ids).size).toBe(1000);
    expect(ids).toHaveLength(1000);
    const { json } = await search({ query: ofType("contact"), _limit: 10 }, raw);
    clock += 30_000;
    const late = await search({ query: ofType("contact"), _limit: 10, cursor: json["cursor"] }, raw);
    expect([late.status, late.json["field-errors"]]).toEqual([400, { cursor: "Cursor has expired." }]);
    const made = await search({ query: ofType("contact"), cursor: "made-up" }, raw);
    expect([made.status, made.json["field-errors"]]).toEqual([400, { cursor: "Invalid cursor." }]);
  });

  test("ends after 10,000 objects", async () => {
    for (let lead = 0; lead < 10; lead += 1) {
      const contacts = Array.from({ length: 950 }, (_, index) => ({ name: `Crowd ${lead} ${index}` }));
      await ok("POST", "/lead/", { account: "crowded", body: { name: `Crowd ${lead}`, contacts } });
    }
    let [reached, cursor]: [number, string | null] = [0, null];
    do {
      const { json } = await search({ query: ofType("contact"), _limit: 200, cursor }, { account: "crowded" });
      reached += (json["data"] as Json[]).length;
      cursor = json["cursor"] as string | null;
    } while (cursor !== null);
    expect(reached).toBe(10_000);
    const counted = await search(
      { query: ofType("contact"), include_counts: true, results_limit: 0 },
      { account: "crowded" },
    );
    expect(counted.json).toEqual({ data: [], cursor: null, count: { limited: 0, total: 10_500 } });
  });

  test("sorts by what belongs to the object, and by nothing else", async () => {
    const sort = (name: string, direction: string, type = "lead") => ({
      sort: [{ direction, field: { type: "regular_field", object_type: type, field_name: name } }],
      _fields: { lead: ["date_updated", "display_name"] },
      _limit: 200,
    });
    const byDate = (await found(ofType("lead"), sort("date_updated", "desc"), raw)).map((one) => one["date_updated"]);
    expect(byDate).toEqual([...byDate].sort().reverse());
    const byName = (await found(ofType("lead"), sort("display_name", "asc"), raw)).map((one) =>
      (one["display_name"] as string).toLowerCase(),
    );
    expect(byName).toEqual([...byName].sort());
    for (const wrong of [sort("status_id", "asc"), sort("title", "asc", "contact"), sort("shoe_size", "asc")]) {
      expect((await search({ query: ofType("lead"), ...wrong }, raw)).status).toBe(400);
    }
  });

  test("finds by id, by many ids, by related records, by range, and by the opposite", async () => {
    const [lead] = await everything("/lead/", account);
    const withContacts = (await everything("/lead/", account)).find(({ contacts }) => contacts.length > 1)!;
    const [contact] = withContacts["contacts"] as Json[];
    expect(await found({ type: "id", value: lead!["id"] }, {}, raw)).toEqual([
      { __object_type: "lead", id: lead!["id"] },
    ]);
    const anyOf = { type: "or", queries: [lead!, withContacts].map(({ id }) => ({ type: "id", value: id })) };
    expect(new Set((await found(ofType("lead", anyOf), {}, raw)).map(({ id }) => id))).toEqual(
      new Set([lead!["id"], withContacts["id"]]),
    );
    const email = contact!["emails"][0]?.email ?? "none";
    const byEmail = {
      type: "has_related",
      this_object_type: "contact",
      related_object_type: "contact_email",
      related_query: where("contact_email", "email", { type: "text", mode: "phrase", value: email }),
    };
    const leadByEmail = {
      type: "has_related",
      this_object_type: "lead",
      related_object_type: "contact",
      related_query: byEmail,
    };
    expect((await found(ofType("contact", byEmail), {}, raw)).map(({ id }) => id)).toEqual([contact!["id"]]);
    expect((await found(ofType("lead", leadByEmail), {}, raw)).map(({ id }) => id)).toEqual([withContacts["id"]]);
    const inStatus = where("lead", "status_id", {
      type: "reference",
      reference_type: "status.lead",
      object_ids: [lead!["status_id"]],
    });
    const [inside, outside] = [
      await found(ofType("lead", inStatus), { _limit: 200 }, raw),
      await found(ofType("lead", { ...inStatus, negate: true }), { results_limit: 3 }, raw),
    ];
    expect(inside.map(({ id }) => id)).toContain(lead!["id"]);
    expect(outside).toHaveLength(3);
    const at = { type: "fixed_utc", value: withContacts["date_created"] };
    const range = where("lead", "date_created", { type: "moment_range", on_or_after: at, before: null });
    const after = where("lead", "date_created", { type: "moment_range", after: at });
    const [withIt, withoutIt] = [
      await found(ofType("lead", range), { _limit: 200 }, raw),
      await found(ofType("lead", after), { _limit: 200 }, raw),
    ];
    expect(withIt.length).toBe(withoutIt.length + 1);
    const several = where("contact", "emails_count", { type: "number_range", gt: 1 });
    expect((await found(ofType("contact", several), { _limit: 200 }, raw)).length).toBe(
      (await everything("/contact/", account)).filter(({ emails }) => emails.length > 1).length,
    );
  });

  test("refuses invalid queries", async () => {
    for (const query of [
      undefined,
      {},
      { type: "everything" },
      ofType("meeting"),
      ofType("lead", { type: "sounds_like" }),
      ofType("lead", where("lead", "shoe_size", { type: "exists" })),
      ofType("lead", where("lead", "url", { type: "regex" })),
      ofType("lead", where("lead", "date_created", { type: "moment_range", after: { type: "fixed_utc", value: "x" } })),
      ofType("lead", { type: "text", mode: "fuzzy", value: "x" }),
    ]) {
      const { status, json } = await search({ query }, raw);
      expect([query, status, Object.keys(json)]).toEqual([query, 400, ["errors", "field-errors"]]);
    }
    expect((await search({ query: ofType("lead"), _limit: 201 }, raw)).status).toBe(400);
  });

  test("notices created, changed and deleted records late, unlike reads by id", async () => {
    let time = NOW;
    const lagging = await startSandboxServer(closeSandbox, { now: () => time, indexLagMs: 5000 });
    try {
      const at = { account: "lagging", origin: lagging.origin };
      const named = (value: string) =>
        found(ofType("contact", where("contact", "name", { type: "text", value, mode: "phrase" })), {}, at);
      const contact = await ok("POST", "/contact/", { ...at, body: { name: "Zaphod Beeblebrox" } });
      const path = `/contact/${contact["id"]}/`;
      expect(await named("zaphod beeblebrox")).toEqual([]);
      expect(await ok("GET", path, at)).toEqual(contact);
      time += 5000;
      expect(await named("zaphod beeblebrox")).toHaveLength(1);
      await ok("PUT", path, { ...at, body: { name: "Trillian" } });
      expect([await named("trillian"), await named("zaphod")]).toEqual([[], [expect.any(Object)]]);
      time += 5000;
      expect(await named("trillian")).toHaveLength(1);
      await ok("DELETE", path, at);
      expect((await call("GET", path, at)).status).toBe(404);
      expect(await named("trillian")).toHaveLength(1);
      time += 5000;
      expect(await named("trillian")).toEqual([]);
    } finally {
      await lagging.close();
    }
  });
});

describe("lists", () => {
  test("have a page of 100, end with has_more, and refuse to go too far", async () => {
    const first = await ok("GET", "/contact/", { account: "paged" });
    expect([(first["data"] as Json[]).length, first["has_more"]]).toEqual([100, true]);
    const last = await ok("GET", "/contact/?_skip=990", { account: "paged" });
    expect([(last["data"] as Json[]).length, last["has_more"]]).toEqual([10, false]);
    const tooFar = await call("GET", "/contact/?_skip=5001", { account: "paged" });
    expect([tooFar.status, tooFar.json["field-errors"]]).toEqual([400, { _skip: expect.stringContaining("5000") }]);
    expect((await call("GET", "/lead/?_limit=201", { account: "paged" })).status).toBe(400);
    expect((await call("GET", "/lead/?_limit=x", { account: "paged" })).status).toBe(400);
  });

  test("return the requested fields", async () => {
    const { data } = await ok("GET", "/lead/?_fields=id,display_name,shoe_size&_limit=2", { account: "paged" });
    expect((data as Json[]).map((lead) => Object.keys(lead))).toEqual([
      ["id", "display_name"],
      ["id", "display_name"],
    ]);
  });
});

describe("addresses and methods", () => {
  test("every path ends with a slash; without it one is sent there", async () => {
    const moved = await call("GET", "/lead?_limit=1");
    expect([moved.status, moved.headers.get("location")]).toEqual([301, "/api/v1/lead/?_limit=1"]);
    const [lead] = await everything("/lead/");
    expect((await call("GET", `/lead/${lead!["id"]}`)).headers.get("location")).toBe(`/api/v1/lead/${lead!["id"]}/`);
    expect((await call("POST", "/data/search", { body: {} })).status).toBe(301);
  });

  test("an unknown path is not found, and an unknown method not allowed", async () => {
    expect((await call("GET", "/shoe/")).status).toBe(404);
    expect((await call("GET", "/shoe")).status).toBe(404);
    expect((await call("DELETE", "/lead/")).status).toBe(405);
    expect((await call("GET", "/data/search/")).status).toBe(405);
  });
});

describe("who there is", () => {
  test("the owner of the key, the organization and its users", async () => {
    const me = await ok("GET", "/me/");
    expect(me).toMatchObject({
      id: expect.stringMatching(/^user_/),
      email: "olivia@example.com",
      organizations: [{ id: expect.stringMatching(/^orga_/), name: "Sandbox raw" }],
    });
    const { data } = await ok("GET", "/user/");
    expect((data as Json[]).map(({ first_name: first }) => first)).toEqual(["Olivia", "Peter", "Renée", "Sam"]);
  });
});

describe("credentials", () => {
  const tokenOf = (account: string) => closeSandbox.credentials(account, server.origin, clock)["accessToken"]!;

  test("a key opens its account as a user name, a token as a bearer", async () => {
    expect((await call("GET", "/me/", { authorization: `Bearer ${tokenOf("raw")}` })).status).toBe(200);
    for (const authorization of [
      "",
      basic("api_forged"),
      basic(apiKeyOf("raw"), "password"),
      basic(tokenOf("raw")),
      `Bearer ${apiKeyOf("raw")}`,
      `Bearer close-forged`,
      basic(apiKeyOf("NO SUCH ACCOUNT")),
    ]) {
      const { status, json } = await call("GET", "/me/", { authorization });
      expect([authorization, status, Object.keys(json)]).toEqual([authorization, 401, ["error"]]);
    }
  });

  test("a token ends after an hour, a key does not", async () => {
    const authorization = `Bearer ${tokenOf("raw")}`;
    clock += HOUR - 1;
    expect((await call("GET", "/me/", { authorization })).status).toBe(200);
    clock += 1;
    expect((await call("GET", "/me/", { authorization })).status).toBe(401);
    expect((await call("GET", "/me/")).status).toBe(200);
  });

  test("an app that is removed at Close is shut out, with its keys and tokens", async () => {
    const own = await startSandboxServer(closeSandbox, { now: () => clock });
    try {
      const credentials = own.credentials("removed");
      const authorization = `Bearer ${credentials["accessToken"]}`;
      expect((await call("GET", "/me/", { authorization, origin: own.origin })).status).toBe(200);
      own.revoke("removed");
      expect((await call("GET", "/me/", { authorization, origin: own.origin })).status).toBe(401);
      expect((await call("GET", "/me/", { account: "removed", origin: own.origin })).status).toBe(401);
      const again = `Bearer ${own.credentials("removed")["accessToken"]}`;
      expect((await call("GET", "/me/", { authorization: again, origin: own.origin })).status).toBe(200);
    } finally {
      await own.close();
    }
  });
});

describe("limits", () => {
  test("every answer states one, far out of reach unless they are enforced", async () => {
    const { headers } = await call("GET", "/me/", { account: "unlimited" });
    expect(headers.get("ratelimit")).toMatch(/^limit=(\d+)0, remaining=\d+9, reset=8$/);
    expect((await call("GET", "/shoe/")).headers.get("ratelimit")).toBeNull();
  });

  test("enforced, they are those of the group of endpoints, by key and by organization", async () => {
    const strict = await startSandboxServer(closeSandbox, { now: () => clock, limits: "enforce" });
    try {
      const at = { account: "strict", origin: strict.origin };
      const query = { query: ofType("lead"), _limit: 1 };
      for (let left = 15; left >= 0; left -= 1) {
        expect((await search(query, at)).headers.get("ratelimit")).toBe(`limit=16, remaining=${left}, reset=1`);
      }
      clock += 250;
      const refused = await search(query, at);
      expect([refused.status, refused.json]).toEqual([429, expect.objectContaining({ rate_reset: 0.75 })]);
      expect(refused.headers.get("ratelimit")).toBe("limit=16, remaining=0, reset=0.75");
      expect(refused.headers.get("retry-after")).toBe("1");
      expect((await call("GET", "/lead/?_limit=1", at)).status).toBe(200);
      // Every further credential has its own limit, until the limit of the organization is reached.
      const bearer = () => ({ ...at, authorization: `Bearer ${strict.credentials("strict")["accessToken"]}` });
      const others = [bearer(), bearer(), bearer()];
      const statuses: number[] = [];
      for (const other of others) {
        for (let count = 0; count < 16; count += 1) statuses.push((await search(query, other)).status);
      }
      expect(statuses.indexOf(429)).toBe(31);
      clock += 1000;
      expect((await search(query, at)).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

describe("OAuth", () => {
  const SECRET = { client_id: CLIENT.id, client_secret: CLIENT.secret };
  const token = (form: Record<string, string>, origin = server.origin) =>
    postForm(`${origin}/oauth2/token/`, { ...SECRET, ...form });
  const revoke = (refreshToken: string) =>
    postForm(`${server.origin}/oauth2/revoke/`, { ...SECRET, token: refreshToken });
  const authorize = (parameters: Record<string, string> = {}) =>
    openPage(
      `${server.origin}/oauth2/authorize/?${new URLSearchParams({
        client_id: CLIENT.id,
        response_type: "code",
        redirect_uri: REDIRECT_URI,
        state: "abc",
        ...parameters,
      })}`,
    );
  const me = async (accessToken: unknown) =>
    (await call("GET", "/me/", { authorization: `Bearer ${String(accessToken)}` })).status;

  async function codeFor(parameters: Record<string, string> = {}): Promise<string> {
    const page = await submit(await authorize(parameters), { button: "Allow access", typed: { account: "consent" } });
    return locationOf(page).searchParams.get("code")!;
  }

  test("a user allows, and the code gives tokens that are renewed, replaced and taken back", async () => {
    const page = await authorize();
    expect(textOf(page)).toContain("Close");
    const back = locationOf(await submit(page, { button: "Allow access", typed: { account: "consent" } }));
    expect([`${back.origin}${back.pathname}`, back.searchParams.get("state")]).toEqual([REDIRECT_URI, "abc"]);
    // Close's own example omits the redirect URI.
    const code = back.searchParams.get("code")!;
    const first = await token({ grant_type: "authorization_code", code });
    expect([first.status, first.body]).toEqual([
      200,
      {
        token_type: "Bearer",
        access_token: expect.any(String),
        expires_in: 3600,
        refresh_token: expect.any(String),
        scope: "all.full_access offline_access",
        organization_id: expect.stringMatching(/^orga_/),
        user_id: expect.stringMatching(/^user_/),
      },
    ]);
    expect(await me(first.body["access_token"])).toBe(200);
    const second = await token({ grant_type: "refresh_token", refresh_token: String(first.body["refresh_token"]) });
    expect([second.status, second.body["refresh_token"] === first.body["refresh_token"]]).toEqual([200, false]);
    const third = await token({ grant_type: "refresh_token", refresh_token: String(second.body["refresh_token"]) });
    expect(await me(third.body["access_token"])).toBe(200);
    expect((await revoke(String(third.body["refresh_token"]))).status).toBe(200);
    expect(await me(third.body["access_token"])).toBe(401);
    const dead = await token({ grant_type: "refresh_token", refresh_token: String(third.body["refresh_token"]) });
    expect([dead.status, dead.body]).toEqual([400, { error: "invalid_grant" }]);
    expect((await revoke("never-was-one")).status).toBe(200);
  });

  test("a refresh token that was replaced is not good again", async () => {
    const code = await codeFor();
    const first = await token({ grant_type: "authorization_code", code, redirect_uri: REDIRECT_URI });
    const form = { grant_type: "refresh_token", refresh_token: String(first.body["refresh_token"]) };
    expect((await token(form)).status).toBe(200);
    expect((await token(form)).body).toEqual({ error: "invalid_grant" });
  });

  test("without offline_access there is nothing to renew with", async () => {
    const code = await codeFor({ scope: "all.full_access" });
    const { body } = await token({ grant_type: "authorization_code", code });
    expect([body["scope"], "refresh_token" in body]).toEqual(["all.full_access", false]);
  });

  test("a user who declines sends the app back without a code", async () => {
    const back = locationOf(await submit(await authorize(), { button: "Decline" }));
    expect([back.searchParams.get("error"), back.searchParams.get("state")]).toEqual(["access_denied", "abc"]);
  });

  test("a code is good once, for a while, for its own redirect URI and verifier", async () => {
    const exchange = async (code: string, form: Record<string, string> = {}) =>
      (await token({ grant_type: "authorization_code", code, ...form })).body["error"];
    const spent = await codeFor();
    expect([await exchange(spent), await exchange(spent)]).toEqual([undefined, "invalid_grant"]);
    expect(await exchange(await codeFor(), { redirect_uri: `${REDIRECT_URI}/else` })).toBe("invalid_grant");
    const late = await codeFor();
    clock += 60_000;
    expect(await exchange(late)).toBe("invalid_grant");
    const challenge = { code_challenge: challengeOf(VERIFIER), code_challenge_method: "S256" };
    expect(await exchange(await codeFor(challenge))).toBe("invalid_grant");
    expect(await exchange(await codeFor(challenge), { code_verifier: VERIFIER })).toBeUndefined();
    expect(await exchange("made-up")).toBe("invalid_grant");
  });

  test("an app that is not known, or asks for something else, gets nothing", async () => {
    const code = await codeFor();
    const forged = await token({ grant_type: "authorization_code", code, client_secret: "wrong" });
    expect([forged.status, forged.body]).toEqual([401, { error: "invalid_client" }]);
    expect((await token({ grant_type: "password" })).body).toEqual({ error: "unsupported_grant_type" });
    expect((await authorize({ client_id: "unknown" })).status).toBe(400);
    expect(locationOf(await authorize({ response_type: "token" })).searchParams.get("error")).toBe(
      "unsupported_response_type",
    );
    expect(locationOf(await authorize({ scope: "some.access" })).searchParams.get("error")).toBe("invalid_scope");
  });
});

describe("faults", () => {
  const faulted = (fault: string, path = "/me/") => call("GET", path, { headers: { "x-sandbox-fault": fault } });

  test.each([
    ["PROVIDER_ERROR", 500],
    ["PROVIDER_RATE_LIMITED", 429],
    ["PROVIDER_AUTH_FAILED", 403],
    ["NEEDS_REAUTH", 401],
  ])("%s is %d, in Close's words", async (fault, status) => {
    const answer = await faulted(fault);
    expect([answer.status, Object.keys(answer.json)]).toEqual([status, expect.arrayContaining(["error"])]);
  });

  test("an outage is a page, and the token endpoint has its own words", async () => {
    const headers = { "x-sandbox-fault": "PROVIDER_UNAVAILABLE" };
    const outage = await fetch(`${server.origin}/api/v1/me/`, { headers });
    expect([outage.status, outage.headers.get("content-type")]).toEqual([503, "text/html; charset=utf-8"]);
    const form = { client_id: CLIENT.id, client_secret: CLIENT.secret, grant_type: "refresh_token" };
    const { refreshToken } = server.credentials("faulted") as { refreshToken: string };
    const refreshed = (fault: string) =>
      postForm(
        `${server.origin}/oauth2/token/`,
        { ...form, refresh_token: refreshToken },
        { "x-sandbox-fault": fault },
      );
    expect((await refreshed("NEEDS_REAUTH")).body).toEqual({ error: "invalid_grant" });
    expect((await refreshed("PROVIDER_ERROR")).status).toBe(500);
    expect((await refreshed("PROVIDER_AUTH_FAILED")).status).toBe(200);
  });
});
