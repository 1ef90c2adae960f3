import { Field, ID, Int, ObjectType } from "type-graphql";
import type { AddressType, CustomFieldType, EmailType, PhoneType } from "../../../providers/contract/model.js";
import { AddressTypeEnum, CustomFieldTypeEnum, EmailTypeEnum, PhoneTypeEnum } from "./enums.js";
import { JSONValue } from "./scalars.js";

@ObjectType({ description: "An e-mail address of a person.", simpleResolvers: true })
export class EmailAddress {
  @Field(() => String, { description: "The address as the CRM holds it." })
  address!: string;

  @Field(() => EmailTypeEnum, { nullable: true, description: "Null where the CRM keeps no type." })
  type!: EmailType | null;

  @Field(() => String, { nullable: true, description: "The CRM’s own word for the type." })
  rawType!: string | null;

  @Field(() => Boolean, { description: "Whether it is the person’s main address." })
  isPrimary!: boolean;
}

@ObjectType({ description: "A phone number of a person." })
export class PhoneNumber {
  @Field(() => String, { simple: true, description: "The number as the CRM holds it." })
  number!: string;

  @Field(() => PhoneTypeEnum, { nullable: true, simple: true, description: "Null where the CRM keeps no type." })
  type!: PhoneType | null;

  @Field(() => String, { nullable: true, simple: true, description: "The CRM’s own word for the type." })
  rawType!: string | null;

  @Field(() => Boolean, { simple: true, description: "Whether it is the person’s main number." })
  isPrimary!: boolean;
}

@ObjectType({ description: "A postal address.", simpleResolvers: true })
export class Address {
  @Field(() => AddressTypeEnum, { nullable: true, description: "Null where the CRM keeps no type." })
  type!: AddressType | null;

  @Field(() => String, { nullable: true, description: "The CRM’s own word for the type." })
  rawType!: string | null;

  @Field(() => String, { nullable: true, description: "First line: street and number." })
  street1!: string | null;

  @Field(() => String, { nullable: true, description: "Further lines." })
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

@ObjectType({ description: "The company that a contact belongs to.", simpleResolvers: true })
export class CompanyRef {
  @Field(() => ID, { nullable: true, description: "The CRM’s own id; null where the company is only a name." })
  id!: string | null;

  @Field(() => String, { nullable: true, description: "The company’s name." })
  name!: string | null;
}

@ObjectType({ description: "A field that the CRM’s account has added.", simpleResolvers: true })
export class CustomField {
  @Field(() => String, { description: "The CRM’s own name of the field; the key to write it by." })
  key!: string;

  @Field(() => String, { description: "What the CRM’s users see." })
  label!: string;

  @Field(() => CustomFieldTypeEnum, { description: "What kind of value it holds." })
  type!: CustomFieldType;

  @Field(() => JSONValue, { nullable: true, description: "The value, in the form that `type` says." })
  value!: unknown;
}

@ObjectType({ description: "Where a page stands in its listing.", simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: "Whether there are more records after this page." })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: "Whether this page began after another one." })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "Cursor of the first edge." })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: "Cursor to give as `after` for the next page." })
  endCursor!: string | null;
}

@ObjectType({ description: "Whether a listing can be read to its real end.", simpleResolvers: true })
export class Completeness {
  @Field(() => Boolean, { description: "False where the CRM stops before the end." })
  isComplete!: boolean;

  @Field(() => Int, { nullable: true, description: "The number of records after which the CRM stops." })
  cap!: number | null;

  @Field(() => String, { nullable: true, description: "Why, and what to do about it." })
  reason!: string | null;
}

@ObjectType({ description: "What is left of a record that was deleted.", simpleResolvers: true })
export class DeletedRecord {
  @Field(() => ID, { description: "The global id it had." })
  id!: string;

  @Field(() => String, { description: "The CRM’s own id." })
  nativeId!: string;
}
