import { sql, type Kysely } from "kysely";
import { guarded } from "./faults.js";
import { firstIdAt } from "./ids.js";
import type { Schema } from "./schema.js";

/** Milliseconds for which a spent token is kept after its expiry. Longer than the clocks of two replicas differ. */
const CLOCK_DIFFERENCE_MS = 60 * 60_000;
/** Events per DELETE, so that the statement does not reach its time-out. */
const EVENTS_AT_ONCE = 5_000;

/** Deletes expired rows: spent connect tokens, refresh leases, and the events before a time. */
export async function deleteExpiredRows(db: Kysely<Schema>, nowMs: number, eventsBefore: Date): Promise<void> {
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
    // Compare ids: they begin with the time, and are indexed.
    .where("id", "<", firstIdAt("evt", before.getTime()))
    .orderBy("id")
    .limit(EVENTS_AT_ONCE);
  const { numDeletedRows } = await guarded(
    db.deleteFrom("connection_event").where("id", "in", oldest).executeTakeFirstOrThrow(),
  );
  return Number(numDeletedRows);
}
