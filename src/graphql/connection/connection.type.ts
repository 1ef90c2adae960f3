import { Field, ID, ObjectType } from "type-graphql";
import type { ConnectionRecord } from "../../store/connections.js";
import { Node } from "../node/node.type.js";
import { ConnectionStatusEnum } from "../shared/enums.js";
import { DateTime } from "../shared/scalars.js";

@ObjectType({ implements: Node, description: "An end user’s authorised link to one CRM." })
export class Connection {
  @Field(() => ID, { simple: true, description: "Opaque id." })
  readonly id: string;

  @Field(() => ConnectionStatusEnum, { simple: true, description: "Whether it can be used." })
  readonly status: string;

  @Field(() => String, { nullable: true, simple: true, description: "What the CRM calls the connected account." })
  readonly accountName: string | null;

  @Field(() => DateTime, { simple: true, description: "When it was made." })
  readonly createdAt: Date;

  @Field(() => DateTime, { nullable: true, simple: true, description: "When it was last used; to the minute." })
  readonly lastUsedAt: Date | null;

  readonly record: ConnectionRecord;

  constructor(record: ConnectionRecord) {
    this.id = record.id;
    this.status = record.status;
    this.accountName = record.accountName;
    this.createdAt = record.createdAt;
    this.lastUsedAt = record.lastUsedAt;
    this.record = record;
  }
}
