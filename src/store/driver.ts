import type { Dialect } from "kysely";
import type { StoreChanges } from "./changes.js";

/** The used part of the process's clock. */
export interface ListenerClock {
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface HeardChanges {
  readonly changes: StoreChanges;
  close(): Promise<void>;
}

/** A database driver for `openStore`. */
export interface Driver {
  /** Connects Kysely to the database. */
  readonly dialect: Dialect;
  /** For migrations, which need longer time-outs; null: use `dialect`. */
  readonly migrationDialect: Dialect | null;
  /** Prepares to hear of changes. Called after the migrations. `onLost` is called if changes are not heard any more. */
  hearChanges(clock: ListenerClock, onLost: (error: unknown) => void): Promise<HeardChanges>;
  /** Releases other resources after the database was closed. */
  release(): Promise<void>;
}
