import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { OperationContext } from "../../operation/context.js";
import { gatheredPage, gatherLinked } from "../../operation/people/gathered.js";
import { peoplePage } from "../../operation/people/people-page.js";
import { PersonFinder } from "../../operation/people/person-finder.js";
import { leadsOfPerson } from "../../operation/people/person-leads.js";
import { EndUser } from "../end-user/end-user.js";
import { Lead } from "../lead/lead.type.js";
import { MergedLeadConnection, MergedMeetingConnection } from "../merged/end-user-lists.resolver.js";
import { mergedPageTypes, pageValueOf, type MergedPageValue } from "../merged/merged-page-types.js";
import { Meeting } from "../meeting/meeting.type.js";
import { FirstAfterArgs } from "../shared/args.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { PeopleArgs } from "./people-args.js";
import { Person } from "./person.type.js";

const MergedPersonConnection = mergedPageTypes(() => Person, "Person");

@Resolver(() => EndUser)
export class EndUserPeopleResolver {
  @RequiresScope("contacts:read")
  @FieldResolver(() => MergedPersonConnection, {
    nullable: true,
    description:
      "The people in all CRMs of the end user: each person once, however many contacts it has. The page reads `first` contacts and lists " +
      "each person at the first of its contacts, so it can have fewer people than `first`, or none, although more follow. Continue " +
      "until `hasNextPage` is false.",
  })
  async people(
    @Root() { record }: EndUser,
    @Args(() => PeopleArgs) args: PeopleArgs,
    @Ctx() context: OperationContext,
  ): Promise<MergedPageValue<Person>> {
    return pageValueOf(await peoplePage(context, record, args), (value) => new Person(value));
  }

  @RequiresScope("contacts:read")
  @FieldResolver(() => Person, {
    nullable: true,
    description:
      "The person with an e-mail address. Null if no CRM has the address, or if it belongs to no single person, as `info@` does. A person " +
      "whom only leads name is found with the scope leads:read.",
  })
  async person(
    @Root() { record }: EndUser,
    @Arg("email", () => String, { description: "E-mail address." }) email: string,
    @Ctx() context: OperationContext,
  ): Promise<Person | null> {
    if (!record) return null;
    return Person.of(await (await PersonFinder.of(context, record)).byAddress(email));
  }
}

@Resolver(() => Person)
export class PersonResolver {
  @RequiresScope("leads:read")
  @FieldResolver(() => MergedLeadConnection, {
    nullable: true,
    description:
      "Leads with one of the person’s addresses, or linked to its contacts, at all CRMs. In the order of creation.",
  })
  async leads(
    @Root() person: Person,
    @Args(() => FirstAfterArgs) args: FirstAfterArgs,
    @Ctx() context: OperationContext,
  ): Promise<MergedPageValue<Lead>> {
    const gather = () => leadsOfPerson(context, person.value);
    const order = { field: "CREATED_AT", direction: "ASC" } as const;
    const listing = JSON.stringify([person.id, "leads"]);
    return pageValueOf(await gatheredPage(context, gather, order, listing, args), Lead.from);
  }

  @RequiresScope("meetings:read")
  @FieldResolver(() => MergedMeetingConnection, {
    nullable: true,
    description:
      "Meetings that the person’s contacts attend, at all CRMs, in the order of their start. INVALID_INPUT if they are more than " +
      "CRMESH_MAX_WINDOW (500).",
  })
  async meetings(
    @Root() person: Person,
    @Args(() => FirstAfterArgs) args: FirstAfterArgs,
    @Ctx() context: OperationContext,
  ): Promise<MergedPageValue<Meeting>> {
    const gather = () => gatherLinked(context, person.value.contacts, "meetings", "meeting");
    const order = { field: "STARTS_AT", direction: "ASC" } as const;
    const listing = JSON.stringify([person.id, "meetings"]);
    return pageValueOf(await gatheredPage(context, gather, order, listing, args), Meeting.from);
  }
}
