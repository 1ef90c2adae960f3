import { query, refused, times } from "../cases.js";

const CONDITIONS = ["null", "$yes", "$missing", "$none", "true", "false", `"true"`, "1", "[true]", "{}", "$word"];
const VARIABLES = { yes: true, none: null, word: "true" };

/** Harm: floods of directives; conditions that are null or of the wrong type, which code that reads them by hand takes on trust. */
export const directives = {
  name: "directives",
  harm: "directive floods and conditions of no boolean",
  share: 50,
  variants: {
    conditions: (random, targets) => {
      const condition = () => `@${random.pick(["include", "skip"])}(if: ${random.pick(CONDITIONS)})`;
      return query(
        targets,
        `query ($yes: Boolean, $missing: Boolean, $none: Boolean, $word: Boolean) {
           contacts(provider: "hubspot", first: 1) ${condition()} { nodes ${condition()} { id ... ${condition()} { fullName } } }
           errorCodes ${condition()} { code ${condition()} } }`,
        random.chance(0.7) ? VARIABLES : undefined,
      );
    },
    nullCondition: (random, targets) =>
      query(
        targets,
        `query ($none: Boolean = null) { contacts(provider: "hubspot", first: 1) { nodes { id @include(if: $none) fullName @skip(if: $none) } } }`,
        random.chance(0.5) ? { none: null } : undefined,
      ),
    nullForRequired: (random, targets) =>
      query(
        targets,
        `query ($none: Boolean! = true) { contacts(provider: "hubspot", first: 1) @include(if: $none) { nodes { id @skip(if: $none) } } }`,
        { none: null },
        { expect: refused },
      ),
    nothingLeft: (random, targets) =>
      query(targets, `query ($no: Boolean!) { errorCodes @include(if: $no) { code } }`, { no: false }),
    repeated: (random, targets) =>
      query(targets, `{ errorCodes ${"@skip(if: false) ".repeat(random.int(2, 200))} { code } }`, undefined, {
        expect: refused,
      }),
    unknown: (random, targets) =>
      query(targets, `{ errorCodes { code ${times(random.int(1, 300), "@unknown#(a: 1)")} } }`, undefined, {
        expect: refused,
      }),
    onTheOperation: (random, targets) =>
      query(targets, `query Q ${"@skip(if: true) ".repeat(random.int(1, 60))} { __typename }`, undefined, {
        expect: refused,
      }),
    deferAndStream: (random, targets) =>
      query(
        targets,
        `{ ... @defer(label: "x") { errorCodes { code } } providers @stream(initialCount: 0) { name } }`,
        undefined,
        { headers: { accept: "multipart/mixed; deferSpec=20220824, application/json" }, expect: refused },
      ),
  },
  rare: {
    flood: (random, targets) =>
      query(targets, `{ errorCodes { code ${"@a".repeat(4_900)} } }`, undefined, { expect: refused }),
    floodOnFields: (random, targets) =>
      query(targets, `{ ${times(1_000, "__typename @include(if: true)")} }`, undefined, { expect: refused }),
  },
};
