import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { capabilitiesOf } from "../../src/providers/capabilities.js";
import { providers } from "../../src/providers/index.js";
import { Ground, type TestServer } from "../support/test-server.js";

/** The number of records that one call reads by id, according to the vendors' documents; null if the CRM has no such records. */
const BATCHES: Record<string, Record<"contact" | "lead" | "meeting", number | null>> = {
  hubspot: { contact: 100, lead: 100, meeting: 100 },
  salesforce: { contact: 2_000, lead: 2_000, meeting: 2_000 },
  odoo: { contact: 1_000, lead: 1_000, meeting: 1_000 },
  pipedrive: { contact: 100, lead: 1, meeting: 100 },
  zoho: { contact: 50, lead: 50, meeting: 50 },
  // Limited by the 16 KB that servers accept as a URL.
  dynamics365: { contact: 50, lead: 50, meeting: 50 },
  close: { contact: 100, lead: 100, meeting: 100 },
  attio: { contact: 100, lead: null, meeting: 1 },
  // Fewer than the 200 records of a page, because the ids must fit into a URL.
  espocrm: { contact: 40, lead: 40, meeting: 40 },
  twenty: { contact: 60, lead: null, meeting: 60 },
};
const SLUGS = providers.all.map(({ slug }) => slug);

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

interface Page {
  nodes: { id: string }[];
  pageInfo: { endCursor: string | null };
}

/** Global ids of at most 250 records. */
async function idsOf(provider: string, resource: string): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const document = `query ($after: String) { page: ${resource}s(first: 100, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }`;
    const answer: { page: Page & { pageInfo: { hasNextPage: boolean } } } = await server.data(document, {
      provider,
      variables: { after },
    });
    ids.push(...answer.page.nodes.map(({ id }) => id));
    after = answer.page.pageInfo.hasNextPage ? answer.page.pageInfo.endCursor : null;
  } while (after !== null && ids.length < 250);
  return ids.slice(0, 250);
}

test("the table has every provider", () => {
  expect(Object.keys(BATCHES).sort()).toEqual([...SLUGS].sort());
});

const batches = SLUGS.flatMap((slug) =>
  Object.entries(BATCHES[slug] ?? {}).flatMap(([resource, size]) =>
    size === null ? [] : [[slug, resource, size] as const],
  ),
);

test.each(batches)("%s: many %ss by id take one call per batch of %i", async (slug, resource, size) => {
  const ids = await idsOf(slug, resource);
  expect(ids.length).toBeGreaterThanOrEqual(150);
  const name = resource[0]!.toUpperCase() + resource.slice(1);
  const document = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${name} { id createdAt } } }`;
  // Loads the cached definitions, which do not count.
  await server.data(document, { variables: { ids: ids.slice(0, 1) } });
  const { data, calls } = await server.traced<{ nodes: ({ id: string } | null)[] }>(document, { variables: { ids } });
  expect(data.nodes.map((node) => node?.id)).toEqual(ids);
  expect(calls).toHaveLength(Math.ceil(ids.length / size));
});

describe("unsupported resources", () => {
  const lacking = SLUGS.flatMap((slug) =>
    (["contact", "lead", "meeting"] as const).flatMap((resource) =>
      providers.get(slug).resources[resource] ? [] : [[slug, resource] as const],
    ),
  );

  test.each(lacking)(
    "%s: every operation on %ss is UNSUPPORTED_RESOURCE and names the supported resources",
    async (slug, resource) => {
      const documents = [
        `{ ${resource}s(first: 1) { nodes { id } } }`,
        `{ ${resource}(id: "1") { id } }`,
        `mutation { create${resource[0]!.toUpperCase()}${resource.slice(1)}(input: { firstName: "Ann", lastName: "Lee" }) { id } }`,
      ];
      for (const document of documents) {
        const { status, body } = await server.query(document, { provider: slug });
        expect([status, body.errors![0]!.extensions.code]).toEqual([400, "UNSUPPORTED_RESOURCE"]);
        for (const there of Object.keys(providers.get(slug).resources)) {
          expect(body.errors![0]!.extensions.detail).toContain(`${there}s`);
        }
      }
    },
  );

  test("a meeting at Close comes from a calendar, and cannot be created", async () => {
    const { status, body } = await server.query(
      'mutation { createMeeting(input: { title: "Demo", startAt: "2026-06-10T09:00:00Z", endAt: "2026-06-10T10:00:00Z" }) { id } }',
      { provider: "close" },
    );
    expect([status, body.errors![0]!.extensions]).toMatchObject([
      400,
      {
        code: "UNSUPPORTED_RESOURCE",
        detail: expect.stringMatching(/cannot create meetings. Supported operations: list, get, update/),
      },
    ]);
  });

  test("a meeting at Attio cannot be deleted", async () => {
    const [id] = await idsOf("attio", "meeting");
    const { status, body } = await server.query(`mutation { deleteMeeting(id: "${id}") { id } }`);
    expect([status, body.errors![0]!.extensions.code]).toEqual([400, "UNSUPPORTED_RESOURCE"]);
  });
});

test("the schema returns every provider's capabilities as its adapter declares them", async () => {
  const { providers: shown } = await server.data<{ providers: { slug: string; capabilities: unknown }[] }>(
    "{ providers { slug capabilities { resource operations filters orderFields requiredInputs writableInputs createOnlyInputs fields } } }",
  );
  const declared = providers.all.map((provider) => ({
    slug: provider.slug,
    capabilities: capabilitiesOf(provider).map((capability) => ({
      ...capability,
      resource: capability.resource.toUpperCase(),
    })),
  }));
  expect(shown).toEqual(declared);
});
