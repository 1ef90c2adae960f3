import { ArgsType, Field, InputType } from "type-graphql";
import type { OrderField } from "../../../providers/contract/input.js";
import type { LifecycleStage } from "../../../providers/contract/model.js";
import { FirstAfterArgs } from "../shared/args.js";
import { ContactOrderFieldEnum, LifecycleStageEnum } from "../shared/enums.js";
import { CompanyRefInput, DirectionInput, PersonFilter, PersonInput } from "../shared/inputs.js";

@InputType({ description: "What to write of a contact. In an update, what is absent stays and null clears." })
export class ContactInput extends PersonInput {
  @Field(() => String, { nullable: true, description: "Department in the company." })
  department?: string | null;

  @Field(() => CompanyRefInput, { nullable: true, description: "The company that the person belongs to." })
  company?: CompanyRefInput | null;

  @Field(() => LifecycleStageEnum, {
    nullable: true,
    description: "How far the person is on the way to being a customer.",
  })
  lifecycleStage?: LifecycleStage | null;

  @Field(() => String, {
    nullable: true,
    description: "The CRM’s own word for the stage, instead of `lifecycleStage`.",
  })
  rawLifecycleStage?: string | null;

  @Field(() => String, { nullable: true, description: "Where the person was heard of." })
  leadSource?: string | null;

  @Field(() => [String], { nullable: true, description: "Websites; the list replaces the old one." })
  websites?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: "Whether the person does not want to be contacted." })
  doNotContact?: boolean | null;
}

@InputType({
  description: "Which contacts to list; all conditions must hold. What the CRM cannot filter by is INVALID_INPUT.",
})
export class ContactFilter extends PersonFilter {}

@InputType({ description: "The order of a listing of contacts." })
export class ContactOrderBy extends DirectionInput {
  @Field(() => ContactOrderFieldEnum, { description: "What to order by." })
  field!: OrderField<"contact">;
}

@ArgsType()
export class ContactsArgs extends FirstAfterArgs {
  @Field(() => ContactFilter, { nullable: true, description: "Which contacts; all unless given." })
  filter?: ContactFilter | null;

  @Field(() => ContactOrderBy, { nullable: true, description: "The order; the CRM’s own unless given." })
  orderBy?: ContactOrderBy | null;
}
