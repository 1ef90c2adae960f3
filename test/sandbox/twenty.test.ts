import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { seedAccount } from "../../src/sandbox/kit/seed.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";
import { twentySandbox } from "../../src/sandbox/crms/twenty/index.js";

type Rec = Record<string, unknown> & { id: string };

interface Answer {
  status: number;
  body: {
    data: Record<string, unknown>;
    pageInfo: { hasNextPage: boolean; startCursor: string | null; endCursor: string | null };
    totalCount: number;
    statusCode?: number;
    error?: string;
    messages?: string[];
  };
}

/** Every test that writes has its own account, so that no test depends on another. */
const NOW = Date.UTC(2026, 10, 1, 12, 0, 0);
const NOBODY = "00000000-0000-4000-8000-000000000000";
let server: SandboxServer;
let clock = NOW;

beforeAll(async () => {
  server = await startSandboxServer(twentySandbox, { now: () => clock });
});
afterAll(() => server.close());

/** One workspace, called as Twenty's documentation describes: REST with an API key. */
function twenty(account: string, origin = server.origin) {
  const { apiKey } = twentySandbox.credentials(account, origin, NOW);
  const headers = { authorization: `Bearer ${apiKey!}`, "content-type": "application/json" };
  async function ask(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answer> {
    const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await fetch(`${origin}/rest/${path}`, { method, headers: { ...headers, ...more }, ...sent });
    return { status: response.status, body: (await response.json()) as Answer["body"] };
  }
  const list = async (plural: string, query: Record<string, string> = {}) => {
    const { status, body } = await ask("GET", `${plural}?${new URLSearchParams(query).toString()}`);
    expect([status, body.messages]).toEqual([200, undefined]);
    return { records: body.data[plural] as Rec[], pageInfo: body.pageInfo, totalCount: body.totalCount };
  };
  async function all(plural: string, query: Record<string, string> = {}): Promise<Rec[]> {
    const records: Rec[] = [];
    let cursor: string | null = null;
    do {
      const page = await list(plural, { ...query, ...(cursor === null ? {} : { starting_after: cursor }) });
      records.push(...page.records);
      cursor = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (cursor !== null);
    return records;
  }
  const made = async (plural: string, body: object): Promise<Rec> => {
    const answer = await ask("POST", plural, body);
    expect(answer.status).toBe(201);
    return Object.values(answer.body.data)[0] as Rec;
  };
  const refusal = async (method: string, path: string, body?: unknown) => {
    const answer = await ask(method, path, body);
    return [answer.status, answer.body.error, answer.body.messages?.[0]];
  };
  return { ask, list, all, made, refusal };
}

describe("the credential", () => {
  test("the credentials of the sandbox open the account", async () => {
    const { url, apiKey } = server.credentials("demo");
    expect([url, apiKey]).toEqual([server.origin, twentySandbox.credentials("demo", server.origin, NOW)["apiKey"]]);
    expect((await twenty("demo").list("people", { limit: "1" })).records).toHaveLength(1);
  });

  test.each([
    [
      "no token",
      {},
      403,
      { statusCode: 403, error: "FORBIDDEN_EXCEPTION", messages: ["Missing authentication token"] },
    ],
    [
      "a bad token",
      { authorization: "Bearer x" },
      401,
      { statusCode: 401, error: "UNAUTHENTICATED", messages: ["No payload"] },
    ],
    [
      "a name that can be no account",
      { authorization: "Bearer twenty-sandbox-../x" },
      401,
      { error: "UNAUTHENTICATED" },
    ],
  ] as const)("%s is refused in the recorded words", async (_what, headers, status, body) => {
    const response = await fetch(`${server.origin}/rest/people`, { headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject(body);
  });

  test("accounts see nothing of each other", async () => {
    const { id } = await twenty("one").made("people", { name: { lastName: "Secret" } });
    expect(await twenty("other").refusal("GET", `people/${id}`)).toEqual([
      400,
      "BadRequestException",
      "Record not found",
    ]);
  });
});

describe("the seed", () => {
  test("holds people, companies, events, participants, members and opportunities", async () => {
    const seed = seedAccount("demo");
    const own = twenty("demo");
    const [people, companies, events, members] = await Promise.all(
      ["people", "companies", "calendarEvents", "workspaceMembers"].map((plural) => own.all(plural)),
    );
    expect(people).toHaveLength(seed.people.length);
    expect(new Set(companies!.map(({ name }) => name))).toEqual(new Set(seed.people.map(({ company }) => company)));
    expect(events!.map(({ title }) => title).sort()).toEqual(seed.meetings.map(({ title }) => title).sort());
    expect(members!.map(({ userEmail }) => userEmail).sort()).toEqual(seed.owners.map(({ email }) => email).sort());
    const participants = await own.all("calendarEventParticipants");
    expect(participants).toHaveLength(seed.meetings.reduce((sum, { people: invited }) => sum + 1 + invited.length, 0));
    const opportunities = await own.all("opportunities");
    expect(opportunities.length).toBeGreaterThan(0);
    for (const { amount } of opportunities) {
      expect((amount as Rec)["amountMicros"] ?? "0").toMatch(/^\d+$/);
    }
  });

  test("a person has the recorded shape, with empty texts for missing values", async () => {
    const [first] = seedAccount("demo").people;
    const filter = `emails.primaryEmail[eq]:"${first!.emails[0]!}"`;
    const { records, totalCount } = await twenty("demo").list("people", { filter });
    expect(totalCount).toBe(1);
    expect(records[0]).toMatchObject({
      name: { firstName: first!.firstName, lastName: first!.lastName },
      emails: { primaryEmail: first!.emails[0], additionalEmails: null },
      linkedinLink: { primaryLinkUrl: "", primaryLinkLabel: "", secondaryLinks: null },
      jobTitle: first!.title ?? "",
      createdAt: new Date(first!.createdAt).toISOString(),
      deletedAt: null,
    });
    expect(records[0]).not.toHaveProperty("company");
  });

  test("is the same whenever the sandbox is started", async () => {
    const again = await startSandboxServer(twentySandbox, { now: () => NOW });
    try {
      const [one, other] = [await twenty("demo").list("people"), await twenty("demo", again.origin).list("people")];
      expect(one.records).toEqual(other.records);
    } finally {
      await again.close();
    }
  });
});

describe("records", () => {
  const BODIES: readonly (readonly [plural: string, singular: string, body: object, change: object])[] = [
    ["people", "Person", { name: { firstName: "Ann" }, city: "Lyon" }, { name: { lastName: "Lee" } }],
    ["companies", "Company", { name: "Acme" }, { domainName: { primaryLinkUrl: "https://acme.example" } }],
    [
      "opportunities",
      "Opportunity",
      { name: "Deal", stage: "NEW" },
      { amount: { amountMicros: "5", currencyCode: "EUR" } },
    ],
    ["calendarEvents", "CalendarEvent", { title: "Demo", startsAt: "2026-06-10T09:00:00.000Z" }, { isCanceled: true }],
    [
      "calendarEventParticipants",
      "CalendarEventParticipant",
      { handle: "a@b.example" },
      { responseStatus: "ACCEPTED" },
    ],
  ];

  test.each(BODIES)("%s are created, read, changed and deleted", async (plural, singular, body, change) => {
    const { ask, list, refusal } = twenty("crud");
    const created = await ask("POST", plural, body);
    expect([created.status, created.body.data]).toEqual([201, { [`create${singular}`]: expect.objectContaining({}) }]);
    const { id } = created.body.data[`create${singular}`] as Rec;
    const name = singular.charAt(0).toLowerCase() + singular.slice(1);
    const read = await ask("GET", `${plural}/${id}?depth=0`);
    expect(read.body.data).toMatchObject({ [name]: body });
    clock += 1000;
    const changed = await ask("PATCH", `${plural}/${id}`, change);
    const after = changed.body.data[`update${singular}`] as Rec;
    expect([changed.status, after]).toEqual([200, expect.objectContaining({ id })]);
    expect(after).toMatchObject({ ...body, ...change });
    expect(Date.parse(after["updatedAt"] as string)).toBeGreaterThan(Date.parse(after["createdAt"] as string));
    const before = (await list(plural)).totalCount;
    expect((await ask("DELETE", `${plural}/${id}`)).body).toEqual({ data: { [`delete${singular}`]: { id } } });
    expect((await list(plural)).totalCount).toBe(before - 1);
    expect(await refusal("GET", `${plural}/${id}`)).toEqual([400, "BadRequestException", "Record not found"]);
    for (const method of ["PATCH", "DELETE"]) {
      const gone = await refusal(method, `${plural}/${id}`, method === "PATCH" ? change : undefined);
      expect(gone.slice(0, 2)).toEqual([400, "EntityNotFoundError"]);
    }
    // A deletion is for ever. After a soft one, a request for deleted records shows the record.
    const deleted = async () => {
      const { records } = await list(plural, { filter: "deletedAt[is]:NOT_NULL" });
      return records.map((one) => one.id);
    };
    expect(await deleted()).not.toContain(id);
    const again = (await ask("POST", plural, body)).body.data[`create${singular}`] as Rec;
    await ask("DELETE", `${plural}/${String(again["id"])}?soft_delete=true`);
    expect(await deleted()).toContain(again["id"]);
  });

  test("a batch is made at once, and at one time", async () => {
    const { ask } = twenty("batch");
    const bodies = Array.from({ length: 60 }, (_, index) => ({ name: { lastName: `Batch ${index}` } }));
    const { status, body } = await ask("POST", "batch/people", bodies);
    const people = body.data["createPeople"] as Rec[];
    expect([status, people.length]).toEqual([201, 60]);
    expect(new Set(people.map(({ createdAt }) => createdAt)).size).toBe(1);
    expect((await ask("POST", "batch/people", [...bodies, {}])).status).toBe(400);
    expect((await ask("POST", "batch/people", {})).status).toBe(400);
  });

  test("composites are merged by their parts; addresses are kept in small letters", async () => {
    const { ask, made } = twenty("composites");
    const emails = { primaryEmail: "Ann@A.example", additionalEmails: ["B@b.example"] };
    const { id } = await made("people", { name: { firstName: "Ann", lastName: "Lee" }, emails });
    const { body } = await ask("PATCH", `people/${id}`, {
      name: { lastName: "" },
      phones: { additionalPhones: '[{"number":"1"}]' },
    });
    expect(body.data["updatePerson"]).toMatchObject({
      name: { firstName: "Ann", lastName: "" },
      emails: { primaryEmail: "ann@a.example", additionalEmails: ["b@b.example"] },
      phones: { primaryPhoneNumber: "", additionalPhones: [{ number: "1" }] },
    });
  });

  test("with depth 1, records include their related records", async () => {
    const { all, ask } = twenty("demo");
    const [participant] = await all("calendarEventParticipants", { filter: "personId[is]:NOT_NULL", depth: "1" });
    expect(participant).toMatchObject({
      person: { id: participant!["personId"] },
      calendarEvent: { id: participant!["calendarEventId"] },
    });
    const { body } = await ask("GET", `calendarEvents/${participant!["calendarEventId"] as string}?depth=1`);
    const event = body.data["calendarEvent"] as Record<string, Rec[]>;
    expect(event["calendarEventParticipants"]!.map(({ id }) => id)).toContain(participant!.id);
  });
});

describe("pages", () => {
  test("go to the end of a listing, 60 records at most", async () => {
    const { all, list } = twenty("demo");
    for (const limit of ["", "1000", "60", "37"]) {
      const { records, pageInfo, totalCount } = await list("people", { limit });
      expect(records).toHaveLength(limit === "37" ? 37 : 60);
      expect([pageInfo.hasNextPage, totalCount]).toEqual([true, 1000]);
    }
    const people = await all("people", { limit: "37" });
    expect(new Set(people.map(({ id }) => id)).size).toBe(1000);
    expect(people.map(({ id }) => id)).toEqual(people.map(({ id }) => id).toSorted());
  });

  test("are ordered by fields and parts of them, nothing being first or last as wanted", async () => {
    const { all } = twenty("demo");
    const cities = (await all("people", { order_by: "city[DescNullsLast],name.lastName" })).map(
      (one) => one["city"] as string,
    );
    const collator = new Intl.Collator("en");
    expect(cities).toEqual(cities.toSorted((one, other) => collator.compare(other, one)));
    const own = twenty("nulls");
    await own.made("calendarEvents", { title: "Some day" });
    const titled = async (order: string) =>
      (await own.list("calendarEvents", { order_by: `startsAt[${order}]`, limit: "1" })).records[0]!["title"];
    expect(await titled("AscNullsFirst")).toBe("Some day");
    expect(await titled("DescNullsFirst")).toBe("Some day");
    expect(await titled("AscNullsLast")).not.toBe("Some day");
  });

  test("by time have the defect of the real ones: what is finer than a millisecond comes twice, or never", async () => {
    const { ask, all, list } = twenty("micros");
    await ask(
      "POST",
      "batch/people",
      Array.from({ length: 9 }, () => ({})),
    );
    const filter = `createdAt[gte]:"${new Date(NOW - 1000).toISOString()}"`;
    const descending = await all("people", { filter, order_by: "createdAt[DescNullsLast]", limit: "5" });
    const first = await list("people", { filter, order_by: "createdAt", limit: "5" });
    const second = await list("people", {
      filter,
      order_by: "createdAt",
      limit: "5",
      starting_after: first.pageInfo.endCursor!,
    });
    expect(descending).toHaveLength(5);
    expect(second.records.map(({ id }) => id)).toEqual(first.records.map(({ id }) => id));
  });

  test.each([
    ["limit=x", "limit 'x' is invalid. Should be an integer"],
    ["depth=3", "'depth=3' parameter invalid. Allowed values are 0, 1"],
    ["starting_after=x", "Invalid cursor: x"],
    ["order_by=shoeSize", "field 'shoeSize' does not exist in 'person' object"],
    ["order_by=city[Up]", expect.stringContaining("'order_by' direction 'Up' invalid")],
  ])("%s is refused", async (query, message) => {
    expect(await twenty("demo").refusal("GET", `people?${query}`)).toEqual([400, "BadRequestException", message]);
  });
});

describe("filters", () => {
  const names = async (filter: string) => {
    const { records } = await twenty("filtered").list("people", { filter: `and(city[eq]:"Filterville",${filter})` });
    return records.map(({ jobTitle }) => jobTitle).sort();
  };
  beforeAll(async () => {
    const { ask } = twenty("filtered");
    const people = [
      { jobTitle: "a", name: { lastName: "O'Brien" }, emails: { additionalEmails: ["x@y.example"] }, crmeshScore: 1 },
      { jobTitle: "b", name: { lastName: "100% (sure)" }, crmeshScore: 2, crmeshChannel: "WEB" },
      { jobTitle: "c", name: { lastName: "ÅSTRÖM" }, crmeshTopics: ["PRICE"] },
    ];
    const { status } = await ask(
      "POST",
      "batch/people",
      people.map((one) => ({ ...one, city: "Filterville" })),
    );
    expect(status).toBe(201);
  });

  test.each([
    ['name.lastName[ilike]:"åström"', ["c"]],
    ['name.lastName[like]:"åström"', []],
    ['name.lastName[ilike]:"%\\%%"', ["b"]],
    ['name.lastName[ilike]:"O_Brien"', ["a"]],
    ["name.lastName[startsWith]:100", ["b"]],
    ['jobTitle[neq]:"a"', ["b", "c"]],
    ["jobTitle[in]:[a,c]", ["a", "c"]],
    ['or(jobTitle[eq]:"a",jobTitle[eq]:"b")', ["a", "b"]],
    ['not(jobTitle[eq]:"a")', ["b", "c"]],
    ["crmeshScore[gte]:2", ["b"]],
    // A missing value is not less than any value, and does not match "not like" either.
    ["crmeshScore[lt]:2", ["a"]],
    ["not(crmeshScore[eq]:2)", ["a"]],
    ["crmeshScore[is]:NULL", ["c"]],
    ["crmeshChannel[eq]:WEB", ["b"]],
    ["crmeshTopics[containsAny]:[PRICE,SUPPORT]", ["c"]],
    ['emails.additionalEmails[like]:"%x@y%"', ["a"]],
    // A single quote does not close a double quote, so the comma no longer separates conditions.
    ['name.lastName[eq]:"O\'Brien",jobTitle[eq]:"a"', []],
  ])("%s", async (filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });

  test.each([
    ["jobTitle[is:NULL", "BadRequestException", expect.stringContaining("'filter' invalid for")],
    ["jobTitle[is]:(NULL", "BadRequestException", "'filter' invalid. 1 close bracket missing in the query"],
    ["jobTitle[near]:1", "BadRequestException", expect.stringContaining("comparator near not in")],
    ["shoeSize[eq]:1", "BadRequestException", "field 'shoeSize' does not exist in 'person' object"],
    ["name[eq]:1", "BadRequestException", expect.stringContaining("does not exist")],
    ["id[in]:1", "BadRequestException", expect.stringContaining("array value expected")],
    ["id[eq]:1", "QueryFailedError", 'invalid input syntax for type uuid: "1"'],
    ["createdAt[eq]:yesterday", "QueryFailedError", expect.stringContaining("timestamp with time zone")],
    [
      "crmeshChannel[eq]:X",
      "BadRequestException",
      expect.stringContaining("Available enum values are ['FAIR', 'WEB']"),
    ],
    ['not(jobTitle[eq]:"a",jobTitle[eq]:"b")', "BadRequestException", expect.stringContaining("only 1 condition")],
  ])("%s is refused", async (filter, error, message) => {
    const query = new URLSearchParams({ filter }).toString();
    expect(await twenty("demo").refusal("GET", `people?${query}`)).toEqual([400, error, message]);
  });
});

describe("refusals", () => {
  test.each([
    ["GET", "people/12", undefined, "BadRequestException", "'12' is not a valid UUID"],
    ["GET", `people/${NOBODY}`, undefined, "BadRequestException", "Record not found"],
    ["PATCH", `people/${NOBODY}`, {}, "EntityNotFoundError", expect.stringContaining('any entity of type "person"')],
    ["DELETE", `people/${NOBODY}`, undefined, "EntityNotFoundError", expect.anything()],
    ["GET", "leads", undefined, "BadRequestException", "object 'leads' not found"],
    ["POST", "people", "{", "BadRequestException", expect.any(String)],
    ["POST", "people", [], "BadRequestException", expect.any(String)],
    ["POST", "people", { shoeSize: 1 }, "BadRequestException", expect.stringContaining('field "shoeSize"')],
    ["POST", "people", { name: { middleName: "x" } }, "BadRequestException", expect.stringContaining("middleName")],
    ["POST", "people", { companyId: "1" }, "QueryFailedError", 'invalid input syntax for type uuid: "1"'],
    ["POST", "people", { companyId: NOBODY }, "QueryFailedError", expect.stringContaining("foreign key")],
    ["POST", "people", { crmeshScore: "x" }, "QueryFailedError", expect.stringContaining("double precision")],
    [
      "POST",
      "opportunities",
      { stage: "WON" },
      "QueryFailedError",
      expect.stringMatching(/"opportunity_stage_enum": "WON"$/),
    ],
    ["POST", "calendarEvents", { startsAt: "soon" }, "QueryFailedError", expect.stringContaining("timestamp")],
    ["POST", "calendarEvents", { isFullDay: "x" }, "QueryFailedError", expect.stringContaining("boolean")],
  ])("%s %s %j is status 400", async (method, path, body, error, message) => {
    expect(await twenty("refusals").refusal(method, path, body)).toEqual([400, error, message]);
  });

  test("a primary address is unique among people who are not deleted", async () => {
    const { ask, made, refusal } = twenty("unique");
    const body = { emails: { primaryEmail: "one@only.example" } };
    const { id } = await made("people", body);
    expect(await refusal("POST", "people", body)).toEqual([
      400,
      "QueryFailedError",
      expect.stringContaining("duplicate key"),
    ]);
    expect((await ask("PATCH", `people/${id}`, body)).status).toBe(200);
    await ask("DELETE", `people/${id}`);
    await made("people", body);
  });

  test("an unknown path is status 404", async () => {
    const response = await fetch(`${server.origin}/graphql`, { headers: { authorization: "Bearer x" } });
    expect([response.status, await response.json()]).toEqual([
      404,
      { statusCode: 404, error: "Not Found", message: "Cannot GET /graphql" },
    ]);
  });

  test.each([
    ["PROVIDER_ERROR", 500, { statusCode: 500 }],
    ["PROVIDER_RATE_LIMITED", 429, { messages: ["Limit reached (100 tokens per 60000 ms)"] }],
    ["PROVIDER_AUTH_FAILED", 403, { error: "PermissionsException" }],
    ["NEEDS_REAUTH", 401, { error: "UNAUTHENTICATED" }],
  ])("the fault %s is spoken in Twenty's words", async (fault, status, body) => {
    const answer = await twenty("demo").ask("GET", "people", undefined, { "x-sandbox-fault": fault });
    expect(answer).toMatchObject({ status, body });
  });
});

test("a hundred calls a minute are answered where limits are enforced", async () => {
  let time = NOW;
  const strict = await startSandboxServer(twentySandbox, { limits: "enforce", now: () => time });
  try {
    const { ask } = twenty("limits", strict.origin);
    const statuses = [];
    for (let call = 0; call < 101; call += 1) statuses.push((await ask("GET", "companies?limit=1")).status);
    expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([100, 429]);
    expect((await twenty("another", strict.origin).ask("GET", "companies")).status).toBe(200);
    time += 60_000;
    expect((await ask("GET", "companies?limit=1")).status).toBe(200);
  } finally {
    await strict.close();
  }
});

describe("the metadata API", () => {
  test("describes the objects with their fields, custom ones among them, in pages", async () => {
    const { ask } = twenty("demo");
    const objects: { nameSingular: string; fields: Rec[] }[] = [];
    let cursor = "";
    do {
      const { body } = await ask("GET", `metadata/objects?limit=4${cursor}`);
      objects.push(...(body.data["objects"] as typeof objects));
      cursor = body.pageInfo.hasNextPage ? `&starting_after=${body.pageInfo.endCursor!}` : "";
    } while (cursor !== "");
    expect(objects.map(({ nameSingular }) => nameSingular)).toEqual(
      expect.arrayContaining(["person", "company", "opportunity", "calendarEvent", "workspaceMember"]),
    );
    const person = objects.find(({ nameSingular }) => nameSingular === "person")!;
    const custom = person.fields.filter(({ isCustom }) => isCustom === true);
    expect(custom).toContainEqual(
      expect.objectContaining({ name: "crmeshNote", label: "Note", type: "TEXT", isActive: true }),
    );
    expect((await ask("GET", "metadata/objects?starting_after=x")).status).toBe(400);
  });
});
