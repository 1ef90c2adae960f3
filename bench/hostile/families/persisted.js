import { createHash } from "node:crypto";
import { post, refused } from "../cases.js";
import { nastyValue } from "../texts.js";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const persistedQuery =
  (extension, rest = {}, options) =>
  (targets) =>
    post(targets, { extensions: { persistedQuery: extension }, ...rest }, options);

/** Harm: the cache of persisted queries is filled, poisoned or made to fail by what is no persisted query. */
export const persisted = {
  name: "persisted",
  harm: "malformed persisted queries and extensions",
  share: 50,
  reaches: ["data", "PERSISTED_QUERY_NOT_FOUND"],
  variants: {
    unknown: (random, targets) =>
      persistedQuery({ version: 1, sha256Hash: sha256(random.word(30)) }, {}, { expect: refused })(targets),
    right: (random, targets) => {
      const query = `{ __typename ${random.word()}: __typename }`;
      return persistedQuery({ version: 1, sha256Hash: sha256(query) }, { query })(targets);
    },
    wrongHash: (random, targets) =>
      persistedQuery(
        { version: 1, sha256Hash: sha256(random.word()) },
        { query: "{ __typename }" },
        { expect: refused },
      )(targets),
    wrongVersion: (random, targets) =>
      persistedQuery(
        { version: random.pick([0, 2, "1", null, 1e99, {}]), sha256Hash: sha256("{ __typename }") },
        { query: "{ __typename }" },
      )(targets),
    noHash: (random, targets) =>
      persistedQuery({ version: 1 }, random.chance(0.5) ? { query: "{ __typename }" } : {})(targets),
    nastyHash: (random, targets) => persistedQuery({ version: 1, sha256Hash: nastyValue(random) })(targets),
    nasty: (random, targets) => persistedQuery(nastyValue(random), { query: "{ __typename }" })(targets),
    extensions: (random, targets) => post(targets, { query: "{ __typename }", extensions: nastyValue(random) }),
  },
};
