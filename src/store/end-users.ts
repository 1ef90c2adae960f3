import { sql, type Kysely, type SqlBool } from "kysely";
import { CONNECTION_COLUMNS, type ConnectionRecord } from "./connections.js";
import { guarded, lookUp, lookUpMany } from "./faults.js";
import { newId } from "./ids.js";
import type { Environment, Schema } from "./schema.js";

export interface EndUserRecord {
  id: string;
  workspaceId: string;
  environment: Environment;
  /** The workspace's own id of its customer: `endUserId` of the API. */
  externalId: string;
  displayName: string | null;
  email: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface EndUserUpsert {
  workspaceId: string;
  environment: Environment;
  externalId: string;
  /** Absent keeps the stored value; null clears it. */
  displayName?: string | null | undefined;
  /** Absent keeps the stored value; null clears it. */
  email?: string | null | undefined;
}

const COLUMNS = [
  "id",
  "workspace_id as workspaceId",
  "environment",
  "external_id as externalId",
  "display_name as displayName",
  "email",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

/** An end user with its connection to one provider, which is null if there is none that is in use. */
export interface ConnectedEndUser {
  endUser: EndUserRecord;
  connection: ConnectionRecord | null;
}

export class EndUsers {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly now: () => number,
  ) {}

  /**
   * Creates or updates the end user of this external id.
   *
   * @throws StoreRejectedError for a text the database cannot hold (a NUL character; an external id beyond some 2,000 bytes)
   */
  async upsert({ workspaceId, environment, externalId, displayName, email }: EndUserUpsert): Promise<EndUserRecord> {
    const time = this.now();
    const at = new Date(time);
    const given = {
      ...(displayName !== undefined && { display_name: displayName }),
      ...(email !== undefined && { email }),
    };
    const changes = Object.keys(given).length > 0 ? { ...given, updated_at: at } : { external_id: externalId };
    return guarded(
      this.db
        .insertInto("end_user")
        .values({
          id: newId("eu", time),
          workspace_id: workspaceId,
          environment,
          external_id: externalId,
          ...given,
          created_at: at,
          updated_at: at,
        })
        .onConflict((conflict) => conflict.columns(["workspace_id", "environment", "external_id"]).doUpdateSet(changes))
        .returning(COLUMNS)
        .executeTakeFirstOrThrow(),
    );
  }

  async find(workspaceId: string, environment: Environment, externalId: string): Promise<EndUserRecord | null> {
    return lookUp(this.within(workspaceId, environment).where("external_id", "=", externalId).executeTakeFirst());
  }

  /** Finds an end user together with its connection to a provider, unless that is disconnected. */
  async findConnected(
    workspaceId: string,
    environment: Environment,
    externalId: string,
    provider: string,
  ): Promise<ConnectedEndUser | null> {
    const row = await lookUp(
      this.db
        .selectFrom("end_user")
        .leftJoin("connection", (join) =>
          join
            .onRef("connection.end_user_id", "=", "end_user.id")
            .on("connection.provider", "=", provider)
            .on(sql<SqlBool>`connection.status <> 'DISCONNECTED'`),
        )
        .select(CONNECTION_COLUMNS.map((column) => `connection.${column}` as const))
        .select([
          "end_user.id as ownerId",
          "external_id as externalId",
          "display_name as displayName",
          "email",
          "end_user.created_at as ownerCreatedAt",
          "end_user.updated_at as ownerUpdatedAt",
        ])
        .where("end_user.workspace_id", "=", workspaceId)
        .where("end_user.environment", "=", environment)
        .where("external_id", "=", externalId)
        .executeTakeFirst(),
    );
    if (row === null) return null;
    const { ownerId: id, ownerCreatedAt: createdAt, ownerUpdatedAt: updatedAt, displayName, email, ...joined } = row;
    const endUser = { id, workspaceId, environment, externalId, displayName, email, createdAt, updatedAt };
    const { externalId: _externalId, ...connection } = joined;
    return { endUser, connection: connection.id === null ? null : (connection as ConnectionRecord) };
  }

  async get(workspaceId: string, environment: Environment, id: string): Promise<EndUserRecord | null> {
    return lookUp(this.within(workspaceId, environment).where("id", "=", id).executeTakeFirst());
  }

  /** Finds several end users by external id, in no particular order. Skips unknown ids. */
  findMany(workspaceId: string, environment: Environment, externalIds: readonly string[]): Promise<EndUserRecord[]> {
    const endUsers = this.within(workspaceId, environment);
    return lookUpMany(externalIds, (names) => endUsers.where("external_id", "in", names).execute());
  }

  /** Finds several end users by id, in no particular order. Skips unknown ids. */
  getMany(workspaceId: string, environment: Environment, ids: readonly string[]): Promise<EndUserRecord[]> {
    const endUsers = this.within(workspaceId, environment);
    return lookUpMany(ids, (names) => endUsers.where("id", "in", names).execute());
  }

  private within(workspaceId: string, environment: Environment) {
    return this.db
      .selectFrom("end_user")
      .select(COLUMNS)
      .where("workspace_id", "=", workspaceId)
      .where("environment", "=", environment);
  }
}
