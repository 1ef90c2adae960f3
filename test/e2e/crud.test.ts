import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

type Fields = Record<string, unknown>;
const PROVIDERS = ["hubspot", "salesforce", "odoo"] as const;
type Slug = (typeof PROVIDERS)[number];
type Resource = "contact" | "lead" | "meeting";

const NOTE: Record<Slug, string> = { hubspot: "crmesh_note", salesforce: "Crmesh_Note__c", odoo: "x_crmesh_note" };
const SCORE: Record<Slug, string> = { hubspot: "crmesh_score", salesforce: "Crmesh_Score__c", odoo: "x_crmesh_score" };

const SELECTION: Record<Resource, string> = {
  contact: "id nativeId fullName title emails { address isPrimary } phones { number type } customFields { key value }",
  lead: "id nativeId subject fullName companyName description rating contact { id } customFields { key value }",
  meeting:
    "id nativeId title description location startAt endAt durationMinutes isAllDay contacts { id } customFields { key value }",
};

interface Scene {
  create: Fields;
  created: Fields;
  /** Changes some fields and leaves the others out. */
  update: Fields;
  updated: Fields;
  /** Clears with null. */
  clear: Fields;
  cleared: Fields;
}

const custom = (slug: Slug, note: string | null, score: number) => [
  { key: NOTE[slug], value: note },
  { key: SCORE[slug], value: score },
];

function scene(resource: Resource, slug: Slug, contactId: string): Scene {
  const name = slug === "odoo" ? { fullName: "Zoë Création" } : { firstName: "Zoë", lastName: "Création" };
  if (resource === "contact") {
    const mail = `zoe@${slug}.example`;
    const emails = [{ address: mail }];
    const phones = [{ number: "+4915155500001", type: "MOBILE" }];
    return {
      create: { ...name, title: "CEO", emails, phones, customFields: custom(slug, "first", 7) },
      created: { fullName: "Zoë Création", title: "CEO", emails: [{ address: mail, isPrimary: true }], phones },
      update: { title: "CTO", customFields: [{ key: NOTE[slug], value: "second" }] },
      updated: { fullName: "Zoë Création", title: "CTO", emails: [{ address: mail, isPrimary: true }], phones },
      clear: { title: null, phones: null },
      cleared: { fullName: "Zoë Création", title: null, emails: [{ address: mail, isPrimary: true }], phones: [] },
    };
  }
  if (resource === "lead") {
    const own: Record<Slug, Fields> = {
      hubspot: { subject: "Licence", contactId },
      salesforce: { lastName: "Création", companyName: "Acme" },
      odoo: { subject: "Licence", fullName: "Zoë Création", contactId },
    };
    const link = slug === "salesforce" ? null : { id: contactId };
    const described = slug === "hubspot" ? {} : { description: "Wants «soon»." };
    const subject = slug === "salesforce" ? null : "Licence";
    const clear: Record<Slug, Fields> = {
      hubspot: { rating: null },
      salesforce: { description: null },
      odoo: { description: null },
    };
    return {
      create: { ...own[slug], ...described, rating: "HOT", customFields: custom(slug, "first", 7) },
      created: { subject, ...(slug === "hubspot" ? {} : described), rating: "HOT", contact: link },
      update: { rating: "WARM", customFields: [{ key: NOTE[slug], value: "second" }] },
      updated: { subject, ...described, rating: "WARM", contact: link },
      clear: clear[slug],
      cleared: { subject, contact: link, ...clear[slug] },
    };
  }
  const times = { startAt: "2026-10-24T23:30:00.000Z", endAt: "2026-10-25T01:00:00.000Z" };
  const text = { title: "Demo", description: "Line one\nLine two", location: "Room 4" };
  const fixed = { title: "Demo", contacts: [{ id: contactId }], isAllDay: false };
  return {
    create: { ...text, ...times, contactIds: [contactId], customFields: custom(slug, "first", 7) },
    created: { ...text, ...fixed, ...times, durationMinutes: 90 },
    update: { endAt: "2026-10-25T00:00:00.000Z", customFields: [{ key: NOTE[slug], value: "second" }] },
    updated: { ...text, ...fixed, ...times, endAt: "2026-10-25T00:00:00.000Z", durationMinutes: 30 },
    clear: { location: null, description: null },
    cleared: { ...fixed, location: null, description: null, startAt: times.startAt, durationMinutes: 30 },
  };
}

const capital = (resource: Resource) => resource[0]!.toUpperCase() + resource.slice(1);
const customOf = (record: Fields) => {
  const fields = record["customFields"] as { key: string; value: unknown }[];
  return Object.fromEntries(fields.map(({ key, value }) => [key, value]));
};

describe.each(PROVIDERS)("%s", (slug) => {
  let contactId: string;
  beforeAll(async () => {
    const data = await server.data<{ contacts: { nodes: { id: string }[] } }>(
      "{ contacts(first: 1) { nodes { id } } }",
      {
        provider: slug,
      },
    );
    contactId = data.contacts.nodes[0]!.id;
  });

  test.each(["contact", "lead", "meeting"] as const)(
    "a %s is created, read, changed, cleared and deleted",
    async (resource) => {
      const type = capital(resource);
      const selection = SELECTION[resource];
      const { create, created, update, updated, clear, cleared } = scene(resource, slug, contactId);

      const made = await server.data<{ record: Fields }>(
        `mutation ($input: ${type}Input!) { record: create${type}(input: $input) { ${selection} } }`,
        { provider: slug, variables: { input: create } },
      );
      expect(made.record).toMatchObject(created);
      expect(customOf(made.record)).toMatchObject({ [NOTE[slug]]: "first", [SCORE[slug]]: 7 });
      const { id, nativeId } = made.record as { id: string; nativeId: string };

      const read = `query ($id: ID!, $provider: String) { record: ${resource}(id: $id, provider: $provider) { ${selection} } }`;
      const byGlobalId = await server.data<{ record: Fields }>(read, { variables: { id }, endUserId: null });
      expect(byGlobalId).toEqual(made);
      const byNativeId = await server.data<{ record: Fields }>(read, { variables: { id: nativeId, provider: slug } });
      expect(byNativeId).toEqual(made);
      const byUrl = await server.data<{ record: Fields }>(read, { variables: { id: nativeId }, provider: slug });
      expect(byUrl).toEqual(made);

      const change = `mutation ($id: ID!, $input: ${type}Input!) { record: update${type}(id: $id, input: $input) { ${selection} } }`;
      const changed = await server.data<{ record: Fields }>(change, { variables: { id, input: update } });
      expect(changed.record).toMatchObject({ ...updated, id });
      expect(customOf(changed.record)).toMatchObject({ [NOTE[slug]]: "second", [SCORE[slug]]: 7 });
      const emptied = await server.data<{ record: Fields }>(change, {
        variables: { id: nativeId, input: clear },
        provider: slug,
      });
      expect(emptied.record).toMatchObject({ ...cleared, id });
      const customCleared = await server.data<{ record: Fields }>(change, {
        variables: { id, input: { customFields: [{ key: NOTE[slug], value: null }] } },
      });
      expect(customOf(customCleared.record)).toMatchObject({ [SCORE[slug]]: 7 });
      expect(customOf(customCleared.record)[NOTE[slug]] ?? null).toBeNull();
      const after = await server.data<{ record: Fields }>(read, { variables: { id } });
      expect(after).toEqual(customCleared);

      const remove = `mutation ($id: ID!) { gone: delete${type}(id: $id) { id nativeId } }`;
      const removed = await server.data<unknown>(remove, { variables: { id } });
      expect(removed).toEqual({ gone: { id, nativeId } });
      for (const [document, variables] of [
        [read, { id }],
        [change, { id, input: update }],
        [remove, { id }],
      ] as const) {
        const { status, body } = await server.query(document, { variables });
        expect(status).toBe(404);
        expect(body.errors![0]!.extensions).toMatchObject({
          code: `${resource.toUpperCase()}_NOT_FOUND`,
          provider: slug,
        });
      }
    },
  );

  test("an all-day meeting keeps its days", async () => {
    const { record } = await server.data<{ record: { id: string; startAt: string } }>(
      `mutation ($input: MeetingInput!) { record: createMeeting(input: $input) { id startAt endAt isAllDay durationMinutes } }`,
      {
        provider: slug,
        variables: {
          input: {
            title: "Fair",
            startAt: "2026-03-28T00:00:00Z",
            endAt: "2026-03-30T00:00:00Z",
            ...(slug === "hubspot" ? {} : { isAllDay: true }),
          },
        },
      },
    );
    expect(record).toMatchObject({
      startAt: "2026-03-28T00:00:00.000Z",
      endAt: "2026-03-30T00:00:00.000Z",
      isAllDay: slug !== "hubspot",
      durationMinutes: 2 * 24 * 60,
    });
  });

  test("a field that the CRM does not support is refused by its input path, before any call", async () => {
    const input = { lastName: "X", fullName: "X", doNotContact: true, tags: ["a"], department: "b", websites: ["c"] };
    const { body } = await server.query("mutation ($input: ContactInput!) { createContact(input: $input) { id } }", {
      provider: slug,
      variables: { input },
      headers: { "x-crmesh-trace": "calls" },
    });
    const { code, errors } = body.errors![0]!.extensions;
    expect(code).toBe("INVALID_INPUT");
    for (const path of Object.keys(errors!)) expect(path).toMatch(/^input\.\w+/);
    expect(body.extensions!.calls).toEqual([]);
  });

  test("an unknown custom field is refused by its path", async () => {
    const { body } = await server.query("mutation ($input: ContactInput!) { createContact(input: $input) { id } }", {
      provider: slug,
      variables: { input: { lastName: "X", customFields: [{ key: "no_such_field", value: 1 }] } },
    });
    expect(body.errors![0]!.extensions.code).toBe("INVALID_INPUT");
    expect(Object.keys(body.errors![0]!.extensions.errors!)).toEqual([expect.stringMatching(/^input\.customFields/)]);
  });

  test("an unsupported filter is INVALID_INPUT and names the filter and the provider", async () => {
    const filter = { hubspot: "name", salesforce: null, odoo: null }[slug];
    if (filter === null) return;
    const { body } = await server.query(`{ contacts(filter: { ${filter}: "x" }) { nodes { id } } }`, {
      provider: slug,
    });
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      provider: slug,
      errors: { [`filter.${filter}`]: expect.stringContaining("HubSpot") },
    });
  });
});

describe("date ranges", () => {
  const update = (id: string, input: string) =>
    server.query(`mutation { updateMeeting(id: "${id}", input: ${input}) { startAt endAt } }`, {
      headers: { "x-crmesh-trace": "calls" },
    });

  test.each(PROVIDERS)("%s: an update of one side is checked against the other", async (slug) => {
    const { createMeeting } = await server.data<{ createMeeting: { id: string } }>(
      'mutation { createMeeting(input: { title: "x", startAt: "2026-06-01T10:00:00Z", endAt: "2026-06-01T11:00:00Z" }) { id } }',
      { provider: slug },
    );
    for (const [path, input] of [
      ["input.endAt", '{ endAt: "2026-06-01T10:00:00Z" }'],
      ["input.endAt", '{ endAt: "2026-06-01T09:00:00Z" }'],
      ["input.startAt", '{ startAt: "2026-06-01T11:30:00Z" }'],
      ["input.endAt", '{ startAt: "2026-06-01T12:00:00Z", endAt: "2026-06-01T11:00:00Z" }'],
    ] as const) {
      const { status, body } = await update(createMeeting.id, input);
      expect(status).toBe(400);
      expect(body.errors![0]!.extensions).toMatchObject({
        code: "INVALID_DATE_RANGE",
        errors: { [path]: expect.any(String) },
      });
      // No record was written.
      expect(body.extensions!.calls!.filter(({ method }) => method === "PATCH")).toEqual([]);
    }
    const { body } = await update(createMeeting.id, '{ startAt: "2026-06-01T10:30:00Z" }');
    expect(body.data).toEqual({
      updateMeeting: { startAt: "2026-06-01T10:30:00.000Z", endAt: "2026-06-01T11:00:00.000Z" },
    });
  });

  test.each([
    ["contacts", "created"],
    ["leads", "updated"],
    ["meetings", "starts"],
  ])("filters of %s: an empty or backward range", async (field, name) => {
    for (const until of ["2026-05-01T00:00:00Z", "2026-04-01T00:00:00Z"]) {
      const { body } = await server.query(
        `{ ${field}(filter: { ${name}Since: "2026-05-01T00:00:00Z", ${name}Until: "${until}" }) { nodes { id } } }`,
        { provider: "hubspot", headers: { "x-crmesh-trace": "calls" } },
      );
      expect(body.errors![0]!.extensions).toMatchObject({
        code: "INVALID_DATE_RANGE",
        errors: { [`filter.${name}Until`]: expect.any(String) },
      });
      expect(body.extensions!.calls).toEqual([]);
    }
  });
});

describe("how a request names its record", () => {
  let contact: { id: string; nativeId: string };
  beforeAll(async () => {
    const data = await server.data<{ contacts: { nodes: (typeof contact)[] } }>(
      "{ contacts(first: 1) { nodes { id nativeId } } }",
      { provider: "hubspot" },
    );
    contact = data.contacts.nodes[0]!;
  });

  const failure = async (document: string, options: Parameters<TestServer["query"]>[1] = {}) => {
    const { body } = await server.query(document, options);
    const { code, errors } = body.errors![0]!.extensions;
    return { code, paths: Object.keys(errors ?? {}) };
  };

  test("an argument takes precedence over the URL and the header", async () => {
    const data = await server.data<Record<string, { provider: { slug: string } }>>(
      `{ contact(id: "${contact.nativeId}", provider: "hubspot", endUserId: "demo") { provider { slug } } }`,
      { provider: "salesforce", endUserId: "nobody" },
    );
    expect(data["contact"]).toEqual({ provider: { slug: "hubspot" } });
    expect(await failure('{ contacts(endUserId: "nobody") { nodes { id } } }', { provider: "hubspot" })).toMatchObject({
      code: "END_USER_NOT_FOUND",
    });
  });

  test("a global id needs no provider or end user, and the default provider does not matter", async () => {
    const data = await server.data<Record<string, unknown>>(`{ contact(id: "${contact.id}") { nativeId } }`, {
      provider: "odoo",
      endUserId: null,
    });
    expect(data).toEqual({ contact: { nativeId: contact.nativeId } });
  });

  test("a global id that contradicts an argument is refused", async () => {
    expect(await failure(`{ contact(id: "${contact.id}", provider: "odoo") { id } }`)).toEqual({
      code: "INVALID_INPUT",
      paths: ["provider"],
    });
    expect(await failure(`{ contact(id: "${contact.id}", provider: "nosuch") { id } }`)).toMatchObject({
      code: "PROVIDER_NOT_FOUND",
    });
    await ground.endUser("other");
    expect(await failure(`{ contact(id: "${contact.id}", endUserId: "other") { id } }`)).toEqual({
      code: "CONTACT_NOT_FOUND",
      paths: [],
    });
  });

  test("a global id of another resource is refused", async () => {
    for (const field of ["lead", "meeting"]) {
      expect(await failure(`{ ${field}(id: "${contact.id}") { id } }`)).toEqual({
        code: "INVALID_INPUT",
        paths: ["id"],
      });
    }
    expect(
      await failure(
        `mutation { createMeeting(provider: "hubspot", input: { startAt: "2026-01-01T00:00:00Z", leadIds: ["${contact.id}"] }) { id } }`,
      ),
    ).toEqual({ code: "INVALID_INPUT", paths: ["input.leadIds.0"] });
  });

  test("a link to a record of another connection is refused", async () => {
    expect(
      await failure(
        `mutation { createLead(provider: "odoo", input: { subject: "x", contactId: "${contact.id}" }) { id } }`,
      ),
    ).toEqual({ code: "INVALID_INPUT", paths: ["input.contactId"] });
  });

  test("a native id without a provider, an empty id, a missing end user and an empty update are refused", async () => {
    expect((await failure(`{ contact(id: "${contact.nativeId}") { id } }`)).code).toBe("MISSING_PROVIDER");
    expect(await failure('{ contact(id: "  ") { id } }', { provider: "hubspot" })).toEqual({
      code: "INVALID_INPUT",
      paths: ["id"],
    });
    expect(await failure("{ contacts { nodes { id } } }", { provider: "hubspot", endUserId: null })).toEqual({
      code: "MISSING_REQUIRED",
      paths: ["endUserId"],
    });
    expect(await failure(`mutation { updateContact(id: "${contact.id}", input: {}) { id } }`)).toEqual({
      code: "INVALID_INPUT",
      paths: ["input"],
    });
  });

  test("an unknown record is not found even if only its id is selected", async () => {
    for (const slug of PROVIDERS) {
      expect((await failure('{ contact(id: "999999999") { id nativeId } }', { provider: slug })).code).toBe(
        "CONTACT_NOT_FOUND",
      );
    }
  });
});
