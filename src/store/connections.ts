import { sql, type Kysely, type SqlBool, type UpdateQueryBuilder, type UpdateResult } from "kysely";
import { noting, type NewConnectionEvent } from "./connection-events.js";
import { FOREIGN_KEY_VIOLATION, guarded, lookUp, lookUpMany, StoreRejectedError } from "./faults.js";
import { newId } from "./ids.js";
import { saveLastUses } from "./last-uses.js";
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
  /** Grows by one with every reconnect, which may lead to another account; starts at 1. A refresh keeps it. */
  accountGeneration: number;
  /** The provider's name of the connected account, if known. */
  accountName: string | null;
  /** The OAuth scopes that the provider granted; null: unknown. */
  scopes: string[] | null;
  /** When the access token ends; null: unknown or never. */
  tokenExpiresAt: Date | null;
  /** The end user returns to this URL after a reconnect; null: unknown. */
  redirectUrl: string | null;
  createdAt: Date;
  updatedAt: Date;
  lastUsedAt: Date | null;
}

export interface NewConnection {
  /** From `newId()`. Needed before the row exists, because the credentials are encrypted for this id. */
  id: string;
  workspaceId: string;
  environment: Environment;
  endUserId: string;
  provider: string;
  /** A compact JWE of the vault, encrypted for `id`. */
  credentials: string;
  accountName?: string | null | undefined;
  scopes?: string[] | null | undefined;
  tokenExpiresAt?: Date | null | undefined;
  redirectUrl?: string | null | undefined;
}

/** New credentials. The other fields keep their stored value if absent; null clears it. */
export interface CredentialsChange {
  /** A compact JWE of the vault, encrypted for the connection. */
  credentials: string;
  accountName?: string | null | undefined;
  scopes?: string[] | null | undefined;
  tokenExpiresAt?: Date | null | undefined;
  redirectUrl?: string | null | undefined;
}

export type CreateConnectionResult =
  | { outcome: "CREATED"; connection: ConnectionRecord }
  /** The end user already has a connection to this provider that is not disconnected. */
  | { outcome: "ALREADY_EXISTS" }
  /** No such end user in this workspace and environment. */
  | { outcome: "END_USER_NOT_FOUND" };

export const CONNECTION_COLUMNS = [
  "id",
  "workspace_id as workspaceId",
  "environment",
  "end_user_id as endUserId",
  "provider",
  "status",
  "credentials",
  "credentials_version as credentialsVersion",
  "account_generation as accountGeneration",
  "account_name as accountName",
  "scopes",
  "token_expires_at as tokenExpiresAt",
  "redirect_url as redirectUrl",
  "created_at as createdAt",
  "updated_at as updatedAt",
  "last_used_at as lastUsedAt",
] as const;

/** Must be exactly the condition of the partial unique index, or PostgreSQL does not use the index. */
const IN_USE = sql<SqlBool>`status <> 'DISCONNECTED'`;

/** The connections. Each change of a row is stored together with its event. */
export class Connections {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly now: () => number,
  ) {}

  /** Returns the id for a new connection. */
  newId(): string {
    return newId("con", this.now());
  }

  /** Creates an ACTIVE connection. Only one of several concurrent callers gets CREATED. */
  async create(given: NewConnection, event: NewConnectionEvent): Promise<CreateConnectionResult> {
    const { accountName = null, scopes = null, tokenExpiresAt = null, redirectUrl = null } = given;
    const time = this.now();
    const at = new Date(time);
    const created = this.db
      .with("changed", (db) =>
        db
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
            account_generation: 1,
            account_name: accountName,
            scopes,
            token_expires_at: tokenExpiresAt,
            redirect_url: redirectUrl,
            created_at: at,
            updated_at: at,
          })
          .onConflict((conflict) => conflict.columns(["end_user_id", "provider"]).where(IN_USE).doNothing())
          .returningAll(),
      )
      .with("noted", noting(event, time))
      .selectFrom("changed")
      .select(CONNECTION_COLUMNS)
      .executeTakeFirst();
    try {
      const connection = await guarded(created);
      return connection === undefined ? { outcome: "ALREADY_EXISTS" } : { outcome: "CREATED", connection };
    } catch (error) {
      if (error instanceof StoreRejectedError && error.code === FOREIGN_KEY_VIOLATION) {
        return { outcome: "END_USER_NOT_FOUND" };
      }
      throw error;
    }
  }

  /** Finds the connection of an end user to a provider, unless it is disconnected. */
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

  /** Finds a connection by id, also a disconnected one. */
  async get(workspaceId: string, environment: Environment, id: string): Promise<ConnectionRecord | null> {
    return lookUp(this.within(workspaceId, environment).where("id", "=", id).executeTakeFirst());
  }

  /** Finds several connections by id, also disconnected ones, in no particular order. Skips unknown ids. */
  getMany(workspaceId: string, environment: Environment, ids: readonly string[]): Promise<ConnectionRecord[]> {
    const connections = this.within(workspaceId, environment);
    return lookUpMany(ids, (names) => connections.where("id", "in", names).execute());
  }

  /** Lists the connections of an end user, without disconnected ones, oldest first. */
  listByEndUser(workspaceId: string, environment: Environment, endUserId: string): Promise<ConnectionRecord[]> {
    return this.listByEndUsers(workspaceId, environment, [endUserId]);
  }

  /** Like `listByEndUser`, for several end users. */
  listByEndUsers(
    workspaceId: string,
    environment: Environment,
    endUserIds: readonly string[],
  ): Promise<ConnectionRecord[]> {
    const listed = this.within(workspaceId, environment).where(IN_USE).orderBy("created_at").orderBy("id");
    return lookUpMany(endUserIds, (names) => listed.where("end_user_id", "in", names).execute());
  }

  /**
   * Compare-and-set: stores new credentials and makes the connection ACTIVE, if its version is still the expected one
   * and it is not disconnected. If the event is RECONNECTED, the credentials may be those of another account.
   * @returns the changed row; null if another caller was first
   */
  async updateCredentials(
    id: string,
    expectedVersion: number,
    { credentials, accountName, scopes, tokenExpiresAt, redirectUrl }: CredentialsChange,
    event: NewConnectionEvent,
  ): Promise<ConnectionRecord | null> {
    const changed = this.change(event, (update) =>
      update
        .set((eb) => ({
          credentials,
          credentials_version: expectedVersion + 1,
          ...(event.type === "RECONNECTED" && { account_generation: eb("account_generation", "+", 1) }),
          status: "ACTIVE",
          ...(accountName !== undefined && { account_name: accountName }),
          ...(scopes !== undefined && { scopes }),
          ...(tokenExpiresAt !== undefined && { token_expires_at: tokenExpiresAt }),
          ...(redirectUrl !== undefined && { redirect_url: redirectUrl }),
        }))
        .where("id", "=", id)
        .where("credentials_version", "=", expectedVersion),
    );
    return (await guarded(changed)) ?? null;
  }

  /**
   * Compare-and-set of the status only. False if it has this status already, the credentials have changed since, or the
   * connection is disconnected. `disconnect` also erases the credentials.
   */
  async setStatus(
    id: string,
    expectedVersion: number,
    status: Exclude<ConnectionStatus, "DISCONNECTED">,
    event: NewConnectionEvent,
  ): Promise<boolean> {
    const changed = this.change(event, (update) =>
      update
        .set({ status })
        .where("id", "=", id)
        .where("credentials_version", "=", expectedVersion)
        .where("status", "<>", status),
    );
    return (await guarded(changed)) !== undefined;
  }

  /** Disconnects a connection and erases its credentials. False if it does not exist or is disconnected already. */
  async disconnect(
    workspaceId: string,
    environment: Environment,
    id: string,
    event: NewConnectionEvent,
  ): Promise<boolean> {
    const changed = this.change(event, (update) =>
      update
        .set((eb) => ({
          status: "DISCONNECTED",
          credentials: null,
          credentials_version: eb("credentials_version", "+", 1),
          token_expires_at: null,
        }))
        .where("workspace_id", "=", workspaceId)
        .where("environment", "=", environment)
        .where("id", "=", id),
    );
    return (await lookUp(changed)) !== null;
  }

  /** Saves when connections were last used, by id. An earlier time than the saved one changes nothing. */
  touch(uses: ReadonlyMap<string, Date>): Promise<void> {
    return saveLastUses(this.db, "connection", uses);
  }

  private within(workspaceId: string, environment: Environment) {
    return this.db
      .selectFrom("connection")
      .select(CONNECTION_COLUMNS)
      .where("workspace_id", "=", workspaceId)
      .where("environment", "=", environment);
  }

  private change(event: NewConnectionEvent, change: (update: Update) => Update): Promise<ConnectionRecord | undefined> {
    const time = this.now();
    return this.db
      .with("changed", (db) =>
        change(db.updateTable("connection").set({ updated_at: new Date(time) }))
          .where(IN_USE)
          .returningAll(),
      )
      .with("noted", noting(event, time))
      .selectFrom("changed")
      .select(CONNECTION_COLUMNS)
      .executeTakeFirst();
  }
}

type Update = UpdateQueryBuilder<Schema, "connection", "connection", UpdateResult>;
