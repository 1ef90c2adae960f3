import { ArgsType, Field, ID, InputType } from "type-graphql";
import type { OrderField } from "../../../providers/contract/input.js";
import type { MeetingStatus } from "../../../providers/contract/model.js";
import { FirstAfterArgs } from "../shared/args.js";
import { MeetingOrderFieldEnum, MeetingStatusEnum } from "../shared/enums.js";
import { DirectionInput, RecordFilter, RecordInput } from "../shared/inputs.js";
import { DateTime } from "../shared/scalars.js";

@InputType({ description: "What to write of a meeting. In an update, what is absent stays and null clears." })
export class MeetingInput extends RecordInput {
  @Field(() => String, { nullable: true, description: "Title." })
  title?: string | null;

  @Field(() => String, { nullable: true, description: "Description, as plain text." })
  description?: string | null;

  @Field(() => String, { nullable: true, description: "Notes that the guests do not see." })
  internalNotes?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Start. Of an all-day meeting: UTC midnight of its first day.",
  })
  startAt?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "End, exclusive. Of an all-day meeting: UTC midnight of the day after its last.",
  })
  endAt?: Date | null;

  @Field(() => Boolean, { nullable: true, description: "Whether it takes whole days rather than hours." })
  isAllDay?: boolean | null;

  @Field(() => String, { nullable: true, description: "Where it takes place." })
  location?: string | null;

  @Field(() => String, { nullable: true, description: "Link to the video call." })
  videoUrl?: string | null;

  @Field(() => MeetingStatusEnum, { nullable: true, description: "What became of it." })
  status?: MeetingStatus | null;

  @Field(() => String, { nullable: true, description: "The CRM’s own status, instead of `status`." })
  rawStatus?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: "Contacts who take part, by global or the CRM’s own ids; the list replaces the old one.",
  })
  contactIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: "Leads that it is about, by global or the CRM’s own ids; the list replaces the old one.",
  })
  leadIds?: string[] | null;
}

@InputType({
  description: "Which meetings to list; all conditions must hold. What the CRM cannot filter by is INVALID_INPUT.",
})
export class MeetingFilter extends RecordFilter {
  @Field(() => DateTime, { nullable: true, description: "Starts at this instant or later." })
  startsSince?: Date;

  @Field(() => DateTime, { nullable: true, description: "Starts before this instant." })
  startsUntil?: Date;

  @Field(() => String, { nullable: true, description: "A person with this e-mail address takes part." })
  attendeeEmail?: string;
}

@InputType({ description: "The order of a listing of meetings." })
export class MeetingOrderBy extends DirectionInput {
  @Field(() => MeetingOrderFieldEnum, { description: "What to order by." })
  field!: OrderField<"meeting">;
}

@ArgsType()
export class MeetingsArgs extends FirstAfterArgs {
  @Field(() => MeetingFilter, { nullable: true, description: "Which meetings; all unless given." })
  filter?: MeetingFilter | null;

  @Field(() => MeetingOrderBy, { nullable: true, description: "The order; the CRM’s own unless given." })
  orderBy?: MeetingOrderBy | null;
}
