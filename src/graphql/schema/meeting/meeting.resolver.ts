import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import { requireScope } from "../../../connections/access/principal.js";
import type { MeetingFilter as Filter, MeetingInput as Input } from "../../../providers/contract/input.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import { Contact } from "../contact/contact.type.js";
import { Lead } from "../lead/lead.type.js";
import { nativeIdWithin } from "../../operation/global-id.js";
import { OperationContext } from "../../operation/context.js";
import { contactService, leadService, meetingService } from "../../operation/resource-service.js";
import { targetConnection, targetRecord } from "../../operation/target.js";
import type { PageValue } from "../shared/page-types.js";
import { pageValue } from "../shared/record-pages.js";
import { ProviderArgs, RecordArgs } from "../shared/args.js";
import { Owner } from "../shared/owner.js";
import { DeletedRecord } from "../shared/values.js";
import { Attendee, attendeesOf } from "./attendee.js";
import { assertTimes } from "./meeting-times.js";
import { MeetingInput, MeetingsArgs } from "./meeting.inputs.js";
import { Meeting, MeetingConnection } from "./meeting.type.js";

const MINUTE_MS = 60_000;

@Resolver(() => Meeting)
export class MeetingResolver {
  @Query(() => Meeting, { nullable: true, description: "One meeting, by its id." })
  async meeting(@Args(() => RecordArgs) args: RecordArgs, @Ctx() context: OperationContext): Promise<Meeting> {
    const { connection, nativeId } = await targetRecord(context, "meeting", args);
    return Meeting.from(await meetingService.get(context, connection, nativeId));
  }

  @Query(() => MeetingConnection, { nullable: true, description: "Meetings in one CRM of an end user." })
  async meetings(
    @Args(() => ProviderArgs) target: ProviderArgs,
    @Args(() => MeetingsArgs) args: MeetingsArgs,
    @Ctx() context: OperationContext,
  ): Promise<PageValue<Meeting>> {
    const connection = await targetConnection(context, target);
    const page = await meetingService.list(context, connection, { ...args, filter: args.filter as Filter | null });
    return pageValue(page, Meeting.from);
  }

  @Mutation(() => Meeting, { nullable: true, description: "Creates a meeting in a CRM." })
  async createMeeting(
    @Args(() => ProviderArgs) args: ProviderArgs,
    @Arg("input", () => MeetingInput, { description: "Fields of the new record." }) input: MeetingInput,
    @Ctx() context: OperationContext,
  ): Promise<Meeting> {
    const connection = await targetConnection(context, args);
    const native = nativeInput(input, connection);
    assertTimes(native);
    return Meeting.from(await meetingService.create(context, connection, native));
  }

  @Mutation(() => Meeting, {
    nullable: true,
    description: "Updates a meeting. Absent fields are unchanged; null clears a field.",
  })
  async updateMeeting(
    @Args(() => RecordArgs) args: RecordArgs,
    @Arg("input", () => MeetingInput, { description: "Fields to change." }) input: MeetingInput,
    @Ctx() context: OperationContext,
  ): Promise<Meeting> {
    const { connection, nativeId } = await targetRecord(context, "meeting", args);
    const native = nativeInput(input, connection);
    assertTimes(native);
    return Meeting.from(await meetingService.update(context, connection, nativeId, native));
  }

  @Mutation(() => DeletedRecord, { nullable: true, description: "Deletes a meeting in its CRM." })
  async deleteMeeting(
    @Args(() => RecordArgs) args: RecordArgs,
    @Ctx() context: OperationContext,
  ): Promise<DeletedRecord> {
    const { connection, nativeId } = await targetRecord(context, "meeting", args);
    return meetingService.delete(context, connection, nativeId);
  }

  @FieldResolver(() => Int, { nullable: true })
  durationMinutes(@Root() { loaded }: Meeting): number | null {
    const { startAt, endAt } = loaded.record.fields as { startAt?: string; endAt?: string | null };
    return startAt && endAt ? Math.round((Date.parse(endAt) - Date.parse(startAt)) / MINUTE_MS) : null;
  }

  @FieldResolver(() => Owner, { nullable: true, description: "The CRM user who organized the meeting." })
  organizer(@Root() { loaded, link }: Meeting): Owner | null {
    return Owner.of((loaded.record.fields as { organizer?: { id: string } | null }).organizer, link);
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

function nativeInput(input: MeetingInput, { id }: ConnectionRecord): Input {
  const native = { ...input } as Input;
  if (input.contactIds) native.contactIds = nativeIds(input.contactIds, "contact", id, "input.contactIds");
  if (input.leadIds) native.leadIds = nativeIds(input.leadIds, "lead", id, "input.leadIds");
  return native;
}

function nativeIds(ids: readonly string[], resource: "contact" | "lead", connectionId: string, path: string): string[] {
  return [...new Set(ids.map((id, index) => nativeIdWithin(id, resource, connectionId, `${path}.${index}`)))];
}
