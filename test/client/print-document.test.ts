import { describe, expect, test } from "@jest/globals";
import { parse, print, type DocumentNode } from "graphql";
import { mayWrite, textOf } from "../../src/client/document.js";
import { printDocument } from "../../src/client/print-document.js";

/** Everything that an executable document can contain. */
const DOCUMENTS: Record<string, string> = {
  "an operation without a name": "{ a }",
  variables: 'query Q($a: ID!, $b: [String!]! = ["x", null], $c: In = {k: {n: [1, 2.5e3]}, e: RED, t: true} @d) { a }',
  "fields, aliases and arguments":
    'query { x: a(id: 1, f: -0.5, s: "t", v: $v, n: null, o: {}, l: []) { b c: d { e } } }',
  directives: 'query Q @live(on: true) { a @include(if: $x) @skip(if: false) { ... @defer(label: "l") { b } } }',
  fragments: "query { ...A ... on B { c } ... { d } } fragment A on T @x { ...C } fragment C on T { e }",
  "a mutation and a subscription": "mutation M { a { b } } subscription S { c }",
  "strings that must be escaped": String.raw`{ a(s: "quote \" backslash \\ slash / line\nreturn\r tab\t null\u0000 emoji 😀 del\u007f") }`,
  "a block string": '{ a(s: """\n    indented "quoted" \\n\n      more\n  """) }',
};

const withoutPlaces = (document: DocumentNode): unknown =>
  JSON.parse(
    JSON.stringify(document, (name, value: unknown) => (name === "loc" || name === "block" ? undefined : value)),
  );

describe("a printed document reads as the same document", () => {
  test.each(Object.entries(DOCUMENTS))("%s", (_name, text) => {
    const document = parse(text);
    expect(withoutPlaces(parse(printDocument(document)))).toEqual(withoutPlaces(document));
    // Generated documents are literals, without classes and with members left out.
    const literal = withoutPlaces(document) as DocumentNode;
    expect(withoutPlaces(parse(printDocument(literal)))).toEqual(withoutPlaces(parse(print(literal))));
  });
});

test("what cannot be executed is refused by its kind", () => {
  expect(() => printDocument(parse("type T { a: Int }"))).toThrow(
    new TypeError("A document for a request cannot contain a ObjectTypeDefinition."),
  );
});

test("a text, a text in an object and a tree are all documents", () => {
  class TypedText extends String {}
  expect(textOf("{ a }")).toBe("{ a }");
  expect(textOf(new TypedText("{ a }"))).toBe("{ a }");
  expect(textOf(parse("{ a }"))).toContain("{ a }");
});

test.each([
  ["{ mutations }", false],
  ["query Q { a }", false],
  ["mutation { a }", true],
  ["\uFEFF#c\n,mutation M{a}", true],
  ["fragment F on T { a } mutation M { ...F }", true],
  ["query A { a } mutation B { b }", true],
])("%j may write: %s", (text, expected) => {
  expect(mayWrite(text)).toBe(expected);
});
