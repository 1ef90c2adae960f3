import type { Logger } from "../observability/logger.js";

/** The used part of Node's `process`. */
export interface GuardedProcess {
  on(event: string, listener: (subject: unknown) => void): unknown;
  exit(code: number): void;
}

export interface GuardedServer {
  logger: Pick<Logger, "info" | "warn" | "error">;
  lifecycle: { drain(): void; countUnhandledRejection(): number };
  /** Stops taking requests, waits for running requests, and closes everything. */
  close(): Promise<void>;
}

export interface StopTimes {
  /** Milliseconds after SIGTERM in which requests are still taken, so that load balancers notice the stop. */
  drainMs: number;
  /** Milliseconds after that in which running requests may finish. */
  stopTimeoutMs: number;
}

/**
 * Waits for a signal or an uncaught exception, then stops the server and ends the process. The exit status is 0, or 1 after
 * an exception or if requests did not finish in time.
 *
 * An unhandled rejection concerns at most one request, so the process continues. After an uncaught exception the state of
 * the process is unknown, so it finishes the running requests and ends.
 */
export async function guardProcess(process: GuardedProcess, server: GuardedServer, times: StopTimes): Promise<void> {
  const { logger, lifecycle } = server;
  const stop = new Gate();
  const drained = new Gate();
  let uncaughtExceptions = 0;
  let reason = "uncaughtException";

  process.on("unhandledRejection", (err) => {
    logger.error({ err, unhandledRejections: lifecycle.countUnhandledRejection() }, "Unhandled rejection");
  });
  process.on("uncaughtException", (err) => {
    uncaughtExceptions += 1;
    // Only count later exceptions: if the logger throws, logging would never end.
    if (uncaughtExceptions === 1) logger.error({ err }, "Uncaught exception; stopping");
    stop.open();
    drained.open();
  });
  process.on("SIGTERM", () => {
    // A second signal ends the wait.
    if (stop.isOpen) drained.open();
    else reason = "SIGTERM";
    stop.open();
  });
  process.on("SIGINT", () => {
    if (!stop.isOpen) reason = "SIGINT";
    stop.open();
    drained.open();
  });

  await stop.opened;
  const stoppingAt = performance.now();
  lifecycle.drain();
  logger.info({ reason, drainMs: drained.isOpen ? 0 : times.drainMs }, "Draining");
  const wait = setTimeout(() => drained.open(), times.drainMs);
  await drained.opened;
  clearTimeout(wait);

  const deadline = setTimeout(() => {
    logger.warn("Requests did not finish in time; stopping without them");
    process.exit(1);
  }, times.stopTimeoutMs);
  let failed = false;
  try {
    await server.close();
  } catch (err) {
    failed = true;
    logger.error({ err }, "The stop failed");
  }
  clearTimeout(deadline);
  if (uncaughtExceptions > 1) logger.error({ uncaughtExceptions }, "There were more uncaught exceptions");
  const code = failed || uncaughtExceptions > 0 ? 1 : 0;
  logger.info({ exitCode: code, durationMs: Math.round(performance.now() - stoppingAt) }, "Stopped");
  process.exit(code);
}

/** A promise that is resolved once. */
class Gate {
  isOpen = false;
  #resolve: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => {
    this.#resolve = resolve;
  });

  open(): void {
    this.isOpen = true;
    this.#resolve();
  }
}
