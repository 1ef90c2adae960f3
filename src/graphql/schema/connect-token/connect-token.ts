import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { assertEndUserTexts } from "../end-user/end-user-texts.js";
import { OperationContext } from "../../operation/context.js";
import { connectionOf } from "../../operation/target.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { DateTime } from "../shared/scalars.js";

@ObjectType({
  description:
    "A token with which one end user can connect, reconnect and disconnect CRMs in the browser. It expires after " +
    "ten minutes and can be opened once. Pass `token` to connect.js, or open `url` in the end user’s browser.",
  simpleResolvers: true,
})
export class ConnectToken {
  @Field(() => String, {
    description:
      "A secret. Anyone who has it can act for this end user: give it to nobody else, and keep it out of logs.",
  })
  token!: string;

  @Field(() => DateTime, { description: "Latest time at which the token can be opened." })
  expiresAt!: Date;

  @Field(() => String, { description: "URL of the Connect page. It contains the token, so treat it as a secret too." })
  url!: string;
}

@InputType({ description: "Which end user may connect, and which CRM." })
export class CreateConnectTokenInput {
  @Field(() => ID, { description: "Your own id of the end user. crmesh creates the end user if the id is new." })
  endUserId!: string;

  @Field(() => String, { nullable: true, description: "Display name. If absent, it is unchanged; null clears it." })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: "E-mail address. If absent, it is unchanged; null clears it." })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Slug of the only provider that may be connected. By default the end user chooses from all providers.",
  })
  provider?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Absolute URL of your app that the end user returns to. It must be https; http is allowed for localhost, and " +
      "for any host with a test key. connect.js reports only to the origin of this URL.",
  })
  redirectUrl?: string | null;
}

@Resolver(() => ConnectToken)
export class ConnectTokenResolver {
  @RequiresScope("connections:write")
  @Mutation(() => ConnectToken, {
    nullable: true,
    description:
      "Creates a Connect token and its URL for an end user. Creates or updates the end user, as `upsertEndUser` " +
      "does, but without the scope endusers:write.",
  })
  async createConnectToken(
    @Arg("input", () => CreateConnectTokenInput, { description: "End user, and what to connect." })
    input: CreateConnectTokenInput,
    @Ctx() context: OperationContext,
  ): Promise<ConnectToken> {
    assertEndUserTexts(input);
    const token = await context.connect.createToken(context.principal, { ...input });
    context.created = true;
    return token;
  }

  @RequiresScope("connections:write")
  @Mutation(() => ConnectToken, {
    nullable: true,
    description:
      "Creates a Connect token with which the end user authorises an existing connection again. The connection " +
      "keeps its id. Errors of connections that need this contain such a URL as `reconnectUrl`.",
  })
  async reconnectConnection(
    @Arg("id", () => ID, { description: "Id of the connection." }) id: string,
    @Arg("redirectUrl", () => String, {
      nullable: true,
      description:
        "URL that the end user returns to, as for `createConnectToken`. Defaults to that of the latest link with which " +
        "the end user connected this provider.",
    })
    redirectUrl: string | null,
    @Ctx() context: OperationContext,
  ): Promise<ConnectToken> {
    const connection = await connectionOf(context, id);
    return context.connect.reconnectLink(context.principal, connection.id, redirectUrl ?? null);
  }
}
