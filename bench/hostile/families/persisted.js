import { createHash } from "node:crypto";
import { post, refused } from "../cases.js";
import { nastyValue } from "../texts.js";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const persistedQuery =
  (extension, rest = {}, options) =>
  (world) =>
    post(world, { extensions: { persistedQuery: extension }, ...rest }, options);

/** Harm: the cache of persisted queries is filled, poisoned or made to fail by what is no persisted query. */
export const persisted = {
  name: "persisted",
  harm: "malformed persisted queries and extensions",
  share: 50,
  reaches: ["data", "PERSISTED_QUERY_NOT_FOUND"],
  variants: {
    unknown: (random, world) =>
      persistedQuery({ version: 1, sha256Hash: sha256(random.word(30)) }, {}, { expect: refused })(world),
    right: (random, world) => {
      const query = `{ __typename ${random.word()}: __typename }`;
      return persistedQuery({ version: 1, sha256Hash: sha256(query) }, { query })(world);
    },
    wrongHash: (random, world) =>
      persistedQuery(
        { version: 1, sha256Hash: sha256(random.word()) },
        { query: "{ __typename }" },
        { expect: refused },
      )(world),
    wrongVersion: (random, world) =>
      persistedQuery(
        { version: random.pick([0, 2, "1", null, 1e99, {}]), sha256Hash: sha256("{ __typename }") },
        { query: "{ __typename }" },
      )(world),
    noHash: (random, world) =>
      persistedQuery({ version: 1 }, random.chance(0.5) ? { query: "{ __typename }" } : {})(world),
    nastyHash: (random, world) => persistedQuery({ version: 1, sha256Hash: nastyValue(random) })(world),
    nasty: (random, world) => persistedQuery(nastyValue(random), { query: "{ __typename }" })(world),
    extensions: (random, world) => post(world, { query: "{ __typename }", extensions: nastyValue(random) }),
  },
};
