import { Field, ID, ObjectType } from "type-graphql";
import { encodePersonId } from "../../operation/people/person-id.js";
import type { PersonValue } from "../../operation/people/person-finder.js";
import { personView, type PersonView } from "../../operation/people/person-view.js";
import { Contact } from "../contact/contact.type.js";
import { MissingConnection, UnsupportedConnection } from "../merged/merged-completeness.js";
import { Node } from "../shared/node.type.js";
import { DateTime } from "../shared/scalars.js";
import {
  PersonCompany,
  PersonCompleteness,
  PersonEmail,
  PersonField,
  PersonPhone,
  PersonReason,
  PersonSource,
} from "./person-values.js";

@ObjectType({
  implements: Node,
  description:
    "One person over all CRMs of an end user: the contacts that share a personal e-mail address. crmesh stores nothing of it, so it is " +
    "formed anew each time.",
})
export class Person {
  readonly value: PersonValue;
  #view: PersonView<PersonSource> | undefined;

  constructor(value: PersonValue) {
    this.value = value;
  }

  static of(value: PersonValue | null): Person | null {
    return value && new Person(value);
  }

  @Field(() => ID, {
    simple: true,
    description:
      "Global id. Opaque. It names the oldest record of the person, so it changes when another record becomes the oldest.",
  })
  get id(): string {
    const { endUser, contacts, leads } = this.value;
    const [contact] = contacts;
    const least = contact ?? leads[0]!;
    const { connectionId, nativeId } = least;
    return encodePersonId({
      endUserId: endUser.id,
      resource: contact ? "contact" : "lead",
      connectionId,
      nativeId,
    });
  }

  @Field(() => ID, { simple: true, description: "Your own id of the end user whose CRMs the person is in." })
  get endUserId(): string {
    return this.value.endUser.externalId;
  }

  @Field(() => String, {
    nullable: true,
    simple: true,
    description: "The e-mail address that the person was asked by, else the first personal one. Null if there is none.",
  })
  get email(): string | null {
    return this.value.askedBy ?? this.view.firstPersonal;
  }

  @Field(() => String, {
    nullable: true,
    simple: true,
    description: "Full name in the record that was changed last, else the e-mail address.",
  })
  get displayName(): string | null {
    return this.view.fullName ?? this.email;
  }

  @Field(() => [PersonEmail], {
    simple: true,
    description: "All e-mail addresses, those of older records first. Equal ones are one.",
  })
  get emails(): PersonEmail[] {
    return this.view.emails.map((email) => Object.assign(new PersonEmail(), email));
  }

  @Field(() => [PersonPhone], {
    simple: true,
    description: "All phone numbers, those of older records first. Equal ones are one.",
  })
  get phones(): PersonPhone[] {
    return this.view.phones.map((phone) => Object.assign(new PersonPhone(), phone));
  }

  @Field(() => [PersonCompany], {
    simple: true,
    description: "All companies, those of older records first. Equal names are one company.",
  })
  get companies(): PersonCompany[] {
    return this.view.companies.map((company) => Object.assign(new PersonCompany(), company));
  }

  @Field(() => [Contact], { simple: true, description: "The contacts of the person at all CRMs, older ones first." })
  get contacts(): Contact[] {
    return this.value.contacts.map(({ loaded }) => Contact.from(loaded));
  }

  @Field(() => DateTime, { nullable: true, simple: true, description: "Time of the last activity at any CRM." })
  get lastActivityAt(): string | null {
    return this.view.lastActivityAt;
  }

  @Field(() => [PersonField], {
    simple: true,
    description:
      "Fields with one value, each with its source, and with the values that differ. Fields without a value are left out.",
  })
  get fields(): PersonField[] {
    return this.view.fields.map((field) => Object.assign(new PersonField(), field));
  }

  @Field(() => [PersonReason], {
    simple: true,
    description: "Why the records are taken for one person. Empty for a person with one record.",
  })
  get reasons(): PersonReason[] {
    return this.view.reasons.map((reason) => Object.assign(new PersonReason(), reason));
  }

  @Field(() => PersonCompleteness, { simple: true, description: "Whether all records of the person were found." })
  get completeness(): PersonCompleteness {
    const { isClosed, missing, unsupported } = this.value;
    return Object.assign(new PersonCompleteness(), {
      isComplete: isClosed && missing.length === 0,
      isClosed,
      missing: missing.map((one) => new MissingConnection(one)),
      unsupported: unsupported.map((one) => new UnsupportedConnection(one)),
    });
  }

  private get view(): PersonView<PersonSource> {
    return (this.#view ??= personView(this.value, (resource, loaded) => new PersonSource(resource, loaded)));
  }
}
