import { Field, ID, ObjectType } from "type-graphql";
import type { ConnectionEventRecord } from "../../../store/connection-events.js";
import type { LazyCursor, PageInfoValue } from "../../operation/read-page.js";
import { ConnectionActorKindEnum, ConnectionEventTypeEnum } from "../shared/enums.js";
import { Node } from "../shared/node.type.js";
import { DateTime } from "../shared/scalars.js";
import { PageInfo } from "../shared/values.js";

@ObjectType({ description: "Who caused a connection event.", simpleResolvers: true })
export class ConnectionActor {
  @Field(() => ConnectionActorKindEnum, { description: "Kind of the actor." })
  kind!: string;

  @Field(() => ID, { nullable: true, description: "Id of the API key. Null for other kinds of actors." })
  apiKeyId!: string | null;
}

@ObjectType({ implements: Node, description: "An entry in a connection’s history. It never contains secrets." })
export class ConnectionEvent {
  @Field(() => ID, { simple: true, description: "Id of the event, opaque." })
  readonly id: string;

  @Field(() => ConnectionEventTypeEnum, { simple: true, description: "Type of the event." })
  readonly type: string;

  @Field(() => ID, { simple: true, description: "Id of the connection. The connection may have ended since." })
  readonly connectionId: string;

  @Field(() => ConnectionActor, { simple: true, description: "Who caused the event." })
  readonly actor: ConnectionActor;

  @Field(() => String, {
    nullable: true,
    simple: true,
    description: "Error code from `errorCodes`. Null if nothing failed.",
  })
  readonly errorCode: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "More detail, if any." })
  readonly detail: string | null;

  @Field(() => String, {
    nullable: true,
    simple: true,
    description: "`X-Request-Id` of the request that caused the event.",
  })
  readonly requestId: string | null;

  @Field(() => DateTime, { simple: true, description: "When the event happened." })
  readonly createdAt: Date;

  readonly record: ConnectionEventRecord;

  constructor(record: ConnectionEventRecord) {
    this.id = record.id;
    this.type = record.type;
    this.connectionId = record.connectionId;
    this.actor = { kind: record.actor.kind, apiKeyId: record.actor.kind === "API_KEY" ? record.actor.id : null };
    this.errorCode = record.errorCode;
    this.detail = record.detail;
    this.requestId = record.requestId;
    this.createdAt = record.createdAt;
    this.record = record;
  }
}

@ObjectType({ description: "An event and its cursor.", simpleResolvers: true })
export class ConnectionEventEdge {
  @Field(() => String, { description: "Cursor of this event. Pass it as `after` to get older events." })
  cursor!: LazyCursor;

  @Field(() => ConnectionEvent, { description: "The event." })
  node!: ConnectionEvent;
}

@ObjectType({ description: "A page of connection events, newest first.", simpleResolvers: true })
export class ConnectionEventConnection {
  @Field(() => [ConnectionEventEdge], { description: "The events of this page, with their cursors." })
  edges!: ConnectionEventEdge[];

  @Field(() => [ConnectionEvent], { description: "The events of this page, without cursors." })
  nodes!: ConnectionEvent[];

  @Field(() => PageInfo, { description: "Paging state." })
  pageInfo!: PageInfoValue;
}
