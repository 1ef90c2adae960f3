import { sql, type Kysely, type SqlBool } from "kysely";
import { FOREIGN_KEY_VIOLATION, guarded, lookUp, StoreRejectedError } from "./faults.js";
import { newId } from "./ids.js";
import type { ConnectionStatus, Environment, Schema } from "./schema.js";

export interface ConnectionRecord {
  id: string;
  workspaceId: string;
  environment: Environment;
  /** crmesh's own id of the end user (`eu_…`), not the workspace's. */
  endUserId: string;
  /** The provider's slug. */
  provider: string;
  status: ConnectionStatus;
  /** A compact JWE of the vault, bound to `id`; null exactly when DISCONNECTED. */
  credentials: string | null;
  /** Grows by one with every change of the credentials; starts at 1. */
  credentialsVersion: number;
  /** What the provider calls the connected account, where it says so. */
  accountName: string | null;
  createdAt: Date;
  updatedAt: Date;
  lastUsedAt: Date | null;
}

export interface NewConnection {
  /** From `newId()`: known before the row is, because the credentials are encrypted for it. */
  id: string;
  workspaceId: string;
  environment: Environment;
  endUserId: string;
  provider: string;
  /** A compact JWE of the vault, encrypted for `id`. */
  credentials: string;
  accountName?: string | null | undefined;
}

export type CreateConnectionResult =
  | { outcome: "CREATED"; connection: ConnectionRecord }
  /** This end user has a connection to this provider that is not disconnected. */
  | { outcome: "ALREADY_EXISTS" }
  /** No such end user in this workspace and environment. */
  | { outcome: "END_USER_NOT_FOUND" };

const COLUMNS = [
  "id",
  "workspace_id as workspaceId",
  "environment",
  "end_user_id as endUserId",
  "provider",
  "status",
  "credentials",
  "credentials_version as credentialsVersion",
  "account_name as accountName",
  "created_at as createdAt",
  "updated_at as updatedAt",
  "last_used_at as lastUsedAt",
] as const;

/** Word for word the condition of the partial unique index, or PostgreSQL would not recognise it. */
const IN_USE = sql<SqlBool>`status <> 'DISCONNECTED'`;

export class Connections {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly now: () => number,
  ) {}

  /** The id of a connection about to be created. */
  newId(): string {
    return newId("con", this.now());
  }

  /** Creates an ACTIVE connection. Of several callers at once exactly one gets CREATED. */
  async create({ accountName = null, ...given }: NewConnection): Promise<CreateConnectionResult> {
    const at = new Date(this.now());
    const inserted = this.db
      .insertInto("connection")
      .values({
        id: given.id,
        workspace_id: given.workspaceId,
        environment: given.environment,
        end_user_id: given.endUserId,
        provider: given.provider,
        status: "ACTIVE",
        credentials: given.credentials,
        credentials_version: 1,
        account_name: accountName,
        created_at: at,
        updated_at: at,
      })
      .onConflict((conflict) => conflict.columns(["end_user_id", "provider"]).where(IN_USE).doNothing())
      .returning(COLUMNS)
      .executeTakeFirst();
    try {
      const connection = await guarded(inserted);
      return connection === undefined ? { outcome: "ALREADY_EXISTS" } : { outcome: "CREATED", connection };
    } catch (error) {
      if (error instanceof StoreRejectedError && error.code === FOREIGN_KEY_VIOLATION) {
        return { outcome: "END_USER_NOT_FOUND" };
      }
      throw error;
    }
  }

  /** The connection of an end user to a provider that is not disconnected. */
  async find(
    workspaceId: string,
    environment: Environment,
    endUserId: string,
    provider: string,
  ): Promise<ConnectionRecord | null> {
    return lookUp(
      this.within(workspaceId, environment)
        .where("end_user_id", "=", endUserId)
        .where("provider", "=", provider)
        .where(IN_USE)
        .executeTakeFirst(),
    );
  }

  /** The connection of this id, a disconnected one too. */
  async get(workspaceId: string, environment: Environment, id: string): Promise<ConnectionRecord | null> {
    return lookUp(this.within(workspaceId, environment).where("id", "=", id).executeTakeFirst());
  }

  /** An end user's connections that are not disconnected, oldest first. */
  async listByEndUser(workspaceId: string, environment: Environment, endUserId: string): Promise<ConnectionRecord[]> {
    const listed = this.within(workspaceId, environment)
      .where("end_user_id", "=", endUserId)
      .where(IN_USE)
      .orderBy("created_at")
      .orderBy("id")
      .execute();
    return (await lookUp(listed)) ?? [];
  }

  /** Whether any connection holds credentials, that is, whether losing the encryption key would lose something. */
  async anyWithCredentials(): Promise<boolean> {
    const row = this.db.selectFrom("connection").select("id").where("credentials", "is not", null).limit(1);
    return (await guarded(row.executeTakeFirst())) !== undefined;
  }

  /**
   * Compare-and-set: stores new credentials and makes the connection ACTIVE, if its version is still the expected one
   * and it is not disconnected. False where somebody else was first.
   */
  async updateCredentials(id: string, expectedVersion: number, jwe: string): Promise<boolean> {
    return this.change(id, expectedVersion, {
      credentials: jwe,
      credentials_version: expectedVersion + 1,
      status: "ACTIVE",
    });
  }

  /**
   * Compare-and-set of the status alone: false where the credentials have changed since, or the connection is
   * disconnected. To disconnect, use `disconnect`, which erases the credentials too.
   */
  async setStatus(
    id: string,
    expectedVersion: number,
    status: Exclude<ConnectionStatus, "DISCONNECTED">,
  ): Promise<boolean> {
    return this.change(id, expectedVersion, { status });
  }

  /** Gives a connection up and erases its credentials. False where there is none, or it is disconnected already. */
  async disconnect(workspaceId: string, environment: Environment, id: string): Promise<boolean> {
    const row = await lookUp(
      this.db
        .updateTable("connection")
        .set((eb) => ({
          status: "DISCONNECTED",
          credentials: null,
          credentials_version: eb("credentials_version", "+", 1),
          updated_at: new Date(this.now()),
        }))
        .where("workspace_id", "=", workspaceId)
        .where("environment", "=", environment)
        .where("id", "=", id)
        .where(IN_USE)
        .returning("id")
        .executeTakeFirst(),
    );
    return row !== null;
  }

  /** Remembers when a connection was last used; an earlier time than the remembered one changes nothing. */
  async touch(id: string, at: Date): Promise<void> {
    await guarded(
      this.db
        .updateTable("connection")
        .set({ last_used_at: at })
        .where("id", "=", id)
        .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<", at)]))
        .execute(),
    );
  }

  private within(workspaceId: string, environment: Environment) {
    return this.db
      .selectFrom("connection")
      .select(COLUMNS)
      .where("workspace_id", "=", workspaceId)
      .where("environment", "=", environment);
  }

  private async change(
    id: string,
    expectedVersion: number,
    values: { status: ConnectionStatus; credentials?: string; credentials_version?: number },
  ): Promise<boolean> {
    const row = this.db
      .updateTable("connection")
      .set({ ...values, updated_at: new Date(this.now()) })
      .where("id", "=", id)
      .where("credentials_version", "=", expectedVersion)
      .where(IN_USE)
      .returning("id");
    return (await guarded(row.executeTakeFirst())) !== undefined;
  }
}
