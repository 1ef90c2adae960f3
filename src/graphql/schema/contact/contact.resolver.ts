import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import type { ContactFilter as Filter } from "../../../providers/contract/input.js";
import { LeadConnection, Lead } from "../lead/lead.type.js";
import { Meeting, MeetingConnection } from "../meeting/meeting.type.js";
import { OperationContext } from "../../operation/context.js";
import { contactService, leadService, meetingService } from "../../operation/resource-service.js";
import { targetConnection, targetRecord } from "../../operation/target.js";
import { edgePage, pageValue } from "../shared/record-pages.js";
import type { PageValue } from "../shared/page-types.js";
import { FirstAfterArgs, ProviderArgs, RecordArgs } from "../shared/args.js";
import { DeletedRecord } from "../shared/values.js";
import { ContactInput, ContactsArgs } from "./contact.inputs.js";
import { Contact, ContactConnection } from "./contact.type.js";

@Resolver(() => Contact)
export class ContactResolver {
  @Query(() => Contact, { nullable: true, description: "One contact, by its id." })
  async contact(@Args(() => RecordArgs) args: RecordArgs, @Ctx() context: OperationContext): Promise<Contact> {
    const { connection, nativeId } = await targetRecord(context, "contact", args);
    return Contact.from(await contactService.get(context, connection, nativeId));
  }

  @Query(() => ContactConnection, { nullable: true, description: "Contacts in one CRM of an end user." })
  async contacts(
    @Args(() => ProviderArgs) target: ProviderArgs,
    @Args(() => ContactsArgs) args: ContactsArgs,
    @Ctx() context: OperationContext,
  ): Promise<PageValue<Contact>> {
    const connection = await targetConnection(context, target);
    const page = await contactService.list(context, connection, { ...args, filter: args.filter as Filter | null });
    return pageValue(page, Contact.from);
  }

  @Mutation(() => Contact, { nullable: true, description: "Creates a contact in a CRM." })
  async createContact(
    @Args(() => ProviderArgs) args: ProviderArgs,
    @Arg("input", () => ContactInput, { description: "Fields of the new record." }) input: ContactInput,
    @Ctx() context: OperationContext,
  ): Promise<Contact> {
    const connection = await targetConnection(context, args);
    return Contact.from(await contactService.create(context, connection, input));
  }

  @Mutation(() => Contact, {
    nullable: true,
    description: "Updates a contact. Absent fields are unchanged; null clears a field.",
  })
  async updateContact(
    @Args(() => RecordArgs) args: RecordArgs,
    @Arg("input", () => ContactInput, { description: "Fields to change." }) input: ContactInput,
    @Ctx() context: OperationContext,
  ): Promise<Contact> {
    const { connection, nativeId } = await targetRecord(context, "contact", args);
    return Contact.from(await contactService.update(context, connection, nativeId, input));
  }

  @Mutation(() => DeletedRecord, { nullable: true, description: "Deletes a contact in its CRM." })
  async deleteContact(
    @Args(() => RecordArgs) args: RecordArgs,
    @Ctx() context: OperationContext,
  ): Promise<DeletedRecord> {
    const { connection, nativeId } = await targetRecord(context, "contact", args);
    return contactService.delete(context, connection, nativeId);
  }

  @FieldResolver(() => MeetingConnection, {
    nullable: true,
    description: "Meetings that the person attends.",
  })
  meetings(
    @Root() contact: Contact,
    @Args(() => FirstAfterArgs) args: FirstAfterArgs,
    @Ctx() context: OperationContext,
  ): Promise<PageValue<Promise<Meeting>>> {
    return edgePage(context, contact, "meetings", meetingService, "meeting", args, Meeting.from);
  }

  @FieldResolver(() => LeadConnection, { nullable: true, description: "Leads for this person." })
  leads(
    @Root() contact: Contact,
    @Args(() => FirstAfterArgs) args: FirstAfterArgs,
    @Ctx() context: OperationContext,
  ): Promise<PageValue<Promise<Lead>>> {
    return edgePage(context, contact, "leads", leadService, "lead", args, Lead.from);
  }
}
