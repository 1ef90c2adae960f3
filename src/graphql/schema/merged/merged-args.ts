import { ArgsType, Field, InputType } from "type-graphql";
import type { ResourceFilters } from "../../../providers/contract/input.js";
import type { ResourceName } from "../../../providers/contract/model.js";
import type { MergedArgs } from "../../operation/merged/merged-listing.js";
import type { MergeKey, MergeOrder } from "../../operation/merged/rank.js";
import { ContactFilter } from "../contact/contact.inputs.js";
import { LeadFilter } from "../lead/lead.inputs.js";
import { MeetingFilter } from "../meeting/meeting.inputs.js";
import { FirstAfterArgs } from "../shared/args.js";
import { MergedMeetingOrderFieldEnum, MergedOrderFieldEnum } from "../shared/enums.js";
import type { InputClass } from "../shared/input-class.js";
import { DirectionInput } from "../shared/inputs.js";

@InputType({ description: "Sort order of contacts or leads of all CRMs." })
export class MergedOrderBy extends DirectionInput implements MergeOrder {
  @Field(() => MergedOrderFieldEnum, { description: "Time to order by." })
  field!: "CREATED_AT" | "UPDATED_AT";
}

@InputType({ description: "Sort order of meetings of all CRMs." })
class MergedMeetingOrderBy extends DirectionInput implements MergeOrder {
  @Field(() => MergedMeetingOrderFieldEnum, { description: "Time to order by." })
  field!: MergeKey;
}

/** Makes the arguments of a page that is merged of the lists of several CRMs. */
function mergedArgs<Resource extends ResourceName, Filter extends ResourceFilters[Resource]>(
  resource: Resource,
  filterType: InputClass<Filter, ResourceFilters[NoInfer<Resource>]>,
  orderType: new () => MergeOrder,
  defaultOrder: MergeKey,
): new () => MergedArgs<Resource> {
  @ArgsType()
  class MergedListArgs extends FirstAfterArgs implements MergedArgs<Resource> {
    @Field(() => filterType, {
      nullable: true,
      description:
        `Return only ${resource}s that match. Defaults to all ${resource}s. CRMs that cannot apply a condition exactly are listed ` +
        "in `completeness.unsupported`.",
    })
    filter?: Filter | null;

    @Field(() => orderType, {
      nullable: true,
      description: `Sort order, the same for all CRMs. Defaults to ${defaultOrder}, ascending.`,
    })
    orderBy?: MergeOrder | null;

    @Field(() => [String], {
      nullable: true,
      description: "Slugs of the providers to read, e.g. hubspot. Defaults to all that the end user has connected.",
    })
    providers?: string[] | null;
  }
  return MergedListArgs;
}

export const MergedContactsArgs = mergedArgs("contact", ContactFilter, MergedOrderBy, "CREATED_AT");
export const MergedLeadsArgs = mergedArgs("lead", LeadFilter, MergedOrderBy, "CREATED_AT");
export const MergedMeetingsArgs = mergedArgs("meeting", MeetingFilter, MergedMeetingOrderBy, "STARTS_AT");
