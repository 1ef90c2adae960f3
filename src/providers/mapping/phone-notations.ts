import { parsePhoneNumberFromString } from "libphonenumber-js";

/** The most notations of a number. */
export const NOTATIONS_MAX = 9;

/**
 * The usual notations of a phone number, each once: the given text first, then the E.164 form of the graph (`e164`), and
 * the groupings in which people and CRMs write it. CRMs that compare texts find a number by its E.164 form only if they
 * are asked for all of these. A text without a country code has no other notation: nobody knows which number it is.
 */
export function phoneNotations(text: string): string[] {
  const given = text.trim();
  const phone = parsePhoneNumberFromString(given);
  if (!phone?.isPossible() || phone.ext) return [given];
  const { countryCallingCode, nationalNumber: digits, number } = phone;
  const code = `+${countryCallingCode}`;
  const international = phone.formatInternational();
  const own = phone.formatNational();
  return [
    ...new Set([
      given,
      number,
      international,
      international.replaceAll(" ", "-"),
      `${code} ${international.slice(code.length + 1).replaceAll(" ", "-")}`,
      // "+1 (617) 555-0100", and "+49 (0)89 1234567" where numbers have a zero in front at home.
      own.startsWith("0") ? `${code} (0)${own.slice(1)}` : `${code} ${own}`,
      `${code} ${digits}`,
      ...[2, 3].map((area) => `${code} ${digits.slice(0, area)} ${digits.slice(area)}`),
    ]),
  ];
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
