import { Field, ID, InputType } from "type-graphql";
import type * as contract from "../../../providers/contract/input.js";
import type { AddressType, EmailType, PhoneType } from "../../../providers/contract/model.js";
import { AddressTypeEnum, EmailTypeEnum, PhoneTypeEnum, SortDirectionEnum } from "./enums.js";
import { DateTime, JSONValue } from "./scalars.js";

const PHONE_FILTER =
  "A phone number. With a country code, such as a number’s `e164`, it is found in its usual notations; otherwise as it is stored in the CRM. If the number has an `extension`, give it, too, as in `+14155550100 ext. 12`: without it, most CRMs find only the number without an extension.";

@InputType({ description: "An e-mail address to write." })
export class EmailAddressInput implements contract.EmailInput {
  @Field(() => String, { description: "The address." })
  address!: string;

  @Field(() => EmailTypeEnum, { nullable: true, description: "Type of the address, for CRMs that store one." })
  type?: EmailType | null;
}

@InputType({ description: "A phone number to write." })
export class PhoneNumberInput implements contract.PhoneInput {
  @Field(() => String, { description: "The number, preferably with its country code." })
  number!: string;

  @Field(() => PhoneTypeEnum, {
    nullable: true,
    description: "Type of the number. It decides which CRM field the number is stored in.",
  })
  type?: PhoneType | null;
}

@InputType({ description: "A postal address to write." })
export class AddressInput implements contract.AddressInput {
  @Field(() => AddressTypeEnum, {
    nullable: true,
    description: "Type of the address. It decides which CRM field the address is stored in.",
  })
  type?: AddressType | null;

  @Field(() => String, { nullable: true, description: "First line: street and number." })
  street1?: string | null;

  @Field(() => String, { nullable: true, description: "Second and further lines." })
  street2?: string | null;

  @Field(() => String, { nullable: true, description: "City or town." })
  city?: string | null;

  @Field(() => String, { nullable: true, description: "State, province or region." })
  state?: string | null;

  @Field(() => String, { nullable: true, description: "Postal or ZIP code." })
  postalCode?: string | null;

  @Field(() => String, { nullable: true, description: "Country." })
  country?: string | null;
}

@InputType({ description: "An amount of money to write." })
export class MoneyInput {
  @Field(() => String, { description: 'A decimal number as text, e.g. "1999.90".' })
  amount!: string;

  @Field(() => String, { description: "ISO 4217 code, e.g. EUR." })
  currency!: string;
}

@InputType({
  description: "The company that a contact belongs to. Give the CRM’s own id or a name, whichever the CRM accepts.",
})
export class CompanyRefInput implements contract.CompanyInput {
  @Field(() => ID, { nullable: true, description: "The CRM’s own id of the company." })
  id?: string | null;

  @Field(() => String, { nullable: true, description: "The company’s name." })
  name?: string | null;
}

@InputType({
  description:
    "A custom field to write, or a standard field of the CRM that has no place elsewhere in the input. A field that has one is refused.",
})
export class CustomFieldInput implements contract.CustomFieldInput {
  @Field(() => String, { description: "The CRM’s own name of the field." })
  key!: string;

  @Field(() => JSONValue, {
    nullable: true,
    description:
      "The value to write. Null clears the field. A NUMBER is a number or a string of digits, of any length: crmesh passes on " +
      "every digit, but some CRMs round or refuse what does not fit a double (IEEE 754).",
  })
  value?: unknown;
}

/** Fields of the inputs of all resources. */
@InputType()
export abstract class RecordInput {
  @Field(() => ID, { nullable: true, description: "The CRM’s own id of the user who owns the record." })
  ownerId?: string | null;

  @Field(() => [String], { nullable: true, description: "Tags. Replaces the existing list." })
  tags?: string[] | null;

  @Field(() => [CustomFieldInput], {
    nullable: true,
    description: "Custom fields to write. Fields that are not listed are unchanged.",
  })
  customFields?: CustomFieldInput[] | null;
}

/** Fields of the inputs of contacts and leads. */
@InputType()
export abstract class PersonInput extends RecordInput {
  @Field(() => String, { nullable: true, description: "First name, or first names." })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: "Last name." })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: "Full name, for CRMs that store it in one field." })
  fullName?: string | null;

  @Field(() => String, { nullable: true, description: "Job title." })
  title?: string | null;

  @Field(() => [EmailAddressInput], {
    nullable: true,
    description: "E-mail addresses, the primary one first. Replaces the existing list.",
  })
  emails?: EmailAddressInput[] | null;

  @Field(() => [PhoneNumberInput], {
    nullable: true,
    description: "Phone numbers, the primary one first. Replaces the existing list.",
  })
  phones?: PhoneNumberInput[] | null;

  @Field(() => [AddressInput], { nullable: true, description: "Postal addresses. Replaces the existing list." })
  addresses?: AddressInput[] | null;

  @Field(() => String, { nullable: true, description: "Free text about the record." })
  description?: string | null;
}

/** Filters of all resources. A filter that the CRM does not support fails with INVALID_INPUT. */
@InputType()
export abstract class RecordFilter {
  @Field(() => String, { nullable: true, description: "Part of the name, or of a meeting’s title." })
  name?: string;

  @Field(() => String, { nullable: true, description: "Text to search for. The CRM decides which fields it searches." })
  search?: string;

  @Field(() => ID, { nullable: true, description: "The CRM’s own id of the owner." })
  ownerId?: string;

  @Field(() => DateTime, { nullable: true, description: "Created at this instant or later." })
  createdSince?: Date;

  @Field(() => DateTime, { nullable: true, description: "Created before this instant." })
  createdUntil?: Date;

  @Field(() => DateTime, { nullable: true, description: "Last changed at this instant or later." })
  updatedSince?: Date;

  @Field(() => DateTime, { nullable: true, description: "Last changed before this instant." })
  updatedUntil?: Date;
}

/** Filters of contacts and leads. */
@InputType()
export abstract class PersonFilter extends RecordFilter {
  @Field(() => String, { nullable: true, description: "A complete e-mail address." })
  email?: string;

  @Field(() => String, { nullable: true, description: PHONE_FILTER })
  phone?: string;
}

@InputType()
export abstract class DirectionInput {
  @Field(() => SortDirectionEnum, { defaultValue: "ASC", description: "Sort direction. Defaults to ascending." })
  direction!: "ASC" | "DESC";
}
