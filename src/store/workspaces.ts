import type { Kysely } from "kysely";
import { guarded, lookUp } from "./faults.js";
import { newId } from "./ids.js";
import type { Schema } from "./schema.js";

export interface WorkspaceRecord {
  id: string;
  name: string;
  createdAt: Date;
}

const COLUMNS = ["id", "name", "created_at as createdAt"] as const;

export class Workspaces {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly now: () => number,
  ) {}

  /** The workspace of this name, created where there is none. */
  async ensure(name: string): Promise<WorkspaceRecord> {
    const time = this.now();
    return guarded(
      this.db
        .insertInto("workspace")
        .values({ id: newId("ws", time), name, created_at: new Date(time) })
        // An update that changes nothing, because DO NOTHING would return no row.
        .onConflict((conflict) => conflict.column("name").doUpdateSet((eb) => ({ name: eb.ref("excluded.name") })))
        .returning(COLUMNS)
        .executeTakeFirstOrThrow(),
    );
  }

  async get(id: string): Promise<WorkspaceRecord | null> {
    return lookUp(this.db.selectFrom("workspace").select(COLUMNS).where("id", "=", id).executeTakeFirst());
  }
}
