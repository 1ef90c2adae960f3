import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import Fastify, { type FastifyInstance } from "fastify";
import { serveApi } from "../../src/sandbox/kit/api.js";
import { allOf, anyOf, holds, not } from "../../src/sandbox/kit/conditions.js";
import { matchesLike, sqlPattern } from "../../src/sandbox/kit/like.js";
import { asDouble, isNumber } from "../../src/sandbox/kit/exact-number.js";
import { readJson, writeJson } from "../../src/sandbox/kit/json.js";
import { inOrder } from "../../src/sandbox/kit/order.js";
import { Refusal } from "../../src/sandbox/kit/refusal.js";
import { requestAccount } from "../../src/sandbox/kit/request.js";
import { RequestLimits } from "../../src/sandbox/kit/request-limits.js";
import { type Token, TokenReader } from "../../src/sandbox/kit/token-reader.js";
import { fixedUuid, isUuid } from "../../src/sandbox/kit/uuid.js";

describe("an API's server", () => {
  let app: FastifyInstance;
  let origin: string;

  beforeAll(async () => {
    app = Fastify();
    serveApi<string>(app, {
      failure: (status, message) => new Refusal(status, { failed: message }),
      notFound: ({ method }) => new Refusal(404, { unknown: method }),
      authenticate({ headers: { authorization } }) {
        if (authorization === undefined) throw new Refusal(401, "", { "www-authenticate": "Basic" });
        return authorization;
      },
      bodies: { type: "application/json", invalid: () => new Refusal(422, [{ invalid: true }]) },
      routes(api) {
        api.post("/echo", (request) => ({ account: requestAccount<string>(request), body: request.body ?? null }));
        api.get("/broken", () => {
          throw new Error("A mistake of the sandbox's own.");
        });
      },
    });
    origin = await app.listen({ host: "127.0.0.1", port: 0 });
  });

  afterAll(() => app.close());

  async function call(path: string, init: RequestInit = {}) {
    const headers = { authorization: "ann", "content-type": "application/json", ...init.headers };
    const response = await fetch(`${origin}${path}`, { ...init, headers });
    const text = await response.text();
    return { status: response.status, json: text === "" ? null : (JSON.parse(text) as unknown), response };
  }

  test("gives routes the account of the call and its body, an empty one being none", async () => {
    const whole = await call("/echo", { method: "POST", body: '{"a":1}' });
    expect(whole).toMatchObject({ status: 200, json: { account: "ann", body: { a: 1 } } });
    expect(await call("/echo", { method: "POST", body: "" })).toMatchObject({ json: { account: "ann", body: null } });
  });

  test("answers in the CRM's words whatever goes wrong", async () => {
    expect(await call("/echo", { method: "POST", body: "{" })).toMatchObject({
      status: 422,
      json: [{ invalid: true }],
    });
    expect(await call("/nowhere")).toMatchObject({ status: 404, json: { unknown: "GET" } });
    expect(await call("/broken")).toMatchObject({ status: 500, json: { failed: expect.stringContaining("mistake") } });
    const other = await call("/echo", { method: "POST", body: "x", headers: { "content-type": "text/csv" } });
    expect(other.status).toBe(415);
  });

  test("refuses a call without permission before it reads the body", async () => {
    const refused = await fetch(`${origin}/echo`, { method: "POST", body: "{" });
    expect([refused.status, await refused.text()]).toEqual([401, ""]);
    expect(refused.headers.get("www-authenticate")).toBe("Basic");
  });
});

describe("JSON", () => {
  test("keeps every digit of a number, and rounds it only for a CRM that does", () => {
    const text =
      '{"a":9007199254740993,"b":[-12345678901234.5678,0.12345678901234567890],"c":7.5,"d":"9007199254740993","e":1e21}';
    const read = readJson(text) as { a: unknown; c: unknown; e: unknown };
    expect(writeJson(read)).toBe(text.replace("1e21", "1e+21"));
    expect([read.a, read.c].map(isNumber)).toEqual([true, true]);
    expect([read.a, read.c, read.e].map(asDouble)).toEqual([9007199254740992, 7.5, 1e21]);
    expect([String(read.a), isNumber("7"), asDouble("7")]).toEqual(["9007199254740993", false, "7"]);
  });
});

describe("request limits", () => {
  const limit = { requests: 2, perMs: 1_000 };

  test("count an interval from its first request, each key by itself", () => {
    let now = 500;
    const limits = new RequestLimits({ limits: "enforce", now: () => now });
    expect(limits.take("ann", limit)).toEqual({ max: 2, remaining: 1, resetsInMs: 1_000, isExceeded: false });
    now += 400;
    expect(limits.take("ann", limit)).toEqual({ max: 2, remaining: 0, resetsInMs: 600, isExceeded: false });
    expect(limits.take("ann", limit)).toMatchObject({ remaining: 0, isExceeded: true });
    expect(limits.take("bob", limit)).toMatchObject({ remaining: 1, isExceeded: false });
    now += 600;
    expect(limits.take("ann", limit)).toMatchObject({ remaining: 1, isExceeded: false });
  });

  test("are only reported with the option report", () => {
    const limits = new RequestLimits({ limits: "report", now: () => 0 });
    const uses = Array.from({ length: 5 }, () => limits.take("ann", limit));
    expect(uses.some(({ isExceeded }) => isExceeded)).toBe(false);
    expect(uses.at(-1)!.remaining).toBeGreaterThan(1_000_000);
  });
});

describe("LIKE", () => {
  test.each([
    ["a%c", "abbc", true],
    ["a%c", "abbcd", false],
    ["a_c", "abc", true],
    ["a_c", "ac", false],
    ["%", "", true],
    ["", "a", false],
    ["%b%b%", "abcab", true],
    ["%\n_", "x\ny", true],
    ["100\\%", "100%", true],
    ["100\\%", "1000", false],
    ["\\", "\\", true],
    ["_", "😀", true],
  ])("%j matches %j: %s", (pattern, text, expected) => {
    expect(matchesLike(text, sqlPattern(pattern))).toBe(expected);
  });

  test("a pattern of nothing but runs ends, however long the text", () => {
    expect(matchesLike(`${"a".repeat(20_000)}b`, sqlPattern("%a".repeat(20)))).toBe(false);
  });

  test("what a backslash at the end means is the caller's to say", () => {
    const refuse = () => {
      throw new Error("dangling");
    };
    expect(() => sqlPattern("a\\", refuse)).toThrow("dangling");
    expect(matchesLike("\\a", sqlPattern("\\\\a", refuse))).toBe(true);
  });
});

test("an order places empty keys first or last as requested, and keeps equal rows in place", () => {
  const rows = [
    { id: 1, key: 2, group: "b" },
    { id: 2, key: null, group: "a" },
    { id: 3, key: 1, group: "b" },
    { id: 4, key: 2, group: "a" },
  ];
  const ids = (descending: boolean, emptyLast: boolean) =>
    inOrder(rows, [{ keyOf: ({ key }) => key, descending, emptyLast }]).map(({ id }) => id);
  expect(ids(false, true)).toEqual([3, 1, 4, 2]);
  expect(ids(true, true)).toEqual([1, 4, 3, 2]);
  expect(ids(true, false)).toEqual([2, 1, 4, 3]);
  const byGroup = { keyOf: ({ group }: (typeof rows)[number]) => group, descending: false, emptyLast: true };
  const byKey = { keyOf: ({ key }: (typeof rows)[number]) => key, descending: true, emptyLast: false };
  expect(inOrder<(typeof rows)[number], unknown>(rows, [byGroup, byKey]).map(({ id }) => id)).toEqual([2, 4, 1, 3]);
});

test("conditions join: nothing refuses all of none, nothing passes any of none", () => {
  const [even, big] = [(value: number) => value % 2 === 0, (value: number) => holds(value, ">=", 10)];
  const passing = (condition: (value: number) => boolean) => [2, 9, 10, 11].filter(condition);
  expect(passing(allOf([even, big]))).toEqual([10]);
  expect(passing(anyOf([even, big]))).toEqual([2, 10, 11]);
  expect(passing(not(even))).toEqual([9, 11]);
  expect([passing(allOf([])), passing(anyOf([]))]).toEqual([[2, 9, 10, 11], []]);
});

test("a token reader reads the next token, and refuses an unexpected token", () => {
  const tokens = ["a", "(", "b"].map((text): Token => ({ kind: text === "(" ? "sign" : "word", text }));
  const reader = new TokenReader(tokens, {
    isWord: ({ text }, word) => text === word,
    unexpected: (token) => new Error(`unexpected ${token?.text ?? "end"}`),
  });
  expect([reader.takes("b"), reader.takes("a"), reader.sees("b", 1)]).toEqual([false, true, true]);
  expect(() => reader.next("word")).toThrow("unexpected (");
  expect(() => reader.end()).toThrow("unexpected (");
  reader.expect("(");
  expect(reader.next("word").text).toBe("b");
  expect(() => reader.next()).toThrow("unexpected end");
  reader.end();
});

test("a fixed UUID depends only on its names", () => {
  expect(fixedUuid("ann", 1)).toBe(fixedUuid("ann", 1));
  expect(fixedUuid("ann", 1)).not.toBe(fixedUuid("ann", 2));
  expect(isUuid(fixedUuid("ann", 1))).toBe(true);
  expect([isUuid("ann"), isUuid(1)]).toEqual([false, false]);
});
