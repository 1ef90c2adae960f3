import type { Logger } from "../observability/logger.js";

/** What is used of Node's `process`. */
export interface GuardedProcess {
  on(event: string, listener: (subject: unknown) => void): unknown;
  exit(code: number): void;
}

export interface GuardedServer {
  logger: Pick<Logger, "error">;
  lifecycle: { drain(): void; countUnhandledRejection(): number };
  /** Stops taking requests, finishes those that run, and closes everything. */
  close(): Promise<void>;
}

export interface StopTimes {
  /** Milliseconds for which requests are still taken after SIGTERM, so that balancers can see that it goes. */
  drainMs: number;
  /** Milliseconds that running requests get to finish after that. */
  stopTimeoutMs: number;
}

/**
 * Keeps the process up until a signal or an uncaught exception, then stops the server and ends the process: with 0, or with
 * 1 after an exception and where requests did not finish in time.
 *
 * A rejection that nobody handled concerns one request at most, so the process serves on. After an uncaught exception
 * nobody knows what state it is in, so it finishes what runs and ends.
 */
export async function guardProcess(process: GuardedProcess, server: GuardedServer, times: StopTimes): Promise<void> {
  const { logger, lifecycle } = server;
  const stop = new Gate();
  const drained = new Gate();
  let uncaughtExceptions = 0;

  process.on("unhandledRejection", (err) => {
    logger.error({ err, unhandledRejections: lifecycle.countUnhandledRejection() }, "Unhandled rejection");
  });
  process.on("uncaughtException", (err) => {
    uncaughtExceptions += 1;
    // Later ones are counted alone: were it the log that throws, logging would never end.
    if (uncaughtExceptions === 1) logger.error({ err }, "Uncaught exception; stopping");
    stop.open();
    drained.open();
  });
  process.on("SIGTERM", () => {
    // The second signal ends the wait that the first one began.
    if (stop.isOpen) drained.open();
    stop.open();
  });
  process.on("SIGINT", () => {
    stop.open();
    drained.open();
  });

  await stop.opened;
  lifecycle.drain();
  const wait = setTimeout(() => drained.open(), times.drainMs);
  await drained.opened;
  clearTimeout(wait);

  const deadline = setTimeout(() => {
    logger.error("Requests did not finish in time; stopping without them");
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
  process.exit(failed || uncaughtExceptions > 0 ? 1 : 0);
}

/** Opens once. */
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
