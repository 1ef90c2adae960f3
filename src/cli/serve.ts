import cluster from "node:cluster";
import { readConfig, type Config } from "../config.js";
import { providers } from "../providers/index.js";
import { startServer, type CrmeshServer } from "../server.js";
import type { CommandContext } from "./command-context.js";
import type { ControlServer } from "./control/control-server.js";
import { serveCommands } from "./control/served-commands.js";
import { listenFault } from "./listen-fault.js";
import { guardProcess } from "./process-guards.js";
import { Progress } from "./progress.js";
import { stopTimeoutOf } from "./stop-timeout.js";
import { settleMemory } from "./v8-memory.js";
import { hasAnyKey, servePrimary } from "./workers/serve-primary.js";
import { serveWorker, WORKER_VARIABLE } from "./workers/serve-worker.js";

export interface ServeOptions {
  /** Overrides PORT. */
  port?: number;
  /** Overrides HOST. */
  host?: string;
}

/**
 * Runs the server until a signal or an uncaught exception stops it, and ends the process.
 *
 * @throws ConfigError, and the errors of `startServer`
 */
export async function serve(context: CommandContext, options: ServeOptions): Promise<void> {
  // Its primary has told the warnings.
  if (cluster.isWorker && context.environment[WORKER_VARIABLE] !== undefined) {
    return serveWorker(process, { ...readConfig(context.environment, providers), ...options });
  }
  const config = { ...context.config(), ...options };
  if (config.workers > 1) return serveWithWorkers(config, context);
  const progress = new Progress({ write: context.err, isTTY: context.errIsTerminal ?? false });
  const server = await started(config, progress).catch((error: unknown) => {
    throw listenFault(error, config) ?? error;
  });
  settleMemory(config.sandbox);
  const hasKeys = await hasAnyKey(server.store, server.logger);
  const control = await startControl(server, config, context);
  const { logger, lifecycle } = server;
  const close = async () => {
    await control?.close();
    await server.close();
  };
  const times = { drainMs: config.drainMs, stopTimeoutMs: stopTimeoutOf(config) };
  const stopped = guardProcess(process, { logger, lifecycle, close }, times);
  // Only now, because whoever reads it may send a signal at once.
  // In production, standard output has only the log: one JSON object a line.
  const write = config.production ? context.err : context.out;
  write(banner(server, hasKeys, context.environment));
  // Of a checkout, npm starts it; a server that something else starts builds nothing.
  if (context.environment["npm_lifecycle_event"] !== undefined) server.explorer?.build.start();
  await stopped;
}

async function serveWithWorkers(config: Config, context: CommandContext): Promise<void> {
  const { err, out, environment, errIsTerminal = false } = context;
  const progress = new Progress({ write: err, isTTY: errIsTerminal });
  const onStep = (step: string) => {
    if (!config.production) progress.begin(step);
  };
  try {
    await servePrimary(process, config, {
      onStep,
      onReady: (facts, hasKeys) => {
        progress.end();
        (config.production ? err : out)(banner(facts, hasKeys, environment));
      },
    });
  } catch (error) {
    if (!config.production) progress.fail();
    throw error;
  }
}

/** The server works without its control socket, e.g. on a file system that has no sockets. */
async function startControl(
  { store, logger }: CrmeshServer,
  config: Config,
  { environment }: CommandContext,
): Promise<ControlServer | null> {
  // Any process can open a PostgreSQL.
  if (config.databaseUrl !== undefined) return null;
  const onError = (err: unknown) => logger.warn({ err }, "A command through the control socket failed");
  try {
    return await serveCommands({ store, config }, environment, onError);
  } catch (err) {
    logger.warn({ err }, "The control socket cannot be created; stop the server to run commands that need the store");
    return null;
  }
}

/** Says the steps of the start on standard error. In production the log has them, and nobody watches a spinner. */
async function started(config: Config, progress: Progress): Promise<CrmeshServer> {
  if (config.production) return startServer(config);
  try {
    const server = await startServer(config, {}, { onStep: (step) => progress.begin(step) });
    progress.end();
    return server;
  } catch (error) {
    progress.fail();
    throw error;
  }
}

interface BannerFacts {
  sandbox: { origins: ReadonlyMap<string, unknown> } | null;
  explorer: unknown;
}

function banner(
  { origin, sandbox, demo, explorer }: Pick<CrmeshServer, "origin" | "demo"> & BannerFacts,
  hasKeys: boolean,
  environment: CommandContext["environment"],
): string {
  const url = `${origin}/graphql`;
  if (!sandbox || !demo?.key) return `crmesh is ready: ${url}\n${hasKeys ? "" : firstKey(environment)}`;
  return `
crmesh is ready: ${url}${explorer ? "   (open it in a browser for GraphiQL and example queries)" : ""}

  test key   ${demo.key}
  end user   ${demo.endUser}   connected to ${[...sandbox.origins.keys()].join(", ")} (sandbox CRMs, no account needed)

Paste this:

curl ${url} -H 'Authorization: Bearer ${demo.key}' -H 'X-End-User-Id: ${demo.endUser}' -H 'Content-Type: application/json' \\
  -d '{"query":"{ connections { provider { name } contacts(first: 2) { nodes { fullName emails { address } } } meetings(first: 2) { nodes { title startAt } } } }"}'

`;
}

function firstKey(environment: CommandContext["environment"]): string {
  // A checkout has no command `crmesh`. npm sets this variable for its scripts.
  const crmesh = environment["npm_lifecycle_event"] === undefined ? "crmesh" : "npm run crmesh --";
  return `There is no API key yet. Make one while the server runs:

  ${crmesh} keys create --env live --name "my backend" --workspace "Your product" --create-workspace

`;
}
