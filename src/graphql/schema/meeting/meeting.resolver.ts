import { Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import { requireScope } from "../../../connections/access/principal.js";
import { OperationContext } from "../../operation/context.js";
import { contactService, leadService } from "../../operation/resource-service.js";
import { Contact } from "../contact/contact.type.js";
import { Lead } from "../lead/lead.type.js";
import { Owner } from "../shared/owner.js";
import { resourceResolver } from "../shared/resource-resolver.js";
import { Attendee, attendeesOf } from "./attendee.js";
import { MeetingInput, MeetingsArgs } from "./meeting.inputs.js";
import { Meeting, MeetingConnection } from "./meeting.type.js";
import { nativeInput } from "./native-input.js";

const MINUTE_MS = 60_000;

@Resolver(() => Meeting)
export class MeetingResolver extends resourceResolver("meeting", {
  record: Meeting,
  page: MeetingConnection,
  input: MeetingInput,
  listArgs: MeetingsArgs,
  nativeInput,
}) {
  @FieldResolver(() => Int, { nullable: true })
  durationMinutes(@Root() { loaded }: Meeting): number | null {
    const { startAt, endAt } = loaded.record.fields;
    return startAt && endAt ? Math.round((Date.parse(endAt) - Date.parse(startAt)) / MINUTE_MS) : null;
  }

  @FieldResolver(() => Owner, { nullable: true, description: "The CRM user who organized the meeting." })
  organizer(@Root() { loaded, link }: Meeting): Owner | null {
    return Owner.of(loaded.record.fields.organizer, link);
  }

  @FieldResolver(() => [Attendee], { nullable: true, description: "People who attend the meeting." })
  attendees(@Root() meeting: Meeting): Attendee[] | Promise<Attendee[]> {
    return attendeesOf(meeting);
  }

  @FieldResolver(() => [Contact], { nullable: "itemsAndList", description: "Contacts who attend the meeting." })
  async contacts(@Root() meeting: Meeting, @Ctx() context: OperationContext): Promise<Promise<Contact>[]> {
    requireScope(context.principal, "contacts:read");
    const { ids } = await meeting.linkedIds("contacts");
    return ids.map((id) => contactService.loadAs(meeting.link, id, Contact.from));
  }

  @FieldResolver(() => [Lead], { nullable: "itemsAndList", description: "Leads that the meeting is about." })
  async leads(@Root() meeting: Meeting, @Ctx() context: OperationContext): Promise<Promise<Lead>[]> {
    requireScope(context.principal, "leads:read");
    const { ids } = await meeting.linkedIds("leads");
    return ids.map((id) => leadService.loadAs(meeting.link, id, Lead.from));
  }
}
