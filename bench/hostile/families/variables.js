import { post, query, refused } from "../cases.js";
import { nastyValue, prototypeObject } from "../texts.js";

const LISTING = `query ($provider: String!, $first: Int, $after: String, $filter: ContactFilter, $orderBy: ContactOrderBy, $on: Boolean = true) {
  contacts(provider: $provider, first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    nodes { id fullName @include(if: $on) } } }`;
const CREATE = `mutation ($provider: String, $input: ContactInput!) { createContact(provider: $provider, input: $input) { id } }`;
const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`;

/** Numbers as JSON allows them, which no JavaScript value writes. */
const WRITTEN = [
  "1e999",
  "-1e999",
  "1E400",
  "0.0000000000000000000000000001",
  "9".repeat(500),
  "-0",
  "1.0",
  "1e0",
  "2147483648",
];

/** Harm: values of the wrong type, size or shape get past the checks, or make them answer with more than was sent. */
export const variables = {
  name: "variables",
  harm: "variables of wrong types and sizes",
  share: 110,
  reaches: ["data", "INVALID_INPUT"],
  variants: {
    wrongTypes: (random, targets) => {
      const names = ["provider", "first", "after", "filter", "orderBy", "on"];
      const given = random.some(names, 0.5).map((name) => [name, nastyValue(random)]);
      return query(targets, LISTING, {
        provider: random.pick(targets.providers),
        first: 1,
        ...Object.fromEntries(given),
      });
    },
    wrongFilters: (random, targets) => {
      const names = [
        "email",
        "name",
        "phone",
        "search",
        "ownerId",
        "createdSince",
        "updatedUntil",
        "unknown",
        "__proto__",
      ];
      const filter = JSON.parse(
        `{${random
          .some(names, 0.3)
          .map((name) => `"${name}":${JSON.stringify(nastyValue(random))}`)
          .join(",")}}`,
      );
      return query(targets, LISTING, { provider: random.pick(targets.providers), first: 1, filter });
    },
    numbers: (random, targets) =>
      post(
        targets,
        `{"query":${JSON.stringify(LISTING)},"variables":{"provider":"${random.pick(targets.providers)}","first":${random.pick(WRITTEN)}}}`,
      ),
    numbersAsText: (random, targets) =>
      query(
        targets,
        LISTING,
        { provider: "hubspot", first: random.pick(["NaN", "Infinity", "1", "", "0x1"]) },
        { expect: refused },
      ),
    prototypeKeys: (random, targets) => query(targets, LISTING, prototypeObject({ provider: "hubspot" })),
    prototypeKeysInFilter: (random, targets) =>
      query(targets, LISTING, { provider: "hubspot", first: 1, filter: prototypeObject("x") }, { expect: refused }),
    prototypeKeysInScalar: (random, targets) =>
      query(targets, CREATE, {
        provider: random.pick(targets.providers),
        input: {
          lastName: "Proto",
          customFields: [{ key: random.pick(["__proto__", "constructor"]), value: prototypeObject(1) }],
        },
      }),
    prototypeNames: (random, targets) =>
      query(
        targets,
        `query ($__proto__: String, $constructor: String, $toString: Int) { provider(slug: $constructor) { name } }`,
        {
          constructor: "hubspot",
        },
      ),
    notAnObject: (random, targets) =>
      post(targets, { query: LISTING, variables: random.pick([[], "x", 1, true, "{}", [1], "null"]) }),
    nobodyAsked: (random, targets) =>
      query(targets, "{ __typename }", Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`v${at}`, at]))),
    wrongInput: (random, targets) => {
      const names = [
        "firstName",
        "lastName",
        "emails",
        "phones",
        "addresses",
        "company",
        "tags",
        "customFields",
        "ownerId",
      ];
      const input = Object.fromEntries(random.some(names, 0.4).map((name) => [name, nastyValue(random)]));
      return query(targets, CREATE, { provider: random.pick(targets.providers), input });
    },
    wrongIds: (random, targets) =>
      query(targets, NODES, { ids: Array.from({ length: random.int(1, 100) }, () => nastyValue(random)) }),
    defaults: (random, targets) =>
      query(
        targets,
        `query ($first: Int = ${random.pick(["null", "99999999999", '"x"', "1.5", "-1", "0", "{}"])}) {
        contacts(provider: "hubspot", first: $first) { nodes { id } } }`,
      ),
  },
  rare: {
    // 2.4 MB of values each of which is wrong.
    wrongByTheThousand: (random, targets) =>
      query(targets, NODES, { ids: Array.from({ length: 300_000 }, () => [[{}]]) }, { expect: refused }),
    wrongObjectsByTheThousand: (random, targets) =>
      query(
        targets,
        CREATE,
        { provider: "hubspot", input: { emails: Array.from({ length: 100_000 }, () => ({ adress: 1 })) } },
        { expect: refused },
      ),
    unknownFieldsByTheThousand: (random, targets) => {
      const input = Object.fromEntries(Array.from({ length: 60_000 }, (_, at) => [`lastNam${at}`, at]));
      return query(targets, CREATE, { provider: "hubspot", input }, { expect: refused });
    },
    nullsByTheThousand: (random, targets) =>
      query(targets, NODES, { ids: Array.from({ length: 400_000 }, () => null) }, { expect: refused }),
    declaredByTheThousand: (random, targets) => {
      const names = Array.from({ length: 1_500 }, (_, at) => `$v${at}: Int!`);
      return query(targets, `query (${names.join(" ")}) { __typename }`, {}, { expect: refused });
    },
  },
};
