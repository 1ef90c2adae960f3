import { readConfig, type Config } from "../config.js";
import { providers } from "../providers/index.js";
import { startServer, type CrmeshServer } from "../server.js";
import type { CommandIo } from "./io.js";
import { guardProcess } from "./process-guards.js";
import { Progress } from "./progress.js";
import { settleMemory } from "./v8-memory.js";

/** Milliseconds for a stop, in addition to the longest request. */
const STOP_MARGIN_MS = 5_000;

/** Runs the server until a signal or an uncaught exception stops it, and ends the process. */
export async function serve({ environment, out, err, errIsTerminal = false }: CommandIo): Promise<void> {
  const config = readConfig(environment, providers);
  const server = await started(config, new Progress({ write: err, isTTY: errIsTerminal }));
  settleMemory(config.sandbox);
  out(banner(server));
  // Of a checkout, npm starts it; a server that something else starts builds nothing.
  if (environment["npm_lifecycle_event"] !== undefined) server.explorer?.build.start();
  const { drainMs, requestTimeoutMs } = config;
  await guardProcess(process, server, { drainMs, stopTimeoutMs: requestTimeoutMs + STOP_MARGIN_MS });
}

/** Says the steps of the start on standard error. In production that stream is for the programs that read logs. */
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

function banner({ origin, sandbox, demo, explorer }: CrmeshServer): string {
  const url = `${origin}/graphql`;
  if (!sandbox || !demo?.key) return `crmesh is ready: ${url}\n`;
  return `
crmesh is ready: ${url}${explorer ? "   (open it in a browser for GraphiQL and example queries)" : ""}

  test key   ${demo.key}
  end user   ${demo.endUser}   connected to ${[...sandbox.origins.keys()].join(", ")} (sandbox CRMs, no account needed)

Paste this:

curl ${url} -H 'Authorization: Bearer ${demo.key}' -H 'X-End-User-Id: ${demo.endUser}' -H 'Content-Type: application/json' \\
  -d '{"query":"{ connections { provider { name } contacts(first: 2) { nodes { fullName emails { address } } } meetings(first: 2) { nodes { title startAt } } } }"}'

`;
}
