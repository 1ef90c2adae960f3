import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers } from "../../../src/providers/index.js";
import { groupsOf, overpriced, PeopleStage, type Answered, type Asked, type ContactRow } from "./stage.js";

interface Edge {
  cursor: string;
  late: boolean;
  node: {
    id: string;
    contacts: { id: string; providerSlug: string; createdAt: string | null; updatedAt: string | null }[];
    completeness: { isComplete: boolean; isClosed: boolean };
  };
}

interface Page {
  edges: Edge[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  completeness: {
    isComplete: boolean;
    missing: { connection: { provider: { slug: string } } }[];
    unsupported: { connection: { provider: { slug: string } } }[];
  };
}

const FIELDS = `edges { cursor late node { id contacts { id providerSlug createdAt updatedAt } completeness { isComplete isClosed } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  completeness { isComplete missing { connection { provider { slug } } } unsupported { connection { provider { slug } } } }`;
const SLUGS = providers.all.map(({ slug }) => slug);
/** CRMs whose cursors can go on from any record, only behind pages, and from a page of addresses at a time. */
const FOUR = ["hubspot", "pipedrive", "dynamics365", "twenty"];
const LOBBY = "lobby.tablet@work.example";
/** Under as many names as the end user "all" has contacts with it, and as few as "four" has. */
const joinsNothing = (endUserId: string) => (address: string) =>
  (endUserId === "all" && address === LOBBY) || address.startsWith("info@");

let stage: PeopleStage;
let rows: ContactRow[];
beforeAll(async () => {
  stage = await PeopleStage.open();
  await stage.ground.connectAll("all", { account: "small" });
  for (const slug of FOUR) await stage.ground.connect("four", slug, { account: "small" });
  await stage.contact("hubspot", ["Ada", "Lovelace"], ["ada@work.example", "ada@home.example"]);
  await stage.contact("pipedrive", ["Augusta", "Lovelace"], ["ADA@home.example", "countess@home.example"]);
  await stage.contact("twenty", ["Ada", "King"], ["countess@home.example"]);
  for (const slug of FOUR) await stage.contact(slug, ["Desk", slug], ["info@work.example"]);
  for (const slug of SLUGS.slice(0, 6)) await stage.contact(slug, ["Guest", slug], [LOBBY]);
  rows = await stage.contacts();
}, 120_000);
afterAll(() => stage.close());

interface Walk extends Asked {
  first: number;
  args?: string;
  after?: string | null;
}

async function page({
  first,
  args = "",
  after = null,
  ...asked
}: Walk): Promise<Answered<unknown> & { page: Page | null }> {
  const document = `query ($first: Int, $after: String) { endUser { people(first: $first, after: $after${args}) { ${FIELDS} } } }`;
  const answer = await stage.ask<{ endUser: { people: Page | null } | null }>(document, {
    ...asked,
    variables: { first, after },
  });
  expect(overpriced(answer)).toEqual([]);
  return { ...answer, page: answer.data?.endUser?.people ?? null };
}

/** Walks over all people. @param faultsOf the faults of each page */
async function walk(asked: Walk, faultsOf: (page: number) => Asked["faults"] = () => ({})): Promise<Page[]> {
  const pages: Page[] = [];
  let after: string | null = null;
  for (let number = 0; number < 500; number += 1) {
    const faults = faultsOf(number) ?? {};
    const answer: Awaited<ReturnType<typeof page>> = await page({ ...asked, after, faults });
    expect(answer.errors).toEqual([]);
    const { edges, pageInfo } = answer.page!;
    expect(edges.length).toBeLessThanOrEqual(asked.first);
    expect(pageInfo.hasPreviousPage).toBe(after !== null);
    pages.push(answer.page!);
    if (pageInfo.endCursor !== null) {
      expect(pageInfo.endCursor.length).toBeLessThanOrEqual(4096);
      after = pageInfo.endCursor;
    }
    if (!pageInfo.hasNextPage && Object.keys(faults).length === 0) return pages;
  }
  throw new Error("The walk has no end.");
}

const contactsOf = (pages: readonly Page[]) =>
  pages.flatMap(({ edges }) => edges.map(({ node }) => node.contacts.map(({ id }) => id).sort()));
const sorted = (groups: readonly string[][]) => groups.map((group) => group.join(" ")).sort();
const of = (slugs: readonly string[]) => rows.filter(({ providerSlug }) => slugs.includes(providerSlug));
const order = (direction: string, field = "CREATED_AT") => `, orderBy: { field: ${field}, direction: ${direction} }`;

/** The ids of another connection to the same account, as those of "all" would be. */
async function rowsOf(endUserId: string, slugs: readonly string[]): Promise<ContactRow[]> {
  return endUserId === "all" ? of(slugs) : stage.contacts(endUserId, [...slugs]);
}

describe("all pages of people", () => {
  test.each([
    [1, "four", FOUR],
    [7, "all", SLUGS],
    [50, "all", SLUGS],
  ])("of %d have every person once, in both directions", async (first, endUserId, slugs) => {
    const expected = groupsOf(await rowsOf(endUserId, slugs), joinsNothing(endUserId));
    for (const direction of ["ASC", "DESC"]) {
      const pages = await walk({ first, endUserId, args: order(direction) });
      expect(sorted(contactsOf(pages))).toEqual(sorted(expected));
      const edges = pages.flatMap((one) => one.edges);
      expect(new Set(edges.map(({ node }) => node.id)).size).toBe(edges.length);
      expect(edges.some(({ late }) => late)).toBe(false);
      // Each person stands at the first of its contacts.
      const places = edges.map(({ node }) => {
        const times = node.contacts.map(({ createdAt }) => Date.parse(createdAt!));
        return direction === "ASC" ? Math.min(...times) : -Math.max(...times);
      });
      expect(places).toEqual([...places].sort((one, other) => one - other));
      expect(pages.every(({ completeness }) => completeness.isComplete)).toBe(true);
    }
  });

  test("with a filter have every person once of whom a contact matches", async () => {
    const [since, until] = ["2026-01-05T12:00:00Z", "2026-01-06T12:00:00Z"];
    const matches = ({ createdAt }: { createdAt: string | null }) =>
      createdAt !== null && Date.parse(createdAt) >= Date.parse(since) && Date.parse(createdAt) < Date.parse(until);
    const matching = new Set(rows.filter(matches).map(({ id }) => id));
    const expected = groupsOf(rows, joinsNothing("all")).filter((group) => group.some((id) => matching.has(id)));
    expect(expected.length).toBeGreaterThan(5);
    for (const direction of ["ASC", "DESC"]) {
      const args = `, filter: { createdSince: "${since}", createdUntil: "${until}" }${order(direction)}`;
      const pages = await walk({ first: 7, args });
      // A person has all its contacts, also those that do not match.
      expect(sorted(contactsOf(pages))).toEqual(sorted(expected));
    }
  });

  test("in an order that a CRM lacks, people have its contacts, and those of that CRM alone are not listed", async () => {
    const pages = await walk({ first: 50, args: order("DESC", "UPDATED_AT") });
    const unsupported = pages[0]!.completeness.unsupported.map(({ connection }) => connection.provider.slug);
    expect(unsupported).toEqual(["attio"]);
    const listed = new Set(rows.filter(({ providerSlug }) => providerSlug !== "attio").map(({ id }) => id));
    const expected = groupsOf(rows, joinsNothing("all")).filter((group) => group.some((id) => listed.has(id)));
    expect(sorted(contactsOf(pages))).toEqual(sorted(expected));
  });

  test("go on from the cursor of every person", async () => {
    const whole = await walk({ first: 50, endUserId: "four" });
    const ids = whole.flatMap(({ edges }) => edges.map(({ node }) => node.id));
    const cursors = whole.flatMap(({ edges }) => edges.map(({ cursor }) => cursor));
    for (let index = 2; index < ids.length; index += 6) {
      const { page: next } = await page({ first: 50, endUserId: "four", after: cursors[index]! });
      const following = next!.edges.map(({ node }) => node.id);
      expect(following.length).toBeGreaterThan(0);
      expect(ids.slice(index + 1, index + 1 + following.length)).toEqual(following);
    }
  });

  test("an end user without connections has none", async () => {
    await stage.ground.endUser("nobody");
    const { page: empty, errors } = await page({ first: 10, endUserId: "nobody" });
    expect(errors).toEqual([]);
    expect(empty).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });
});

describe("connections that fail and come back", () => {
  test("hide nobody, and give no person twice whose records all answered", async () => {
    const all = await rowsOf("four", FOUR);
    const expected = groupsOf(all, joinsNothing("four"));
    for (const direction of ["ASC", "DESC"]) {
      for (const first of [3, 20]) {
        // On its first pages, one CRM after the other fails.
        const pages = await walk({ first, endUserId: "four", args: order(direction) }, (number) =>
          number < 8 && number % 2 === 0 ? { [FOUR[(number / 2) % 4]!]: "PROVIDER_RATE_LIMITED" } : {},
        );
        const met = contactsOf(pages);
        const places = new Map(expected.map((group) => [group.join(" "), 0]));
        for (const group of expected) {
          const key = group.join(" ");
          for (const contacts of met)
            if (contacts.every((id) => group.includes(id))) places.set(key, places.get(key)! + 1);
        }
        expect([...places].filter(([, count]) => count === 0)).toEqual([]);
        const incomplete = pages.flatMap(({ edges }) => edges).filter(({ node }) => !node.completeness.isComplete);
        const twice = [...places.values()].reduce((sum, count) => sum + count - 1, 0);
        expect(twice).toBeLessThanOrEqual(incomplete.length);
      }
    }
  });

  test("that fail while a person is met are missing, and their late record makes no second one", async () => {
    const all = await rowsOf("four", FOUR);
    const expected = groupsOf(all, joinsNothing("four"));
    // HubSpot has the least record of the most people, and fails until all of them are met by their other records.
    const pages = await walk({ first: 10, endUserId: "four" }, (number): Asked["faults"] =>
      number < 30 ? { hubspot: "PROVIDER_RATE_LIMITED" } : {},
    );
    const met = contactsOf(pages);
    const ids = new Set(all.map(({ id }) => id));
    for (const group of expected) {
      const own = met.filter((contacts) => contacts.some((id) => group.includes(id)));
      expect(own).toHaveLength(1);
    }
    expect(met.flat().every((id) => ids.has(id))).toBe(true);
    expect(pages[0]!.completeness.missing.map(({ connection }) => connection.provider.slug)).toEqual(["hubspot"]);
    expect(pages.at(-1)!.edges.every(({ late }) => late)).toBe(true);
  });

  test("fail the field only if none answers", async () => {
    const faults = Object.fromEntries(FOUR.map((slug) => [slug, "PROVIDER_RATE_LIMITED"]));
    const { page: none, errors } = await page({ first: 5, endUserId: "four", faults });
    expect(none).toBeNull();
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [["endUser", "people"], "PROVIDER_RATE_LIMITED"],
    ]);
  });
});

describe("cursors and arguments", () => {
  test("of another list are refused", async () => {
    const { page: first } = await page({ first: 5, endUserId: "four" });
    const after = first!.pageInfo.endCursor!;
    const contacts = await stage.ask<{ endUser: { contacts: Page } }>(
      "{ endUser { contacts(first: 5) { pageInfo { endCursor } } } }",
      { endUserId: "four" },
    );
    const refusals: Walk[] = [
      { first: 5, after },
      { first: 5, after, endUserId: "four", args: order("DESC") },
      { first: 5, after, endUserId: "four", args: ', filter: { createdSince: "2026-01-01T00:00:00Z" }' },
      { first: 5, after: contacts.data.endUser.contacts.pageInfo.endCursor, endUserId: "four" },
      { first: 5, after: "x", endUserId: "four" },
      { first: 0, endUserId: "four" },
    ];
    for (const refused of refusals) {
      const { page: none, errors, calls } = await page(refused);
      expect([none, calls]).toEqual([null, []]);
      expect(errors[0]!.extensions).toMatchObject({ code: "INVALID_INPUT", errors: expect.any(Object) });
    }
    const other = await stage.ask("query ($after: String) { endUser { contacts(after: $after) { nodes { id } } } }", {
      endUserId: "four",
      variables: { after },
    });
    expect(other.errors[0]!.extensions.code).toBe("INVALID_INPUT");
  });

  test("a range that ends before it starts is refused", async () => {
    const { errors } = await page({
      first: 5,
      args: ', filter: { createdSince: "2026-02-01T00:00:00Z", createdUntil: "2026-01-01T00:00:00Z" }',
    });
    expect(errors[0]!.extensions.code).toBe("INVALID_DATE_RANGE");
  });

  test("people need the scope contacts:read", async () => {
    const key = await stage.ground.key({ scopes: ["endusers:read"] });
    const { errors, calls } = await page({ first: 5, key });
    expect([errors[0]!.extensions.code, calls]).toEqual(["FORBIDDEN", []]);
  });
});
