import { expect, test } from "@jest/globals";
import { Bulkhead, BulkheadFullError } from "../../src/upstream/bulkhead.js";
import { CallBound } from "../../src/upstream/call-bound.js";
import { failure } from "./harness.js";

const OPEN = new CallBound({ deadline: Infinity });

/** Work that goes on until it is told to end. */
function task() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { run: () => ended, end };
}

test("calls run in their order of arrival", async () => {
  const bulkhead = new Bulkhead({ concurrent: 1, waiting: 5 });
  const first = task();
  const order: string[] = [];
  const running = bulkhead.run(first.run, OPEN);
  const others = ["a", "b", "c"].map((name) => bulkhead.run(async () => void order.push(name), OPEN));
  first.end();
  await Promise.all([running, ...others]);
  expect(order).toEqual(["a", "b", "c"]);
});

test("a caller that leaves frees its place in the queue at once", async () => {
  const bulkhead = new Bulkhead({ concurrent: 1, waiting: 1 });
  const first = task();
  const running = bulkhead.run(first.run, OPEN);
  const gone = new AbortController();
  let called = false;
  const leaving = failure(
    bulkhead.run(async () => (called = true), new CallBound({ deadline: Infinity, signal: gone.signal })),
  );
  await expect(bulkhead.run(async () => 1, OPEN)).rejects.toThrow(BulkheadFullError);
  gone.abort();
  expect((await leaving).code).toBe("SERVICE_UNAVAILABLE");
  const next = bulkhead.run(async () => "next", OPEN);
  first.end();
  await running;
  expect([await next, called]).toEqual(["next", false]);
});

test("a place given to a caller that leaves goes to the next caller", async () => {
  const bulkhead = new Bulkhead({ concurrent: 1, waiting: 2 });
  const first = task();
  const gone = new AbortController();
  const running = bulkhead.run(() => first.run().then(() => queueMicrotask(() => gone.abort())), OPEN);
  const leaving = bulkhead
    .run(async () => "served", new CallBound({ deadline: Infinity, signal: gone.signal }))
    .catch(() => "left");
  const next = bulkhead.run(async () => "next", OPEN);
  first.end();
  await running;
  expect(["served", "left"]).toContain(await leaving);
  expect(await next).toBe("next");
  expect(await bulkhead.run(async () => "free", OPEN)).toBe("free");
});

test("a call that fails frees its place, too", async () => {
  const bulkhead = new Bulkhead({ concurrent: 1, waiting: 0 });
  await expect(bulkhead.run(() => Promise.reject(new RangeError("no")), OPEN)).rejects.toThrow(RangeError);
  expect(await bulkhead.run(async () => "free", OPEN)).toBe("free");
});
