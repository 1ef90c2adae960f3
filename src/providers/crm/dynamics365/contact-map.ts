import type { FieldMap } from "../../contract/field-map.js";
import { readText } from "../../mapping/json-dialect.js";
import {
  addresses,
  custom,
  kit,
  named,
  ownerInput,
  ownFields,
  personFields,
  PHONES,
  PROVIDER_NAME,
  reference,
  source,
  tableOf,
} from "./dialect.js";
import { personFilters, STAMP_ORDERS } from "./query.js";

/** `company` is a number to call, whatever its name says. */
const ALL_PHONES = [...PHONES, { native: "company", type: "OTHER", rawType: "company" } as const];

/** Contacts. Source: learn.microsoft.com, Dataverse table reference, "Contact". */
export const contactMap: FieldMap<"contact"> = {
  resource: "contact",
  providerName: PROVIDER_NAME,
  nativeName: "contact",
  identity: ["contactid"],
  fields: {
    ...personFields,
    fullName: { reads: ["fullname"], read: (native) => readText(native["fullname"]) ?? "" },
    department: kit.text("department"),
    phones: kit.phones(ALL_PHONES),
    addresses: addresses("address1", "address2", "address3"),
    company: {
      reads: ["_parentcustomerid_value"],
      read(native) {
        const parent = named(native, "_parentcustomerid_value");
        // The parent can be another person, who is no company.
        if (parent === null || tableOf(native, "_parentcustomerid_value") === "contact") return null;
        return { name: null, ...parent };
      },
      write: kit.companyInput(reference("parentcustomerid_account", "accounts")),
      note: "The account above the contact; written by its id.",
    },
    leadSource: source,
    websites: kit.singleWebsite("websiteurl"),
    doNotContact: {
      reads: ["donotemail", "donotphone"],
      read: (native) => native["donotemail"] === true && native["donotphone"] === true,
      write: {
        native: ["donotemail", "donotphone"],
        toNative: (value: boolean | null) => ({ donotemail: value ?? false, donotphone: value ?? false }),
      },
      note: "Neither e-mail nor calls are allowed.",
    },
    ...ownFields("contact", "contactid"),
  },
  inputs: { ownerId: ownerInput },
  required: [["lastName", "firstName", "emails"]],
  filters: personFilters(["jobtitle"], ALL_PHONES),
  orders: { ...STAMP_ORDERS, NAME: "fullname" },
  custom,
};
