import cluster from "node:cluster";
import { RateLimiterClusterMaster } from "rate-limiter-flexible";
import type { Config } from "../../config.js";
import { startPrimary, type Primary } from "../../primary.js";
import type { Logger } from "../../observability/logger.js";
import type { Store } from "../../store/open-store.js";
import { systemClock } from "../../upstream/clock.js";
import { MemoryLedger } from "../../upstream/memory-ledger.js";
import { guardProcess } from "../process-guards.js";
import { stopTimeoutOf } from "../stop-timeout.js";
import { WORKER_VARIABLE } from "./serve-worker.js";
import { WorkerPool, type Listening } from "./worker-pool.js";

/** Milliseconds that the primary waits for its workers longer than they wait for their requests. */
const MARGIN_MS = 5_000;

/** What a person is told when the server is ready. */
export interface ReadyFacts extends Pick<Primary, "demo"> {
  origin: string;
  sandbox: { origins: ReadonlyMap<string, string> } | null;
  explorer: boolean;
}

export interface PrimaryIo {
  onStep: (step: string) => void;
  /** Called when all workers listen. */
  onReady: (facts: ReadyFacts, hasKeys: boolean) => void;
}

/**
 * Accepts connections for several workers, replaces workers that end, and does once what concerns all of them: migrations,
 * housekeeping, the sandbox. Ends the process after a signal.
 *
 * @throws ConfigError, WorkerFailedError, and the errors of `startPrimary`
 */
export async function servePrimary(process: NodeJS.Process, config: Config, io: PrimaryIo): Promise<void> {
  const primary = await startPrimary(config, { onStep: io.onStep, otherMetrics: () => pool.collect() });
  const { logger, lifecycle, telemetry, store, sandbox } = primary;
  // Counts the requests of keys for all workers: their limiters ask it by messages.
  new RateLimiterClusterMaster();
  const pool: WorkerPool = new WorkerPool({
    fork: (number) => cluster.fork({ [WORKER_VARIABLE]: String(number) }),
    begin: (number) => ({ crmesh: "begin", number, sandbox }),
    expected: config.workers,
    ledger: new MemoryLedger(() => systemClock.monotonic()),
    logger,
    onRestart: () => telemetry.meters?.count("workerRestarts", {}),
  });
  telemetry.meters?.observe("workers", () => [{ value: pool.ready, labels: {} }]);
  io.onStep(`Starting ${config.workers} workers`);
  let listening: Listening;
  try {
    listening = await pool.start();
  } catch (error) {
    await pool.close().catch(() => undefined);
    await primary.close();
    throw error;
  }
  primary.publishAt(listening.origin);
  const { metricsOrigin } = telemetry;
  const about = { origin: listening.origin, ...(metricsOrigin === null ? {} : { metricsOrigin }) };
  logger.info({ ...about, workers: config.workers }, "Listening");

  stopWorkersAtOnce(process, pool);
  const exit = (code: number) => {
    pool.kill();
    process.exit(code);
  };
  const guarded = { on: (event: string, listener: (subject: unknown) => void) => process.on(event, listener), exit };
  const drain = () => pool.stop({ now: false });
  const close = async () => {
    try {
      await pool.close();
    } finally {
      await primary.close();
    }
  };
  const countUnhandledRejection = () => lifecycle.countUnhandledRejection();
  // The workers wait for load balancers, and the primary for the workers.
  const stopTimeoutMs = config.drainMs + stopTimeoutOf(config) + MARGIN_MS;
  const stopped = guardProcess(
    guarded,
    { logger, lifecycle: { drain, countUnhandledRejection }, close },
    { drainMs: 0, stopTimeoutMs },
  );
  const { origin, hasExplorer: explorer } = listening;
  const shown = sandbox && { origins: new Map(sandbox.origins) };
  io.onReady({ origin, explorer, sandbox: shown, demo: primary.demo }, await hasAnyKey(store, logger));
  await stopped;
}

/** A server that has started serves, even if the store fails just now. */
export async function hasAnyKey(store: Pick<Store, "apiKeys">, logger: Pick<Logger, "warn">): Promise<boolean> {
  try {
    return await store.apiKeys.hasAny();
  } catch (err) {
    logger.warn({ err }, "The keys cannot be counted");
    return true;
  }
}

/** SIGINT, and a second SIGTERM, end the time in which load balancers notice the stop. */
function stopWorkersAtOnce(process: NodeJS.Process, pool: WorkerPool): void {
  let terminations = 0;
  process.on("SIGINT", () => pool.stop({ now: true }));
  process.on("SIGTERM", () => {
    terminations += 1;
    if (terminations > 1) pool.stop({ now: true });
  });
}
