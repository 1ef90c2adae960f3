import { parsePhoneNumberFromString } from "libphonenumber-js";
import { FieldProblem, type FieldEntry, type NativeRecord } from "../../contract/field-map.js";
import type { PhoneInput } from "../../contract/input.js";
import type { PhoneNumber } from "../../contract/model.js";
import { anyOf, type Condition } from "./query.js";
import { items, PROVIDER_NAME, readText } from "./dialect.js";

/** One number; Twenty keeps the calling code (`+49`) apart from the rest. */
type NativePhone = Record<"number" | "callingCode" | "countryCode", string>;

export const phones: FieldEntry<PhoneNumber[]> = {
  reads: ["phones"],
  read: (native) =>
    numbersOf(native).map((number, index) => ({ number, type: null, rawType: null, isPrimary: index === 0 })),
  write: { native: ["phones"], toNative: writePhones },
  note: "Twenty keeps the calling code apart; numbers that begin with none are kept as they are.",
};

function numbersOf(native: NativeRecord): string[] {
  const first = { number: native["phones.primaryPhoneNumber"], callingCode: native["phones.primaryPhoneCallingCode"] };
  return [first, ...items<Partial<NativePhone>>(native["phones.additionalPhones"])].flatMap((phone) => {
    const [number, code] = [readText(phone.number), readText(phone.callingCode)];
    if (number === null || code === null || number.startsWith("+")) return number ?? [];
    return `+${code.replace(/^\+/, "")} ${number}`;
  });
}

function writePhones(value: PhoneInput[] | null): NativeRecord {
  const [first, ...additionalPhones] = (value ?? []).map(({ number, type }, index) => {
    if (type) throw new FieldProblem(`${PROVIDER_NAME} keeps no type for phone numbers.`, `${index}.type`);
    if (number.trim() === "") throw new FieldProblem("A phone number cannot be empty.", `${index}.number`);
    return split(number.trim());
  });
  const { number = "", callingCode = "", countryCode = "" } = first ?? {};
  const primary = { primaryPhoneNumber: number, primaryPhoneCallingCode: callingCode };
  return { phones: { ...primary, primaryPhoneCountryCode: countryCode, additionalPhones } };
}

/** Only what is surely a calling code is taken off the front; the rest stays as it was written. */
function split(text: string): NativePhone {
  const phone = parsePhoneNumberFromString(text);
  const front = phone && new RegExp(`^\\+${phone.countryCallingCode}[\\s.-]*`).exec(text)?.[0];
  if (!front || front.length === text.length) return { number: text, callingCode: "", countryCode: "" };
  const callingCode = `+${phone.countryCallingCode}`;
  return { number: text.slice(front.length), callingCode, countryCode: phone.country ?? "" };
}

const digitsOf = (text: string): string => text.replace(/\D/g, "");
/** So many digits from the end stand together, wherever the calling code ends. */
const LAST_DIGITS = 6;

/** The same digits, however they are grouped and split. */
export function hasPhone(text: string): Condition {
  const wanted = digitsOf(text);
  if (wanted === "") return { filter: "id[is]:NULL" };
  const pattern = `"%${[...wanted.slice(-LAST_DIGITS)].join("%")}%"`;
  return {
    filter: anyOf(["primaryPhoneNumber", "additionalPhones"].map((part) => `phones.${part}[like]:${pattern}`)),
    passes: (flat) => numbersOf(flat).some((number) => digitsOf(number) === wanted),
  };
}
