import { rawPost } from "../cases.js";

const GOOD = JSON.stringify({ query: "{ __typename }" });
const GOOD_LISTING = JSON.stringify({ query: `{ contacts(provider: "hubspot", first: 1) { nodes { id } } }` });

const raw = (chunks, then, rest = {}) => ({ raw: { chunks: [chunks].flat(), then, ...rest } });
/** A header line with bytes that no HTTP client would send. */
const withHeader = (line) => (random, targets) => raw(rawPost(targets, GOOD, { extra: `${line}\r\n` }), "end");

/** Harm: bytes that are no HTTP, or not all of it; connections and buffers that nobody ends. */
export const sockets = {
  name: "sockets",
  harm: "half-sent, pipelined and malformed HTTP",
  share: 60,
  reaches: ["data"],
  variants: {
    garbage: (random) => raw(Buffer.from(Array.from({ length: random.int(1, 500) }, () => random.int(0, 255))), "end"),
    halfHead: (random, targets) =>
      raw(rawPost(targets, GOOD).subarray(0, random.int(1, 120)), random.pick(["end", "destroy"])),
    halfBody: (random, targets) => {
      const bytes = rawPost(targets, GOOD);
      return raw(bytes.subarray(0, bytes.length - random.int(1, GOOD.length)), random.pick(["end", "destroy"]));
    },
    tooLongLength: (random, targets) =>
      raw(rawPost(targets, GOOD, { length: 1_000_000 }), random.pick(["end", "destroy"])),
    tooShortLength: (random, targets) => raw(rawPost(targets, GOOD, { length: random.int(0, GOOD.length - 1) }), "end"),
    wrongLength: (random, targets) =>
      raw(rawPost(targets, GOOD, { length: random.pick(["-1", "1e3", "x", "99999999999999999999", "5, 5"]) }), "end"),
    twoLengths: (random, targets) => raw(rawPost(targets, GOOD, { extra: "content-length: 3\r\n" }), "end"),
    chunkedAndLength: (random, targets) =>
      raw(rawPost(targets, GOOD, { extra: "transfer-encoding: chunked\r\n" }), "end"),
    brokenChunks: (random, targets) => {
      const head = rawPost(targets, "", { extra: "transfer-encoding: chunked\r\n" })
        .toString("latin1")
        .replace("content-length: 0\r\n", "");
      return raw(
        head +
          random.pick([
            "zz\r\n",
            "5\r\nabc\r\n0\r\n\r\n",
            "ffffffffffffffff\r\n",
            "1;ext=x\r\n{\r\n",
            "0\r\nx: y\r\n\r\n",
          ]),
        "end",
      );
    },
    pipelined: (random, targets) => {
      const count = random.int(2, 60);
      return raw(Buffer.concat(Array(count).fill(rawPost(targets, GOOD))), "answers", { count });
    },
    pipelinedListings: (random, targets) => {
      const count = random.int(2, 20);
      return raw(
        Buffer.concat(Array(count).fill(rawPost(targets, GOOD_LISTING))),
        random.pick(["answers", "destroy"]),
        {
          count,
        },
      );
    },
    pipelinedAfterGarbage: (random, targets) =>
      raw([rawPost(targets, GOOD), Buffer.from("\0\0\0"), rawPost(targets, GOOD)], "end"),
    byteByByte: (random, targets) =>
      raw(
        [...rawPost(targets, GOOD)].map((byte) => Buffer.from([byte])),
        "answers",
        { count: 1 },
      ),
    longUrl: (random) =>
      raw(`GET /graphql?query=${"a".repeat(random.int(1_000, 40_000))} HTTP/1.1\r\nhost: x\r\n\r\n`, "end"),
    longHeader: (random, targets) =>
      raw(rawPost(targets, GOOD, { extra: `x-long: ${"a".repeat(random.int(10_000, 100_000))}\r\n` }), "end"),
    manyHeaders: (random, targets) =>
      raw(rawPost(targets, GOOD, { extra: Array.from({ length: 1_500 }, (_, at) => `x${at}: 1\r\n`).join("") }), "end"),
    bytesInHeader: withHeader("x-end-user-id: \x01\x02\xff\xfe"),
    bytesInRequestId: withHeader("x-request-id: \xe2\x80\xae\xff"),
    brokenHeader: withHeader("no colon here"),
    foldedHeader: withHeader("x-a: b\r\n folded"),
    twoKeys: withHeader("authorization: Bearer sk_test_demo\r\nauthorization: x"),
    twoEndUsers: withHeader("x-end-user-id: a\r\nx-end-user-id: b"),
    upgrade: withHeader("connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x"),
    expect: withHeader("expect: 200-maybe"),
    expectContinue: withHeader("expect: 100-continue"),
    http2: () => raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "end"),
    versions: (random) => raw(`GET /graphql HTTP/${random.pick(["0.9", "1.0", "3.0", "x"])}\r\n\r\n`, "end"),
    connect: (random) =>
      raw(
        `${random.pick(["CONNECT evil:443", "GET http://evil/graphql", "OPTIONS *", "POST graphql", "GET //"])} HTTP/1.1\r\nhost: x\r\n\r\n`,
        "end",
      ),
    silent: () => raw([], "destroy"),
  },
};
