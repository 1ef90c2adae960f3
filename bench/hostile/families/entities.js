import { nest, query, times } from "../cases.js";

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename ... on Contact { id fullName } ... on Meeting { title } ... on EndUser { endUserId connections { id } } ... on Provider { name }
} }`;
const TYPES = ["Contact", "Lead", "Meeting", "Connection", "EndUser", "Provider"];
/** Names that a look-up by name must not find. */
const NO_TYPES = [
  "__proto__",
  "constructor",
  "toString",
  "_Entity",
  "_Service",
  "Query",
  "Mutation",
  "PageInfo",
  "Node",
  "",
];
const FIELDS = ["id", "endUserId", "providerSlug", "nativeId", "slug", "email"];

/** A request of a gateway: of no end user, because one query can be about many. */
function ask(targets, document, variables, { headers = {}, ...rest } = {}) {
  const ofNobody = { "x-end-user-id": "", ...headers };
  return query(targets, document, variables, { path: "/subgraph", isSubgraph: true, headers: ofNobody, ...rest });
}

const represented = (targets, representations, options) => ask(targets, ENTITIES, { representations }, options);

const anyRecord = (random, targets) => random.pick(Object.values(targets.records).flat());

/** A key of something that exists, or nearly. */
function key(random, targets) {
  return random.pick([
    () => ({ __typename: random.pick(TYPES), id: anyRecord(random, targets) }),
    () => ({ __typename: "Connection", id: random.pick(targets.connections) }),
    () => ({ __typename: "EndUser", endUserId: random.pick([...targets.endUsers, random.word(8)]) }),
    () => ({ __typename: "Provider", slug: random.pick([...targets.providers, random.word(8)]) }),
    () => ({
      __typename: random.pick(TYPES),
      endUserId: random.pick(targets.endUsers),
      providerSlug: random.pick(targets.providers),
      nativeId: String(random.int(1, 1e9)),
    }),
  ])();
}

/** A value that no key has. */
function strange(random) {
  return random.pick([
    () => null,
    () => true,
    () => random.int(-1e9, 1e9) / 7,
    () => 1e300,
    () => [],
    () => ({ toString: random.word(3), __proto__: { id: 1 } }),
    () => JSON.parse(nest(random.int(1, 2_000), "[", "1", "]")),
    () => "x".repeat(random.int(1, 50_000)),
    () => "\u0000",
    () => " ",
  ])();
}

function broken(random, targets) {
  return random.pick([
    () => ({ ...key(random, targets), __typename: random.pick(NO_TYPES) }),
    () => ({ ...key(random, targets), __typename: strange(random) }),
    () => ({ __typename: random.pick(TYPES), [random.pick(FIELDS)]: strange(random) }),
    () => Object.fromEntries([["__typename", random.pick(TYPES)], ...FIELDS.map((name) => [name, strange(random)])]),
    () => ({ ...key(random, targets), ["x".repeat(random.int(1, 200))]: strange(random) }),
    () => random.pick([7, "x", [], [[]], {}]),
  ])();
}

const many = (random, count, make) => Array.from({ length: random.int(1, count) }, make);

/** What belongs to another workspace must not be found by any key. */
function isNotFound({ body }) {
  const found = (body?.data?._entities ?? []).filter((entity) => entity && "fullName" in entity);
  return found.length === 0 ? null : "it was answered with data of another tenant";
}

/** The whole operation is refused. */
function isRefused({ body }) {
  return body?.errors?.length > 0 && !body.data ? null : "it was answered instead of being refused";
}

/** Harm: representations that no gateway sends reach what has no key, other tenants, or make calls without number. */
export const entities = {
  name: "entities",
  harm: "representations that no gateway sends",
  share: 60,
  reaches: ["data", "INVALID_INPUT"],
  variants: {
    keys: (random, targets) =>
      represented(
        targets,
        many(random, 20, () => key(random, targets)),
      ),
    broken: (random, targets) =>
      represented(
        targets,
        many(random, 20, () => broken(random, targets)),
      ),
    mixed: (random, targets) =>
      represented(
        targets,
        many(random, 30, () => (random.chance(0.5) ? key(random, targets) : broken(random, targets))),
      ),
    noList: (random, targets) => represented(targets, strange(random)),
    anotherTenant: (random, targets) =>
      represented(
        targets,
        targets.foreign.records.map((id) => ({ __typename: random.pick(TYPES.slice(0, 3)), id })),
        { headers: { authorization: `Bearer ${targets.keys.test}` }, expect: isNotFound },
      ),
    aliases: (random, targets) =>
      ask(
        targets,
        `query ($r: [_Any!]!) { ${times(random.int(2, 200), "e#: _entities(representations: $r) { __typename }")} }`,
        { r: many(random, 10, () => key(random, targets)) },
      ),
    service: (random, targets) => ask(targets, `{ ${times(random.int(1, 50), "s#: _service { sdl }")} }`),
    written: (random, targets) =>
      ask(
        targets,
        `{ _entities(representations: [{__typename: "Contact", id: ${nest(random.int(1, 60), "[", "1", "]")}}]) { __typename } }`,
      ),
  },
  rare: {
    tenThousand: (random, targets) =>
      represented(
        targets,
        Array.from({ length: 10_000 }, () => ({ __typename: "Provider", slug: "x" })),
        { expect: isRefused },
      ),
    tooManyRecords: (random, targets) =>
      represented(
        targets,
        Array.from({ length: 3_001 }, () => ({ __typename: "Provider", slug: "x" })),
        { expect: isRefused },
      ),
    thousandContacts: (random, targets) =>
      represented(
        targets,
        targets.manyContacts.map((id) => ({ __typename: "Contact", id })),
      ),
    thousandEndUsers: (random, targets) =>
      represented(
        targets,
        Array.from({ length: 1_000 }, (_, at) => ({ __typename: "EndUser", endUserId: `nobody-${at}` })),
      ),
    thousandBroken: (random, targets) =>
      represented(
        targets,
        Array.from({ length: 1_000 }, () => broken(random, targets)),
      ),
  },
};
