import { query, times } from "../cases.js";

const lists = (random) => `contacts(provider: "hubspot", first: ${random.int(1, 2)})`;

/** Harm: the rule that fields of one response name can be merged compares every pair, and every pair beneath each pair. */
export const overlaps = {
  name: "overlaps",
  harm: "pairs of fields with one response name",
  share: 25,
  variants: {
    sameLeaf: (random, targets) => query(targets, `{ ${"__typename ".repeat(random.int(100, 1_000))} }`),
    sameListing: (random, targets) => {
      const listing = lists(random);
      return query(targets, `{ ${`${listing} { nodes { id } } `.repeat(random.int(2, 100))} }`);
    },
    conflictingArguments: (random, targets) =>
      query(targets, `{ ${times(random.int(2, 100), `x: provider(slug: "s#") { name }`)} }`),
    conflictingFields: (random, targets) =>
      query(targets, `{ errorCodes { ${times(random.int(2, 100), "x: code x: message x: status")} } }`),
    nestedPairs: (random, targets) => {
      let inner = "id";
      for (let level = 0; level < 4; level += 1) inner = `meetings { nodes { contacts { ${inner} } } } `.repeat(2);
      return query(targets, `{ ${lists(random)} { nodes { ${inner} } } }`);
    },
    onEveryType: (random, targets) =>
      query(
        targets,
        `{ nodes(ids: []) { ${times(random.int(1, 60), "... on Contact { x: fullName } ... on Lead { x: subject } ... on Meeting { x: title }")} } }`,
      ),
  },
  rare: {
    thousandsOfLeaves: (random, targets) => query(targets, `{ ${"__typename ".repeat(9_000)} }`),
    thousandsOfConflicts: (random, targets) =>
      query(targets, `{ errorCodes { ${times(2_000, "x: code x: message")} } }`.replace(/x: message/g, "x: status")),
    thousandsOfListings: (random, targets) => {
      const listing = `providers { name } `;
      return query(targets, `{ ${listing.repeat(1_900)} }`);
    },
    thousandsInFragments: (random, targets) =>
      query(
        targets,
        `{ ${times(60, "...F#")} } ${times(60, `fragment F# on Query { ${"errorCodes { code } ".repeat(30)} }`)}`,
      ),
  },
};
