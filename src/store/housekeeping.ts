import { sql, type Kysely } from "kysely";
import { guarded } from "./faults.js";
import { firstIdAt } from "./ids.js";
import type { Schema } from "./schema.js";

/** Milliseconds that a spent token is remembered beyond its expiry: more than any two replicas' clocks differ. */
const CLOCK_DIFFERENCE_MS = 60 * 60_000;
/** Events deleted by one statement, so that a great many do not run into its time limit. */
const EVENTS_AT_ONCE = 5_000;

/** Deletes what has ended: spent connect tokens, refresh leases, and the events before a time. */
export async function housekeep(db: Kysely<Schema>, nowMs: number, eventsBefore: Date): Promise<void> {
  const longExpired = new Date(nowMs - CLOCK_DIFFERENCE_MS);
  await guarded(db.deleteFrom("spent_connect_token").where("expires_at", "<", longExpired).execute());
  await guarded(
    db
      .deleteFrom("refresh_lease")
      .where("expires_at", "<", sql<Date>`clock_timestamp()`)
      .execute(),
  );
  while ((await deleteEvents(db, eventsBefore)) === EVENTS_AT_ONCE);
}

async function deleteEvents(db: Kysely<Schema>, before: Date): Promise<number> {
  const oldest = db
    .selectFrom("connection_event")
    .select("id")
    // By id, which begins with the time and is indexed.
    .where("id", "<", firstIdAt("evt", before.getTime()))
    .orderBy("id")
    .limit(EVENTS_AT_ONCE);
  const { numDeletedRows } = await guarded(
    db.deleteFrom("connection_event").where("id", "in", oldest).executeTakeFirstOrThrow(),
  );
  return Number(numDeletedRows);
}
