import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { getNamedType, isObjectType, isLeafType, type GraphQLField, type GraphQLObjectType } from "graphql";
import { readConfig } from "../../src/config.js";
import { crmeshSchema } from "../../src/graphql/schema/index.js";
import { RESOURCES } from "../../src/providers/contract/model.js";
import { providers } from "../../src/providers/index.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  // Everything that a meeting has, of a hundred meetings, costs more calls than an operation may make by default.
  server = await ground.serve({ config: { bounds: { ...readConfig({}, providers).bounds, calls: 10_000 } } });
});
afterAll(() => ground.close());

const TITLES = { contact: "Contact", lead: "Lead", meeting: "Meeting" } as const;
/** Not of the record itself, or other for every selection: `raw` has what was read. A person is read of all CRMs. */
const SKIPPED = new Set(["raw", "provider", "connection", "person"]);
/** How deep a selection goes into values and linked records: `attendees { contact { fullName } }`. */
const DEPTH = 3;

/** Of linked records: what identifies them, and what other fields are taken from, such as the name of an attendee. */
const OF_LINKED: Record<string, readonly string[]> = {
  Contact: ["nativeId", "fullName", "emails.address", "company.name"],
  Lead: ["nativeId", "subject", "fullName", "emails.address"],
  Meeting: ["nativeId", "title"],
};

/** Every path from a record to a leaf, such as `company.name`. */
async function pathsOf(resource: keyof typeof TITLES): Promise<string[]> {
  const schema = await crmeshSchema();
  const walk = (type: GraphQLObjectType, depth: number): string[] =>
    Object.values(type.getFields()).flatMap((field: GraphQLField<unknown, unknown>) => {
      const below = getNamedType(field.type);
      if (SKIPPED.has(field.name)) return [];
      if (isLeafType(below)) return [field.name];
      if (!isObjectType(below) || below.name.endsWith("Connection") || depth === DEPTH) return [];
      const nested = OF_LINKED[below.name] ?? walk(below, depth + 1);
      return nested.map((path) => `${field.name}.${path}`);
    });
  return walk(schema.getType(TITLES[resource]) as GraphQLObjectType, 1);
}

/** `a.b.c` as the selection `a { b { c } }`. */
const selectionOf = (path: string) => path.split(".").join(" { ") + " }".repeat(path.split(".").length - 1);

/** The values at a path, in the order of the records. */
function valuesAt(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => valuesAt(one, path));
  if (path.length === 0 || value === null) return value;
  return valuesAt((value as Record<string, unknown>)[path[0]!], path.slice(1));
}

const subjects = providers.all.flatMap(({ slug, resources }) =>
  RESOURCES.filter((resource) => resources[resource]).map((resource) => [slug, resource] as const),
);

describe("a field selected alone has the value that it has among all others", () => {
  test.each(subjects)("%s: %s", async (provider, resource) => {
    const paths = await pathsOf(resource);
    expect(paths.length).toBeGreaterThan(30);
    const read = async (selection: string) => {
      const document = `{ page: ${resource}s(first: 100) { nodes { ${selection} } } }`;
      return (await server.data<{ page: { nodes: unknown[] } }>(document, { provider })).page.nodes;
    };
    // Most fields have a value somewhere, so that a field that is lost would show.
    const isNothing = (value: unknown): boolean => (Array.isArray(value) ? value.every(isNothing) : value === null);
    const whole = await read(paths.map(selectionOf).join(" "));
    const differing: string[] = [];
    for (const path of paths) {
      const alone = valuesAt(await read(selectionOf(path)), path.split("."));
      const among = valuesAt(whole, path.split("."));
      if (JSON.stringify(alone) !== JSON.stringify(among)) differing.push(path);
    }
    expect(differing).toEqual([]);
    const filled = paths.filter((path) => !isNothing(valuesAt(whole, path.split("."))));
    expect(filled.length).toBeGreaterThan(paths.length / 3);
  });
});
