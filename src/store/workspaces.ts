import type { Kysely } from "kysely";
import { guarded, lookUp, StoreRejectedError, UNIQUE_VIOLATION } from "./faults.js";
import { newId } from "./ids.js";
import type { Schema } from "./schema.js";

export interface WorkspaceRecord {
  id: string;
  name: string;
  createdAt: Date;
}

/** There already is a workspace of this name. */
export class WorkspaceExistsError extends Error {
  override readonly name = "WorkspaceExistsError";

  constructor(name: string) {
    super(`There already is a workspace named "${name}".`);
  }
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

  /**
   * Gives a workspace another name, which end users see on the Connect pages. False where none has the old one.
   * @throws WorkspaceExistsError when another workspace has the new name
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

  /** All of them, oldest first. For operators, not for API callers. */
  async list(): Promise<WorkspaceRecord[]> {
    return guarded(this.db.selectFrom("workspace").select(COLUMNS).orderBy("created_at").orderBy("id").execute());
  }

  async get(id: string): Promise<WorkspaceRecord | null> {
    return lookUp(this.db.selectFrom("workspace").select(COLUMNS).where("id", "=", id).executeTakeFirst());
  }
}
