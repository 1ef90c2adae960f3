import type { Kysely } from "kysely";
import { guarded } from "./faults.js";
import type { Schema } from "./schema.js";

/** The connect tokens that were used, so that none is used twice, on whatever replica. */
export class SpentConnectTokens {
  constructor(private readonly db: Kysely<Schema>) {}

  /** True for the first caller only. `expiresAt`: when the token ends by itself, and need not be remembered any more. */
  async spend(id: string, expiresAt: Date): Promise<boolean> {
    const spent = this.db
      .insertInto("spent_connect_token")
      .values({ id, expires_at: expiresAt })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .returning("id");
    return (await guarded(spent.executeTakeFirst())) !== undefined;
  }
}
