import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { PGliteDialect } from "kysely";
import { CHANGE_CHANNEL, OwnChanges } from "./changes.js";
import type { Driver, HeardChanges } from "./driver.js";
import { StoreUnavailableError } from "./faults.js";
import { acquireLock } from "./lock-file.js";
import { openPglite } from "./pglite.js";
import { readPreparedDatabase } from "./prepared-database.js";

type ReadPrepared = () => Promise<Blob | null>;

/**
 * PGlite, PostgreSQL in this process: in memory, or in `<dataDir>/db` behind the folder's lock.
 *
 * @param readPrepared returns the archive that a new database is a copy of, or null if there is none
 * @throws StoreInUseError, StoreUnavailableError
 */
export async function openEmbeddedDriver(
  dataDir: string | null,
  readPrepared: ReadPrepared = readPreparedDatabase,
): Promise<Driver> {
  if (dataDir === null) {
    return driverOf(await createDatabase(readPrepared), async () => {});
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const release = await acquireLock(dataDir);
  try {
    return driverOf(await openDatabase(dataDir, readPrepared), release);
  } catch (error) {
    await release();
    throw new StoreUnavailableError(
      `The database in ${dataDir} cannot be opened. If it is damaged, restore a backup, or start with another data folder.`,
      { cause: error },
    );
  }
}

function driverOf(pglite: PGlite, release: () => Promise<void>): Driver {
  return {
    dialect: new PGliteDialect({ pglite }),
    migrationDialect: null,
    hearChanges: () => hearChanges(pglite),
    release,
  };
}

/** PGlite delivers announcements with the answer to the statement that has caused them. */
async function hearChanges(pglite: PGlite): Promise<HeardChanges> {
  const changes = new OwnChanges();
  await pglite.listen(CHANGE_CHANNEL, (text) => changes.announce(text));
  // The listening ends with the database.
  return { changes, close: async () => {} };
}

async function openDatabase(dataDir: string, readPrepared: ReadPrepared): Promise<PGlite> {
  const folder = join(dataDir, "db");
  // Marks a database that is being created: after a start that was killed, the next one must not open an incomplete one.
  const unfinished = join(dataDir, "db.unfinished");
  if (existsSync(unfinished)) await rm(folder, { recursive: true, force: true });
  if (existsSync(folder)) return openPglite(folder);
  await writeFile(unfinished, "", { mode: 0o600 });
  const database = await createDatabase(readPrepared, folder);
  await rm(unfinished);
  return database;
}

/** Creates a database as a copy of the prepared one, or from nothing if the build made none. */
async function createDatabase(readPrepared: ReadPrepared, folder?: string): Promise<PGlite> {
  const prepared = await readPrepared();
  return openPglite(folder, prepared === null ? {} : { loadDataDir: prepared });
}
