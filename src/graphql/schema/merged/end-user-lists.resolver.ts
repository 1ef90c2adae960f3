import { Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { ResourceName } from "../../../providers/contract/model.js";
import { OperationContext } from "../../operation/context.js";
import type { Loaded } from "../../operation/loaded.js";
import type { MergedArgs } from "../../operation/merged/merged-listing.js";
import { mergedPage } from "../../operation/merged/merged-page.js";
import { Contact } from "../contact/contact.type.js";
import { EndUser } from "../end-user/end-user.js";
import { Lead } from "../lead/lead.type.js";
import { Meeting } from "../meeting/meeting.type.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { MergedContactsArgs, MergedLeadsArgs, MergedMeetingsArgs } from "./merged-args.js";
import { mergedPageTypes, pageValueOf, type MergedPageValue } from "./merged-page-types.js";

const MergedContactConnection = mergedPageTypes(() => Contact, "Contact");
export const MergedLeadConnection = mergedPageTypes(() => Lead, "Lead");
export const MergedMeetingConnection = mergedPageTypes(() => Meeting, "Meeting");

const described = (records: string) =>
  `${records} of all CRMs that the end user has connected, in one order. A page can have fewer records than \`first\` although more ` +
  "follow. CRMs that fail are listed in `completeness`; the field fails only if no CRM answers.";

@Resolver(() => EndUser)
export class EndUserListsResolver {
  @RequiresScope("contacts:read")
  @FieldResolver(() => MergedContactConnection, { nullable: true, description: described("Contacts") })
  contacts(
    @Root() endUser: EndUser,
    @Args(() => MergedContactsArgs) args: MergedArgs<"contact">,
    @Ctx() context: OperationContext,
  ): Promise<MergedPageValue<Contact>> {
    return pageValue(context, endUser, "contact", args, Contact.from);
  }

  @RequiresScope("leads:read")
  @FieldResolver(() => MergedLeadConnection, { nullable: true, description: described("Leads") })
  leads(
    @Root() endUser: EndUser,
    @Args(() => MergedLeadsArgs) args: MergedArgs<"lead">,
    @Ctx() context: OperationContext,
  ): Promise<MergedPageValue<Lead>> {
    return pageValue(context, endUser, "lead", args, Lead.from);
  }

  @RequiresScope("meetings:read")
  @FieldResolver(() => MergedMeetingConnection, { nullable: true, description: described("Meetings") })
  meetings(
    @Root() endUser: EndUser,
    @Args(() => MergedMeetingsArgs) args: MergedArgs<"meeting">,
    @Ctx() context: OperationContext,
  ): Promise<MergedPageValue<Meeting>> {
    return pageValue(context, endUser, "meeting", args, Meeting.from);
  }
}

async function pageValue<Resource extends ResourceName, Type>(
  context: OperationContext,
  { record }: EndUser,
  resource: Resource,
  args: MergedArgs<Resource>,
  from: (loaded: Loaded<Resource>) => Type,
): Promise<MergedPageValue<Type>> {
  return pageValueOf(await mergedPage(context, record?.id ?? null, resource, args), from);
}
