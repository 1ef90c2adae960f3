import type { Kysely } from "kysely";
import { guarded, lookUp, StoreRejectedError, UNIQUE_VIOLATION } from "./faults.js";
import { newId } from "./ids.js";
import type { Schema } from "./schema.js";

export interface WorkspaceRecord {
  id: string;
  name: string;
  createdAt: Date;
}

/** Another workspace has this name. */
export class WorkspaceExistsError extends Error {
  override readonly name = "WorkspaceExistsError";

  constructor(name: string) {
    super(`A workspace named "${name}" already exists.`);
  }
}

const COLUMNS = ["id", "name", "created_at as createdAt"] as const;

export class Workspaces {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly now: () => number,
  ) {}

  /** Returns the workspace of this name. Creates it if it does not exist. */
  async ensure(name: string): Promise<WorkspaceRecord> {
    const time = this.now();
    return guarded(
      this.db
        .insertInto("workspace")
        .values({ id: newId("ws", time), name, created_at: new Date(time) })
        // An update without effect, because DO NOTHING would return no row.
        .onConflict((conflict) => conflict.column("name").doUpdateSet((eb) => ({ name: eb.ref("excluded.name") })))
        .returning(COLUMNS)
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Renames a workspace. End users see the name on the Connect pages. False if no workspace has the old name.
   * @throws WorkspaceExistsError if another workspace has the new name
   */
  async rename(from: string, to: string): Promise<boolean> {
    const renamed = this.db.updateTable("workspace").set({ name: to }).where("name", "=", from).returning("id");
    try {
      return (await lookUp(renamed.executeTakeFirst())) !== null;
    } catch (error) {
      if (error instanceof StoreRejectedError && error.code === UNIQUE_VIOLATION) throw new WorkspaceExistsError(to);
      throw error;
    }
  }

  /** Lists all workspaces, oldest first. For operators, not for API callers. */
  async list(): Promise<WorkspaceRecord[]> {
    return guarded(this.db.selectFrom("workspace").select(COLUMNS).orderBy("created_at").orderBy("id").execute());
  }

  async get(id: string): Promise<WorkspaceRecord | null> {
    return lookUp(this.db.selectFrom("workspace").select(COLUMNS).where("id", "=", id).executeTakeFirst());
  }
}
