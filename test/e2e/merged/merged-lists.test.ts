import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_BOUNDS } from "../../../src/graphql/operation/bounds.js";
import { providers } from "../../../src/providers/index.js";
import { RESOURCES, type ResourceName } from "../../../src/providers/contract/model.js";
import type { Call } from "../../support/test-server.js";
import { MergedStage, type MergedPage } from "./stage.js";

let stage: MergedStage;
let ids: Record<string, string>;
beforeAll(async () => {
  stage = await MergedStage.open();
  ids = await stage.ground.connectAll("all", { account: "small" });
  await stage.ground.connect("one", "hubspot", { account: "small" });
  await stage.ground.connect("attio", "attio", { account: "small" });
  await stage.ground.connect("crowded", "pipedrive", { account: "demo" });
  await stage.ground.connect("crowded", "close", { account: "small" });
  await stage.ground.endUser("nobody");
}, 60_000);
afterAll(() => stage.close());

const slugsOf = ({ edges }: MergedPage) => new Set(edges.map(({ node }) => node.providerSlug));
const callsOf = (calls: readonly Call[], slug: string) => calls.filter(({ provider }) => provider === slug).length;

async function wholeList(resource: ResourceName, first: number, args = ""): Promise<MergedPage["edges"]> {
  const edges: MergedPage["edges"] = [];
  let after: string | null = null;
  for (let count = 0; count < 500; count += 1) {
    const { page, errors }: Awaited<ReturnType<MergedStage["page"]>> = await stage.page(resource, {
      first,
      after,
      args,
    });
    expect(errors).toEqual([]);
    edges.push(...page!.edges);
    expect(page!.nodes.map(({ id }) => id)).toEqual(page!.edges.map(({ node }) => node.id));
    expect(page!.pageInfo.hasPreviousPage).toBe(after !== null);
    expect(page!.pageInfo.startCursor).toBe(page!.edges[0]?.cursor ?? null);
    if (!page!.pageInfo.hasNextPage) return edges;
    after = page!.pageInfo.endCursor;
  }
  throw new Error("The list has no end.");
}

describe("a page over ten CRMs", () => {
  test.each(RESOURCES)(
    "of %ss has the records of all that have the resource, each once and in order",
    async (resource) => {
      const edges = await wholeList(resource, 50);
      const union = await stage.union(resource);
      expect(edges.map(({ node }) => node.id).sort()).toEqual([...union.keys()].sort());
      const times = edges.map(({ node }) => (resource === "meeting" ? node.startAt : node.createdAt)!);
      expect(times).toEqual([...times].sort());
      expect(edges.some(({ late }) => late)).toBe(false);
      expect(slugsOf({ edges } as MergedPage)).toEqual(new Set(union.values()));
    },
  );

  test("costs one read of each CRM where their records are spread evenly", async () => {
    const { page, calls, price } = await stage.page("contact");
    expect(page!.edges).toHaveLength(50);
    // These read a page by one call.
    for (const slug of ["hubspot", "salesforce", "pipedrive", "dynamics365", "close", "attio", "espocrm", "twenty"])
      expect([slug, callsOf(calls, slug)]).toEqual([slug, 1]);
    expect(price.connections.map(({ connectionId }) => connectionId).sort()).toEqual(Object.values(ids).sort());
    for (const { connectionId, calls: most } of price.connections)
      expect(calls.filter((call) => call.connectionId === connectionId).length).toBeLessThanOrEqual(most);
  });

  test("goes on from every cursor in it", async () => {
    const { page } = await stage.page("meeting", { first: 30 });
    const all = (await wholeList("meeting", 50)).map(({ node }) => node.id);
    for (const [index, { cursor }] of page!.edges.entries()) {
      if (index % 4 !== 1) continue;
      const next = await stage.page("meeting", { first: 7, after: cursor });
      expect(next.page!.edges.map(({ node }) => node.id)).toEqual(all.slice(index + 1, index + 8));
    }
  });

  test("has a cursor of at most 4 KB, also with the longest selection and a filter", async () => {
    const fields = `title description internalNotes endAt timeZone isAllDay location videoUrl status rawStatus lastActivityAt url tags
      customFields { key } organizer { nativeId } owner { nativeId } raw`;
    let after: string | null = null;
    let longest = 0;
    for (let count = 0; count < 8; count += 1) {
      const { page }: { page: MergedPage | null } = await stage.page("meeting", { first: 23, after, fields });
      longest = Math.max(longest, ...page!.edges.map(({ cursor }) => cursor.length));
      after = page!.pageInfo.endCursor;
    }
    expect(longest).toBeGreaterThan(300);
    expect(longest).toBeLessThanOrEqual(4096);
  });

  test("of some providers leaves out the others, and an unknown provider is an error", async () => {
    const { page, price } = await stage.page("contact", { args: ', providers: ["odoo", "zoho"]' });
    expect(slugsOf(page!)).toEqual(new Set(["odoo", "zoho"]));
    expect(price.connections).toHaveLength(2);
    const unknown = await stage.page("contact", { args: ', providers: ["sugar"]' });
    expect(unknown.errors.map(({ extensions }) => extensions.code)).toEqual(["PROVIDER_NOT_FOUND"]);
  });

  test("is read once for equal fields", async () => {
    const { data, calls } = await stage.server.traced<{ endUser: Record<string, MergedPage> }>(
      "{ endUser { a: contacts { nodes { id } } b: contacts { nodes { id } edges { late } } } }",
      { endUserId: "one" },
    );
    expect(data.endUser["a"]!.nodes).toEqual(data.endUser["b"]!.nodes);
    expect(calls).toHaveLength(1);
  });
});

describe("orders and filters that a CRM does not have", () => {
  test("meetings of Pipedrive and Close are read whole, filtered and sorted", async () => {
    const since = "2026-02-09T00:00:00Z";
    const edges = await wholeList(
      "meeting",
      9,
      `, filter: { startsSince: "${since}" }, orderBy: { field: STARTS_AT, direction: DESC }`,
    );
    const times = edges.map(({ node }) => Date.parse(node.startAt!));
    expect(times).toEqual([...times].sort((one, other) => other - one));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(Date.parse(since));
    expect([...slugsOf({ edges } as MergedPage)]).toEqual(expect.arrayContaining(["pipedrive", "close", "hubspot"]));
    const everything = await wholeList("meeting", 50);
    const later = everything.filter(({ node }) => Date.parse(node.startAt!) >= Date.parse(since));
    expect(edges.map(({ node }) => node.id).sort()).toEqual(later.map(({ node }) => node.id).sort());
  });

  test("a list that is longer than the window is unsupported, and the page complete", async () => {
    const server = await stage.ground.serve({ config: { bounds: { ...DEFAULT_BOUNDS, window: 150 } } });
    const { page, errors } = await stage.page("meeting", { endUserId: "crowded" }, server);
    expect(errors).toEqual([]);
    expect(slugsOf(page!)).toEqual(new Set(["close"]));
    expect(page!.completeness).toMatchObject({
      isComplete: true,
      missing: [],
      unsupported: [
        { connection: { provider: { slug: "pipedrive" } }, reason: expect.stringContaining("150 (CRMESH_MAX_WINDOW)") },
      ],
    });
  });

  test("a CRM without the resource, the time or a filter is named with the reason", async () => {
    const reasons = async (resource: ResourceName, args: string) =>
      Object.fromEntries(
        (await stage.page(resource, { args })).page!.completeness.unsupported.map(({ connection, reason }) => [
          connection.provider.slug,
          reason,
        ]),
      );
    expect(await reasons("lead", "")).toEqual({
      attio: "Attio does not support leads.",
      twenty: "Twenty does not support leads.",
    });
    expect(await reasons("contact", ", orderBy: { field: UPDATED_AT }")).toEqual({
      attio: "Attio does not store updatedAt of contacts.",
    });
    const lacking = await reasons("meeting", ', filter: { attendeeEmail: "nobody@nowhere.example" }');
    const without = providers.all.filter(({ resources }) => !resources.meeting!.map.filters.attendeeEmail);
    expect(Object.keys(lacking).sort()).toEqual(without.map(({ slug }) => slug).sort());
    // A combination that the adapter itself refuses.
    expect((await reasons("contact", ', filter: { search: "Ada" }'))["pipedrive"]).toMatch(
      "cannot order the results of a search",
    );
  });
});

describe("connections that fail", () => {
  test("are missing, and come first and late when they are back", async () => {
    const first = await stage.page("contact", {
      first: 25,
      faults: { odoo: "PROVIDER_RATE_LIMITED", zoho: "PROVIDER_AUTH_FAILED" },
    });
    expect([first.status, first.errors]).toEqual([200, []]);
    expect(first.page!.edges).toHaveLength(25);
    expect(first.page!.completeness.isComplete).toBe(false);
    expect(first.page!.completeness.missing).toEqual(
      expect.arrayContaining([
        {
          connection: { id: ids["odoo"], provider: { slug: "odoo" } },
          code: "PROVIDER_RATE_LIMITED",
          message: "Provider rate limit exceeded",
          retryAfter: expect.any(Number),
        },
        expect.objectContaining({
          code: "PROVIDER_AUTH_FAILED",
          connection: { id: ids["zoho"], provider: { slug: "zoho" } },
        }),
      ]),
    );
    const second = await stage.page("contact", { first: 25, after: first.page!.pageInfo.endCursor });
    const lates = second.page!.edges.filter(({ late }) => late);
    expect(lates.length).toBeGreaterThan(0);
    expect(second.page!.edges.slice(0, lates.length)).toEqual(lates);
    expect([...slugsOf({ edges: lates } as MergedPage)].sort()).toEqual(["odoo", "zoho"]);
    expect(second.page!.completeness.isComplete).toBe(true);
  });

  test("do not keep hasNextPage true, and endCursor still brings their records", async () => {
    const faults = { odoo: "PROVIDER_ERROR" };
    const args = ', providers: ["odoo", "attio"]';
    const first = await stage.page("contact", { first: 100, faults, args });
    expect(first.page!.pageInfo).toMatchObject({ hasNextPage: false, endCursor: expect.any(String) });
    const again = await stage.page("contact", { first: 100, faults, args, after: first.page!.pageInfo.endCursor });
    expect([again.page!.edges, again.page!.pageInfo.hasNextPage, again.errors]).toEqual([[], false, []]);
    const back = await stage.page("contact", { first: 100, args, after: again.page!.pageInfo.endCursor });
    expect(slugsOf(back.page!)).toEqual(new Set(["odoo"]));
    // Attio is at its end and is not called again.
    expect(callsOf(back.calls, "attio")).toBe(0);
  });

  test("fail the field only if none answers, with the gravest error", async () => {
    const faults = Object.fromEntries(providers.all.map(({ slug }) => [slug, "PROVIDER_RATE_LIMITED"]));
    const { page, errors } = await stage.page("contact", { faults: { ...faults, close: "PROVIDER_ERROR" } });
    expect(page).toBeNull();
    expect(errors.map(({ path, extensions }) => [path, extensions.code, extensions.provider])).toEqual([
      [["endUser", "page"], "PROVIDER_ERROR", "close"],
    ]);
    const none = await stage.page("lead", { endUserId: "attio" });
    expect(none.errors.map(({ extensions }) => [extensions.code, extensions.detail])).toEqual([
      ["UNSUPPORTED_RESOURCE", "Attio does not support leads."],
    ]);
  });
});

describe("cursors", () => {
  const refused = { code: "INVALID_INPUT", errors: { after: expect.any(String) } };

  test("of another end user, tenant, resource, filter, order or choice of providers are refused", async () => {
    const cursor = (await stage.page("contact", { first: 3 })).page!.pageInfo.endCursor!;
    const key = await stage.ground.key({ workspace: "elsewhere" });
    await stage.ground.connect("all", "hubspot", { workspace: "elsewhere" });
    const others: [ResourceName, Parameters<MergedStage["page"]>[1]][] = [
      ["contact", { endUserId: "one" }],
      ["contact", { endUserId: "nobody" }],
      ["contact", { key }],
      ["lead", {}],
      ["contact", { args: ', filter: { createdSince: "2026-01-01T00:00:00Z" }' }],
      ["contact", { args: ", orderBy: { field: CREATED_AT, direction: DESC }" }],
      ["contact", { args: ", orderBy: { field: UPDATED_AT }" }],
      ["contact", { args: ', providers: ["hubspot"]' }],
    ];
    for (const [resource, asked] of others) {
      const { page, errors, calls } = await stage.page(resource, { ...asked, after: cursor });
      expect([page, calls]).toEqual([null, []]);
      expect(errors.map(({ extensions }) => extensions)).toMatchObject([refused]);
    }
    const same = await stage.page("contact", {
      after: cursor,
      args: ", filter: { name: null }, orderBy: { field: CREATED_AT }",
    });
    expect(same.errors).toEqual([]);
  });

  test("that are changed, or of the list of one CRM, are refused, and so is a merged one there", async () => {
    const cursor = (await stage.page("contact", { first: 3, endUserId: "one" })).page!.pageInfo.endCursor!;
    const single = await stage.server.data<{ contacts: MergedPage }>(
      "{ contacts(first: 3) { pageInfo { endCursor } } }",
      { endUserId: "one", provider: "hubspot" },
    );
    const wrong = [
      (cursor.startsWith("A") ? "B" : "A") + cursor.slice(1),
      cursor.slice(0, -2),
      "x",
      single.contacts.pageInfo.endCursor!,
    ];
    for (const after of wrong) {
      const { errors } = await stage.page("contact", { endUserId: "one", after });
      expect(errors.map(({ extensions }) => extensions)).toMatchObject([refused]);
    }
    const { body } = await stage.server.query("query ($after: String) { contacts(after: $after) { nodes { id } } }", {
      endUserId: "one",
      provider: "hubspot",
      variables: { after: cursor },
    });
    expect(body.errors![0]!.extensions).toMatchObject(refused);
  });
});

test("an end user without connections has an empty page", async () => {
  const { page, errors, price } = await stage.page("contact", { endUserId: "nobody" });
  expect(errors).toEqual([]);
  expect(page).toEqual({
    edges: [],
    nodes: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    completeness: { isComplete: true, missing: [], unsupported: [] },
  });
  expect(price.calls).toBe(0);
});

test("endUser without an argument is the end user of the header", async () => {
  const { endUser } = await stage.server.data<{ endUser: { endUserId: string } }>("{ endUser { endUserId } }", {
    endUserId: "one",
  });
  expect(endUser.endUserId).toBe("one");
  const { body } = await stage.server.query("{ endUser { endUserId } }", { endUserId: null });
  expect(body.errors![0]!.extensions).toMatchObject({
    code: "MISSING_REQUIRED",
    errors: { endUserId: expect.any(String) },
  });
});

test("a connection that has ended is left out", async () => {
  const ended = await stage.ground.connect("changing", "hubspot", { account: "small" });
  await stage.ground.connect("changing", "odoo", { account: "small" });
  await stage.ground.connect("changing", "attio", { account: "small" });
  await stage.server.data("mutation ($id: ID!) { deleteConnection(id: $id) { id } }", {
    variables: { id: ended },
    endUserId: null,
  });
  const { page, calls } = await stage.page("contact", { endUserId: "changing" });
  expect(slugsOf(page!)).toEqual(new Set(["odoo", "attio"]));
  expect(callsOf(calls, "hubspot")).toBe(0);
});

describe("the price", () => {
  test("refuses the operation before its first call", async () => {
    const server = await stage.ground.serve({ config: { bounds: { ...DEFAULT_BOUNDS, calls: 10 } } });
    const { status, errors, calls, price } = await stage.page("contact", {}, server);
    expect([status, calls]).toEqual([400, []]);
    expect(errors[0]!.extensions).toMatchObject({ code: "INVALID_INPUT", bound: { name: "calls", limit: 10 } });
    expect(price.calls).toBeGreaterThan(10);
  });

  test("counts what is selected of the records and of the connections in the page", async () => {
    const plain = (await stage.page("contact")).price.calls;
    const linked = await stage.page("contact", { fields: "meetings(first: 2) { nodes { title } }" });
    expect(linked.price.calls).toBeGreaterThan(plain);
    const { body } = await stage.server.query<{ endUser: unknown }>(
      `{ endUser { leads { nodes { id } completeness { unsupported { connection { contacts(first: 1) { nodes { id } } } } } } } }`,
      { endUserId: "all", headers: { "x-crmesh-trace": "calls", "x-crmesh-price": "show" } },
    );
    expect(body.errors).toBeUndefined();
    const { calls, price } = body.extensions as unknown as {
      calls: Call[];
      price: { connections: { provider: string; calls: number }[] };
    };
    for (const slug of ["attio", "twenty"]) {
      expect(callsOf(calls, slug)).toBe(1);
      expect(price.connections.find(({ provider }) => provider === slug)!.calls).toBeGreaterThanOrEqual(1);
    }
  });

  test("of a later page is known, too", async () => {
    let after: string | null = null;
    for (let count = 0; count < 5; count += 1) {
      const answer: Awaited<ReturnType<MergedStage["page"]>> = await stage.page("meeting", {
        first: 20,
        after,
        fields: "attendees { name } contacts { fullName }",
      });
      expect(answer.errors).toEqual([]);
      for (const { connectionId, calls: most } of answer.price.connections)
        expect(answer.calls.filter((call) => call.connectionId === connectionId).length).toBeLessThanOrEqual(most);
      after = answer.page!.pageInfo.endCursor;
    }
  });
});

test("a gateway joins the lists by the entity, also for customers without a connection", async () => {
  const { body } = await stage.server.query<{ _entities: { contacts: MergedPage }[] }>(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on EndUser {
      contacts(first: 2) { nodes { id } completeness { isComplete } } } } }`,
    {
      path: "/subgraph",
      endUserId: null,
      variables: {
        representations: ["all", "one", "stranger"].map((endUserId) => ({ __typename: "EndUser", endUserId })),
      },
    },
  );
  expect(body.errors).toBeUndefined();
  expect(body.data!._entities.map(({ contacts }) => [contacts.nodes.length, contacts.completeness.isComplete])).toEqual(
    [
      [2, true],
      [2, true],
      [0, true],
    ],
  );
});

test("the lists need the scope of their resource", async () => {
  const key = await stage.ground.key({ scopes: ["endusers:read", "contacts:read"] });
  const { errors } = await stage.page("meeting", { key });
  expect(errors[0]!.extensions.code).toBe("FORBIDDEN");
  expect((await stage.page("contact", { key })).errors).toEqual([]);
});
