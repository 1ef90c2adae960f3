import { Field, ID, ObjectType } from "type-graphql";
import type { PhoneType } from "../../../providers/contract/model.js";
import { encodeGlobalId } from "../../operation/global-id.js";
import type { Loaded } from "../../operation/loaded.js";
import type { FieldName } from "../../operation/people/person-values.js";
import type { PersonResource } from "../../operation/people/person-record.js";
import { Connection } from "../connection/connection.type.js";
import { MissingConnection, UnsupportedConnection } from "../merged/merged-completeness.js";
import { PhoneTypeEnum } from "../shared/enums.js";
import { JSONValue } from "../shared/scalars.js";

@ObjectType({ description: "The record of a CRM that a value of a person comes from." })
export class PersonSource {
  @Field(() => Connection, { simple: true, description: "The connection to the CRM." })
  readonly connection: Connection;

  @Field(() => ID, { simple: true, description: "Global id of the contact or lead." })
  readonly recordId: string;

  constructor(kind: PersonResource, { record, link }: Loaded<PersonResource>) {
    this.connection = new Connection(link.record);
    this.recordId = encodeGlobalId({ kind, connectionId: link.record.id, nativeId: record.nativeId });
  }
}

const SOURCES = { simple: true, description: "The records that have it, older ones first." };

@ObjectType({ description: "An e-mail address of a person." })
export class PersonEmail {
  @Field(() => String, { simple: true, description: "The address, as the first of the records stores it." })
  readonly address!: string;

  @Field(() => Boolean, {
    simple: true,
    description:
      "Whether the address belongs to this person alone. Addresses of functions, such as `info@`, and addresses under more " +
      "than 5 names join no records.",
  })
  readonly isPersonal!: boolean;

  @Field(() => [PersonSource], SOURCES)
  readonly sources!: PersonSource[];
}

@ObjectType({ description: "A phone number of a person." })
export class PersonPhone {
  @Field(() => String, { simple: true, description: "The number, as the first of the records stores it." })
  readonly number!: string;

  @Field(() => PhoneTypeEnum, { nullable: true, simple: true, description: "Type, or null if the CRM stores none." })
  readonly type!: PhoneType | null;

  @Field(() => [PersonSource], SOURCES)
  readonly sources!: PersonSource[];
}

@ObjectType({ description: "A company of a person." })
export class PersonCompany {
  @Field(() => String, { simple: true, description: "The company’s name." })
  readonly name!: string;

  @Field(() => [PersonSource], SOURCES)
  readonly sources!: PersonSource[];
}

@ObjectType({ description: "A value of a field, and the record that it comes from." })
export class PersonFieldValue {
  @Field(() => JSONValue, { simple: true, description: "The value: a text, a boolean or an ISO 8601 time." })
  readonly value!: unknown;

  @Field(() => PersonSource, { simple: true, description: "The record that has the value." })
  readonly source!: PersonSource;
}

@ObjectType({ description: "A field of a person: the value of the record that was changed last." })
export class PersonField extends PersonFieldValue {
  @Field(() => String, { simple: true, description: "Name of the field, as on Contact, e.g. title." })
  readonly name!: FieldName;

  @Field(() => [PersonFieldValue], {
    simple: true,
    description: "Values of other records that differ, newest record first. Case and spaces make no difference.",
  })
  readonly conflicts!: PersonFieldValue[];
}

@ObjectType({ description: "Why records are taken for one person: they share a personal e-mail address." })
export class PersonReason {
  @Field(() => String, { simple: true, description: "The address, in lower case." })
  readonly address!: string;

  @Field(() => [PersonSource], { simple: true, description: "The records that share it, older ones first." })
  readonly records!: PersonSource[];
}

@ObjectType({ description: "Whether all records of a person were found." })
export class PersonCompleteness {
  @Field(() => Boolean, {
    simple: true,
    description: "Whether all CRMs answered that can be searched, and the records of the person could be joined.",
  })
  readonly isComplete!: boolean;

  @Field(() => Boolean, {
    simple: true,
    description:
      "Whether three rounds of look-ups found all records that belong together. If not, they are not joined: each is a person of " +
      "its own.",
  })
  readonly isClosed!: boolean;

  @Field(() => [MissingConnection], {
    simple: true,
    description:
      "Connections that failed, that were late, or whose look-ups would have made the operation dearer than allowed. Their records " +
      "may be missing.",
  })
  readonly missing!: MissingConnection[];

  @Field(() => [UnsupportedConnection], {
    simple: true,
    description: "Connections whose CRM cannot find contacts by their e-mail addresses.",
  })
  readonly unsupported!: UnsupportedConnection[];
}
