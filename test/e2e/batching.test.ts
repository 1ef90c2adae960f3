import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
const ids: Record<string, string[]> = {};

interface Page<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** The first native ids of a list. */
async function idsOf(provider: string, resource: string, count: number): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = null;
  while (found.length < count) {
    const document = `query ($after: String) { ${resource}(first: 100, after: $after) { nodes { nativeId } pageInfo { endCursor } } }`;
    const data: Record<string, Page<{ nativeId: string }>> = await server.data(document, {
      provider,
      variables: { after },
    });
    const page = data[resource]!;
    found.push(...page.nodes.map(({ nativeId }) => nativeId));
    after = page.pageInfo.endCursor;
  }
  return found.slice(0, count);
}

beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
  for (const slug of ["hubspot", "salesforce", "odoo"]) ids[slug] = await idsOf(slug, "contacts", 250);
});
afterAll(() => ground.close());

/** A document with one field per id. */
const byId = (nativeIds: readonly string[], selection = "fullName") =>
  `{ ${nativeIds.map((id, index) => `c${index}: contact(id: "${id}") { ${selection} }`).join(" ")} }`;

describe("records by id", () => {
  test.each([
    ["hubspot", 100, [100]],
    ["hubspot", 250, [100, 100, 50]],
    ["salesforce", 250, [250]],
  ])("%s: %i contacts in calls of %j", async (provider, count, batches) => {
    const { data, calls } = await server.traced<Record<string, { fullName: string }>>(
      byId(ids[provider]!.slice(0, count)),
      {
        provider,
      },
    );
    expect(Object.values(data).filter(Boolean)).toHaveLength(count);
    expect(calls.map(({ records }) => records).sort()).toEqual([...batches].sort());
    for (const call of calls) expect(call).toMatchObject({ provider, attempt: 1, status: 200 });
  });

  test("odoo: 250 contacts in one call for the records", async () => {
    const { data, calls } = await server.traced<Record<string, { fullName: string }>>(byId(ids["odoo"]!), {
      provider: "odoo",
    });
    expect(Object.values(data).filter(Boolean)).toHaveLength(250);
    expect(calls.filter(({ records }) => (records ?? 0) >= 250)).toHaveLength(1);
  });

  test("nodes of all three CRMs: one batch each", async () => {
    const globalIds: string[] = [];
    for (const provider of ["hubspot", "salesforce", "odoo"]) {
      const { contacts } = await server.data<{ contacts: Page<{ id: string }> }>(
        "{ contacts(first: 20) { nodes { id } } }",
        { provider },
      );
      globalIds.push(...contacts.nodes.map(({ id }) => id));
    }
    const { data, calls } = await server.traced<{ nodes: { fullName: string }[] }>(
      "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contact { fullName } } }",
      { variables: { ids: globalIds } },
    );
    expect(data.nodes.filter(({ fullName }) => fullName)).toHaveLength(60);
    for (const provider of ["hubspot", "salesforce", "odoo"]) {
      expect(calls.filter((call) => call.provider === provider && call.records === 20)).toHaveLength(1);
    }
  });

  test.each(["hubspot", "salesforce", "odoo"])(
    "%s: duplicate ids are read once, as native and as global ids",
    async (provider) => {
      const [first, second] = ids[provider]! as [string, string];
      const { contact } = await server.data<{ contact: { id: string } }>(`{ contact(id: "${first}") { id } }`, {
        provider,
      });
      const { data, calls } = await server.traced<Record<string, { nativeId: string }>>(
        `{ a: contact(id: "${first}") { nativeId fullName } b: contact(id: "${contact.id}") { nativeId fullName }
         c: contact(id: "${second}") { nativeId fullName } d: contact(id: "${first}") { nativeId fullName } }`,
        { provider },
      );
      expect(Object.values(data).map(({ nativeId }) => nativeId)).toEqual([first, first, second, first]);
      expect(calls.filter(({ records }) => records !== null).map(({ records }) => records)).toEqual([2]);
    },
  );

  test.each([
    ["hubspot", "contact", "CONTACT_NOT_FOUND"],
    ["hubspot", "lead", "LEAD_NOT_FOUND"],
    ["hubspot", "meeting", "MEETING_NOT_FOUND"],
    ["salesforce", "contact", "CONTACT_NOT_FOUND"],
    ["salesforce", "lead", "LEAD_NOT_FOUND"],
    ["salesforce", "meeting", "MEETING_NOT_FOUND"],
    ["odoo", "contact", "CONTACT_NOT_FOUND"],
    ["odoo", "lead", "LEAD_NOT_FOUND"],
    ["odoo", "meeting", "MEETING_NOT_FOUND"],
  ])("%s: a missing %s fails at its own position only", async (provider, resource, code) => {
    const [there, gone] = await idsOf(provider, `${resource}s`, 2);
    const missing = provider === "salesforce" ? `${gone!.slice(0, 8)}ZZZZZZZ${gone!.slice(15)}` : "999999999";
    const { status, body } = await server.query<Record<string, unknown>>(
      `{ a: ${resource}(id: "${there}") { nativeId createdAt } b: ${resource}(id: "${missing}") { createdAt } c: ${resource}(id: "nonsense!") { createdAt } }`,
      { provider },
    );
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ a: { nativeId: there }, b: null, c: null });
    expect(body.errors!.map(({ path, extensions }) => [path, extensions.code]).sort()).toEqual([
      [["b"], code],
      [["c"], code],
    ]);
  });
});

describe("edges", () => {
  const MEETINGS =
    "{ meetings(first: 50) { nodes { title attendees { name email contact { fullName emails { address } } } } } }";

  test("50 meetings with their attendees' contacts at HubSpot are two calls", async () => {
    const { data, calls } = await server.traced<{ meetings: Page<{ attendees: { contact: unknown }[] }> }>(MEETINGS, {
      provider: "hubspot",
    });
    expect(data.meetings.nodes).toHaveLength(50);
    expect(
      data.meetings.nodes.flatMap(({ attendees }) => attendees).filter(({ contact }) => contact).length,
    ).toBeGreaterThan(50);
    // The names of attendees who are users take one more call.
    expect(calls.filter(({ path }) => !path.includes("owners"))).toHaveLength(2);
  });

  test("two calls if no user names are selected", async () => {
    const { calls } = await server.traced<unknown>(
      "{ meetings(first: 50) { nodes { title attendees { contact { fullName } } } } }",
      { provider: "hubspot" },
    );
    expect(calls).toHaveLength(2);
  });

  test("leads take their names from their contacts in one batch", async () => {
    const { data, calls } = await server.traced<{ leads: Page<{ fullName: string | null }> }>(
      "{ leads(first: 50) { nodes { subject fullName companyName emails { address } } } }",
      { provider: "hubspot" },
    );
    expect(data.leads.nodes.filter(({ fullName }) => fullName)).toHaveLength(50);
    // The names of their companies take another batch.
    expect(calls).toHaveLength(3);
  });

  test("an edge that is not selected is not requested", async () => {
    const { calls } = await server.traced<unknown>("{ leads(first: 50) { nodes { subject } } }", {
      provider: "hubspot",
    });
    expect(calls).toHaveLength(1);
  });

  test.each(["hubspot", "salesforce"])("%s: owners' names are read once for a page", async (provider) => {
    const { data, calls } = await server.traced<{ contacts: Page<{ owner: { name: string } | null }> }>(
      "{ contacts(first: 50) { nodes { owner { name email } } } }",
      { provider },
    );
    expect(data.contacts.nodes.filter(({ owner }) => owner?.name).length).toBeGreaterThan(30);
    expect(calls.length).toBeLessThanOrEqual(2);
  });

  test.each(["hubspot", "salesforce", "odoo"])(
    "%s: a page of a contact's meetings and leads for each of 20 contacts",
    async (provider) => {
      const { data, calls } = await server.traced<{
        contacts: Page<{ meetings: Page<{ title: string }>; leads: Page<{ subject: string }> }>;
      }>(
        "{ contacts(first: 20) { nodes { meetings(first: 5) { nodes { title } } leads(first: 5) { nodes { subject fullName } } } } }",
        {
          provider,
        },
      );
      expect(data.contacts.nodes).toHaveLength(20);
      // The list, the two edges, the records at their ends, and further calls that the CRM's protocol needs.
      expect(calls.length).toBeLessThanOrEqual(8);
    },
  );
});

describe("one operation, one field set", () => {
  test("records of a list are not read again by id", async () => {
    const [first] = ids["hubspot"]!;
    const { contact } = await server.data<{ contact: { id: string } }>(`{ contact(id: "${first}") { id } }`, {
      provider: "hubspot",
    });
    const { data, calls } = await server.traced<{ leads: Page<{ contact: { id: string; title: string | null } }> }>(
      `{ leads(first: 1) { nodes { contact { id title leads(first: 1) { nodes { subject contact { id title fullName } } } } } } }`,
      { provider: "hubspot" },
    );
    expect(data.leads.nodes[0]!.contact.id).toBe(contact.id);
    // Leads with their contact's id, the contact, and the contact's lead ids. The lead and the contact are loaded already.
    expect(calls.length).toBeLessThanOrEqual(3);
  });

  test("the field set includes fragments, aliases and interfaces", async () => {
    const [nativeId] = ids["hubspot"]!;
    const { a } = await server.data<{ a: { id: string } }>(`{ a: contact(id: "${nativeId}") { id } }`, {
      provider: "hubspot",
    });
    const { data, calls } = await server.traced<{
      node: { title: string | null };
      nodes: { firstName: string | null }[];
      again: { mails: { address: string }[] };
    }>(
      `query ($id: ID!) {
        node(id: $id) { __typename id ... on Contact { title } }
        nodes(ids: [$id]) { ...Names }
        again: contact(id: $id) { mails: emails { address } ... { lastName } }
      }
      fragment Names on Node { ... on Contact { firstName ...More } }
      fragment More on Contact { fullName owner { id } }`,
      { variables: { id: a.id } },
    );
    expect(calls).toHaveLength(1);
    const whole = await server.data<{ contact: Record<string, unknown> }>(
      `{ contact(id: "${nativeId}") { title firstName lastName fullName emails { address } owner { id } } }`,
      { provider: "hubspot" },
    );
    const { title, firstName, lastName, fullName, emails, owner } = whole.contact;
    expect(data).toEqual({
      node: { __typename: "Contact", id: a.id, title },
      nodes: [{ firstName, fullName, owner }],
      again: { mails: emails, lastName },
    });
  });

  test("@skip and @include are evaluated for the variables of each request", async () => {
    const document = `query ($names: Boolean!, $noOwner: Boolean = true) {
      leads(first: 5) { nodes { subject fullName @include(if: $names) owner @skip(if: $noOwner) { name } } }
    }`;
    const run = (variables: Record<string, unknown>) =>
      server.traced<{ leads: Page<Record<string, unknown>> }>(document, { provider: "hubspot", variables });
    const bare = await run({ names: false });
    expect(bare.calls).toHaveLength(1);
    expect(Object.keys(bare.data.leads.nodes[0]!)).toEqual(["subject"]);
    const named = await run({ names: true });
    expect(named.calls).toHaveLength(2);
    expect(named.data.leads.nodes.every(({ fullName }) => typeof fullName === "string")).toBe(true);
    const owned = await run({ names: false, noOwner: false });
    expect(Object.keys(owned.data.leads.nodes[0]!)).toEqual(["subject", "owner"]);
    expect((await run({ names: false })).calls).toHaveLength(1);
  });

  test("operationName selects the operation that is measured", async () => {
    const { text } = await server.fetch("/graphql?provider=hubspot", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: "Bearer sk_test_demo",
        "x-end-user-id": "demo",
        "x-crmesh-trace": "calls",
      },
      body: JSON.stringify({
        query: "query A { leads(first: 2) { nodes { subject } } } query B { leads(first: 2) { nodes { fullName } } }",
        operationName: "A",
      }),
    });
    expect(JSON.parse(text)).toMatchObject({ data: { leads: { nodes: [{}, {}] } }, extensions: { calls: [{}] } });
    expect((JSON.parse(text) as { extensions: { calls: unknown[] } }).extensions.calls).toHaveLength(1);
  });
});

test("call traces have no query strings, and are returned only on request", async () => {
  const { calls } = await server.traced<unknown>(
    '{ contacts(first: 1, filter: { email: "a.b@example.com" }) { nodes { id } } }',
    {
      provider: "salesforce",
    },
  );
  expect(calls.length).toBeGreaterThan(0);
  for (const { path } of calls) expect(path).toMatch(/^\/[^?]*$/);
  const { body } = await server.query("{ contacts(first: 1) { nodes { id } } }", { provider: "salesforce" });
  expect(body.extensions).toBeUndefined();
});
