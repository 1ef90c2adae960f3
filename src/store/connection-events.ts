import type { Kysely, QueryCreator } from "kysely";
import { guarded, lookUp, lookUpMany } from "./faults.js";
import { newId } from "./ids.js";
import type { ConnectionEventTable, ConnectionTable, Environment, Schema } from "./schema.js";

/** Who changed a connection: a caller with an API key, the end user on a Connect page, or crmesh itself. */
export type Actor = { kind: "API_KEY"; id: string } | { kind: "END_USER" } | { kind: "CRMESH" };

export type ConnectionEventType =
  | "CREATED"
  | "RECONNECTED"
  | "REFRESHED"
  | "REFRESH_FAILED"
  | "NEEDS_REAUTH"
  | "DISCONNECTED"
  | "REVOKED"
  | "REVOKE_FAILED";

export interface NewConnectionEvent {
  type: ConnectionEventType;
  actor: Actor;
  requestId?: string | null | undefined;
  /** A code of the error catalogue. */
  errorCode?: string | null | undefined;
  /** A sentence that is safe to show: without secrets and without a CRM's own texts. */
  detail?: string | null | undefined;
}

export interface ConnectionEventRecord {
  id: string;
  workspaceId: string;
  environment: Environment;
  /** crmesh's own id of the end user (`eu_…`), not the workspace's. */
  endUserId: string;
  connectionId: string;
  /** The provider's slug. */
  provider: string;
  type: ConnectionEventType;
  actor: Actor;
  requestId: string | null;
  errorCode: string | null;
  detail: string | null;
  createdAt: Date;
}

export interface ConnectionEventQuery {
  workspaceId: string;
  environment: Environment;
  endUserId: string;
  connectionId?: string | null | undefined;
  /** Only events that are older than the event of this id. */
  before?: string | null | undefined;
  limit: number;
}

/** The connection of an event. */
export interface ConnectionOfEvent {
  id: string;
  workspaceId: string;
  environment: Environment;
  endUserId: string;
  provider: string;
}

/** The audit events of connections. `Connections` writes the event of a change in the same statement as the change. */
export class ConnectionEvents {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly now: () => number,
  ) {}

  /** Writes an event without a change of the connection: REFRESH_FAILED, REVOKED, REVOKE_FAILED. */
  async append(connection: ConnectionOfEvent, event: NewConnectionEvent): Promise<void> {
    const { id, workspaceId, environment, endUserId, provider } = connection;
    const row = {
      workspace_id: workspaceId,
      environment,
      end_user_id: endUserId,
      connection_id: id,
      provider,
      ...valuesOf(event, this.now()),
    };
    await guarded(this.db.insertInto("connection_event").values(row).execute());
  }

  /** The events with these ids, in no order. Ids that do not exist are left out. */
  async getMany(
    workspaceId: string,
    environment: Environment,
    ids: readonly string[],
  ): Promise<ConnectionEventRecord[]> {
    const events = this.within(workspaceId, environment);
    return (await lookUpMany(ids, (names) => events.where("id", "in", names).execute())).map(recordOf);
  }

  /** Lists an end user's events, newest first. */
  async listByEndUser({
    connectionId = null,
    before = null,
    ...query
  }: ConnectionEventQuery): Promise<ConnectionEventRecord[]> {
    let events = this.within(query.workspaceId, query.environment).where("end_user_id", "=", query.endUserId);
    if (connectionId !== null) events = events.where("connection_id", "=", connectionId);
    if (before !== null) events = events.where("id", "<", before);
    const rows = await lookUp(events.orderBy("id", "desc").limit(query.limit).execute());
    return (rows ?? []).map(recordOf);
  }

  private within(workspaceId: string, environment: Environment) {
    return this.db
      .selectFrom("connection_event")
      .selectAll()
      .where("workspace_id", "=", workspaceId)
      .where("environment", "=", environment);
  }
}

/**
 * Writes the event in the same statement as its change, so that neither exists without the other. `changed` names the
 * changed rows; each gets an event.
 */
export function noting(event: NewConnectionEvent, timeMs: number) {
  const values = valuesOf(event, timeMs);
  const given = Object.keys(values) as (keyof typeof values)[];
  return (db: QueryCreator<Schema & { changed: ConnectionTable }>) =>
    db
      .insertInto("connection_event")
      .columns(["connection_id", "workspace_id", "environment", "end_user_id", "provider", ...given])
      .expression((eb) =>
        eb
          .selectFrom("changed")
          .select(["id", "workspace_id", "environment", "end_user_id", "provider"])
          .select(() => given.map((name) => eb.val(values[name]).as(`event_${name}`))),
      );
}

function valuesOf(
  { type, actor, requestId = null, errorCode = null, detail = null }: NewConnectionEvent,
  time: number,
) {
  return {
    id: newId("evt", time),
    type,
    actor_kind: actor.kind,
    actor_id: actor.kind === "API_KEY" ? actor.id : null,
    request_id: requestId,
    error_code: errorCode,
    detail,
    created_at: new Date(time),
  };
}

function recordOf(row: ConnectionEventTable): ConnectionEventRecord {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    environment: row.environment,
    endUserId: row.end_user_id,
    connectionId: row.connection_id,
    provider: row.provider,
    type: row.type as ConnectionEventType,
    actor: { kind: row.actor_kind, ...(row.actor_id === null ? {} : { id: row.actor_id }) } as Actor,
    requestId: row.request_id,
    errorCode: row.error_code,
    detail: row.detail,
    createdAt: row.created_at,
  };
}
