import { constants } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "../../src/store/open-store.js";
import { PREPARED_DATABASE } from "./prepared-database.js";

/** A data folder of its own, in which the database is created but knows no table of crmesh yet. */
export async function newDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "crmesh-test-"));
  await cp(PREPARED_DATABASE, join(folder, "db"), { recursive: true, mode: constants.COPYFILE_FICLONE });
  return folder;
}

/** An empty store of its own, opened as a server opens it; closing it removes its folder. */
export async function openNewStore(now?: () => number): Promise<Store> {
  const dataDir = await newDataFolder();
  const remove = () => rm(dataDir, { recursive: true, force: true });
  try {
    const store = await openStore({ dataDir, ...(now ? { now } : {}) });
    return {
      ...store,
      close: async () => {
        await store.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
