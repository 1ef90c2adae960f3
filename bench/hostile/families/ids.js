import { query, refused, times } from "../cases.js";

const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }`;

/** A global id or cursor with something about it changed. */
function tampered(random, text) {
  const at = random.int(0, text.length - 1);
  const decoded = Buffer.from(text, "base64url").toString("latin1");
  return random.pick([
    () => text.slice(0, at),
    () => text + random.word(1),
    () => text.slice(0, at) + random.word(1) + text.slice(at + 1),
    () => `${text}=`,
    () => Buffer.from(decoded.replace(/[0-9a-z]$/, "\0")).toString("base64url"),
    () => Buffer.from(decoded.replace(/^\w/, random.pick(["c", "l", "m", "x"]))).toString("base64url"),
    () => Buffer.from(`${decoded}${"9".repeat(random.int(1, 5_000))}`).toString("base64url"),
    () => Buffer.from(decoded.replace(/con_\w+/, `con_${random.word(26)}`)).toString("base64url"),
  ])();
}

function anyId(random, { records }) {
  return random.pick(Object.values(records).flat());
}

/** What belongs to another workspace must not be found by any id. */
function isNotFound({ body }) {
  const found = Object.values(body?.data ?? {})
    .flat()
    .filter(Boolean);
  return found.length === 0 ? null : "it was answered with data of another tenant";
}

/** Harm: ids that were tampered with reach other records or tenants; a thousand ids make a thousand calls or rows. */
export const ids = {
  name: "ids",
  harm: "tampered and countless ids",
  share: 80,
  reaches: ["data", "INVALID_INPUT"],
  variants: {
    tamperedIds: (random, world) =>
      query(world, NODES, {
        ids: Array.from({ length: random.int(1, 20) }, () => tampered(random, anyId(random, world))),
      }),
    tamperedRecord: (random, world) =>
      query(world, `query ($id: ID!) { node(id: $id) { id } contact(id: $id) { id fullName } }`, {
        id: tampered(random, anyId(random, world)),
      }),
    tamperedCursor: (random, world) =>
      query(
        world,
        `query ($after: String) { contacts(provider: "hubspot", first: 1, after: $after) { nodes { id } } }`,
        {
          after: tampered(random, random.pick(world.cursors)),
        },
      ),
    cursorOfAnotherListing: (random, world) =>
      query(
        world,
        `query ($after: String) { leads(provider: "${random.pick(world.providers)}", first: 1, after: $after) { nodes { id } } }`,
        // The first is of a listing of contacts.
        { after: world.cursors[0] },
        { expect: refused },
      ),
    anotherTenant: (random, world) =>
      query(
        world,
        `query ($id: ID!, $c: ID!) { node(id: $id) { id } connection(id: $c) { id } contact(id: $id) { id } }`,
        {
          id: random.pick(world.foreign.records),
          c: world.foreign.connection,
        },
        { expect: isNotFound },
      ),
    anotherTenantByKey: (random, world) =>
      query(
        world,
        NODES,
        { ids: [world.foreign.connection, ...world.foreign.records] },
        {
          headers: { authorization: `Bearer ${world.keys.test}` },
          expect: ({ body }) => isNotFound({ body: { data: { all: body?.data?.nodes ?? [] } } }),
        },
      ),
    duplicates: (random, world) => query(world, NODES, { ids: Array(random.int(2, 200)).fill(anyId(random, world)) }),
    mixed: (random, world) =>
      query(world, NODES, { ids: Array.from({ length: random.int(2, 30) }, () => anyId(random, world)) }),
    missing: (random, world) => {
      const id = Buffer.from(
        Buffer.from(anyId(random, world), "base64url")
          .toString()
          .replace(/:[^:]*$/, `:${random.int(1, 1e9)}`),
      );
      return query(world, NODES, { ids: [id.toString("base64url")] });
    },
  },
  rare: {
    thousandIds: (random, world) => query(world, NODES, { ids: world.manyContacts }),
    thousandOfOne: (random, world) => query(world, NODES, { ids: Array(1_000).fill(anyId(random, world)) }),
    oneTooMany: (random, world) =>
      query(world, NODES, { ids: Array(1_001).fill(anyId(random, world)) }, { expect: refused }),
    thousandConnections: (random, world) =>
      query(
        world,
        `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Connection { id endUser { id connections { id } } } } }`,
        {
          ids: Array(1_000).fill(random.pick(world.connections)),
        },
      ),
    // 2,900 reads of an end user.
    thousandsOfEndUsers: (random, world) => {
      const part = world.manyContacts.slice(0, 100);
      const owner = "... on Contact { connection { endUser { id displayName } } }";
      const lists = times(29, `a#: nodes(ids: $ids) { ${owner} }`);
      return query(world, `query ($ids: [ID!]!) { ${lists} }`, { ids: part });
    },
    thousandsOfIds: (random, world) =>
      query(world, `query ($ids: [ID!]!) { ${times(250, "a#: nodes(ids: $ids) { id }")} }`, {
        ids: world.manyContacts,
      }),
    thousandUnknown: (random, world) =>
      query(world, NODES, {
        ids: Array.from({ length: 1_000 }, (_, at) =>
          Buffer.from(`c:${world.connections[at % world.connections.length]}:${at}${"0".repeat(12)}`).toString(
            "base64url",
          ),
        ),
      }),
  },
};
