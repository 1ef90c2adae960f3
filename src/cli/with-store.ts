import { readConfig, type Config } from "../config.js";
import { providers } from "../providers/index.js";
import { openStore, type Store } from "../store/open-store.js";

export type Print = (text: string) => void;

/** Opens the store that the environment names (PostgreSQL or the data folder), and closes it after `use`. */
export async function withStore(
  environment: NodeJS.ProcessEnv,
  use: (opened: { store: Store; config: Config }) => Promise<void>,
): Promise<void> {
  const config = readConfig(environment, providers);
  const { dataDir, databaseUrl, databasePoolSize } = config;
  const store = await openStore({ dataDir, databaseUrl, databasePoolSize });
  try {
    await use({ store, config });
  } finally {
    await store.close();
  }
}
