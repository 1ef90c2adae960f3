import { describe, expect, test } from "@jest/globals";
import { Kind, parse, type OperationDefinitionNode } from "graphql";
import { analyse } from "../../src/graphql/operation/analysis.js";
import { DEFAULT_BOUNDS } from "../../src/graphql/operation/bounds.js";
import { measure } from "../../src/graphql/plugins/document-bounds-rule.js";
import { crmeshSchema } from "../../src/graphql/schema/index.js";

const measured = (document: string, visits = DEFAULT_BOUNDS.visits) => measure(parse(document), { visits });
const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(" ");

async function analysed(text: string, variables: Record<string, unknown> = {}) {
  const document = parse(text);
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )!;
  return analyse(await crmeshSchema(), document, operation, variables);
}

describe("the visits of a document", () => {
  test("a fragment is visited once per selection set, however often that set spreads it", () => {
    const chain = times(6, (index) => `fragment F${index} on Query { ${times(40, () => `...F${index + 1}`)} }`);
    const { visits } = measured(`{ ...F0 } ${chain} fragment F6 on Query { __typename }`);
    expect(visits).toBeLessThanOrEqual(1 + 6 * 40 + 1);
  });

  test("a fragment counts in each place, and counting stops at the bound", () => {
    const chain = times(
      8,
      (index) => `fragment F${index} on Contact { ${times(30, (alias) => `a${alias}: self { ...F${index + 1} }`)} }`,
    );
    const bomb = `{ contact { ...F0 } } ${chain} fragment F8 on Contact { id }`;
    expect(measured(bomb, 5_000).visits).toBeGreaterThan(5_000);
    expect(measured(bomb, 5_000).visits).toBeLessThan(5_100);
  });

  test.each([
    ["side by side", (count: number) => `{ ${times(count, () => "contact { id }")} }`],
    ["in inline fragments", (count: number) => `{ ${times(count, () => "... { contact { id } }")} }`],
    [
      "in fragments of other types",
      (count: number) => `{ ${times(count, (index) => `... on T${index} { contact { id } }`)} }`,
    ],
    ["excluded", (count: number) => `{ ${times(count, () => "contact @include(if: false) { id }")} }`],
    [
      "in a fragment that no operation uses",
      (count: number) => `{ id } fragment F on Query { ${times(count, () => "contact { id }")} }`,
    ],
  ])("equal response names are compared in pairs: %s", (_name, document) => {
    // The same pairs once for the fields themselves, and once for what is below them.
    for (const count of [10, 100]) {
      const { visits } = measured(document(count));
      expect(visits).toBeGreaterThanOrEqual(count * (count - 1));
      expect(visits).toBeLessThanOrEqual(count * (count - 1) + 4 * count + 1);
    }
  });

  test("every operation of a document is counted", () => {
    const one = measured("query A { ...F } fragment F on Query { a b c d }").visits;
    const hundred = measured(`${times(100, (index) => `query Q${index} { ...F }`)} fragment F on Query { a b c d }`);
    expect(hundred.visits).toBe(100 * one);
  });
});

describe("document measures", () => {
  test("a fragment adds no depth", () => {
    const flat = "{ a { b { c { d { e } } } } }";
    const [f, g] = ["fragment F on A { ...G b { ...H } }", "fragment G on A { b { ...H } }"];
    expect(measured(flat).depth).toBe(5);
    expect(
      measured(`{ ...Q } fragment Q on Query { a { ... { ...F } } } ${f} ${g} fragment H on B { c { d { e } } }`),
    ).toMatchObject({
      depth: 5,
    });
  });

  test("aliases and directives count once, not once per spread", () => {
    const spread = times(50, (index) => `a${index}: b { ...F }`);
    expect(measured(`{ ${spread} } fragment F on B { x: c @include(if: $y) }`)).toMatchObject({
      aliases: 51,
      directives: 1,
    });
  });

  test("fields excluded by @skip or @include cost nothing", () => {
    const excluded = "@include(if: false) { b { x: c @skip(if: $y) { d } } }";
    for (const selection of [`a ${excluded}`, `... ${excluded}`, "...F @skip(if: true)"]) {
      const { visits, ...others } = measured(`{ z ${selection} } fragment F on Query { b { x: c { d } } }`);
      expect(others).toEqual(expect.objectContaining({ depth: 1, mutations: 0 }));
      expect(visits).toBeGreaterThan(1);
    }
    expect(measured(`{ z a ${excluded} }`)).toMatchObject({ aliases: 0, directives: 0 });
  });

  test("introspection adds no depth", () => {
    expect(measured("{ __schema { types { fields { type { ofType { ofType { name } } } } } } }").depth).toBe(1);
  });

  test("equal root fields of a mutation count once", () => {
    const document = `mutation { ...F a: x { id } a: x { id } } fragment F on Mutation { b: x { id } c: x { id } }`;
    expect(measured(document).mutations).toBe(3);
    expect(measured("{ a b c }").mutations).toBe(0);
  });
});

describe("the records of an operation", () => {
  test.each([
    ["{ contacts { nodes { id } } }", 25],
    ["{ contacts(first: 7) { nodes { id } edges { node { nativeId } } } }", 7],
    ["{ contacts(first: 1) { nodes { id } } }", 1],
    ["{ contact(id: 1) { id } lead(id: 2) { contact { id } } }", 3],
    [
      "{ contacts(first: 10) { nodes { a: meetings(first: 1) { nodes { id } } b: meetings(first: 2) { nodes { id } } } } }",
      40,
    ],
    [
      "{ contacts(first: 10) { nodes { a: meetings(first: 3) { nodes { id } } b: meetings(first: 3) { nodes { title } } } } }",
      40,
    ],
    ["{ meetings(first: 10) { nodes { attendees { name } } } }", 60],
    ["{ meetings(first: 10) { nodes { attendees { contact { fullName } } } } }", 60],
    ["{ meetings(first: 10) { nodes { contacts { id } leads { id } } } }", 110],
    ["{ connections { contacts(first: 5) { nodes { id } } leads(first: 5) { nodes { id } } } }", 100],
    ["{ nodes(ids: [1, 2, 3]) { ... on Contact { leads(first: 2) { nodes { id } } } } }", 9],
    ["{ contacts(first: 50) @include(if: false) { nodes { id } } providers { slug } }", 0],
    ["{ connectionEvents(first: 30) { nodes { id } } }", 30],
    ["mutation { createContact(input: {}) { leads(first: 4) { nodes { id } } } }", 5],
  ])("%s: %i", async (document, records) => {
    expect((await analysed(document)).records).toBe(records);
  });

  test("depend on variables, and the analysis is cached per values", async () => {
    const document = parse(
      "query ($n: Int, $ids: [ID!]!, $deep: Boolean!) { contacts(first: $n) { nodes { id leads(first: 2) @include(if: $deep) { nodes { id } } } } nodes(ids: $ids) { id } }",
    );
    const [operation] = document.definitions as [OperationDefinitionNode];
    const schema = await crmeshSchema();
    const of = (variables: Record<string, unknown>) => analyse(schema, document, operation, variables);
    expect(of({ n: 10, ids: ["a"], deep: false }).records).toBe(11);
    expect(of({ n: 10, ids: ["a"], deep: true }).records).toBe(31);
    expect(of({ n: 5, ids: ["a", "b"], deep: true }).records).toBe(17);
    expect(of({ n: 10, ids: ["b"], deep: false })).toBe(of({ n: 10, ids: ["c"], deep: false }));
    expect(of({ n: 10, ids: ["b"], deep: true }).shape.contact).toEqual(new Set(["leads"]));
    expect(of({ n: 10, ids: ["b"], deep: false }).shape.contact).toEqual(new Set());
  });

  test("ids of different values share one analysis", async () => {
    const document = parse("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }");
    const [operation] = document.definitions as [OperationDefinitionNode];
    const of = async (ids: string) => analyse(await crmeshSchema(), document, operation, { ids });
    expect(await of("a")).toBe(await of("b".repeat(100_000)));
    expect((await of("a")).records).toBe(1);
  });

  test("nested attendees exceed the bound of records", async () => {
    const level = (depth: number): string =>
      depth === 0 ? "id" : `attendees { contact { meetings(first: 1) { nodes { ${level(depth - 1)} } } } }`;
    const { records } = await analysed(`{ meeting(id: 1) { ${level(5)} } }`);
    expect(records).toBeGreaterThan(DEFAULT_BOUNDS.records);
  });
});
