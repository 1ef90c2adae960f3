import { Kysely, sql } from "kysely";
import { Ciphertexts } from "./ciphertexts.js";
import { guarded } from "./faults.js";
import { appliedMigrations, MIGRATIONS } from "./migrations/index.js";
import { openDriver, type StoreOptions } from "./open-store.js";
import type { Schema } from "./schema.js";

/** A database as it is found. Nothing of it is changed, and no migration is applied. */
export interface InspectedStore {
  /** Migrations that the next start of crmesh will apply. All of them for an empty database. */
  pendingMigrations: string[];
  /** Migrations of a newer crmesh. This version cannot use the database then. */
  unknownMigrations: string[];
  /** Null if the database has no tables yet. */
  ciphertexts: Ciphertexts | null;
  /** The database's clock: milliseconds since 1970. */
  now(): Promise<number>;
}

/**
 * Opens the database of the options, and closes it after `use`.
 *
 * @throws StoreInUseError, StoreUnavailableError
 */
export async function inspectStore<Result>(
  options: Omit<StoreOptions, "now" | "telemetry">,
  use: (store: InspectedStore) => Promise<Result>,
): Promise<Result> {
  const driver = await openDriver(options);
  const db = new Kysely<Schema>({ dialect: driver.dialect });
  try {
    const applied = await appliedMigrations(db);
    return await use({
      pendingMigrations: Object.keys(MIGRATIONS).filter((name) => !applied.includes(name)),
      unknownMigrations: applied.filter((name) => !(name in MIGRATIONS)),
      ciphertexts: applied.length === 0 ? null : new Ciphertexts(db),
      now: async () => {
        const query = sql<{ ms: number }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
        return (await guarded(query.execute(db))).rows[0]!.ms;
      },
    });
  } finally {
    try {
      await db.destroy();
    } finally {
      await driver.release();
    }
  }
}
