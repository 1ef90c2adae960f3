import { Field, ID, ObjectType } from "type-graphql";
import type { ConnectionRecord } from "../../../store/connections.js";
import { Node } from "../shared/node.type.js";
import { ConnectionStatusEnum } from "../shared/enums.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { DateTime } from "../shared/scalars.js";

@ObjectType({
  implements: Node,
  description:
    "A CRM connection: one end user’s authorisation for one CRM. `id`, `provider`, `status`, `createdAt` and " +
    "`updatedAt` need no scope of their own.",
})
export class Connection {
  @Field(() => ID, { simple: true, description: "Id of the connection, opaque." })
  readonly id: string;

  @Field(() => ConnectionStatusEnum, { simple: true, description: "Whether the connection can be used." })
  readonly status: string;

  @RequiresScope("connections:read")
  @Field(() => String, { nullable: true, simple: true, description: "Name of the connected account in the CRM." })
  readonly accountName: string | null;

  @RequiresScope("connections:read")
  @Field(() => [String], {
    nullable: true,
    simple: true,
    description:
      "OAuth scopes that the end user granted, under the CRM’s own names. Null if the CRM does not report them.",
  })
  readonly scopes: string[] | null;

  @Field(() => DateTime, { simple: true, description: "When the connection was created." })
  readonly createdAt: Date;

  @Field(() => DateTime, { simple: true, description: "When the connection’s credential or status last changed." })
  readonly updatedAt: Date;

  @RequiresScope("connections:read")
  @Field(() => DateTime, {
    nullable: true,
    simple: true,
    description: "When the connection was last used, accurate to the minute.",
  })
  readonly lastUsedAt: Date | null;

  @RequiresScope("connections:read")
  @Field(() => DateTime, {
    nullable: true,
    simple: true,
    description:
      "When the access token expires. crmesh renews it automatically before then. Null if the token does not expire " +
      "or the CRM does not report its expiry.",
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
