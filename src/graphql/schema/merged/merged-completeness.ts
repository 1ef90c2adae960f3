import { Field, Int, ObjectType } from "type-graphql";
import type { ErrorCode } from "../../../errors/catalogue.js";
import type {
  MergedCompletenessValue,
  MissingConnectionValue,
  UnsupportedConnectionValue,
} from "../../operation/merged/merged-page.js";
import { Connection } from "../connection/connection.type.js";
import { ErrorCodeEnum } from "../shared/enums.js";

@ObjectType({ description: "A CRM connection that did not answer in time, or that failed." })
export class MissingConnection {
  @Field(() => Connection, { simple: true, description: "The connection." })
  readonly connection: Connection;

  @Field(() => ErrorCodeEnum, { simple: true, description: "Code of its error." })
  readonly code: ErrorCode;

  @Field(() => String, { simple: true, description: "Message of its error." })
  readonly message: string;

  @Field(() => Int, {
    nullable: true,
    simple: true,
    description: "Seconds until the next attempt can succeed. Null if nobody knows.",
  })
  readonly retryAfter: number | null;

  constructor({ connection, error }: MissingConnectionValue) {
    this.connection = new Connection(connection);
    this.code = error.code;
    this.message = error.message;
    const { retryAfter } = error.details;
    this.retryAfter = retryAfter === undefined ? null : Math.ceil(retryAfter);
  }
}

@ObjectType({ description: "A CRM connection whose records are not in the list, and why." })
export class UnsupportedConnection {
  @Field(() => Connection, { simple: true, description: "The connection." })
  readonly connection: Connection;

  @Field(() => String, { simple: true, description: "Why its CRM cannot list the records in this way." })
  readonly reason: string;

  constructor({ connection, reason }: UnsupportedConnectionValue) {
    this.connection = new Connection(connection);
    this.reason = reason;
  }
}

@ObjectType({ description: "Which CRMs a list over all CRMs has the records of." })
export class MergedCompleteness {
  @Field(() => Boolean, {
    simple: true,
    description: "Whether all connections answered, apart from the unsupported ones, and no CRM ends its list early.",
  })
  readonly isComplete: boolean;

  @Field(() => [MissingConnection], {
    simple: true,
    description:
      "Connections that failed or were late. When they answer again, the next page begins with the records that are " +
      "missing here.",
  })
  readonly missing: MissingConnection[];

  @Field(() => [UnsupportedConnection], {
    simple: true,
    description:
      "Connections whose CRM lacks the resource, the order or a filter. A CRM that ends its list early is also among them.",
  })
  readonly unsupported: UnsupportedConnection[];

  constructor({ isComplete, missing, unsupported }: MergedCompletenessValue) {
    this.isComplete = isComplete;
    this.missing = missing.map((one) => new MissingConnection(one));
    this.unsupported = unsupported.map((one) => new UnsupportedConnection(one));
  }
}
