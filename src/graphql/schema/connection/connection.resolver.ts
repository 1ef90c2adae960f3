import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Mutation, Query, Resolver, Root } from "type-graphql";
import { ContactsArgs } from "../contact/contact.inputs.js";
import { Contact, ContactConnection } from "../contact/contact.type.js";
import { EndUser } from "../end-user/end-user.js";
import { LeadsArgs } from "../lead/lead.inputs.js";
import { Lead, LeadConnection } from "../lead/lead.type.js";
import { MeetingsArgs } from "../meeting/meeting.inputs.js";
import { Meeting, MeetingConnection } from "../meeting/meeting.type.js";
import { OperationContext } from "../../operation/context.js";
import type { ListArgs } from "../../operation/resource-service.js";
import { connectionOf, requireEndUserId } from "../../operation/target.js";
import type { PageValue } from "../shared/page-types.js";
import { listPage } from "../shared/record-pages.js";
import { Capability, Provider } from "../provider/provider.js";
import type { ResourceName } from "../../../providers/contract/model.js";
import { ResourceEnum } from "../shared/enums.js";
import { CustomFieldDefinition } from "../shared/values.js";
import { capabilitiesIn } from "../../../providers/capabilities.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { JSONValue } from "../shared/scalars.js";
import { ConnectionHealth } from "./connection-health.js";
import { Connection } from "./connection.type.js";

@InputType({ description: "A CRM connection to create from a credential that you already have." })
export class CreateConnectionInput {
  @Field(() => ID, { description: "Your own id of the end user." })
  endUserId!: string;

  @Field(() => String, { description: "Provider slug, e.g. hubspot." })
  provider!: string;

  @Field(() => JSONValue, {
    description: "An object with the fields listed in `Provider.credentialFields`. Write-only.",
  })
  credentials!: unknown;
}

@Resolver(() => Connection)
export class ConnectionResolver {
  @RequiresScope("connections:read")
  @Query(() => [Connection], { nullable: true, description: "The CRMs that an end user has connected." })
  async connections(
    @Arg("endUserId", () => ID, {
      nullable: true,
      description: "Your own id of the end user. Defaults to the header X-End-User-Id.",
    })
    endUserId: string | null,
    @Ctx() context: OperationContext,
  ): Promise<Connection[]> {
    const endUser = await context.directory.endUsers.load(requireEndUserId(context, { endUserId }));
    const found = await context.directory.connectionsOf.load(endUser.id);
    return found.map((record) => new Connection(record));
  }

  @RequiresScope("connections:read")
  @Query(() => Connection, { nullable: true, description: "One CRM connection, by its id." })
  async connection(
    @Arg("id", () => ID, { description: "Id of the connection." }) id: string,
    @Ctx() context: OperationContext,
  ): Promise<Connection> {
    return new Connection(await connectionOf(context, id));
  }

  @RequiresScope("connections:write")
  @Mutation(() => Connection, {
    nullable: true,
    description:
      "Connects a CRM with a credential that you have. crmesh first verifies the credential with one call to the " +
      "CRM. A connection that needs re-authentication gets the new credential and keeps its id.",
  })
  async createConnection(
    @Arg("input", () => CreateConnectionInput, { description: "End user, provider and credential." })
    input: CreateConnectionInput,
    @Ctx() context: OperationContext,
  ): Promise<Connection> {
    const created = await context.connections.create(context.principal, input, context.scope);
    context.created = true;
    return new Connection(created);
  }

  @RequiresScope("connections:write")
  @Mutation(() => Connection, {
    nullable: true,
    description:
      "Ends a connection and erases its credential. Revokes the credential at the CRM if the CRM supports it; " +
      "`connectionEvents` shows the result of the revocation.",
  })
  async deleteConnection(
    @Arg("id", () => ID, { description: "Id of the connection." }) id: string,
    @Ctx() context: OperationContext,
  ): Promise<Connection> {
    const { id: connectionId } = await connectionOf(context, id);
    return new Connection(await context.connections.remove(context.principal, connectionId, context.scope));
  }

  @FieldResolver(() => Provider, { description: "The CRM of this connection." })
  provider(@Root() { record }: Connection, @Ctx() { connections }: OperationContext): Provider {
    return new Provider(connections.registry.get(record.provider));
  }

  @RequiresScope("connections:read")
  @FieldResolver(() => ID, { nullable: true, description: "Your own id of the end user who owns the connection." })
  async endUserId(@Root() { record }: Connection, @Ctx() context: OperationContext): Promise<string> {
    return (await context.directory.endUsersById.load(record.endUserId)).externalId;
  }

  @RequiresScope("connections:read", "endusers:read")
  @FieldResolver(() => EndUser, { nullable: true, description: "The end user who owns the connection." })
  async endUser(@Root() { record }: Connection, @Ctx() context: OperationContext): Promise<EndUser> {
    return EndUser.of(await context.directory.endUsersById.load(record.endUserId));
  }

  @RequiresScope("connections:read")
  @FieldResolver(() => ConnectionHealth, {
    nullable: true,
    description: "Health of recent calls, as seen by the process that answers. Null if the connection has ended.",
  })
  async health(@Root() { record }: Connection, @Ctx() context: OperationContext): Promise<ConnectionHealth | null> {
    const health = await context.connections.health(record, context.scope);
    return health && ConnectionHealth.of(health);
  }

  @RequiresScope("connections:read")
  @FieldResolver(() => [Capability], {
    nullable: true,
    description:
      "What this account can do, one entry per kind of record: the provider’s capabilities without the filters, orders, " +
      "inputs and fields that its edition, its version or the permissions of its user do not have.",
  })
  async capabilities(@Root() { record }: Connection, @Ctx() context: OperationContext): Promise<Capability[]> {
    const opened = await context.open(record);
    return (await capabilitiesIn(opened.provider, opened.context)).map(Capability.of);
  }

  @RequiresScope("connections:read")
  @FieldResolver(() => [CustomFieldDefinition], {
    nullable: true,
    description:
      "The fields that `customFields` of this kind of record reads and writes by their names: those that the account has added, and the CRM’s own that have no place elsewhere in the graph. Empty if the CRM has none.",
  })
  async customFieldDefinitions(
    @Root() { record }: Connection,
    @Arg("resource", () => ResourceEnum, { description: "The kind of record." }) resource: string,
    @Ctx() context: OperationContext,
  ): Promise<CustomFieldDefinition[]> {
    const { provider, context: opened } = await context.open(record);
    const definitions = await provider.resources[resource.toLowerCase() as ResourceName]?.customFields?.(opened);
    return (definitions ?? []).map(CustomFieldDefinition.of);
  }

  @RequiresScope("connections:read", "contacts:read")
  @FieldResolver(() => ContactConnection, { nullable: true, description: "Contacts in the connected CRM." })
  contacts(
    @Root() { record }: Connection,
    @Args(() => ContactsArgs) args: ListArgs<"contact">,
    @Ctx() context: OperationContext,
  ): Promise<PageValue<Contact>> {
    return listPage(context, record, "contact", args, Contact.from);
  }

  @RequiresScope("connections:read", "leads:read")
  @FieldResolver(() => LeadConnection, { nullable: true, description: "Leads in the connected CRM." })
  leads(
    @Root() { record }: Connection,
    @Args(() => LeadsArgs) args: ListArgs<"lead">,
    @Ctx() context: OperationContext,
  ): Promise<PageValue<Lead>> {
    return listPage(context, record, "lead", args, Lead.from);
  }

  @RequiresScope("connections:read", "meetings:read")
  @FieldResolver(() => MeetingConnection, { nullable: true, description: "Meetings in the connected CRM." })
  meetings(
    @Root() { record }: Connection,
    @Args(() => MeetingsArgs) args: ListArgs<"meeting">,
    @Ctx() context: OperationContext,
  ): Promise<PageValue<Meeting>> {
    return listPage(context, record, "meeting", args, Meeting.from);
  }
}
