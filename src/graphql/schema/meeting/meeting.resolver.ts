import { FieldResolver, Int, Resolver, Root } from "type-graphql";
import { fieldOf } from "../../operation/loaded.js";
import { ASSUMED_LENGTHS } from "../../operation/analysis.js";
import { contactService, leadService } from "../../operation/resource-service.js";
import { Contact } from "../contact/contact.type.js";
import { Lead } from "../lead/lead.type.js";
import { Owner } from "../shared/owner.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { resourceResolver } from "../shared/resource-resolver.js";
import { Attendee, attendeesOf } from "./attendee.js";
import { MeetingInput, MeetingsArgs } from "./meeting.inputs.js";
import { assertTimes } from "./meeting-times.js";
import { Meeting, MeetingConnection } from "./meeting.type.js";

const MINUTE_MS = 60_000;

/** What the price of an operation takes for granted of a list without a page size. */
const assumed = (type: string) => `The price of an operation assumes at most ${ASSUMED_LENGTHS[type]} a meeting.`;

@Resolver(() => Meeting)
export class MeetingResolver extends resourceResolver("meeting", {
  record: Meeting,
  page: MeetingConnection,
  input: MeetingInput,
  listArgs: MeetingsArgs,
  assertInput: assertTimes,
}) {
  @FieldResolver(() => Int, { nullable: true })
  durationMinutes(@Root() meeting: Meeting): number | null {
    const [startAt, endAt] = [fieldOf(meeting.loaded, "startAt"), fieldOf(meeting.loaded, "endAt")];
    return startAt && endAt ? Math.round((Date.parse(endAt) - Date.parse(startAt)) / MINUTE_MS) : null;
  }

  @FieldResolver(() => Owner, { nullable: true, description: "The CRM user who organized the meeting." })
  organizer(@Root() meeting: Meeting): Owner | null {
    return Owner.of(fieldOf(meeting.loaded, "organizer"), meeting.link);
  }

  @FieldResolver(() => [Attendee], {
    nullable: true,
    description: `People who attend the meeting. ${assumed("Attendee")}`,
  })
  attendees(@Root() meeting: Meeting): Attendee[] | Promise<Attendee[]> {
    return attendeesOf(meeting);
  }

  @RequiresScope("contacts:read")
  @FieldResolver(() => [Contact], {
    nullable: "itemsAndList",
    description: `Contacts who attend the meeting. ${assumed("Contact")}`,
  })
  async contacts(@Root() meeting: Meeting): Promise<Promise<Contact | null>[]> {
    const { ids } = await meeting.linkedIds("contacts");
    return ids.map((id) => contactService.loadLinked(meeting.link, id, Contact.from));
  }

  @RequiresScope("leads:read")
  @FieldResolver(() => [Lead], {
    nullable: "itemsAndList",
    description: `Leads that the meeting is about. ${assumed("Lead")}`,
  })
  async leads(@Root() meeting: Meeting): Promise<Promise<Lead | null>[]> {
    const { ids } = await meeting.linkedIds("leads");
    return ids.map((id) => leadService.loadLinked(meeting.link, id, Lead.from));
  }
}
