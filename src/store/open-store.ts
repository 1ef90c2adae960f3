import { setTimeout as delay } from "node:timers/promises";
import { Kysely, sql } from "kysely";
import { ApiKeys } from "./api-keys.js";
import type { StoreChanges } from "./changes.js";
import { Ciphertexts } from "./ciphertexts.js";
import { ConnectionEvents } from "./connection-events.js";
import { countConnections, type ConnectionCount } from "./connection-counts.js";
import { Connections } from "./connections.js";
import { systemReason } from "./data-folder-fault.js";
import type { Driver, HeardChanges, ListenerClock } from "./driver.js";
import { openEmbeddedDriver } from "./embedded-driver.js";
import { EndUsers } from "./end-users.js";
import { guarded, StoreUnavailableError } from "./faults.js";
import { deleteExpiredRows } from "./expired-rows.js";
import { migrate } from "./migrations/index.js";
import { openPostgresDriver } from "./postgres-driver.js";
import { RefreshLeases } from "./refresh-leases.js";
import { NO_TELEMETRY, type Telemetry } from "../observability/telemetry/telemetry.js";
import type { Schema } from "./schema.js";
import { SpentConnectTokens } from "./spent-connect-tokens.js";
import { statementLog } from "./statement-telemetry.js";
import { Workspaces } from "./workspaces.js";

export interface StoreOptions {
  /** The folder of the embedded database, created with mode 0700. Null keeps the database in memory. */
  dataDir: string | null;
  /** Uses this PostgreSQL instead of the embedded database: `postgres://user:password@host:port/database`. */
  databaseUrl?: string | undefined;
  /** Maximum number of connections to PostgreSQL. Defaults to 10. */
  databasePoolSize?: number | undefined;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** For the waits and windows of the listener for changes. */
  clock?: ListenerClock;
  /** Called if PostgreSQL no longer announces changes. They are then seen later. */
  onChangesLost?: (error: unknown) => void;
  /** True if another process of this version has brought the schema up to date. False by default. */
  isMigrated?: boolean;
  /** Off by default. */
  telemetry?: Telemetry;
}

/**
 * The database of crmesh. Every call may throw StoreUnavailableError. Calls that store text from outside may throw
 * StoreRejectedError for a value that the database cannot store.
 */
export interface Store {
  readonly workspaces: Workspaces;
  readonly apiKeys: ApiKeys;
  readonly endUsers: EndUsers;
  readonly connections: Connections;
  readonly events: ConnectionEvents;
  readonly refreshLeases: RefreshLeases;
  readonly spentConnectTokens: SpentConnectTokens;
  readonly ciphertexts: Ciphertexts;
  /** Changes of keys, end users and connections, by any process. */
  readonly changes: StoreChanges;
  /** Counts the connections of all workspaces. Reads the whole table. */
  countConnections(): Promise<ConnectionCount[]>;
  /** Deletes expired rows: spent tokens, leases, and the events before a time. */
  housekeep: (what: { eventsBefore: Date }) => Promise<void>;
  /** @throws StoreUnavailableError if the database does not answer */
  ping(): Promise<void>;
  /** Closes the database and unlocks the data folder. May be called again. */
  close(): Promise<void>;
}

const SYSTEM_CLOCK: ListenerClock = {
  monotonic: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
};

/**
 * Opens the store and brings its schema up to date.
 *
 * @throws StoreInUseError when another process has the folder open
 * @throws NewerSchemaError when the database was written by a newer crmesh
 * @throws MigrationFailedError when the schema could not be brought up to date; it is then unchanged
 * @throws StoreUnavailableError when the database cannot be opened
 */
export async function openStore({
  now = Date.now,
  clock = SYSTEM_CLOCK,
  onChangesLost = () => {},
  isMigrated = false,
  telemetry = NO_TELEMETRY,
  ...options
}: StoreOptions): Promise<Store> {
  const driver = await openDriver(options);
  const db = new Kysely<Schema>({ dialect: driver.dialect, ...statementLog(telemetry) });
  let heard: HeardChanges | null = null;
  const close = async (): Promise<void> => {
    try {
      await heard?.close();
      heard = null;
      await db.destroy();
    } finally {
      await driver.release();
    }
  };
  try {
    if (!isMigrated) await migrateWith(driver, db);
    heard = await driver.hearChanges(clock, onChangesLost);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    workspaces: new Workspaces(db, now),
    apiKeys: new ApiKeys(db, now),
    endUsers: new EndUsers(db, now),
    connections: new Connections(db, now),
    events: new ConnectionEvents(db, now),
    refreshLeases: new RefreshLeases(db),
    spentConnectTokens: new SpentConnectTokens(db),
    ciphertexts: new Ciphertexts(db),
    changes: heard.changes,
    countConnections: () => countConnections(db),
    housekeep: ({ eventsBefore }) => deleteExpiredRows(db, now(), eventsBefore),
    ping: async () => {
      await guarded(sql`select 1`.execute(db));
    },
    close,
  };
}

/** @throws StoreInUseError, StoreUnavailableError */
export async function openDriver({
  dataDir,
  databaseUrl,
  databasePoolSize,
}: Omit<StoreOptions, "now">): Promise<Driver> {
  if (databaseUrl !== undefined) return openPostgresDriver(databaseUrl, databasePoolSize);
  try {
    return await openEmbeddedDriver(dataDir);
  } catch (error) {
    const reason = systemReason(error) ?? systemReason((error as Error).cause);
    if (reason === null) throw error;
    throw new StoreUnavailableError(
      `The data folder ${dataDir} cannot be used: ${reason}. Set CRMESH_DATA_DIR to a folder that this user can write to.`,
      { cause: error },
    );
  }
}

async function migrateWith({ migrationDialect }: Driver, db: Kysely<Schema>): Promise<void> {
  if (migrationDialect === null) return migrate(db);
  const migrating = new Kysely<Schema>({ dialect: migrationDialect });
  try {
    await migrate(migrating);
  } finally {
    await migrating.destroy();
  }
}
