import { sql, type Kysely } from "kysely";
import { guarded } from "./faults.js";
import type { Schema } from "./schema.js";

/**
 * The right to refresh a connection's credentials: one holder at a time, over all processes, until it is given back or
 * ends. Time is the database's own clock, as the clocks of replicas differ.
 */
export class RefreshLeases {
  constructor(private readonly db: Kysely<Schema>) {}

  /**
   * True when this holder has the lease now, for `ttlMs` milliseconds; also when it had it already.
   *
   * @throws StoreRejectedError where there is no such connection
   */
  async take(connectionId: string, holder: string, ttlMs: number): Promise<boolean> {
    const expiresAt = sql<Date>`clock_timestamp() + ${ttlMs}::double precision * interval '1 millisecond'`;
    const taken = this.db
      .insertInto("refresh_lease")
      .values({ connection_id: connectionId, holder, expires_at: expiresAt })
      .onConflict((conflict) =>
        conflict
          .column("connection_id")
          // Read off the clock anew: between the attempt to insert and this lies the wait for another's transaction.
          .doUpdateSet({ holder, expires_at: expiresAt })
          .where((eb) =>
            eb.or([
              eb("refresh_lease.holder", "=", holder),
              eb("refresh_lease.expires_at", "<=", sql<Date>`clock_timestamp()`),
            ]),
          ),
      )
      .returning("connection_id");
    return (await guarded(taken.executeTakeFirst())) !== undefined;
  }

  /** Gives the lease back; does nothing when it is not, or no longer, this holder's. */
  async release(connectionId: string, holder: string): Promise<void> {
    const ended = this.db
      .deleteFrom("refresh_lease")
      .where("connection_id", "=", connectionId)
      .where("holder", "=", holder);
    await guarded(ended.execute());
  }
}
