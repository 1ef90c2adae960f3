import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { requireScope } from "../../../connections/access/principal.js";
import { assertEndUserTexts } from "../end-user/end-user-texts.js";
import { OperationContext } from "../../operation/context.js";
import { DateTime } from "../shared/scalars.js";

@ObjectType({
  description:
    "Lets one end user connect, reconnect and disconnect CRMs in the browser: for ten minutes, and to be opened once. " +
    "Give `token` to connect.js, or open `url` in the end user’s browser.",
  simpleResolvers: true,
})
export class ConnectToken {
  @Field(() => String, {
    description: "A secret: whoever holds it acts for this end user. Give it to nobody else, and keep it out of logs.",
  })
  token!: string;

  @Field(() => DateTime, { description: "Until when it can be opened." })
  expiresAt!: Date;

  @Field(() => String, { description: "The Connect page, with the token in it; a secret like the token." })
  url!: string;
}

@InputType({ description: "Which end user is to connect, and what." })
export class CreateConnectTokenInput {
  @Field(() => ID, { description: "Your own id of the end user, who is made known if new." })
  endUserId!: string;

  @Field(() => String, { nullable: true, description: "A name to show. Absent: it stays; null clears it." })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: "E-mail address. Absent: it stays; null clears it." })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Slug of the one provider to connect. Default: a choice of all.",
  })
  provider?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Absolute URL of your own where the end user goes afterwards; https, or http on localhost and with a test key. " +
      "Its origin is the only one that connect.js reports to.",
  })
  redirectUrl?: string | null;
}

@Resolver(() => ConnectToken)
export class ConnectTokenResolver {
  @Mutation(() => ConnectToken, {
    nullable: true,
    description:
      "Makes a Connect link for an end user. Needs connections:write alone, although it makes the end user known or " +
      "changes it as `upsertEndUser` does: without the end user there is no link.",
  })
  async createConnectToken(
    @Arg("input", () => CreateConnectTokenInput, { description: "End user, and what to connect." })
    input: CreateConnectTokenInput,
    @Ctx() context: OperationContext,
  ): Promise<ConnectToken> {
    requireScope(context.principal, "connections:write");
    const { endUserId, displayName, email } = input;
    assertEndUserTexts({ endUserId, displayName, email }, "endUserId");
    const token = await context.connect.createToken(context.principal, { ...input });
    context.created = true;
    return token;
  }

  @Mutation(() => ConnectToken, {
    nullable: true,
    description:
      "Makes a Connect link on which the end user of a connection authorises it anew; it keeps its id. Errors of " +
      "connections that need this carry such a link as `reconnectUrl`.",
  })
  async reconnectConnection(
    @Arg("id", () => ID, { description: "Id of the connection." }) id: string,
    @Arg("redirectUrl", () => String, {
      nullable: true,
      description: "Where the end user goes afterwards, as for `createConnectToken`.",
    })
    redirectUrl: string | null,
    @Ctx() context: OperationContext,
  ): Promise<ConnectToken> {
    requireScope(context.principal, "connections:write");
    return context.connect.reconnectLink(context.principal, id, redirectUrl ?? null);
  }
}
