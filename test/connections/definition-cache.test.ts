import { expect, test } from "@jest/globals";
import { DefinitionCache } from "../../src/connections/calls/definition-cache.js";
import { failure } from "../upstream/harness.js";

test("concurrent callers share one load, and later callers its result", async () => {
  const cache = new DefinitionCache();
  let loads = 0;
  const load = async () => (loads += 1);
  expect(await Promise.all([cache.get("a", load), cache.get("a", load)])).toEqual([1, 1]);
  expect(await cache.get("a", load)).toBe(1);
  expect(await cache.get("b", load)).toBe(2);
});

test("a failure rejects the waiting callers and is not cached", async () => {
  const cache = new DefinitionCache();
  const fail = () => Promise.reject(new RangeError("no definitions"));
  const both = await Promise.allSettled([cache.get("a", fail), cache.get("a", fail)]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await cache.get("a", async () => "good")).toBe("good");
});

test("a load has its own bound, which close ends", async () => {
  const cache = new DefinitionCache();
  const loading = cache.get("a", (bound) => bound.wait(() => new Promise<never>(() => undefined)));
  const failed = failure(loading);
  await cache.close();
  expect((await failed).code).toBe("SERVICE_UNAVAILABLE");
  expect(cache.peek("a")).toBeUndefined();
});
