import { DEMO_END_USER, DEMO_KEY } from "../dist/demo.js";
import { readConfig } from "../dist/config.js";
import { providers } from "../dist/providers/index.js";
import { startServer } from "../dist/server.js";
import { runChild } from "./child.js";

/** crmesh with its own sandbox CRMs, which can be told to answer late. */
runChild(async ({ dataDir }) => {
  const config = readConfig(
    { PORT: "0", CRMESH_DATA_DIR: dataDir, CRMESH_LOG_LEVEL: "silent", CRMESH_RATE_LIMIT: "1000000" },
    providers,
  );
  const { origin } = await startServer(config);
  const resources = Object.fromEntries(
    providers.all.map((provider) => [provider.slug, Object.keys(provider.resources)]),
  );
  return { ready: { url: `${origin}/graphql`, key: DEMO_KEY, endUser: DEMO_END_USER, resources } };
});
