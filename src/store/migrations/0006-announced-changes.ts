import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

const TABLES = ["api_key", "end_user", "connection"];

/**
 * Triggers announce each change of a key, an end user or a connection on the channel `crmesh_change`, whoever makes it. New
 * rows are not announced, because nobody remembers that a row did not exist. The time of the last use is no change.
 */
export const announcedChanges: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create function crmesh_announce_change() returns trigger language plpgsql as $$
      begin
        perform pg_notify('crmesh_change', tg_table_name || ' ' || old.id);
        return null;
      end
      $$`.execute(db);
    for (const name of TABLES) {
      const table = sql.table(name);
      await sql`
        create trigger crmesh_changed after update on ${table} for each row
        when (to_jsonb(old) - 'last_used_at' is distinct from to_jsonb(new) - 'last_used_at')
        execute function crmesh_announce_change()`.execute(db);
      await sql`
        create trigger crmesh_deleted after delete on ${table} for each row
        execute function crmesh_announce_change()`.execute(db);
    }
  },
};
