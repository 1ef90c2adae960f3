import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { v1, v2 } from "pipedrive";
import { createPipedriveSandbox, pipedriveSandbox } from "../../src/sandbox/crms/pipedrive/index.js";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { type SandboxServer, startSandboxServer } from "../../src/sandbox/kit/server.js";
import { locationOf, openPage, submit } from "./browser.js";

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;
const CLIENT = { clientId: "crmesh-sandbox", clientSecret: "sandbox-secret" };
const REDIRECT_URI = "http://127.0.0.1:4999/callback";

let server: SandboxServer;
let clock = NOW;

beforeAll(async () => {
  server = await startSandboxServer(pipedriveSandbox, { now: () => clock });
});
afterAll(() => server.close());

interface Options {
  origin?: string;
  apiKey?: string;
  accessToken?: string;
}

/** Pipedrive's official client, in both versions of the API. */
function sdk(account: string, { origin = server.origin, apiKey, accessToken }: Options = {}) {
  const key = accessToken ? { accessToken } : { apiKey: apiKey ?? `pd-token-${account}` };
  const old = new v1.Configuration({ ...key, basePath: `${origin}/v1` });
  const now = new v2.Configuration({ ...key, basePath: `${origin}/api/v2` });
  return {
    persons: new v2.PersonsApi(now),
    activities: new v2.ActivitiesApi(now),
    organizations: new v2.OrganizationsApi(now),
    personFields: new v2.PersonFieldsApi(now),
    leadSearch: new v2.LeadsApi(now),
    leads: new v1.LeadsApi(old),
    leadLabels: new v1.LeadLabelsApi(old),
    leadFields: new v1.LeadFieldsApi(old),
    users: new v1.UsersApi(old),
  };
}

interface Raw {
  headers?: Record<string, string>;
  body?: unknown;
  origin?: string;
}

async function call(method: string, path: string, { headers = {}, body, origin = server.origin }: Raw = {}) {
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: {
      "x-api-token": "pd-token-raw",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, json: JSON.parse(await response.text()) };
}

/** The answer with which the client was refused. */
async function refusal(promise: Promise<unknown>): Promise<{ success: boolean; error: string; code?: string }> {
  return promise.then(
    (value) => {
      throw new Error(`not refused: ${JSON.stringify(value)}`);
    },
    (reason: unknown) => reason as { success: boolean; error: string },
  );
}

describe("seeded records, through the SDK", () => {
  const account = "seeded";
  const seed = seedAccount(account);

  test("every person, page by page to the end", async () => {
    const { persons, organizations } = sdk(account);
    const found: v2.Person[] = [];
    const pages: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await persons.getPersons({ limit: 300, ...(cursor ? { cursor } : {}) });
      found.push(...page.data!);
      pages.push(page.data!.length);
      cursor = page.additional_data?.next_cursor ?? undefined;
    } while (cursor);
    expect(pages).toEqual([300, 300, 300, 100]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(1000);
    const names = new Map(
      (await organizations.getOrganizations({ limit: 500 })).data!.map(({ id, name }) => [id, name]),
    );
    found.forEach((row, index) => {
      const person = seed.people[index]!;
      expect(row.name).toBe([person.firstName, person.lastName].filter(Boolean).join(" "));
      expect([row.first_name, row.last_name]).toEqual([person.firstName, person.lastName]);
      expect(row.emails!.map(({ value }) => value)).toEqual(person.emails);
      expect(row.phones!.map(({ value }) => value)).toEqual([person.phone, person.mobile].filter(Boolean));
      expect(row.job_title).toBe(person.title);
      expect(row.notes).toBe(person.description);
      expect(Date.parse(row.add_time!)).toBe(person.createdAt);
      if (row.org_id !== null) expect(names.get(row.org_id)).toBe(person.company);
    });
  });

  test("every lead, archived ones apart, oldest first", async () => {
    const { leads } = sdk(account);
    const read = async (list: (start: number) => Promise<{ data?: v1.Lead[]; additional_data?: object }>) => {
      const rows: v1.Lead[] = [];
      for (;;) {
        const page = await list(rows.length);
        rows.push(...page.data!);
        if (!(page.additional_data as { more_items_in_collection: boolean }).more_items_in_collection) return rows;
      }
    };
    const open = await read((start) => leads.getLeads({ start, limit: 70 }));
    const archived = await read((start) => leads.getArchivedLeads({ start }));
    expect(archived.every(({ is_archived }) => is_archived)).toBe(true);
    expect(archived).toHaveLength(seed.leads.filter(({ status }) => status === "unqualified").length);
    expect(open.length + archived.length).toBe(seed.leads.length);
    const added = open.map(({ add_time }) => add_time);
    expect(added).toEqual([...added].sort());
    const titles = new Map(seed.leads.map((lead) => [lead.subject, lead]));
    for (const { title, value, add_time } of open) {
      const lead = titles.get(title)!;
      expect(value).toEqual(lead.value === null ? null : { amount: lead.value, currency: lead.currency });
      expect(add_time).toBe(new Date(lead.createdAt).toISOString());
    }
  });

  test("meetings are activities among others, with all their people, and times in UTC", async () => {
    const { activities } = sdk(account);
    const page = await activities.getActivities({ limit: 500 });
    const dated = page.data!.filter(({ type, due_date }) => type === "meeting" && due_date !== null);
    expect(dated).toHaveLength(seed.meetings.length);
    expect(new Set(page.data!.map(({ type }) => type))).toEqual(new Set(["meeting", "call", "task"]));
    dated.forEach((row, index) => {
      const meeting = seed.meetings[index]!;
      expect(row.subject).toBe(meeting.title);
      expect(Date.parse(`${row.due_date}T${row.due_time ?? "00:00:00"}Z`)).toBe(meeting.start);
      expect(row.due_time === null).toBe(meeting.allDay);
      expect(row.participants).toHaveLength(meeting.people.length);
      expect(row.done).toBe(meeting.status === "completed");
      expect(row).not.toHaveProperty("attendees");
    });
  });

  test("attendees are returned if they are requested", async () => {
    const { data } = await sdk(account).activities.getActivities({
      limit: 30,
      include_fields: "attendees",
    });
    const guests = data!.flatMap(({ attendees }) => attendees ?? []);
    expect(guests.some(({ is_organizer, user_id }) => is_organizer && user_id)).toBe(true);
    expect(guests.some(({ person_id }) => person_id)).toBe(true);
  });

  test("users, labels and fields", async () => {
    const { users, leadLabels, personFields, leadFields } = sdk(account);
    const everyone = (await users.getUsers()).data!;
    expect(everyone.map(({ email }) => email)).toEqual([...seed.owners.map(({ email }) => email), "gone@example.com"]);
    expect(everyone.at(-1)!.active_flag).toBe(false);
    expect((await users.getCurrentUser()).data).toMatchObject({ is_you: true, company_domain: account });
    expect((await leadLabels.getLeadLabels()).data!.map(({ name }) => name)).toEqual(["Hot", "Warm", "Cold"]);
    const own = (await personFields.getPersonFields()).data!.filter((field) => field.is_custom_field);
    expect(own.map((field) => field.field_type)).toEqual(["varchar", "double", "enum", "set"]);
    const ofLeads = (await leadFields.getLeadFields()).data.map((field) => (field as { key?: string }).key);
    expect(ofLeads).toEqual(expect.arrayContaining(own.map((field) => field.field_code)));
  });

  test("accounts are separate companies", async () => {
    const id = await created("other-one", { name: "Only Here" });
    const { data } = await sdk("other-two").persons.getPersons({ ids: String(id) });
    expect(data).toEqual([]);
  });
});

async function created(account: string, request: object): Promise<number> {
  const { data } = await sdk(account).persons.addPerson({ AddPersonRequest: request });
  return data!.id!;
}

describe("people", () => {
  const account = "people";

  test("are made, read, changed and deleted, after which they say so", async () => {
    const { persons } = sdk(account);
    const { data } = await persons.addPerson({
      AddPersonRequest: {
        name: "Ann Lee",
        emails: [{ value: "ann@example.com" }, { value: "lee@example.com", label: "home" }],
      },
    });
    const id = data!.id!;
    expect(data).toMatchObject({ name: "Ann Lee", first_name: "Ann", last_name: "Lee", is_deleted: false, phones: [] });
    expect(data!.emails).toEqual([
      { value: "ann@example.com", primary: true, label: "" },
      { value: "lee@example.com", primary: false, label: "home" },
    ]);
    clock += MINUTE;
    const changed = await persons.updatePerson({ id, UpdatePersonRequest: { job_title: "CEO" } });
    expect(changed.data).toMatchObject({ name: "Ann Lee", job_title: "CEO" });
    expect(changed.data!.update_time! > data!.update_time!).toBe(true);
    expect((await persons.deletePerson({ id })).data).toEqual({ id });
    expect((await persons.getPerson({ id })).data).toMatchObject({ is_deleted: true });
    expect((await persons.getPersons({ ids: String(id) })).data).toEqual([]);
    expect(await refusal(persons.deletePerson({ id }))).toMatchObject({
      success: false,
      error: "requested person not found",
    });
    expect(await refusal(persons.updatePerson({ id, UpdatePersonRequest: { name: "x" } }))).toMatchObject({
      success: false,
    });
  });

  test("parts of a name are taken, too, as one source has it", async () => {
    const { status, json } = await call("POST", "/api/v2/persons", {
      body: { first_name: "Maria del", last_name: "Carmen" },
    });
    expect([status, json.data]).toEqual([
      200,
      expect.objectContaining({ name: "Maria del Carmen", first_name: "Maria del" }),
    ]);
  });

  test("own fields are merged, narrowed on request, and checked", async () => {
    const { persons, personFields } = sdk(account);
    const [note, score, segment, topics] = (await personFields.getPersonFields())
      .data!.filter((field) => field.is_custom_field)
      .map((field) => field.field_code) as [string, string, string, string];
    const id = await created(account, { name: "Custom", custom_fields: { [note]: "n", [topics]: [41, 42] } });
    const { data } = await persons.updatePerson({
      id,
      UpdatePersonRequest: { custom_fields: { [score]: 3, [segment]: 31 } },
    });
    expect(data!.custom_fields).toEqual({ [note]: "n", [score]: 3, [segment]: 31, [topics]: [41, 42] });
    const narrowed = await persons.getPersons({ ids: String(id), custom_fields: score });
    expect(narrowed.data![0]!.custom_fields).toEqual({ [score]: 3 });
    for (const values of [{ [score]: "3" }, { [segment]: 99 }, { [topics]: [] }, { ["0".repeat(40)]: "x" }]) {
      expect(await refusal(persons.updatePerson({ id, UpdatePersonRequest: { custom_fields: values } }))).toMatchObject(
        {
          success: false,
          code: "ERR_BAD_REQUEST",
        },
      );
    }
    const sixteen = Array.from({ length: 16 }, () => score).join(",");
    expect((await refusal(persons.getPersons({ custom_fields: sixteen }))).error).toContain("custom_fields");
  });

  test.each([
    ["no name", {}, "name"],
    ["an empty name", { name: "" }, "name"],
    ["a number as text", { name: "x", owner_id: "21840001" }, "owner_id"],
    ["an owner who is nobody", { name: "x", owner_id: 7 }, "owner_id"],
    ["an unknown parameter", { name: "x", shoe_size: 44 }, "shoe_size"],
    ["a read-only parameter", { name: "x", update_time: "2026-01-01T00:00:00Z" }, "update_time"],
    ["an unknown label", { name: "x", label_ids: [99] }, "label_ids"],
    ["an e-mail address without a value", { name: "x", emails: [{ label: "work" }] }, "emails.0.value"],
  ])("%s is refused by name", async (_kind, body, named) => {
    const { status, json } = await call("POST", "/api/v2/persons", { body });
    expect([status, json]).toEqual([
      400,
      { success: false, error: expect.stringContaining(named), code: "ERR_BAD_REQUEST" },
    ]);
  });

  test("without contact sync they lack its fields, and writing them is forbidden", async () => {
    const other = await startSandboxServer(createPipedriveSandbox({ contactSync: false }), { now: () => clock });
    try {
      const { persons } = sdk(account, { origin: other.origin });
      const [person] = (await persons.getPersons({ limit: 1 })).data!;
      expect(person).not.toHaveProperty("job_title");
      const body = { name: "x", job_title: "CEO" };
      expect((await call("POST", "/api/v2/persons", { body, origin: other.origin })).status).toBe(403);
    } finally {
      await other.close();
    }
  });
});

describe("lists of v2", () => {
  const account = "lists";

  test("batches omit missing records, and accept at most a hundred ids", async () => {
    const { persons } = sdk(account);
    const [one, two] = (await persons.getPersons({ limit: 2 })).data!;
    const { data } = await persons.getPersons({ ids: `${two!.id},48999999,${one!.id}` });
    expect(data!.map(({ id }) => id)).toEqual([one!.id, two!.id]);
    const many = Array.from({ length: 101 }, (_, index) => index + 1).join(",");
    expect((await refusal(persons.getPersons({ ids: many }))).error).toContain("100");
  });

  test("are filtered by owner and by the time of their last change, since inclusive and until exclusive", async () => {
    const { persons } = sdk(account);
    const all = (await persons.getPersons({ limit: 500 })).data!;
    const { owner_id, update_time } = all[40]!;
    const owned = (await persons.getPersons({ limit: 500, owner_id: owner_id! })).data!;
    expect(owned.length).toBeGreaterThan(0);
    expect(owned.every((row) => row.owner_id === owner_id)).toBe(true);
    const since = (await persons.getPersons({ limit: 500, updated_since: update_time! })).data!.map(({ id }) => id);
    const until = (await persons.getPersons({ limit: 500, updated_until: update_time! })).data!.map(({ id }) => id);
    expect(since).toContain(all[40]!.id);
    expect(until).not.toContain(all[40]!.id);
  });

  test("are sorted either way, over all pages", async () => {
    const { activities } = sdk(account);
    const times: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await activities.getActivities({
        sort_by: "update_time",
        sort_direction: "desc",
        limit: 37,
        ...(cursor ? { cursor } : {}),
      });
      times.push(...page.data!.map((row) => row.update_time!));
      cursor = page.additional_data?.next_cursor ?? undefined;
    } while (cursor);
    expect(times).toHaveLength(230);
    expect(times).toEqual([...times].sort().reverse());
  });

  test.each([
    ["limit=0", "limit"],
    ["limit=501", "limit"],
    ["cursor=nonsense", "cursor"],
    ["sort_by=name", "sort_by"],
    ["updated_since=yesterday", "updated_since"],
    ["ids=a,b", "ids"],
    ["owner_id=me", "owner_id"],
  ])("%s is refused", async (query, named) => {
    const { status, json } = await call("GET", `/api/v2/persons?${query}`);
    expect([status, json.success, json.error]).toEqual([400, false, expect.stringContaining(named)]);
  });
});

describe("activities", () => {
  const account = "activities";
  const add = async (request: object) =>
    (await sdk(account).activities.addActivity({ AddActivityRequest: request })).data!;

  test("are calls unless they say otherwise, and theirs who makes them", async () => {
    expect(await add({})).toMatchObject({
      subject: "call",
      type: "call",
      owner_id: 21_840_001,
      done: false,
      due_date: null,
    });
  });

  test("take times with and without seconds, and answer them with", async () => {
    const times = { due_date: "2026-12-01", due_time: "09:30", duration: "01:30" };
    expect(await add(times)).toMatchObject({ due_date: "2026-12-01", due_time: "09:30:00", duration: "01:30:00" });
    expect(await add({ ...times, due_time: "09:30:15", duration: "56:00:00" })).toMatchObject({
      due_time: "09:30:15",
      duration: "56:00:00",
    });
    expect(await add({ ...times, due_time: null, duration: "" })).toMatchObject({ due_time: null, duration: null });
  });

  test("name people as participants, the primary one of which is the person", async () => {
    const { persons, activities } = sdk(account);
    const [one, two] = (await persons.getPersons({ limit: 2 })).data!.map(({ id }) => id!) as [number, number];
    const participants = [{ person_id: one }, { person_id: two, primary: true }];
    const { id, person_id, participants: kept } = await add({ type: "meeting", participants });
    expect([person_id, kept]).toEqual([
      two,
      [
        { person_id: one, primary: false, status: null, is_organizer: false },
        { person_id: two, primary: true, status: null, is_organizer: false },
      ],
    ]);
    const named = async (person: number) =>
      (await activities.getActivities({ person_id: person, limit: 500 })).data!.some((row) => row.id === id);
    expect([await named(one), await named(two)]).toEqual([false, true]);
    const error = await refusal(activities.updateActivity({ id: id!, AddActivityRequest: { person_id: one } }));
    expect(error.error).toBe("'person_id' is a read-only field. Add a primary participant to set 'person_id' instead.");
    const cleared = await activities.updateActivity({ id: id!, AddActivityRequest: { participants: [] } });
    expect(cleared.data).toMatchObject({ participants: [], person_id: null });
  });

  test("are changed and deleted", async () => {
    const { activities } = sdk(account);
    const { id } = await add({ subject: "Demo", type: "meeting" });
    const { data } = await activities.updateActivity({
      id: id!,
      AddActivityRequest: { done: true, location: { value: "Room 4" } },
    });
    expect(data).toMatchObject({
      subject: "Demo",
      done: true,
      location: { value: "Room 4" },
      marked_as_done_time: expect.any(String),
    });
    expect((await activities.deleteActivity({ id: id! })).data).toEqual({ id });
    expect((await activities.getActivity({ id: id! })).data).toMatchObject({ is_deleted: true });
    expect((await refusal(activities.getActivity({ id: 48_999_999 }))).error).toBe("requested activity not found");
  });

  test.each([
    [{ due_time: "9 o'clock" }, "due_time"],
    [{ duration: "90" }, "duration"],
    [{ due_date: "01.12.2026" }, "due_date"],
    [{ type: "party" }, "type"],
    [{ done: 1 }, "done"],
    [{ conference_meeting_url: "https://meet.example.com" }, "conference_meeting_url"],
    [{ participants: [{ person_id: 48_999_999 }] }, "participants"],
    [{ lead_id: "00000000-0000-4000-8000-000000000000" }, "lead_id"],
  ])("%j is refused by name", async (body, named) => {
    const { status, json } = await call("POST", "/api/v2/activities", { body });
    expect([status, json.error]).toEqual([400, expect.stringContaining(named)]);
  });
});

describe("leads, in v1", () => {
  const account = "leads";

  test("are made with 201, read, changed and deleted for good", async () => {
    const { leads, persons } = sdk(account);
    const [person] = (await persons.getPersons({ limit: 1 })).data!;
    const body = {
      title: "Licence",
      person_id: person!.id,
      value: { amount: 10.5, currency: "EUR" },
      source_name: "Fair",
    };
    const made = await call("POST", "/v1/leads", { body, headers: { "x-api-token": `pd-token-${account}` } });
    expect(made.status).toBe(201);
    const { id } = made.json.data as { id: string };
    expect(made.json.data).toMatchObject({
      title: "Licence",
      source_name: "API",
      origin: "API",
      label_ids: [],
      is_archived: false,
    });
    const changed = await leads.updateLead({ id, UpdateLeadRequest: { value: null, title: "Renewed" } });
    expect(changed.data).toMatchObject({ title: "Renewed", value: null });
    await leads.updateLead({ id, UpdateLeadRequest: { is_archived: true } });
    expect((await leads.getLead({ id })).data).toMatchObject({ is_archived: true });
    expect((await leads.deleteLead({ id })).data).toEqual({ id });
    expect(await refusal(leads.getLead({ id }))).toEqual({
      success: false,
      error: "requested lead not found",
      error_info: "Object was not found.",
      data: null,
      additional_data: null,
    });
  });

  test("are those of a person or an organization, with labels that exist", async () => {
    const error = async (body: object) => (await call("POST", "/api/v1/leads", { body })).json.error as string;
    expect(await error({ title: "x" })).toContain("person or an organization");
    expect(await error({ organization_id: 1 })).toContain("title");
    expect(await error({ title: "x", person_id: 48_999_999 })).toContain("person_id");
    expect(await error({ title: "x", organization_id: 1, label_ids: ["none"] })).toContain("label_ids");
    expect(await error({ title: "x", organization_id: 1, value: { amount: 1 } })).toContain("value.currency");
  });

  test("are filtered and sorted", async () => {
    const { leads } = sdk(account);
    const all = (await leads.getLeads({ limit: 500 })).data!;
    const withPerson = all.find((row) => row.person_id !== null)!;
    const ofPerson = (await leads.getLeads({ person_id: withPerson.person_id! })).data!;
    expect(ofPerson.every((row) => row.person_id === withPerson.person_id)).toBe(true);
    const since = (await leads.getLeads({ limit: 500, updated_since: withPerson.update_time })).data!;
    expect(since.every((row) => row.update_time >= withPerson.update_time)).toBe(true);
    const sort = "title DESC" as Parameters<typeof leads.getLeads>[0] extends { sort?: infer Sort } | undefined
      ? Sort
      : never;
    const titles = (await leads.getLeads({ limit: 500, sort })).data!.map(({ title }) => title.toLowerCase());
    expect(titles).toEqual([...titles].sort().reverse());
    expect((await call("GET", "/v1/leads?sort=shoe_size%20ASC")).status).toBe(400);
  });

  test("have their own fields beside their others, options as text, and none without a value", async () => {
    const { leads, leadFields } = sdk(account);
    const own = (await leadFields.getLeadFields()).data as { key?: string; field_type?: string }[];
    const topics = own.find((field) => field.field_type === "set")!.key!;
    const [organization] = (await sdk(account).organizations.getOrganizations({ limit: 1 })).data!;
    const request = { title: "x", organization_id: organization!.id!, [topics]: [41, 43] };
    const { data } = await leads.addLead({ AddLeadRequest: request });
    expect(data).toMatchObject({ [topics]: "41,43" });
    const cleared = await leads.updateLead({ id: data!.id, UpdateLeadRequest: { [topics]: null } });
    expect(cleared.data).not.toHaveProperty(topics);
  });
});

describe("searches", () => {
  test("return results in their own form, page by page", async () => {
    const { persons, leadSearch } = sdk("searches");
    const first = await persons.searchPersons({ term: "müller", limit: 10 });
    expect(first.data!.items).toHaveLength(10);
    expect(first.data!.items![0]!.item).toMatchObject({
      type: "person",
      emails: expect.any(Array),
      owner: { id: expect.any(Number) },
    });
    const second = await persons.searchPersons({
      term: "müller",
      limit: 10,
      cursor: first.additional_data!.next_cursor!,
    });
    expect(second.data!.items![0]!.item!.id).not.toBe(first.data!.items![0]!.item!.id);
    const { data } = await leadSearch.searchLeads({ term: "renewal", limit: 5 });
    expect(data!.items!.map(({ item }) => item!.title!.toLowerCase()).every((title) => title.includes("renewal"))).toBe(
      true,
    );
  });

  test("are exact if requested, and ignore case", async () => {
    const { persons } = sdk("searches");
    const { value } = (await persons.getPersons({ limit: 1 })).data![0]!.emails![0]!;
    const exact = (term: string) => persons.searchPersons({ term, fields: "email", exact_match: true });
    expect((await exact(value!.toUpperCase())).data!.items).toHaveLength(1);
    expect((await exact(value!.slice(1))).data!.items).toEqual([]);
  });

  test("take two characters, or one exactly, and fields that exist", async () => {
    const status = async (query: string) => (await call("GET", `/api/v2/persons/search?${query}`)).status;
    expect(await status("term=a")).toBe(400);
    expect(await status("term=a&exact_match=true")).toBe(200);
    expect(await status("term=ann&fields=shoe_size")).toBe(400);
  });

  test("notice changes late, which reads do not", async () => {
    let time = NOW;
    const lagging = await startSandboxServer(pipedriveSandbox, { now: () => time, indexLagMs: MINUTE });
    try {
      const { persons } = sdk("lagging", { origin: lagging.origin });
      const { data } = await persons.addPerson({ AddPersonRequest: { name: "Brand New" } });
      const found = async () => (await persons.searchPersons({ term: "brand new" })).data!.items!.length;
      expect([await found(), (await persons.getPerson({ id: data!.id! })).data!.name]).toEqual([0, "Brand New"]);
      time += MINUTE;
      expect(await found()).toBe(1);
      await persons.deletePerson({ id: data!.id! });
      expect(await found()).toBe(1);
      time += MINUTE;
      expect(await found()).toBe(0);
    } finally {
      await lagging.close();
    }
  });
});

describe("credentials", () => {
  const UNAUTHORIZED = {
    success: false,
    error: "unauthorized access",
    errorCode: 401,
    error_info: "Please check developers.pipedrive.com",
  };

  test("none, wrong ones and those of the other kind are refused alike, also at paths that do not exist", async () => {
    const { accessToken } = pipedriveSandbox.credentials("raw", server.origin, clock);
    for (const headers of [
      { "x-api-token": "" },
      { "x-api-token": "pd-token-" },
      { "x-api-token": accessToken! },
      { "x-api-token": "", authorization: "Bearer pd-token-raw" },
      { "x-api-token": "", authorization: "Bearer pd-forged" },
    ]) {
      for (const path of ["/api/v2/persons", "/v1/leads", "/v1/nowhere"]) {
        const answer = await call("GET", path, { headers });
        expect([answer.status, answer.json, answer.headers.get("x-401-by-gw")]).toEqual([401, UNAUTHORIZED, "true"]);
      }
    }
    expect((await call("GET", "/v1/nowhere")).status).toBe(404);
  });

  test("an access token ends after an hour, an API token does not", async () => {
    const { accessToken } = pipedriveSandbox.credentials("expiry", server.origin, clock);
    const { persons } = sdk("expiry", { accessToken: accessToken! });
    expect((await persons.getPersons({ limit: 1 })).data).toHaveLength(1);
    clock += 3599_000;
    expect(await refusal(persons.getPersons({ limit: 1 }))).toEqual(UNAUTHORIZED);
    expect((await sdk("expiry").persons.getPersons({ limit: 1 })).data).toHaveLength(1);
  });
});

describe("limits", () => {
  let strict: SandboxServer;
  let time = NOW;
  beforeAll(async () => {
    strict = await startSandboxServer(pipedriveSandbox, { now: () => time, limits: "enforce" });
  });
  afterAll(() => strict.close());

  const tokenOf = (account: string) => {
    const { accessToken } = pipedriveSandbox.credentials(account, strict.origin, time);
    return { "x-api-token": "", authorization: `Bearer ${accessToken}` };
  };
  async function burst(path: string, calls: number, headers: Record<string, string>) {
    const statuses: number[] = [];
    let last: Awaited<ReturnType<typeof call>> | undefined;
    for (let index = 0; index < calls; index += 1) {
      last = await call("GET", path, { origin: strict.origin, headers });
      statuses.push(last.status);
    }
    return { refused: statuses.indexOf(429), last: last! };
  }

  test.each([
    ["an app", "/api/v2/persons/1", 80, null],
    ["an API token", "/api/v2/persons/1", 20, { "x-api-token": "pd-token-burst-key" }],
    ["searches", "/api/v2/persons/search?term=ann", 10, { "x-api-token": "pd-token-burst-search" }],
  ])("%s: so many calls in two seconds, and then 429 without a Retry-After", async (_kind, path, max, key) => {
    const headers = key ?? tokenOf("burst-app");
    const { refused, last } = await burst(path, max + 1, headers);
    expect([refused, last.status, last.json.success]).toEqual([max, 429, false]);
    expect(last.headers.get("retry-after")).toBeNull();
    expect(last.headers.get("x-ratelimit-limit")).toBe(String(max));
    expect(last.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(last.headers.get("x-ratelimit-reset")).toBe("2");
    time += 2_000;
    expect((await burst(path, 1, headers)).refused).toBe(-1);
  });

  test("calls cost tokens, of which a company has so many a day", async () => {
    const headers = { "x-api-token": "pd-token-budget" };
    let spent = 0;
    for (; spent + 20 <= 30_000; spent += 20) {
      if ((spent / 20) % 20 === 0) time += 2_000;
      const { status } = await call("GET", "/v1/leads?limit=1", { origin: strict.origin, headers });
      if (status !== 200) break;
    }
    expect(spent).toBe(30_000);
    time += 2_000;
    const refused = await call("GET", "/v1/leads?limit=1", { origin: strict.origin, headers });
    expect([refused.status, refused.headers.get("x-daily-ratelimit-token-remaining")]).toEqual([429, "0"]);
    time += DAY;
    const next = await call("PATCH", "/v1/leads/none", { origin: strict.origin, headers, body: {} });
    expect([next.status, next.headers.get("x-daily-requests-left")]).toEqual([404, "29990"]);
  });
});

describe("OAuth, through the SDK", () => {
  /** The SDK renews tokens by Node's own clock. */
  const oauth = () => new v2.OAuth2Configuration({ ...CLIENT, redirectUri: REDIRECT_URI, host: server.origin });

  async function installed(account: string, decision = "Allow and install") {
    const config = oauth();
    const page = await openPage(`${config.authorizationUrl}&state=abc`);
    const back = locationOf(await submit(page, { button: decision, typed: { account } }));
    expect(back.searchParams.get("state")).toBe("abc");
    return { config, back };
  }

  test("consent, code, tokens, calls, refresh with a new refresh token, revocation", async () => {
    const { config, back } = await installed("apps");
    const token = (await config.authorize(back.searchParams.get("code")!)) as unknown as Record<string, unknown>;
    expect(token).toEqual({
      access_token: expect.stringMatching(/^pd-apps\./),
      token_type: "Bearer",
      refresh_token: expect.any(String),
      scope: expect.stringContaining("contacts:full"),
      expires_in: 3599,
      api_domain: server.origin,
    });
    expect(config.basePath).toBe(`${server.origin}/api/v2`);
    const call = async () => sdk("", { accessToken: await config.getAccessToken() }).persons.getPersons({ limit: 1 });
    expect((await call()).data).toHaveLength(1);

    const { refresh_token: renewed } = await config.tokenRefresh();
    expect(renewed).not.toBe(token["refresh_token"]);
    expect((await call()).data).toHaveLength(1);

    expect(await config.revokeToken("refresh_token")).toEqual({});
    expect(await refusal(call())).toMatchObject({ errorCode: 401 });
    expect(await refusal(config.tokenRefresh())).toEqual({
      success: false,
      message: "Invalid grant: refresh_token is invalid",
      error: "invalid_grant",
    });
  });

  test("a refresh token that was exchanged already ends all that came of the consent", async () => {
    const { config, back } = await installed("thief");
    const stolen = await config.authorize(back.searchParams.get("code")!);
    await config.tokenRefresh();
    const thief = oauth();
    thief.updateToken(stolen);
    expect(await refusal(thief.tokenRefresh())).toMatchObject({ error: "invalid_grant" });
    expect(await refusal(config.tokenRefresh())).toMatchObject({ error: "invalid_grant" });
  });

  test("a code is valid once and for five minutes, for the app that requested it", async () => {
    const { config, back } = await installed("codes");
    const code = back.searchParams.get("code")!;
    await config.authorize(code);
    expect(await refusal(config.authorize(code))).toMatchObject({ error: "invalid_grant" });
    const late = await installed("codes");
    clock += 5 * MINUTE;
    expect(await refusal(late.config.authorize(late.back.searchParams.get("code")!))).toMatchObject({
      error: "invalid_grant",
    });
    const stranger = new v2.OAuth2Configuration({
      ...CLIENT,
      clientSecret: "wrong",
      redirectUri: REDIRECT_URI,
      host: server.origin,
    });
    expect(await refusal(stranger.authorize("any"))).toMatchObject({ error: "invalid_client" });
    const form = new URLSearchParams({
      grant_type: "refresh_token",
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
    });
    expect((await fetch(`${server.origin}/oauth/token`, { method: "POST", body: form })).status).toBe(401);
  });

  test("a user may decline", async () => {
    const { back } = await installed("decline", "Cancel");
    expect(back.searchParams.get("error")).toBe("access_denied");
  });
});

describe("faults", () => {
  test("too much of everything is answered by the content network, in HTML", async () => {
    const headers = { "x-api-token": "pd-token-raw", "x-sandbox-fault": "EDGE_HTML" };
    const response = await fetch(`${server.origin}/api/v2/persons`, { headers });
    expect([response.status, response.headers.get("content-type")]).toEqual([403, "text/html; charset=utf-8"]);
  });
});
