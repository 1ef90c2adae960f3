import { query, refused, times } from "../cases.js";

/** Harm: for every unknown name the validation looks for similar ones, and every one becomes an error of the answer. */
export const typos = {
  name: "typos",
  harm: "unknown names, each with a search for similar ones",
  share: 50,
  variants: {
    fields: (random, targets) =>
      query(targets, `{ ${times(random.int(1, 60), "contatcs# contactt")} }`, undefined, { expect: refused }),
    fieldsOfRecords: (random, targets) =>
      query(
        targets,
        `{ contacts(provider: "hubspot") { nodes { ${times(random.int(1, 60), "fulName# emial")} } } }`,
        undefined,
        {
          expect: refused,
        },
      ),
    arguments: (random, targets) =>
      query(targets, `{ contacts(${times(random.int(1, 60), "provder#: 1")}) { nodes { id } } }`, undefined, {
        expect: refused,
      }),
    types: (random, targets) =>
      query(targets, `{ nodes(ids: []) { ${times(random.int(1, 60), "... on Conatct# { id }")} } }`, undefined, {
        expect: refused,
      }),
    enums: (random, targets) =>
      query(
        targets,
        `{ contacts(provider: "hubspot", orderBy: { field: ${random.word()} }) { nodes { id } } }`,
        undefined,
        {
          expect: refused,
        },
      ),
    inputFields: (random, targets) =>
      query(
        targets,
        `{ contacts(provider: "hubspot", filter: { ${times(random.int(1, 60), "emial#: 1")} }) { nodes { id } } }`,
        undefined,
        {
          expect: refused,
        },
      ),
    undeclared: (random, targets) =>
      query(targets, `{ ${times(random.int(1, 60), "a#: contacts(provider: $p#) { nodes { id } }")} }`, undefined, {
        expect: refused,
      }),
    noSelection: (random, targets) =>
      query(targets, `{ contacts errorCodes { code { x } } }`, undefined, { expect: refused }),
    syntax: (random, targets) => {
      const good = `query Q($a: Int = 1) { contacts(provider: "hubspot", first: $a) { nodes { id ...F } } } fragment F on Contact { fullName }`;
      const at = random.int(0, good.length - 1);
      return query(
        targets,
        good.slice(0, at) + random.pick(["", "!", "{", "}", "\u0000", '"', "...", "$"]) + good.slice(at + 1),
      );
    },
  },
  rare: {
    thousandsOfFields: (random, targets) =>
      query(targets, `{ ${times(4_500, "contactt#")} }`, undefined, { expect: refused }),
    longNames: (random, targets) =>
      query(targets, `{ ${times(4_000, `${"contact".repeat(100)}#`)} }`, undefined, { expect: refused }),
    thousandsOfTypes: (random, targets) =>
      query(targets, `{ nodes(ids: []) { ${times(1_500, "... on Contcat# { id }")} } }`, undefined, {
        expect: refused,
      }),
    thousandsOfInputFields: (random, targets) =>
      query(targets, `{ contacts(filter: { ${times(3_000, "emial#: 1")} }) { nodes { id } } }`, undefined, {
        expect: refused,
      }),
    thousandsOfVariables: (random, targets) =>
      query(
        targets,
        `{ ${times(290, "a#: contacts(provider: $p#, after: $q#, first: $r#) { nodes { id } }")} }`,
        undefined,
        {
          expect: refused,
        },
      ),
  },
};
