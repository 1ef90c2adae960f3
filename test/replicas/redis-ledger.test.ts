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
    rule: RULE,
    maxWaitMs: 3_000,
    ...change,
  });
}
const isLong = (waitMs: number) => Math.abs(waitMs) > RULE.perMs / 2;

test("gives as many places as the rule allows, whoever asks", async () => {
  const place = places();
  const waits = await Promise.all(["a", "b", "c", "d"].map((id) => ledger.take(place(id))));
  expect(waits.map(isLong)).toEqual([false, false, false, true]);
  // The fourth one was refused, and takes no place.
  await ledger.giveBack(place("a"));
  expect(await ledger.take(place("e"))).toBe(0);
});

test("counts a call from the last moment on in which the CRM may have got it", async () => {
  const place = places();
  for (const id of ["a", "b", "c"]) expect(await ledger.take(place(id))).toBe(0);
  for (const id of ["a", "b", "c"]) expect(await ledger.confirm(place(id))).toBe(0);
  expect(isLong(await ledger.confirm(place("d")))).toBe(true);
  for (const id of ["a", "b", "c"]) await ledger.end(place(id), RULE.perMs);
  expect(await ledger.take(place("e"))).toBe(0);
});

test("a limit that has grown is used at once", async () => {
  const place = places();
  for (const id of ["a", "b", "c"]) await ledger.take(place(id));
  expect(isLong(await ledger.take(place("d")))).toBe(true);
  expect(await ledger.take(place("e", { rule: { ...RULE, requests: 4 } }))).toBe(0);
});

test("blocks a window for all, and no shorter block ends a longer one", async () => {
  const place = places();
  await ledger.block(place("a").window, 500_000);
  await ledger.block(place("a").window, 1);
  expect(await ledger.take(place("a"))).toBeLessThan(-400_000);
  expect(await ledger.take(places()("a"))).toBe(0);
});

test("keeps nothing that has left its window", async () => {
  const place = places();
  const short = { rule: { requests: 3, perMs: 1 } };
  await ledger.take(place("a", short));
  await ledger.end(place("a", short), 0);
  const left = async () => (await client.keys(`crmesh:pace:{${place("a").window}}`)).length;
  for (let look = 0; (await left()) > 0; look += 1) if (look > 10_000) throw new Error("It is still there.");
  const kept = place("b");
  await ledger.take(kept);
  expect(await client.pTTL(`crmesh:pace:{${kept.window}}`)).toBeLessThanOrEqual(RULE.perMs);
});

test("a bucket is spent at once, and then a call waits for one token", async () => {
  const place = places();
  const rule = { requests: 3, perMs: 600_000, isBucket: true as const };
  const bucket = (id: string) => place(id, { rule, maxWaitMs: 400_000 });
  for (const id of ["a", "b", "c"]) expect(await ledger.take(bucket(id))).toBe(0);
  const waitMs = await ledger.take(bucket("d"));
  expect(waitMs > 100_000 && waitMs <= 200_000).toBe(true);
  await ledger.giveBack(bucket("d"));
  await ledger.giveBack(bucket("c"));
  expect(await ledger.take(bucket("e"))).toBe(0);
});
