import { createClient } from "@redis/client";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import type { PlaceRequest } from "../../src/upstream/pace-ledger.js";
import { RedisLedger } from "../../src/upstream/redis-ledger.js";
import { Redis } from "./support/redis.js";

/** Longer than a slow machine needs for a test, so that only what a test says leaves a window. */
const RULE = { requests: 3, perMs: 600_000 };

let redis: Redis;
let client: ReturnType<typeof createClient>;
let ledger: RedisLedger;
beforeAll(async () => {
  redis = await Redis.start();
  client = createClient({ url: redis.url });
  await client.connect();
  ledger = new RedisLedger((script, keys, args) => client.eval(script, { keys: [...keys], arguments: [...args] }));
});
afterAll(async () => {
  client.destroy();
  await redis.kill();
});

function places() {
  const window = randomUUID();
  return (id: string, change: Partial<PlaceRequest> = {}): PlaceRequest => ({
    window,
    place: id,
    process: "p",
    hasWaited: false,
    rule: RULE,
    maxWaitMs: 2 * RULE.perMs,
    leaseMs: 2 * RULE.perMs,
    ...change,
  });
}
/** Whether a wait is that of a whole window. The machine may take minutes for a test. */
const isLong = (waitMs: number) => Math.abs(waitMs) > RULE.perMs / 2 && Math.abs(waitMs) <= RULE.perMs;
const again = (place: PlaceRequest) => ledger.take({ ...place, hasWaited: true });

test("gives as many places as the rule allows, whoever asks", async () => {
  const place = places();
  const waits = await Promise.all(["a", "b", "c", "d"].map((id) => ledger.take(place(id))));
  expect(waits.map(isLong)).toEqual([false, false, false, true]);
  expect(await ledger.take(place("a"))).toBe(0);
  await ledger.giveBack(place("a"));
  // One that waits has its turn before others.
  expect(isLong(await ledger.take(place("e")))).toBe(true);
  expect(await again(place("d"))).toBe(0);
});

test("keeps no place for a caller who would wait too long", async () => {
  const place = places();
  for (const id of ["a", "b", "c"]) await ledger.take(place(id));
  const waitMs = await ledger.take(place("d", { maxWaitMs: 1_000 }));
  expect([waitMs < 0, isLong(waitMs)]).toEqual([true, true]);
  await ledger.giveBack(place("a"));
  expect(await ledger.take(place("e"))).toBe(0);
});

test("lets those who wait go in their turn", async () => {
  const place = places();
  for (const id of ["a", "b", "c"]) await ledger.take(place(id));
  for (const id of ["a", "b", "c"]) await ledger.end(place(id));
  for (const id of ["d", "e", "f"]) expect(isLong(await ledger.take(place(id)))).toBe(true);
  // Behind a whole window of others.
  expect(await ledger.take(place("g"))).toBeGreaterThan(1.5 * RULE.perMs);
  expect(isLong(await again(place("e")))).toBe(true);
  await ledger.giveBack(place("d"));
  // The third in the queue now.
  expect(isLong(await ledger.take(place("h")))).toBe(false);
});

test("lets processes take turns, however many calls of one of them wait", async () => {
  const place = places();
  for (const id of ["a", "b", "c", "d", "e", "f", "g", "h"]) await ledger.take(place(id));
  const other = place("x", { process: "q" });
  expect(isLong(await ledger.take(other))).toBe(true);
  await ledger.giveBack(place("a"));
  // The free place is not for those behind others, unless they were told to come.
  expect(await ledger.take(place("i", { maxWaitMs: 3 * RULE.perMs }))).toBeGreaterThan(1.5 * RULE.perMs);
  expect(await again(other)).toBe(0);
  expect(isLong(await again(place("e")))).toBe(true);
});

test("counts a call from when the CRM had certainly got it, and one that does not end until its lease ends", async () => {
  const place = places();
  const rule = { requests: 1, perMs: 200 };
  const short = (id: string) => place(id, { rule });
  const before = performance.now();
  expect(await ledger.take(short("a"))).toBe(0);
  await ledger.end(short("a"));
  const waitMs = await ledger.take(short("b"));
  expect(waitMs > 0 || performance.now() - before >= rule.perMs).toBe(true);
  // The wait is over by Redis' clock when it has given the place.
  for (let wait = waitMs; wait > 0;) wait = await again(short("b"));
  expect(performance.now() - before).toBeGreaterThanOrEqual(rule.perMs);
  // Its window has passed, but it is still on its way.
  const since = performance.now();
  while (performance.now() - since < 2 * rule.perMs) expect(await ledger.take(short("c"))).toBeGreaterThan(0);
});

test("a limit that has grown is used at once", async () => {
  const place = places();
  for (const id of ["a", "b", "c"]) await ledger.take(place(id));
  expect(await ledger.take(place("e", { rule: { ...RULE, requests: 4 } }))).toBe(0);
});

test("blocks a window for all, and no shorter block ends a longer one", async () => {
  const place = places();
  await ledger.block(place("a").window, 500_000);
  await ledger.block(place("a").window, 1);
  expect(await ledger.take(place("a"))).toBeLessThan(-400_000);
  expect(await ledger.take(places()("a"))).toBe(0);
});

test("hears of calls that another ledger has let through", async () => {
  const place = places();
  for (const id of ["a", "b", "c", "d"]) await ledger.note(place(id));
  expect(isLong(await ledger.take(place("e")))).toBe(true);
});

test("keeps nothing that has left its window", async () => {
  const place = places();
  const short = { rule: { requests: 3, perMs: 1 }, leaseMs: 1 };
  for (const id of ["a", "b", "c", "d"]) await ledger.take(place(id, short));
  await ledger.end(place("a", short));
  const left = async () => (await client.keys(`crmesh:pace-sent:{${place("a").window}}`)).length;
  for (let look = 0; (await left()) > 0; look += 1) if (look > 10_000) throw new Error("It is still there.");
  const kept = place("k");
  for (const id of ["k", "l", "m", "n"]) await ledger.take({ ...kept, place: id });
  for (const key of await client.keys(`crmesh:pace-*:{${kept.window}}`)) {
    expect(await client.pTTL(key)).toBeGreaterThan(0);
    expect(await client.pTTL(key)).toBeLessThanOrEqual(3 * RULE.perMs);
  }
});

test("a bucket is spent at once, and then a call waits for one token", async () => {
  const place = places();
  const rule = { requests: 3, perMs: 600_000, isBucket: true as const };
  const bucket = (id: string) => place(id, { rule });
  for (const id of ["a", "b", "c"]) expect(await ledger.take(bucket(id))).toBe(0);
  for (const id of ["a", "b", "c"]) await ledger.end(bucket(id));
  const waitMs = await ledger.take(bucket("d"));
  expect(waitMs > 100_000 && waitMs <= 200_000).toBe(true);
  // Behind the one that waits.
  expect(await ledger.take(bucket("e"))).toBeGreaterThan(200_000);
  const other = places();
  const unused = (id: string) => other(id, { rule });
  for (const id of ["a", "b", "c"]) expect(await ledger.take(unused(id))).toBe(0);
  await ledger.giveBack(unused("c"));
  expect(await ledger.take(unused("d"))).toBe(0);
});
