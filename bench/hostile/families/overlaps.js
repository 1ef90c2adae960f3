import { query, times } from "../cases.js";

const lists = (random) => `contacts(provider: "hubspot", first: ${random.int(1, 2)})`;

/** Harm: the rule that fields of one response name can be merged compares every pair, and every pair beneath each pair. */
export const overlaps = {
  name: "overlaps",
  harm: "pairs of fields with one response name",
  share: 25,
  variants: {
    sameLeaf: (random, world) => query(world, `{ ${"__typename ".repeat(random.int(100, 1_000))} }`),
    sameListing: (random, world) => {
      const listing = lists(random);
      return query(world, `{ ${`${listing} { nodes { id } } `.repeat(random.int(2, 100))} }`);
    },
    conflictingArguments: (random, world) =>
      query(world, `{ ${times(random.int(2, 100), `x: provider(slug: "s#") { name }`)} }`),
    conflictingFields: (random, world) =>
      query(world, `{ errorCodes { ${times(random.int(2, 100), "x: code x: message x: status")} } }`),
    nestedPairs: (random, world) => {
      let inner = "id";
      for (let level = 0; level < 4; level += 1) inner = `meetings { nodes { contacts { ${inner} } } } `.repeat(2);
      return query(world, `{ ${lists(random)} { nodes { ${inner} } } }`);
    },
    onEveryType: (random, world) =>
      query(
        world,
        `{ nodes(ids: []) { ${times(random.int(1, 60), "... on Contact { x: fullName } ... on Lead { x: subject } ... on Meeting { x: title }")} } }`,
      ),
  },
  rare: {
    thousandsOfLeaves: (random, world) => query(world, `{ ${"__typename ".repeat(9_000)} }`),
    thousandsOfConflicts: (random, world) =>
      query(world, `{ errorCodes { ${times(2_000, "x: code x: message")} } }`.replace(/x: message/g, "x: status")),
    thousandsOfListings: (random, world) => {
      const listing = `providers { name } `;
      return query(world, `{ ${listing.repeat(1_900)} }`);
    },
    thousandsInFragments: (random, world) =>
      query(
        world,
        `{ ${times(60, "...F#")} } ${times(60, `fragment F# on Query { ${"errorCodes { code } ".repeat(30)} }`)}`,
      ),
  },
};
