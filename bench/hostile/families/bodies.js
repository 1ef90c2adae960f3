import { URLSearchParams } from "node:url";
import { gzipSync } from "node:zlib";
import { headersWithout, post, refused, refusedWith, times } from "../cases.js";
import { nastyText, nastyValue } from "../texts.js";

const GOOD = JSON.stringify({ query: "{ __typename }" });
const TYPES = [
  "text/plain",
  "application/graphql",
  "application/xml",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded",
  "application/json; charset=utf-16",
  "application/json;",
  "*/*",
  "x",
  "application/jsonx",
  "image/png",
];

function withoutType(targets, { headers = {}, method = "GET", path, body }) {
  return { request: { method, path, headers: { ...headersWithout("content-type", targets), ...headers }, body } };
}

/** Harm: bodies that are no GraphQL request, or whose reading costs more than the reader has. */
export const bodies = {
  name: "bodies",
  harm: "batches, broken JSON, wrong types and methods",
  share: 90,
  reaches: ["data", "INVALID_INPUT"],
  variants: {
    batch: (random, targets) => post(targets, `[${times(random.int(0, 200), GOOD, ",")}]`, { expect: refused }),
    contentType: (random, targets) => post(targets, GOOD, { headers: { "content-type": random.pick(TYPES) } }),
    noContentType: (random, targets) => ({
      ...withoutType(targets, { method: "POST", path: "/graphql", body: GOOD }),
      expect: refused,
    }),
    encoding: (random, targets) =>
      post(targets, random.pick([gzipSync(GOOD), GOOD]), {
        headers: { "content-encoding": random.pick(["gzip", "br", "zstd", "x"]) },
      }),
    broken: (random, targets) => {
      const at = random.int(0, GOOD.length - 1);
      return post(targets, GOOD.slice(0, at), { expect: refusedWith("INVALID_INPUT") });
    },
    bitFlip: (random, targets) => {
      const bytes = Buffer.from(
        JSON.stringify({ query: "query Q($a: ID!) { node(id: $a) { id } }", variables: { a: "ä" } }),
      );
      bytes[random.int(0, bytes.length - 1)] = random.int(0, 255);
      return post(targets, bytes);
    },
    binary: (random, targets) =>
      post(targets, Buffer.from(Array.from({ length: random.int(1, 2_000) }, () => random.int(0, 255))), {
        expect: refused,
      }),
    notAnObject: (random, targets) => post(targets, JSON.stringify(nastyValue(random)), { expect: refused }),
    queryIsNoString: (random, targets) =>
      post(
        targets,
        { query: random.pick([1, null, {}, [], true, ["{ __typename }"], { a: "b" }]) },
        { expect: refused },
      ),
    prototypeKeys: (random, targets) =>
      post(targets, `{"__proto__":{"query":"{ __typename }"},"constructor":{"prototype":{"a":1}}}`, {
        expect: refused,
      }),
    sameKeys: (random, targets) =>
      post(targets, `{"query":"{ a }","query":"{ __typename }","query":1}`, { expect: refused }),
    nasty: (random, targets) =>
      post(targets, {
        query: nastyText(random),
        variables: nastyValue(random),
        operationName: nastyValue(random),
        [nastyText(random)]: 1,
      }),
    get: (random, targets) => {
      const search = new URLSearchParams({
        query: random.pick(["{ __typename }", "{ a", "", "{ errorCodes { code } }"]),
        variables: random.pick(["", "{}", "{", "[]", "1"]),
      });
      return withoutType(targets, {
        path: `/graphql?${search}`,
        headers: random.chance(0.7) ? { "apollo-require-preflight": "1" } : {},
      });
    },
    getTwice: (random, targets) =>
      withoutType(targets, {
        path: "/graphql?query=%7B__typename%7D&query=%7Ba%7D&provider=a&provider=b&provider[x]=1",
        headers: { "apollo-require-preflight": "1" },
      }),
    searchOfPost: (random, targets) =>
      post(targets, GOOD, {
        path: `/graphql?provider=${encodeURIComponent(nastyText(random).toWellFormed().slice(0, 2_000))}&__proto__=1`,
      }),
    path: (random, targets) =>
      post(targets, GOOD, {
        path: random.pick([
          "/graphql/",
          "/graphql//",
          "/GraphQL",
          "/graphql%2f",
          "/%",
          "/%00",
          "/..%2fgraphql",
          "/graphql;x",
          "/__proto__",
          "//graphql",
        ]),
      }),
    method: (random, targets) =>
      withoutType(targets, {
        method: random.pick(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"]),
        path: "/graphql",
        headers: { accept: "*/*" },
      }),
    multipart: (random, targets) =>
      post(targets, `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${GOOD}\r\n--x--`, {
        headers: { "content-type": "multipart/form-data; boundary=x" },
        expect: refused,
      }),
  },
  rare: {
    batchOfThousands: (random, targets) => post(targets, `[${times(50_000, GOOD, ",")}]`, { expect: refused }),
    tooLarge: (random, targets) =>
      post(targets, `{"query":"${"x".repeat(6 * 2 ** 20)}"}`, { expect: refused, mayCut: true }),
    largest: (random, targets) => post(targets, `{"query":"${"x ".repeat(2.5 * 2 ** 20 - 50)}"}`, { expect: refused }),
    blank: (random, targets) => post(targets, " ".repeat(4 * 2 ** 20), { expect: refused }),
    manyKeys: (random, targets) => post(targets, `{${times(300_000, '"k#":1', ",")},"query":"{ __typename }"}`),
    zipBomb: (random, targets) =>
      post(targets, gzipSync(" ".repeat(2 ** 26)), { headers: { "content-encoding": "gzip" }, expect: refused }),
  },
};
