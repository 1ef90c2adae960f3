import type { Config } from "../../config.js";
import { WorkerLedger } from "../../limits/worker-ledger.js";
import { startServer } from "../../server.js";
import type { PaceLedger } from "../../upstream/pace-ledger.js";
import { listenFault } from "../listen-fault.js";
import { guardProcess } from "../process-guards.js";
import { settleMemory } from "../v8-memory.js";
import { stopTimeoutOf } from "../stop-timeout.js";
import type { ToWorker } from "./messages.js";
import { WorkerProcess } from "./worker-process.js";

/** A number that the primary gives to the process of a worker. It is no setting. */
export const WORKER_VARIABLE = "CRMESH_WORKER";

/**
 * Runs one of several workers until its primary stops it or is gone, and ends the process.
 *
 * @throws the errors of `startServer`
 */
export async function serveWorker(process: NodeJS.Process, config: Config): Promise<void> {
  const guarded = new WorkerProcess(process);
  const begin = await beginning(guarded);
  const ledger = (alone: PaceLedger) => {
    const asked = new WorkerLedger((id, question) => guarded.send({ crmesh: "pace", id, question }), alone);
    guarded.onMessage((message) => {
      if (message.crmesh === "paced") asked.answer(message.id, message.waitMs);
    });
    return asked;
  };
  const server = await startServer(config, {}, { worker: { ...begin, ledger } }).catch((error: unknown) => {
    guarded.leave();
    throw listenFault(error, config) ?? error;
  });
  settleMemory(config.sandbox);
  const { origin, lifecycle, logger, metricsText, explorer } = server;
  guarded.onMessage((message) => {
    if (message.crmesh === "workers") lifecycle.workers = { ready: message.ready, expected: message.expected };
    if (message.crmesh === "collect") void sendMetrics(message.id);
  });
  const sendMetrics = async (id: number) => {
    try {
      guarded.send({ crmesh: "metrics", id, text: metricsText && (await metricsText()) });
    } catch (err) {
      logger.warn({ err }, "The metrics cannot be collected");
      guarded.send({ crmesh: "metrics", id, text: null });
    }
  };
  const { drainMs } = config;
  const close = () => server.close();
  const stopped = guardProcess(
    guarded,
    { logger, lifecycle, close },
    { drainMs, stopTimeoutMs: stopTimeoutOf(config) },
  );
  guarded.send({ crmesh: "listening", origin, hasExplorer: explorer !== null });
  // Of a checkout, npm starts it. One build is enough.
  if (begin.number === 1 && process.env["npm_lifecycle_event"] !== undefined) explorer?.build.start();
  await stopped;
}

/** Waits for the first message of the primary. A worker that is stopped before it has begun ends at once. */
function beginning(guarded: WorkerProcess): Promise<Extract<ToWorker, { crmesh: "begin" }>> {
  guarded.on("SIGTERM", () => guarded.exit(0));
  guarded.on("SIGINT", () => guarded.exit(0));
  return new Promise((resolve) => {
    guarded.onMessage((message) => {
      if (message.crmesh === "begin") resolve(message);
    });
  });
}
