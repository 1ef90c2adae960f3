import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

interface Page {
  edges: { cursor: string; node: { id: string } }[];
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  completeness: { isComplete: boolean };
}

const PAGE = `edges { cursor node { id } } nodes { id }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } completeness { isComplete }`;

async function page(
  provider: string,
  field: string,
  args: string,
  first: number,
  after: string | null = null,
): Promise<Page> {
  const document = `query ($first: Int, $after: String) { page: ${field}(first: $first, after: $after${args}) { ${PAGE} } }`;
  return (await server.data<{ page: Page }>(document, { provider, variables: { first, after } })).page;
}

async function readAll(provider: string, field: string, first: number, args = ""): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  for (let count = 0; ; count += 1) {
    if (count > 60) throw new Error("The listing has no end.");
    const read: Page = await page(provider, field, args, first, after);
    expect(read.edges.map(({ node }) => node.id)).toEqual(read.nodes.map(({ id }) => id));
    expect(read.pageInfo).toMatchObject({
      hasPreviousPage: after !== null,
      startCursor: read.edges[0]?.cursor ?? null,
    });
    ids.push(...read.nodes.map(({ id }) => id));
    if (!read.pageInfo.hasNextPage) return ids;
    expect(read.nodes).toHaveLength(first);
    after = read.pageInfo.endCursor;
  }
}

describe.each([
  ["hubspot", "contacts", 1000],
  ["hubspot", "meetings", 200],
  ["salesforce", "leads", 300],
  ["salesforce", "meetings", 200],
  // The users of Odoo are contacts, too.
  ["odoo", "contacts", 1005],
  ["odoo", "meetings", 200],
])("%s: %s", (provider, field, count) => {
  test("return every record once", async () => {
    const ids = await readAll(provider, field, 100);
    expect(new Set(ids).size).toBe(ids.length);
    if (field === "leads") expect(ids.length).toBeLessThanOrEqual(count);
    else expect(ids).toHaveLength(count);
  });

  test("return the same records from any cursor and in any page size", async () => {
    const whole = (await page(provider, field, "", 100)).edges;
    const ids = whole.map(({ node }) => node.id);
    for (const [from, size] of [
      [0, 7],
      [12, 33],
      [41, 50],
      [98, 1],
    ] as const) {
      const next = await page(provider, field, "", size, whole[from]!.cursor);
      expect(next.nodes.map(({ id }) => id)).toEqual(ids.slice(from + 1, from + 1 + size));
    }
    // A page from the middle has cursors, too.
    const middle = await page(provider, field, "", 37, whole[10]!.cursor);
    const again = await page(provider, field, "", 20, middle.edges[5]!.cursor);
    expect(again.nodes.map(({ id }) => id)).toEqual(ids.slice(17, 37));
  });
});

describe.each(["hubspot", "salesforce", "odoo"])("%s: ordered and filtered", (provider) => {
  test("an ordered list is read to its end", async () => {
    const ids = await readAll(provider, "meetings", 41, ", orderBy: { field: STARTS_AT, direction: DESC }");
    expect(ids).toHaveLength(200);
    expect(new Set(ids).size).toBe(200);
  });

  test("an empty list is an empty page", async () => {
    const empty = await page(provider, "contacts", ', filter: { email: "nobody@nowhere.example" }', 10);
    expect(empty).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      completeness: { isComplete: true },
    });
  });
});

describe("cursors", () => {
  const refused = async (document: string, provider = "hubspot") => {
    const { status, body } = await server.query(document, { provider });
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions).toMatchObject({ code: "INVALID_INPUT", errors: { after: expect.any(String) } });
  };
  let cursor: string;
  beforeAll(async () => {
    cursor = (await page("hubspot", "contacts", "", 3)).pageInfo.endCursor!;
  });

  test.each([
    ["another connection", "{ contacts(after: $) { nodes { id } } }", "odoo"],
    ["another resource", "{ leads(after: $) { nodes { id } } }", "hubspot"],
    ["another filter", '{ contacts(after: $, filter: { email: "a@b.example" }) { nodes { id } } }', "hubspot"],
    ["another order", "{ contacts(after: $, orderBy: { field: NAME }) { nodes { id } } }", "hubspot"],
  ])("do not serve %s", async (_name, document, provider) => {
    await refused(document.replace("$", JSON.stringify(cursor)), provider);
  });

  test.each([
    ["changed", (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1)],
    ["cut", (text: string) => text.slice(0, -2)],
    ["invented", () => Buffer.from("[null,100000]").toString("base64url")],
    ["native", () => "100"],
    ["blank", () => " "],
  ])("that are %s are refused", async (_name, tamper) => {
    await refused(`{ contacts(after: ${JSON.stringify(tamper(cursor))}) { nodes { id } } }`);
  });

  test("work with another page size and another selection", async () => {
    const data = await server.data<{ contacts: Page }>(
      `{ contacts(after: "${cursor}", first: 2) { nodes { id fullName owner { name } } } }`,
      { provider: "hubspot" },
    );
    expect(data.contacts.nodes).toHaveLength(2);
  });

  test("of `connections { contacts }` and of `contacts(provider)` are the same", async () => {
    const { connections } = await server.data<{ connections: { provider: { slug: string }; contacts: Page }[] }>(
      `{ connections { provider { slug } contacts(first: 3) { ${PAGE} } } }`,
    );
    const hubspot = connections.find(({ provider }) => provider.slug === "hubspot")!;
    const next = await page("hubspot", "contacts", "", 2, hubspot.contacts.pageInfo.endCursor);
    expect(next.nodes).toHaveLength(2);
  });
});

test.each([0, -1, 101])("a page size of %i is refused", async (first) => {
  for (const field of ["contacts", "leads", "meetings"]) {
    const { status, body } = await server.query(`{ ${field}(first: ${first}) { nodes { id } } }`, {
      provider: "hubspot",
    });
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions).toMatchObject({ code: "INVALID_INPUT", errors: { first: expect.any(String) } });
  }
});

test("the default page size is 25, also for null", async () => {
  for (const args of ["", "(first: null, after: null)"]) {
    const { contacts } = await server.data<{ contacts: Page }>(`{ contacts${args} { nodes { id } } }`, {
      provider: "hubspot",
    });
    expect(contacts.nodes).toHaveLength(25);
  }
});

describe.each(["hubspot", "salesforce", "odoo"])("%s: the edges of a contact", (provider) => {
  test("have their own cursors", async () => {
    const meeting = (index: number, contactId: string) => `m${index}: createMeeting(input: {
      title: "Edge ${index}", startAt: "2026-09-0${index}T10:00:00Z", endAt: "2026-09-0${index}T11:00:00Z", contactIds: ["${contactId}"]
    }) { id }`;
    const name = provider === "odoo" ? 'fullName: "Edgar"' : 'lastName: "Edgar"';
    const { createContact } = await server.data<{ createContact: { id: string } }>(
      `mutation { createContact(input: { ${name} }) { id } }`,
      { provider },
    );
    const made = await server.data<Record<string, { id: string }>>(
      `mutation { ${[1, 2, 3, 4, 5].map((index) => meeting(index, createContact.id)).join(" ")} }`,
      { provider },
    );
    const read = async (first: number, after: string | null) => {
      const document = `query ($id: ID!, $first: Int, $after: String) {
        contact(id: $id) { meetings(first: $first, after: $after) { ${PAGE} } } }`;
      const variables = { id: createContact.id, first, after };
      return (await server.data<{ contact: { meetings: Page } }>(document, { variables })).contact.meetings;
    };
    const first = await read(2, null);
    const second = await read(2, first.pageInfo.endCursor);
    const third = await read(2, second.pageInfo.endCursor);
    expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false]);
    expect([first, second, third].map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual([false, true, true]);
    const ids = [first, second, third].flatMap(({ nodes }) => nodes.map(({ id }) => id));
    expect(ids.sort()).toEqual(
      Object.values(made)
        .map(({ id }) => id)
        .sort(),
    );
    const fromMiddle = await read(5, first.edges[0]!.cursor);
    expect(fromMiddle.nodes).toHaveLength(4);
    const { body } = await server.query(
      `{ contact(id: "${createContact.id}") { leads(after: "${first.pageInfo.endCursor}") { nodes { id } } } }`,
    );
    expect(body.errors![0]!.extensions).toMatchObject({ code: "INVALID_INPUT", errors: { after: expect.any(String) } });
  });
});
