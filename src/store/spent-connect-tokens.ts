import type { Kysely } from "kysely";
import { guarded } from "./faults.js";
import type { Schema } from "./schema.js";

/** The used connect tokens, so that no replica accepts a token twice. */
export class SpentConnectTokens {
  constructor(private readonly db: Kysely<Schema>) {}

  /** Returns true only for the first caller. After `expiresAt`, the token is invalid anyway and may be forgotten. */
  async spend(id: string, expiresAt: Date): Promise<boolean> {
    const spent = this.db
      .insertInto("spent_connect_token")
      .values({ id, expires_at: expiresAt })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .returning("id");
    return (await guarded(spent.executeTakeFirst())) !== undefined;
  }
}
