import { readConfig } from "../dist/config.js";
import { SCOPES } from "../dist/connections/access/principal.js";
import { providers } from "../dist/providers/index.js";
import { startServer } from "../dist/server.js";
import { runChild } from "./child.js";

/** crmesh as in production, with a live key, its CRMs being those of the sandbox process. */
runChild(async ({ dataDir, origins, environment }) => {
  const baseUrls = Object.entries(origins).map(([slug, origin]) => [`CRMESH_${slug.toUpperCase()}_BASE_URL`, origin]);
  const config = readConfig(
    {
      NODE_ENV: "production",
      PORT: "0",
      CRMESH_DATA_DIR: dataDir,
      // The servers that it is compared with write no log, and failures show in the answers. BENCH_LOG_LEVEL
      // measures the cost of a log.
      CRMESH_LOG_LEVEL: process.env.BENCH_LOG_LEVEL ?? "silent",
      CRMESH_RATE_LIMIT: "1000000",
      // Whatever else the machine does makes a query late, and must not make it fail.
      CRMESH_REQUEST_TIMEOUT_MS: "120000",
      CRMESH_CONNECTION_TIMEOUT_MS: "60000",
      CRMESH_UPSTREAM_TIMEOUT_MS: "60000",
      // Odoo's address is typed in by end users, so a loopback one has to be allowed.
      CRMESH_ALLOW_PRIVATE_HOSTS: "on",
      ...Object.fromEntries(baseUrls),
      ...environment,
    },
    providers,
  );
  const { origin, store } = await startServer(config);
  const { id: workspaceId } = await store.workspaces.ensure("bench");
  const { secret } = await store.apiKeys.create({ workspaceId, environment: "live", name: "bench", scopes: SCOPES });
  return {
    ready: { url: `${origin}/graphql`, key: secret },
    answers: {
      /** A key of a new workspace. */
      async createKey(name) {
        const workspace = await store.workspaces.ensure(name);
        const owner = { workspaceId: workspace.id, environment: "live", name, scopes: SCOPES };
        return (await store.apiKeys.create(owner)).secret;
      },
    },
  };
});
