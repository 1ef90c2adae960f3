import { ArgsType, Field, ID, InputType } from "type-graphql";
import type { OrderField } from "../../../providers/contract/input.js";
import type { LeadRating, LeadStatus } from "../../../providers/contract/model.js";
import { FirstAfterArgs } from "../shared/args.js";
import { LeadOrderFieldEnum, LeadRatingEnum, LeadStatusEnum } from "../shared/enums.js";
import { DirectionInput, MoneyInput, PersonFilter, PersonInput } from "../shared/inputs.js";

@InputType({ description: "What to write of a lead. In an update, what is absent stays and null clears." })
export class LeadInput extends PersonInput {
  @Field(() => String, { nullable: true, description: "What the lead is about." })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: "Name of the lead’s company." })
  companyName?: string | null;

  @Field(() => String, { nullable: true, description: "Where the lead came from." })
  source?: string | null;

  @Field(() => LeadStatusEnum, { nullable: true, description: "How far it has been worked." })
  status?: LeadStatus | null;

  @Field(() => String, { nullable: true, description: "The CRM’s own status or stage, instead of `status`." })
  rawStatus?: string | null;

  @Field(() => LeadRatingEnum, { nullable: true, description: "How promising it is." })
  rating?: LeadRating | null;

  @Field(() => MoneyInput, { nullable: true, description: "What the sale may bring." })
  value?: MoneyInput | null;

  @Field(() => ID, { nullable: true, description: "The contact that the lead is about: global id or the CRM’s own." })
  contactId?: string | null;
}

@InputType({
  description: "Which leads to list; all conditions must hold. What the CRM cannot filter by is INVALID_INPUT.",
})
export class LeadFilter extends PersonFilter {
  @Field(() => LeadStatusEnum, { nullable: true, description: "How far it has been worked." })
  status?: LeadStatus;
}

@InputType({ description: "The order of a listing of leads." })
export class LeadOrderBy extends DirectionInput {
  @Field(() => LeadOrderFieldEnum, { description: "What to order by." })
  field!: OrderField<"lead">;
}

@ArgsType()
export class LeadsArgs extends FirstAfterArgs {
  @Field(() => LeadFilter, { nullable: true, description: "Which leads; all unless given." })
  filter?: LeadFilter | null;

  @Field(() => LeadOrderBy, { nullable: true, description: "The order; the CRM’s own unless given." })
  orderBy?: LeadOrderBy | null;
}
