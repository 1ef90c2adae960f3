import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { json, startLocalServer, type LocalServer } from "../upstream/local-server.js";
import { Ground, type TestServer } from "../support/test-server.js";

const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
const HEALTH = "{ connections { health { rateLimit { limit remaining resetsAt } retryAfter lastError { code at } } } }";
const MAX_INT = 2 ** 31 - 1;

let ground: Ground;
let crm: LocalServer;
let server: TestServer;
let key: string;
let endUsers = 0;
beforeAll(async () => {
  [ground, crm] = await Promise.all([Ground.open(), startLocalServer()]);
  server = await ground.serve({
    config: { baseUrls: new Map([["hubspot", crm.origin]]), allowPrivateHosts: true },
  });
  key = await ground.key({ environment: "live" });
});
afterAll(async () => {
  await ground.close();
  await crm.close();
});

/** Reads contacts through a new live connection, and then the health of that connection. */
async function readThrough(status: number, headers: Record<string, string>) {
  const endUserId = `stated-${(endUsers += 1)}`;
  await ground.connect(endUserId, "hubspot", { environment: "live", credentials: { accessToken: "pat-live" } });
  crm.answer(json(status, { results: [] }, headers));
  const options = { key, endUserId };
  const answer = await server.query(CONTACTS, { ...options, provider: "hubspot" });
  const { connections } = await server.data<{ connections: { health: { rateLimit: unknown } }[] }>(HEALTH, options);
  return { answer, rateLimit: connections[0]!.health.rateLimit };
}

const stating = (limit: string, remaining: string, windowMs: string) => ({
  "x-hubspot-ratelimit-max": limit,
  "x-hubspot-ratelimit-remaining": remaining,
  "x-hubspot-ratelimit-interval-milliseconds": windowMs,
});

test.each([
  ["1000000000000", "1000000000000", "10000", { limit: MAX_INT, remaining: MAX_INT }],
  ["9".repeat(400), "9".repeat(400), "10000", { limit: MAX_INT, remaining: MAX_INT }],
  ["190.5", "17.5", "10000", { limit: 190, remaining: 17 }],
  ["190", "-1", "10000", { limit: 190, remaining: null }],
  ["190", "17", "1000000000000000", { limit: 190, remaining: 17 }],
  ["190", "17", "NaN", { limit: 190, remaining: 17 }],
  ["190", "17", "-10000", { limit: 190, remaining: 17 }],
])("a stated limit of %s with %s left in %s ms can be read in `health`", async (limit, remaining, windowMs, told) => {
  const { answer, rateLimit } = await readThrough(200, stating(limit, remaining, windowMs));
  expect(answer.body.errors).toBeUndefined();
  expect(rateLimit).toEqual({ ...told, resetsAt: expect.any(String) });
});

test.each(["0", "0.5", "NaN", "Infinity", "-190"])("a stated limit of %s is no limit", async (limit) => {
  const { answer, rateLimit } = await readThrough(200, stating(limit, "17", "10000"));
  expect(answer.body.errors).toBeUndefined();
  expect(rateLimit).toBeNull();
});

test.each([
  ["1700000000", 86_400],
  ["1000000000000", 86_400],
  ["Fri, 31 Dec 9999 23:59:59 GMT", 86_400],
  ["Infinity", 10],
  ["-5", 10],
])("a stated wait of %s is told as %d s, in the error and in the header", async (word, seconds) => {
  const { answer } = await readThrough(429, { "retry-after": word });
  expect(answer.body.errors![0]!.extensions).toMatchObject({
    code: "PROVIDER_RATE_LIMITED",
    retryAfter: seconds,
    http: { headers: { "retry-after": String(seconds) } },
  });
  expect(answer.headers.get("retry-after")).toBe(String(seconds));
});
