import type { FieldMap, Filters } from "../../contract/field-map.js";
import { readText } from "../../mapping/json-dialect.js";
import { customFieldRule } from "./definitions.js";
import {
  checkbox,
  kit,
  lastActivityAt,
  owner,
  ownerInput,
  PROVIDER_NAME,
  related,
  STAMP_ORDERS,
  stamps,
  url,
} from "./dialect.js";
import { containsWords, equalsAny, sharedFilters, type Condition } from "./query.js";

const PHONES = ["Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone", "Fax"];

const filters: Filters<"contact", Condition> = {
  ...sharedFilters,
  name: (value) => containsWords(["Name"], value),
  search: (value) => containsWords(["Name", "Email", "Phone", "MobilePhone", "Account.Name"], value),
  email: (value) => equalsAny(["Email"], value),
  phone: (value) => equalsAny(PHONES, value),
};

function address(prefix: string) {
  return {
    street: `${prefix}Street`,
    multiline: true,
    city: `${prefix}City`,
    state: `${prefix}State`,
    postalCode: `${prefix}PostalCode`,
    country: `${prefix}Country`,
  };
}

/** Contacts. Source: developer.salesforce.com, Object Reference, "Contact". */
export const contactMap: FieldMap<"contact"> = {
  resource: "contact",
  providerName: PROVIDER_NAME,
  nativeName: "Contact",
  identity: ["Id"],
  fields: {
    firstName: kit.text("FirstName"),
    lastName: kit.text("LastName"),
    fullName: { reads: ["Name"], read: (native) => readText(native["Name"]) ?? "" },
    title: kit.text("Title"),
    department: kit.text("Department"),
    emails: kit.singleEmail("Email"),
    phones: kit.phones([
      { native: "Phone", type: "WORK" },
      { native: "MobilePhone", type: "MOBILE" },
      { native: "HomePhone", type: "HOME" },
      { native: "OtherPhone", type: "OTHER" },
      { native: "AssistantPhone", type: "OTHER", rawType: "AssistantPhone" },
      { native: "Fax", type: "FAX" },
    ]),
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
      note: "The contact's account; written by its id.",
    },
    leadSource: kit.text("LeadSource"),
    description: kit.text("Description"),
    doNotContact: { ...checkbox("DoNotCall"), note: "DoNotCall; the opt-out of e-mail is a field apart." },
    owner,
    ...stamps,
    lastActivityAt,
    url,
  },
  inputs: { ownerId: ownerInput },
  required: ["lastName"],
  filters,
  orders: { ...STAMP_ORDERS, NAME: "LastName" },
  custom: customFieldRule,
};
