import { ArgsType, Field, ID, Int } from "type-graphql";

/** Arguments that choose one CRM of an end user. */
@ArgsType()
export abstract class ProviderArgs {
  @Field(() => String, {
    nullable: true,
    description: "Provider slug, e.g. hubspot. Defaults to `?provider=` in the URL. Not needed with a global id.",
  })
  provider?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Your own id of the end user. Defaults to the header X-End-User-Id. Not needed with a global id.",
  })
  endUserId?: string | null;
}

@ArgsType()
export class RecordArgs extends ProviderArgs {
  @Field(() => ID, { description: "Global id, or the CRM’s own id if a provider is given." })
  id!: string;
}

@ArgsType()
export class FirstAfterArgs {
  @Field(() => Int, { nullable: true, description: "Page size, from 1 to 100. Defaults to 25." })
  first?: number | null;

  @Field(() => String, { nullable: true, description: "Return records after this cursor." })
  after?: string | null;
}
