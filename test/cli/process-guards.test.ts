import { EventEmitter, once } from "node:events";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { guardProcess, type GuardedServer, type StopTimes } from "../../src/cli/process-guards.js";
import { Lifecycle } from "../../src/http/lifecycle.js";
import { createLogger } from "../../src/observability/logger.js";

/** Milliseconds that are longer than any test: who waits for them does not end. */
const FOR_EVER = 2 ** 31 - 1;

interface Line {
  level: string;
  reason?: string;
  msg: string;
  err?: { message: string };
  unhandledRejections?: number;
  uncaughtExceptions?: number;
}

/** Node's process, as far as the guards use it: `exit` ends nothing. */
class PlayedProcess extends EventEmitter {
  readonly exits: number[] = [];

  exit(code: number): void {
    this.exits.push(code);
    this.emit("exited", code);
  }
}

/** A server that closes when the test lets it. */
class PlayedServer extends EventEmitter implements GuardedServer {
  readonly lines: Line[] = [];
  readonly logger = createLogger("debug", { write: (line) => void this.lines.push(JSON.parse(line) as Line) });
  readonly lifecycle = new Lifecycle();
  closes = 0;

  async close(): Promise<void> {
    this.closes += 1;
    const closed = once(this, "closed");
    this.emit("closing");
    await closed;
  }
}

let process: PlayedProcess;
let server: PlayedServer;
beforeEach(() => {
  process = new PlayedProcess();
  server = new PlayedServer();
});

/** Lets the guards go on as far as they can without waiting for anything. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function guard(times: Partial<StopTimes> = {}): Promise<void> {
  return guardProcess(process, server, { drainMs: 0, stopTimeoutMs: FOR_EVER, ...times });
}

const messages = () => server.lines.map(({ msg }) => msg);

describe("a signal", () => {
  test.each(["SIGTERM", "SIGINT"])("%s stops the server and ends the process with 0", async (signal) => {
    const guarded = guard();
    expect(server.lifecycle.draining).toBe(false);
    const closing = once(server, "closing");
    process.emit(signal);
    await closing;
    expect(server.lifecycle.draining).toBe(true);
    server.emit("closed");
    await guarded;
    expect([server.closes, process.exits, messages()]).toEqual([1, [0], ["Draining", "Stopped"]]);
    expect(server.lines).toMatchObject([
      { level: "info", reason: signal, drainMs: 0 },
      { level: "info", exitCode: 0 },
    ]);
  });

  test("SIGTERM begins with a drain, in which nothing is closed", async () => {
    const guarded = guard({ drainMs: FOR_EVER });
    process.emit("SIGTERM");
    await settled();
    expect([server.lifecycle.draining, server.closes]).toEqual([true, 0]);
    const closing = once(server, "closing");
    process.emit("SIGTERM");
    await closing;
    server.emit("closed");
    await guarded;
    expect([server.closes, process.exits]).toEqual([1, [0]]);
  });

  test("the drain ends by itself", async () => {
    const guarded = guard({ drainMs: 20 });
    const closing = once(server, "closing");
    process.emit("SIGTERM");
    await closing;
    server.emit("closed");
    await guarded;
    expect(process.exits).toEqual([0]);
  });

  test("SIGINT skips the drain, also one that has begun", async () => {
    for (const before of [[], ["SIGTERM"]]) {
      const guarded = guard({ drainMs: FOR_EVER });
      const closing = once(server, "closing");
      for (const signal of [...before, "SIGINT"]) process.emit(signal);
      await closing;
      server.emit("closed");
      await guarded;
      process.removeAllListeners();
    }
    expect(process.exits).toEqual([0, 0]);
  });

  test("further signals neither stop the server again nor end the process at once", async () => {
    const guarded = guard();
    const closing = once(server, "closing");
    process.emit("SIGINT");
    await closing;
    for (const signal of ["SIGINT", "SIGTERM", "SIGTERM"]) process.emit(signal);
    await settled();
    expect([server.closes, process.exits]).toEqual([1, []]);
    server.emit("closed");
    await guarded;
    expect(process.exits).toEqual([0]);
  });

  test("requests that do not finish in time are abandoned, and the process ends with 1", async () => {
    const guarded = guard({ stopTimeoutMs: 20 });
    const exited = once(process, "exited");
    process.emit("SIGTERM");
    expect(await exited).toEqual([1]);
    expect(messages()).toEqual(["Draining", "Requests did not finish in time; stopping without them"]);
    // A real process is gone by now.
    server.emit("closed");
    await guarded;
  });

  test("a stop that fails is logged and ends with 1", async () => {
    server.close = () => Promise.reject(new RangeError("no more"));
    const guarded = guard();
    process.emit("SIGTERM");
    await guarded;
    expect(process.exits).toEqual([1]);
    expect(server.lines).toMatchObject([
      { msg: "Draining" },
      { msg: "The stop failed", err: { message: "no more" } },
      { msg: "Stopped", exitCode: 1 },
    ]);
  });
});

describe("a rejection that nobody handles", () => {
  test("is logged and counted, and the process keeps serving", async () => {
    const guarded = guard();
    process.emit("unhandledRejection", new RangeError("first"));
    process.emit("unhandledRejection", "no error at all");
    await settled();
    expect(server.lines).toMatchObject([
      { level: "error", msg: "Unhandled rejection", err: { message: "first" }, unhandledRejections: 1 },
      { level: "error", msg: "Unhandled rejection", err: { message: "no error at all" }, unhandledRejections: 2 },
    ]);
    expect([server.lifecycle.unhandledRejections, server.lifecycle.draining]).toEqual([2, false]);
    expect([server.closes, process.exits]).toEqual([0, []]);
    const closing = once(server, "closing");
    process.emit("SIGTERM");
    await closing;
    server.emit("closed");
    await guarded;
    expect(process.exits).toEqual([0]);
  });
});

describe("an exception that nobody catches", () => {
  test("is logged once, stops the server without a drain, and ends the process with 1", async () => {
    const guarded = guard({ drainMs: FOR_EVER });
    const closing = once(server, "closing");
    process.emit("uncaughtException", new RangeError("bug"));
    await closing;
    expect(server.lifecycle.draining).toBe(true);
    server.emit("closed");
    await guarded;
    expect(server.lines).toMatchObject([
      { level: "error", msg: "Uncaught exception; stopping", err: { message: "bug" } },
      { level: "info", msg: "Draining", reason: "uncaughtException", drainMs: 0 },
      { level: "info", msg: "Stopped", exitCode: 1 },
    ]);
    expect([server.closes, process.exits]).toEqual([1, [1]]);
  });

  test("during the stop is counted and starts no other stop", async () => {
    const guarded = guard();
    const closing = once(server, "closing");
    process.emit("uncaughtException", new RangeError("first"));
    await closing;
    process.emit("uncaughtException", new RangeError("second"));
    process.emit("uncaughtException", new RangeError("third"));
    await settled();
    expect([server.closes, process.exits]).toEqual([1, []]);
    server.emit("closed");
    await guarded;
    expect(server.lines).toMatchObject([
      { msg: "Uncaught exception; stopping" },
      { msg: "Draining" },
      { msg: "There were more uncaught exceptions", uncaughtExceptions: 3 },
      { msg: "Stopped" },
    ]);
    expect([server.closes, process.exits]).toEqual([1, [1]]);
  });

  test("ends a drain that a signal began, and turns its 0 into 1", async () => {
    const guarded = guard({ drainMs: FOR_EVER });
    process.emit("SIGTERM");
    await settled();
    const closing = once(server, "closing");
    process.emit("uncaughtException", new RangeError("bug"));
    await closing;
    server.emit("closed");
    await guarded;
    expect(process.exits).toEqual([1]);
  });

  test("ends the process with 1 even if running requests do not finish", async () => {
    const guarded = guard({ stopTimeoutMs: 20 });
    const exited = once(process, "exited");
    process.emit("uncaughtException", new RangeError("bug"));
    expect(await exited).toEqual([1]);
    server.emit("closed");
    await guarded;
  });
});
