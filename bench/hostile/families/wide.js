import { query, times } from "../cases.js";
import { QueryMaker } from "../graph.js";

/** Harm: one request that asks for the same or for much a few hundred times, each of which is a call, a page, a row or a cursor. */
export const wide = {
  name: "wide",
  harm: "hundreds of fields that each cost a call",
  share: 8,
  reaches: ["data"],
  variants: {
    aliasesOfTypename: (random, targets) => query(targets, `{ ${times(random.int(100, 320), "a#: __typename")} }`),
    errorCodes: (random, targets) =>
      query(targets, `{ ${times(random.int(2, 20), "a#: errorCodes { code message }")} }`),
    providers: (random, targets) =>
      query(targets, `{ ${times(random.int(2, 20), "a#: providers { name capabilities { fields } }")} }`),
    repeatedListing: (random, targets) => {
      const fields = new QueryMaker(random, targets, { fields: 20 }).selectionOf("ContactConnection", 3);
      const listing = `contacts(provider: "${random.pick(targets.providers)}", first: ${random.int(1, 5)})`;
      return query(targets, `{ ${times(random.int(2, 12), `a#: ${listing} ${fields}`)} }`);
    },
    fanOut: (random, targets) =>
      query(
        targets,
        "{ connections { provider { slug } contacts(first: 3) { nodes { fullName } } health { circuit } } }",
      ),
  },
  rare: {
    onePageEach: (random, targets) => {
      const listing = `contacts(provider: "${random.pick(targets.providers)}", first: 1)`;
      return query(targets, `{ ${times(280, `a#: ${listing} { nodes { id } pageInfo { endCursor } }`)} }`);
    },
    manyEndUsers: (random, targets) =>
      query(targets, `{ ${times(299, `a#: endUser(endUserId: "nobody-#") { id connections { id } }`)} }`),
    manyEvents: (random, targets) =>
      query(targets, `{ ${times(299, "a#: connectionEvents(first: 100) { edges { cursor node { id } } }")} }`),
    everyRaw: (random, targets) =>
      query(
        targets,
        `{ contacts(provider: "${random.pick(targets.providers)}", first: 100) { nodes { ${times(250, "a#: raw")} } } }`,
      ),
    everyFieldOfAll: (random, targets) =>
      query(
        targets,
        `{ connections { contacts(first: 100) { nodes { id fullName emails { address } phones { e164 } raw customFields { key value } } }
             leads(first: 100) { nodes { id raw } } meetings(first: 100) { nodes { id raw attendees { name } } } } }`,
      ),
  },
};
