import type { Dialect } from "kysely";

/** What a driver gives to `openStore`. */
export interface Driver {
  /** How Kysely speaks to the database. */
  readonly dialect: Dialect;
  /** How it does for migrations, where they need other limits than everyday calls; null: the same way. */
  readonly migrationDialect: Dialect | null;
  /** Lets go of what is left after the database is closed. */
  release(): Promise<void>;
}
