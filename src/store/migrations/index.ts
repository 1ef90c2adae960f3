import type { Kysely } from "kysely";
import { DEFAULT_MIGRATION_TABLE, Migrator, type Migration } from "kysely/migration";
import { guarded } from "../faults.js";
import type { Schema } from "../schema.js";
import { initial } from "./0001-initial.js";
import { connect } from "./0002-connect.js";
import { accountGeneration } from "./0003-account-generation.js";
import { price } from "./0004-price.js";
import { redirectUrl } from "./0005-redirect-url.js";
import { announcedChanges } from "./0006-announced-changes.js";

/** The migrations in order. Never edit, rename or remove a released migration. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-initial": initial,
  "0002-connect": connect,
  "0003-account-generation": accountGeneration,
  "0004-price": price,
  "0005-redirect-url": redirectUrl,
  "0006-announced-changes": announcedChanges,
};

/** The database has migrations that this version does not know. */
export class NewerSchemaError extends Error {
  override readonly name = "NewerSchemaError";

  constructor(migration: string) {
    super(
      `The database was written by a newer crmesh: its migration "${migration}" is unknown to this one. ` +
        "Run the newer version, or restore a backup that this version made.",
    );
  }
}

/** A migration failed, and the database is unchanged. See the cause. */
export class MigrationFailedError extends Error {
  override readonly name = "MigrationFailedError";
}

/**
 * Updates the schema in one transaction. If several processes start at once, one migrates and the others wait.
 *
 * @throws NewerSchemaError, MigrationFailedError, StoreUnavailableError
 */
export async function migrate(db: Kysely<Schema>, migrations = MIGRATIONS): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  // The migrator refuses unknown migrations while it holds the lock. A check here would be too early.
  const unknown = (await appliedMigrations(db)).find((name) => !(name in migrations));
  if (unknown !== undefined) throw new NewerSchemaError(unknown);
  const failed = results?.find(({ status }) => status === "Error")?.migrationName;
  const what = failed === undefined ? "The database could not be migrated" : `The migration "${failed}" failed`;
  throw new MigrationFailedError(`${what}. Nothing was changed.`, { cause: error });
}

/** The names of the migrations that the database has, also of a newer version; none for an empty database. */
export async function appliedMigrations(db: Kysely<Schema>): Promise<string[]> {
  const tables = await guarded(db.introspection.getTables({ withInternalKyselyTables: true }));
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return [];
  const applied = db
    .withTables<{ [DEFAULT_MIGRATION_TABLE]: { name: string } }>()
    .selectFrom(DEFAULT_MIGRATION_TABLE)
    .select("name")
    .orderBy("name");
  const rows = await guarded(applied.execute());
  return rows.map(({ name }) => name);
}
