import { createHash } from "node:crypto";
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import type { Tenant } from "../../../connections/access/principal.js";
import type { EndUserRecord } from "../../../store/end-users.js";
import { Connection } from "../connection/connection.type.js";
import { OperationContext } from "../../operation/context.js";
import { requireEndUserId } from "../../operation/target.js";
import { Node } from "../shared/node.type.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { DateTime } from "../shared/scalars.js";
import { assertEndUserTexts } from "./end-user-texts.js";

@ObjectType({ implements: Node, description: "One of your customers, who connects CRMs." })
export class EndUser {
  @Field(() => ID, { simple: true, description: "Global id. Opaque and stable." })
  readonly id: string;

  @Field(() => ID, { simple: true, description: "Your own id of the end user." })
  readonly endUserId: string;

  @RequiresScope("endusers:read")
  @Field(() => String, { nullable: true, simple: true, description: "Display name." })
  readonly displayName: string | null;

  @RequiresScope("endusers:read")
  @Field(() => String, { nullable: true, simple: true, description: "E-mail address." })
  readonly email: string | null;

  @RequiresScope("endusers:read")
  @Field(() => DateTime, {
    nullable: true,
    simple: true,
    description: "When the end user was created in crmesh. Null if crmesh does not know the end user yet.",
  })
  readonly createdAt: Date | null;

  @RequiresScope("endusers:read")
  @Field(() => DateTime, {
    nullable: true,
    simple: true,
    description: "When the end user was last changed. Null if crmesh does not know the end user yet.",
  })
  readonly updatedAt: Date | null;

  /** Null for an end user whom crmesh does not know yet. */
  readonly record: EndUserRecord | null;

  constructor(endUserId: string, id: string, record: EndUserRecord | null) {
    this.id = id;
    this.endUserId = endUserId;
    this.displayName = record?.displayName ?? null;
    this.email = record?.email ?? null;
    this.createdAt = record?.createdAt ?? null;
    this.updatedAt = record?.updatedAt ?? null;
    this.record = record;
  }

  static of(record: EndUserRecord): EndUser {
    return new EndUser(record.externalId, record.id, record);
  }

  /** An end user whom crmesh does not know yet, who has no connections. The id changes when crmesh gets to know the end user. */
  static unknown(endUserId: string, { workspaceId, environment }: Tenant): EndUser {
    const digest = createHash("sha256")
      .update(JSON.stringify([workspaceId, environment, endUserId]))
      .digest("base64url");
    return new EndUser(endUserId, `unknown_${digest}`, null);
  }
}

@InputType({ description: "An end user to create or update. Absent fields are unchanged; null clears a field." })
export class UpsertEndUserInput {
  @Field(() => ID, { description: "Your own id of the end user." })
  endUserId!: string;

  @Field(() => String, { nullable: true, description: "Display name." })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: "E-mail address." })
  email?: string | null;
}

@Resolver(() => EndUser)
export class EndUserResolver {
  @RequiresScope("endusers:read")
  @Query(() => EndUser, { nullable: true, description: "One end user, by your own id." })
  async endUser(
    @Arg("endUserId", () => ID, {
      nullable: true,
      description: "Your own id of the end user. Defaults to the header X-End-User-Id.",
    })
    endUserId: string | null,
    @Ctx() context: OperationContext,
  ): Promise<EndUser> {
    return EndUser.of(await context.directory.endUsers.load(requireEndUserId(context, { endUserId })));
  }

  @RequiresScope("endusers:write")
  @Mutation(() => EndUser, {
    nullable: true,
    description:
      "Creates or updates an end user. To select more of it than `id` and `endUserId` also requires the scope endusers:read.",
  })
  async upsertEndUser(
    @Arg("input", () => UpsertEndUserInput, { description: "The end user." }) input: UpsertEndUserInput,
    @Ctx() context: OperationContext,
  ): Promise<EndUser> {
    assertEndUserTexts(input);
    const { endUserId: id, ...details } = input;
    return EndUser.of(await context.connections.directory.upsertEndUser(context.principal, { id, ...details }));
  }

  @RequiresScope("connections:read")
  @FieldResolver(() => [Connection], { nullable: true, description: "The CRMs that the end user has connected." })
  async connections(@Root() { record }: EndUser, @Ctx() context: OperationContext): Promise<Connection[]> {
    if (!record) return [];
    const found = await context.directory.connectionsOf.load(record.id);
    return found.map((connection) => new Connection(connection));
  }
}
