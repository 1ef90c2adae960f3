import { Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import { requireScope } from "../../../connections/access/principal.js";
import type { Attendee as AttendeeValue, AttendeeResponse } from "../../../providers/contract/model.js";
import { Contact } from "../contact/contact.type.js";
import type { OperationContext } from "../../operation/context.js";
import { fieldOf, type Loaded } from "../../operation/loaded.js";
import type { OpenConnection } from "../../operation/open-connection.js";
import { contactService } from "../../operation/resource-service.js";
import { AttendeeResponseEnum } from "../shared/enums.js";
import { Owner, ownerPart } from "../shared/owner.js";
import type { Meeting } from "./meeting.type.js";

@ObjectType({ description: "A participant of a meeting." })
export class Attendee {
  @Field(() => Boolean, { simple: true, description: "Whether this person organized the meeting." })
  readonly isOrganizer: boolean;

  @Field(() => AttendeeResponseEnum, {
    nullable: true,
    simple: true,
    description: "The person’s reply to the invitation.",
  })
  readonly response: AttendeeResponse | null;

  @Field(() => Contact, {
    nullable: true,
    simple: true,
    description: "The attendee’s contact record. Null if the attendee is not a contact.",
  })
  readonly contact = contactOf;

  readonly value: AttendeeValue;
  readonly link: OpenConnection;

  constructor(value: AttendeeValue, link: OpenConnection) {
    this.isOrganizer = value.isOrganizer;
    this.response = value.response;
    this.value = value;
    this.link = link;
  }
}

/** Returns the attendees in the record. If the CRM treats linked contacts as attendees, the others of them follow. */
export function attendeesOf(meeting: Meeting): Attendee[] | Promise<Attendee[]> {
  if (!meeting.link.provider.resources.meeting?.map.attendeesAreContacts) return attendeesAnd([], meeting);
  const inline = meeting.inlineIds("contacts");
  if (inline) return attendeesAnd(inline, meeting);
  return meeting.linkedIds("contacts").then(({ ids }) => attendeesAnd(ids, meeting));
}

function attendeesAnd(contactIds: readonly string[], meeting: Meeting): Attendee[] {
  const { link } = meeting;
  const attendees = fieldOf(meeting.loaded, "attendees") ?? [];
  const known = new Set(attendees.flatMap(({ contactId }) => contactId ?? []));
  const linked = contactIds
    .filter((contactId) => !known.has(contactId))
    .map((contactId) => ({ contactId, ownerId: null, isOrganizer: false, response: null }));
  return [...attendees, ...linked].map((value) => new Attendee(value, link));
}

@Resolver(() => Attendee)
export class AttendeeResolver {
  @FieldResolver(() => String, { nullable: true, description: "Name. Null if the CRM does not provide it." })
  name(@Root() { value, link }: Attendee): string | null | undefined | Promise<string | null | undefined> {
    if (value.name !== undefined) return value.name;
    if (value.ownerId !== null) return ownerPart(new Owner({ id: value.ownerId }, link), "name");
    return contactOfValue(value, link).then((contact) => (contact && fieldOf(contact, "fullName")) || null);
  }

  @FieldResolver(() => String, { nullable: true, description: "E-mail address. Null if the CRM does not provide it." })
  email(@Root() { value, link }: Attendee): string | null | undefined | Promise<string | null | undefined> {
    if (value.email !== undefined) return value.email;
    if (value.ownerId !== null) return ownerPart(new Owner({ id: value.ownerId }, link), "email");
    return contactOfValue(value, link).then((contact) => contact && fieldOf(contact, "emails")?.[0]?.address);
  }
}

/**
 * Reads the contact of an attendee. graphql-js calls this function itself, because the field's value is a function. A resolver
 * method would be slower: type-graphql adds work to each call, and this runs for every attendee of every meeting.
 */
function contactOf(this: Attendee, _args: unknown, context: OperationContext): Promise<Contact | null> | null {
  const { value, link } = this;
  if (value.contactId === null) return null;
  requireScope(context.principal, "contacts:read");
  return contactService.loadLinked(link, value.contactId, Contact.from);
}

async function contactOfValue({ contactId }: AttendeeValue, link: OpenConnection): Promise<Loaded<"contact"> | null> {
  return contactId === null ? null : contactService.loadLinked(link, contactId, (loaded) => loaded);
}
