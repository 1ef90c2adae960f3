import type { Dialect } from "kysely";

/** A database driver for `openStore`. */
export interface Driver {
  /** Connects Kysely to the database. */
  readonly dialect: Dialect;
  /** For migrations, which need longer time-outs; null: use `dialect`. */
  readonly migrationDialect: Dialect | null;
  /** Releases other resources after the database was closed. */
  release(): Promise<void>;
}
