import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** API keys with a limit of their own for the upstream calls of an operation. */
export const price: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table api_key add column max_calls integer check (max_calls > 0)`.execute(db);
  },
};
