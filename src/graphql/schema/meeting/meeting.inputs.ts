import { Field, ID, InputType } from "type-graphql";
import type * as contract from "../../../providers/contract/input.js";
import type { MeetingStatus } from "../../../providers/contract/model.js";
import { MeetingOrderFieldEnum, MeetingStatusEnum } from "../shared/enums.js";
import { RecordFilter, RecordInput } from "../shared/inputs.js";
import { listArgs } from "../shared/list-args.js";
import { DateTime } from "../shared/scalars.js";

@InputType({
  description: "Meeting fields to write. In an update, absent fields are unchanged and null clears a field.",
})
export class MeetingInput extends RecordInput implements contract.MeetingInput {
  @Field(() => String, { nullable: true, description: "Title." })
  title?: string | null;

  @Field(() => String, { nullable: true, description: "Description, in plain text." })
  description?: string | null;

  @Field(() => String, { nullable: true, description: "Notes that attendees do not see." })
  internalNotes?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Start. For an all-day meeting, midnight UTC of its first day.",
  })
  startAt?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "End, exclusive. For an all-day meeting, midnight UTC of the day after its last day.",
  })
  endAt?: Date | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the meeting lasts whole days instead of having a time of day.",
  })
  isAllDay?: boolean | null;

  @Field(() => String, { nullable: true, description: "Where the meeting takes place." })
  location?: string | null;

  @Field(() => String, { nullable: true, description: "Link to the video call." })
  videoUrl?: string | null;

  @Field(() => MeetingStatusEnum, {
    nullable: true,
    description: "Status of the meeting, e.g. scheduled or completed.",
  })
  status?: MeetingStatus | null;

  @Field(() => String, { nullable: true, description: "The CRM’s own status. Use it instead of `status`." })
  rawStatus?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: "Contacts who attend the meeting, as global ids or the CRM’s own ids. Replaces the existing list.",
  })
  contactIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: "Leads that the meeting is about, as global ids or the CRM’s own ids. Replaces the existing list.",
  })
  leadIds?: string[] | null;
}

@InputType({
  description:
    "Conditions for a list of meetings. All must match. Conditions that the CRM does not support fail with " +
    "INVALID_INPUT.",
})
export class MeetingFilter extends RecordFilter implements contract.MeetingFilter {
  @Field(() => DateTime, { nullable: true, description: "Starts at this instant or later." })
  startsSince?: Date;

  @Field(() => DateTime, { nullable: true, description: "Starts before this instant." })
  startsUntil?: Date;

  @Field(() => String, { nullable: true, description: "E-mail address of an attendee." })
  attendeeEmail?: string;
}

export const MeetingsArgs = listArgs("meeting", MeetingFilter, MeetingOrderFieldEnum);
