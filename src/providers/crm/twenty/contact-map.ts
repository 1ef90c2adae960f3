import { parsePhoneNumberFromString } from "libphonenumber-js";
import { isSamePhone } from "../../mapping/phone-notations.js";
import { overColumns } from "../../contract/columns.js";
import { FieldProblem, type FieldEntry, type FieldMap, type NativeRecord } from "../../contract/field-map.js";
import type { EmailInput, PhoneInput } from "../../contract/input.js";
import type { PhoneNumber } from "../../contract/model.js";
import { emailsFrom } from "../../mapping/field-kit.js";
import { customFieldRule } from "./definitions.js";
import { membersOf } from "../../kit/answer.js";
import { flat, items, kit, PROVIDER_NAME, readText, RECORDS_MAX, recordFields, webHost } from "./dialect.js";
import { anyOf, containsWords, likeText, sifted, timeFilters, type Condition, type Filter } from "./query.js";

/** Links of a person, each with the hosts that its URLs may have. */
const HOSTS: Readonly<Record<string, RegExp>> = {
  linkedinLink: /(^|\.)linkedin\.com$/,
  xLink: /(^|\.)(x|twitter)\.com$/,
};
const LINKS = Object.keys(HOSTS);

const profiles: FieldEntry<string[]> = {
  reads: LINKS,
  read: (native) => LINKS.flatMap((link) => linksOf(native, link).map(([url]) => url)),
  write: {
    native: LINKS,
    toNative: (urls: string[] | null) => writeProfiles(urls),
    // The labels of the profiles that stay.
    stored: {
      isNeeded: (urls: string[] | null) => urls !== null && urls.length > 0,
      toNative(urls: string[], current) {
        const labels = new Map(LINKS.flatMap((link) => linksOf(current, link)));
        const written = Object.entries(writeProfiles(urls, labels));
        return Object.fromEntries(written.filter(([link]) => `${link}.primaryLinkUrl` in current));
      },
    },
  },
  note: "The person’s profiles at LinkedIn and X.",
};

/** The URLs of a link with their labels. */
function linksOf(native: NativeRecord, link: string): (readonly [url: string, label: string])[] {
  const first = { url: native[`${link}.primaryLinkUrl`], label: native[`${link}.primaryLinkLabel`] };
  return [first, ...items(native, `${link}.secondaryLinks`).map(membersOf)].flatMap(({ url, label }) => {
    const address = readText(url);
    return address === null ? [] : [[address, readText(label) ?? ""] as const];
  });
}

function writeProfiles(value: string[] | null, labels: ReadonlyMap<string, string> = new Map()): NativeRecord {
  const sites = (value ?? []).map((url, index) => {
    const host = webHost(url) ?? "";
    const link = LINKS.find((name) => HOSTS[name]!.test(host));
    if (!link)
      throw new FieldProblem(
        "Expected the address of a LinkedIn or X profile. Twenty stores no other websites of a person.",
        String(index),
      );
    return { link, url };
  });
  const written = LINKS.map((name) => {
    const [first, ...others] = sites
      .filter(({ link }) => link === name)
      .map(({ url }) => ({ url, label: labels.get(url) ?? "" }));
    const primary = { primaryLinkUrl: first?.url ?? "", primaryLinkLabel: first?.label ?? "" };
    return [name, { ...primary, secondaryLinks: others }];
  });
  return Object.fromEntries(written) as NativeRecord;
}

/** A number without its calling code, which Twenty stores in its own field (`+49`). */
type NativePhone = Record<"number" | "callingCode" | "countryCode", string>;

const phones: FieldEntry<PhoneNumber[]> = {
  reads: ["phones"],
  read: (native) =>
    numbersOf(native).map((number, index) => ({ number, type: null, rawType: null, isPrimary: index === 0 })),
  write: { native: ["phones"], toNative: writePhones },
  note: "Twenty stores the calling code separately. Numbers without a calling code are stored unchanged.",
};

function numbersOf(native: NativeRecord): string[] {
  const first = { number: native["phones.primaryPhoneNumber"], callingCode: native["phones.primaryPhoneCallingCode"] };
  return [first, ...items(native, "phones.additionalPhones").map(membersOf)].flatMap((phone) => {
    const [number, code] = [readText(phone["number"]), readText(phone["callingCode"])];
    if (number === null || code === null || number.startsWith("+")) return number ?? [];
    return `+${code.replace(/^\+/, "")} ${number}`;
  });
}

function writePhones(value: PhoneInput[] | null): NativeRecord {
  const [first, ...additionalPhones] = (value ?? []).map(({ number, type }, index) => {
    if (type)
      throw new FieldProblem(`${PROVIDER_NAME} stores no type for phone numbers. Omit the type.`, `${index}.type`);
    if (number.trim() === "")
      throw new FieldProblem(
        "Expected a non-empty phone number, got an empty one. Fill it in or omit the entry.",
        `${index}.number`,
      );
    return split(number.trim());
  });
  const { number = "", callingCode = "", countryCode = "" } = first ?? {};
  const primary = { primaryPhoneNumber: number, primaryPhoneCallingCode: callingCode };
  return { phones: { ...primary, primaryPhoneCountryCode: countryCode, additionalPhones } };
}

/** Splits off the calling code if it is certain. The rest of the number stays as it was written. */
function split(text: string): NativePhone {
  const phone = parsePhoneNumberFromString(text);
  const front = phone && new RegExp(`^\\+${phone.countryCallingCode}[\\s.-]*`).exec(text)?.[0];
  if (!front || front.length === text.length) return { number: text, callingCode: "", countryCode: "" };
  const callingCode = `+${phone.countryCallingCode}`;
  return { number: text.slice(front.length), callingCode, countryCode: phone.country ?? "" };
}

const digitsOf = (text: string): string => text.replace(/\D/g, "");
/** Number of digits at the end of a number that are never in its calling code. */
const LAST_DIGITS = 6;

/** Matches numbers with the same digits, in any grouping. */
function hasPhone(text: string): Condition {
  const wanted = digitsOf(text);
  if (wanted === "") return "id[is]:NULL";
  const pattern = `"%${[...wanted.slice(-LAST_DIGITS)].join("%")}%"`;
  return sifted(
    anyOf(["primaryPhoneNumber", "additionalPhones"].map((part) => `phones.${part}[like]:${pattern}`)),
    (flat) => numbersOf(flat).some((number) => digitsOf(number) === wanted || isSamePhone(number, text)),
  );
}

/** The most characters that the addresses of one search take in a URL. */
const ADDRESSES_LENGTH_MAX = 3_000;

const NAMES = ["name.firstName", "name.lastName"] as const;

/** People. Source: packages/twenty-server/src/modules/person of twentyhq/twenty; recorded from a server of May 2025. */
export const contactMap: FieldMap<"contact", Filter> = {
  resource: "contact",
  providerName: PROVIDER_NAME,
  nativeName: "people",
  identity: ["id"],
  fields: {
    firstName: kit.text("name.firstName"),
    lastName: kit.text("name.lastName"),
    fullName: {
      ...kit.nameFromParts(...NAMES, ["emails.primaryEmail"]),
      note: "First and last name, or the e-mail address if both are absent.",
    },
    title: kit.text("jobTitle"),
    emails: {
      reads: ["emails"],
      read: (native) => emailsFrom(emailsOf(native)),
      write: {
        native: ["emails"],
        toNative(value: EmailInput[] | null) {
          const [primaryEmail = "", ...additionalEmails] = kit.plainAddresses(value);
          return { emails: { primaryEmail, additionalEmails } };
        },
      },
      note: "Twenty stores addresses in lower case.",
    },
    phones,
    addresses: {
      ...kit.addresses([{ type: null, city: "city" }]),
      note: "Twenty stores only the city of a person’s address.",
    },
    company: {
      ...kit.companyById("companyId", "$company"),
      write: kit.companyInput(kit.input<string>("companyId", (id) => id)),
      note: "Written by the company’s id.",
    },
    websites: profiles,
    ...recordFields("person"),
  },
  required: [["firstName", "lastName", "emails", "phones"]],
  filters: {
    ...timeFilters,
    name: (value) => containsWords(NAMES, value),
    search: overColumns([...NAMES, "emails.primaryEmail", "jobTitle", "city"], containsWords),
    email: hasEmail,
    phone: hasPhone,
  },
  byEmails: {
    batchSize: 12,
    pageSize: RECORDS_MAX,
    covers: ["emails.primaryEmail", "emails.additionalEmails"],
    source: "filter-parser-utils of twentyhq/twenty, and a server of May 2025; the URL limits the number",
    condition: (addresses) => anyOf(addresses.flatMap(inEmails)),
    addressesOf: (person) => emailsOf(flat(person)),
    fits: (addresses) => encodeURIComponent(anyOf(addresses.flatMap(inEmails))).length <= ADDRESSES_LENGTH_MAX,
    // A page of an order ends before its last millisecond, and all records of an import may have the same one.
    isUnordered: true,
  },
  orders: { CREATED_AT: "createdAt", UPDATED_AT: "updatedAt" },
  custom: customFieldRule,
};

/** The name of a person or of a member of the workspace. */
export const nameOf = (flat: NativeRecord) => contactMap.fields.fullName!.read(flat, { origin: "", customFields: [] });

export function emailsOf(native: NativeRecord): string[] {
  const addresses = [native["emails.primaryEmail"], ...items(native, "emails.additionalEmails")];
  return addresses.map(readText).filter((address) => address !== null);
}

/** Matches any address. */
function hasEmail(address: string): Condition {
  const wanted = address.trim().toLowerCase();
  return sifted(anyOf(inEmails(wanted)), (flat) => emailsOf(flat).some((one) => one.toLowerCase() === wanted));
}

/**
 * Alternatives that find people who may have the address, which is in small letters. The filter sees the additional
 * addresses as JSON text in small letters, with its escapes.
 */
function inEmails(address: string): string[] {
  const inJson = address.replace(/[^\p{L}\p{N}@.+-]+/gu, "%");
  return [`emails.primaryEmail[ilike]:"${likeText(address)}"`, `emails.additionalEmails[like]:"%${inJson}%"`];
}
