import { Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { OperationContext } from "../../operation/context.js";
import { Lead, LeadConnection } from "../lead/lead.type.js";
import { Meeting, MeetingConnection } from "../meeting/meeting.type.js";
import { FirstAfterArgs } from "../shared/args.js";
import type { PageValue } from "../shared/page-types.js";
import { edgePage } from "../shared/record-pages.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { resourceResolver } from "../shared/resource-resolver.js";
import { ContactInput, ContactsArgs } from "./contact.inputs.js";
import { Contact, ContactConnection } from "./contact.type.js";

/** What the price of an operation takes for granted of the ids at the other end of an edge. */
const PAGED_EDGE =
  "Where the CRM pages them, the price of an operation assumes no more of a contact than the page of the provider states.";

@Resolver(() => Contact)
export class ContactResolver extends resourceResolver("contact", {
  record: Contact,
  page: ContactConnection,
  input: ContactInput,
  listArgs: ContactsArgs,
}) {
  @RequiresScope("meetings:read")
  @FieldResolver(() => MeetingConnection, {
    nullable: true,
    description: `Meetings that the person attends. ${PAGED_EDGE}`,
  })
  meetings(
    @Root() contact: Contact,
    @Args(() => FirstAfterArgs) args: FirstAfterArgs,
    @Ctx() context: OperationContext,
  ): Promise<PageValue<Promise<Meeting | null>>> {
    return edgePage(context, contact, "meetings", "meeting", args, Meeting.from);
  }

  @RequiresScope("leads:read")
  @FieldResolver(() => LeadConnection, { nullable: true, description: "Leads for this person." })
  leads(
    @Root() contact: Contact,
    @Args(() => FirstAfterArgs) args: FirstAfterArgs,
    @Ctx() context: OperationContext,
  ): Promise<PageValue<Promise<Lead | null>>> {
    return edgePage(context, contact, "leads", "lead", args, Lead.from);
  }
}
