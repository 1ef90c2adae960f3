import { sql, type Kysely } from "kysely";
import { guarded } from "./faults.js";
import type { Schema } from "./schema.js";

/**
 * Leases for the refresh of a connection's credentials. A lease has one holder across all processes, until it is released
 * or expires. The database's clock counts, because the clocks of replicas differ.
 */
export class RefreshLeases {
  constructor(private readonly db: Kysely<Schema>) {}

  /**
   * Takes or extends the lease for `ttlMs` milliseconds. False if another holder has it.
   *
   * @throws StoreRejectedError if the connection does not exist
   */
  async take(connectionId: string, holder: string, ttlMs: number): Promise<boolean> {
    const expiresAt = sql<Date>`clock_timestamp() + ${ttlMs}::double precision * interval '1 millisecond'`;
    const taken = this.db
      .insertInto("refresh_lease")
      .values({ connection_id: connectionId, holder, expires_at: expiresAt })
      .onConflict((conflict) =>
        conflict
          .column("connection_id")
          // Read the clock again: this may have waited for another transaction since the INSERT began.
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

  /** Releases the lease. Does nothing if another holder has it. */
  async release(connectionId: string, holder: string): Promise<void> {
    const ended = this.db
      .deleteFrom("refresh_lease")
      .where("connection_id", "=", connectionId)
      .where("holder", "=", holder);
    await guarded(ended.execute());
  }
}
