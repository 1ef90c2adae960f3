import { ArgsType, Field, ID, Int } from "type-graphql";

/** Which of an end user's CRMs is meant. */
@ArgsType()
export abstract class ProviderArgs {
  @Field(() => String, {
    nullable: true,
    description: "Provider slug, e.g. hubspot. Default: `?provider=` on the URL. Not needed with a global id.",
  })
  provider?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Your own id of the end user. Default: the header X-End-User-Id. Not needed with a global id.",
  })
  endUserId?: string | null;
}

@ArgsType()
export class RecordArgs extends ProviderArgs {
  @Field(() => ID, { description: "Global id, or the CRM’s own id when a provider is given." })
  id!: string;
}

@ArgsType()
export class FirstAfterArgs {
  @Field(() => Int, { nullable: true, description: "Size of the page, 1 to 100; 25 unless given." })
  first?: number | null;

  @Field(() => String, { nullable: true, description: "Cursor to go on behind." })
  after?: string | null;
}
