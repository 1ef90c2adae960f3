import { emailsFrom } from "../../mapping/field-kit.js";
import { FieldProblem, type FieldMap, type Filters, type NativeRecord } from "../../contract/field-map.js";
import type { CompanyInput, EmailInput } from "../../contract/input.js";
import { anyOf, containsWords, likeText, timeFilters, type Condition } from "./query.js";
import { customFieldRule } from "./definitions.js";
import { items, kit, PROVIDER_NAME, readText, stampsOf, uuid } from "./dialect.js";
import { hasPhone, phones } from "./phones.js";
import { profiles } from "./profiles.js";

const NAMES = ["name.firstName", "name.lastName"] as const;

const filters: Filters<"contact", Condition> = {
  ...timeFilters,
  name: (value) => containsWords(NAMES, value),
  search: (value) => containsWords([...NAMES, "emails.primaryEmail", "jobTitle", "city"], value),
  email: hasEmail,
  phone: hasPhone,
};

/** People. Source: packages/twenty-server/src/modules/person of twentyhq/twenty; recorded from a server of May 2025. */
export const contactMap: FieldMap<"contact"> = {
  resource: "contact",
  providerName: PROVIDER_NAME,
  nativeName: "people",
  identity: ["id"],
  fields: {
    firstName: kit.text("name.firstName"),
    lastName: kit.text("name.lastName"),
    fullName: {
      ...kit.nameFromParts(...NAMES, ["emails.primaryEmail"]),
      note: "From first and last name; the e-mail address where there is neither.",
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
      note: "Twenty keeps addresses in small letters.",
    },
    phones,
    addresses: {
      ...kit.addresses([{ type: null, city: "city" }]),
      note: "A city is all that Twenty keeps of a person’s address.",
    },
    company: {
      ...kit.companyById("companyId", "$company"),
      write: { native: ["companyId"], toNative: writeCompany },
      note: "Written by the company’s id.",
    },
    websites: profiles,
    ...stampsOf("person"),
  },
  required: [["firstName", "lastName", "emails", "phones"]],
  filters,
  orders: { CREATED_AT: "createdAt", UPDATED_AT: "updatedAt" },
  custom: customFieldRule,
};

export function emailsOf(native: NativeRecord): string[] {
  const addresses = [native["emails.primaryEmail"], ...items(native["emails.additionalEmails"])];
  return addresses.map(readText).filter((address) => address !== null);
}

/** Any of the addresses; the additional ones are the text of a JSON array, in small letters and with escapes of its own. */
function hasEmail(address: string): Condition {
  const wanted = address.trim().toLowerCase();
  const inJson = wanted.replace(/[^\p{L}\p{N}@.+-]+/gu, "%");
  return {
    filter: anyOf([`emails.primaryEmail[ilike]:"${likeText(wanted)}"`, `emails.additionalEmails[like]:"%${inJson}%"`]),
    passes: (flat) => emailsOf(flat).some((one) => one.toLowerCase() === wanted),
  };
}

function writeCompany(company: CompanyInput | null): NativeRecord {
  if (company?.id) return { companyId: uuid(company.id, "id") };
  if (!company?.name) return { companyId: null };
  throw new FieldProblem("Twenty’s people belong to a company record; give its id.", "name");
}
