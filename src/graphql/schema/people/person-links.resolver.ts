import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { OperationContext } from "../../operation/context.js";
import type { Loaded } from "../../operation/loaded.js";
import type { OpenConnection } from "../../operation/open-connection.js";
import { PersonFinder } from "../../operation/people/person-finder.js";
import { searchOf } from "../../operation/people/person-record.js";
import { contactService } from "../../operation/resource-service.js";
import { Contact } from "../contact/contact.type.js";
import { Lead } from "../lead/lead.type.js";
import { linkedContactOf } from "../lead/linked-person.js";
import { Attendee } from "../meeting/attendee.js";
import { Owner, ownerPart } from "../shared/owner.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { Person } from "./person.type.js";

@Resolver(() => Contact)
export class ContactPersonResolver {
  @RequiresScope("contacts:read")
  @FieldResolver(() => Person, {
    nullable: true,
    description:
      "The person over all CRMs of the end user. The addresses of a whole list of contacts are looked up together: one batch at each CRM.",
  })
  person(@Root() { loaded }: Contact, @Ctx() context: OperationContext): Promise<Person> {
    return personOfContact(context, loaded);
  }
}

@Resolver(() => Lead)
export class LeadPersonResolver {
  @RequiresScope("contacts:read")
  @FieldResolver(() => Person, {
    nullable: true,
    description:
      "The person over all CRMs of the end user: that of the contact with the lead’s address, else that of the lead’s contact, else the lead " +
      "alone.",
  })
  async person(@Root() lead: Lead, @Ctx() context: OperationContext): Promise<Person> {
    const { loaded, link } = lead;
    if (!searchOf(link, "lead")) {
      const contact = await linkedContactOf(lead);
      if (contact) return personOfContact(context, contact);
    }
    return new Person(await (await finderOf(context, link)).ofLead(loaded));
  }
}

@Resolver(() => Attendee)
export class AttendeePersonResolver {
  @RequiresScope("contacts:read")
  @FieldResolver(() => Person, {
    nullable: true,
    description:
      "The person over all CRMs of the end user: that of the attendee’s contact, else that of its e-mail address. Null if it has neither.",
  })
  async person(@Root() { value, link }: Attendee, @Ctx() context: OperationContext): Promise<Person | null> {
    if (value.contactId !== null) {
      const contact = await contactService.loadLinked(link, value.contactId, (loaded) => loaded);
      if (contact) return personOfContact(context, contact);
    }
    const email =
      value.email ?? (value.ownerId === null ? null : await ownerPart(new Owner({ id: value.ownerId }, link), "email"));
    if (!email) return null;
    return Person.of(await (await finderOf(context, link)).byAddress(email));
  }
}

async function personOfContact(context: OperationContext, loaded: Loaded<"contact">): Promise<Person> {
  return new Person(await (await finderOf(context, loaded.link)).ofContact(loaded));
}

async function finderOf(context: OperationContext, { record }: OpenConnection): Promise<PersonFinder> {
  return PersonFinder.of(context, await context.directory.endUsersById.load(record.endUserId));
}
