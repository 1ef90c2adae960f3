import { beforeEach, describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import type { ErrorCode } from "../../src/errors/catalogue.js";
import { Circuit, CIRCUIT_DEFAULTS } from "../../src/upstream/circuit.js";
import { failure, StillClock } from "./harness.js";

const { failures, halfOpenAfterMs, maxHalfOpenAfterMs } = CIRCUIT_DEFAULTS;

const down = async () => {
  throw new CrmError("PROVIDER_UNAVAILABLE");
};
const fails = (code: ErrorCode, status: number) => async () => {
  throw new CrmError(code, { upstream: { status } });
};
const NEUTRAL: readonly (readonly [string, () => Promise<never>])[] = [
  ["404", fails("PROVIDER_ERROR", 404)],
  ["a refused credential", fails("PROVIDER_AUTH_FAILED", 401)],
  ["a revoked grant", fails("NEEDS_REAUTH", 400)],
  ["a rate limit", fails("PROVIDER_RATE_LIMITED", 429)],
  ["a refused input", fails("INVALID_INPUT", 400)],
  ["a caller who left", async () => Promise.reject(new CrmError("SERVICE_UNAVAILABLE"))],
  ["an answer that is too large", async () => Promise.reject(new CrmError("PROVIDER_ERROR"))],
];

describe("the circuit", () => {
  let circuit: Circuit;
  let clock: StillClock;

  beforeEach(() => {
    clock = new StillClock();
    circuit = new Circuit(CIRCUIT_DEFAULTS, clock);
  });

  const pass = (ms: number) => clock.leap(ms);

  async function open(): Promise<void> {
    for (let count = 0; count < failures; count += 1) await failure(circuit.execute(down));
    expect(circuit.isOpen).toBe(true);
  }

  test("opens after the configured number of failures in a row, not earlier", async () => {
    for (let count = 1; count < failures; count += 1) await failure(circuit.execute(down));
    expect(circuit.isOpen).toBe(false);
    expect(circuit.retryAfterMs()).toBe(0);
    expect((await failure(circuit.execute(down))).code).toBe("PROVIDER_UNAVAILABLE");
    expect(circuit.isOpen).toBe(true);
  });

  test("it reports its status", async () => {
    expect(circuit.status).toBe("CLOSED");
    await open();
    expect(circuit.status).toBe("OPEN");
    pass(halfOpenAfterMs - 1);
    expect(circuit.status).toBe("OPEN");
    pass(1);
    expect(circuit.status).toBe("HALF_OPEN");
    let fail!: (error: CrmError) => void;
    const probe = circuit.execute(() => new Promise((_resolve, reject) => (fail = reject)));
    const settled = failure(probe);
    await new Promise(setImmediate);
    expect([circuit.status, circuit.retryAfterMs()]).toEqual(["HALF_OPEN", 0]);
    fail(new CrmError("PROVIDER_UNAVAILABLE"));
    await settled;
    expect(circuit.status).toBe("OPEN");
    pass(2 * halfOpenAfterMs);
    await circuit.execute(async () => "fine");
    expect(circuit.status).toBe("CLOSED");
  });

  test("a success resets the count of failures", async () => {
    for (let count = 1; count < failures; count += 1) await failure(circuit.execute(down));
    await circuit.execute(async () => "fine");
    for (let count = 1; count < failures; count += 1) await failure(circuit.execute(down));
    expect(circuit.isOpen).toBe(false);
  });

  test("when open, it refuses without a call and with the remaining time", async () => {
    await open();
    pass(2_500);
    let called = false;
    const error = await failure(circuit.execute(async () => (called = true)));
    expect([error.code, error.details.retryAfter]).toEqual(["CIRCUIT_OPEN", (halfOpenAfterMs - 2_500) / 1000]);
    expect(called).toBe(false);
    pass(halfOpenAfterMs - 2_501);
    expect((await failure(circuit.execute(async () => "no"))).details.retryAfter).toBe(0.001);
  });

  test("a successful probe closes it", async () => {
    await open();
    pass(halfOpenAfterMs);
    expect(await circuit.execute(async () => "well again")).toBe("well again");
    expect(circuit.isOpen).toBe(false);
    // And the next opening takes as many failures as the first did.
    for (let count = 1; count < failures; count += 1) await failure(circuit.execute(down));
    expect(circuit.isOpen).toBe(false);
    await failure(circuit.execute(down));
    expect(circuit.retryAfterMs()).toBe(halfOpenAfterMs);
  });

  test("every failed probe doubles the wait, up to a limit", async () => {
    await open();
    const waits: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      waits.push(circuit.retryAfterMs());
      pass(circuit.retryAfterMs());
      expect((await failure(circuit.execute(down))).code).toBe("PROVIDER_UNAVAILABLE");
    }
    const doubled = [1, 2, 4, 8].map((factor) => factor * halfOpenAfterMs);
    expect(waits).toEqual([...doubled, maxHalfOpenAfterMs, maxHalfOpenAfterMs]);
  });

  test("one probe runs while other calls wait: the probe succeeds", async () => {
    await open();
    pass(halfOpenAfterMs);
    let finish!: (value: string) => void;
    const started: string[] = [];
    const call = (name: string, run: () => Promise<string>) => circuit.execute(() => (started.push(name), run()));
    const probe = call("probe", () => new Promise((resolve) => (finish = resolve)));
    const others = ["one", "two", "three"].map((name) => call(name, async () => name));
    await new Promise(setImmediate);
    expect(started).toEqual(["probe"]);
    finish("well again");
    expect(await Promise.all([probe, ...others])).toEqual(["well again", "one", "two", "three"]);
  });

  test("one probe runs while other calls wait: the probe fails", async () => {
    await open();
    pass(halfOpenAfterMs);
    let fail!: (error: CrmError) => void;
    const probe = circuit.execute(() => new Promise((_resolve, reject) => (fail = reject)));
    let calls = 0;
    const others = [1, 2, 3].map(() => circuit.execute(async () => (calls += 1)));
    const settled = Promise.all([probe, ...others].map(failure));
    await new Promise(setImmediate);
    fail(new CrmError("PROVIDER_UNAVAILABLE"));
    const codes = (await settled).map(({ code, details }) => [code, details.retryAfter]);
    const refused = ["CIRCUIT_OPEN", (2 * halfOpenAfterMs) / 1000];
    expect(codes).toEqual([["PROVIDER_UNAVAILABLE", undefined], refused, refused, refused]);
    expect(calls).toBe(0);
  });

  test.each(NEUTRAL)("%s never opens it", async (_kind, run) => {
    for (let count = 0; count < 3 * failures; count += 1) await failure(circuit.execute(run));
    expect(circuit.isOpen).toBe(false);
  });

  test.each(NEUTRAL)("%s does not reset the count of failures", async (_kind, run) => {
    for (let count = 1; count < failures; count += 1) {
      await failure(circuit.execute(down));
      await failure(circuit.execute(run));
    }
    expect(circuit.isOpen).toBe(false);
    await failure(circuit.execute(down));
    expect(circuit.isOpen).toBe(true);
  });

  test.each(NEUTRAL)("%s of the probe neither closes nor opens it", async (_kind, run) => {
    await open();
    pass(halfOpenAfterMs);
    await failure(circuit.execute(run));
    expect(circuit.isOpen).toBe(true);
    // The next one probes at once.
    expect(circuit.retryAfterMs()).toBe(0);
    await failure(circuit.execute(run));
    await failure(circuit.execute(down));
    // It is the first probe that has failed: the wait is doubled once.
    expect(circuit.retryAfterMs()).toBe(2 * halfOpenAfterMs);
    pass(2 * halfOpenAfterMs);
    await circuit.execute(async () => "fine");
    expect(circuit.isOpen).toBe(false);
  });

  test("an answer of 500 counts as a failure", async () => {
    for (let count = 0; count < failures; count += 1) await failure(circuit.execute(fails("PROVIDER_ERROR", 500)));
    expect(circuit.isOpen).toBe(true);
  });

  test("an internal error passes through and does not change the state", async () => {
    const bug = new TypeError("undefined is not a function");
    for (let count = 0; count < 2 * failures; count += 1) {
      await expect(circuit.execute(async () => Promise.reject(bug))).rejects.toBe(bug);
    }
    expect(circuit.isOpen).toBe(false);
    await open();
    pass(halfOpenAfterMs);
    await expect(circuit.execute(async () => Promise.reject(bug))).rejects.toBe(bug);
    expect(circuit.isOpen).toBe(true);
    expect(await circuit.execute(async () => "fine")).toBe("fine");
  });
});
