import { sql, type Kysely, type SqlBool } from "kysely";
import { inForce, type ApiKeyRecord } from "./api-keys.js";
import { CONNECTION_COLUMNS, joinedConnection, type ConnectionRecord } from "./connections.js";
import { joinedOwner, OWNER_COLUMNS, type EndUserRecord } from "./end-users.js";
import { guarded } from "./faults.js";
import type { Schema } from "./schema.js";

/** What the headers of a request name: a key, and an end user of the key's workspace and environment. */
export interface CallerRecord {
  key: Pick<ApiKeyRecord, "id" | "workspaceId" | "environment" | "scopes" | "maxCalls" | "expiresAt">;
  /** Null if there is no such end user. */
  endUser: EndUserRecord | null;
  /** The end user's connections that are in use. */
  connections: readonly ConnectionRecord[];
}

/** Reads keys together with an end user, so that the first request of a key and an end user takes one look-up. */
export class Callers {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly now: () => number,
  ) {}

  /**
   * @param hash of `hashApiKey`
   * @param externalId the workspace's own id of the end user
   * @returns null if the key does not exist, is revoked or has expired
   * @throws StoreRejectedError for a name that the database cannot store (with a NUL character), which no header can carry
   */
  async findByKey(hash: string, externalId: string): Promise<CallerRecord | null> {
    const at = new Date(this.now());
    const rows = await guarded(
      this.db
        .selectFrom((eb) =>
          eb
            .selectFrom("api_key")
            .select([
              "id as keyId",
              "workspace_id as tenantId",
              "environment as tenantEnvironment",
              "scopes as keyScopes",
              "max_calls as maxCalls",
              "expires_at as expiresAt",
            ])
            .where("hash", "=", hash)
            .where((key) => inForce(key, at))
            .as("key"),
        )
        .leftJoin("end_user", (join) =>
          join
            .onRef("end_user.workspace_id", "=", "key.tenantId")
            .onRef("end_user.environment", "=", "key.tenantEnvironment")
            .on("external_id", "=", externalId),
        )
        .leftJoin("connection", (join) =>
          join
            .onRef("connection.end_user_id", "=", "end_user.id")
            .on(sql<SqlBool>`connection.status <> 'DISCONNECTED'`),
        )
        .select(CONNECTION_COLUMNS.map((column) => `connection.${column}` as const))
        .select(OWNER_COLUMNS)
        .select(["keyId", "tenantId", "tenantEnvironment", "keyScopes", "maxCalls", "expiresAt"])
        .execute(),
    );
    const [first] = rows;
    if (!first) return null;
    const { keyId: id, tenantId: workspaceId, tenantEnvironment: environment, maxCalls, expiresAt } = first;
    return {
      key: { id, workspaceId, environment, scopes: first.keyScopes, maxCalls, expiresAt },
      endUser: joinedOwner({ workspaceId, environment }, first),
      connections: rows.flatMap((row) => joinedConnection(row) ?? []),
    };
  }
}
