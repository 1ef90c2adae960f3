import { Field, ID, ObjectType } from "type-graphql";
import type { ConnectionEventRecord } from "../../../store/connection-events.js";
import type { LazyCursor, PageInfoValue } from "../../operation/read-page.js";
import { ConnectionActorKindEnum, ConnectionEventTypeEnum } from "../shared/enums.js";
import { DateTime } from "../shared/scalars.js";
import { PageInfo } from "../shared/values.js";

@ObjectType({ description: "Who did something to a connection.", simpleResolvers: true })
export class ConnectionActor {
  @Field(() => ConnectionActorKindEnum, { description: "What kind of actor it was." })
  kind!: string;

  @Field(() => ID, { nullable: true, description: "Id of the API key; null for other actors." })
  apiKeyId!: string | null;
}

@ObjectType({ description: "Something that happened to a connection. Never holds a secret." })
export class ConnectionEvent {
  @Field(() => ID, { simple: true, description: "Opaque id." })
  readonly id: string;

  @Field(() => ConnectionEventTypeEnum, { simple: true, description: "What happened." })
  readonly type: string;

  @Field(() => ID, { simple: true, description: "Id of the connection, which may have ended since." })
  readonly connectionId: string;

  @Field(() => ConnectionActor, { simple: true, description: "Who did it." })
  readonly actor: ConnectionActor;

  @Field(() => String, {
    nullable: true,
    simple: true,
    description: "What failed: a code of `errorCodes`; null where nothing did.",
  })
  readonly errorCode: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "A sentence more on it, where there is one." })
  readonly detail: string | null;

  @Field(() => String, {
    nullable: true,
    simple: true,
    description: "The request on whose occasion it happened: its `X-Request-Id`.",
  })
  readonly requestId: string | null;

  @Field(() => DateTime, { simple: true, description: "When it happened." })
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

@ObjectType({ description: "An event in a listing.", simpleResolvers: true })
export class ConnectionEventEdge {
  @Field(() => String, { description: "Give it as `after` to go on with older events." })
  cursor!: LazyCursor;

  @Field(() => ConnectionEvent, { description: "The event." })
  node!: ConnectionEvent;
}

@ObjectType({ description: "A page of connection events, the newest first.", simpleResolvers: true })
export class ConnectionEventConnection {
  @Field(() => [ConnectionEventEdge], { description: "The events with their cursors." })
  edges!: ConnectionEventEdge[];

  @Field(() => [ConnectionEvent], { description: "The events." })
  nodes!: ConnectionEvent[];

  @Field(() => PageInfo, { description: "Where the page stands." })
  pageInfo!: PageInfoValue;
}
