import { parsePhoneNumberFromString } from "libphonenumber-js";
import { FieldResolver, Resolver, Root } from "type-graphql";
import { PhoneNumber } from "./values.js";

@Resolver(() => PhoneNumber)
export class PhoneNumberResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The number in E.164 form, e.g. +4915155500001. Null if the number has no country code or is not valid.",
  })
  e164(@Root() phone: PhoneNumberValue): string | null {
    return parsed(phone).e164;
  }

  @FieldResolver(() => String, { nullable: true, description: "Extension. Null if the number has none." })
  extension(@Root() phone: PhoneNumberValue): string | null {
    return parsed(phone).extension;
  }
}

/**
 * The value that the adapter made. If the parameters had the class as type, type-graphql would copy it for every field.
 */
type PhoneNumberValue = Pick<PhoneNumber, "number">;

interface Parsed {
  e164: string | null;
  extension: string | null;
}

/** Cache of parsed numbers. Parsing is slow, and several fields and aliases need the result. */
const known = new WeakMap<PhoneNumberValue, Parsed>();

function parsed(phone: PhoneNumberValue): Parsed {
  let numbers = known.get(phone);
  if (!numbers) known.set(phone, (numbers = parse(phone.number)));
  return numbers;
}

function parse(text: string): Parsed {
  const international = parsePhoneNumberFromString(text);
  // Extensions have the same form in all countries. Any country will do to find the extension of a number without a country code.
  const { ext = null } = international ?? parsePhoneNumberFromString(text, { defaultCountry: "US" }) ?? {};
  return { e164: international?.isPossible() ? international.number : null, extension: ext };
}
