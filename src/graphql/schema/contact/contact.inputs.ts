import { Field, InputType } from "type-graphql";
import type * as contract from "../../../providers/contract/input.js";
import type { LifecycleStage } from "../../../providers/contract/model.js";
import { ContactOrderFieldEnum, LifecycleStageEnum } from "../shared/enums.js";
import { CompanyRefInput, PersonFilter, PersonInput } from "../shared/inputs.js";
import { listArgs } from "../shared/list-args.js";

@InputType({
  description: "Contact fields to write. In an update, absent fields are unchanged and null clears a field.",
})
export class ContactInput extends PersonInput implements contract.ContactInput {
  @Field(() => String, { nullable: true, description: "Department in the company." })
  department?: string | null;

  @Field(() => CompanyRefInput, { nullable: true, description: "The company that the person belongs to." })
  company?: CompanyRefInput | null;

  @Field(() => LifecycleStageEnum, {
    nullable: true,
    description: "Stage of the person on the way to becoming a customer.",
  })
  lifecycleStage?: LifecycleStage | null;

  @Field(() => String, {
    nullable: true,
    description: "The CRM’s own name for the stage. Use it instead of `lifecycleStage`.",
  })
  rawLifecycleStage?: string | null;

  @Field(() => String, { nullable: true, description: "Where the contact came from." })
  leadSource?: string | null;

  @Field(() => [String], { nullable: true, description: "Websites. Replaces the existing list." })
  websites?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: "Whether the person does not want to be contacted." })
  doNotContact?: boolean | null;
}

@InputType({
  description:
    "Conditions for a list of contacts. All must match. Conditions that the CRM does not support fail with " +
    "INVALID_INPUT.",
})
export class ContactFilter extends PersonFilter implements contract.ContactFilter {}

export const ContactsArgs = listArgs("contact", ContactFilter, ContactOrderFieldEnum);
