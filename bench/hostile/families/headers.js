import { headersWithout, post, query, refusedWith } from "../cases.js";
import { NASTY_TEXTS } from "../texts.js";

const GOOD = `{ contacts(provider: "hubspot", first: 1) { nodes { id } } }`;
/** Text as Node's client sends it: other bytes are the sockets family's. */
const PLAIN = NASTY_TEXTS.filter((text) => /^[\x20-\x7e]*$/.test(text)).map((text) => text.slice(0, 6_000));
const KEYS = [
  "",
  "Bearer",
  "Bearer ",
  "Bearer  x",
  "Basic eDp5",
  "bearer sk_test_demo x",
  "Bearer sk_live_",
  "Bearer sk_test_DEMO",
  "Bearer null",
  "Bearer undefined",
  "sk_test_demo",
  `Bearer sk_live_${"a".repeat(5_000)}`,
  "Bearer sk_test_demo\u00a0",
];
const TIMEOUTS = [
  "0",
  "-1",
  "1",
  "1e3",
  "NaN",
  "Infinity",
  "99999999999999999999",
  "abc",
  "",
  " 5 ",
  "0x10",
  "1,2",
  "1.5",
];
const FAULTS = [
  "hubspot",
  "=",
  ",",
  "hubspot=",
  "=TIMEOUT",
  "hubspot=NOPE",
  "nope=TIMEOUT",
  "hubspot=TIMEOUT=x",
  "__proto__=TIMEOUT",
  "hubspot=__proto__",
  "constructor=PROVIDER_ERROR",
  ",,,,",
  "hubspot=PROVIDER_ERROR,hubspot=PROVIDER_ERROR",
  "HUBSPOT=PROVIDER_ERROR",
  "hubspot=PROVIDER_ERROR,".repeat(200),
];

const unauthorised = refusedWith("INVALID_API_KEY");

/** Harm: headers are the first thing that is read of a caller, before anybody knows who calls. */
export const headers = {
  name: "headers",
  harm: "missing keys, weird headers",
  share: 110,
  reaches: ["data", "INVALID_API_KEY"],
  variants: {
    noKey: (random, targets) => {
      const rest = headersWithout("authorization", targets);
      return {
        request: { method: "POST", path: "/graphql", headers: rest, body: JSON.stringify({ query: GOOD }) },
        expect: unauthorised,
      };
    },
    wrongKey: (random, targets) =>
      query(targets, GOOD, undefined, { headers: { authorization: random.pick(KEYS) }, expect: unauthorised }),
    randomKey: (random, targets) =>
      query(targets, GOOD, undefined, {
        headers: { authorization: `Bearer sk_${random.pick(["live", "test"])}_${random.word(random.int(1, 60))}` },
        expect: unauthorised,
      }),
    noKeyAndBrokenBody: (random, targets) => post(targets, "{", { headers: { authorization: "x" } }),
    requestId: (random, targets) =>
      query(targets, GOOD, undefined, { headers: { "x-request-id": random.pick(PLAIN) } }),
    endUserId: (random, targets) =>
      query(targets, GOOD, undefined, { headers: { "x-end-user-id": random.pick(PLAIN) } }),
    timeout: (random, targets) =>
      query(targets, GOOD, undefined, { headers: { "x-crmesh-timeout-ms": random.pick(TIMEOUTS) } }),
    faultWithLiveKey: (random, targets) =>
      query(targets, GOOD, undefined, {
        headers: { "x-sandbox-fault": "hubspot=PROVIDER_ERROR" },
        expect: refusedWith("INVALID_INPUT"),
      }),
    fault: (random, targets) =>
      query(targets, GOOD, undefined, {
        headers: {
          authorization: `Bearer ${targets.keys.test}`,
          "x-end-user-id": "demo",
          "x-sandbox-fault": random.pick(FAULTS),
        },
      }),
    trace: (random, targets) =>
      query(targets, GOOD, undefined, {
        headers: { "x-crmesh-trace": random.pick(["calls", "calls,calls", "x", "__proto__"]) },
      }),
    accept: (random, targets) =>
      query(targets, GOOD, undefined, {
        headers: {
          accept: random.pick([
            "",
            "text/html",
            "multipart/mixed",
            "application/graphql-response+json",
            "*/*;q=x",
            "text/event-stream",
          ]),
        },
      }),
    browser: (random) => ({
      request: {
        method: "GET",
        path: random.pick(["/graphql", "/graphql?query=%7B__typename%7D"]),
        headers: { accept: "text/html" },
      },
      isPage: true,
    }),
    browserThatAsks: (random) => ({
      request: {
        method: "GET",
        path: "/graphql?query=%7BerrorCodes%7Bcode%7D%7D",
        headers: {
          accept: `text/html;q=0, ${random.pick(["application/json", "*/*"])}`,
          "apollo-require-preflight": "1",
        },
      },
      isPage: true,
    }),
    forwarded: (random, targets) =>
      query(targets, GOOD, undefined, {
        headers: {
          "x-forwarded-for": random.pick(PLAIN),
          forwarded: "for=_x;host=evil",
          "x-forwarded-host": "evil",
          host: random.pick(["evil", "a:b", "127.0.0.1:99999"]),
        },
      }),
    many: (random, targets) =>
      query(targets, GOOD, undefined, {
        headers: Object.fromEntries(Array.from({ length: random.int(10, 300) }, (_, at) => [`x-${at}`, random.word()])),
      }),
  },
};
