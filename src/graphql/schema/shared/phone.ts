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
 * The value as the adapter made it. Named by its class, it would be copied into a new instance for every field.
 */
type PhoneNumberValue = Pick<PhoneNumber, "number">;

interface Parsed {
  e164: string | null;
  extension: string | null;
}

/** Reading a number costs more than all else that is done for it, and several fields and aliases need it. */
const known = new WeakMap<PhoneNumberValue, Parsed>();

function parsed(phone: PhoneNumberValue): Parsed {
  let numbers = known.get(phone);
  if (!numbers) known.set(phone, (numbers = parse(phone.number)));
  return numbers;
}

function parse(text: string): Parsed {
  const international = parsePhoneNumberFromString(text);
  // Extensions are written alike everywhere, so any country does to find the one of a number without its country code.
  const { ext = null } = international ?? parsePhoneNumberFromString(text, { defaultCountry: "US" }) ?? {};
  return { e164: international?.isPossible() ? international.number : null, extension: ext };
}
