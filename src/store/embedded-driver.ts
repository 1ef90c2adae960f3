import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { PGliteDialect } from "kysely";
import type { Driver } from "./driver.js";
import { StoreUnavailableError } from "./faults.js";
import { acquireLock } from "./lock-file.js";

/**
 * PGlite, PostgreSQL in this process: in memory, or in `<dataDir>/db` behind the folder's lock.
 *
 * @throws StoreInUseError, StoreUnavailableError
 */
export async function openEmbeddedDriver(dataDir: string | null): Promise<Driver> {
  if (dataDir === null) {
    const dialect = new PGliteDialect({ pglite: await PGlite.create() });
    return { dialect, migrationDialect: null, release: async () => {} };
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const release = await acquireLock(dataDir);
  try {
    const folder = join(dataDir, "db");
    if (!existsSync(folder)) await createDatabase(folder);
    const dialect = new PGliteDialect({ pglite: await PGlite.create(folder) });
    return { dialect, migrationDialect: null, release };
  } catch (error) {
    await release();
    throw new StoreUnavailableError(
      `The database in ${dataDir} cannot be opened. If it is damaged, restore a backup, or start with another data folder.`,
      { cause: error },
    );
  }
}

/** Creates the database under another name first: a start that is killed must not leave an incomplete database. */
async function createDatabase(folder: string): Promise<void> {
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  const database = await PGlite.create(draft);
  await database.close();
  await rename(draft, folder);
}
