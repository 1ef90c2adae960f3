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
    tamperedIds: (random, targets) =>
      query(targets, NODES, {
        ids: Array.from({ length: random.int(1, 20) }, () => tampered(random, anyId(random, targets))),
      }),
    tamperedRecord: (random, targets) =>
      query(targets, `query ($id: ID!) { node(id: $id) { id } contact(id: $id) { id fullName } }`, {
        id: tampered(random, anyId(random, targets)),
      }),
    tamperedCursor: (random, targets) =>
      query(
        targets,
        `query ($after: String) { contacts(provider: "hubspot", first: 1, after: $after) { nodes { id } } }`,
        {
          after: tampered(random, random.pick(targets.cursors)),
        },
      ),
    cursorOfAnotherListing: (random, targets) =>
      query(
        targets,
        `query ($after: String) { leads(provider: "${random.pick(targets.providers)}", first: 1, after: $after) { nodes { id } } }`,
        // The first is of a listing of contacts.
        { after: targets.cursors[0] },
        { expect: refused },
      ),
    anotherTenant: (random, targets) =>
      query(
        targets,
        `query ($id: ID!, $c: ID!) { node(id: $id) { id } connection(id: $c) { id } contact(id: $id) { id } }`,
        {
          id: random.pick(targets.foreign.records),
          c: targets.foreign.connection,
        },
        { expect: isNotFound },
      ),
    anotherTenantByKey: (random, targets) =>
      query(
        targets,
        NODES,
        { ids: [targets.foreign.connection, ...targets.foreign.records] },
        {
          headers: { authorization: `Bearer ${targets.keys.test}` },
          expect: ({ body }) => isNotFound({ body: { data: { all: body?.data?.nodes ?? [] } } }),
        },
      ),
    duplicates: (random, targets) =>
      query(targets, NODES, { ids: Array(random.int(2, 200)).fill(anyId(random, targets)) }),
    mixed: (random, targets) =>
      query(targets, NODES, { ids: Array.from({ length: random.int(2, 30) }, () => anyId(random, targets)) }),
    missing: (random, targets) => {
      const id = Buffer.from(
        Buffer.from(anyId(random, targets), "base64url")
          .toString()
          .replace(/:[^:]*$/, `:${random.int(1, 1e9)}`),
      );
      return query(targets, NODES, { ids: [id.toString("base64url")] });
    },
  },
  rare: {
    thousandIds: (random, targets) => query(targets, NODES, { ids: targets.manyContacts }),
    thousandOfOne: (random, targets) => query(targets, NODES, { ids: Array(1_000).fill(anyId(random, targets)) }),
    oneTooMany: (random, targets) =>
      query(targets, NODES, { ids: Array(1_001).fill(anyId(random, targets)) }, { expect: refused }),
    thousandConnections: (random, targets) =>
      query(
        targets,
        `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Connection { id endUser { id connections { id } } } } }`,
        {
          ids: Array(1_000).fill(random.pick(targets.connections)),
        },
      ),
    // 2,900 reads of an end user.
    thousandsOfEndUsers: (random, targets) => {
      const part = targets.manyContacts.slice(0, 100);
      const owner = "... on Contact { connection { endUser { id displayName } } }";
      const lists = times(29, `a#: nodes(ids: $ids) { ${owner} }`);
      return query(targets, `query ($ids: [ID!]!) { ${lists} }`, { ids: part });
    },
    thousandsOfIds: (random, targets) =>
      query(targets, `query ($ids: [ID!]!) { ${times(250, "a#: nodes(ids: $ids) { id }")} }`, {
        ids: targets.manyContacts,
      }),
    thousandUnknown: (random, targets) =>
      query(targets, NODES, {
        ids: Array.from({ length: 1_000 }, (_, at) =>
          Buffer.from(`c:${targets.connections[at % targets.connections.length]}:${at}${"0".repeat(12)}`).toString(
            "base64url",
          ),
        ),
      }),
  },
};
