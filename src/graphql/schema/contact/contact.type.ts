import { Field, ObjectType } from "type-graphql";
import type { ContactFields, LifecycleStage } from "../../../providers/contract/model.js";
import { Node } from "../shared/node.type.js";
import type { Loaded } from "../../operation/loaded.js";
import { pageTypes } from "../shared/page-types.js";
import { LifecycleStageEnum } from "../shared/enums.js";
import { CrmRecord, fromLoaded } from "../shared/record.js";
import { Address, EmailAddress, PhoneNumber } from "../shared/values.js";
import { CompanyRef } from "./company.js";

@ObjectType({ implements: Node, description: "A person in a CRM." })
export class Contact extends CrmRecord<"contact"> {
  protected override readonly resource = "contact";

  @Field(() => String, { nullable: true, simple: true, description: "First name, or first names." })
  firstName?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Last name." })
  lastName?: string | null;

  @Field(() => String, {
    simple: true,
    description: "Full name. If the contact has no name, the e-mail address; if it has neither, an empty string.",
  })
  fullName!: string;

  @Field(() => String, { nullable: true, simple: true, description: "Job title." })
  title?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Department in the company." })
  department?: string | null;

  @Field(() => [EmailAddress], {
    nullable: true,
    simple: true,
    description: "All e-mail addresses, the primary one first. Null, with an error, if they cannot be read.",
  })
  emails!: EmailAddress[] | null;

  @Field(() => [PhoneNumber], {
    nullable: true,
    simple: true,
    description: "All phone numbers, the primary one first. Null, with an error, if they cannot be read.",
  })
  phones!: PhoneNumber[] | null;

  @Field(() => [Address], { simple: true, description: "All postal addresses." })
  addresses!: Address[];

  @Field(() => CompanyRef, { nullable: true, simple: true, description: "The company that the person belongs to." })
  company?: CompanyRef | null;

  @Field(() => LifecycleStageEnum, {
    nullable: true,
    simple: true,
    description: "Stage of the person on the way to becoming a customer.",
  })
  lifecycleStage?: LifecycleStage | null;

  @Field(() => String, { nullable: true, simple: true, description: "The CRM’s own name for the stage." })
  rawLifecycleStage?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Where the contact came from." })
  leadSource?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Free text about the person." })
  description?: string | null;

  @Field(() => [String], { simple: true, description: "Websites." })
  websites!: string[];

  @Field(() => Boolean, {
    nullable: true,
    simple: true,
    description: "Whether the person does not want to be contacted.",
  })
  doNotContact?: boolean | null;

  static readonly from = (loaded: Loaded<"contact">): Contact => {
    const contact = fromLoaded(Contact, loaded, NONE);
    if (!loaded.record.failures?.["company"]) contact.company = CompanyRef.of(loaded);
    return contact;
  };
}

/** Values of the fields that the CRM does not have. Lists are empty, never null. */
const NONE: Pick<ContactFields, "emails" | "phones" | "addresses" | "websites" | "customFields"> = {
  emails: [],
  phones: [],
  addresses: [],
  websites: [],
  customFields: [],
};

export const ContactConnection = pageTypes(() => Contact, "Contact");
