import { Args, ArgsType, Ctx, Field, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { OperationContext } from "../../operation/context.js";
import { requireEndUserId } from "../../operation/target.js";
import { Provider } from "../provider/provider.js";
import { FirstAfterArgs } from "../shared/args.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { ConnectionEvent, ConnectionEventConnection } from "./connection-event.type.js";
import { readEvents } from "./read-events.js";

@ArgsType()
export class ConnectionEventsArgs extends FirstAfterArgs {
  @Field(() => ID, {
    nullable: true,
    description: "Your own id of the end user. Defaults to the header X-End-User-Id.",
  })
  endUserId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Id of one connection of this end user, which may have ended. Defaults to all connections.",
  })
  connectionId?: string | null;
}

@Resolver(() => ConnectionEvent)
export class ConnectionEventResolver {
  @RequiresScope("connections:read")
  @Query(() => ConnectionEventConnection, {
    nullable: true,
    description:
      "History of an end user’s connections, newest first, including ended connections. It shows who created, " +
      "renewed and ended them, and what failed.",
  })
  async connectionEvents(
    @Args(() => ConnectionEventsArgs) args: ConnectionEventsArgs,
    @Ctx() context: OperationContext,
  ): Promise<ConnectionEventConnection> {
    return readEvents(context, requireEndUserId(context, args), args);
  }

  @FieldResolver(() => Provider, {
    nullable: true,
    description: "The CRM. Null if this version of crmesh no longer supports it.",
  })
  provider(
    @Root() { record }: ConnectionEvent,
    @Ctx() { connections: { registry } }: OperationContext,
  ): Provider | null {
    return registry.has(record.provider) ? new Provider(registry.get(record.provider)) : null;
  }
}
