import { nest, post, query, refused } from "../cases.js";

/** Harm: parsers and walkers that call themselves once a level run out of stack; JSON that is nested does the same to its readers. */
export const nesting = {
  name: "nesting",
  harm: "nesting that exhausts the stack",
  share: 45,
  variants: {
    selections: (random, targets) =>
      query(targets, nest(random.int(10, 400), "{ connections ", "{ id }", " }"), undefined, { expect: refused }),
    records: (random, targets) =>
      query(
        targets,
        `{ contacts(provider: "hubspot", first: 1) { nodes { ${nest(random.int(5, 60), "meetings(first: 1) { nodes { contacts { ", "id", " } } }")} } } }`,
        undefined,
        { expect: refused },
      ),
    inlineFragments: (random, targets) => query(targets, nest(random.int(10, 1_500), "{ ... ", "{ __typename }", " }")),
    lists: (random, targets) =>
      query(targets, `{ nodes(ids: ${nest(random.int(10, 2_000), "[", '"x"', "]")}) { id } }`, undefined, {
        expect: refused,
      }),
    objects: (random, targets) =>
      query(
        targets,
        `mutation { createConnection(input: { endUserId: "x", provider: "hubspot", credentials: ${nest(random.int(10, 1_500), "{ a: ", "1", " }")} }) { id } }`,
      ),
    typeOfVariable: (random, targets) =>
      query(targets, `query ($a: ${nest(random.int(2, 2_000), "[", "Int", "]")}) { __typename }`, undefined, {
        expect: refused,
      }),
    variables: (random, targets) => {
      const depth = random.int(10, 5_000);
      const body = `{"query":"query($ids:[ID!]!){nodes(ids:$ids){id}}","variables":{"ids":${nest(depth, "[", "", "]")}}}`;
      return post(targets, body, { expect: refused });
    },
    jsonScalar: (random, targets) => {
      const depth = random.int(10, 5_000);
      const input = `{"endUserId":"x","provider":"hubspot","credentials":${nest(depth, '{"a":', "1", "}")}}`;
      return post(
        targets,
        `{"query":"mutation($input:CreateConnectionInput!){createConnection(input:$input){id}}","variables":{"input":${input}}}`,
      );
    },
    brackets: (random, targets) =>
      query(targets, random.pick(["{", "[", "("]).repeat(10_000), undefined, { expect: refused }),
  },
  rare: {
    jsonOfMegabytes: (random, targets) =>
      post(targets, `{"query":${nest(2_000_000, "[", "", "]")}}`, { expect: refused, mayCut: true }),
    jsonScalarOfMegabytes: (random, targets) => {
      const input = `{"provider":"hubspot","input":{"customFields":[{"key":"x","value":${nest(500_000, "[", "", "]")}}]}}`;
      return post(
        targets,
        `{"query":"mutation($provider:String,$input:ContactInput!){createContact(provider:$provider,input:$input){id}}","variables":${input}}`,
        { expect: ({ status }) => (status === 200 ? "it was carried out" : null), mayCut: true },
      );
    },
    customFieldOfLevels: (random, targets) => {
      const input = `{"provider":"hubspot","input":{"lastName":"x","customFields":[{"key":"x","value":${nest(6_000, '{"a":[', "1", "]}")}}]}}`;
      return post(
        targets,
        `{"query":"mutation($provider:String,$input:ContactInput!){createContact(provider:$provider,input:$input){id}}","variables":${input}}`,
      );
    },
    bracketsOfMegabytes: (random, targets) => query(targets, "{a".repeat(2_000_000), undefined, { expect: refused }),
    comment: (random, targets) => query(targets, `# ${"x".repeat(4_000_000)}\n{ __typename }`),
    blockString: (random, targets) => query(targets, `{ provider(slug: """${"\n  ".repeat(400_000)}""") { name } }`),
  },
};
