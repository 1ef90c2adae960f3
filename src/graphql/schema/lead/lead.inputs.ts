import { Field, ID, InputType } from "type-graphql";
import type * as contract from "../../../providers/contract/input.js";
import type { LeadRating, LeadStatus } from "../../../providers/contract/model.js";
import { LeadOrderFieldEnum, LeadRatingEnum, LeadStatusEnum } from "../shared/enums.js";
import { MoneyInput, PersonFilter, PersonInput } from "../shared/inputs.js";
import { listArgs } from "../shared/list-args.js";

@InputType({ description: "Lead fields to write. In an update, absent fields are unchanged and null clears a field." })
export class LeadInput extends PersonInput implements contract.LeadInput {
  @Field(() => String, { nullable: true, description: "Topic of the lead." })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: "Name of the lead’s company." })
  companyName?: string | null;

  @Field(() => String, { nullable: true, description: "Where the lead came from." })
  source?: string | null;

  @Field(() => LeadStatusEnum, { nullable: true, description: "Progress of the sales work on the lead." })
  status?: LeadStatus | null;

  @Field(() => String, { nullable: true, description: "The CRM’s own status or stage. Use it instead of `status`." })
  rawStatus?: string | null;

  @Field(() => LeadRatingEnum, { nullable: true, description: "How promising the lead is." })
  rating?: LeadRating | null;

  @Field(() => MoneyInput, { nullable: true, description: "Expected value of the sale." })
  value?: MoneyInput | null;

  @Field(() => ID, {
    nullable: true,
    description: "The contact that the lead is for: a global id, or the CRM’s own id.",
  })
  contactId?: string | null;
}

@InputType({
  description:
    "Conditions for a list of leads. All must match. Conditions that the CRM does not support fail with " +
    "INVALID_INPUT.",
})
export class LeadFilter extends PersonFilter implements contract.LeadFilter {
  @Field(() => LeadStatusEnum, { nullable: true, description: "Progress of the sales work on the lead." })
  status?: LeadStatus;
}

export const LeadsArgs = listArgs("lead", LeadFilter, LeadOrderFieldEnum);
