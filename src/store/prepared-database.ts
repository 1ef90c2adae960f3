import { existsSync, openAsBlob } from "node:fs";
import { fileURLToPath } from "node:url";
import { Kysely, PGliteDialect } from "kysely";
import { migrate } from "./migrations/index.js";
import { openPglite } from "./pglite.js";
import type { Schema } from "./schema.js";

/** The file that the build makes of `createPreparedDatabase`. */
const FILE = fileURLToPath(new URL("./prepared-database.tar.gz", import.meta.url));

/**
 * Returns the data folder of an embedded database that has all tables, as a compressed archive. A new database begins as a
 * copy of it: to create one takes seconds, and half a gigabyte of memory.
 */
export async function createPreparedDatabase(): Promise<Blob> {
  const pglite = await openPglite();
  // Closes PGlite at the end.
  const db = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
  try {
    await migrate(db);
    await pglite.exec("checkpoint");
    return await pglite.dumpDataDir("gzip");
  } finally {
    await db.destroy();
  }
}

/** Returns that archive, or null if it was not built, as when tests run from source. */
export async function readPreparedDatabase(): Promise<Blob | null> {
  return existsSync(FILE) ? openAsBlob(FILE) : null;
}
