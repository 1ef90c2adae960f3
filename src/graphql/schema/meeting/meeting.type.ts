import { Field, Int, ObjectType } from "type-graphql";
import type { MeetingFields, MeetingStatus } from "../../../providers/contract/model.js";
import { Node } from "../shared/node.type.js";
import type { Loaded } from "../../operation/resource-service.js";
import { pageTypes } from "../shared/page-types.js";
import { MeetingStatusEnum } from "../shared/enums.js";
import { CrmRecord, fromLoaded } from "../shared/record.js";
import { DateTime } from "../shared/scalars.js";

@ObjectType({ implements: Node, description: "A meeting, call or appointment in a CRM." })
export class Meeting extends CrmRecord {
  protected override readonly resource = "meeting";

  @Field(() => String, { nullable: true, simple: true, description: "Title." })
  title?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Description, as plain text." })
  description?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Notes that the guests do not see." })
  internalNotes?: string | null;

  @Field(() => DateTime, {
    simple: true,
    description: "Start. Of an all-day meeting: UTC midnight of its first day; only the date counts.",
  })
  startAt!: string;

  @Field(() => DateTime, {
    nullable: true,
    simple: true,
    description: "End, exclusive. Of an all-day meeting: UTC midnight of the day after its last.",
  })
  endAt?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "IANA time zone, where the CRM keeps one." })
  timeZone?: string | null;

  @Field(() => Boolean, { simple: true, description: "Whether it takes whole days rather than hours." })
  isAllDay!: boolean;

  @Field(() => Int, { nullable: true, description: "Length in minutes." })
  durationMinutes?: number | null;

  @Field(() => String, { nullable: true, simple: true, description: "Where it takes place." })
  location?: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "Link to the video call." })
  videoUrl?: string | null;

  @Field(() => MeetingStatusEnum, { nullable: true, simple: true, description: "What became of it." })
  status?: MeetingStatus | null;

  @Field(() => String, { nullable: true, simple: true, description: "The CRM’s own status." })
  rawStatus?: string | null;

  static from(loaded: Loaded<"meeting">): Meeting {
    return fromLoaded(Meeting, loaded, NONE as Partial<Meeting>);
  }
}

const NONE: Pick<MeetingFields, "isAllDay" | "customFields"> = { isAllDay: false, customFields: [] };

export const MeetingConnection = pageTypes(() => Meeting, "Meeting");
