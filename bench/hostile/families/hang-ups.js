import { query, times } from "../cases.js";
import { QueryMaker } from "../graph.js";

const soon = (random) => random.int(0, 40);

/** Harm: work for a caller who is gone: its promises reject when nobody waits any more, its sockets and timers stay. */
export const hangUps = {
  name: "hang-ups",
  harm: "callers who hang up in the middle",
  share: 60,
  variants: {
    query: (random, world) =>
      query(world, new QueryMaker(random, world, { fields: 30 }).query(6), undefined, { hangUpMs: soon(random) }),
    fanOut: (random, world) =>
      query(
        world,
        "{ connections { contacts(first: 10) { nodes { id meetings(first: 1) { nodes { id } } } } leads(first: 5) { nodes { id } } } }",
        undefined,
        {
          hangUpMs: soon(random),
        },
      ),
    byIds: (random, world) =>
      query(
        world,
        `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Contact { fullName leads(first: 1) { pageInfo { hasNextPage } } } } }`,
        { ids: world.manyContacts.slice(0, random.int(1, 100)) },
        {
          hangUpMs: soon(random),
        },
      ),
    create: (random, world) =>
      query(
        world,
        `mutation { createContact(provider: "${random.pick(world.providers)}", input: { lastName: "Gone" }) { id meetings { nodes { id } } } }`,
        undefined,
        {
          hangUpMs: soon(random),
        },
      ),
    creates: (random, world) =>
      query(
        world,
        `mutation { ${times(20, `a#: createContact(provider: "${random.pick(world.providers)}", input: { lastName: "Gone#" }) { id }`)} }`,
        undefined,
        {
          hangUpMs: soon(random),
        },
      ),
    connect: (random, world) =>
      query(
        world,
        `mutation { createConnection(input: { endUserId: "gone", provider: "hubspot", credentials: { accessToken: "x" } }) { id } }`,
        undefined,
        {
          hangUpMs: soon(random),
        },
      ),
    duringFault: (random, world) =>
      query(
        world,
        `{ connections { contacts(first: 2) { nodes { id meetings(first: 1) { pageInfo { hasNextPage } } } } } }`,
        undefined,
        {
          headers: {
            authorization: `Bearer ${world.keys.test}`,
            "x-end-user-id": "demo",
            "x-sandbox-fault": `${random.pick(world.providers)}=${random.pick(["SLOW", "TIMEOUT", "TRUNCATED", "SLOW_BODY"])}`,
          },
          hangUpMs: random.int(0, 300),
        },
      ),
  },
};
