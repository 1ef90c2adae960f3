import { overColumns } from "../../contract/columns.js";
import type { FieldMap } from "../../contract/field-map.js";
import { readText } from "../../mapping/json-dialect.js";
import type { PhoneFields } from "../../mapping/phone-field.js";
import { customFieldRule } from "./definitions.js";
import { address, base, day, kit, ownerInput, recordFields, related, STAMP_ORDERS } from "./dialect.js";
import { byEmails, containsWords, equalsAny, hasPhone, sharedFilters, type Filter } from "./query.js";

const PHONES: PhoneFields = {
  Phone: "WORK",
  MobilePhone: "MOBILE",
  HomePhone: "HOME",
  OtherPhone: "OTHER",
  AssistantPhone: "OTHER",
  Fax: "FAX",
};

/** Contacts. Source: developer.salesforce.com, Object Reference, "Contact". */
export const contactMap: FieldMap<"contact", Filter> = {
  ...base,
  resource: "contact",
  nativeName: "Contact",
  fields: {
    firstName: kit.text("FirstName"),
    lastName: kit.text("LastName"),
    fullName: kit.firstText("Name"),
    title: kit.text("Title"),
    department: kit.text("Department"),
    emails: kit.singleEmail("Email"),
    phones: kit.phones(PHONES),
    addresses: kit.addresses([
      { type: "MAILING", ...address("Mailing") },
      { type: "OTHER", ...address("Other") },
    ]),
    company: {
      reads: (selects) => ["AccountId", ...(selects("name") ? ["Account.Name"] : [])],
      read(native) {
        const id = readText(native["AccountId"]);
        return id === null ? null : { id, name: readText(related(native, "Account")?.["Name"]) };
      },
      write: kit.companyInput(kit.input("AccountId")),
      note: "The contact's account, written by its id.",
    },
    leadSource: kit.text("LeadSource"),
    description: kit.text("Description"),
    doNotContact: {
      ...kit.checkbox("DoNotCall"),
      note: "The field DoNotCall. The opt-out of e-mail is a separate field.",
    },
    ...recordFields,
    lastActivityAt: day("LastActivityDate"),
  },
  inputs: { ownerId: ownerInput },
  required: ["lastName"],
  filters: {
    ...sharedFilters,
    name: overColumns(["Name"], containsWords),
    search: overColumns(["Name", "Email", "Phone", "MobilePhone", "Account.Name"], containsWords),
    email: overColumns(["Email"], equalsAny),
    phone: hasPhone(Object.keys(PHONES)),
  },
  byEmails,
  orders: { ...STAMP_ORDERS, NAME: "LastName" },
  custom: customFieldRule({
    ...Object.fromEntries(
      ["MailingStateCode", "MailingCountryCode", "OtherStateCode", "OtherCountryCode"].map((one) => [one, "addresses"]),
    ),
  }),
};
