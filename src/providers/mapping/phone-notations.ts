import { parsePhoneNumberFromString, type PhoneNumber } from "libphonenumber-js";

/**
 * The usual notations of a phone number, each once: the given text first, then the E.164 form of the graph (`e164`), and
 * the groupings in which people and CRMs write it. CRMs that compare texts find a number by its E.164 form only if they
 * are asked for all of these. A text without a country code has no other notation: nobody knows which number it is. A
 * number with an extension has fewer groupings, each with the usual words for the extension.
 */
export function phoneNotations(text: string): string[] {
  const given = text.trim();
  const phone = parsePhoneNumberFromString(given);
  if (!phone?.isPossible()) return [given];
  const parts = extended(given);
  return [...new Set([given, ...(parts ? withExtension(parts.numbers, parts.extension) : groupings(phone))])];
}

/** The E.164 form first, then the groupings, the most usual ones first. */
function groupings(phone: PhoneNumber): string[] {
  const { countryCallingCode, nationalNumber: digits, number } = phone;
  const code = `+${countryCallingCode}`;
  const international = phone.formatInternational();
  const own = phone.formatNational();
  return [
    number,
    international,
    `${code} ${international.slice(code.length + 1).replaceAll(" ", "-")}`,
    // "+1 (617) 555-0100", and "+49 (0)89 1234567" where numbers have a zero in front at home.
    own.startsWith("0") ? `${code} (0)${own.slice(1)}` : `${code} ${own}`,
    international.replaceAll(" ", "-"),
    `${code} ${digits}`,
    ...[2, 3].map((area) => `${code} ${digits.slice(0, area)} ${digits.slice(area)}`),
  ];
}

/** As many groupings of a number with an extension as leave the query short. */
const GROUPINGS_WITH_EXTENSION = 4;

function withExtension(numbers: readonly string[], extension: string): string[] {
  const [e164 = ""] = numbers;
  const words = [" ext. ", " ext ", " x", "x"];
  return [
    // RFC 3966.
    `${e164};ext=${extension}`,
    ...numbers.flatMap((number) => words.map((word) => number + word + extension)),
  ];
}

/** A number in its most usual groupings, and its extension. Null for a number that has none. */
export function extended(text: string): { numbers: readonly string[]; extension: string } | null {
  const phone = parsePhoneNumberFromString(text.trim());
  if (!phone?.isPossible() || phone.ext === undefined) return null;
  // The groupings of the number itself.
  const numbers = groupings(parsePhoneNumberFromString(phone.number)!);
  return { numbers: numbers.slice(0, GROUPINGS_WITH_EXTENSION), extension: phone.ext };
}

/** A text in which all notations of a number are the same: E.164, followed by the extension if there is one. */
export function plainNumber(text: string): string {
  const phone = parsePhoneNumberFromString(text.trim());
  if (!phone?.isPossible()) return text.replace(/[^\d+]/g, "");
  return phone.ext === undefined ? phone.number : `${phone.number}x${phone.ext}`;
}

/** The E.164 form of a number with a country code. Null for any other text. */
export function numberInE164(text: string): string | null {
  return parsePhoneNumberFromString(text.trim())?.number ?? null;
}

/** Whether two texts are the same number, both with a country code and without an extension. */
export function isSamePhone(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => parsePhoneNumberFromString(text.trim()));
  return (
    Boolean(first?.isPossible() && second?.isPossible()) &&
    !first!.ext &&
    !second!.ext &&
    first!.number === second!.number
  );
}
