import { query, refused, times } from "../cases.js";

/** Each fragment spreads the next one `spreads` times: spreads ** levels selections out of a few hundred bytes. */
function bomb(levels, spreads, leaf, on = "Query") {
  const fragments = Array.from({ length: levels }, (_, level) => {
    const body = level === levels - 1 ? leaf : `...F${level + 1} `.repeat(spreads);
    return `fragment F${level} on ${on} { ${body} }`;
  });
  return `{ ...F0 } ${fragments.join(" ")}`;
}

/** Harm: a short document that unfolds to millions of selections; fragments that never end; validation rules of the square of n. */
export const fragments = {
  name: "fragments",
  harm: "documents that unfold without an end",
  share: 40,
  variants: {
    smallBomb: (random, targets) => query(targets, bomb(random.int(2, 4), random.int(2, 6), "__typename")),
    // 40 ** 6 selections are 4,096,000,000.
    bomb: (random, targets) => query(targets, bomb(6, 40, "__typename")),
    bombOfCalls: (random, targets) =>
      query(targets, bomb(5, 30, `contacts(provider: "hubspot", first: 1) { nodes { id } }`)),
    bombByInlineFragments: (random, targets) => {
      const level = random.int(6, 9);
      const double = (inner) => `... on Query { ${inner} } ... { ${inner} }`;
      let document = "__typename";
      for (let done = 0; done < level; done += 1) document = double(document);
      return query(targets, `{ ${document} }`);
    },
    bombInRecords: (random, targets) =>
      query(
        targets,
        bomb(6, 30, "id fullName emails { address }", "Contact").replace(
          "{ ...F0 }",
          `{ contacts(provider: "hubspot", first: 1) { nodes { ...F0 } } }`,
        ),
      ),
    bombOfPages: (random, targets) => {
      const pages = Array.from(
        { length: 5 },
        (_, level) =>
          `fragment F${level} on Contact { ${times(8, `a${level}x#: meetings(first: 1) { nodes { contacts { ...F${level + 1} } } }`)} }`,
      );
      return query(
        targets,
        `{ contacts(provider: "hubspot", first: 1) { nodes { ...F0 } } } ${pages.join(" ")} fragment F5 on Contact { id }`,
      );
    },
    cycle: (random, targets) => {
      const length = random.int(1, 50);
      const fragments = times(length, "fragment F# on Query { __typename ...G# }");
      const links = Array.from({ length }, (_, at) => `fragment G${at} on Query { ...F${(at + 1) % length} }`);
      return query(targets, `{ ...F0 } ${fragments} ${links.join(" ")}`, undefined, { expect: refused });
    },
    cycleThroughRecords: (random, targets) =>
      query(
        targets,
        `{ contacts(provider: "hubspot", first: 1) { nodes { ...C } } }
         fragment C on Contact { id meetings(first: 1) { nodes { ...M } } } fragment M on Meeting { contacts { ...C } }`,
        undefined,
        { expect: refused },
      ),
    unused: (random, targets) =>
      query(targets, `{ __typename } ${times(random.int(1, 300), "fragment F# on Query { __typename }")}`, undefined, {
        expect: refused,
      }),
    unknown: (random, targets) =>
      query(targets, `{ ${times(random.int(1, 100), "...Missing#")} }`, undefined, { expect: refused }),
    sameName: (random, targets) =>
      query(targets, `{ ...F } ${times(random.int(2, 300), "fragment F on Query { __typename }")}`, undefined, {
        expect: refused,
      }),
  },
  rare: {
    longChain: (random, targets) =>
      query(
        targets,
        `{ ...F0 } ${times(900, "fragment F# on Query { ...N# }").replace(/N(\d+)/g, (_, at) => `F${Number(at) + 1}`)}
         fragment F900 on Query { __typename }`,
      ),
    longCycleOfMany: (random, targets) => {
      const each = times(50, "...F#");
      return query(targets, `{ ...F0 } ${times(50, `fragment F# on Query { @ }`).replaceAll("@", each)}`, undefined, {
        expect: refused,
      });
    },
    conflictsBetweenFragments: (random, targets) => {
      const fragments = Array.from(
        { length: 40 },
        (_, at) => `fragment F${at} on Query { x: provider(slug: "${at}") { name ...P${at} } }
                    fragment P${at} on Provider { y: ${at % 2 ? "slug" : "name"} }`,
      );
      return query(targets, `{ ${times(40, "...F#")} } ${fragments.join(" ")}`, undefined, { expect: refused });
    },
  },
};
