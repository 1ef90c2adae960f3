import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildSchema, isObjectType, Kind, type GraphQLField, type GraphQLSchema } from "graphql";
import { crmeshSchema } from "../../../src/graphql/schema/index.js";
import { subgraphOf } from "../../../src/graphql/subgraph/schema.js";
import { providers } from "../../../src/providers/index.js";
import { DEMO_KEY, Ground, type TestServer } from "../../support/test-server.js";

let ground: Ground;
let server: TestServer;
let subgraph: GraphQLSchema;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
  await ground.connectAll("ann", { account: "ann" });
  const { sdl } = subgraphOf(await crmeshSchema(), providers.all);
  subgraph = buildSchema(sdl, { assumeValidSDL: true });
});
afterAll(() => ground.close());

/** The number in a directive of a field, such as `weight` in `@cost(weight: 11)`. */
function numberIn(coordinate: string, directive: string, argument: string): number | undefined {
  const [type, name] = coordinate.split(".");
  const field = (
    subgraph.getType(type!) as { getFields(): Record<string, GraphQLField<unknown, unknown>> }
  ).getFields()[name!];
  const found = field!.astNode!.directives!.find(({ name: { value } }) => value === directive);
  const value = found?.arguments!.find(({ name: { value } }) => value === argument)?.value;
  return value?.kind === Kind.INT ? Number(value.value) : undefined;
}

/** The price of a query at each CRM that has the resource, over HTTP. */
async function prices(resource: "contact" | "lead" | "meeting", selection: string): Promise<number[]> {
  const having = providers.all.filter(({ resources }) => resources[resource]);
  return Promise.all(
    having.map(async ({ slug }) => {
      const query = `{ ${resource}s(provider: "${slug}", endUserId: "ann", first: 25) { nodes { ${selection} } } }`;
      const { text } = await server.fetch("/graphql/price", {
        method: "POST",
        headers: { authorization: `Bearer ${DEMO_KEY}`, "content-type": "application/json" },
        body: JSON.stringify({ query }),
      });
      return (JSON.parse(text) as { calls: number }).calls;
    }),
  );
}

function middle(numbers: number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}

describe("@cost", () => {
  test.each(["contact", "lead", "meeting"] as const)(
    "of a page of %ss is its object and ten for each call of the CRM in the middle",
    async (resource) => {
      const weight = 1 + 10 * middle(await prices(resource, "id"));
      expect(weight).toBeGreaterThan(1);
      expect(numberIn(`Query.${resource}s`, "cost", "weight")).toBe(weight);
      expect(numberIn(`Connection.${resource}s`, "cost", "weight")).toBe(weight);
    },
  );

  test.each([
    ["Contact.meetings", "contact", "meetings(first: 25) { nodes { id } }", 1],
    ["Contact.leads", "contact", "leads(first: 25) { nodes { id } }", 1],
    ["Lead.contact", "lead", "contact { id }", 1],
    ["Meeting.contacts", "meeting", "contacts { id }", 5],
  ] as const)(
    "of %s is its object and its share of the price of a page",
    async (coordinate, resource, more, length) => {
      const [without, having] = [await prices(resource, "id"), await prices(resource, `id ${more}`)];
      const calls = middle(having.map((price, index) => price - without[index]!));
      expect(calls).toBeGreaterThan(0);
      expect(numberIn(coordinate, "cost", "weight")).toBe(1 + Math.ceil((10 * calls) / 25 / length));
    },
  );

  test("is absent from fields whose values come with the record at most CRMs", () => {
    for (const coordinate of ["Contact.fullName", "Contact.connection", "Query.connections", "Query.endUser"])
      expect(numberIn(coordinate, "cost", "weight")).toBeUndefined();
  });
});

describe("@listSize", () => {
  test("has the lengths that the price assumes, also with a prefix", async () => {
    expect(numberIn("Meeting.attendees", "listSize", "assumedSize")).toBe(5);
    expect(numberIn("Query.connections", "listSize", "assumedSize")).toBe(10);
    expect(numberIn("ContactConnection.nodes", "listSize", "assumedSize")).toBeUndefined();
    const { sdl } = subgraphOf(await crmeshSchema(), providers.all, "Crm");
    expect(sdl).toMatch(/attendees: \[CrmAttendee!\] @cost\(weight: \d+\) @listSize\(assumedSize: 5\)/);
    expect(sdl).toMatch(/\): CrmContactConnection @cost\(weight: 11\) @listSize\(assumedSize: 25/);
  });

  test("is on every field with a page size", () => {
    const types = Object.values(subgraph.getTypeMap()).filter(isObjectType);
    const paged = types.flatMap((type) =>
      Object.values(type.getFields()).flatMap(({ name, args }) =>
        args.some((argument) => argument.name === "first") ? [`${type.name}.${name}`] : [],
      ),
    );
    expect(paged).toContain("Query.contacts");
    for (const coordinate of paged) expect(numberIn(coordinate, "listSize", "assumedSize")).toBe(25);
    // The store has the events of connections. Every other page takes calls.
    for (const coordinate of paged.filter((one) => one !== "Query.connectionEvents"))
      expect([coordinate, numberIn(coordinate, "cost", "weight")]).toEqual([coordinate, expect.any(Number)]);
  });
});
