import { parsePhoneNumberFromString } from "libphonenumber-js";
import { FieldResolver, Resolver, Root } from "type-graphql";
import { PhoneNumber } from "./values.js";

@Resolver(() => PhoneNumber)
export class PhoneNumberResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: "E.164 form, e.g. +4915155500001; null where the number lacks its country code or is no valid one.",
  })
  e164(@Root() phone: PhoneNumber): string | null {
    const parsed = parsePhoneNumberFromString(phone.number);
    return parsed?.isPossible() ? parsed.number : null;
  }

  @FieldResolver(() => String, { nullable: true, description: "Extension, where the number names one." })
  extension(@Root() phone: PhoneNumber): string | null {
    return parsePhoneNumberFromString(phone.number, { defaultCountry: "US" })?.ext ?? null;
  }
}
