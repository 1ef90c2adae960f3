import { rm } from "node:fs/promises";
import { readConfig } from "../../src/config.js";
import { createLogger } from "../../src/observability/logger.js";
import { providers } from "../../src/providers/index.js";
import type { Sandbox } from "../../src/sandbox/public.js";
import { startServer, type ServerOverrides } from "../../src/server.js";
import { newDataFolder } from "./data-folder.js";
import { TestServer } from "./test-server.js";

/** A server with a store of its own, whose statements are observed too, and with what these variables ask for. */
export async function observedServer(
  sandbox: Sandbox,
  variables: Record<string, string>,
  overrides: ServerOverrides = {},
): Promise<TestServer & { close: () => Promise<void> }> {
  const dataDir = await newDataFolder();
  const remove = () => rm(dataDir, { recursive: true, force: true });
  const logs: string[] = [];
  const logger = createLogger("debug", { write: (line) => void logs.push(line) });
  const config = readConfig(
    { PORT: "0", CRMESH_DATA_DIR: dataDir, CRMESH_RATE_LIMIT: "100000", ...variables },
    providers,
  );
  try {
    const crmesh = await startServer(config, { sandbox, logger, ...overrides });
    const close = async () => {
      await crmesh.close();
      await remove();
    };
    return Object.assign(new TestServer(crmesh, logs), { close });
  } catch (error) {
    await remove();
    throw error;
  }
}
