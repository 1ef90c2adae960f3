import { URLSearchParams } from "node:url";
import { headersWithout, post, query, refused, times } from "../cases.js";

/** Harm: operations that this server does not have or cannot choose between. */
export const operations = {
  name: "operations",
  harm: "subscriptions, many operations, wrong operation names",
  share: 60,
  variants: {
    subscription: (random, targets) =>
      query(targets, random.pick(["subscription { contacts { id } }", "subscription S { __typename }"]), undefined, {
        expect: refused,
      }),
    schemaAsDocument: (random, targets) =>
      query(
        targets,
        random.pick([
          "type Query { a: Int }",
          "extend type Query { a: Int }",
          "schema { query: Query }",
          "directive @a on FIELD",
        ]),
        undefined,
        {
          expect: refused,
        },
      ),
    withSchema: (random, targets) => query(targets, `{ __typename } type X { a: Int }`, undefined, { expect: refused }),
    operationName: (random, targets) => {
      const operationName = random.pick([
        "",
        "B",
        "a",
        " A",
        "__proto__",
        "constructor",
        1,
        {},
        [],
        true,
        null,
        "A\0",
        "A".repeat(10_000),
      ]);
      return post(targets, { query: "query A { __typename }", operationName });
    },
    choice: (random, targets) => {
      const document = times(random.int(2, 100), "query Q# { __typename }");
      const operationName = random.pick([undefined, null, "", "Q1", "Q999", "Missing"]);
      return post(targets, { query: document, operationName });
    },
    mutationByGet: (random, targets) => {
      const search = new URLSearchParams({ query: `mutation { upsertEndUser(input: { endUserId: "get" }) { id } }` });
      const headers = headersWithout("content-type", targets);
      return {
        request: {
          method: "GET",
          path: `/graphql?${search}`,
          headers: { ...headers, "apollo-require-preflight": "1" },
        },
        expect: refused,
      };
    },
    queryAndMutation: (random, targets) =>
      post(targets, {
        query: `query A { __typename } mutation B { deleteConnection(id: "x") { id } }`,
        operationName: random.pick(["A", "B"]),
      }),
    sameNames: (random, targets) =>
      query(targets, times(random.int(2, 200), "query Q { __typename }"), undefined, { expect: refused }),
    anonymous: (random, targets) => query(targets, "{ __typename } { __typename }", undefined, { expect: refused }),
    empty: (random, targets) =>
      query(targets, random.pick(["", " ", "#", ",,,", "\uFEFF", "{}", "query", "query Q", "{ }"]), undefined, {
        expect: refused,
      }),
  },
  rare: {
    thousands: (random, targets) =>
      post(targets, { query: times(1_900, "query Q# { __typename }"), operationName: "Q7" }),
  },
};
