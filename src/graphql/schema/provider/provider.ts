import { Arg, Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from "type-graphql";
import { capabilitiesOf } from "../../../providers/capabilities.js";
import type { Provider as ProviderDefinition } from "../../../providers/contract/contract.js";
import { OperationContext } from "../../operation/context.js";
import { AuthTypeEnum, OperationEnum, ResourceEnum } from "../shared/enums.js";

@ObjectType({ description: "A field of the credential that a provider wants.", simpleResolvers: true })
export class CredentialFieldInfo {
  @Field(() => String, { description: "Its name in `credentials`." })
  name!: string;

  @Field(() => String, { description: "What to show to people." })
  label!: string;

  @Field(() => String, { nullable: true, description: "Where people find it, or what it looks like." })
  hint?: string;

  @Field(() => Boolean, { description: "Whether it must be hidden and never logged." })
  secret!: boolean;

  @Field(() => Boolean, { description: "Whether a connection needs it." })
  required!: boolean;
}

@ObjectType({ description: "What a provider can do with one kind of record.", simpleResolvers: true })
export class Capability {
  @Field(() => ResourceEnum, { description: "The kind of record." })
  resource!: string;

  @Field(() => [OperationEnum], { description: "What can be done." })
  operations!: string[];

  @Field(() => [String], { description: "Filters that listings take." })
  filters!: string[];

  @Field(() => [String], { description: "What listings can be ordered by." })
  orderFields!: string[];

  @Field(() => [String], { description: "Inputs that a create needs; of those joined by |, any one." })
  requiredInputs!: string[];

  @Field(() => [String], { description: "Inputs that can be written." })
  writableInputs!: string[];

  @Field(() => [String], { description: "Those of them that only a create takes." })
  createOnlyInputs!: string[];

  @Field(() => [String], { description: "Fields that the provider can give; all others are null or empty." })
  fields!: string[];
}

@ObjectType({ description: "A request limit that the vendor documents.", simpleResolvers: true })
export class ProviderLimit {
  @Field(() => String, { description: "What it counts." })
  description!: string;

  @Field(() => Int, { description: "Requests allowed." })
  requests!: number;

  @Field(() => Int, { description: "Per how many seconds." })
  perSeconds!: number;
}

@ObjectType({ description: "A CRM that crmesh speaks." })
export class Provider {
  @Field(() => String, { simple: true, description: "Its slug, e.g. hubspot." })
  readonly slug: string;

  @Field(() => String, { simple: true, description: "The vendor’s name for it." })
  readonly name: string;

  @Field(() => AuthTypeEnum, { simple: true, description: "How end users authorise crmesh there." })
  readonly authType: string;

  readonly definition: ProviderDefinition;

  constructor(definition: ProviderDefinition) {
    this.slug = definition.slug;
    this.name = definition.name;
    this.authType = definition.authType;
    this.definition = definition;
  }
}

@Resolver(() => Provider)
export class ProviderResolver {
  @Query(() => [Provider], { description: "The CRMs that crmesh speaks." })
  providers(@Ctx() { connections }: OperationContext): Provider[] {
    return connections.registry.all.map((definition) => new Provider(definition));
  }

  @Query(() => Provider, { nullable: true, description: "One CRM." })
  provider(
    @Arg("slug", () => String, { description: "Its slug, e.g. hubspot." }) slug: string,
    @Ctx() { connections }: OperationContext,
  ): Provider {
    return new Provider(connections.registry.get(slug));
  }

  @FieldResolver(() => Boolean, {
    description:
      "Whether end users can be sent to it with this API key: false where it wants OAuth and crmesh has no client there.",
  })
  configured(@Root() { definition }: Provider, @Ctx() { connect, principal }: OperationContext): boolean {
    return connect.isConfigured(definition, principal);
  }

  @FieldResolver(() => [Capability], { description: "What it can do, per kind of record." })
  capabilities(@Root() { definition }: Provider): Capability[] {
    return capabilitiesOf(definition).map((capability) => ({
      ...capability,
      resource: capability.resource.toUpperCase(),
    }));
  }

  @FieldResolver(() => [CredentialFieldInfo], { description: "What `createConnection` wants as `credentials`." })
  credentialFields(@Root() { definition }: Provider): CredentialFieldInfo[] {
    return [...definition.credentialFields];
  }

  @FieldResolver(() => [ProviderLimit], { description: "Request limits that the vendor documents." })
  limits(@Root() { definition }: Provider): ProviderLimit[] {
    return [...definition.limits];
  }
}
