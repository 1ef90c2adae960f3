import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import { CallBound, type CallBoundOptions } from "../../src/upstream/call-bound.js";
import { failure } from "./harness.js";

const LIMIT = { ms: 1_000, setBy: "THE_SETTING" };

describe("the bound of a caller at one connection", () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ["nextTick"] }));
  afterEach(() => void jest.useRealTimers());

  const boundWith = (options: Partial<CallBoundOptions> = {}) =>
    new CallBound({ deadline: performance.now() + 30_000, limit: LIMIT, ...options });
  const forever = () => new Promise<never>(() => undefined);
  const nextTick = () => new Promise<void>((resolve) => process.nextTick(resolve));
  const outcomeOf = (promise: Promise<unknown>) => failure(promise).then(({ code, details }) => ({ code, ...details }));

  test("the connection’s time limit ends a wait, and the error names the setting", async () => {
    const waiting = outcomeOf(boundWith().wait(forever));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await waiting).toEqual({
      code: "PROVIDER_UNAVAILABLE",
      detail: "The CRM connection took longer than the 1000 ms that one operation may wait for it (THE_SETTING).",
    });
  });

  test("the time limit counts from the start, not from each wait", async () => {
    const bound = boundWith();
    await jest.advanceTimersByTimeAsync(600);
    await bound.wait(async () => "in time");
    const waiting = outcomeOf(bound.wait(forever));
    await jest.advanceTimersByTimeAsync(400);
    expect((await waiting).code).toBe("PROVIDER_UNAVAILABLE");
    const begun = jest.fn(forever);
    expect((await outcomeOf(bound.wait(begun))).code).toBe("PROVIDER_UNAVAILABLE");
    expect(begun).not.toHaveBeenCalled();
  });

  test.each([-2, 2])("a wall clock that is set by %d hours neither ends nor lengthens it", async (hours) => {
    const [bound, limited] = [boundWith({ limit: undefined }), boundWith()];
    jest.setSystemTime(Date.now() + hours * 3_600_000);
    expect([bound.remainingMs, limited.remainingMs]).toEqual([30_000, 1_000]);
    expect(await bound.wait(async () => "in time")).toBe("in time");
    const waiting = outcomeOf(limited.wait(forever));
    await jest.advanceTimersByTimeAsync(1_000);
    expect((await waiting).code).toBe("PROVIDER_UNAVAILABLE");
  });

  test("an earlier deadline of the operation is not a failure of the CRM", async () => {
    const bound = boundWith({ deadline: performance.now() + 500 });
    const waiting = outcomeOf(bound.wait(forever));
    await jest.advanceTimersByTimeAsync(500);
    expect(await waiting).toEqual({
      code: "SERVICE_UNAVAILABLE",
      detail: "The time limit of this request ended while a call waited for its turn.",
    });
    expect((bound.signal.reason as CrmError).code).toBe("PROVIDER_UNAVAILABLE");
  });

  test("a caller that leaves ends all waits and reads under way", async () => {
    const gone = new AbortController();
    const bound = boundWith({ signal: gone.signal });
    const waits = Promise.all([outcomeOf(bound.wait(forever)), outcomeOf(bound.wait(forever))]);
    gone.abort();
    expect((await waits).map(({ code }) => code)).toEqual(["SERVICE_UNAVAILABLE", "SERVICE_UNAVAILABLE"]);
    expect(bound.signal.aborted).toBe(true);
  });

  test("other callers that wait for the same work keep waiting", async () => {
    let finish!: (value: string) => void;
    const shared = new Promise<string>((resolve) => (finish = resolve));
    const gone = new AbortController();
    const first = outcomeOf(boundWith({ signal: gone.signal }).wait(() => shared));
    const second = boundWith().wait(() => shared);
    gone.abort();
    expect((await first).code).toBe("SERVICE_UNAVAILABLE");
    finish("loaded");
    expect(await second).toBe("loaded");
  });

  test("work that fails after all callers left causes no unhandled rejection", async () => {
    const unhandled = jest.fn();
    process.on("unhandledRejection", unhandled);
    let fail!: (error: Error) => void;
    const waiting = outcomeOf(boundWith().wait(() => new Promise((_resolve, reject) => (fail = reject))));
    await jest.advanceTimersByTimeAsync(1_000);
    await waiting;
    fail(new Error("late"));
    jest.useRealTimers();
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test("work that throws synchronously rejects", async () => {
    const bound = boundWith();
    const thrower = () => {
      throw new RangeError("at once");
    };
    await expect(bound.wait(thrower)).rejects.toThrow(RangeError);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("no timer or listener remains when nobody waits", async () => {
    const { signal } = new AbortController();
    const bound = boundWith({ signal });
    const watching = () => [jest.getTimerCount(), getEventListeners(signal, "abort").length];
    let answer!: () => void;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const waits = [bound.wait(() => answered), bound.wait(() => answered)];
    await nextTick();
    expect(watching()).toEqual([1, 1]);
    answer();
    await Promise.all(waits);
    expect(watching()).toEqual([0, 0]);

    const late = outcomeOf(bound.wait(forever));
    await jest.advanceTimersByTimeAsync(1_000);
    await late;
    expect(watching()).toEqual([0, 0]);
  });

  test("work that ends in the same turn of the event loop sets no timer", async () => {
    const bound = boundWith();
    const setTimer = jest.spyOn(globalThis, "setTimeout");
    await Promise.resolve();
    await bound.wait(async () => 1);
    await nextTick();
    expect(setTimer).not.toHaveBeenCalled();
  });

  test("a caller that leaves before the wait is watched ends it", async () => {
    const gone = new AbortController();
    const waiting = outcomeOf(boundWith({ signal: gone.signal }).wait(forever));
    gone.abort();
    expect((await waiting).code).toBe("SERVICE_UNAVAILABLE");
  });

  describe("a write", () => {
    test("that has begun is not ended by time or by the caller leaving; the calls after it are", async () => {
      const gone = new AbortController();
      const bound = boundWith({ signal: gone.signal });
      let finish!: () => void;
      const writing = bound.write(async () => {
        await bound.wait(async () => bound.noteWriteSent());
        await bound.wait(() => new Promise<void>((resolve) => (finish = resolve)));
        return bound.wait(async () => "both steps");
      });
      await jest.advanceTimersByTimeAsync(60_000);
      gone.abort();
      expect([bound.remainingMs, bound.signal.aborted]).toEqual([Infinity, false]);
      finish();
      expect(await writing).toBe("both steps");
      expect((await outcomeOf(bound.wait(forever))).code).toBe("SERVICE_UNAVAILABLE");
      expect([jest.getTimerCount(), bound.signal.aborted]).toEqual([0, true]);
    });

    test("that has not begun is ended with the outcome NOT_SENT", async () => {
      const bound = boundWith();
      const writing = outcomeOf(bound.write(() => bound.wait(forever)));
      await jest.advanceTimersByTimeAsync(1_000);
      expect(await writing).toMatchObject({ code: "PROVIDER_UNAVAILABLE", outcome: "NOT_SENT" });
    });

    test("without a sent request has the outcome NOT_SENT, even if the adapter says PARTIAL", async () => {
      const bound = boundWith();
      const half = () => Promise.reject(new CrmError("PROVIDER_UNAVAILABLE", { outcome: "PARTIAL" }));
      expect((await outcomeOf(bound.write(half))).outcome).toBe("NOT_SENT");
      const begun = async () => (bound.noteWriteSent(), half());
      expect((await outcomeOf(bound.write(begun))).outcome).toBe("PARTIAL");
    });

    test("outside of `write` does not suspend the bound", async () => {
      const bound = boundWith();
      bound.noteWriteSent();
      const waiting = outcomeOf(bound.wait(forever));
      await jest.advanceTimersByTimeAsync(1_000);
      expect((await waiting).code).toBe("PROVIDER_UNAVAILABLE");
    });
  });
});
