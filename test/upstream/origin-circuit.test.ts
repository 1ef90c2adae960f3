import { beforeEach, describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import { CallBound } from "../../src/upstream/call-bound.js";
import { ORIGIN_CIRCUIT_DEFAULTS, OriginCircuit } from "../../src/upstream/origin-circuit.js";
import { failure, StillClock } from "./harness.js";

const { halfOpenAfterMs, maxHalfOpenAfterMs, windowMs } = ORIGIN_CIRCUIT_DEFAULTS;
const fine = async () => "fine";
const down = async () => {
  throw new CrmError("PROVIDER_UNAVAILABLE");
};
const refused = async () => {
  throw new CrmError("PROVIDER_AUTH_FAILED", { upstream: { status: 401 } });
};

describe("the circuit of an origin", () => {
  let circuit: OriginCircuit;
  let clock: StillClock;
  const bound = new CallBound({ deadline: Infinity });

  beforeEach(() => {
    clock = new StillClock();
    circuit = new OriginCircuit(ORIGIN_CIRCUIT_DEFAULTS, clock);
  });

  /** These end users, such as `a1` of workspace `a`, find their own circuits open. */
  function fail(...endUsers: string[]): void {
    for (const one of endUsers) {
      circuit.noteActivity(one[0]!);
      circuit.noteOpenConnection(one[0]!, one);
    }
  }
  const statuses = () => ["a", "b", "c"].map((workspace) => circuit.status(workspace)).join(" ");
  const run = <Result>(workspace: string, call: () => Promise<Result>) => circuit.execute(workspace, call, bound);

  test.each<[string, () => void, string]>([
    ["three end users of two workspaces", () => fail("a1", "a2", "b1"), "OPEN OPEN OPEN"],
    ["three end users of three workspaces", () => fail("a1", "b1", "c1"), "OPEN OPEN OPEN"],
    ["two end users of two workspaces", () => fail("a1", "b1"), "CLOSED CLOSED CLOSED"],
    ["one end user who fails three times", () => fail("a1", "b1", "a1", "b1"), "CLOSED CLOSED CLOSED"],
    ["three end users of the only active workspace", () => fail("a1", "a2", "a3"), "OPEN CLOSED CLOSED"],
    [
      "many end users of one workspace while another is active",
      () => {
        circuit.noteActivity("b");
        fail("a1", "a2", "a3", "a4", "a5");
      },
      "CLOSED CLOSED CLOSED",
    ],
    [
      "three end users of one workspace after the window of another’s activity",
      () => {
        circuit.noteActivity("b");
        clock.leap(windowMs);
        fail("a1", "a2", "a3");
      },
      "OPEN CLOSED CLOSED",
    ],
    [
      "three end users of two workspaces, one of them before the window",
      () => {
        fail("a1");
        clock.leap(windowMs);
        fail("a2", "b1");
      },
      "CLOSED CLOSED CLOSED",
    ],
    [
      "three end users of two workspaces after a success in the window",
      () => {
        circuit.noteSuccess("c", "c1");
        clock.leap(windowMs - 1);
        fail("a1", "a2", "b1");
      },
      "CLOSED CLOSED CLOSED",
    ],
    [
      "three end users of two workspaces after the window of a success",
      () => {
        circuit.noteSuccess("c", "c1");
        clock.leap(windowMs);
        fail("a1", "a2", "b1");
      },
      "OPEN OPEN OPEN",
    ],
    [
      "three end users of two workspaces while the CRM refuses a third one’s credential",
      () => {
        circuit.noteAnswer();
        fail("a1", "a2", "b1");
      },
      "CLOSED CLOSED CLOSED",
    ],
    [
      "an end user whose circuit has closed again",
      () => {
        fail("a1", "b1");
        circuit.noteSuccess("a", "a1");
        clock.leap(windowMs - 1);
        fail("b1");
        clock.leap(1);
        fail("a2", "a2");
      },
      "CLOSED CLOSED CLOSED",
    ],
    [
      "one workspace alone, and then a second one",
      () => {
        fail("a1", "a2", "a3");
        fail("b1");
      },
      "OPEN OPEN OPEN",
    ],
  ])("%s", (_who, happen, expected) => {
    happen();
    expect(statuses()).toBe(expected);
  });

  test("when open, it refuses without a call and with the remaining time", async () => {
    fail("a1", "a2", "b1");
    clock.leap(2_500);
    let called = false;
    const { code, details } = await failure(run("c", async () => (called = true)));
    expect([code, details.retryAfter, called]).toEqual(["CIRCUIT_OPEN", (halfOpenAfterMs - 2_500) / 1000, false]);
  });

  test("when open for one workspace, calls of others go through, and their success closes it", async () => {
    fail("a1", "a2", "a3");
    expect((await failure(run("a", fine))).code).toBe("CIRCUIT_OPEN");
    expect(await run("b", fine)).toBe("fine");
    circuit.noteSuccess("b", "b1");
    expect(await run("a", fine)).toBe("fine");
  });

  test("the success of a call that began before it opened closes it", async () => {
    let finish!: () => void;
    const early = run("c", () => new Promise<void>((resolve) => (finish = resolve))).then(() =>
      circuit.noteSuccess("c", "c1"),
    );
    fail("a1", "a2", "b1");
    expect(circuit.status("c")).toBe("OPEN");
    finish();
    await early;
    expect(statuses()).toBe("CLOSED CLOSED CLOSED");
  });

  test("a failed probe doubles the wait of its own workspace, up to a limit, and of no other", async () => {
    fail("a1", "a2", "b1");
    const waits: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      waits.push(circuit.retryAfterMs("a"));
      clock.leap(circuit.retryAfterMs("a"));
      expect((await failure(run("a", down))).code).toBe("PROVIDER_UNAVAILABLE");
    }
    const doubled = [1, 2, 4, 8].map((factor) => factor * halfOpenAfterMs);
    expect(waits).toEqual([...doubled, maxHalfOpenAfterMs, maxHalfOpenAfterMs]);
    expect([circuit.status("a"), circuit.status("c")]).toEqual(["OPEN", "HALF_OPEN"]);
    // After a recovery, the next opening begins with the first wait.
    circuit.noteSuccess("c", "c1");
    clock.leap(windowMs);
    fail("a1", "a2", "b1");
    expect(circuit.retryAfterMs("a")).toBe(halfOpenAfterMs);
  });

  test("a probe without information about the API leaves it half open", async () => {
    fail("a1", "a2", "b1");
    clock.leap(halfOpenAfterMs);
    await failure(run("a", refused));
    expect(statuses()).toBe("HALF_OPEN HALF_OPEN HALF_OPEN");
  });

  test("one probe runs while other calls wait: the probe succeeds", async () => {
    fail("a1", "a2", "b1");
    clock.leap(halfOpenAfterMs);
    const started: string[] = [];
    let finish!: () => void;
    const probe = run("a", async () => {
      started.push("probe");
      await new Promise<void>((resolve) => (finish = resolve));
      circuit.noteSuccess("a", "a1");
    });
    const others = ["b", "c", "a"].map((workspace) => run(workspace, async () => started.push(workspace)));
    await new Promise(setImmediate);
    expect(started).toEqual(["probe"]);
    finish();
    await Promise.all([probe, ...others]);
    expect(started.sort()).toEqual(["a", "b", "c", "probe"]);
  });

  test("one probe runs while other calls wait: the probe fails, and another workspace probes", async () => {
    fail("a1", "a2", "b1");
    clock.leap(halfOpenAfterMs);
    const started: string[] = [];
    let fall!: (error: CrmError) => void;
    const probe = failure(run("a", () => new Promise((_resolve, reject) => (fall = reject))));
    let finish!: () => void;
    const hanging = () => new Promise<void>((resolve) => (finish = resolve));
    const same = failure(run("a", fine));
    const second = run("b", () => (started.push("b"), hanging()));
    const third = run("c", async () => started.push("c"));
    await new Promise(setImmediate);
    fall(new CrmError("PROVIDER_UNAVAILABLE"));
    expect((await probe).code).toBe("PROVIDER_UNAVAILABLE");
    const { code, details } = await same;
    expect([code, details.retryAfter]).toEqual(["CIRCUIT_OPEN", (2 * halfOpenAfterMs) / 1000]);
    expect(started).toEqual(["b"]);
    circuit.noteSuccess("b", "b1");
    finish();
    await Promise.all([second, third]);
    expect(started).toEqual(["b", "c"]);
  });

  test("a wait for the probe of another caller ends with its own bound", async () => {
    fail("a1", "a2", "b1");
    clock.leap(halfOpenAfterMs);
    let finish!: () => void;
    const probe = run("a", () => new Promise<void>((resolve) => (finish = resolve)));
    const gone = new AbortController();
    const leaving = new CallBound({ deadline: Infinity, signal: gone.signal });
    const waiting = failure(circuit.execute("c", fine, leaving));
    gone.abort();
    expect((await waiting).code).toBe("SERVICE_UNAVAILABLE");
    finish();
    await probe;
  });

  test("remembers a bounded number of workspaces, and opens all the same", () => {
    for (let number = 0; number < 10_000; number += 1) circuit.noteActivity(`w${number}`);
    fail("a1", "a2", "b1");
    expect(circuit.status("c")).toBe("OPEN");
  });
});
