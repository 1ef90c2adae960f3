import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  createAttioClient,
  createAttioSdk,
  createRecordId,
  createRecordObjectId,
  getV2Meetings,
  getV2MeetingsByMeetingId,
  getV2Self,
  postV2Meetings,
  putV2ObjectsByObjectRecordsByRecordId,
  value,
  type PostV2MeetingsData,
  type WorkspaceMember,
} from "attio-ts-sdk";
import { attioSandbox, createAttioSandbox } from "../../src/sandbox/crms/attio/index.js";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { startSandboxServer, type SandboxServer, type SandboxServerOptions } from "../../src/sandbox/kit/server.js";
import { locationOf, openPage, submit, textOf } from "./browser.js";

/** The client checks every answer against Attio's own description of the API. */

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0, 250);
const CLIENT = { client_id: "crmesh-sandbox", client_secret: "sandbox-secret" };
const REDIRECT_URI = "http://127.0.0.1:4999/callback";
const NOBODY = "00000000-0000-4000-8000-000000000000";
const PEOPLE = createRecordObjectId("people");
const COMPANIES = createRecordObjectId("companies");

let server: SandboxServer;
let clock = NOW;

beforeAll(async () => {
  server = await startSandboxServer(attioSandbox, { now: () => clock });
});

afterAll(() => server.close());

interface Value extends Record<string, unknown> {
  active_until: string | null;
}
interface Person {
  id: { workspace_id: string; object_id: string; record_id: string };
  created_at: string;
  web_url: string;
  values: Record<string, Value[]>;
}

function connect(account: string, origin = server.origin, token = tokenOf(account)) {
  const client = createAttioClient({
    authToken: token,
    baseUrl: origin,
    throwOnError: true,
    responseStyle: "data",
    retry: { maxRetries: 0 },
  });
  return { client, sdk: createAttioSdk({ client }) };
}

function tokenOf(account: string): string {
  return attioSandbox.credentials(account, server.origin, clock)["accessToken"]!;
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
      authorization: `Bearer ${token ?? `attio-key-sandbox-${account}`}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return { status: response.status, json: isJson ? JSON.parse(text) : null, headers: response.headers };
}

const people = async (body: object, raw: Raw = {}) =>
  (await call("POST", "/v2/objects/people/records/query", { ...raw, body })).json.data as Person[];
const create = (values: object, raw: Raw = {}) =>
  call("POST", "/v2/objects/people/records", { ...raw, body: { data: { values } } });
const emailsOf = ({ values }: Person) => values["email_addresses"]!.map((one) => one["email_address"]);

/** Returns the content of a refusal, without texts on which callers cannot rely. */
async function refusal(answer: ReturnType<typeof call>) {
  const { status, json } = await answer;
  expect(json).toMatchObject({ status_code: status, message: expect.any(String) });
  return [status, json.type, json.code];
}

/** The same, as the client reports it. */
async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => new Error("not refused"),
    (reason: unknown) => reason as Error & { status?: number; code?: string },
  );
  const { status, code } = error as { status?: number; code?: string };
  return [status, code];
}

describe("seeded records, through the client", () => {
  const account = "seeded";
  const seed = seedAccount(account);

  test("every person of the seed is there, in order, with all of their addresses", async () => {
    const { sdk } = connect(account);
    const found = (await sdk.records.query({
      object: PEOPLE,
      sorts: [{ attribute: "created_at", direction: "asc" }],
      paginate: true,
      limit: 300,
    })) as unknown as Person[];
    expect(found).toHaveLength(seed.people.length);
    for (const [index, record] of found.entries()) {
      const person = seed.people[index]!;
      const current = (slug: string) => record.values[slug]!.filter(({ active_until: until }) => until === null);
      expect(current("email_addresses").map((one) => one["email_address"])).toEqual(person.emails);
      expect(current("name")[0]).toMatchObject({
        first_name: person.firstName ?? "",
        last_name: person.lastName ?? "",
      });
      expect(current("job_title").map((one) => one["value"])).toEqual([person.title].filter(Boolean));
      expect(current("phone_numbers")).toHaveLength([person.phone, person.mobile].filter(Boolean).length);
      expect(record.created_at).toMatch(/\.\d{9}Z$/);
      expect(Date.parse(record.created_at.slice(0, 19) + "Z")).toBe(person.createdAt);
    }
  });

  test("a person belongs to the company of the seed", async () => {
    const { sdk } = connect(account);
    const companies = (await sdk.records.query({ object: COMPANIES })) as unknown as Person[];
    const names = new Map(companies.map(({ id, values }) => [id.record_id, values["name"]![0]!["value"]]));
    expect([...names.values()].sort()).toEqual([...new Set(seed.people.map(({ company }) => company))].sort());
    const [first] = await people({ sorts: [{ attribute: "created_at", direction: "asc" }], limit: 1 }, { account });
    const { target_object: object, target_record_id: id } = first!.values["company"]![0]!;
    expect([object, names.get(String(id))]).toEqual(["companies", seed.people[0]!.company]);
  });

  test("meetings come from the seed, with dates for all-day meetings and zones as offsets", async () => {
    const { client } = connect(account);
    const found = new Map<string, Record<string, unknown>>();
    let cursor: string | undefined;
    const sizes: number[] = [];
    do {
      const page = bodyOf<{ data: Record<string, unknown>[]; pagination: { next_cursor: string | null } }>(
        await getV2Meetings({ client, query: { limit: 60, ...(cursor === undefined ? {} : { cursor }) } }),
      );
      sizes.push(page.data.length);
      for (const meeting of page.data) found.set(String(meeting["title"]), meeting);
      cursor = page.pagination.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(sizes).toEqual([60, 60, 60, 20]);
    for (const meeting of seed.meetings) {
      const { is_all_day: isAllDay, start, end, participants } = found.get(meeting.title)!;
      expect(isAllDay).toBe(meeting.allDay);
      const instant = (time: unknown) => {
        const { date, datetime } = time as { date?: string; datetime?: string };
        return Date.parse(date ?? datetime!);
      };
      expect([instant(start), instant(end)]).toEqual([meeting.start, meeting.end]);
      expect(participants).toContainEqual({
        status: "accepted",
        is_organizer: true,
        email_address: seed.owners[meeting.owner]!.email,
      });
    }
    const zones = [...found.values()].map(({ start }) => start as { datetime?: string; timezone?: string | null });
    const american = zones.find(({ timezone }) => timezone === "America/New_York")!;
    expect(american.datetime).toMatch(/\.000-0[45]:00$/);
  });

  test("workspace members, also members who left, and attributes without archived ones", async () => {
    const { sdk } = connect(account);
    const members = (await sdk.workspaceMembers.list()) as WorkspaceMember[];
    expect(members.map(({ email_address: email }) => email)).toEqual(seed.owners.map(({ email }) => email));
    expect(members.at(-1)!.access_level).toBe("suspended");
    const attributes = await sdk.metadata.listAttributes({ target: "objects", identifier: "people" });
    const slugs = attributes.map(({ api_slug: slug }) => slug);
    expect(slugs).toEqual(expect.arrayContaining(["name", "email_addresses", "department", "interests"]));
    expect(slugs).not.toContain("fax_number");
  });

  test("accounts are separate workspaces", async () => {
    const [ours] = await people({ limit: 1 }, { account });
    const [theirs] = await people({ limit: 1 }, { account: "another" });
    expect(ours!.id.workspace_id).not.toBe(theirs!.id.workspace_id);
    const path = `/v2/objects/people/records/${ours!.id.record_id}`;
    expect(await refusal(call("GET", path, { account: "another" }))).toEqual([
      404,
      "invalid_request_error",
      "not_found",
    ]);
  });
});

describe("records, through the client", () => {
  const account = "records";
  const { sdk, client } = { ...lazy(account) };

  test("create, read, append, overwrite, delete", async () => {
    const made = (await sdk().records.create({
      object: PEOPLE,
      values: {
        name: value.personalName({ first_name: "Ann", last_name: "Lee", full_name: "Ann Lee" }),
        email_addresses: value.email("ann@crud.example"),
        phone_numbers: value.phone("0151 55550001", "DE"),
        primary_location: value.location({ locality: "Berlin", countryCode: "DE" }),
        lead_source: value.select("Web"),
        lifecycle: value.status("Lead"),
        budget: value.currency(12.5, "EUR"),
        score: value.number(7),
        do_not_contact: value.boolean(false),
      },
    })) as unknown as Person;
    const id = made.id.record_id;
    const path = { object: "people", record_id: id };
    expect(made.web_url).toContain(id);
    expect(made.values["phone_numbers"]).toEqual([
      expect.objectContaining({
        phone_number: "+4915155550001",
        original_phone_number: "0151 55550001",
        country_code: "DE",
      }),
    ]);
    const read = (await sdk().records.get({ object: PEOPLE, recordId: createRecordId(id) })) as unknown as Person;
    expect(read).toEqual(made);
    const appended = (await sdk().records.update({
      object: PEOPLE,
      recordId: createRecordId(id),
      values: { email_addresses: value.email("second@crud.example"), job_title: value.string("CEO") },
    })) as unknown as Person;
    expect(emailsOf(appended)).toEqual(["second@crud.example", "ann@crud.example"]);
    const body = { data: { values: { email_addresses: [{ email_address: "third@crud.example" }] } } };
    const answer = await putV2ObjectsByObjectRecordsByRecordId({ client: client(), path, body });
    const overwritten = bodyOf<{ data: Person }>(answer).data;
    expect(emailsOf(overwritten)).toEqual(["third@crud.example"]);
    // Fields that the update did not name are unchanged.
    expect({ ...overwritten.values, email_addresses: [] }).toEqual({ ...appended.values, email_addresses: [] });
    expect(await sdk().records.delete({ object: PEOPLE, recordId: createRecordId(id) })).toBe(true);
    expect(await failure(sdk().records.get({ object: PEOPLE, recordId: createRecordId(id) }))).toEqual([
      404,
      "not_found",
    ]);
    const again = call("DELETE", `/v2/objects/people/records/${id}`, { account });
    expect(await refusal(again)).toEqual([404, "invalid_request_error", "not_found"]);
  });

  test("many are read by their ids, and missing records are omitted", async () => {
    const ids = (await people({ limit: 120 }, { account })).map(({ id }) => createRecordId(id.record_id));
    const found = await sdk().records.getMany({
      object: PEOPLE,
      recordIds: [createRecordId(NOBODY), ...ids],
      notFound: "omit",
    });
    expect((found as unknown as Person[]).map(({ id }) => id.record_id)).toEqual(ids);
  });
});

describe("queries", () => {
  const first = async (filter: object) => (await people({ filter, limit: 500 })).map(({ id }) => id.record_id);

  test("pages end with one that is shorter than its limit", async () => {
    const sorts = [{ attribute: "created_at", direction: "desc" }];
    const ids: string[] = [];
    const sizes: number[] = [];
    for (let offset = 0; sizes.at(-1) !== 0; offset += 400) {
      const page = await people({ sorts, limit: 400, offset });
      sizes.push(page.length);
      ids.push(...page.map(({ id }) => id.record_id));
    }
    expect(sizes).toEqual([400, 400, 200, 0]);
    expect(new Set(ids).size).toBe(1000);
    // A page size above the maximum counts as the maximum.
    expect(await people({ limit: 5000 })).toHaveLength(500);
  });

  test("filters in their short and long forms mean the same", async () => {
    const [{ values }] = (await people({ filter: { email_addresses: { $not_empty: true } }, limit: 1 })) as [Person];
    const email = String(values["email_addresses"]![0]!["email_address"]);
    const short = await first({ email_addresses: email });
    expect(short).toHaveLength(1);
    expect(await first({ email_addresses: { email_address: { $eq: email } } })).toEqual(short);
    expect(await first({ email_addresses: { $in: [email, "nobody@example.com"] } })).toEqual(short);
    expect(
      await first({ $not: { $or: [{ record_id: { $eq: short[0] } }, { name: { $not_empty: true } }] } }),
    ).toHaveLength((await first({ name: { $not_empty: false } })).filter((id) => id !== short[0]).length);
  });

  test("texts are found in parts, times by comparison", async () => {
    const named = await people({ filter: { name: { last_name: { $starts_with: "Mül" } } }, limit: 500 });
    expect(named.length).toBeGreaterThan(0);
    for (const { values } of named) expect(String(values["name"]![0]!["last_name"])).toMatch(/^Mül/);
    const [, third] = await people({ sorts: [{ attribute: "created_at", direction: "asc" }], limit: 2 });
    const before = { created_at: { $lt: third!.created_at } };
    expect(await first(before)).toHaveLength(1);
    expect(await first({ $and: [{ created_at: { $gte: third!.created_at } }, before] })).toEqual([]);
  });

  test.each([
    ["an attribute that does not exist", { filter: { shoe_size: 44 } }],
    ["an archived attribute", { filter: { fax_number: "1" } }],
    ["an unknown operator", { filter: { name: { $like: "x" } } }],
    ["a list that is none", { filter: { $and: {} } }],
    ["a sort by nothing", { sorts: [{ attribute: "shoe_size", direction: "asc" }] }],
  ])("%s is a filter error", async (_kind, body) => {
    const answer = call("POST", "/v2/objects/people/records/query", { body });
    expect(await refusal(answer)).toEqual([400, "invalid_request_error", "filter_error"]);
  });
});

describe("refused values", () => {
  test("an e-mail address that somebody has, whatever its case", async () => {
    expect((await create({ email_addresses: ["Taken@unique.example"] })).status).toBe(200);
    const again = await create({ email_addresses: ["taken@UNIQUE.example"] });
    expect(again.json).toMatchObject({ status_code: 400, code: "uniqueness_conflict" });
    expect(again.json.message).toMatch(/conflicts with one already in the system/);
  });

  test.each([
    ["an attribute that does not exist", { shoe_size: 44 }, "value_not_found"],
    ["what Attio itself keeps", { created_at: "2026-01-01" }, "system_edit_unauthorized"],
    ["a phone number without its country", { phone_numbers: ["555 0100"] }, "validation_type"],
    ["a location with a member missing", { primary_location: { locality: "Berlin" } }, "validation_type"],
    ["an e-mail address that is none", { email_addresses: ["ann"] }, "validation_type"],
    ["two values where one may be", { job_title: ["CEO", "CTO"] }, "validation_type"],
    ["an option that does not exist", { lead_source: "Astrology" }, "value_not_found"],
    [
      "a record that does not exist",
      { company: { target_object: "companies", target_record_id: NOBODY } },
      "value_not_found",
    ],
    ["a number that is none", { score: "many" }, "validation_type"],
    ["a date that is none", { birthday: "tomorrow" }, "validation_type"],
  ])("%s", async (_kind, values, code) => {
    const before = (await people({ filter: { name: { full_name: "Refused" } } })).length;
    const answer = create({ name: [{ full_name: "Refused" }], ...values });
    expect(await refusal(answer)).toEqual([400, "invalid_request_error", code]);
    expect(await people({ filter: { name: { full_name: "Refused" } } })).toHaveLength(before);
  });

  test("validation errors name the place", async () => {
    const { json } = await call("POST", "/v2/objects/people/records", { body: {} });
    expect(json).toMatchObject({
      code: "validation_type",
      validation_errors: [{ path: ["data"], message: "Required" }],
    });
    const phone = await create({ phone_numbers: ["555 0100"] });
    expect(phone.json).toMatchObject({
      message: expect.stringContaining('"phone_numbers"'),
      validation_errors: [{ path: ["original_phone_number"] }],
    });
    expect(await refusal(call("POST", "/v2/objects/people/records", { body: "{" }))).toEqual([
      400,
      "invalid_request_error",
      "validation_type",
    ]);
  });

  test("objects, records and ids that there are not", async () => {
    const notFound = [404, "invalid_request_error", "not_found"];
    expect(await refusal(call("GET", `/v2/objects/people/records/${NOBODY}`))).toEqual(notFound);
    expect(await refusal(call("POST", "/v2/objects/leads/records/query", { body: {} }))).toEqual(notFound);
    expect(await refusal(call("GET", "/v2/nothing"))).toEqual(notFound);
    expect(await refusal(call("GET", "/v2/objects/people/records/1"))).toEqual([
      400,
      "invalid_request_error",
      "validation_type",
    ]);
  });
});

describe("meetings", () => {
  const account = "meetings";
  const data = {
    title: "Onboarding",
    description: "",
    start: { datetime: "2031-11-27T14:00:00Z", timezone: "America/New_York" },
    end: { datetime: "2031-11-27T15:00:00Z", timezone: "America/New_York" },
    is_all_day: false,
    participants: [],
    external_ref: "external-1",
  };
  const post = (body: object, raw: Raw = {}) => call("POST", "/v2/meetings", { account, body: { data: body }, ...raw });

  test("a meeting is created once for a reference, and read as its zone has it", async () => {
    const { client } = connect(account);
    const body = { data } as PostV2MeetingsData["body"];
    const made = bodyOf<{ data: Record<string, unknown> }>(await postV2Meetings({ client, body })).data;
    expect(made["start"]).toEqual({ datetime: "2031-11-27T09:00:00.000-05:00", timezone: "America/New_York" });
    const again = bodyOf<{ data: Record<string, unknown> }>(await postV2Meetings({ client, body })).data;
    expect(again).toEqual(made);
    const { meeting_id: id } = made["id"] as { meeting_id: string };
    const path = { meeting_id: id };
    const read = bodyOf<{ data: unknown }>(await getV2MeetingsByMeetingId({ client, path }));
    expect(read.data).toEqual(made);
    expect(await refusal(call("DELETE", `/v2/meetings/${id}`, { account }))).toEqual([
      404,
      "invalid_request_error",
      "not_found",
    ]);
  });

  test("a zone counts where the datetime has no offset, and an unknown one is UTC", async () => {
    const startOf = async (datetime: string, timezone: string) => {
      const start = { datetime, timezone };
      const { json } = await post({ ...data, external_ref: `${datetime}${timezone}`, start });
      return new Date(json.data.start.datetime).toISOString();
    };
    expect(await startOf("2031-07-01T14:00:00", "America/New_York")).toBe("2031-07-01T18:00:00.000Z");
    expect(await startOf("2031-07-01T14:00:00+02:00", "America/New_York")).toBe("2031-07-01T12:00:00.000Z");
    expect(await startOf("2031-07-01T14:00:00", "Mars/Olympus")).toBe("2031-07-01T14:00:00.000Z");
  });

  test("participants become people, and are linked", async () => {
    const participants = [
      { email_address: "Guest@meetings.example", is_organizer: false, status: "pending" },
      { email_address: "olivia@example.com", is_organizer: "true", status: "accepted" },
    ];
    const { json } = await post({ ...data, external_ref: "with-guests", participants });
    const [guest] = await people({ filter: { email_addresses: "guest@meetings.example" } }, { account });
    expect(json.data.linked_records).toEqual([
      { object_slug: "people", object_id: guest!.id.object_id, record_id: guest!.id.record_id },
    ]);
    expect(json.data.participants[1]).toEqual({
      status: "accepted",
      is_organizer: true,
      email_address: "olivia@example.com",
    });
  });

  test("links are added to, or replaced", async () => {
    const [one, two] = (await people({ limit: 2 }, { account })).map(({ id }) => id.record_id);
    const { json } = await post({
      ...data,
      external_ref: "linked",
      linked_records: [{ object: "people", record_id: one }],
    });
    const path = `/v2/meetings/${json.data.id.meeting_id}`;
    const change = async (method: string, ids: (string | undefined)[]) => {
      const body = { data: { linked_records: ids.map((id) => ({ object: "people", record_id: id })) } };
      const answer = await call(method, path, { account, body });
      return answer.json.data.linked_records.map((link: { record_id: string }) => link.record_id);
    };
    expect(await change("PATCH", [two])).toEqual([one, two]);
    expect(await change("PUT", [two])).toEqual([two]);
    expect(await change("PUT", [])).toEqual([]);
    const missing = call("PUT", path, {
      account,
      body: { data: { linked_records: [{ object: "people", record_id: NOBODY }] } },
    });
    expect(await refusal(missing)).toEqual([400, "invalid_request_error", "validation_type"]);
  });

  test("the refusal of a new meeting has its status in another member", async () => {
    for (const wrong of [
      { title: undefined },
      { is_all_day: true },
      { start: { date: "2031-11-27" } },
      { start: { datetime: "soon" } },
      { participants: [{ email_address: "a@b.example", is_organizer: false, status: "late" }] },
      { linked_records: [{ object: "people", record_id: NOBODY }] },
    ]) {
      const { status, json } = await post({ ...data, external_ref: "refused", ...wrong });
      expect([status, json.statusCode, json.status_code, json.code]).toEqual([400, 400, undefined, "validation_type"]);
    }
  });

  test("the listing is filtered by time, participants and links, the last two by either", async () => {
    const titles = async (query: string) => {
      const { json } = await call("GET", `/v2/meetings?limit=200&${query}`, { account: "lists" });
      return json.data.map(({ title }: { title: string }) => title) as string[];
    };
    const seed = seedAccount("lists");
    const from = new Date(seed.meetings[50]!.end).toISOString();
    const before = new Date(seed.meetings[60]!.start).toISOString();
    const between = seed.meetings.filter(({ start, end }) => end >= Date.parse(from) && start < Date.parse(before));
    expect((await titles(`ends_from=${from}&starts_before=${before}`)).sort()).toEqual(
      between.map(({ title }) => title).sort(),
    );
    expect((await titles("sort=start_desc")).slice(0, 3)).toEqual((await titles("")).slice(-3).reverse());
    const withPerson = seed.meetings.find(({ people: [one] }) => one !== undefined && seed.people[one]!.emails[0])!;
    const email = seed.people[withPerson.people[0]!]!.emails[0]!;
    const byEmail = await titles(`participants=${email}`);
    expect(byEmail).toContain(withPerson.title);
    const other = (await people({ filter: { $not: { email_addresses: email } }, limit: 3 }, { account: "lists" })).at(
      -1,
    )!;
    const byLink = await titles(`linked_object=people&linked_record_id=${other.id.record_id}`);
    const either = await titles(`participants=${email}&linked_object=people&linked_record_id=${other.id.record_id}`);
    expect(either.sort()).toEqual([...new Set([...byEmail, ...byLink])].sort());
  });

  test.each(["limit=0", "limit=201", "cursor=nonsense", "sort=title", "linked_object=people", "ends_from=soon"])(
    "%s is refused",
    async (query) => {
      const answer = call("GET", `/v2/meetings?${query}`);
      expect(await refusal(answer)).toEqual([400, "invalid_request_error", "validation_type"]);
    },
  );

  test("an older API cannot change links, and a newer one knows no reference", async () => {
    const other = await startSandboxServer(createAttioSandbox({ linksChange: false, externalRef: "REFUSED" }));
    try {
      const { origin } = other;
      const refused = await post(data, { origin });
      expect(refused.json.validation_errors[0]).toMatchObject({ code: "unrecognized_keys", keys: ["external_ref"] });
      const { external_ref: _ref, ...without } = data;
      const made = await post(without, { origin });
      expect(made.status).toBe(200);
      const path = `/v2/meetings/${made.json.data.id.meeting_id}`;
      const body = { data: { linked_records: [] } };
      expect((await call("PUT", path, { account, origin, body })).status).toBe(404);
    } finally {
      await other.close();
    }
  });
});

describe("access", () => {
  test("introspection tells whose a token is, and of no token anything", async () => {
    const { client } = connect("whose");
    const self = bodyOf<Record<string, unknown>>(await getV2Self({ client }));
    expect(self).toMatchObject({ active: true, workspace_name: "Workspace whose", workspace_slug: "whose", exp: null });
    const wrong = await call("GET", "/v2/self", { token: "attio-nonsense" });
    expect([wrong.status, wrong.json]).toEqual([200, { active: false }]);
  });

  test("a wrong token, none at all, and one as the user name of Basic", async () => {
    const list = (authorization: string) => call("GET", "/v2/workspace_members", { headers: { authorization } });
    const refused = [401, "auth_error", "unauthorized"];
    expect(await refusal(list("Bearer wrong"))).toEqual(refused);
    expect(await refusal(list(""))).toEqual(refused);
    const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;
    expect((await list(basic("attio-key-sandbox-raw", ""))).status).toBe(200);
    expect(await refusal(list(basic("attio-key-sandbox-raw", "x")))).toEqual(refused);
    const { sdk } = connect("wrong", server.origin, "wrong");
    expect(await failure(sdk.workspaceMembers.list())).toEqual([401, "unauthorized"]);
  });

  test("a token does not end by itself", async () => {
    const token = tokenOf("lasting");
    clock = NOW + 10 * 365 * 86_400_000;
    expect((await call("GET", "/v2/workspace_members", { token })).status).toBe(200);
    clock = NOW;
  });

  test.each([
    ["PROVIDER_ERROR", 500, "internal_server_error"],
    ["PROVIDER_AUTH_FAILED", 403, "unauthorized"],
    ["NEEDS_REAUTH", 401, "unauthorized"],
    ["PROVIDER_RATE_LIMITED", 429, "rate_limit_exceeded"],
  ])("the fault %s in Attio's words", async (fault, status, code) => {
    const answer = await call("GET", "/v2/workspace_members", { headers: { "x-sandbox-fault": fault } });
    expect([answer.status, answer.json.status_code, answer.json.code]).toEqual([status, status, code]);
  });
});

async function withServer(options: SandboxServerOptions, run: (own: SandboxServer) => Promise<void>): Promise<void> {
  const own = await startSandboxServer(attioSandbox, options);
  try {
    await run(own);
  } finally {
    await own.close();
  }
}

describe("limits", () => {
  test("100 reads and 25 writes a second per workspace, with the wait as a date", async () => {
    let time = NOW;
    await withServer({ limits: "enforce", now: () => time }, async ({ origin }) => {
      const read = (account = "raw") =>
        call("POST", "/v2/objects/people/records/query", { origin, account, body: { limit: 1 } });
      const write = () => create({}, { origin });
      for (let index = 0; index < 100; index += 1) expect((await read()).status).toBe(200);
      for (let index = 0; index < 25; index += 1) expect((await write()).status).toBe(200);
      for (const refused of [await read(), await write()]) {
        expect(refused.status).toBe(429);
        expect(refused.json).toEqual({
          status_code: 429,
          type: "rate_limit_error",
          code: "rate_limit_exceeded",
          message: "Rate limit exceeded, please try again later",
        });
        const until = refused.headers.get("retry-after")!;
        expect(until).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
        expect(Date.parse(until) - time).toBeGreaterThan(0);
        expect(Date.parse(until) - time).toBeLessThanOrEqual(2000);
      }
      expect((await read("calm")).status).toBe(200);
      time += 1000;
      expect((await read()).status).toBe(200);
    });
  });
});

describe("OAuth", () => {
  const authorizationUrl = (parameters: Record<string, string> = {}) => {
    const query = { client_id: CLIENT.client_id, response_type: "code", redirect_uri: REDIRECT_URI, state: "s&t" };
    return `${server.origin}/authorize?${new URLSearchParams({ ...query, ...parameters })}`;
  };
  const post = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.origin}${path}`, {
      method: "POST",
      body: new URLSearchParams(form),
      headers,
    });
    const text = await response.text();
    return { status: response.status, json: text === "" ? null : JSON.parse(text) };
  };
  const exchange = (code: string, more: Record<string, string> = {}) =>
    post("/oauth/token", { ...CLIENT, grant_type: "authorization_code", code, redirect_uri: REDIRECT_URI, ...more });
  const consent = async (account: string) => {
    const page = await openPage(authorizationUrl());
    return locationOf(await submit(page, { button: "Authorize", typed: { account } })).searchParams;
  };

  test("consent, code, token: which is all there is, and opens the workspace", async () => {
    const page = await openPage(authorizationUrl());
    expect(textOf(page)).toContain("View and write meetings");
    const callback = await consent("consented");
    expect(callback.get("state")).toBe("s&t");
    const { status, json } = await exchange(callback.get("code")!);
    expect([status, json]).toEqual([200, { access_token: expect.any(String), token_type: "Bearer" }]);
    const self = await call("GET", "/v2/self", { token: json.access_token });
    expect(self.json).toMatchObject({ active: true, workspace_slug: "consented" });
    const { sdk } = connect("consented", server.origin, json.access_token);
    expect(await sdk.workspaceMembers.list()).toHaveLength(4);
  });

  test("a code is good once, in time, for its address; and denied consent gives none", async () => {
    const code = (await consent("once")).get("code")!;
    expect((await exchange(code, { redirect_uri: "http://127.0.0.1:4999/other" })).json.error).toBe("invalid_grant");
    const [used, late] = [(await consent("once")).get("code")!, (await consent("once")).get("code")!];
    const { json } = await exchange(used);
    expect((await exchange(used)).json.error).toBe("invalid_grant");
    // A second use of the code also revokes the first grant.
    expect((await call("GET", "/v2/self", { token: json.access_token })).json).toEqual({ active: false });
    clock += 10 * 60_000;
    expect((await exchange(late)).json.error).toBe("invalid_grant");
    clock = NOW;
    const denied = locationOf(await submit(await openPage(authorizationUrl()), { button: "Cancel" })).searchParams;
    expect([denied.get("error"), denied.get("state")]).toEqual(["access_denied", "s&t"]);
  });

  test("a wrong client, another grant type, and an unknown code", async () => {
    const code = (await consent("refused")).get("code")!;
    expect((await exchange(code, { client_secret: "wrong" })).json.error).toBe("invalid_client");
    expect((await exchange("unknown")).json.error).toBe("invalid_grant");
    const refresh = await post("/oauth/token", { ...CLIENT, grant_type: "refresh_token", refresh_token: "x" });
    expect([refresh.status, refresh.json.error]).toEqual([400, "unsupported_grant_type"]);
  });

  test("a token is revoked by the body or by the header, which ends only its own grant", async () => {
    const granted = async () => (await exchange((await consent("revoked")).get("code")!)).json.access_token as string;
    const [one, two, three] = [await granted(), await granted(), await granted()];
    const isActive = async (token: string) => (await call("GET", "/v2/self", { token })).json.active as boolean;
    expect(await post("/oauth/revoke", { token: one })).toEqual({ status: 204, json: null });
    expect((await post("/oauth/revoke", {}, { authorization: `Bearer ${two}` })).status).toBe(204);
    expect([await isActive(one), await isActive(two), await isActive(three)]).toEqual([false, false, true]);
    expect((await call("GET", "/v2/workspace_members", { token: one })).status).toBe(401);
    expect((await post("/oauth/revoke", {})).status).toBe(400);
    const both = await post("/oauth/revoke", { token: one }, { authorization: `Bearer ${three}` });
    expect([both.status, await isActive(three)]).toEqual([400, true]);
  });

  test("a user who removes the app ends all of its tokens", async () => {
    await withServer({ now: () => clock }, async (own) => {
      const { accessToken } = own.credentials("removed");
      const self = async () => (await call("GET", "/v2/self", { token: accessToken!, origin: own.origin })).json.active;
      expect(await self()).toBe(true);
      own.revoke("removed");
      expect(await self()).toBe(false);
    });
  });
});

/** Connects at its first use, because the server starts after the tests are described. */
function lazy(account: string) {
  let connected: ReturnType<typeof connect> | undefined;
  const get = () => (connected ??= connect(account));
  return { sdk: () => get().sdk, client: () => get().client };
}

/** The client returns the body itself, or an object around it. */
function bodyOf<Body>(answer: unknown): Body {
  const outer = answer as { data: unknown; response?: unknown };
  return ("response" in outer ? outer.data : outer) as Body;
}
