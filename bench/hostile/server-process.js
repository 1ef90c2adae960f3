import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../dist/config.js";
import { SCOPES } from "../../dist/connections/access/principal.js";
import { DEMO_KEY } from "../../dist/demo.js";
import { createLogger } from "../../dist/observability/logger.js";
import { providers } from "../../dist/providers/index.js";
import { startServer } from "../../dist/server.js";
import { runChild } from "../child.js";
import { heapAfterGc } from "./garbage.js";
import { logComplaint } from "./judge.js";
import { MemoryPeak } from "./memory-peak.js";
import { heldOpen } from "./sockets-left.js";
import { StallWatch } from "./stalls.js";

/** Lines of the log that are handed over at a time. */
const MOST_LINES = 50;

/**
 * crmesh that is attacked. Live keys reach the CRMs of the sandbox process. Its own sandbox CRMs are for the faults, which
 * only test keys may ask for: so a fault does not open the circuits of those who did not ask for it.
 */
runChild(async ({ dataDir, origins, settings = {}, circuit }) => {
  // A monitor only: an unhandled rejection ends the process here as it does in production.
  process.on("uncaughtExceptionMonitor", (error, origin) => {
    writeFileSync(join(dataDir, "crash.txt"), `${origin}: ${String(error?.stack ?? error).slice(0, 1_000)}`);
  });
  const stalls = new StallWatch();
  const memory = new MemoryPeak();
  let badLines = [];
  const logger = createLogger("info", {
    write(line) {
      const bad = logComplaint(line);
      if (bad && badLines.length < MOST_LINES) badLines.push(bad);
    },
  });
  const baseUrls = Object.entries(origins).map(([slug, origin]) => [`CRMESH_${slug.toUpperCase()}_BASE_URL`, origin]);
  const config = readConfig(
    {
      PORT: "0",
      CRMESH_DATA_DIR: dataDir,
      CRMESH_RATE_LIMIT: "1000000",
      CRMESH_ALLOW_PRIVATE_HOSTS: "on",
      ...Object.fromEntries(baseUrls),
      ...settings,
    },
    providers,
  );
  const { origin, store, sandbox } = await startServer(config, { logger, ...(circuit ? { circuit } : {}) });
  const key = async (workspace) => {
    const { id: workspaceId } = await store.workspaces.ensure(workspace);
    return (await store.apiKeys.create({ workspaceId, environment: "live", name: "hostile", scopes: SCOPES })).secret;
  };
  const ready = {
    pid: process.pid,
    url: `${origin}/graphql`,
    keys: { live: await key("hostile"), polite: await key("polite"), test: DEMO_KEY },
    demoCredentials: demoCredentials(sandbox),
  };
  const port = Number(new URL(origin).port);
  return {
    ready,
    answers: {
      /** Stays unanswered: whoever asks learns of the end of this process. */
      untilTheEnd: () => new Promise(() => {}),
      held: () => heldOpen(port),
      heap: () => heapAfterGc(),
      memoryBegin: () => memory.begin(),
      memoryEnd: () => memory.end(),
      stall: () => stalls.take(),
      badLines() {
        const lines = badLines;
        badLines = [];
        return lines;
      },
    },
  };
});

function demoCredentials(sandbox) {
  return Object.fromEntries(
    providers.all.map(({ slug, credentialFields }) => {
      const given = sandbox.credentials(slug, "demo");
      const names = credentialFields.map(({ name }) => name).filter((name) => name in given);
      return [slug, Object.fromEntries(names.map((name) => [name, given[name]]))];
    }),
  );
}
