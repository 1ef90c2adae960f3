import { query, times } from "../cases.js";
import { QueryMaker } from "../graph.js";

/** Harm: one request that asks for the same or for much a few hundred times, each of which is a call, a page, a row or a cursor. */
export const wide = {
  name: "wide",
  harm: "hundreds of fields that each cost a call",
  share: 8,
  reaches: ["data"],
  variants: {
    aliasesOfTypename: (random, world) => query(world, `{ ${times(random.int(100, 320), "a#: __typename")} }`),
    errorCodes: (random, world) => query(world, `{ ${times(random.int(2, 20), "a#: errorCodes { code message }")} }`),
    providers: (random, world) =>
      query(world, `{ ${times(random.int(2, 20), "a#: providers { name capabilities { fields } }")} }`),
    repeatedListing: (random, world) => {
      const fields = new QueryMaker(random, world, { fields: 20 }).selectionOf("ContactConnection", 3);
      const listing = `contacts(provider: "${random.pick(world.providers)}", first: ${random.int(1, 5)})`;
      return query(world, `{ ${times(random.int(2, 12), `a#: ${listing} ${fields}`)} }`);
    },
    fanOut: (random, world) =>
      query(
        world,
        "{ connections { provider { slug } contacts(first: 3) { nodes { fullName } } health { circuit } } }",
      ),
  },
  rare: {
    onePageEach: (random, world) => {
      const listing = `contacts(provider: "${random.pick(world.providers)}", first: 1)`;
      return query(world, `{ ${times(280, `a#: ${listing} { nodes { id } pageInfo { endCursor } }`)} }`);
    },
    manyEndUsers: (random, world) =>
      query(world, `{ ${times(299, `a#: endUser(id: "nobody-#") { id connections { id } }`)} }`),
    manyEvents: (random, world) =>
      query(world, `{ ${times(299, "a#: connectionEvents(first: 100) { edges { cursor node { id } } }")} }`),
    everyRaw: (random, world) =>
      query(
        world,
        `{ contacts(provider: "${random.pick(world.providers)}", first: 100) { nodes { ${times(250, "a#: raw")} } } }`,
      ),
    everyFieldOfAll: (random, world) =>
      query(
        world,
        `{ connections { contacts(first: 100) { nodes { id fullName emails { address } phones { e164 } raw customFields { key value } } }
             leads(first: 100) { nodes { id raw } } meetings(first: 100) { nodes { id raw attendees { name } } } } }`,
      ),
  },
};
