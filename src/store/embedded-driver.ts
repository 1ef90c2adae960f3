import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { PGliteDialect, type Dialect } from "kysely";
import { StoreUnavailableError } from "./faults.js";
import { acquireLock, type Release } from "./lock-file.js";

/** What a driver gives to `openStore`: how Kysely speaks to the database, and what to let go after it is closed. */
export interface Driver {
  readonly dialect: Dialect;
  release: Release;
}

/**
 * PGlite, PostgreSQL in this process: in memory, or in `<dataDir>/db` behind the folder's lock.
 *
 * @throws StoreInUseError, StoreUnavailableError
 */
export async function openEmbeddedDriver(dataDir: string | null): Promise<Driver> {
  if (dataDir === null) {
    return { dialect: new PGliteDialect({ pglite: await PGlite.create() }), release: async () => {} };
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const release = await acquireLock(dataDir);
  try {
    const folder = join(dataDir, "db");
    if (!existsSync(folder)) await createDatabase(folder);
    return { dialect: new PGliteDialect({ pglite: await PGlite.create(folder) }), release };
  } catch (error) {
    await release();
    throw new StoreUnavailableError(`The database in ${dataDir} cannot be opened`, { cause: error });
  }
}

/** A first start that is killed half-way must not leave half a database behind under the final name. */
async function createDatabase(folder: string): Promise<void> {
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  const database = await PGlite.create(draft);
  await database.close();
  await rename(draft, folder);
}
