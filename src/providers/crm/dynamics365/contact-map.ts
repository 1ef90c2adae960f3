import type { FieldMap } from "../../contract/field-map.js";
import {
  addresses,
  base,
  kit,
  named,
  ownerInput,
  personFields,
  PHONES,
  recordFields,
  reference,
  source,
  tableOf,
} from "./dialect.js";
import { byEmails, personFilters, STAMP_ORDERS } from "./query.js";

/** In spite of its name, `company` is a phone number. */
const ALL_PHONES = { ...PHONES, company: "OTHER" } as const;

/** Contacts. Source: learn.microsoft.com, Dataverse table reference, "Contact". */
export const contactMap: FieldMap<"contact"> = {
  ...base,
  resource: "contact",
  nativeName: "contact",
  identity: ["contactid"],
  fields: {
    ...personFields,
    fullName: kit.firstText("fullname"),
    department: kit.text("department"),
    phones: kit.phones(ALL_PHONES),
    addresses: addresses("address1", "address2", "address3"),
    company: {
      reads: ["_parentcustomerid_value"],
      read(native) {
        const parent = named(native, "_parentcustomerid_value");
        // The parent can also be a contact, which is not a company.
        if (parent === null || tableOf(native, "_parentcustomerid_value") === "contact") return null;
        return { name: null, ...parent };
      },
      write: kit.companyInput(reference("parentcustomerid_account", "accounts")),
      note: "The account above the contact, written by its id.",
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
    ...recordFields("contact", "contactid"),
  },
  inputs: { ownerId: ownerInput },
  required: [["lastName", "firstName", "emails"]],
  filters: personFilters(["jobtitle"], ALL_PHONES),
  byEmails,
  orders: { ...STAMP_ORDERS, NAME: "fullname" },
};
