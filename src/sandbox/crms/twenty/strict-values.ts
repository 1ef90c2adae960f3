import { parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js";
import { Refusal } from "../../kit/refusal.js";
import { badRequest, TwentyError } from "./errors.js";
import type { Field } from "./objects.js";
import type { Composite } from "./values.js";

/** What recent versions do with the values of a write before they store them. Recorded from Twenty 2.21. */

const NUL = "\u0000";
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
const READ_ONLY = new Set<string>(["TS_VECTOR"]);

/** @throws Refusal if the value is not of the type of the field */
export function assertStrict({ name, type }: Field, value: unknown): void {
  if (READ_ONLY.has(type)) throw badRequest(`${name} ${type}-typed field does not support write operations`);
  if (value === null || value === undefined) return;
  if (JSON.stringify(value).includes(JSON.stringify(NUL).slice(1, -1)))
    throw new TwentyError(500, "InternalServerErrorException", "Data validation error.");
  if ((type === "TEXT" || type === "SELECT") && typeof value !== "string")
    throw badRequest(`Invalid string value ${JSON.stringify(value)} for text field "${name}"`);
}

/** The written parts of a field with several, as the server stores them. @throws Refusal */
export function strictComposite({ name, type }: Field, written: Composite): Composite {
  if (type === "EMAILS") return emails(name, written);
  if (type === "PHONES") return phones(written);
  if (type === "LINKS") return links(written);
  if (type === "CURRENCY") return currency(written);
  return written;
}

/** The primary address is cleared if it is not written. */
function emails(name: string, { primaryEmail, additionalEmails }: Composite): Composite {
  const check = (part: string) => (address: unknown) => {
    if (typeof address === "string" && EMAIL.test(address)) return address.toLowerCase();
    throw badRequest(`Invalid string value '${String(address)}' for email field "${name}.${part}"`);
  };
  const others = listOf(additionalEmails).map(check("additionalEmails"));
  const primary = isText(primaryEmail) ? check("primaryEmail")(primaryEmail) : "";
  return { primaryEmail: primary, additionalEmails: others.length > 0 ? others : null };
}

interface Phone {
  number: string;
  callingCode: string;
  countryCode: string;
}

/** All numbers are replaced. */
function phones(written: Composite): Composite {
  const primary = phone({
    number: written["primaryPhoneNumber"],
    callingCode: written["primaryPhoneCallingCode"],
    countryCode: written["primaryPhoneCountryCode"],
  });
  const others = listOf(written["additionalPhones"]).map((one) => phone(one as Record<string, unknown>));
  return {
    primaryPhoneNumber: primary.number,
    primaryPhoneCallingCode: primary.callingCode,
    primaryPhoneCountryCode: primary.countryCode,
    additionalPhones: others.length > 0 ? others : null,
  };
}

/** Without its calling code, and without what is no digit: an extension is left out. */
function phone({ number, callingCode, countryCode }: Record<string, unknown>): Phone {
  const [code, country] = [callingCode, countryCode].map((part) => (isText(part) ? part : ""));
  if (!isText(number)) return { number: "", callingCode: code!, countryCode: country! };
  const defaults = {
    ...(code !== "" && { defaultCallingCode: code!.replaceAll("+", "") }),
    ...(country !== "" && { defaultCountry: country as CountryCode }),
  };
  const parsed = parsePhoneNumberFromString(number, defaults);
  if (!parsed) throw phoneRefusal(`Provided phone number is invalid ${number}`, "INVALID_PHONE_NUMBER");
  if (parsed.country && country !== "" && parsed.country !== country)
    throw phoneRefusal("Provided and inferred country code are conflicting", "CONFLICTING_PHONE_COUNTRY_CODE");
  return {
    number: parsed.nationalNumber,
    callingCode: code === "" ? `+${parsed.countryCallingCode}` : code!,
    countryCode: country === "" ? (parsed.country ?? "") : country!,
  };
}

const phoneRefusal = (message: string, code: string) => new TwentyError(400, "Error", message, code);

/** All links are replaced. The first one is the primary link. */
function links({ primaryLinkUrl, primaryLinkLabel, secondaryLinks }: Composite): Composite {
  const primary = { url: primaryLinkUrl, label: primaryLinkLabel };
  const given = [primary, ...(listOf(secondaryLinks) as (typeof primary)[])].filter(({ url }) => isText(url));
  const kept = given.map(({ url, label }) => ({ url: linkUrl(url as string), label: isText(label) ? label : "" }));
  const [first, ...others] = kept;
  return {
    primaryLinkUrl: first?.url ?? "",
    primaryLinkLabel: first?.label ?? "",
    secondaryLinks: others.length > 0 ? others : null,
  };
}

const HOST = /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/;

/** The host in small letters, without a slash at the end. An address of another scheme may pass, and is stored distorted. */
function linkUrl(text: string): string {
  const bare = text.trim();
  const absolute = URL.parse(/^https?:\/\//i.test(bare) ? bare : `https://${bare}`);
  if (!absolute || /^\d+(?:\/[a-zA-Z]*)?$/.test(bare) || !HOST.test(absolute.hostname))
    throw new TwentyError(400, "Error", "The URL of the link is not valid", "INVALID_URL");
  const url = URL.parse(text);
  return url ? `${url.origin}${url.pathname}${url.search}${url.hash}`.replace(/\/$/, "") : text;
}

function currency({ amountMicros, ...others }: Composite): Composite {
  if (amountMicros === undefined) return others;
  const amount = amountMicros === null || amountMicros === "" ? null : Number(amountMicros);
  if (Number.isNaN(amount)) throw new Refusal(500, {}, {}, "not a number");
  return { ...others, amountMicros: amount === null ? null : String(Math.trunc(amount)) };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

function listOf(value: unknown): unknown[] {
  const list: unknown = typeof value === "string" && value !== "" ? JSON.parse(value) : value;
  return Array.isArray(list) ? list : [];
}
