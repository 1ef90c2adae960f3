import { query, times } from "../cases.js";
import { QueryMaker } from "../graph.js";

const soon = (random) => random.int(0, 40);

/** Harm: work for a caller who is gone: its promises reject when nobody waits any more, its sockets and timers stay. */
export const hangUps = {
  name: "hang-ups",
  harm: "callers who hang up in the middle",
  share: 60,
  variants: {
    query: (random, targets) =>
      query(targets, new QueryMaker(random, targets, { fields: 30 }).query(6), undefined, { hangUpMs: soon(random) }),
    fanOut: (random, targets) =>
      query(
        targets,
        "{ connections { contacts(first: 10) { nodes { id meetings(first: 1) { nodes { id } } } } leads(first: 5) { nodes { id } } } }",
        undefined,
        {
          hangUpMs: soon(random),
        },
      ),
    byIds: (random, targets) =>
      query(
        targets,
        `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Contact { fullName leads(first: 1) { pageInfo { hasNextPage } } } } }`,
        { ids: targets.manyContacts.slice(0, random.int(1, 100)) },
        {
          hangUpMs: soon(random),
        },
      ),
    create: (random, targets) =>
      query(
        targets,
        `mutation { createContact(provider: "${random.pick(targets.providers)}", input: { lastName: "Gone" }) { id meetings { nodes { id } } } }`,
        undefined,
        {
          hangUpMs: soon(random),
        },
      ),
    creates: (random, targets) =>
      query(
        targets,
        `mutation { ${times(20, `a#: createContact(provider: "${random.pick(targets.providers)}", input: { lastName: "Gone#" }) { id }`)} }`,
        undefined,
        {
          hangUpMs: soon(random),
        },
      ),
    connect: (random, targets) =>
      query(
        targets,
        `mutation { createConnection(input: { endUserId: "gone", provider: "hubspot", credentials: { accessToken: "x" } }) { id } }`,
        undefined,
        {
          hangUpMs: soon(random),
        },
      ),
    duringFault: (random, targets) =>
      query(
        targets,
        `{ connections { contacts(first: 2) { nodes { id meetings(first: 1) { pageInfo { hasNextPage } } } } } }`,
        undefined,
        {
          headers: {
            authorization: `Bearer ${targets.keys.test}`,
            "x-end-user-id": "demo",
            "x-sandbox-fault": `${random.pick(targets.providers)}=${random.pick(["SLOW", "TIMEOUT", "TRUNCATED", "SLOW_BODY"])}`,
          },
          hangUpMs: random.int(0, 300),
        },
      ),
  },
};
