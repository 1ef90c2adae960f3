import { Kysely, sql } from "kysely";
import { ApiKeys } from "./api-keys.js";
import { Connections } from "./connections.js";
import { openEmbeddedDriver } from "./embedded-driver.js";
import { EndUsers } from "./end-users.js";
import { guarded } from "./faults.js";
import { migrate } from "./migrations/index.js";
import type { Schema } from "./schema.js";
import { Workspaces } from "./workspaces.js";

export interface StoreOptions {
  /** The folder of the embedded database, created with mode 0700; null keeps everything in memory. */
  dataDir: string | null;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/**
 * Everything crmesh remembers. Every call may throw StoreUnavailableError; calls that store text from outside may throw
 * StoreRejectedError for a value that the database cannot hold.
 */
export interface Store {
  readonly workspaces: Workspaces;
  readonly apiKeys: ApiKeys;
  readonly endUsers: EndUsers;
  readonly connections: Connections;
  /** Answers when the database does; throws StoreUnavailableError when it does not. */
  ping(): Promise<void>;
  /** Closes the database and gives the data folder free; may be called again. */
  close(): Promise<void>;
}

/**
 * Opens the store and brings its schema up to date.
 *
 * @throws StoreInUseError when another process has the folder open
 * @throws NewerSchemaError when the database was written by a newer crmesh
 * @throws MigrationFailedError when the schema could not be brought up to date; it is then unchanged
 * @throws StoreUnavailableError when the database cannot be opened
 */
export async function openStore({ dataDir, now = Date.now }: StoreOptions): Promise<Store> {
  const driver = await openEmbeddedDriver(dataDir);
  const db = new Kysely<Schema>({ dialect: driver.dialect });
  const close = async (): Promise<void> => {
    try {
      await db.destroy();
    } finally {
      await driver.release();
    }
  };
  try {
    await migrate(db);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    workspaces: new Workspaces(db, now),
    apiKeys: new ApiKeys(db, now),
    endUsers: new EndUsers(db, now),
    connections: new Connections(db, now),
    ping: async () => {
      await guarded(sql`select 1`.execute(db));
    },
    close,
  };
}
