import { nest, query, times } from "../cases.js";

const levels = (depth) => nest(depth, "fields { type { ", "name", " } }");
const FULL_TYPE = `kind name description fields(includeDeprecated: true) { name description args { name type { name ofType { name ofType { name } } } }
  type { name ofType { name ofType { name } } } } inputFields { name type { name } } enumValues { name description } possibleTypes { name }`;

/** Harm: the schema describes itself in circles, so a small document can ask for all types of all fields of all types. */
export const introspection = {
  name: "introspection",
  harm: "introspection in circles",
  share: 12,
  reaches: ["data"],
  variants: {
    typename: (random, targets) => query(targets, `{ __schema { queryType { name } } ${times(50, "a#: __typename")} }`),
    byName: (random, targets) =>
      query(targets, `{ ${times(random.int(2, 60), `a#: __type(name: "Contact") { name }`)} }`),
    nested: (random, targets) => query(targets, `{ __schema { types { ${levels(random.int(1, 3))} } } }`),
    nestedByName: (random, targets) => query(targets, `{ __type(name: "Query") { ${levels(random.int(2, 6))} } }`),
    ofTypes: (random, targets) => {
      const depth = random.int(1, 5);
      const inner = nest(depth, "possibleTypes { interfaces { ", "name", " } }");
      return query(targets, `{ __schema { types { ${inner} } } }`);
    },
  },
  rare: {
    full: (random, targets) => query(targets, `{ __schema { types { ${FULL_TYPE} } directives { name } } }`),
    aliases: (random, targets) =>
      query(targets, `{ ${times(299, "a#: __schema { types { name fields { name } } }")} }`),
    aliasesOfFull: (random, targets) => query(targets, `{ ${times(60, `a#: __schema { types { ${FULL_TYPE} } }`)} }`),
    deep: (random, targets) => query(targets, `{ __schema { types { ${levels(8)} } } }`),
    deeper: (random, targets) => query(targets, `{ __schema { types { ${levels(200)} } } }`),
  },
};
