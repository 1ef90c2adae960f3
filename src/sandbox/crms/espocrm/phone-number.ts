import { parsePhoneNumberFromString } from "libphonenumber-js";

/**
 * A written number as EspoCRM stores it: in E.164, if it begins with a plus. New servers have the setting "International
 * phone numbers" (`phoneNumberInternational`). Recorded from EspoCRM 8.4.2.
 */
export function sanitizedNumber(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim();
  return (text.startsWith("+") && parsePhoneNumberFromString(text)?.number) || text;
}

/** Whether EspoCRM accepts a sanitized number: with a country code, and of a possible length. */
export function isValidNumber(text: string): boolean {
  const phone = parsePhoneNumberFromString(text);
  return phone !== undefined && phone.number === text && phone.isPossible();
}
