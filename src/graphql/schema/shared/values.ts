import { Field, ID, Int, ObjectType } from "type-graphql";
import type { AddressType, CustomFieldType, EmailType, PhoneType } from "../../../providers/contract/model.js";
import type * as contract from "../../../providers/contract/field-map.js";
import { AddressTypeEnum, CustomFieldTypeEnum, EmailTypeEnum, PhoneTypeEnum } from "./enums.js";
import { JSONValue } from "./scalars.js";

@ObjectType({ description: "An e-mail address of a person.", simpleResolvers: true })
export class EmailAddress {
  @Field(() => String, { description: "The address, as stored in the CRM." })
  address!: string;

  @Field(() => EmailTypeEnum, { nullable: true, description: "Type, or null if the CRM stores none." })
  type!: EmailType | null;

  @Field(() => String, { nullable: true, description: "The CRM’s own name for the type." })
  rawType!: string | null;

  @Field(() => Boolean, { description: "Whether this is the person’s primary address." })
  isPrimary!: boolean;
}

@ObjectType({ description: "A phone number of a person." })
export class PhoneNumber {
  @Field(() => String, { simple: true, description: "The number, as stored in the CRM." })
  number!: string;

  @Field(() => PhoneTypeEnum, { nullable: true, simple: true, description: "Type, or null if the CRM stores none." })
  type!: PhoneType | null;

  @Field(() => String, { nullable: true, simple: true, description: "The CRM’s own name for the type." })
  rawType!: string | null;

  @Field(() => Boolean, { simple: true, description: "Whether this is the person’s primary number." })
  isPrimary!: boolean;
}

@ObjectType({ description: "A postal address.", simpleResolvers: true })
export class Address {
  @Field(() => AddressTypeEnum, { nullable: true, description: "Type, or null if the CRM stores none." })
  type!: AddressType | null;

  @Field(() => String, { nullable: true, description: "The CRM’s own name for the type." })
  rawType!: string | null;

  @Field(() => String, { nullable: true, description: "First line: street and number." })
  street1!: string | null;

  @Field(() => String, { nullable: true, description: "Second and further lines." })
  street2!: string | null;

  @Field(() => String, { nullable: true, description: "City or town." })
  city!: string | null;

  @Field(() => String, { nullable: true, description: "State, province or region." })
  state!: string | null;

  @Field(() => String, { nullable: true, description: "Postal or ZIP code." })
  postalCode!: string | null;

  @Field(() => String, { nullable: true, description: "Country, as the CRM writes it." })
  country!: string | null;
}

@ObjectType({ description: "An amount of money.", simpleResolvers: true })
export class Money {
  @Field(() => String, { description: 'A decimal number as text, e.g. "1999.90".' })
  amount!: string;

  @Field(() => String, { description: "ISO 4217 code, e.g. EUR." })
  currency!: string;
}

@ObjectType({
  description:
    "A field of the CRM that has no place elsewhere in the graph: one that the account has added, or a standard one.",
  simpleResolvers: true,
})
export class CustomField {
  @Field(() => String, { description: "The CRM’s own name of the field. Use it as `key` to write the field." })
  key!: string;

  @Field(() => String, { description: "Label that the CRM’s users see." })
  label!: string;

  @Field(() => CustomFieldTypeEnum, { description: "Type of the value." })
  type!: CustomFieldType;

  @Field(() => JSONValue, {
    nullable: true,
    description:
      "The value, in the form described by `type`. A NUMBER with more digits than a double (IEEE 754) gives back, such as " +
      '9007199254740993, is a string of digits: "9007199254740993".',
  })
  value!: unknown;

  @Field(() => [String], {
    nullable: true,
    description:
      "The labels of the value’s options, which the CRM’s users see, in the order of the value. Null if the CRM tells no labels for this field.",
  })
  optionLabels?: readonly string[];
}

@ObjectType({ description: "An option of a field of the CRM.", simpleResolvers: true })
export class CustomFieldOption {
  @Field(() => String, { description: "The value to write, and to find in `CustomField.value`." })
  value!: string;

  @Field(() => String, { description: "Label that the CRM’s users see." })
  label!: string;
}

@ObjectType({
  description: "The definition of a field that `customFields` reads and writes by its name.",
  simpleResolvers: true,
})
export class CustomFieldDefinition {
  @Field(() => String, { description: "The CRM’s own name of the field." })
  key!: string;

  @Field(() => String, { description: "Label that the CRM’s users see." })
  label!: string;

  @Field(() => CustomFieldTypeEnum, { description: "Type of the value." })
  type!: CustomFieldType;

  @Field(() => Boolean, {
    description:
      "Whether this is one of the CRM’s own fields, and not one that the account has added. `customFields` returns it only if its name is in `keys`.",
  })
  isStandard!: boolean;

  @Field(() => Boolean, { description: "Whether the CRM is known to compute the value, so that it cannot be written." })
  isReadOnly!: boolean;

  @Field(() => [CustomFieldOption], {
    nullable: true,
    description: "The options that the CRM offers. Null if the field has none, or the CRM does not tell them.",
  })
  options!: CustomFieldOption[] | null;

  static of(this: void, definition: contract.CustomFieldDefinition): CustomFieldDefinition {
    const { key, label, type, isStandard = false, isReadOnly = false, optionLabels } = definition;
    const options = optionLabels && [...optionLabels].map(([value, text]) => ({ value, label: text }));
    return { key, label, type, isStandard, isReadOnly, options: options ?? null };
  }
}

@ObjectType({ description: "Paging state of a page, as in the Relay specification.", simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: "Whether there are more records after this page." })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: "Whether this page starts after a cursor, i.e. was requested with `after`." })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "Cursor of the first edge." })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: "Cursor to pass as `after` to get the next page." })
  endCursor!: string | null;
}

@ObjectType({ description: "Whether a list can be read to its end.", simpleResolvers: true })
export class Completeness {
  @Field(() => Boolean, {
    description: "False if the CRM stops before the end of the list, or leaves some records out of it.",
  })
  isComplete!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: "Number of records after which the CRM stops. Null if there is no such number.",
  })
  cap!: number | null;

  @Field(() => String, { nullable: true, description: "Why the list is incomplete, and what to do about it." })
  reason!: string | null;
}

@ObjectType({ description: "Ids of a deleted record.", simpleResolvers: true })
export class DeletedRecord {
  @Field(() => ID, { description: "Global id that the record had." })
  id!: string;

  @Field(() => String, { description: "The CRM’s own id." })
  nativeId!: string;
}
