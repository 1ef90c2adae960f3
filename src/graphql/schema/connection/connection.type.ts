import { Field, ID, ObjectType } from "type-graphql";
import type { ConnectionRecord } from "../../../store/connections.js";
import { Node } from "../shared/node.type.js";
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

  @Field(() => [String], {
    nullable: true,
    simple: true,
    description: "What the end user has granted, in the CRM’s own words; null where the CRM does not say.",
  })
  readonly scopes: string[] | null;

  @Field(() => DateTime, { simple: true, description: "When it was made." })
  readonly createdAt: Date;

  @Field(() => DateTime, { simple: true, description: "When its credential or status last changed." })
  readonly updatedAt: Date;

  @Field(() => DateTime, { nullable: true, simple: true, description: "When it was last used; to the minute." })
  readonly lastUsedAt: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    simple: true,
    description:
      "When its access token expires; crmesh renews it before that by itself. Null where it does not expire or the CRM does not say.",
  })
  readonly tokenExpiresAt: Date | null;

  readonly record: ConnectionRecord;

  constructor(record: ConnectionRecord) {
    this.id = record.id;
    this.status = record.status;
    this.accountName = record.accountName;
    this.scopes = record.scopes;
    this.createdAt = record.createdAt;
    this.updatedAt = record.updatedAt;
    this.lastUsedAt = record.lastUsedAt;
    this.tokenExpiresAt = record.tokenExpiresAt;
    this.record = record;
  }
}
