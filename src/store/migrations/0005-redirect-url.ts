import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** The URL to which the end user of a connection returns after a reconnect. */
export const redirectUrl: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table connection add column redirect_url text`.execute(db);
  },
};
