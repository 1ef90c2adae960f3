import { Arg, Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from "type-graphql";
import { capabilitiesOf } from "../../../providers/capabilities.js";
import type { Provider as ProviderDefinition } from "../../../providers/contract/contract.js";
import { OperationContext } from "../../operation/context.js";
import { AuthTypeEnum, OperationEnum, ResourceEnum } from "../shared/enums.js";

@ObjectType({ description: "A field of a provider’s credential.", simpleResolvers: true })
export class CredentialFieldInfo {
  @Field(() => String, { description: "Name of the field in `credentials`." })
  name!: string;

  @Field(() => String, { description: "Label to show to people." })
  label!: string;

  @Field(() => String, { nullable: true, description: "Where to find the value, or what it looks like." })
  hint?: string;

  @Field(() => Boolean, { description: "Whether the value is secret: hide it on screen and never log it." })
  secret!: boolean;

  @Field(() => Boolean, { description: "Whether the field is required." })
  required!: boolean;
}

@ObjectType({ description: "What a provider can do with one kind of record.", simpleResolvers: true })
export class Capability {
  @Field(() => ResourceEnum, { description: "The kind of record." })
  resource!: string;

  @Field(() => [OperationEnum], { description: "Supported operations." })
  operations!: string[];

  @Field(() => [String], { description: "Supported list filters." })
  filters!: string[];

  @Field(() => [String], { description: "Fields that lists can be ordered by." })
  orderFields!: string[];

  @Field(() => [String], {
    description: "Inputs that create mutations require. In an entry such as `a|b`, either input is enough.",
  })
  requiredInputs!: string[];

  @Field(() => [String], { description: "Writable inputs." })
  writableInputs!: string[];

  @Field(() => [String], { description: "Writable inputs that only create mutations accept." })
  createOnlyInputs!: string[];

  @Field(() => [String], { description: "Fields that the provider can return. All other fields are null or empty." })
  fields!: string[];
}

@ObjectType({ description: "A request limit that the vendor documents.", simpleResolvers: true })
export class ProviderLimit {
  @Field(() => String, { description: "What the limit counts." })
  description!: string;

  @Field(() => Int, { description: "Requests allowed per time window." })
  requests!: number;

  @Field(() => Int, { description: "Length of the time window, in seconds." })
  perSeconds!: number;
}

@ObjectType({ description: "A version of a vendor’s API that crmesh calls.", simpleResolvers: true })
export class ApiVersion {
  @Field(() => String, { description: "The vendor’s name of the version." })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The day on which the vendor’s support ends, such as 2027-03-30. If the vendor names only a month or a season, it is " +
      "the first day that this can mean. Null if the vendor names no end.",
  })
  supportedUntil!: string | null;

  @Field(() => String, { description: "Address of the vendor’s document." })
  source!: string;

  @Field(() => String, { nullable: true, description: "What the document leaves open." })
  note?: string;
}

@ObjectType({ description: "A CRM that crmesh supports." })
export class Provider {
  @Field(() => String, { simple: true, description: "Slug of the provider, e.g. hubspot." })
  readonly slug: string;

  @Field(() => String, { simple: true, description: "Product name, as the vendor writes it." })
  readonly name: string;

  @Field(() => AuthTypeEnum, { simple: true, description: "How end users authorise crmesh at this provider." })
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
  @Query(() => [Provider], { description: "The CRMs that crmesh supports." })
  providers(@Ctx() { connections }: OperationContext): Provider[] {
    return connections.registry.all.map((definition) => new Provider(definition));
  }

  @Query(() => Provider, { nullable: true, description: "One CRM, by its slug." })
  provider(
    @Arg("slug", () => String, { description: "Slug of the provider, e.g. hubspot." }) slug: string,
    @Ctx() { connections }: OperationContext,
  ): Provider {
    return new Provider(connections.registry.get(slug));
  }

  @FieldResolver(() => Boolean, {
    description:
      "Whether end users can connect this CRM with this API key. False if the CRM requires OAuth and crmesh has no " +
      "OAuth client for it.",
  })
  configured(@Root() { definition }: Provider, @Ctx() { connect, principal }: OperationContext): boolean {
    return connect.isConfigured(definition, principal);
  }

  @FieldResolver(() => [Capability], { description: "Capabilities of the provider, one entry per kind of record." })
  capabilities(@Root() { definition }: Provider): Capability[] {
    return capabilitiesOf(definition).map((capability) => ({
      ...capability,
      resource: capability.resource.toUpperCase(),
    }));
  }

  @FieldResolver(() => [CredentialFieldInfo], {
    description: "Fields that `createConnection` expects in `credentials`.",
  })
  credentialFields(@Root() { definition }: Provider): CredentialFieldInfo[] {
    return [...definition.credentialFields];
  }

  @FieldResolver(() => [ApiVersion], {
    description: "The versions of the vendor’s API that crmesh calls, with the end of the vendor’s support.",
  })
  apiVersions(@Root() { definition }: Provider): ApiVersion[] {
    return [...definition.apiVersions];
  }

  @FieldResolver(() => [ProviderLimit], { description: "Request limits that the vendor documents." })
  limits(@Root() { definition }: Provider): ProviderLimit[] {
    return [...definition.limits];
  }
}
