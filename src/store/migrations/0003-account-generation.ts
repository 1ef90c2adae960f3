import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** A number that tells the accounts apart to which one connection has belonged. */
export const accountGeneration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table connection add column account_generation integer not null default 1`.execute(db);
  },
};
