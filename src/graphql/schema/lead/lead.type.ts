import { Field, ObjectType } from "type-graphql";
import type { LeadFields, LeadRating, LeadStatus } from "../../../providers/contract/model.js";
import { Node } from "../shared/node.type.js";
import type { Loaded } from "../../operation/loaded.js";
import { pageTypes } from "../shared/page-types.js";
import { LeadRatingEnum, LeadStatusEnum } from "../shared/enums.js";
import { CrmRecord, fromLoaded } from "../shared/record.js";
import { DateTime } from "../shared/scalars.js";
import { Money } from "../shared/values.js";

/** The resolver has the names, addresses and phone numbers, because some CRMs store them on the lead's contact. */
@ObjectType({ implements: Node, description: "A potential sale: a person or company that showed interest." })
export class Lead extends CrmRecord<"lead"> {
  protected override readonly resource = "lead";

  @Field(() => String, { nullable: true, simple: true, description: "Topic of the lead." })
  subject?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Where the lead came from." })
  source?: string | null;

  @Field(() => LeadStatusEnum, { nullable: true, simple: true, description: "Progress of the sales work on the lead." })
  status?: LeadStatus | null;

  @Field(() => String, { nullable: true, simple: true, description: "The CRM’s own status or stage." })
  rawStatus?: string | null;

  @Field(() => LeadRatingEnum, { nullable: true, simple: true, description: "How promising the lead is." })
  rating?: LeadRating | null;

  @Field(() => String, { nullable: true, simple: true, description: "The CRM’s own rating." })
  rawRating?: string | null;

  @Field(() => Money, { nullable: true, simple: true, description: "Expected value of the sale." })
  value?: Money | null;

  @Field(() => Boolean, {
    nullable: true,
    simple: true,
    description:
      "Whether the lead has been converted into a contact or opportunity. Odoo needs a further call for it; null if this call fails.",
  })
  isConverted?: boolean | null;

  @Field(() => DateTime, {
    nullable: true,
    simple: true,
    description: "When the lead was converted. Some CRMs store only the date.",
  })
  convertedAt?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Free text about the lead." })
  description?: string | null;

  static readonly from = (loaded: Loaded<"lead">): Lead => {
    return fromLoaded(Lead, loaded, NONE);
  };
}

/** Values of the fields that the CRM does not have. */
const NONE: Pick<LeadFields, "isConverted" | "customFields"> = { isConverted: false, customFields: [] };

export const LeadConnection = pageTypes(() => Lead, "Lead");
