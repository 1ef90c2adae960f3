import { Field, Int, ObjectType } from "type-graphql";
import type { MeetingFields, MeetingStatus } from "../../../providers/contract/model.js";
import { Node } from "../shared/node.type.js";
import type { Loaded } from "../../operation/loaded.js";
import { pageTypes } from "../shared/page-types.js";
import { MeetingStatusEnum } from "../shared/enums.js";
import { CrmRecord, fromLoaded } from "../shared/record.js";
import { DateTime } from "../shared/scalars.js";

@ObjectType({ implements: Node, description: "A meeting, call or appointment in a CRM." })
export class Meeting extends CrmRecord<"meeting"> {
  protected override readonly resource = "meeting";

  @Field(() => String, { nullable: true, simple: true, description: "Title." })
  title?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Description, in plain text." })
  description?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Notes that attendees do not see." })
  internalNotes?: string | null;

  @Field(() => DateTime, {
    simple: true,
    description: "Start. For an all-day meeting, midnight UTC of its first day; use only the date.",
  })
  startAt!: string;

  @Field(() => DateTime, {
    nullable: true,
    simple: true,
    description: "End, exclusive. For an all-day meeting, midnight UTC of the day after its last day.",
  })
  endAt?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "IANA time zone. Null if the CRM stores none." })
  timeZone?: string | null;

  @Field(() => Boolean, {
    simple: true,
    description: "Whether the meeting lasts whole days instead of having a time of day.",
  })
  isAllDay!: boolean;

  @Field(() => Int, { nullable: true, description: "Length in minutes." })
  durationMinutes?: number | null;

  @Field(() => String, { nullable: true, simple: true, description: "Where the meeting takes place." })
  location?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Link to the video call." })
  videoUrl?: string | null;

  @Field(() => MeetingStatusEnum, {
    nullable: true,
    simple: true,
    description: "Status of the meeting, e.g. scheduled or completed.",
  })
  status?: MeetingStatus | null;

  @Field(() => String, { nullable: true, simple: true, description: "The CRM’s own status." })
  rawStatus?: string | null;

  static readonly from = (loaded: Loaded<"meeting">): Meeting => {
    return fromLoaded(Meeting, loaded, NONE);
  };
}

/** Values of the fields that the CRM does not have. */
const NONE: Pick<MeetingFields, "isAllDay" | "customFields"> = { isAllDay: false, customFields: [] };

export const MeetingConnection = pageTypes(() => Meeting, "Meeting");
